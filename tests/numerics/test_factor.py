"""One-factor minres and omega against R psych, an independent minimiser, and known truth."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from satmeter.errors import NumericsError
from satmeter.numerics.arguments import correlation_from
from satmeter.numerics.factor import omega_total, one_factor
from satmeter.numerics.reliability import alpha, alpha_standardised

SCALES = ["image", "expectations", "quality", "satisfaction", "loyalty", "attitude"]


def scale(reference, name):
    values = reference("reliability")["values"]
    values = values["attitude"] if name == "attitude" else values["ecsi"][name]
    return values, correlation_from(values["covariance"])


@pytest.mark.parametrize("name", SCALES)
def test_loadings_and_omega_equal_psych(reference, name):
    values, corr = scale(reference, name)
    fit = one_factor(corr, min_uniqueness=0.005)
    assert fit.converged
    np.testing.assert_allclose(fit.loadings, values["loadings_tight"], atol=1e-6, rtol=0)
    psych = 5e-4 if name == "loyalty" else 2e-5
    np.testing.assert_allclose(fit.loadings, values["loadings"], atol=psych, rtol=0)
    np.testing.assert_allclose(omega_total(values["covariance"]), values["omega_formula"], atol=psych / 5, rtol=0)
    np.testing.assert_allclose(omega_total(values["covariance"]), values["omega_total"], atol=5e-4, rtol=0)


def test_published_figures_of_omega(reference):
    expected = {"image": 0.72892, "quality": 0.87794, "satisfaction": 0.78154, "loyalty": 0.612}
    for name, value in expected.items():
        assert round(float(omega_total(scale(reference, name)[1])), 5) == pytest.approx(value, abs=6e-5)


def test_loyalty_is_a_heywood_case_that_is_shown_and_not_clipped(reference):
    _, corr = scale(reference, "loyalty")
    fit = one_factor(corr)
    assert fit.heywood
    assert fit.converged
    # three items: the loadings solve λ1λ2 = r12 and so on exactly
    exact = np.sqrt([corr[0, 1] * corr[0, 2] / corr[1, 2], corr[0, 1] * corr[1, 2] / corr[0, 2]])
    np.testing.assert_allclose(fit.loadings[:2], exact, rtol=1e-9)
    assert fit.loadings[2] == pytest.approx(corr[0, 2] / exact[0], rel=1e-9)
    assert fit.uniqueness[2] < 0
    assert not one_factor(corr, min_uniqueness=0.005).heywood
    assert not one_factor(scale(reference, "image")[1]).heywood


loadings = st.lists(st.floats(0.3, 0.95), min_size=3, max_size=9)


@settings(deadline=None)
@given(loadings, st.integers(0, 2**9 - 1))
def test_congeneric_truth_is_found_with_signs_by_majority(sizes, bits):
    signs = np.array([-1.0 if bits >> i & 1 else 1.0 for i in range(len(sizes))])
    truth = np.array(sizes) * signs
    corr = np.outer(truth, truth)
    np.fill_diagonal(corr, 1.0)
    fit = one_factor(corr)
    negative = (signs < 0).sum()
    if negative * 2 > len(signs) or (negative * 2 == len(signs) and truth.sum() < 0):
        truth = -truth
    if abs(truth.sum()) > 1e-6:
        np.testing.assert_allclose(fit.loadings, truth, atol=1e-6)
    common = truth.sum() ** 2
    np.testing.assert_allclose(omega_total(corr), common / (common + (1 - truth**2).sum()), atol=1e-6)


@settings(deadline=None)
@given(loadings)
def test_alpha_is_at_most_omega_and_equal_for_equal_loadings(sizes):
    truth = np.array(sizes)
    corr = np.outer(truth, truth)
    np.fill_diagonal(corr, 1.0)
    assert alpha(corr) <= omega_total(corr) + 1e-7
    equal = np.full((4, 4), truth[0] ** 2)
    np.fill_diagonal(equal, 1.0)
    np.testing.assert_allclose(omega_total(equal), alpha(equal), atol=1e-8)


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10_000), st.integers(3, 8))
def test_the_minimum_is_a_minimum(seed, p):
    rng = np.random.default_rng(seed)
    data = rng.normal(size=(40, 1)) * rng.uniform(0.5, 1.5, p) + rng.normal(size=(40, p))
    corr = np.corrcoef(data.T)
    off = ~np.eye(p, dtype=bool)

    def residual(x):
        return ((corr - np.outer(x, x))[off] ** 2).sum()

    fit = one_factor(corr, min_uniqueness=0.005)
    assert fit.converged
    for _ in range(20):
        near = np.clip(fit.loadings + rng.normal(size=p) * 0.01, -np.sqrt(0.995), np.sqrt(0.995))
        assert residual(fit.loadings) <= residual(near) + 1e-12


def test_two_items_share_the_correlation():
    fit = one_factor([[1, 0.49], [0.49, 1]])
    np.testing.assert_allclose(fit.loadings, [0.7, 0.7], rtol=1e-14)
    np.testing.assert_allclose(omega_total([[1, 0.49], [0.49, 1]]), alpha_standardised([[1, 0.49], [0.49, 1]]))
    np.testing.assert_allclose(np.abs(one_factor([[1, -0.49], [-0.49, 1]]).loadings), [0.7, 0.7], rtol=1e-14)


def test_constant_items_and_one_item():
    good = np.array([[1, 0.4, 0.3], [0.4, 1, 0.3], [0.3, 0.3, 1.0]])
    bad = good.copy()
    bad[2, :] = bad[:, 2] = 0.0
    omega = omega_total(np.stack([good, bad]))
    assert np.isfinite(omega[0])
    assert np.isnan(omega[1])
    fit = one_factor(correlation_from(np.stack([good, bad])))
    np.testing.assert_array_equal(fit.converged, [True, False])
    assert np.isnan(fit.loadings[1]).all()
    with pytest.raises(NumericsError) as caught:
        one_factor([[1.0]])
    assert caught.value.problems[0].code == "N001"


def test_correlations_that_no_factor_makes_do_not_crash():
    # the product of the three correlations is negative: the best loadings run away
    odd = np.array([[1, 0.5, -0.5], [0.5, 1, 0.5], [-0.5, 0.5, 1.0]])
    fit = one_factor(odd)
    assert np.isfinite(fit.loadings).all()
    nothing = one_factor(np.eye(4))
    np.testing.assert_allclose(nothing.loadings, 0.0, atol=1e-4)
    same = one_factor(np.ones((3, 3)))
    np.testing.assert_allclose(same.loadings, 1.0, atol=1e-6)
