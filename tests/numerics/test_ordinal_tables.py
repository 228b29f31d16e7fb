"""Many small proportional-odds models at once: the same as one after the other, and where there are no estimates."""

import numpy as np
import pytest

from satmeter.numerics.ordinal_regression import fit_ordinal
from satmeter.numerics.ordinal_tables import fit_tables


def tables(seed, b=4, m=9, k=2, categories=4):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(b, m, k)) * 3 + 10, rng.integers(1, 8, size=(b, m, categories)).astype(float)


@pytest.mark.parametrize("categories", [2, 3, 5])
def test_the_same_as_fitting_respondents_one_after_the_other(categories):
    x, counts = tables(1, categories=categories)
    found = fit_tables(x, counts)
    for j in range(len(x)):
        rows = np.repeat(np.repeat(x[j], categories, axis=0), counts[j].ravel().astype(int), axis=0)
        y = np.repeat(np.tile(np.arange(categories), len(x[j])), counts[j].ravel().astype(int))
        one = fit_ordinal(rows, y)
        np.testing.assert_allclose(found.parameters[j], one.parameters, rtol=1e-8, atol=1e-10)
        np.testing.assert_allclose(found.covariance[j], one.covariance, rtol=1e-7, atol=1e-10)
        assert found.loglik[j] == pytest.approx(one.loglik, rel=1e-11)
        assert found.loglik_null[j] == pytest.approx(one.loglik_null, rel=1e-11)
        pattern = np.repeat(np.arange(len(x[j])), counts[j].sum(axis=1).astype(int))
        np.testing.assert_allclose(found.scores[j, pattern, y], one.scores, rtol=1e-7, atol=1e-9)
    assert found.found.all()


def test_patterns_without_weight_fill_up():
    x, counts = tables(2)
    filled = (
        np.concatenate([x, np.full((4, 3, 2), 77.0)], axis=1),
        np.concatenate([counts, np.zeros((4, 3, 4))], axis=1),
    )
    one, other = fit_tables(x, counts), fit_tables(*filled)
    np.testing.assert_allclose(other.parameters, one.parameters, rtol=1e-9)
    np.testing.assert_allclose(other.loglik, one.loglik, rtol=1e-12)


def test_scores_add_up_to_zero_and_the_scale_of_the_counts_does_not_matter():
    x, counts = tables(3)
    found = fit_tables(x, counts)
    np.testing.assert_allclose(np.einsum("bmj,bmjp->bp", counts, found.scores), 0, atol=1e-6)
    np.testing.assert_allclose(fit_tables(x, 0.01 * counts).parameters, found.parameters, rtol=1e-9)


def test_constant_collinear_and_separating_predictors_have_no_estimates():
    x, counts = tables(4)
    x[0, :, 1] = 3.0
    x[1, :, 1] = 2 * x[1, :, 0]
    separated = np.zeros((9, 4))
    separated[np.arange(9), np.arange(9) // 3] = 5
    separated[8] = [0, 0, 0, 5]
    x[2, :, 0], counts[2] = np.arange(9), separated
    found = fit_tables(x, counts)
    assert found.found.tolist() == [False, False, False, True]
    assert np.isnan(found.parameters[:3]).all()
    assert np.isnan(found.loglik[:3]).all()
    assert np.isfinite(found.parameters[3]).all()
    assert np.isfinite(found.loglik_null).all()
