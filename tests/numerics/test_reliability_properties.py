"""What must hold between coefficients, whatever the numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from satmeter.numerics.composite import composite_reliability, difference_reliability
from satmeter.numerics.factor import omega_total
from satmeter.numerics.greatest_lower_bound import greatest_lower_bound
from satmeter.numerics.lambdas import guttman_lambdas
from satmeter.numerics.reliability import alpha, alpha_standardised

SEEDS = st.integers(0, 100_000)


def one_factor_cov(load, spread=None):
    load = np.asarray(load)
    corr = np.outer(load, load) + np.diag(1 - load**2)
    return corr if spread is None else corr * np.outer(spread, spread)


@given(SEEDS)
def test_standardised_alpha_does_not_know_units(seed):
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(30, 1)) + rng.normal(size=(30, 5))
    scale = rng.uniform(0.01, 100, 5)
    cov = np.cov(values.T)
    assert alpha_standardised(cov * np.outer(scale, scale)) == pytest.approx(float(alpha_standardised(cov)), rel=1e-10)


@given(SEEDS)
def test_omega_is_at_least_alpha_under_one_factor(seed):
    """Alpha is too low where loadings differ, and right where they do not."""
    rng = np.random.default_rng(seed)
    p = int(rng.integers(3, 9))
    load = rng.uniform(0.2, 0.95, p)
    cov = one_factor_cov(load)
    truth = float(composite_reliability(load))
    assert float(omega_total(cov)) == pytest.approx(truth, abs=1e-6)
    assert float(alpha(cov)) <= truth + 1e-12
    assert (truth - float(alpha(cov)) > 1e-9) == (load.std() > 1e-4)
    equal = one_factor_cov(np.full(p, load[0]))
    assert float(alpha(equal)) == pytest.approx(float(composite_reliability(np.full(p, load[0]))), abs=1e-12)


@given(SEEDS)
def test_alpha_is_the_third_lambda_and_the_greatest_lower_bound_is_the_greatest(seed):
    rng = np.random.default_rng(seed)
    p = int(rng.integers(3, 8))
    cov = one_factor_cov(rng.uniform(0.2, 0.9, p), rng.uniform(0.5, 2, p))
    lambdas = guttman_lambdas(cov)
    assert float(lambdas.lambda3) == pytest.approx(float(alpha(cov)), rel=1e-12)
    bound = float(greatest_lower_bound(cov).value)
    assert bound >= max(float(x) for x in (lambdas.lambda2, lambdas.lambda3, lambdas.lambda5, lambdas.lambda6)) - 1e-9


@given(st.floats(0.05, 0.95), st.floats(0.05, 0.95), st.floats(-0.9, 0.9))
def test_a_difference_of_equally_spread_scores_is_less_reliable_than_their_mean_reliability(first, second, r):
    found = float(difference_reliability((first, second), (1, 1), r))
    mean = (first + second) / 2
    assert found <= mean + 1e-12 if r >= 0 else found >= mean - 1e-12
