"""Orders and ranks of drivers over replicates."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from satmeter.errors import NumericsError
from satmeter.numerics.order_probability import order_probability


def test_shares_of_replicates_counted_by_hand():
    found = order_probability([[3.0, 2.0, 1.0], [3.0, 1.0, 2.0], [1.0, 1.0, 0.0], [0.0, 2.0, 1.0]])
    np.testing.assert_allclose(found.above, [[0.5, 0.625, 0.75], [0.375, 0.5, 0.75], [0.25, 0.25, 0.5]])
    # in the third replicate the first two drivers share ranks 1 and 2
    np.testing.assert_allclose(found.rank, [[0.625, 0.125, 0.25], [0.375, 0.375, 0.25], [0.0, 0.5, 0.5]])
    assert found.replicates == 4


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10_000), st.integers(1, 6))
def test_ranks_agree_with_orders(seed, drivers):
    values = np.random.default_rng(seed).integers(0, 4, (25, drivers)).astype(float)
    found = order_probability(values)
    np.testing.assert_allclose(found.rank.sum(axis=0), 1.0)
    np.testing.assert_allclose(found.rank.sum(axis=1), 1.0)
    np.testing.assert_allclose(found.above + found.above.T, 1.0)
    # the mean rank is 1 plus the drivers expected above
    np.testing.assert_allclose(
        found.rank @ np.arange(1, drivers + 1), 1 + (1 - found.above).sum(axis=1) - 0.5, atol=1e-12
    )


def test_failed_replicates_are_left_out_and_too_many_leave_nothing():
    good = np.array([[2.0, 1.0], [1.0, 2.0], [2.0, 1.0], [2.0, 1.0]])
    lost = np.full((2, 2), np.nan)
    found = order_probability(np.concatenate([good, lost]))
    assert found.above[0, 1] == 0.75
    assert found.replicates == 4
    few = order_probability(np.concatenate([good[:2], lost, lost]))
    assert np.isnan(few.above).all()
    assert np.isnan(few.rank).all()


def test_another_shape_is_refused():
    with pytest.raises(NumericsError) as caught:
        order_probability([1.0, 2.0])
    assert caught.value.problems[0].code == "N010"
