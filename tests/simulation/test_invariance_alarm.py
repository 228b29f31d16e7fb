"""How often the comparison of groups raises a false alarm, when five-point items measure alike in two groups."""

from __future__ import annotations

import numpy as np
import pytest

from satmeter.numerics.invariance import measurement_invariance

pytestmark = pytest.mark.slow

SAMPLES = 300
FACTORS = [(0, 1, 2, 3), (4, 5, 6, 7)]
CUTS = np.array([-1.5, -0.6, 0.3, 1.2])
LOADINGS = np.array([0.8, 0.7, 0.75, 0.65, 0.8, 0.7, 0.75, 0.65])


def answers(rng, n, mean):
    """Eight items of two correlated factors; groups differ in the factor means only."""
    root = np.linalg.cholesky(np.array([[1, 0.5], [0.5, 1]]))
    factors = rng.standard_normal((n, 2)) @ root.T + mean
    latent = np.repeat(factors, 4, axis=1) * LOADINGS + rng.standard_normal((n, 8)) * np.sqrt(1 - LOADINGS**2)
    return 1.0 + np.digitize(latent, CUTS)


def rates(n, mean, seed):
    """Shares of samples in which the chi-square differences reject at 5 %, and of the verdict that means compare."""
    rng = np.random.default_rng(seed)
    rejected, verdicts = np.zeros((SAMPLES, 2)), []
    for sample in range(SAMPLES):
        groups = [answers(rng, n, 0.0), answers(rng, n, mean)]
        cov, means = [np.cov(group.T) for group in groups], [group.mean(axis=0) for group in groups]
        found = measurement_invariance(cov, means, [n, n], FACTORS)
        rejected[sample] = [found.steps[level].p_change < 0.05 for level in (1, 2)]
        verdicts.append(found.verdict)
    metric, scalar = rejected.mean(axis=0)
    return metric, scalar, verdicts.count("scalar_holds") / SAMPLES


@pytest.mark.parametrize(("n", "most_rejected", "least_held"), [(150, 0.09, 0.85), (500, 0.09, 0.96)])
def test_equal_groups_are_rarely_told_apart(n, most_rejected, least_held):
    metric, scalar, held = rates(n, 0.0, seed=n)
    assert 0.02 <= metric <= most_rejected, metric
    assert 0.02 <= scalar <= most_rejected, scalar
    assert held >= least_held, held
