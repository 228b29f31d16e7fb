"""Coverage of the 95 % intervals of alpha, omega, the error of measurement, differences, ICC, retest, and under EM.

Samples of five-point answers of n respondents; the truth is that of a million respondents. Bands as test_coverage.py.
"""

from __future__ import annotations

import numpy as np
import pytest

from satmeter.measurement.coefficient_rows import Basis, corrected_row, positive_row, reliability_row
from satmeter.measurement.coefficients import measurement_error
from satmeter.measurement.difference import reliability_of_difference
from satmeter.measurement.hierarchy import REPLICATES
from satmeter.measurement.retest import pair_rows
from satmeter.moments import Resampling, em_stack, moment_stack
from satmeter.numerics.factor import omega_total
from satmeter.numerics.greatest_lower_bound import certified_bound, greatest_lower_bound
from satmeter.numerics.hierarchical_omega import hierarchical_omega
from satmeter.numerics.reliability import alpha
from satmeter.numerics.resampling import rao_wu_draws, rao_wu_scale

pytestmark = pytest.mark.slow

RIGHT = (0.92, 0.971)  # a standard error from 200 replicates wavers by 5 %
CUTS = [-1.8, -1.0, -0.2, 0.8]
FIRST = np.array([0.8, 0.7, 0.65, 0.55, 0.75])
SECOND = np.array([0.75, 0.65, 0.7])


def coded(latent):
    return 1.0 + np.searchsorted(CUTS, latent)


def two_constructs(rng, n):
    factor = rng.normal(size=(n, 2)) @ np.linalg.cholesky([[1, 0.4], [0.4, 1]]).T
    noise = rng.normal(size=(n, 8))
    load = np.r_[FIRST, SECOND]
    return coded(np.repeat(factor, [5, 3], axis=1) * load + noise * np.sqrt(1 - load**2))


def resampled(rng, n, replicates):
    design = np.zeros(n, dtype=np.int64)
    draws = rao_wu_draws(design, replicates, rng)
    return Resampling(np.ones(n), np.arange(n), draws, rao_wu_scale(design), n - 1)


def consistency_rows(cov, n):
    first = cov[:, :5, :5]
    basis = Basis("c", n, 5, n - 1, 0.95)
    return [
        reliability_row(basis, "alpha", alpha(first)),
        reliability_row(basis, "omega_total", omega_total(first)),
        positive_row(basis, "sem", measurement_error(first, 5.0)),
        reliability_row(basis, "difference_reliability", reliability_of_difference(cov, 5)),
    ]


def truths(cov):
    stack = np.stack([cov, cov])
    return {row.coefficient: row.estimate for row in consistency_rows(stack, 100)}


def held(rows, truth, found):
    for row in rows:
        found.setdefault(row.coefficient, []).append(row.conf_low <= truth[row.coefficient] <= row.conf_high)


@pytest.mark.parametrize(("n", "samples"), [(100, 800), (300, 700), (1000, 500)])
def test_consistency_and_differences(n, samples):
    truth = truths(np.cov(two_constructs(np.random.default_rng(99), 1_000_000).T))
    rng = np.random.default_rng(n)
    found: dict[str, list[bool]] = {}
    for _ in range(samples):
        cov = moment_stack(resampled(rng, n, 200), two_constructs(rng, n)).covariance
        held(consistency_rows(cov, n), truth, found)
    shares = {name: float(np.mean(hits)) for name, hits in found.items()}
    assert all(RIGHT[0] <= share <= RIGHT[1] for share in shares.values()), shares


@pytest.mark.parametrize(("n", "samples"), [(100, 80), (300, 100)])
def test_alpha_under_em(n, samples):
    """A tenth of the answers missing, more of them where the first item is rated low."""
    truth = truths(np.cov(two_constructs(np.random.default_rng(99), 1_000_000).T))["alpha"]
    rng = np.random.default_rng(n + 1)
    hits = []
    for _ in range(samples):
        values = two_constructs(rng, n)[:, :5]
        chance = np.where(values[:, :1] < 3, 0.3, 0.05)
        values[:, 1:] = np.where(rng.random((n, 4)) < chance, np.nan, values[:, 1:])
        stack = em_stack(resampled(rng, n, 200), values)
        row = reliability_row(Basis("c", n, 5, n - 1, 0.95), "alpha", alpha(stack.covariance))
        hits.append(row.conf_low <= truth <= row.conf_high)
    assert 0.88 <= np.mean(hits) <= 0.995, np.mean(hits)


