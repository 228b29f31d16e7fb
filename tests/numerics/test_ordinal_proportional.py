"""Brant's test: what it finds and what it does not depend on."""

from __future__ import annotations

import numpy as np
import pytest

from satmeter.errors import NumericsError
from satmeter.numerics.ordinal_proportional import brant_test
from satmeter.numerics.ordinal_regression import fit_ordinal


def survey(rng, n, bend=0.0):
    x = rng.normal(size=(n, 2))
    y = np.zeros(n, dtype=int)
    chance = rng.random(n)
    for cut, slope in ((-1.0, 0.5 - bend), (0.0, 0.5), (1.0, 0.5 + bend)):
        y += chance > 1 / (1 + np.exp(-(cut - 0.8 * x[:, 0] - slope * x[:, 1])))
    return x, y


def test_it_finds_the_predictor_that_bends():
    x, y = survey(np.random.default_rng(1), 3000, bend=0.35)
    test = brant_test(x, y)
    assert test.p_value < 1e-6
    assert test.p_by_predictor[1] < 1e-6
    assert test.p_by_predictor[0] > 0.01
    np.testing.assert_allclose(test.coefficients[1], [0.15, 0.5, 0.85], atol=0.12)
    one, free = fit_ordinal(x, y), fit_ordinal(x, y, free=(1,))
    # the likelihood ratio of freeing the column says the same
    np.testing.assert_allclose(2 * (free.loglik - one.loglik), test.by_predictor[1], rtol=0.1)
    np.testing.assert_allclose(free.free_coefficients[0], test.coefficients[1], atol=0.06)


def test_units_of_predictors_and_categories_do_not_matter():
    x, y = survey(np.random.default_rng(3), 400)
    one, other = brant_test(x, y), brant_test(10 * x + 4, 2 * y)
    np.testing.assert_allclose(other.statistic, one.statistic, rtol=1e-7)
    np.testing.assert_allclose(other.by_predictor, one.by_predictor, rtol=1e-7)
    np.testing.assert_allclose(10 * other.coefficients, one.coefficients, rtol=1e-7)


def test_under_a_design_weights_have_no_scale_and_clusters_count():
    rng = np.random.default_rng(4)
    x, y = survey(rng, 400)
    w = rng.uniform(0.5, 2, 400)
    one, other = (brant_test(x, y, weights=f * w, design=True) for f in (1, 50))
    np.testing.assert_allclose(other.statistic, one.statistic, rtol=1e-7)
    twice = [np.r_[part, part] for part in (x, y, w)]
    pairs = brant_test(twice[0], twice[1], weights=twice[2], cluster=np.r_[np.arange(400), np.arange(400)], design=True)
    np.testing.assert_allclose(pairs.statistic, one.statistic, rtol=1e-7)
    assert pairs.df_error == one.df_error == 399 - 4 + 1


def test_what_cannot_be_tested_is_named():
    rng = np.random.default_rng(5)
    x, y = survey(rng, 300)
    group = rng.random(300) < 0.15
    lifted = np.where(group & (y == 0), 1, y)
    for call, code in [
        (lambda: brant_test(np.column_stack([x, group]), lifted), "N043"),
        (lambda: brant_test(x, y > 1), "N010"),
        (lambda: brant_test(np.zeros((300, 0)), y), "N010"),
        (lambda: brant_test(x[:3], [0, 1, 2]), "N006"),
        (lambda: brant_test(np.column_stack([x, x[:, 0]]), y), "N005"),
    ]:
        with pytest.raises(NumericsError) as caught:
            call()
        assert caught.value.problems[0].code == code
    with pytest.raises(NumericsError) as caught:
        brant_test(np.column_stack([x, group]), lifted)
    assert dict(caught.value.problems[0].params) == {"boundaries": "0", "columns": "2"}
