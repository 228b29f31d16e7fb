"""Weights for non-response: how much of the bias they take off, and whether 95 % intervals hold the truth.

Four hundred samples leave a binomial standard error of 0.011: an interval that is right lies within 0.917 and 0.983.
The factors stand fixed in the linearised error, as they do in replicates.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from satmeter.numerics.intervals import t_interval
from satmeter.numerics.linearisation import mean_with_se
from satmeter.study.nonresponse import adjust_nonresponse
from satmeter.study.sampling_plan import Nonresponse

pytestmark = pytest.mark.slow

SAMPLES = 400
CASES = 800
TRUTH = 60.0
RIGHT = (0.917, 0.983)


def drawn(rng):
    """A simple random sample whose readiness to respond, and whose score, go with age and region."""
    age, region = rng.normal(size=CASES), rng.integers(0, 3, CASES)
    ready = special.expit(0.6 * age + 0.7 * (region - 1))
    responded = rng.random(CASES) < ready
    score = TRUTH + 6 * age + 4 * (region - 1) + 10 * rng.normal(size=CASES)
    return age, region, responded, score


def interval(score, weights):
    found = mean_with_se(score[:, None], weights, None, None)
    low, high = t_interval(found.estimate[0], found.std_error[0], found.df[0], 0.95)
    return found.estimate[0], low, high


def test_the_bias_goes_and_intervals_hold_the_truth():
    rng = np.random.default_rng(20261122)
    wish = Nonresponse(("age", "region"), 10)
    estimates, held = np.empty((SAMPLES, 2)), np.zeros(2)
    for k in range(SAMPLES):
        age, region, responded, score = drawn(rng)
        columns = {"age": [f"{a:.6f}" for a in age], "region": [str(r) for r in region]}
        adjusted = adjust_nonresponse(wish, ["I"] * CASES, columns, None, None, responded)
        for j, weights in enumerate((np.ones(CASES), adjusted.factors)):
            estimate, low, high = interval(score[responded], weights[responded])
            estimates[k, j] = estimate
            held[j] += low <= TRUTH <= high
    before, after = estimates.mean(axis=0) - TRUTH
    assert before > 2
    assert abs(after) < 0.06 * before
    coverage = held / SAMPLES
    assert coverage[0] < 0.2
    assert RIGHT[0] <= coverage[1] <= RIGHT[1]
