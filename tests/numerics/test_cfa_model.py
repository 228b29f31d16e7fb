"""Derivatives of the factor model against finite differences, for one and for several groups."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import optimize

from satmeter.numerics.cfa_build import Constraints, group_model, single_group_model, start
from satmeter.numerics.cfa_curvature import hessian
from satmeter.numerics.cfa_model import Moments, discrepancy, gradient, information

FACTOR_OF = np.array([0, 0, 0, 1, 1, 2])


def moments(n_groups, seed=3):
    rng = np.random.default_rng(seed)
    common = rng.standard_normal((n_groups, 200, 3)) @ np.array([[1, 0.4, 0.3], [0, 1, 0.5], [0, 0, 1]])
    answers = 0.8 * common[:, :, FACTOR_OF] + rng.standard_normal((n_groups, 200, 6))
    answers[..., 5] = common[..., 2]
    cov = np.stack([np.cov(group.T, bias=True) for group in answers])
    return Moments(cov, answers.mean(axis=1), np.arange(1, n_groups + 1) * 100.0)


MODELS = [
    single_group_model(FACTOR_OF, "marker"),
    single_group_model(FACTOR_OF, "unit_variance"),
    group_model(FACTOR_OF, 2, Constraints()),
    group_model(FACTOR_OF, 3, Constraints(loadings=True)),
    group_model(FACTOR_OF, 2, Constraints(loadings=True, intercepts=True, released=(("loading", 1), ("intercept", 0)))),
    group_model(FACTOR_OF, 3, Constraints(loadings=True, intercepts=True, residuals=True)),
]


@pytest.mark.parametrize("model", MODELS)
def test_derivatives(model):
    data = moments(model.n_groups)
    x = start(model, data) + 0.05 * np.random.default_rng(1).standard_normal(model.free.n_parameters)
    slope = gradient(model, data, x)
    np.testing.assert_allclose(
        slope, optimize.approx_fprime(x, lambda at: discrepancy(model, data, at), 1e-7), atol=2e-6
    )
    # complex steps of the gradient are exact to the last digit
    curve = gradient(model, data, x + 1e-30j * np.eye(len(x))).imag / 1e-30
    np.testing.assert_allclose(hessian(model, data, x), curve, atol=1e-12)


@pytest.mark.parametrize("model", MODELS)
def test_information_is_half_the_curvature_where_the_model_is_true(model):
    data = moments(model.n_groups)
    x = start(model, data)
    implied = model.matrices(x)
    truth = Moments(implied.cov, implied.means, data.n)
    assert discrepancy(model, truth, x) == pytest.approx(0, abs=1e-12)
    np.testing.assert_allclose(information(model, truth, x), hessian(model, truth, x) / 2, atol=1e-10)


@pytest.mark.parametrize("model", MODELS)
def test_parameters_and_matrices_are_each_others_inverse(model):
    x = np.arange(1.0, model.free.n_parameters + 1)
    np.testing.assert_allclose(model.parameters(model.matrices(x)), x)


def test_discrepancy_is_infinite_beyond_positive_definite():
    model, data = MODELS[0], moments(1)
    x = start(model, data)
    x[model.free.kind == 2] = -5.0
    assert discrepancy(model, data, x) == np.inf
