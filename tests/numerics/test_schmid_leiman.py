"""General and group factors, omega hierarchical and total, against R psych and known truth."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from satmeter.errors import NumericsError
from satmeter.numerics.schmid_leiman import schmid_leiman


@pytest.mark.parametrize("name", ["quality", "school", "bfi"])
def test_equal_to_psych(reference, name):
    values = reference("factors")["values"]["omega"][name]
    found = schmid_leiman(values["correlation"], n_factors=values["n_factors"])
    assert found.converged
    np.testing.assert_allclose(found.omega_hierarchical, values["omega_h"], atol=5e-5)
    np.testing.assert_allclose(found.omega_total, values["omega_t"], atol=5e-5)
    np.testing.assert_allclose(found.general, values["general"], atol=5e-5)
    upper = (
        np.sort(np.abs(x)) for x in (found.second_order, values["second_order"])
    )  # factors' signs are a convention
    np.testing.assert_allclose(*upper, atol=1e-4)
    # psych's group factors come from varimax in another order
    ours, theirs = (np.sort((np.array(x) ** 2).sum(axis=0)) for x in (found.group, values["group"]))
    np.testing.assert_allclose(ours, theirs, atol=2e-4)


def test_perceived_quality_of_the_mobile_phone_study(reference):
    values = reference("reliability")["values"]["ecsi"]["quality"]
    found = schmid_leiman(values["covariance"])
    assert round(float(found.omega_hierarchical), 4) == 0.7783
    assert round(float(found.omega_total), 4) == 0.9084


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 10_000))
def test_a_true_hierarchy_is_found(seed):
    rng = np.random.default_rng(seed)
    upper = rng.uniform(0.4, 0.8, 3)
    pattern = np.kron(np.eye(3), np.ones((4, 1))) * rng.uniform(0.4, 0.8, (12, 1))
    phi = np.outer(upper, upper)
    np.fill_diagonal(phi, 1.0)
    corr = pattern @ phi @ pattern.T
    unique = 1 - np.diag(corr)
    corr += np.diag(unique)
    found = schmid_leiman(corr)
    general = pattern @ upper
    np.testing.assert_allclose(found.general, general, atol=1e-4)
    np.testing.assert_allclose(found.omega_hierarchical, general.sum() ** 2 / corr.sum(), atol=1e-4)
    np.testing.assert_allclose(found.omega_total, 1 - unique.sum() / corr.sum(), atol=1e-4)
    assert found.omega_hierarchical <= found.omega_total


def test_units_do_not_matter_and_a_stack_is_its_matrices(reference):
    values = reference("reliability")["values"]["ecsi"]["quality"]
    cov = np.array(values["covariance"])
    scale = np.diag([1, 10, 0.1, 3, 1, 7, 2.0])
    constant = cov.copy()
    constant[2] = constant[:, 2] = 0.0
    found = schmid_leiman(np.stack([cov, scale @ cov @ scale, constant]))
    np.testing.assert_allclose(found.omega_hierarchical[1], found.omega_hierarchical[0], atol=1e-6)
    np.testing.assert_allclose(found.omega_hierarchical[0], schmid_leiman(cov).omega_hierarchical, atol=1e-9)
    assert np.isnan(found.omega_hierarchical[2])
    assert np.isnan(found.omega_total[2])
    np.testing.assert_array_equal(found.converged, [True, True, False])


def test_an_improper_solution_is_flagged():
    # factor correlations .8 .8 .5: the first factor's loading on the general one would be above 1
    phi = np.array([[1, 0.8, 0.8], [0.8, 1, 0.5], [0.8, 0.5, 1]])
    pattern = np.kron(np.eye(3), np.full((3, 1), 0.7))
    corr = pattern @ phi @ pattern.T
    np.fill_diagonal(corr, 1.0)
    found = schmid_leiman(corr)
    assert found.heywood
    assert found.second_order.max() == pytest.approx(np.sqrt(0.995), abs=1e-6)


@pytest.mark.parametrize(("p", "m", "code"), [(5, 3, "N021"), (8, 2, "N022")])
def test_what_cannot_be_had(p, m, code):
    with pytest.raises(NumericsError) as caught:
        schmid_leiman(np.eye(p), n_factors=m)
    assert caught.value.problems[0].code == code
