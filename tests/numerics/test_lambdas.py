"""Guttman's bounds against R psych and against one another."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from satmeter.errors import NumericsError
from satmeter.numerics.arguments import correlation_from
from satmeter.numerics.lambdas import guttman_lambdas, lambda2, squared_multiple_correlations
from satmeter.numerics.reliability import alpha

SCALES = ["image", "quality", "satisfaction", "attitude", "school", "agreeable", "agreeable_extravert", "fourteen"]
NAMES = ("lambda1", "lambda2", "lambda3", "lambda5", "lambda6")


def bounds(cov):
    found = guttman_lambdas(cov)
    return [getattr(found, name) for name in NAMES]


def sample(seed, n, p):
    rng = np.random.default_rng(seed)
    return np.cov((rng.normal(size=(n, 1)) * rng.uniform(-0.3, 1.5, p) + rng.normal(size=(n, p))).T)


@pytest.mark.parametrize("name", SCALES)
def test_bounds_are_those_of_psych(reference, name):
    document = reference("splits")
    values, rtol = document["values"][name], document["rtol"]
    cov = np.array(values["covariance"])
    np.testing.assert_allclose(bounds(cov), values["lambdas"], rtol=rtol)
    np.testing.assert_allclose(bounds(correlation_from(cov)), values["correlation_lambdas"], rtol=rtol)
    np.testing.assert_allclose(lambda2(cov), values["lambdas"][1], rtol=rtol)


@settings(deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 9))
def test_order_of_the_bounds_and_of_the_items(seed, p):
    cov = sample(seed, 40, p)
    found = guttman_lambdas(cov)
    np.testing.assert_allclose(found.lambda3, alpha(cov), rtol=1e-12, atol=1e-12)
    assert found.lambda3 <= found.lambda2 + 1e-12
    assert found.lambda1 <= found.lambda5 + 1e-12
    assert found.lambda1 <= found.lambda6 + 1e-12  # squared multiple correlations are not negative
    assert found.lambda2 <= 1
    assert found.lambda6 <= 1
    order = np.random.default_rng(seed).permutation(p)
    np.testing.assert_allclose(bounds(cov[np.ix_(order, order)]), bounds(cov), rtol=1e-9, atol=1e-11)
    np.testing.assert_allclose(bounds(9 * cov), bounds(cov), rtol=1e-9, atol=1e-11)


def test_equal_correlations_make_two_and_three_equal():
    corr = np.full((6, 6), 0.4) + 0.6 * np.eye(6)
    found = guttman_lambdas(corr)
    np.testing.assert_allclose([found.lambda2, found.lambda3], 6 * 0.4 / (1 + 5 * 0.4), rtol=1e-14)


def test_bounds_of_the_population_are_not_above_its_reliability():
    loadings = np.array([0.9, 0.3, 0.7, 0.5])
    corr = np.outer(loadings, loadings) + np.diag(1 - loadings**2)
    true = loadings.sum() ** 2 / corr.sum()
    assert all(value < true for value in bounds(corr))


def test_a_stack_gives_what_its_matrices_give():
    stack = np.stack([sample(seed, 30, 5) for seed in range(4)]).reshape(2, 2, 5, 5)
    for whole, single in zip(bounds(stack), bounds(stack[1, 0]), strict=True):
        assert whole.shape == (2, 2)
        np.testing.assert_allclose(whole[1, 0], single, rtol=1e-13)


def test_constant_and_copied_items():
    good, constant, copied = np.stack([sample(3, 30, 3)] * 3)
    constant[2] = constant[:, 2] = 0
    copied[2], copied[:, 2] = copied[1], copied[:, 1]
    copied[2, 2] = copied[1, 1]
    found = guttman_lambdas(np.stack([good, constant, copied]))
    np.testing.assert_array_equal(np.isnan(found.lambda2), [False, True, False])
    np.testing.assert_array_equal(np.isnan(found.lambda6), [False, True, True])
    assert np.isnan(squared_multiple_correlations(copied)).all()


def test_one_item_has_no_bounds():
    for function in (guttman_lambdas, lambda2, squared_multiple_correlations):
        with pytest.raises(NumericsError) as caught:
            function([[1.0]])
        assert [problem.code for problem in caught.value.problems] == ["N001"]
