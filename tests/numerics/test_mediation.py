"""Effects in recursive models against R lm, lavaan and written-out algebra; total = direct + indirect."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from satmeter.errors import NumericsError
from satmeter.numerics.mediation import effect_errors, path_effects, specific_effects, specific_errors
from satmeter.numerics.mediation_moderated import moderated_mediation


def numbered(case):
    names = case["variables"]
    return {names.index(y): tuple(names.index(x) for x in those) for y, those in case["model"].items()}


@pytest.mark.parametrize("name", ["ecsi", "simple"])
def test_effects_equal_lm(reference, name):
    case, rtol = reference("mediation")["values"][name], reference("mediation")["rtol"]
    effects = path_effects(case["covariance"], numbered(case))
    for what in ("direct", "total", "indirect", "std_total"):
        np.testing.assert_allclose(getattr(effects, what), case[what], rtol=rtol, atol=1e-12, err_msg=what)
    for outcome, r2 in case["r2"].items():
        assert effects.r2[case["variables"].index(outcome)] == pytest.approx(r2, rel=rtol)


@pytest.mark.parametrize("name", ["ecsi", "simple"])
def test_delta_errors_equal_the_numerical_ones(reference, name):
    case = reference("mediation")["values"][name]
    errors = effect_errors(case["covariance"], case["n"], numbered(case))
    np.testing.assert_allclose(errors.direct, case["direct_se"], rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(errors.total, case["total_se"], rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(errors.indirect, case["indirect_se"], rtol=1e-6, atol=1e-9)


def test_coefficients_equal_lavaan(reference):
    case = reference("mediation")["values"]["ecsi"]
    effects = path_effects(case["covariance"], numbered(case))
    place = {name: k for k, name in enumerate(case["variables"])}
    rows = case["lavaan"]
    found = [effects.direct[place[y], place[x]] for y, x in zip(rows["outcome"], rows["predictor"], strict=True)]
    np.testing.assert_allclose(found, rows["estimate"], rtol=1e-6)


def test_sobel(reference):
    """Image → satisfaction → loyalty of the project's notes: ab 0.41073, z 5.544."""
    case = reference("mediation")["values"]["simple"]
    effects = path_effects(case["covariance"], numbered(case))
    way = specific_effects(effects, 0, 2)
    error = specific_errors(effects, effect_errors(case["covariance"], case["n"], numbered(case)), 0, 2)
    assert way.ways == ((0, 2), (0, 1, 2))
    assert way.raw[1] == pytest.approx(case["sobel"]["ab"], rel=1e-9)
    assert error[1] == pytest.approx(case["sobel"]["se"], rel=1e-9)
    assert (round(way.raw[1], 5), round(way.raw[1] / error[1], 3)) == (0.41073, 5.544)


def covariances(rng, p, replicates):
    rows = rng.standard_normal((replicates, 3 * p, p)) @ (np.eye(p) + 0.4)
    return np.stack([np.cov(block.T) for block in rows])


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000), st.lists(st.booleans(), min_size=10, max_size=10))
def test_total_is_the_sum_over_all_ways(seed, drawn):
    mask = np.zeros((5, 5), dtype=bool)
    mask[np.tril_indices(5, -1)] = drawn
    paths = {k: tuple(np.flatnonzero(mask[k])) for k in range(5) if mask[k].any()}
    if not paths:
        return
    cov = covariances(np.random.default_rng(seed), 5, 3)
    effects = path_effects(cov, paths)
    np.testing.assert_allclose(effects.total, effects.direct + effects.indirect, rtol=0, atol=1e-12)
    for source in range(5):
        for target in range(source + 1, 5):
            found = specific_effects(effects, source, target)
            for what, whole in ((found.raw, effects.total), (found.std, effects.std_total)):
                np.testing.assert_allclose(what.sum(axis=-1), whole[:, target, source], rtol=1e-12, atol=1e-12)
            if (source, target) in {way for way in found.ways if len(way) == 2}:
                np.testing.assert_allclose(found.raw[:, 0], effects.direct[:, target, source], rtol=1e-14)


@given(st.integers(0, 10_000))
@settings(deadline=None, max_examples=20)
def test_in_a_complete_model_the_total_is_the_regression_without_mediators(seed):
    cov = covariances(np.random.default_rng(seed), 4, 2)
    effects = path_effects(cov, {1: (0,), 2: (0, 1), 3: (0, 1, 2)})
    alone = cov[:, 0, 1:] / cov[:, 0, :1]
    np.testing.assert_allclose(effects.total[:, 1:, 0], alone, rtol=1e-10, atol=1e-12)


