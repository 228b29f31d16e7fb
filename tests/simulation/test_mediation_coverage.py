"""Coverage of indirect effects, simple slopes and structural paths; false alarms of tests between segments and of form.

Bands are three binomial standard errors wide, 0.021 at 1,000 samples of a 95 % interval, and not wider than the
93–97 % that intervals of effects promise, except where a note says so.
"""

from __future__ import annotations

import numpy as np
import pytest

from satmeter.numerics.bca import acceleration, bca_interval, delete_one_moments
from satmeter.numerics.diagnostics_linearity import linearity_test
from satmeter.numerics.diagnostics_residuals import breusch_pagan, reset_test, variance_test
from satmeter.numerics.intervals import percentile_interval
from satmeter.numerics.mediation import path_effects
from satmeter.numerics.mediation_moderated import moderated_mediation
from satmeter.numerics.moderation import centred_product
from satmeter.numerics.moderation_fit import fit_moderation
from satmeter.numerics.resampling import rao_wu_draws, rao_wu_scale
from satmeter.numerics.segment_effects import segment_effects
from satmeter.numerics.structural_fit import fit_structural
from satmeter.numerics.structural_robust import fit_structural_robust

pytestmark = pytest.mark.slow


def replicate_covariances(rng, rows, replicates):
    """Covariances of Rao–Wu replicates by one matrix product."""
    n, p = rows.shape
    stratum = np.zeros(n, dtype=np.int64)
    w = rao_wu_draws(stratum, replicates, rng) * rao_wu_scale(stratum)
    gap = rows - rows.mean(axis=0)
    total = w.sum(axis=1)
    mean = w @ gap / total[:, None]
    second = (w @ (gap[:, :, None] * gap[:, None, :]).reshape(n, -1)).reshape(-1, p, p) / total[:, None, None]
    return second - mean[:, :, None] * mean[:, None, :]


def five_points(values):
    """Answers on five points, as means of three items, so that scores are lumpy."""
    return np.clip(np.round(values), -2, 2)


@pytest.mark.parametrize("n", [300, 1000])
def test_indirect_effects(n):
    """Serial and parallel mediation with skewed errors: image → quality → satisfaction → loyalty."""
    rng = np.random.default_rng(20261121)
    paths = {1: (0,), 2: (0, 1), 3: (0, 2)}
    a, b, c, d = 0.5, 0.4, 0.2, 0.5
    truth = {(2, 0): a * b, (3, 0): (a * b + c) * d, (3, 1): b * d}
    held = {"percentile": [], "bca": []}
    for _ in range(400):
        e = rng.exponential(size=(n, 4)) - 1
        x = e[:, 0]
        m = a * x + e[:, 1]
        s = c * x + b * m + e[:, 2]
        rows = np.column_stack([x, m, s, 0.1 * x + d * s + e[:, 3]])
        cells = tuple(np.array(list(truth)).T)
        estimate = path_effects(np.cov(rows.T), paths).indirect[cells]
        replicates = path_effects(replicate_covariances(rng, rows, 399), paths).indirect[:, cells[0], cells[1]]
        without = path_effects(delete_one_moments(rows)[1], paths).indirect[:, cells[0], cells[1]]
        for name, (low, high) in (
            ("percentile", percentile_interval(replicates)),
            ("bca", bca_interval(estimate, replicates, acceleration(without))),
        ):
            held[name].append((low <= list(truth.values())) & (high >= list(truth.values())))
    for name, found in held.items():
        share = np.mean(found, axis=0)
        assert (share >= 0.915).all(), (name, share)
        assert (share <= 0.98).all(), (name, share)


@pytest.mark.parametrize("n", [300, 1000])
def test_index_of_moderated_mediation(n):
    rng = np.random.default_rng(20261122)
    held = []
    for _ in range(400):
        x, w = rng.standard_normal((2, n))
        m = (0.5 + 0.2 * w) * x + 0.3 * w + rng.standard_normal(n)
        y = 0.4 * m + 0.1 * x + rng.standard_normal(n)
        rows = np.column_stack([x, m, y, w, centred_product(x, w).columns[:, 2]])
        made = moderated_mediation(
            replicate_covariances(rng, rows, 399),
            source=0,
            mediator=1,
            outcome=2,
            moderator=3,
            product=4,
            stage="first",
            at=(0.0,),
        )
        low, high = percentile_interval(made.index)
        held.append(low <= 0.08 <= high)
    assert 0.915 <= np.mean(held) <= 0.98


