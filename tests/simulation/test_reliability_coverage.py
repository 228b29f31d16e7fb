"""Coverage of the 95 % intervals of lambda 2, split half, composite reliability and ordinal alpha.

A thousand samples of five-point answers of one factor; the truth is that of a million respondents, for ordinal alpha
that of the normal variables themselves. Bands as in test_coverage.py.
"""

from __future__ import annotations

import numpy as np
import pytest

from satmeter.measurement.ordinal import ordinal_stack
from satmeter.moments import Resampling, moment_stack
from satmeter.numerics.arguments import correlation_from
from satmeter.numerics.composite import composite_reliability
from satmeter.numerics.factor_likelihood import one_factor_likelihood
from satmeter.numerics.intervals import reliability_interval
from satmeter.numerics.lambdas import lambda2
from satmeter.numerics.reliability import alpha
from satmeter.numerics.resampling import rao_wu_draws, rao_wu_scale
from satmeter.numerics.split_half import lambda4, split_half

pytestmark = pytest.mark.slow

SAMPLES = 1000
REPLICATES = 200
RIGHT = (0.92, 0.971)  # a standard error from 200 replicates wavers by 5 %
LOADINGS = np.array([0.8, 0.7, 0.65, 0.55, 0.75])


def answers(rng, n):
    latent = rng.normal(size=(n, 1)) * LOADINGS + rng.normal(size=(n, 5)) * np.sqrt(1 - LOADINGS**2)
    return 1.0 + np.searchsorted([-1.8, -1.0, -0.2, 0.8], latent)


def rho_c(cov):
    return composite_reliability(one_factor_likelihood(correlation_from(cov)).loadings)


FUNCTIONS = {"lambda2": lambda2, "split_half": split_half, "rho_c": rho_c, "lambda4": lambda4}


@pytest.mark.parametrize("n", [100, 300])
def test_coverage(n):
    population = np.cov(answers(np.random.default_rng(99), 1_000_000).T)
    truth = {name: float(function(population)) for name, function in FUNCTIONS.items()}
    truth["alpha_ordinal"] = float(alpha(np.outer(LOADINGS, LOADINGS) + np.diag(1 - LOADINGS**2)))
    rng = np.random.default_rng(n)
    held = dict.fromkeys(truth, 0)
    design = np.zeros(n, dtype=np.int64)
    for _ in range(SAMPLES):
        rows = answers(rng, n)
        resampling = Resampling(
            np.ones(n), np.arange(n), rao_wu_draws(design, REPLICATES, rng), rao_wu_scale(design), n - 1
        )
        cov = moment_stack(resampling, rows).covariance
        stacks = {name: function(cov) for name, function in FUNCTIONS.items()}
        ordinal = ordinal_stack(resampling, rows, np.ones(n, dtype=bool), construct="c", items=list("abcde"))
        if ordinal.corr is not None:
            stacks["alpha_ordinal"] = alpha(ordinal.corr)
        for name, values in stacks.items():
            low, high = reliability_interval(values[0], values[1:], n - 1)
            held[name] += bool(low <= truth[name] <= high)
    found = {name: count / SAMPLES for name, count in held.items()}
    for name in ("lambda2", "split_half", "rho_c", "alpha_ordinal"):
        assert RIGHT[0] <= found[name] <= RIGHT[1], found
    # the best of ten splits makes the most of chance: its interval lies too high in small samples
    assert found["lambda4"] > 0.85, found
