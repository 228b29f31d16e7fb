"""Factor models over seeded samples from known populations: size of the tests, coverage, false alarms, power.

The bands are three binomial standard errors wide: 0.007 of a thousand samples, 0.015 of two hundred.
"""

from __future__ import annotations

import numpy as np
import pytest

from satmeter.numerics.cfa import fit_cfa
from satmeter.numerics.cfa_robust import fit_cfa_robust
from satmeter.numerics.invariance import measurement_invariance

pytestmark = pytest.mark.slow

SAMPLES = 1000
FACTORS = ((0, 1, 2), (3, 4, 5), (6, 7, 8))
LOADINGS = np.array([0.8, 0.7, 0.6, 0.75, 0.65, 0.7, 0.85, 0.6, 0.7])
CORRELATION = np.array([[1, 0.5, 0.4], [0.5, 1, 0.3], [0.4, 0.3, 1]])
ROOT = np.linalg.cholesky(CORRELATION)


def answers(rng, n, *, means=(0.0, 0.0, 0.0)):
    common = rng.standard_normal((n, 3)) @ ROOT.T + means
    unique = rng.standard_normal((n, 9)) * np.sqrt(1 - LOADINGS**2)
    return np.repeat(common, 3, axis=1) * LOADINGS + unique


def heavy_tailed(rng, n):
    """Multivariate t, 8 degrees of freedom (independent heavy-tailed sources would leave the test valid)."""
    scale = np.sqrt(8 / rng.chisquare(8, n)) * np.sqrt(6 / 8)
    return answers(rng, n) * scale[:, None]


def test_chi_square_rejects_a_true_model_as_often_as_it_says_and_intervals_cover():
    rng = np.random.default_rng(20261121)
    rejected, held, factor_held = [], [], []
    lower = np.tril_indices(3, -1)
    for _ in range(SAMPLES):
        fit = fit_cfa(np.cov(answers(rng, 300).T), 300, FACTORS)
        found = fit.estimates
        rejected.append(fit.indices.p_value < 0.05)
        held.append(np.abs(found.std_loadings - LOADINGS) <= 1.96 * found.std_loadings_se)
        gap = np.abs(found.factor_corr - CORRELATION)[lower]
        factor_held.append(gap <= 1.96 * found.factor_corr_se[lower])
    assert 0.03 <= np.mean(rejected) <= 0.075, np.mean(rejected)
    for share in (np.mean(held, axis=0), np.mean(factor_held, axis=0)):
        assert (share >= 0.93).all(), share
        assert (share <= 0.97).all(), share


@pytest.mark.parametrize(("correction", "most"), [("satorra_bentler", 0.09), ("yuan_bentler", 0.14)])
def test_heavy_tails_need_the_correction(correction, most):
    """With 500 respondents the observed-information form still rejects too often: the reason for the default."""
    rng = np.random.default_rng(20261122)
    plain, corrected, held, held_plain = [], [], [], []
    for _ in range(400):
        fit = fit_cfa_robust(heavy_tailed(rng, 500), FACTORS, correction=correction)
        plain.append(fit.normal.indices.p_value < 0.05)
        corrected.append(fit.scaled.p_value < 0.05)
        gap = np.abs(fit.estimates.std_loadings - LOADINGS)
        held.append(gap <= 1.96 * fit.estimates.std_loadings_se)
        held_plain.append(gap <= 1.96 * fit.normal.estimates.std_loadings_se)
    assert np.mean(plain) > 0.15, np.mean(plain)
    assert 0.02 <= np.mean(corrected) <= most, np.mean(corrected)
    assert np.mean(held_plain) < 0.9, np.mean(held_plain)
    assert 0.92 < np.mean(held) < 0.97, np.mean(held)


def sequence(rng, n, shift):
    groups = [answers(rng, n), answers(rng, n, means=(0.3, 0.0, -0.4))]
    groups[1][:, 4] += shift
    cov, means = np.stack([np.cov(x.T) for x in groups]), np.stack([x.mean(axis=0) for x in groups])
    return measurement_invariance(cov, means, [n, n], FACTORS)


def test_false_alarms_of_metric_and_scalar_invariance():
    """Groups differ in their means and in nothing else."""
    rng = np.random.default_rng(20261123)
    found = [sequence(rng, 300, 0.0) for _ in range(200)]
    metric, scalar, strict = (np.mean([one.steps[k].p_change < 0.05 for one in found]) for k in (1, 2, 3))
    for share in (metric, scalar, strict):
        assert 0.005 <= share <= 0.096, (metric, scalar, strict)
    verdicts = [one.verdict for one in found]
    assert verdicts.count("scalar_holds") / len(found) >= 0.95, {v: verdicts.count(v) for v in verdicts}


def test_a_shifted_item_is_found_and_named():
    rng = np.random.default_rng(20261124)
    found = [sequence(rng, 300, 0.6) for _ in range(50)]
    named = [one.verdict == "partial" and one.released == (("intercept", 4),) for one in found]
    assert np.mean(named) >= 0.9, np.mean(named)
