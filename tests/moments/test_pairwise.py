"""Pairwise correlations against the moment stack of every two blocks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from satmeter.moments import Resampling, moment_stack, pairwise_stack
from satmeter.numerics.arguments import correlation_from
from satmeter.numerics.resampling import rao_wu_draws, rao_wu_scale

BLOCKS = [(0, 1), (2,), (3, 4, 5)]


def resampling_of(n, *, weights=None, units=None, seed=1):
    units = np.arange(n) if units is None else np.asarray(units)
    stratum = np.zeros(units.max() + 1, dtype=np.int64)
    draws = rao_wu_draws(stratum, 15, np.random.default_rng(seed))
    return Resampling(
        np.ones(n) if weights is None else np.asarray(weights), units, draws, rao_wu_scale(stratum), len(stratum) - 1
    )


def block_by_block(resampling, values, blocks):
    """The same from one moment stack for every two blocks."""
    p = values.shape[1]
    corr, n = np.full((16, p, p), np.nan), np.zeros((len(blocks), len(blocks)), dtype=int)
    for a, one in enumerate(blocks):
        for b, other in enumerate(blocks):
            columns = sorted({*one, *other})
            found = moment_stack(resampling, values[:, columns])
            part = correlation_from(found.covariance)
            n[a, b] = found.n
            for i in one:
                for j in other:
                    corr[:, i, j] = part[:, columns.index(i), columns.index(j)]
    return corr, n


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000), st.booleans(), st.booleans(), st.sampled_from([0.0, 0.03, 0.3]))
def test_every_two_blocks_are_those_of_the_moment_stack(seed, weighted, clustered, missing):
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(50, 6)) + 1000
    values[rng.random((50, 6)) < missing] = np.nan
    weights = np.where(rng.random(50) < 0.1, 0.0, rng.uniform(0.2, 3, 50)) if weighted else None
    units = rng.permutation(np.arange(50) % 8) if clustered else None
    resampling = resampling_of(50, weights=weights, units=units, seed=seed)
    found = pairwise_stack(resampling, values, BLOCKS)
    corr, n = block_by_block(resampling, values, BLOCKS)
    assert (found.n == n).all()
    np.testing.assert_allclose(found.corr, corr, atol=1e-9)
    assert (found.corr == np.swapaxes(found.corr, 1, 2))[np.isfinite(found.corr)].all()


def test_a_column_that_is_constant_among_a_pair_has_no_correlation_there():
    values = np.array([[3.0, 1, 5, 1, 2, 2], [3, 2, 4, 3, 1, 2], [3, 3, np.nan, 2, 2, 1], [2, 4, np.nan, 5, 4, 4]])
    found = pairwise_stack(resampling_of(4), values, BLOCKS)
    assert np.isnan(found.corr[0, 0, 2])
    assert found.corr[0, 0, 3] == pytest.approx(np.corrcoef(values[:, 0], values[:, 3])[0, 1])
    assert found.corr[0, 0, 0] == 1
    assert found.n.tolist() == [[4, 2, 4], [2, 2, 2], [4, 2, 4]]


def test_blocks_that_nobody_answered_together_are_nan():
    values = np.array(
        [[1.0, 2, np.nan, 1, 2, 3], [2, 1, np.nan, 2, 2, 1], [np.nan, 1, 4, 1, 5, 2], [np.nan, 2, 5, 3, 3, 3]]
    )
    found = pairwise_stack(resampling_of(4), values, BLOCKS)
    assert found.n[0, 1] == 0
    assert np.isnan(found.corr[:, :2, 2]).all()
    assert found.corr[0, 2, 2] == 1
