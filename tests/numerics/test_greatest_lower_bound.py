"""The greatest lower bound against psych (CSDP), its own certificate, and what must hold of it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from satmeter.errors import NumericsError
from satmeter.numerics.greatest_lower_bound import certified_bound, greatest_lower_bound
from satmeter.numerics.lambdas import guttman_lambdas
from satmeter.numerics.split_half import lambda4

NAMES = ["A", "C", "E", "N", "O", "image", "expectations", "quality", "satisfaction", "loyalty"]


def some_covariance(seed, p=None, n=40):
    rng = np.random.default_rng(seed)
    p = p or int(rng.integers(2, 9))
    return np.cov(
        (rng.normal(size=(n, 1)) * rng.uniform(0, 1.5, p) + rng.normal(size=(n, p)) * rng.uniform(0.3, 3, p)).T
    )


@pytest.mark.parametrize("name", NAMES)
def test_equal_to_psych(reference, name):
    expected = reference("reliability2")["values"]["glb"][name]
    cov = np.array(expected["covariance"])
    found = greatest_lower_bound(cov)
    assert found.converged
    assert 0 <= float(found.gap) < 1e-9
    assert float(found.value) == pytest.approx(expected["glb"][0], abs=1e-7)
    np.testing.assert_allclose(found.error_variance, expected["error_variance"], atol=2e-3)


@given(st.integers(0, 100_000))
def test_the_certificate_proves_the_value(seed):
    """Both problems feasible and their values equal: the answer is right whatever the way to it."""
    cov = some_covariance(seed)
    found = greatest_lower_bound(cov)
    assert found.converged
    assert (found.error_variance >= 0).all()
    assert np.linalg.eigvalsh(cov - np.diag(found.error_variance))[0] > -1e-9 * np.trace(cov)
    assert np.linalg.eigvalsh(found.certificate)[0] > -1e-9 * np.trace(found.certificate)
    assert (np.diagonal(found.certificate) >= 1 - 1e-12).all()
    assert float(found.value) - float(certified_bound(cov, found.certificate)) == pytest.approx(float(found.gap))
    assert abs(float(found.gap)) < 1e-8


@given(st.integers(0, 100_000))
def test_above_every_bound_of_guttman(seed):
    cov = some_covariance(seed, p=6)
    value = float(greatest_lower_bound(cov).value)
    others = guttman_lambdas(cov)
    for bound in (others.lambda1, others.lambda2, others.lambda3, others.lambda5, others.lambda6, lambda4(cov)):
        assert value >= float(bound) - 1e-8
    assert value <= 1


def test_one_factor_of_three_items_is_found_exactly():
    """Three items of one factor: covariance less the uniquenesses has rank one, and nothing more can be taken off."""
    loadings = np.array([0.8, 0.7, 0.6])
    cov = np.outer(loadings, loadings) + np.diag([0.5, 0.3, 0.9])
    found = greatest_lower_bound(cov)
    np.testing.assert_allclose(found.error_variance, [0.5, 0.3, 0.9], atol=1e-6)
    assert float(found.value) == pytest.approx(loadings.sum() ** 2 / cov.sum(), abs=1e-9)


def test_two_items_and_no_common_variance():
    two = greatest_lower_bound([[1.0, 0.5], [0.5, 1.0]])
    assert float(two.value) == pytest.approx(2 * 0.5 * 2 / 3, abs=1e-9)  # errors 1 − r each: 2r/(1 + r)
    assert float(greatest_lower_bound(np.diag([1.0, 4.0, 2.0])).value) == pytest.approx(0.0, abs=1e-8)


@given(st.integers(0, 10_000), st.floats(0.01, 100))
def test_order_and_unit_do_not_matter(seed, unit):
    cov = some_covariance(seed, p=5)
    order = np.random.default_rng(seed).permutation(5)
    value = float(greatest_lower_bound(cov).value)
    assert float(greatest_lower_bound(unit * cov).value) == pytest.approx(value, abs=1e-8)
    assert float(greatest_lower_bound(cov[np.ix_(order, order)]).value) == pytest.approx(value, abs=1e-8)


def test_a_certificate_bounds_every_other_matrix_from_below_and_to_first_order_exactly():
    cov = some_covariance(4, p=5, n=400)
    found = greatest_lower_bound(cov)
    rng = np.random.default_rng(0)
    near = np.array([np.cov((rng.normal(size=(4000, 5)) @ np.linalg.cholesky(cov).T).T) for _ in range(50)])
    exact, bound = greatest_lower_bound(near).value, certified_bound(near, found.certificate)
    assert (bound <= exact + 1e-9).all()
    assert bound.std() == pytest.approx(exact.std(), rel=0.1)


def test_what_has_none_is_missing_beside_what_has_one():
    good = some_covariance(1, p=3)
    copied = good.copy()
    copied[2], copied[:, 2] = copied[1], copied[:, 1]
    constant = good.copy()
    constant[0] = constant[:, 0] = 0
    stack = np.stack([good, copied, constant, np.full((3, 3), np.nan)])
    found = greatest_lower_bound(stack[None])
    assert found.value.shape == (1, 4)
    assert np.isfinite(found.value[0]).tolist() == [True, False, False, False]
    assert found.converged[0].tolist() == [True, False, False, False]
    with pytest.raises(NumericsError) as caught:
        greatest_lower_bound([[1.0]])
    assert [p.code for p in caught.value.problems] == ["N001"]
