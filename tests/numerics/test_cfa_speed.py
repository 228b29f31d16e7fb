"""Processor time of a factor model and of an invariance sequence, best of five."""

from __future__ import annotations

import time

import numpy as np
import pytest

from satmeter.numerics.cfa import fit_cfa
from satmeter.numerics.invariance import measurement_invariance
from satmeter.numerics.modification import modification_indices

pytestmark = pytest.mark.speed

FACTORS = [tuple(range(6 * k, 6 * k + 6)) for k in range(4)]


@pytest.fixture(scope="module")
def groups():
    rng = np.random.default_rng(5)
    common = rng.standard_normal((2, 400, 4)) + 0.5 * rng.standard_normal((2, 400, 1))
    return np.repeat(common, 6, axis=2) + rng.standard_normal((2, 400, 24))


def best(work):
    def once():
        begin = time.process_time()
        work()
        return time.process_time() - begin

    return min(once() for _ in range(5))


def test_a_model_of_24_items_and_4_factors(groups):
    cov = np.cov(groups[0].T)
    assert best(lambda: fit_cfa(cov, 400, FACTORS)) < 0.1
    fit = fit_cfa(cov, 400, FACTORS)
    assert best(lambda: modification_indices(fit.solution)) < 0.1


def test_a_sequence_of_two_groups(groups):
    cov, means = np.stack([np.cov(x.T) for x in groups]), groups.mean(axis=1)
    assert best(lambda: measurement_invariance(cov, means, [400, 400], FACTORS)) < 1.0
