"""The ordinal factor model over seeded samples of skewed five-point answers: size of the test, coverage, bias.

The bands are three binomial standard errors of five hundred samples wide.
"""

from __future__ import annotations

import numpy as np
import pytest

from satmeter.numerics.cfa import fit_cfa
from satmeter.numerics.cfa_ordinal import fit_cfa_ordinal
from satmeter.numerics.cfa_ordinal_moments import ordinal_moments
from satmeter.numerics.validity_intervals import loading_interval

pytestmark = pytest.mark.slow

SAMPLES = 500
FACTORS = ((0, 1, 2), (3, 4, 5), (6, 7, 8))
LOADINGS = np.array([0.8, 0.7, 0.6, 0.75, 0.65, 0.7, 0.85, 0.6, 0.7])
CORRELATION = np.array([[1, 0.5, 0.4], [0.5, 1, 0.3], [0.4, 0.3, 1]])
ROOT = np.linalg.cholesky(CORRELATION)
CUTS = [-1.6, -1.0, -0.3, 0.6]
LOWER = np.tril_indices(3, -1)


def answers(rng, n):
    common = np.repeat(rng.standard_normal((n, 3)) @ ROOT.T, 3, axis=1)
    return np.digitize(common * LOADINGS + rng.standard_normal((n, 9)) * np.sqrt(1 - LOADINGS**2), CUTS)


def held(found):
    """Return whether the intervals of loadings and of factor correlations hold the truth."""
    low, high = loading_interval(found.loadings, found.loadings_se)
    gap, error = np.abs(found.factor_corr - CORRELATION)[LOWER], found.factor_corr_se[LOWER]
    return (low <= LOADINGS) & (high >= LOADINGS), gap <= 1.959964 * error


@pytest.mark.parametrize("n", [200, 300, 1000])
def test_a_true_model_is_rejected_as_often_as_stated_and_intervals_cover(n):
    rng = np.random.default_rng(n)
    rejected, within, between, loadings = [], [], [], []
    for _ in range(SAMPLES):
        fit = fit_cfa_ordinal(answers(rng, n), FACTORS)
        rejected.append(fit.indices.p_value < 0.05)
        loading, correlation = held(fit.estimates)
        within.append(loading)
        between.append(correlation)
        loadings.append(fit.estimates.loadings)
    print(n, np.mean(rejected), np.mean(within), np.mean(within, axis=0).round(3), np.mean(between))
    assert 0.03 <= np.mean(rejected) <= 0.08, np.mean(rejected)
    assert 0.935 <= np.mean(within) <= 0.965, np.mean(within)
    assert 0.91 <= np.mean(between) <= 0.965, np.mean(between)
    np.testing.assert_allclose(np.mean(loadings, axis=0), LOADINGS, atol=0.01)


def test_weights_that_go_with_nothing_widen_the_intervals_rightly():
    rng = np.random.default_rng(7)
    within, rejected = [], []
    for _ in range(SAMPLES):
        fit = fit_cfa_ordinal(answers(rng, 600), FACTORS, weights=rng.uniform(0.2, 3, 600))
        within.append(held(fit.estimates)[0])
        rejected.append(fit.indices.p_value < 0.05)
    print(np.mean(rejected), np.mean(within))
    assert 0.93 <= np.mean(within) <= 0.965, np.mean(within)
    assert 0.022 <= np.mean(rejected) <= 0.09, np.mean(rejected)


def test_maximum_likelihood_understates_loadings_of_skewed_answers_of_few_points():
    """The reason for the rule: with three points maximum likelihood is far off, with seven it is near."""
    rng = np.random.default_rng(11)
    common = np.repeat(rng.standard_normal((40_000, 3)) @ ROOT.T, 3, axis=1)
    latent = common * LOADINGS + rng.standard_normal((40_000, 9)) * np.sqrt(1 - LOADINGS**2)
    cuts = {2: [-0.3], 3: [-0.8, 0.4], 5: CUTS, 7: [-1.8, -1.2, -0.7, -0.1, 0.5, 1.1]}
    loss = {}
    for points, limits in cuts.items():
        codes = np.digitize(latent, limits)
        linear = fit_cfa(np.cov(codes.T), len(codes), FACTORS).estimates.std_loadings
        ordinal = fit_cfa_ordinal(codes, FACTORS).estimates.loadings
        loss[points] = float((linear / LOADINGS - 1).mean())
        assert abs(ordinal / LOADINGS - 1).mean() < 0.01, points
    print(loss)
    assert loss[2] < loss[3] < loss[5] < loss[7] < 0
    assert loss[3] < -0.08
    assert loss[5] < -0.04
    assert loss[7] > -0.04


def test_covariance_of_the_correlations_is_that_of_samples():
    rng = np.random.default_rng(9)
    drawn = [ordinal_moments(answers(rng, 500)) for _ in range(SAMPLES)]
    seen = 500 * np.cov(np.stack([one.corr for one in drawn]).T)
    said = np.mean([one.covariance for one in drawn], axis=0)
    ratio = np.median(np.diagonal(said) / np.diagonal(seen))
    apart = np.tril_indices(36, -1)
    print(ratio, np.corrcoef(said[apart], seen[apart])[0, 1])
    assert 0.93 < ratio < 1.07, ratio
    assert np.corrcoef(said[apart], seen[apart])[0, 1] > 0.93
