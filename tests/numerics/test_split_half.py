"""Split halves against enumeration in R, R psych, and theory."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from satmeter.errors import NumericsError
from satmeter.numerics.arguments import correlation_from
from satmeter.numerics.reliability import alpha, alpha_standardised
from satmeter.numerics.split_half import RANDOM_SPLITS, lambda4, split_half, split_halves

SCALES = ["image", "quality", "satisfaction", "attitude", "school", "agreeable", "agreeable_extravert", "fourteen"]


def sample(seed, n, p):
    rng = np.random.default_rng(seed)
    return np.cov((rng.normal(size=(n, 1)) * rng.uniform(0.1, 1.5, p) + rng.normal(size=(n, p))).T)


@pytest.mark.parametrize("name", SCALES)
@pytest.mark.parametrize("form", ["halves", "standardised_halves"])
def test_all_splits_are_those_of_enumeration(reference, name, form):
    document = reference("splits")
    values, rtol = document["values"][name], document["rtol"]
    cov = np.array(values["covariance"])
    cov = cov if form == "halves" else correlation_from(cov)
    expected, found = values[form], split_halves(cov)
    assert len(found.spearman_brown) == expected["splits"]
    assert found.exact
    np.testing.assert_allclose(found.lambda4, expected["lambda4"], rtol=rtol)
    np.testing.assert_allclose(lambda4(cov), expected["lambda4"], rtol=rtol)
    np.testing.assert_allclose([found.mean, split_half(cov)], expected["spearman_brown"]["mean"], rtol=rtol)
    ends = [expected["spearman_brown"]["minimum"], expected["spearman_brown"]["maximum"]]
    np.testing.assert_allclose(found.quantile([0, 1]), ends, rtol=rtol)
    np.testing.assert_allclose(found.quantile([0.25, 0.5, 0.75]), expected["spearman_brown"]["quartiles"], rtol=rtol)
    assert (np.flatnonzero(found.best) + 1).tolist() == expected["best"]


@pytest.mark.parametrize("name", ["school", "agreeable_extravert", "fourteen"])
def test_best_split_of_an_even_number_of_items_is_that_of_psych(reference, name):
    document = reference("splits")
    values, rtol = document["values"][name], document["rtol"]
    cov = np.array(values["covariance"])
    np.testing.assert_allclose(lambda4(cov), values["psych_raw"]["maximum"], rtol=rtol)
    np.testing.assert_allclose(lambda4(correlation_from(cov)), values["psych"]["maximum"], rtol=rtol)
    np.testing.assert_allclose(alpha(cov), values["psych_raw"]["mean"], rtol=rtol)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000), st.integers(2, 8))
def test_lambda4_against_alpha_and_the_order_of_items(seed, p):
    cov = sample(seed, 40, p)
    shrink = 1 if p % 2 == 0 else 1 - 1 / p**2  # the mean over the splits of an odd number of items
    assert lambda4(cov) >= shrink * alpha(cov) - 1e-12
    order = np.random.default_rng(seed).permutation(p)
    moved = cov[np.ix_(order, order)]
    np.testing.assert_allclose(lambda4(moved), lambda4(cov), rtol=1e-10)
    np.testing.assert_allclose(split_half(moved), split_half(cov), rtol=1e-10)
    np.testing.assert_allclose(split_half(4 * cov), split_half(cov), rtol=1e-10)


def test_two_items_are_alpha():
    cov = sample(1, 50, 2)
    np.testing.assert_allclose(lambda4(cov), alpha(cov), rtol=1e-14)
    np.testing.assert_allclose(split_half(cov), alpha_standardised(cov), rtol=1e-14)


def test_splits_by_hand():
    cov = sample(8, 60, 4)
    expected = []
    for half in combinations(range(1, 4), 1):
        a, b = [0, *half], [i for i in range(1, 4) if i not in half]
        r = cov[np.ix_(a, b)].sum() / np.sqrt(cov[np.ix_(a, a)].sum() * cov[np.ix_(b, b)].sum())
        expected.append(2 * r / (1 + r))
    np.testing.assert_allclose(split_halves(cov).spearman_brown, np.sort(expected), rtol=1e-13)


def test_more_items_than_can_be_halved_in_every_way():
    equal = np.full((18, 18), 0.3) + 0.7 * np.eye(18)
    found = split_halves(equal)
    assert not found.exact
    assert len(found.spearman_brown) == RANDOM_SPLITS
    np.testing.assert_allclose(found.spearman_brown, 18 * 0.3 / (1 + 17 * 0.3), rtol=1e-13)
    assert found.best.sum() == 9
    cov = sample(2, 80, 18)
    assert lambda4(cov) == lambda4(np.stack([cov, cov]))[1]
    assert lambda4(cov) > alpha(cov)


def test_a_stack_gives_what_its_matrices_give():
    stack = np.stack([sample(seed, 30, 5) for seed in range(6)]).reshape(2, 3, 5, 5)
    stack[0, 1, 2] = stack[0, 1, :, 2] = 0  # a constant item
    for function in (lambda4, split_half):
        whole = function(stack)
        assert whole.shape == (2, 3)
        assert np.isnan(whole[0, 1])
        np.testing.assert_allclose(whole[1, 2], function(stack[1, 2]), rtol=1e-13)


def test_wrong_shapes():
    for function in (lambda4, split_half, split_halves):
        with pytest.raises(NumericsError) as caught:
            function([[1.0]])
        assert caught.value.problems[0].code == "N001"
    with pytest.raises(NumericsError) as caught:
        split_halves(np.stack([np.eye(3)] * 2))
    assert caught.value.problems[0].code == "N011"
    assert "(p, p)" in caught.value.text("zh-CN")
