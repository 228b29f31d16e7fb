"""Partial least squares against seminr, openpls and SmartPLS, and what must hold of it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from satmeter.errors import NumericsError
from satmeter.numerics.path_model import path_model
from satmeter.numerics.path_weights import pls

PUBLISHED = {  # SmartPLS 2.0.M3, mode A, standardised
    "r2": [0.254938080, 0.309969407, 0.345278942, 0.681078291, 0.278853960, 0.456944455],
    "paths": {
        (0, 1): 0.504913934,
        (0, 4): 0.178739500,
        (0, 6): 0.195755333,
        (1, 2): 0.556748962,
        (2, 4): 0.512023940,
        (2, 3): 0.558304379,
    },
}
OTHER_SCHEMES = {  # SmartPLS, four digits
    "factorial": [0.5049, 0.5568, 0.0502, 0.5578, 0.1786, 0.0649, 0.5130, 0.1914, 0.5259, 0.1958, 0.4831, 0.0703],
    "centroid": [0.5047, 0.5572, 0.0508, 0.5572, 0.1788, 0.0644, 0.5125, 0.1918, 0.5261, 0.1954, 0.4835, 0.0712],
}


@pytest.fixture(scope="module")
def ecsi(reference):
    values = reference("paths")["values"]["ecsi"]
    place = {name: k for k, name in enumerate(values["constructs"])}
    arcs = {place[k]: tuple(place[j] for j in before) for k, before in values["arcs"].items()}
    return values, np.array(values["correlation"]), (values["blocks"], arcs, values["constructs"])


def model_of(parts, **options):
    blocks, arcs, names = parts
    return path_model(blocks, arcs, names=names, **options)


@pytest.mark.parametrize("case", ["path", "factorial", "centroid", "mode_b"])
def test_estimates_equal_the_peers(ecsi, case):
    values, corr, parts = ecsi
    expected = values[case]
    modes = ["B" if case == "mode_b" and name in ("Image", "Quality") else "A" for name in values["constructs"]]
    model = model_of(parts, modes=modes)
    fit = pls(corr, model, scheme="path" if case == "mode_b" else case)
    np.testing.assert_allclose(fit.weights, expected["weights"], atol=5e-9, rtol=0)
    np.testing.assert_allclose(fit.loadings, expected["loadings"], atol=5e-9, rtol=0)
    paths = {f"{model.names[j]} -> {model.names[k]}": fit.paths[k, j] for j, k in model.arcs}
    assert paths == pytest.approx(expected["paths"], rel=1e-8)
    assert {model.names[k]: fit.r2[k] for k in model.endogenous} == pytest.approx(expected["r2"], rel=1e-8)
    assert np.isnan(fit.r2[0])


def test_estimates_equal_smartpls(ecsi):
    _, corr, parts = ecsi
    model = model_of(parts)
    fit = pls(corr, model)
    np.testing.assert_allclose(fit.r2[1:], PUBLISHED["r2"], atol=8e-9, rtol=0)
    for (j, k), value in PUBLISHED["paths"].items():
        assert fit.paths[k, j] == pytest.approx(value, abs=8e-9)
    for scheme, values in OTHER_SCHEMES.items():
        found = pls(corr, model, scheme=scheme)
        assert [round(float(found.paths[k, j]), 4) for j, k in model.arcs] == values


def test_what_the_numbers_mean(ecsi):
    _, corr, parts = ecsi
    model = model_of(parts)
    fit = pls(corr, model)
    spread = np.zeros((24, 7))
    for k, block in enumerate(model.blocks):
        spread[list(block), k] = fit.weights[list(block)]
    np.testing.assert_allclose(spread.T @ corr @ spread, fit.construct_corr, atol=1e-12)
    np.testing.assert_allclose(np.diagonal(fit.construct_corr), 1.0, rtol=1e-12)
    np.testing.assert_allclose(corr @ spread, fit.cross_loadings, atol=1e-12)
    before = list(model.predecessors[4])
    inner = fit.construct_corr
    np.testing.assert_allclose(fit.paths[4, before], np.linalg.solve(inner[np.ix_(before, before)], inner[before, 4]))


def sample(seed, n=60, p=8):
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(n, p)) + rng.normal(size=(n, 1)) + 0.5 * np.repeat(rng.normal(size=(n, p // 2)), 2, axis=1)
    return np.corrcoef(rows.T)


BLOCKS = [(0, 1, 2), (3, 4), (5,), (6, 7)]
ARCS = {1: (0,), 2: (0, 1), 3: (1, 2)}
MODES = ("A", "B", "A", "A")


@settings(max_examples=25, deadline=None)
@given(
    st.integers(0, 10_000), st.permutations(range(8)), st.permutations(range(4)), st.sampled_from(["path", "centroid"])
)
def test_order_of_items_and_constructs_changes_nothing(seed, items, constructs, scheme):
    corr = sample(seed)
    fit = pls(corr, path_model(BLOCKS, ARCS, modes=MODES), scheme=scheme)
    place = np.argsort(items)
    blocks = [tuple(int(place[c]) for c in BLOCKS[k]) for k in constructs]
    new = np.argsort(constructs)
    arcs = {int(new[k]): tuple(int(new[j]) for j in before) for k, before in ARCS.items()}
    model = path_model(blocks, arcs, modes=[MODES[k] for k in constructs])
    found = pls(corr[np.ix_(items, items)], model, scheme=scheme)
    np.testing.assert_allclose(found.weights, fit.weights[items], atol=1e-7)
    np.testing.assert_allclose(found.paths, fit.paths[np.ix_(constructs, constructs)], atol=1e-7)
    np.testing.assert_allclose(found.r2, fit.r2[constructs], atol=1e-7)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.lists(st.sampled_from([-1.0, 1.0]), min_size=8, max_size=8))
def test_reversed_items_turn_their_own_weights_only(seed, signs):
    corr = sample(seed)
    turned = corr * np.outer(signs, signs)
    model = path_model(BLOCKS, ARCS, modes=MODES)
    plain, found = pls(corr, model), pls(turned, model)
    assert found.r2[1:] == pytest.approx(plain.r2[1:], abs=1e-7)
    assert np.abs(found.loadings) == pytest.approx(np.abs(plain.loadings), abs=1e-7)
    for block in BLOCKS:
        positive = np.sign(found.loadings[list(block)]).sum()
        assert positive > 0 or (positive == 0 and found.loadings[list(block)].sum() >= 0)


def test_the_anchor_decides_the_sign(ecsi):
    _, corr, parts = ecsi
    signs = np.ones(24)
    image = parts[0][0]
    signs[image[:3]] = -1
    turned = corr * np.outer(signs, signs)
    plain = pls(corr, model_of(parts)).paths[1, 0]
    assert pls(turned, model_of(parts)).paths[1, 0] == pytest.approx(-plain, abs=1e-9)
    assert pls(turned, model_of(parts, anchors={0: image[4]})).paths[1, 0] == pytest.approx(plain, abs=1e-9)


def test_replicates_take_the_sign_of_the_sample():
    corr = sample(4)
    signs = np.ones(8)
    signs[[0, 1]] = -1  # in the replicate two of three items are reversed: alone it would be turned
    stack = np.stack([corr, corr * np.outer(signs, signs)])
    model = path_model(BLOCKS, ARCS)
    both = pls(stack, model)
    assert (both.loadings @ (both.loadings[0] * np.isin(np.arange(8), BLOCKS[0])) > 0).all()
    assert pls(stack[1], model).loadings[2] < 0


@pytest.mark.parametrize("scheme", ["path", "factorial", "centroid"])
def test_a_stack_gives_the_same_as_one_matrix_after_the_other(scheme):
    stack = np.stack([sample(seed) for seed in range(6)]).reshape(2, 3, 8, 8)
    model = path_model(BLOCKS, ARCS, modes=MODES)
    fit = pls(stack, model, scheme=scheme)
    for at in np.ndindex(2, 3):
        one = pls(stack[at], model, scheme=scheme, reference=fit.loadings[0, 0])
        for name in ("weights", "loadings", "cross_loadings", "construct_corr", "paths", "r2"):
            np.testing.assert_allclose(getattr(fit, name)[at], getattr(one, name), rtol=1e-9, atol=1e-12)
        assert fit.iterations[at] == one.iterations


def refused(corr, model, **options):
    with pytest.raises(NumericsError) as error:
        pls(corr, model, **options)
    return {problem.code: problem.params for problem in error.value.problems}


def test_constant_items_and_missing_correlations_are_named():
    model = path_model(BLOCKS, ARCS, names=("w", "x", "y", "z"))
    corr = sample(1)
    corr[5] = corr[:, 5] = np.nan
    assert refused(corr, model) == {"N077": {"constructs": "y", "columns": "5"}}
    corr = sample(1)
    corr[0, 6] = corr[6, 0] = np.nan
    assert refused(corr, model) == {"N077": {"constructs": "w, z", "columns": "0, 6"}}


def test_collinear_items_in_mode_b_are_named():
    corr = sample(1)
    corr[4] = corr[:, 4] = corr[3]
    corr[4, 4] = 1.0
    names = ("w", "x", "y", "z")
    assert refused(corr, path_model(BLOCKS, ARCS, modes=MODES, names=names)) == {
        "N074": {"constructs": "x", "columns": "3, 4"}
    }
    assert pls(corr, path_model(BLOCKS, ARCS)).converged


@pytest.mark.parametrize("scheme", ["path", "centroid"])
def test_collinear_predecessors_are_named(scheme):
    corr = sample(1)
    keep = [0, 1, 2, 5, 5, 6, 7]
    model = path_model([(0, 1, 2), (3,), (4,), (5, 6)], {3: (0, 1, 2), 2: (0,)}, names=("w", "x", "copy", "z"))
    assert refused(corr[np.ix_(keep, keep)], model, scheme=scheme) == {
        "N075": {"outcome": "z", "constructs": "w, x, copy"}
    }


def test_an_algorithm_that_does_not_end_gives_no_numbers(ecsi):
    _, corr, parts = ecsi
    assert refused(corr, model_of(parts), max_iter=3) == {"N076": {"iterations": 3}}


def test_a_matrix_of_another_size_is_refused():
    assert set(refused(np.eye(3), path_model([(0,), (1,)], {1: (0,)}))) == {"N010"}


def test_a_replicate_without_solution_is_nan():
    good, constant, singular = sample(1), sample(1), sample(1)
    constant[5] = constant[:, 5] = np.nan
    singular[4] = singular[:, 4] = singular[3]
    singular[4, 4] = 1.0
    fit = pls(np.stack([good, constant, singular]), path_model(BLOCKS, ARCS, modes=MODES))
    assert fit.converged.tolist() == [True, False, False]
    assert np.isnan(fit.paths[1:]).all()
    assert np.isnan(fit.weights[1:]).all()
    assert np.isfinite(fit.weights[0]).all()


def test_a_replicate_that_does_not_end_is_nan(ecsi):
    _, corr, parts = ecsi
    model = model_of(parts)
    steps = int(pls(corr, model).iterations)
    harder = 0.05 * corr + 0.95 * np.eye(24) + 0.02 * (np.outer(*[np.cos(np.arange(24.0))] * 2))
    np.fill_diagonal(harder, 1.0)
    assert pls(harder, model).iterations > steps
    fit = pls(np.stack([corr, harder]), model, max_iter=steps)
    assert fit.converged.tolist() == [True, False]
    assert np.isnan(fit.r2[1]).all()
    np.testing.assert_allclose(fit.r2[0, 1:], PUBLISHED["r2"], atol=8e-9)
