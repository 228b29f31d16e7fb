"""Effects, effect sizes, reliability, consistent estimates and fit of path models against the peers and identities."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from satmeter.errors import NumericsError
from satmeter.numerics.path_consistent import consistent
from satmeter.numerics.path_effects import effects, inner_quality, specific_effects
from satmeter.numerics.path_fit import exact_fit, implied_correlations, model_fit
from satmeter.numerics.path_model import path_model
from satmeter.numerics.path_quality import goodness_of_fit, outer_quality, reflective
from satmeter.numerics.path_weights import pls


@pytest.fixture(scope="module")
def ecsi(reference):
    values = reference("paths")["values"]["ecsi"]
    place = {name: k for k, name in enumerate(values["constructs"])}
    arcs = {place[k]: tuple(place[j] for j in before) for k, before in values["arcs"].items()}
    model = path_model(values["blocks"], arcs, names=values["constructs"])
    corr = np.array(values["correlation"])
    return values, corr, model, pls(corr, model)


def by_arc(table, model):
    return {f"{model.names[j]} -> {model.names[k]}": table[k, j] for j, k in model.arcs}


def by_name(values, model, chosen):
    return {model.names[k]: values[k] for k in chosen}


def test_total_and_specific_effects_equal_the_peers(ecsi):
    values, _, model, fit = ecsi
    found = effects(fit.paths, model)
    np.testing.assert_allclose(found.total, values["path"]["total"], rtol=1e-8, atol=1e-12)
    assert found.total[6, 2] == pytest.approx(0.3233, abs=5e-5)
    routes, along = specific_effects(fit.paths, model)
    named = {" -> ".join(model.names[k] for k in route): value for route, value in zip(routes, along, strict=True)}
    chosen = {name: value for name, value in named.items() if name.startswith("Image") and name.endswith("Loyalty")}
    assert chosen == pytest.approx(values["specific"], rel=1e-8)
    # what leads from Image to Loyalty over others, added up
    assert sum(chosen.values()) == pytest.approx(found.indirect[6, 0], rel=1e-12)


def test_effect_sizes_and_inflation_equal_the_peers(ecsi):
    values, _, model, fit = ecsi
    found = inner_quality(fit, model, values["n"])
    assert by_arc(found.f2, model) == pytest.approx(values["fit"]["f2"], rel=1e-8)
    inflation = by_arc(found.vif, model)
    assert {name: inflation[name] for name in values["path"]["vif"]} == pytest.approx(values["path"]["vif"], rel=1e-8)
    assert by_name(found.adjusted_r2, model, model.endogenous) == pytest.approx(values["path"]["adjusted_r2"], rel=1e-8)
    assert np.isnan(found.vif[0]).all()
    assert np.isnan(inner_quality(fit, model, 5).adjusted_r2[4])


def test_measurement_quality_equals_the_peers(ecsi):
    values, corr, model, fit = ecsi
    found, expected = outer_quality(corr, fit, model), values["path"]
    chosen = reflective(model)
    assert chosen == (0, 1, 2, 3, 4, 6)
    for name in ("rho_a", "rho_c", "ave"):
        assert by_name(getattr(found, name), model, chosen) == pytest.approx(expected[name], rel=1e-8)
    ratios = {f"{model.names[a]} ~ {model.names[b]}": found.htmt[a, b] for a in chosen for b in chosen if a < b}
    assert ratios == pytest.approx(expected["htmt"], rel=1e-8)
    assert np.isnan([found.rho_a[5], found.rho_c[5], found.ave[5], found.htmt[5, 0]]).all()
    assert found.communality[5] == pytest.approx(1.0)
    assert goodness_of_fit(fit, model) == pytest.approx(values["fit"]["gof"], rel=1e-8)


def test_no_reliability_in_mode_b(ecsi):
    _, corr, model, _ = ecsi
    formed = path_model(model.blocks, {1: (0,), 6: (1, 2, 3, 4, 5)}, modes=("B",) * 7)
    found = outer_quality(corr, pls(corr, formed), formed)
    assert np.isnan(found.rho_a).all()
    assert np.isnan(found.htmt).all()
    single = path_model([(0,), (1,)], {1: (0,)})
    assert np.isnan(goodness_of_fit(pls([[1, 0.5], [0.5, 1]], single), single))


def test_consistent_estimates_equal_seminr_and_are_inadmissible(ecsi):
    values, corr, model, fit = ecsi
    found = consistent(corr, fit, model)
    expected = values["consistent"]
    np.testing.assert_allclose(found.fit.loadings, expected["loadings"], rtol=1e-8)
    assert by_arc(found.fit.paths, model) == pytest.approx(expected["paths"], rel=1e-7)
    assert by_name(found.fit.r2, model, model.endogenous) == pytest.approx(expected["r2"], rel=1e-7)
    # R's cSEM says the same: the construct correlations are not positive semi-definite
    assert found.smallest_eigenvalue == pytest.approx(np.linalg.eigvalsh(found.fit.construct_corr)[0])
    assert found.smallest_eigenvalue < 0
    assert not found.positive_definite
    assert not found.admissible
    assert found.reliabilities_within_one
    assert found.reliability[5] == 1


LOADINGS = np.array([0.9, 0.7, 0.6, 0.8, 0.8, 0.75, 0.65, 0.7])
OWNER = np.array([0, 0, 0, 1, 1, 2, 2, 2])
THREE = path_model([(0, 1, 2), (3, 4), (5, 6, 7)], {1: (0,), 2: (0, 1)})


def factor_model(b10, b20, b21):
    r = np.eye(3)
    r[0, 1] = r[1, 0] = b10
    r[0, 2] = r[2, 0] = b20 + b21 * b10
    r[1, 2] = r[2, 1] = b21 + b20 * b10
    corr = np.outer(LOADINGS, LOADINGS) * r[np.ix_(OWNER, OWNER)]
    np.fill_diagonal(corr, 1.0)
    return corr


@settings(max_examples=30, deadline=None)
@given(st.floats(0.2, 0.6), st.floats(0.1, 0.4), st.floats(0.1, 0.4))
def test_a_factor_model_is_recovered_and_fits(b10, b20, b21):
    corr = factor_model(b10, b20, b21)
    plain = pls(corr, THREE)
    found = consistent(corr, plain, THREE)
    assert found.admissible
    np.testing.assert_allclose([found.fit.paths[1, 0], *found.fit.paths[2, :2]], [b10, b20, b21], atol=1e-6)
    np.testing.assert_allclose(found.fit.loadings, LOADINGS, atol=1e-6)
    assert plain.paths[1, 0] < b10
    for structure in ("saturated", "estimated"):
        implied = implied_correlations(corr, found.fit, THREE, structure=structure, within="factor")
        distance = model_fit(corr, implied)
        assert max(distance.srmr, distance.d_uls, distance.d_g) < 1e-6


def test_a_loading_above_one_is_inadmissible():
    corr = np.array([[1, 0.3, 0.6, 0.6], [0.3, 1, 0.1, 0.1], [0.6, 0.1, 1, 0.7], [0.6, 0.1, 0.7, 1]])
    model = path_model([(0, 1), (2, 3)], {1: (0,)})
    found = consistent(corr, pls(corr, model), model)
    assert found.fit.loadings[0] > 1.3
    assert found.reliability[0] > 1
    assert found.positive_definite
    assert not found.loadings_within_one
    assert not found.reliabilities_within_one
    assert not found.admissible


def test_consistent_in_a_stack_with_a_broken_replicate(ecsi):
    _, corr, model, fit = ecsi
    broken = corr.copy()
    broken[0] = np.nan
    stack = np.stack([corr, broken])
    found = consistent(stack, pls(stack, model), model)
    np.testing.assert_allclose(found.fit.paths[0], consistent(corr, fit, model).fit.paths, rtol=1e-9, atol=1e-12)
    assert np.isnan(found.fit.paths[1]).all()
    assert found.admissible.tolist() == [False, False]
    assert not found.fit.converged[1]


def test_distances_of_the_factor_structure_equal_openpls(ecsi):
    values, corr, model, fit = ecsi
    implied = implied_correlations(corr, fit, model, structure="saturated", within="factor")
    found = model_fit(corr, implied)
    assert found.d_uls == pytest.approx(values["fit"]["d_uls_strict"], rel=1e-8)
    # openpls divides by the 276 pairs, SRMR as in lavaan and cSEM by the 300 cells with the diagonal
    assert found.srmr * np.sqrt(300 / 276) == pytest.approx(values["fit"]["srmr_strict"], rel=1e-8)


def test_composites_say_nothing_of_their_items(ecsi):
    _, corr, model, fit = ecsi
    saturated = implied_correlations(corr, fit, model, structure="saturated")
    estimated = implied_correlations(corr, fit, model)
    for block in model.blocks:
        np.testing.assert_allclose(estimated[np.ix_(block, block)], corr[np.ix_(block, block)], rtol=1e-12)
    i, j = model.blocks[0][1], model.blocks[4][2]
    product = fit.loadings[i] * fit.loadings[j]
    assert saturated[i, j] == pytest.approx(product * fit.construct_corr[0, 4], rel=1e-12)
    # with one exogenous construct, implied correlations with it are its total effects
    reached = effects(fit.paths, model).total[5, 0]
    single = model.blocks[5][0]
    assert estimated[single, i] == pytest.approx(fit.loadings[i] * reached, rel=1e-9)
    np.testing.assert_allclose(estimated, estimated.T, rtol=1e-12)


def test_d_g_is_the_geodesic_distance():
    rng = np.random.default_rng(3)
    one, two = (np.corrcoef(rng.normal(size=(30, 4)).T) for _ in range(2))
    ratios = np.linalg.eigvals(np.linalg.solve(one, two)).real
    assert model_fit(one, two).d_g == pytest.approx((np.log(ratios) ** 2).sum() / 2)
    np.testing.assert_allclose(model_fit(one, two).d_g, model_fit(two, one).d_g)
    assert np.isnan(model_fit(np.ones((2, 2)), np.eye(2)).d_g)


def covariances(corr, n, replicates, seed):
    rng = np.random.default_rng(seed)
    rows = rng.multivariate_normal(np.zeros(len(corr)), corr, size=n) * np.arange(1, len(corr) + 1)
    draws = rng.integers(0, n, (replicates, n))
    return np.stack([np.cov(rows.T), *(np.cov(rows[draw].T) for draw in draws)])


def test_exact_fit_accepts_a_true_and_rejects_a_false_model():
    corr = factor_model(0.6, 0.1, 0.6)
    stack = covariances(corr, 600, 199, 2)
    holds = exact_fit(stack, THREE, structure="saturated")
    assert holds.replicates == 199
    assert min(holds.p_values.srmr, holds.p_values.d_uls, holds.p_values.d_g) > 0.05
    assert holds.fit.d_uls < holds.quantiles.d_uls
    wrong = path_model([(0, 1, 5), (3, 4), (2, 6, 7)], {1: (0,), 2: (0, 1)})
    fails = exact_fit(stack, wrong)
    assert fails.p_values.d_uls == pytest.approx(1 / 200)
    assert fails.fit.srmr > fails.quantiles.srmr


@pytest.mark.parametrize("structure", ["saturated", "estimated"])
def test_the_transformed_sample_obeys_the_model(structure):
    # with the sample itself as only replicate; mode A is not consistent for composites, so its distance is not quite 0
    stack = covariances(factor_model(0.5, 0.3, 0.3), 80, 1, 5)[[0, 0]]
    formed = path_model(THREE.blocks, {1: (0,), 2: (1,)}, modes=("B", "B", "B"))
    reflected = path_model(THREE.blocks, {1: (0,), 2: (1,)})
    for model, within in ((formed, "composite"), (reflected, "factor")):
        found = exact_fit(stack, model, structure=structure, within=within)
        assert found.fit.d_uls > 1e-2
        assert found.quantiles.d_uls < 1e-9
    near = exact_fit(stack, reflected, structure=structure)
    assert 1e-6 < near.quantiles.d_uls < near.fit.d_uls / 10


def test_no_test_where_the_implied_matrix_has_no_root():
    corr = factor_model(0.5, 0.3, 0.3)
    twice = corr[np.ix_([0, 1, 2, 3, 4, 5, 6, 6], [0, 1, 2, 3, 4, 5, 6, 6])]
    found = exact_fit(np.stack([twice, twice]), THREE)
    assert found.replicates == 0
    assert np.isnan(found.p_values.d_uls)


@given(st.integers(2, 6), st.data())
def test_total_is_direct_plus_indirect(m, data):
    arcs = {k: tuple(data.draw(st.sets(st.integers(0, k - 1), min_size=1))) for k in range(1, m)}
    model = path_model([(k,) for k in range(m)], arcs)
    paths = np.zeros((m, m))
    for j, k in model.arcs:
        paths[k, j] = data.draw(st.floats(-1, 1))
    found = effects(paths, model)
    np.testing.assert_allclose(found.total, found.direct + found.indirect, atol=1e-12)
    np.testing.assert_allclose(found.total, np.linalg.inv(np.eye(m) - paths) - np.eye(m), atol=1e-9)
    routes, values = specific_effects(paths, model)
    added = np.zeros((m, m))
    for route, value in zip(routes, values, strict=True):
        added[route[-1], route[0]] += value
    np.testing.assert_allclose(added, found.indirect, atol=1e-9)


def test_too_many_routes_leave_the_totals():
    m = 15
    model = path_model([(k,) for k in range(m)], {k: range(k) for k in range(1, m)})
    paths = np.tril(np.full((m, m), 0.1), -1)
    assert effects(paths, model).total[m - 1, 0] == pytest.approx(0.1 * 1.1 ** (m - 2))
    with pytest.raises(NumericsError) as error:
        specific_effects(paths, model)
    assert [p.code for p in error.value.problems] == ["N078"]
