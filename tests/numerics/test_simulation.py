"""The population and its draws."""

import numpy as np
import pytest

from satmeter.numerics.simulation import (
    common_factor,
    complete,
    general_dominance,
    population,
)

EXOGENOUS = np.array([[1, 0.4, 0, 0], [0.4, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]], dtype=float)
PREDECESSORS = ((), (), (0, 1), (2, 0))
WEIGHTS = ((), (), (1.0, -0.5), (1.0, 0.5))


def test_population_explains_what_was_asked_for():
    made = population(EXOGENOUS, PREDECESSORS, WEIGHTS, [0.9, 0.9, 0.6, 0.5])
    r, b = made.correlation, made.paths
    assert b[2, 1] / b[2, 0] == pytest.approx(-0.5)
    assert b[2] @ r @ b[2] == pytest.approx(0.6)
    assert b[3] @ r @ b[3] == pytest.approx(0.5)
    assert made.r2.tolist() == [0.0, 0.0, 0.6, 0.5]
    assert r[2, 0] == pytest.approx(b[2, 0] + 0.4 * b[2, 1])
    assert r[3, 1] == pytest.approx(b[3, 2] * r[2, 1] + b[3, 0] * 0.4)
    assert np.allclose(r, r.T)
    assert np.allclose(np.diag(r), 1)


def test_order_of_the_columns_does_not_matter():
    made = population(np.eye(3), ((2,), (0,), ()), ((1.0,), (1.0,), ()), [0.49, 0.25, 0])
    assert made.order == (2, 0, 1)
    assert made.correlation[1, 2] == pytest.approx(0.7 * 0.5)


def test_drawn_latent_variables_have_the_implied_correlations():
    made = population(EXOGENOUS, PREDECESSORS, WEIGHTS, [0, 0, 0.6, 0.5])
    rng = np.random.default_rng(3)
    start = np.zeros((200_000, 4))
    start[:, :2] = common_factor(200_000, [1, 1], 0.4, rng)
    drawn = complete(made, start, rng)
    assert np.abs(np.corrcoef(drawn.T) - made.correlation).max() < 0.01
    assert np.abs(drawn.var(axis=0) - 1).max() < 0.02


def test_costs_stand_on_the_other_side_of_the_common_factor():
    drawn = common_factor(100_000, [1, -1, -1], 0.4, np.random.default_rng(1))
    corr = np.corrcoef(drawn.T)
    assert corr[0, 1] == pytest.approx(-0.4, abs=0.01)
    assert corr[1, 2] == pytest.approx(0.4, abs=0.01)


def test_general_dominance_by_hand_for_two_correlated_predictors():
    corr = np.array([[1, 0.5, 0.6], [0.5, 1, 0.4], [0.6, 0.4, 1]])
    both = (0.36 + 0.16 - 2 * 0.5 * 0.6 * 0.4) / 0.75
    shares = general_dominance(corr, 2, (0, 1))
    assert shares == pytest.approx([(0.36 + both - 0.16) / 2, (0.16 + both - 0.36) / 2])
    assert shares.sum() == pytest.approx(both)
