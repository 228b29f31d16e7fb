"""Eigenvalues, parallel analysis and MAP against R psych, simulated distributions and known truth."""

import numpy as np
import pytest

from satmeter.errors import NumericsError
from satmeter.numerics.factor_number import eigenvalues, minimum_average_partial, parallel_analysis


def clusters(n_factors, each, r):
    corr = np.kron(np.eye(n_factors), np.full((each, each), r)) + (1 - r) * np.eye(n_factors * each)
    return corr


@pytest.mark.parametrize("name", ["bfi", "school"])
def test_equal_to_psych(reference, name):
    values = reference("factors")["values"][name]
    corr = np.array(values["correlation"])
    np.testing.assert_allclose(eigenvalues(corr), values["eigenvalues"], rtol=1e-9)
    np.testing.assert_allclose(eigenvalues(corr, "factors"), values["eigenvalues_smc"], atol=1e-10)
    found = minimum_average_partial(corr)
    np.testing.assert_allclose(found.average[1:], values["map"][: len(corr) - 2], rtol=1e-8)
    off = ~np.eye(len(corr), dtype=bool)
    assert found.average[0] == pytest.approx((corr[off] ** 2).mean(), rel=1e-12)
    assert found.n_factors == int(np.argmin(values["map"][: len(corr) - 2])) + 1


def test_real_data_have_the_number_of_factors_that_is_known_of_them(reference):
    values = reference("factors")["values"]
    bfi, school = (np.array(values[name]["correlation"]) for name in ("bfi", "school"))
    assert parallel_analysis(bfi, 2436, rng=np.random.default_rng(1)).n_factors == 5
    assert parallel_analysis(school, 301, rng=np.random.default_rng(1)).n_factors == 3
    assert parallel_analysis(school, 301, rng=np.random.default_rng(1), kind="factors").n_factors == 3


@pytest.mark.parametrize("n_factors", [1, 2, 4])
def test_clusters_are_counted(n_factors):
    corr = clusters(n_factors, 4, 0.5)
    found = parallel_analysis(corr, 300, rng=np.random.default_rng(2))
    assert found.n_factors == n_factors == minimum_average_partial(corr).n_factors
    assert (found.draws, found.percentile, found.kind) == (200, 95.0, "components")
    np.testing.assert_allclose(found.observed, np.sort(np.linalg.eigvalsh(corr))[::-1], atol=1e-12)


def test_the_simulated_eigenvalues_are_those_of_normal_data():
    n, p = 40, 6
    rng = np.random.default_rng(3)
    data = rng.standard_normal((4000, n, p))
    data -= data.mean(axis=1, keepdims=True)
    cov = np.swapaxes(data, 1, 2) @ data
    sd = np.sqrt(np.diagonal(cov, axis1=1, axis2=2))
    direct = np.linalg.eigvalsh(cov / (sd[:, :, None] * sd[:, None, :]))[:, ::-1]
    found = parallel_analysis(np.eye(p), n, rng=np.random.default_rng(4), draws=4000)
    np.testing.assert_allclose(found.mean, direct.mean(axis=0), atol=0.012)
    np.testing.assert_allclose(found.reference, np.percentile(direct, 95, axis=0), atol=0.03)
    assert found.n_factors == 0
    assert found.mean.sum() == pytest.approx(p, rel=1e-12)


def test_the_same_seed_gives_the_same_reference_and_order_of_items_does_not_matter(reference):
    corr = np.array(reference("factors")["values"]["school"]["correlation"])
    first, second = (parallel_analysis(corr, 301, rng=np.random.default_rng(5)) for _ in range(2))
    np.testing.assert_array_equal(first.reference, second.reference)
    order = np.random.default_rng(6).permutation(9)
    turned = corr[np.ix_(order, order)]
    np.testing.assert_allclose(
        minimum_average_partial(turned).average, minimum_average_partial(corr).average, rtol=1e-10
    )
    np.testing.assert_allclose(
        parallel_analysis(turned, 301, rng=np.random.default_rng(5)).observed, first.observed, rtol=1e-10
    )


def test_what_cannot_be_had():
    corr = clusters(2, 3, 0.6)
    for n, options, code in [(6, {}, "N020"), (50, {"draws": 0}, "N010"), (50, {"percentile": 100.0}, "N010")]:
        with pytest.raises(NumericsError) as caught:
            parallel_analysis(corr, n, rng=np.random.default_rng(1), **options)
        assert caught.value.problems[0].code == code
    with pytest.raises(NumericsError) as caught:
        minimum_average_partial(np.stack([corr, corr]))
    assert caught.value.problems[0].code == "N010"
    holed = corr.copy()
    holed[0, 1] = holed[1, 0] = np.nan
    assert parallel_analysis(holed, 50, rng=np.random.default_rng(1)).n_factors == 0
    assert np.isnan(minimum_average_partial(holed).average).all()
    # three copies of two items: after two components nothing is left
    copies = np.kron([[1, 0.3], [0.3, 1]], np.ones((3, 3)))
    found = minimum_average_partial(copies)
    assert np.isfinite(found.average[:2]).all()
    assert np.isnan(found.average[2:]).all()
    assert np.isnan(eigenvalues(copies, "factors")).all()
