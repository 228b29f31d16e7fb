"""Exploratory factor analysis against R psych; order of items, units and rotation must not matter; Heywood cases."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from satmeter.errors import NumericsError
from satmeter.numerics.arguments import correlation_from
from satmeter.numerics.exploratory import explore_factors
from satmeter.numerics.extraction import extract_factors, factor_df
from satmeter.numerics.factor import one_factor

DATA = ["bfi", "school"]


def data_of(reference, name):
    values = reference("factors")["values"][name]
    return values, np.array(values["correlation"])


@pytest.mark.parametrize("name", DATA)
@pytest.mark.parametrize("method", ["minres", "ml", "pa"])
def test_extraction_equals_psych(reference, name, method):
    values, corr = data_of(reference, name)
    found = explore_factors(corr, values["n_factors"], method=method, rotation="none")
    assert found.converged
    psych = values["solutions"][f"{method} none"]
    np.testing.assert_allclose(found.loadings, psych["loadings"], atol=2e-5)
    np.testing.assert_allclose(found.communality, psych["communality"], atol=2e-5)


@pytest.mark.parametrize("name", DATA)
@pytest.mark.parametrize("method", ["minres", "ml"])
@pytest.mark.parametrize("rotation", ["oblimin", "promax", "varimax"])
def test_rotated_solutions_equal_psych(reference, name, method, rotation):
    values, corr = data_of(reference, name)
    found = explore_factors(corr, values["n_factors"], method=method, rotation=rotation)
    psych = values["solutions"][f"{method} {rotation}"]
    # psych calls stats::varimax, which stops at eps = 1e-5; tests of rotation hold varimax run to its end to 1e-6
    tolerance = 2e-5 if rotation == "oblimin" else 2e-3
    np.testing.assert_allclose(found.loadings, psych["loadings"], atol=tolerance)
    np.testing.assert_allclose(found.phi, psych["phi"], atol=tolerance)
    np.testing.assert_allclose(found.communality, psych["communality"], atol=2e-5)


def test_communality_of_oblique_factors_is_not_the_row_sum_of_squares(reference):
    _, corr = data_of(reference, "bfi")
    found = explore_factors(corr, 5)
    by_hand = np.array([row @ found.phi @ row for row in found.loadings])
    np.testing.assert_allclose(found.communality, by_hand, rtol=1e-12)
    assert np.abs(found.communality - (found.loadings**2).sum(axis=1)).max() > 0.05
    np.testing.assert_allclose(found.explained.sum(), found.communality.mean(), rtol=1e-10)


@pytest.mark.parametrize("name", DATA)
@pytest.mark.parametrize("rotation", ["oblimin", "promax", "varimax", "none"])
def test_order_of_items_only_orders_the_loadings(reference, name, rotation):
    values, corr = data_of(reference, name)
    order = np.random.default_rng(8).permutation(len(corr))
    once = explore_factors(corr, values["n_factors"], rotation=rotation)
    twice = explore_factors(corr[np.ix_(order, order)], values["n_factors"], rotation=rotation)
    np.testing.assert_allclose(twice.loadings, once.loadings[order], atol=1e-6)
    np.testing.assert_allclose(twice.phi, once.phi, atol=1e-6)


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 10_000))
def test_units_of_items_and_kind_of_rotation_do_not_matter(seed):
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(120, 2)) @ rng.uniform(0.2, 0.9, (2, 7)) + rng.normal(size=(120, 7))
    moved = rows * rng.uniform(0.1, 30, 7) + rng.normal(size=7) * 5
    plain, other = correlation_from(np.cov(rows.T)), correlation_from(np.cov(moved.T))
    base = explore_factors(plain, 2)
    np.testing.assert_allclose(explore_factors(other, 2).loadings, base.loadings, atol=1e-5)
    for rotation in ("promax", "varimax", "none"):
        np.testing.assert_allclose(
            explore_factors(plain, 2, rotation=rotation).communality, base.communality, atol=1e-8
        )


@settings(deadline=None, max_examples=12)
@given(st.integers(0, 10_000), st.sampled_from(["minres", "ml", "pa"]))
def test_a_true_structure_is_found(seed, method):
    rng = np.random.default_rng(seed)
    truth = np.kron(np.eye(2), np.ones((4, 1))) * rng.uniform(0.4, 0.9, (8, 1))
    phi = np.array([[1, 0.4], [0.4, 1]])
    corr = truth @ phi @ truth.T
    np.fill_diagonal(corr, 1.0)
    found = explore_factors(corr, 2, method=method)
    if np.argsort(-found.explained)[0] != 0 or (truth**2).sum(axis=0)[0] < (truth**2).sum(axis=0)[1]:
        truth = truth[:, ::-1]
    np.testing.assert_allclose(found.loadings, truth, atol=2e-5)
    np.testing.assert_allclose(found.phi, phi, atol=5e-5)
    assert not found.heywood.any()


def test_one_factor_is_that_of_the_other_module(reference):
    _, corr = data_of(reference, "school")
    single = one_factor(corr, min_uniqueness=0.005)
    np.testing.assert_allclose(explore_factors(corr, 1).loadings[:, 0], single.loadings, atol=1e-7)


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 10_000), st.sampled_from(["minres", "ml"]))
def test_no_neighbour_is_better(seed, method):
    """Also where uniquenesses stand at their bound: small samples are full of Heywood cases."""
    rng = np.random.default_rng(seed)
    corr = np.corrcoef((rng.normal(size=(30, 3)) @ rng.uniform(-1, 1, (3, 7)) + rng.normal(size=(30, 7))).T)
    found = extract_factors(corr, 3, method=method)
    assert found.converged

    def loss(unique):
        if method == "minres":
            return (np.linalg.eigvalsh(corr - np.diag(unique))[:4] ** 2).sum()
        low = np.linalg.eigvalsh(corr / np.sqrt(np.outer(unique, unique)))[:4]
        return (low - np.log(low)).sum()

    best = np.clip(found.uniqueness, 0.005, 1.0)
    best[found.heywood] = 0.005
    for _ in range(10):
        near = np.clip(best + rng.normal(size=7) * 0.003, 0.005, 1.0)
        assert loss(near) >= loss(best) - 1e-9


def test_heywood_cases_are_flagged_and_shown():
    # the loading of item 0 would be 1.2 / sqrt(0.36 · …): r01 r02 / r12 above 1
    corr = np.array([[1, 0.8, 0.8], [0.8, 1, 0.5], [0.8, 0.5, 1]])
    for method in ("minres", "ml"):
        found = extract_factors(corr, 1, method=method)
        np.testing.assert_array_equal(found.heywood, [True, False, False])
    free = extract_factors(corr, 1, method="pa")
    assert free.uniqueness[0] == pytest.approx(1 - 0.8 * 0.8 / 0.5, abs=1e-6)
    np.testing.assert_array_equal(free.heywood, [True, False, False])


def test_a_stack_is_its_matrices_and_bad_ones_stay_alone(reference):
    _, good = data_of(reference, "school")
    holed = good.copy()
    holed[3, 4] = holed[4, 3] = np.nan
    copied = good.copy()
    copied[1], copied[:, 1] = copied[0], copied[:, 0]
    copied[0, 1] = copied[1, 0] = copied[1, 1] = 1.0
    stack = np.stack([good, holed, copied])
    found = explore_factors(stack, 3)
    np.testing.assert_array_equal(found.converged[:2], [True, False])
    np.testing.assert_allclose(found.loadings[0], explore_factors(good, 3).loadings, atol=1e-9)
    assert np.isnan(found.loadings[1]).all()
    assert found.converged[2]
    assert found.communality[2, :2].min() > 0.98  # a copied item has next to nothing of its own
    likelihood = explore_factors(stack, 3, method="ml")
    np.testing.assert_array_equal(likelihood.converged, [True, False, False])
    assert np.isnan(likelihood.loadings[1:]).all()


@pytest.mark.parametrize(("p", "m", "most"), [(5, 3, 2), (4, 0, 1), (2, 1, 0), (9, 6, 5)])
def test_too_many_factors(p, m, most):
    with pytest.raises(NumericsError) as caught:
        extract_factors(np.eye(p), m)
    (problem,) = caught.value.problems
    assert (problem.code, problem.params["maximum"], problem.params["items"]) == ("N021", most, p)
    assert f"{p} items" in problem.text("en")
    assert f"{p} 个题项" in problem.text("zh-CN")


def test_degrees_of_freedom():
    assert [factor_df(25, 5), factor_df(9, 3), factor_df(6, 3), factor_df(3, 1)] == [185, 12, 0, 0]
