"""Omega hierarchical with replicates that follow the sample's solution."""

import numpy as np
import pytest

from satmeter.errors import NumericsError
from satmeter.numerics.hierarchical_omega import hierarchical_omega
from satmeter.numerics.schmid_leiman import schmid_leiman


def samples(cov, n, replicates, seed=0):
    rng = np.random.default_rng(seed)
    root = np.linalg.cholesky(cov)
    drawn = [np.cov((rng.normal(size=(n, len(cov))) @ root.T).T) for _ in range(replicates)]
    return np.stack([np.asarray(cov), *drawn])


@pytest.mark.parametrize("name", ["bfi", "ecsi"])
def test_all_items_with_as_many_factors_as_constructs_equal_psych(reference, name):
    expected = reference("reliability2")["values"]["all_items"][name]
    found = hierarchical_omega([expected["correlation"]], n_factors=expected["n_factors"])
    assert found.converged
    assert found.omega_hierarchical[0] == pytest.approx(expected["omega_h"], abs=1e-4)
    assert found.omega_total[0] == pytest.approx(expected["omega_t"], abs=1e-4)


def test_replicates_spread_as_those_that_are_solved_from_scratch(reference):
    cov = np.array(reference("reliability")["values"]["ecsi"]["quality"]["covariance"])
    stack = samples(cov, 250, 60)
    found, scratch = hierarchical_omega(stack), schmid_leiman(stack)
    assert found.omega_hierarchical[0] == pytest.approx(float(scratch.omega_hierarchical[0]), abs=1e-9)
    gap = np.abs(found.omega_hierarchical - scratch.omega_hierarchical)
    assert np.median(gap) < 2e-4
    assert found.omega_hierarchical[1:].std() == pytest.approx(scratch.omega_hierarchical[1:].std(), rel=0.1)
    np.testing.assert_allclose(found.omega_total, scratch.omega_total, atol=1e-9)


def test_a_replicate_near_the_sample_has_its_solution(reference):
    cov = np.array(reference("reliability")["values"]["ecsi"]["quality"]["covariance"])
    stack = samples(cov, 50_000, 5)
    np.testing.assert_allclose(
        hierarchical_omega(stack).omega_hierarchical, schmid_leiman(stack).omega_hierarchical, atol=5e-4
    )


def test_replicates_without_a_solution_are_missing():
    cov = np.kron(np.eye(3), np.full((3, 3), 0.4)) + 0.6 * np.eye(9) + 0.2
    broken = np.full((9, 9), np.nan)
    found = hierarchical_omega(np.stack([cov, broken, cov]))
    assert np.isfinite(found.omega_hierarchical).tolist() == [True, False, True]
    constant = cov.copy()
    constant[0] = constant[:, 0] = 0.0
    nothing = hierarchical_omega(np.stack([constant, cov]))
    assert not nothing.converged
    assert np.isnan(nothing.omega_hierarchical).all()


def test_too_few_items_or_factors():
    for n_factors, code in ((2, "N022"), (3, "N021")):
        with pytest.raises(NumericsError) as caught:
            hierarchical_omega(np.eye(5)[None], n_factors=n_factors)
        assert [p.code for p in caught.value.problems] == [code]
