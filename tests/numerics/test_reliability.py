"""Alpha and its family against R psych and against what must hold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from satmeter.errors import NumericsError
from satmeter.numerics.reliability import (
    alpha,
    alpha_if_dropped,
    alpha_standardised,
    feldt_interval,
    item_rest_correlation,
)

SCALES = ["image", "expectations", "quality", "value", "satisfaction", "loyalty", "attitude"]


def scale(reference, name):
    document = reference("reliability")
    values = document["values"]["attitude"] if name == "attitude" else document["values"]["ecsi"][name]
    return values, np.array(values["covariance"]), document["rtol"]


@pytest.mark.parametrize("name", SCALES)
def test_alpha_family_equals_psych(reference, name):
    values, cov, rtol = scale(reference, name)
    np.testing.assert_allclose(alpha(cov), values["alpha"], rtol=rtol)
    np.testing.assert_allclose(alpha_standardised(cov), values["alpha_std"], rtol=rtol)
    np.testing.assert_allclose(item_rest_correlation(cov), values["item_rest_r"], rtol=rtol)
    np.testing.assert_allclose(feldt_interval(alpha(cov), values["n"], len(cov)), values["feldt"], rtol=rtol)
    if len(cov) > 2:
        np.testing.assert_allclose(alpha_if_dropped(cov), values["alpha_if_dropped"], rtol=rtol)


def test_two_items_are_spearman_brown_and_none_can_be_dropped(reference):
    _, cov, _ = scale(reference, "value")
    r = cov[0, 1] / np.sqrt(cov[0, 0] * cov[1, 1])
    np.testing.assert_allclose(alpha_standardised(cov), 2 * r / (1 + r), rtol=1e-14)
    np.testing.assert_allclose(item_rest_correlation(cov), [r, r], rtol=1e-14)
    assert np.isnan(alpha_if_dropped(cov)).all()


def rows(seed, n, p):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, 1)) * rng.uniform(0.2, 1.5, p) + rng.normal(size=(n, p))


@settings(deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 8))
def test_alpha_keeps_under_shift_scale_permutation_and_reversal_of_all(seed, p):
    data = rows(seed, 30, p)
    value = alpha(np.cov(data.T))
    order = np.random.default_rng(seed).permutation(30)
    np.testing.assert_allclose(alpha(np.cov(data[order].T)), value, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(alpha(np.cov(data[:, ::-1].T)), value, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(alpha(np.cov((6 - data).T)), value, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(alpha(np.cov((10 * data + 3).T)), value, rtol=1e-9, atol=1e-12)


@settings(deadline=None)
@given(st.integers(0, 10_000), st.integers(3, 7))
def test_dropping_is_alpha_of_the_rest_and_alpha_is_at_most_one(seed, p):
    data = rows(seed, 25, p)
    cov = np.cov(data.T)
    expected = [alpha(np.cov(np.delete(data, j, axis=1).T)) for j in range(p)]
    np.testing.assert_allclose(alpha_if_dropped(cov), expected, rtol=1e-9, atol=1e-12)
    rest = [np.corrcoef(data[:, j], np.delete(data, j, axis=1).sum(axis=1))[0, 1] for j in range(p)]
    np.testing.assert_allclose(item_rest_correlation(cov), rest, rtol=1e-8, atol=1e-12)
    assert alpha(cov) <= 1


def test_a_stack_gives_what_its_matrices_give():
    stack = np.stack([np.cov(rows(seed, 20, 4).T) for seed in range(6)]).reshape(2, 3, 4, 4)
    for function in (alpha, alpha_standardised, item_rest_correlation, alpha_if_dropped):
        whole = function(stack)
        assert whole.shape[:2] == (2, 3)
        np.testing.assert_allclose(whole[1, 2], function(stack[1, 2]), rtol=1e-14)


def test_constant_items_are_nan_in_their_replicate_only():
    good = np.array([[2.0, 1.0, 0.5], [1.0, 2.0, 0.5], [0.5, 0.5, 1.0]])
    bad = good.copy()
    bad[2, :] = bad[:, 2] = 0.0
    stack = np.stack([good, bad])
    assert np.isfinite(alpha(stack)[0])
    assert np.isnan(alpha(stack)[1])
    assert np.isnan(alpha_standardised(stack)[1])
    np.testing.assert_array_equal(np.isnan(alpha_if_dropped(stack)), [[False] * 3, [True, True, False]])
    np.testing.assert_array_equal(np.isnan(item_rest_correlation(stack)), [[False] * 3, [False, False, True]])


def test_items_keyed_against_one_another_give_a_negative_alpha_unclipped():
    np.testing.assert_allclose(alpha([[1.0, -0.5], [-0.5, 1.0]]), -2.0, rtol=1e-14)
    assert np.isnan(alpha([[1.0, -1.0], [-1.0, 1.0]]))  # the sum does not vary


@pytest.mark.parametrize("function", [alpha, alpha_standardised, item_rest_correlation, alpha_if_dropped])
def test_one_item_has_no_consistency(function):
    with pytest.raises(NumericsError) as caught:
        function([[1.0]])
    assert [problem.code for problem in caught.value.problems] == ["N001"]
    assert "一个" in caught.value.text("zh-CN") or "题项" in caught.value.text("zh-CN")


def test_feldt_refuses_one_item_and_has_no_interval_for_one_respondent():
    with pytest.raises(NumericsError) as caught:
        feldt_interval(0.7, 50, 1)
    assert caught.value.problems[0].code == "N001"
    assert np.isnan(feldt_interval(0.7, 1, 4)).all()


@pytest.mark.parametrize("dust", [0.0, 2e-16, -2e-16, 3e-15])
def test_a_constant_sum_is_found_through_rounding_dust(dust):
    """Three items that share out a total: their sum has no variance, whatever rounding leaves of it."""
    cov = np.array([[2.0, -1.0, -1.0], [-1.0, 2.0, -1.0], [-1.0, -1.0, 2.0 + dust]])
    assert np.isnan(alpha(cov))
    assert item_rest_correlation(cov) == pytest.approx([-1, -1, -1])
    with_other = np.pad(cov, ((0, 1), (0, 1)))
    with_other[3, 3] = 1.0
    assert alpha(with_other) == pytest.approx(4 / 3 * (1 - 7))
    assert np.isnan(alpha_if_dropped(with_other)[3])
    assert np.isnan(item_rest_correlation(with_other)[3])
