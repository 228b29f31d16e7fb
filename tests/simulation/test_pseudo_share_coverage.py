"""Coverage of the intervals of Shapley shares of McFadden's R², from replicates that go one step.

Seeded samples; the coverage of a right 95 % interval is off by three standard errors at most.
"""

from __future__ import annotations

import numpy as np
import pytest

from satmeter.numerics.importance import shapley
from satmeter.numerics.importance_interval import importance_interval
from satmeter.numerics.ordinal_subset_steps import null_loglik, stepped_loglik
from satmeter.numerics.ordinal_subsets import fit_subsets, pseudo_r2, subset_loglik

pytestmark = pytest.mark.slow

REPLICATES, POPULATION = 300, 200_000
GROUPS = ((0,), (1,), (2,))


def related(rng, n, logistic):
    """Three related drivers, the last without an effect; four categories, or the top two of them."""
    x = 0.6 * rng.normal(size=(n, 1)) + 0.8 * rng.normal(size=(n, 3))
    y = np.searchsorted([-1.5, 0.0, 1.2], x @ [0.8, 0.4, 0.0] + rng.logistic(size=n))
    return x, (y >= 2 if logistic else y).astype(float)


@pytest.mark.parametrize("logistic", [False, True])
@pytest.mark.parametrize(("n", "samples"), [(300, 400), (1000, 100)])
def test_shares_of_a_pseudo_r2(n, samples, logistic):
    rng = np.random.default_rng(1)
    truth = shapley(pseudo_r2(subset_loglik(*related(rng, POPULATION, logistic), GROUPS), 1))[0]
    inside = np.zeros((2, 3))
    for _ in range(samples):
        x, y = related(rng, n, logistic)
        weights = rng.multinomial(n - 1, np.full(n, 1 / n), REPLICATES) * n / (n - 1)
        fits = fit_subsets(x, y, GROUPS)
        found = shapley(pseudo_r2(stepped_loglik(fits, weights), 1, null=null_loglik(fits, weights)))
        for kind, (values, right) in enumerate(
            ((found, truth), (found / found.sum(axis=1, keepdims=True), truth / truth.sum()))
        ):
            low, high = importance_interval(values[0], values[1:], n - 4, 3, 0.95)
            inside[kind] += (low <= right) & (right <= high)
    assert np.abs(inside / samples - 0.95).max() <= 3 * np.sqrt(0.95 * 0.05 / samples)