@pytest.mark.parametrize(("n", "samples"), [(100, 800), (300, 700), (1000, 400)])
@pytest.mark.parametrize("simple", [True, False])
def test_retest(n, samples, simple):
    """Scores of a five-item construct at two times, a little higher the second time."""

    def panel(rng, n):
        trait = rng.normal(size=(n, 1))
        times = []
        for shift in (0.0, 0.15):
            state = 0.95 * trait + np.sqrt(1 - 0.95**2) * rng.normal(size=(n, 1)) + shift
            times.append(coded(state * FIRST + rng.normal(size=(n, 5)) * np.sqrt(1 - FIRST**2)).mean(axis=1))
        return 25 * (np.column_stack(times) - 1)

    whole = panel(np.random.default_rng(99), 1_000_000)
    stack = moment_stack(resampled(np.random.default_rng(0), 1_000_000, 1), whole)
    truth = {r.coefficient: r.estimate for r in pair_rows(Basis("c", 1_000_000, 5, 999_999, 0.95), stack, simple)}
    rng = np.random.default_rng(n)
    found: dict[str, list[bool]] = {}
    for _ in range(samples):
        stack = moment_stack(resampled(rng, n, 200), panel(rng, n))
        held(pair_rows(Basis("c", n, 5, n - 1, 0.95), stack, simple), truth, found)
    shares = {name: float(np.mean(hits)) for name, hits in found.items()}
    assert all(RIGHT[0] <= share <= RIGHT[1] for share in shares.values()), shares


@pytest.mark.parametrize(("n", "samples"), [(300, 120), (1000, 100)])
def test_omega_hierarchical(n, samples):
    """Nine items, a general factor and three groups."""
    upper = np.array([0.8, 0.7, 0.75])
    lower = np.kron(np.eye(3), np.ones((3, 1))) * np.array([0.8, 0.75, 0.7] * 3)[:, None]

    def answers(rng, n):
        factors = rng.normal(size=(n, 1)) * upper + rng.normal(size=(n, 3)) * np.sqrt(1 - upper**2)
        return coded(factors @ lower.T + rng.normal(size=(n, 9)) * np.sqrt(1 - (lower**2).sum(axis=1)))

    whole = hierarchical_omega(np.cov(answers(np.random.default_rng(99), 1_000_000).T)[None])
    truth = {"h": float(whole.omega_hierarchical[0]), "t": float(whole.omega_total[0])}
    rng = np.random.default_rng(n)
    found: dict[str, list[bool]] = {}
    for _ in range(samples):
        cov = moment_stack(resampled(rng, n, REPLICATES), answers(rng, n)).covariance
        omega = hierarchical_omega(cov)
        basis = Basis("c", n, 9, n - 1, 0.95)
        rows = corrected_row(basis, "h", omega.omega_hierarchical), reliability_row(basis, "t", omega.omega_total)
        held(rows, truth, found)
    shares = {name: float(np.mean(hits)) for name, hits in found.items()}
    # of 100 samples a share is known to 2.2 points only; without its bias taken off omega h was held in 85 per cent
    assert all(share >= 0.87 for share in shares.values()), shares


def test_greatest_lower_bound_is_too_high_in_small_samples():
    """What docs/methods/greatest-lower-bound.md says of its bias and its interval."""
    population = np.cov(two_constructs(np.random.default_rng(99), 1_000_000)[:, :5].T)
    truth = float(greatest_lower_bound(population).value)
    bias = {}
    for n in (100, 1000):
        rng = np.random.default_rng(n)
        found, hits = [], []
        for _ in range(250):
            cov = moment_stack(resampled(rng, n, 200), two_constructs(rng, n)[:, :5]).covariance
            bound = greatest_lower_bound(cov[0])
            values = np.r_[float(bound.value), certified_bound(cov[1:], bound.certificate)]
            row = reliability_row(Basis("c", n, 5, n - 1, 0.95), "glb", values)
            found.append(values[0])
            hits.append(row.conf_low <= truth <= row.conf_high)
        bias[n] = np.mean(found) - truth
        assert 0.78 <= np.mean(hits) <= 0.95, (n, np.mean(hits))
    assert 0.02 < bias[100] < 0.045, bias
    assert 0.004 < bias[1000] < 0.016, bias
