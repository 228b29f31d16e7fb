"""Replicates of an ordinal regression are what fitting each of them alone gives."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from satmeter.errors import NumericsError
from satmeter.numerics.ordinal_regression import fit_ordinal
from satmeter.numerics.ordinal_replicates import replicate_ordinal


def survey(rng, n=150, k=3, categories=4):
    x = rng.normal(size=(n, k))
    latent = x @ np.linspace(0.2, 1.0, k) + rng.logistic(size=n)
    return x, np.searchsorted(np.quantile(latent, np.linspace(0, 1, categories + 1)[1:-1]), latent)


@settings(deadline=None, max_examples=10)
@given(st.integers(0, 10_000), st.sampled_from(["logit", "probit"]), st.sampled_from([(), (1,)]))
def test_each_is_the_fit_alone(seed, link, free):
    rng = np.random.default_rng(seed)
    x, y = survey(rng)
    fit = fit_ordinal(x, y, link=link, free=free)
    weights = rng.multinomial(150, np.ones(150) / 150, size=6) * 1.5
    found = replicate_ordinal(x, y, weights, fit)
    assert found.usable.all()
    for r, w in enumerate(weights):
        alone = fit_ordinal(x, y, weights=w, link=link, free=free)
        np.testing.assert_allclose(found.coefficients[r], alone.coefficients, rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(found.thresholds[r], alone.thresholds, rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(found.free_coefficients[r], alone.free_coefficients, rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(found.loglik[r], alone.loglik, rtol=1e-9)
        np.testing.assert_allclose(found.loglik_null[r], alone.loglik_null, rtol=1e-12)


def test_the_sample_itself_and_chunks_change_nothing(monkeypatch):
    x, y = survey(np.random.default_rng(1))
    fit = fit_ordinal(x, y)
    weights = np.random.default_rng(2).multinomial(150, np.ones(150) / 150, size=7).astype(float)
    weights[0] = 1.0
    found = replicate_ordinal(x, y, weights, fit)
    np.testing.assert_allclose(found.coefficients[0], fit.coefficients, rtol=1e-12)
    np.testing.assert_allclose(found.loglik[0], fit.loglik, rtol=1e-12)
    monkeypatch.setattr("satmeter.numerics.ordinal_replicates._CHUNK_NUMBERS", 300)
    again = replicate_ordinal(x, y, weights, fit)
    np.testing.assert_allclose(again.coefficients, found.coefficients, rtol=1e-12)


@pytest.mark.parametrize("free", [(), (2,)])
def test_a_category_that_a_replicate_lacks_leaves_the_coefficients(free):
    rng = np.random.default_rng(3)
    x, y = survey(rng)
    fit = fit_ordinal(x, y, free=free)
    weights = np.array([(y != lost).astype(float) for lost in (0, 1, 2, 3)])
    found = replicate_ordinal(x, y, weights, fit)
    for r, w in enumerate(weights):
        alone = fit_ordinal(x, y, weights=w, free=free)
        np.testing.assert_allclose(found.coefficients[r], alone.coefficients, rtol=1e-5)
        kept = np.delete(found.thresholds[r], min(r, 2) if r < 3 else 2)
        np.testing.assert_allclose(kept, alone.thresholds, rtol=1e-5)
        np.testing.assert_allclose(found.loglik[r], alone.loglik, rtol=1e-9)
    assert found.thresholds[0, 0] == -np.inf
    assert found.thresholds[1, 0] == found.thresholds[1, 1]
    assert found.thresholds[2, 1] == found.thresholds[2, 2]
    assert found.thresholds[3, 2] == np.inf
    if free:
        assert np.isnan(found.free_coefficients[0, 0]).tolist() == [True, False, False]
        np.testing.assert_allclose(
            found.free_coefficients[0, 0, 1:], fit_ordinal(x, y, weights=weights[0], free=free).free_coefficients[0]
        )


def test_a_replicate_without_a_finite_maximum_is_nan():
    rng = np.random.default_rng(4)
    x, y = survey(rng)
    x[:, 0] = rng.random(150) < 0.2
    inside = x[:, 0] == 1
    fit = fit_ordinal(x, y)
    weights = np.ones((5, 150))
    weights[1, inside] = 0  # the predictor is constant
    weights[2, inside & (y < 3)] = 0  # the predictor separates
    weights[3, y > 0] = 0  # one category
    weights[4] = 0
    found = replicate_ordinal(x, y, weights, fit)
    assert found.usable.tolist() == [True, False, False, False, False]
    assert np.isnan(found.coefficients[1:]).all()
    assert np.isnan(found.thresholds[1:]).all()
    assert np.isnan(found.loglik[1:]).all()


def test_what_does_not_belong_to_the_fit_is_refused():
    x, y = survey(np.random.default_rng(5))
    fit = fit_ordinal(x, y)
    for arguments, code in [
        ((x, y, np.ones(150)), "N010"),
        ((x, y, -np.ones((2, 150))), "N008"),
        ((x[:, :2], y, np.ones((2, 150))), "N010"),
        ((x, y + 1, np.ones((2, 150))), "N010"),
    ]:
        with pytest.raises(NumericsError) as caught:
            replicate_ordinal(*arguments, fit)
        assert caught.value.problems[0].code == code
