"""The adjustment of units and its test, against least squares written out; what cannot be is refused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import hadamard

from satmeter.errors import NumericsError
from satmeter.numerics.case_mix import adjust_units, unit_moments
from satmeter.numerics.replicate_weights import replicate_set
from satmeter.numerics.unit_interactions import unit_interactions


def people(seed, n=60, units=3, k=2):
    rng = np.random.default_rng(seed)
    unit = np.r_[np.arange(units), np.arange(units), rng.integers(0, units, n - 2 * units)]
    x = rng.normal(size=(n, k)) + unit[:, None]
    return unit, x, 50 + x @ np.arange(1, k + 1) + 3 * unit + rng.normal(size=n) * 4, rng.uniform(0.5, 2, n)


def moments(unit, x, y, weights):
    z = np.column_stack([np.ones(len(y)), y, x])
    made = []
    for u in range(unit.max() + 1):
        here = unit == u
        made.append(unit_moments((z[here].T @ (z[here] * weights[here, None]))[None], (0,) * x.shape[1]))
    return made


@settings(max_examples=20)
@given(st.integers(0, 10_000))
def test_adjusted_scores_are_those_of_least_squares_at_the_mean_of_all(seed):
    unit, x, y, w = people(seed)
    found = adjust_units(moments(unit, x, y, w))
    design = np.column_stack([unit == u for u in range(3)] + [x]).astype(float)
    root = np.sqrt(w)[:, None]
    b = np.linalg.lstsq(design * root, y * root[:, 0], rcond=None)[0]
    np.testing.assert_allclose(found.b[0], b[3:], rtol=1e-8)
    np.testing.assert_allclose(found.adjusted[0], b[:3] + np.average(x, axis=0, weights=w) @ b[3:], rtol=1e-9)
    totals = [w[unit == u].sum() for u in range(3)]
    assert np.average(found.adjusted[0], weights=totals) == pytest.approx(np.average(y, weights=w), rel=1e-12)


@settings(max_examples=20)
@given(st.integers(0, 10_000), st.floats(-3, 3), st.floats(0.2, 5))
def test_units_of_measurement_of_an_adjuster_change_no_score(seed, origin, scale):
    unit, x, y, w = people(seed)
    plain, moved = (adjust_units(moments(unit, z, y, w)) for z in (x, origin + scale * x))
    np.testing.assert_allclose(moved.adjusted, plain.adjusted, rtol=1e-9)
    np.testing.assert_allclose(moved.b * scale, plain.b, rtol=1e-7)


def test_adjusters_that_say_nothing_new_are_left_out():
    unit, x, y, w = people(1)
    more = np.column_stack([x, x[:, 0] - 2 * x[:, 1], unit == 1, np.full(len(y), 7.0)]).astype(float)
    found = adjust_units(moments(unit, more, y, w))
    assert found.kept == (0, 1)
    assert np.isnan(found.b[0, 2:]).all()
    np.testing.assert_allclose(found.adjusted, adjust_units(moments(unit, x, y, w)).adjusted, rtol=1e-9)


def test_a_score_that_does_not_vary_within_units_is_not_moved():
    unit, x, _, w = people(1)
    found = adjust_units(moments(unit, x, unit * 10.0 + 40, w))
    np.testing.assert_allclose(found.adjusted, found.raw)
    assert (found.b == 0).all()


def test_one_unit_and_wrong_shapes_are_refused():
    unit, x, y, w = people(1)
    with pytest.raises(NumericsError) as error:
        adjust_units(moments(unit, x, y, w)[:1])
    assert error.value.problems[0].code == "N010"
    with pytest.raises(NumericsError) as error:
        unit_moments(np.eye(3)[None], (0, 0))
    assert error.value.problems[0].code == "N010"


def test_the_test_of_interaction_is_the_same_for_any_coding_of_the_adjuster():
    unit, x, y, w = people(3, n=200)
    plain = unit_interactions(x, y, unit, (0, 1), weights=w)
    turned = unit_interactions(x @ [[1.0, 2.0], [0.5, -1.0]] + 5, y, unit, (0, 1), weights=w)
    assert (plain.df1, plain.df2) == (4, 196)
    assert turned.f == pytest.approx(plain.f, rel=1e-8)


def test_rows_of_weight_0_belong_to_the_design_alone():
    unit, x, y, w = people(3, n=200)
    out = np.arange(200) % 10 == 0
    held = unit_interactions(x, np.where(out, 1e6, y), unit, (0,), weights=np.where(out, 0, w))
    fewer = unit_interactions(x[~out], y[~out], unit[~out], (0,), weights=w[~out])
    assert (held.df2, fewer.df2) == (198, 178)
    assert held.p_value == pytest.approx(fewer.p_value, rel=0.02)


def test_parts_of_the_units_give_what_all_at_once_give(monkeypatch):
    unit, x, y, w = people(3, n=300)
    cluster, strata = np.arange(300) // 3, np.arange(300) // 150
    whole = unit_interactions(x, y, unit, (0,), weights=w, strata=strata, cluster=cluster)
    monkeypatch.setattr("satmeter.numerics.unit_interactions._CHUNK_NUMBERS", 1)
    assert unit_interactions(x, y, unit, (0,), weights=w, strata=strata, cluster=cluster).f == pytest.approx(whole.f)


def clustered(strata=24):
    """Three units, two adjusters, two clusters of ten in every stratum."""
    unit, x, y, w = people(9, n=strata * 20, units=3)
    stratum = np.repeat(np.arange(strata), 20)
    return unit, x, y, w, stratum, np.arange(strata * 20) // 10


def test_a_jackknife_of_clusters_gives_the_linearised_test():
    unit, x, y, w, stratum, cluster = clustered()
    whole = unit_interactions(x, y, unit, (0,), weights=w, strata=stratum, cluster=cluster)
    left_out = np.arange(cluster.max() + 1)[:, None]
    same = (stratum == np.arange(stratum.max() + 1)[:, None])[left_out.ravel() // 2]
    table = np.where(cluster == left_out, 0.0, np.where(same, 2.0, 1.0)) * w
    held = replicate_set(w, table, "other", rscales=np.full(len(table), 0.5))
    found = unit_interactions(x, y, unit, (0,), weights=w, replicates=held)
    assert (found.f, found.df1) == (pytest.approx(whole.f, rel=1e-9), whole.df1)
    assert found.df2 == whole.df2


def test_balanced_half_samples_give_the_linearised_test():
    """Two clusters a stratum and full orthogonal balance: V is that of the pairs' differences."""
    unit, x, y, w, stratum, cluster = clustered(23)
    signs = hadamard(32)[:, 1:24]
    table = np.where(signs[:, stratum] * np.where(cluster % 2 == 0, 1, -1) > 0, 2.0, 0.0) * w
    whole = unit_interactions(x, y, unit, (0, 1), weights=w, strata=stratum, cluster=cluster)
    found = unit_interactions(x, y, unit, (0, 1), weights=w, replicates=replicate_set(w, table, "brr"))
    assert (found.f, found.df1, found.df2) == (pytest.approx(whole.f, rel=1e-9), whole.df1, whole.df2)
    assert found.p_value == pytest.approx(whole.p_value, rel=1e-9)


def test_too_few_sampling_units_or_nothing_to_tell_is_no_test():
    unit, x, y, _ = people(3, n=200)
    few = unit_interactions(x, y, unit, (0, 1), cluster=np.arange(200) % 4)
    assert (few.df1, few.df2) == (4, 0)
    assert np.isnan(few.p_value)
    only_there = np.where(unit == 0, x[:, 0], 0.0)
    none = unit_interactions(np.column_stack([only_there, x[:, 1]]), y, unit, (0,))
    assert none.df1 == 0
    assert np.isnan(none.f)


@pytest.mark.parametrize(("change", "code"), [("missing", "N009"), ("shape", "N010")])
def test_wrong_arguments_of_the_test_are_refused(change, code):
    unit, x, y, _ = people(3)
    y = y[:-1] if change == "shape" else np.where(np.arange(len(y)) == 3, np.nan, y)
    with pytest.raises(NumericsError) as error:
        unit_interactions(x, y, unit, (0,))
    assert error.value.problems[0].code == code
