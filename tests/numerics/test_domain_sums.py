import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from satmeter.numerics.design import design_units
from satmeter.numerics.domain_sums import domain_sums, linearised
from satmeter.numerics.linearisation import mean_with_se

FIGURES = ("estimate", "std_error", "df", "n", "n_eff", "deff")


def sample(seed, n=120, holes=0.2, p=3):
    rng = np.random.default_rng(seed)
    unit = np.concatenate([np.arange(12), rng.integers(0, 12, n - 12)])
    values = np.round(rng.normal(3, 1, (n, p)) + unit[:, None] / 10, 2)
    values[rng.random((n, p)) < holes] = np.nan
    return values, rng.uniform(0.2, 3, n), unit // 4, unit, rng.integers(0, 4, n)


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.sampled_from([0.0, 0.2, 0.9]), st.sampled_from([40, 2000]))
def test_domains_are_those_of_taylor_linearisation(seed, holes, n):
    values, weights, strata, unit, domain = sample(seed, n, holes)
    units = design_units(n, strata, unit)
    sums = [domain_sums(values, weights, units.unit, np.flatnonzero(domain == k)) for k in range(5)]
    found = linearised(sums, units)
    for k in range(5):
        inside = np.where((domain == k)[:, None], values, np.nan)
        expected = mean_with_se(inside, weights, strata, unit)
        for name in FIGURES:
            expected_figure = getattr(expected, name)
            np.testing.assert_allclose(getattr(found, name)[k], expected_figure, rtol=1e-11, atol=1e-13, err_msg=name)


@pytest.mark.parametrize("holes", [0.0, 0.3])
@pytest.mark.parametrize("n", [60, 3000])
def test_replicates_are_means_under_the_units_factors(holes, n):
    values, weights, _, unit, domain = sample(5, n, holes)
    rows = np.flatnonzero(domain == 2)
    factors = np.random.default_rng(1).integers(0, 3, (7, 12)).astype(float)
    sums = domain_sums(values, weights, unit, rows)
    found = sums.replicate_means(factors[:, sums.unit])
    for b, factor in enumerate(factors):
        w = (weights * factor[unit])[rows, None] * ~np.isnan(values[rows])
        np.testing.assert_allclose(found[b], (w * np.nan_to_num(values[rows])).sum(axis=0) / w.sum(axis=0), rtol=1e-13)


def test_a_replicate_without_answers_has_no_mean():
    sums = domain_sums([[1.0], [2.0]], np.ones(2), [0, 1], [0, 1])
    assert sums.replicate_means(np.array([[0.0, 0.0], [1.0, 0.0]]))[:, 0].tolist() == pytest.approx(
        [np.nan, 1], nan_ok=True
    )


def test_a_domain_of_nobody():
    values, weights, strata, unit, _ = sample(1)
    units = design_units(len(values), strata, unit)
    empty, full = (domain_sums(values, weights, units.unit, rows) for rows in ([], np.arange(len(values))))
    assert not empty.varies
    assert np.isnan(linearised([empty], units).std_error).all()
    found = linearised([empty, full, empty], units)
    assert found.n.tolist() == [[0, 0, 0], (~np.isnan(values)).sum(axis=0).tolist(), [0, 0, 0]]
    np.testing.assert_allclose(found.std_error[1], mean_with_se(values, weights, strata, unit).std_error, rtol=1e-12)


@pytest.mark.parametrize(
    ("value", "varies"), [([4.0, 4.0, 4.0], False), ([4.0, 4.0, 5.0], True), ([1e-11, 0, 0], False)]
)
def test_what_does_not_surely_vary_has_to_be_looked_at(value, varies):
    assert domain_sums(np.array(value)[:, None], [0.3, 0.7, 1.1], [0, 0, 1], [0, 1, 2]).varies is varies