@pytest.mark.parametrize("n", [300, 1000])
@pytest.mark.parametrize("clustered", [False, True])
def test_simple_slopes(n, clustered):
    """Errors that spread with the driver; in clusters of ten also shared by the cluster."""
    rng = np.random.default_rng(20261123)
    held, region = [], []
    cluster = np.arange(n) // 10 if clustered else None
    for _ in range(1000):
        x, w = rng.standard_normal((2, n))
        shared = np.zeros(n)
        if clustered:
            shared, own = (0.5 * rng.standard_normal(n // 10)[cluster] for _ in range(2))
            x = x + own
        y = 0.4 * x + 0.3 * w + 0.2 * x * w + shared + rng.standard_normal(n) * (0.5 + 0.3 * np.abs(x))
        found = fit_moderation(y, x, w, cluster=cluster)
        truth = 0.4 + 0.2 * found.slopes.at
        held.append((found.slopes.conf_low <= truth) & (truth <= found.slopes.conf_high))
        region.append(found.conf_low <= 0.2 <= found.conf_high)
    share = np.append(np.mean(held, axis=0), np.mean(region))
    # linearised errors of few clusters are too small: thirty give 92–94 %
    assert (share >= (0.9 if clustered and n == 300 else 0.92)).all(), share
    assert (share <= 0.97).all(), share


LOADINGS = np.array([0.8, 0.7, 0.6, 0.75, 0.65, 0.7, 0.85, 0.6, 0.7])
FACTORS = ((0, 1, 2), (3, 4, 5), (6, 7, 8))


def indicators(rng, n, heavy):
    first = rng.standard_normal(n)
    second = 0.5 * first + np.sqrt(0.75) * rng.standard_normal(n)
    third = 0.3 * first + 0.4 * second + np.sqrt(1 - 0.09 - 0.16 - 0.12) * rng.standard_normal(n)
    common = np.repeat(np.column_stack([first, second, third]), 3, axis=1)
    answers = common * LOADINGS + rng.standard_normal((n, 9)) * np.sqrt(1 - LOADINGS**2)
    return answers * np.sqrt(6 / rng.chisquare(8, n))[:, None] if heavy else answers


@pytest.mark.parametrize("n", [300, 1000])
@pytest.mark.parametrize("heavy", [False, True])
def test_structural_paths(n, heavy):
    """Standardised paths, the indirect and the total effect; answers of a multivariate t need the robust errors."""
    rng = np.random.default_rng(20261124)
    held, rejected = [], []
    samples = 300 if heavy else 400
    cells = (np.array([1, 2, 2]), np.array([0, 0, 1]))
    for _ in range(samples):
        answers = indicators(rng, n, heavy)
        if heavy:
            robust = fit_structural_robust(answers, FACTORS, {1: (0,), 2: (0, 1)})
            paths, p_value = robust.paths, robust.scaled.p_value
        else:
            plain = fit_structural(np.cov(answers.T), n, FACTORS, {1: (0,), 2: (0, 1)})
            paths, p_value = plain.paths, plain.indices.p_value
        gap = np.abs(paths.std_paths[cells] - [0.5, 0.3, 0.4]) <= 1.96 * paths.std_paths_se[cells]
        indirect = abs(paths.std_indirect[2, 0] - 0.2) <= 1.96 * paths.std_indirect_se[2, 0]
        total = abs(paths.std_total[2, 0] - 0.5) <= 1.96 * paths.std_total_se[2, 0]
        held.append([*gap, indirect, total])
        rejected.append(p_value < 0.05)
    share = np.mean(held, axis=0)
    assert (share >= 0.915).all(), share
    assert (share <= 0.98).all(), share
    assert 0.02 <= np.mean(rejected) <= 0.09, np.mean(rejected)


@pytest.mark.parametrize("clustered", [False, True])
def test_false_alarms_between_segments(clustered):
    """Segments differ in level and spread, not in effects; clusters hold respondents of all segments."""
    rng = np.random.default_rng(20261125)
    alarms = []
    cluster = np.arange(400) // 5 if clustered else None
    for _ in range(1000):
        segment = rng.integers(0, 3, 400)
        x = rng.standard_normal((400, 3)) + 0.3 * segment[:, None]
        shared = 0.6 * rng.standard_normal(80)[cluster] if clustered else 0.0
        noise = rng.standard_normal(400) * np.array([0.6, 1.0, 1.6])[segment]
        found = segment_effects(x, x @ [0.5, 0.3, 0.0] + segment + shared + noise, segment, cluster=cluster)
        alarms.append(
            [*(t.p_value < 0.05 for t in found.tests), found.overall.p_value < 0.05, found.p_holm.min() < 0.05]
        )
    share = np.mean(alarms, axis=0)
    assert (share >= 0.025).all(), share
    assert (share <= 0.075).all(), share


def test_false_alarms_of_tests_of_form_and_variance():
    """Five-point drivers; robust tests hold their level where errors spread unequally, the classical one does not."""
    rng = np.random.default_rng(20261126)
    alarms = []
    for _ in range(1000):
        x = five_points(rng.standard_normal((300, 2)) @ [[1, 0.4], [0, 0.9]])
        even = x @ [0.5, 0.3] + rng.standard_normal(300)
        uneven = x @ [0.5, 0.3] + rng.standard_normal(300) * (0.3 + np.abs(x[:, 0]))
        alarms.append(
            [
                breusch_pagan(x, even).p_value < 0.05,
                variance_test(x, even).p_value < 0.05,
                reset_test(x, uneven).p_value < 0.05,
                linearity_test(x, uneven, 0).test.p_value < 0.05,
                linearity_test(x, uneven, 0, covariance="classical").test.p_value < 0.05,
            ]
        )
    share = np.mean(alarms, axis=0)
    assert (share[:4] >= 0.02).all(), share
    assert (share[:4] <= 0.075).all(), share
    assert share[4] > 0.1, share