def test_replicates_are_their_own_samples():
    rng = np.random.default_rng(2)
    cov, paths = covariances(rng, 4, 6), {2: (0, 1), 3: (0, 2)}
    stacked = path_effects(cov, paths)
    for r in range(6):
        np.testing.assert_allclose(stacked.std_total[r], path_effects(cov[r], paths).std_total, rtol=1e-12)


def test_a_replicate_that_cannot_be_had_is_nan():
    cov = covariances(np.random.default_rng(2), 3, 3)
    cov[1, 1], cov[1, :, 1] = cov[1, 0], cov[1, :, 0]
    cov[1, 1, 1] = cov[1, 0, 0]
    effects = path_effects(cov, {2: (0, 1)})
    assert np.isnan(effects.total[1, 2, 0])
    assert np.isfinite(effects.total[[0, 2]]).all()


def test_wrong_models_are_refused():
    cov = np.eye(3) + 0.2
    for paths, code in (({0: (1,), 1: (0,)}, "N090"), ({0: (3,)}, "N091"), ({}, "N091")):
        with pytest.raises(NumericsError, match=code):
            path_effects(cov, paths)
    with pytest.raises(NumericsError, match="N005"):
        path_effects(np.ones((3, 3)) + np.diag([0, 0, 1.0]), {2: (0, 1)})
    with pytest.raises(NumericsError, match="N006"):
        effect_errors(cov, 3, {2: (0, 1)})


ROLES = {"source": 0, "mediator": 1, "outcome": 2, "moderator": 3, "product": 4}


@pytest.mark.parametrize("stage", ["first", "second"])
def test_moderated_mediation_equals_lm(reference, stage):
    case, rtol = reference("mediation")["values"][stage], reference("mediation")["rtol"]
    cov = np.array(case["covariance"])
    found = moderated_mediation(np.stack([cov, 2 * cov]), **ROLES, stage=stage, at=case["at"], covariates=(5,))
    np.testing.assert_allclose(found.index, [case["index"]] * 2, rtol=rtol)
    np.testing.assert_allclose(found.conditional, [case["conditional"]] * 2, rtol=rtol)
    np.testing.assert_allclose(found.direct, [case["direct"]] * 2, rtol=rtol)
    step = case["at"][2] - case["at"][1]
    np.testing.assert_allclose(np.diff(found.conditional, axis=1), np.outer(found.index, [step, step]), rtol=1e-9)


def test_moderated_mediation_needs_different_columns():
    with pytest.raises(NumericsError, match="N010"):
        moderated_mediation(np.eye(5), **(ROLES | {"product": 3}), stage="first", at=(0,))


@pytest.mark.parametrize("stage", ["first", "second"])
def test_covariates_of_one_regression_only(stage):
    rng = np.random.default_rng(3)
    x, w, c, d = rng.normal(size=(4, 300))
    m = 0.5 * x + 0.3 * w + 0.2 * c + rng.normal(size=300)
    y = 0.4 * m + 0.2 * w + 0.3 * d + rng.normal(size=300)
    product = (x if stage == "first" else m) * w
    roles = {"source": 0, "mediator": 1, "outcome": 2, "moderator": 3, "product": 4, "stage": stage, "at": (0, 1)}
    other = {"mediator_covariates": (5,), "outcome_covariates": (6,)}
    other["outcome_covariates" if stage == "first" else "mediator_covariates"] += (3,)
    found = moderated_mediation(np.cov([x, m, y, w, product, c, d]), **roles, **other)

    def slopes(outcome, *columns):
        return np.linalg.lstsq(np.column_stack([np.ones(300), *columns]), outcome, rcond=None)[0][1:]

    first = slopes(m, x, w, product, c) if stage == "first" else slopes(m, x, w, c)
    second = slopes(y, m, x, w, d) if stage == "first" else slopes(y, m, x, w, product, d)
    interaction, constant = (first[2], second[0]) if stage == "first" else (second[3], first[0])
    np.testing.assert_allclose(found.index, interaction * constant, rtol=1e-9)
    np.testing.assert_allclose(found.conditional[0], first[0] * second[0], rtol=1e-9)
    with pytest.raises(NumericsError, match="N010"):
        moderated_mediation(np.eye(7), **roles, mediator_covariates=(3, 3))
