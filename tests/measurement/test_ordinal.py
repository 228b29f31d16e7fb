"""Guttman's bounds, split halves, composite reliability and ordinal coefficients of a study."""

import json
from pathlib import Path

import numpy as np
import pytest

from satmeter.measurement import measure
from satmeter.measurement.ordinal import MOST_POINTS
from satmeter.moments import make_resampling
from satmeter.numerics.pair_counts import pair_counts
from satmeter.numerics.polychoric import polychoric
from satmeter.numerics.reliability import alpha

REFERENCE = Path(__file__).parents[1] / "reference"
SPLITS = json.loads((REFERENCE / "splits.json").read_text("utf-8"))["values"]
ALL = [
    "alpha",
    "alpha_std",
    "omega_total",
    "lambda1",
    "lambda2",
    "lambda4",
    "lambda5",
    "lambda6",
    "split_half",
    "glb",
    "rho_c",
    "rho_a",
    "alpha_feldt",
    "sem",
    "alpha_ordinal",
    "omega_ordinal",
]


def exact_sample(covariance, n):
    target = np.asarray(covariance)
    rows = np.random.default_rng(5).normal(size=(n, len(target)))
    rows -= rows.mean(axis=0)
    rows = rows @ np.linalg.inv(np.linalg.cholesky(rows.T @ rows / (n - 1))).T
    return rows @ np.linalg.cholesky(target).T


def five_points(n, loadings, seed=1, points=5):
    rng = np.random.default_rng(seed)
    load = np.asarray(loadings)
    latent = rng.normal(size=(n, 1)) * load + rng.normal(size=(n, len(load))) * np.sqrt(1 - load**2)
    cuts = np.linspace(-1.2, 1.2, points - 1)
    return {f"i{j}": [float(x) for x in 1 + np.searchsorted(cuts, latent[:, j])] for j in range(len(load))}


def measured(study):
    return measure(study, make_resampling(study))


def by_name(found, construct="c"):
    return {row.coefficient: row for row in found.reliability if row.construct == construct}


def notes_of(found, code):
    return [n for n in found.reliability_notes if n.code == code]


@pytest.mark.parametrize("name", ["image", "quality", "satisfaction", "attitude", "agreeable_extravert"])
def test_coefficients_are_those_of_the_reference(study_by_hand, name):
    expected = SPLITS[name]
    rows = exact_sample(expected["covariance"], expected["n"])
    ratings = {item: list(rows[:, j]) for j, item in enumerate(expected["items"])}
    found = measured(study_by_hand({"c": ("driver", ratings)}, replicates=50))
    rows_by_name = by_name(found)
    assert list(rows_by_name) == ALL[:-2]
    assert rows_by_name["lambda2"].estimate == pytest.approx(expected["lambdas"][1], rel=1e-9)
    assert rows_by_name["lambda4"].estimate == pytest.approx(expected["halves"]["lambda4"], rel=1e-9)
    assert rows_by_name["split_half"].estimate == pytest.approx(expected["halves"]["spearman_brown"]["mean"], rel=1e-9)
    loadings = np.array(expected["likelihood"]["lavaan"])
    rho_c = loadings.sum() ** 2 / (loadings.sum() ** 2 + (1 - loadings**2).sum())
    assert rows_by_name["rho_c"].estimate == pytest.approx(rho_c, abs=1e-5)
    assert [n.params["most"] for n in notes_of(found, "M130")] == [MOST_POINTS]


def test_all_coefficients_have_intervals_and_order(study_by_hand):
    found = measured(study_by_hand({"c": ("driver", five_points(300, [0.8, 0.7, 0.6, 0.7]))}, replicates=200))
    rows = by_name(found)
    assert list(rows) == ALL
    assert all(0 < r.conf_low < r.estimate < r.conf_high for r in rows.values())
    assert all(r.std_error > 0 for name, r in rows.items() if name != "alpha_feldt")  # an exact interval, no error
    assert rows["alpha_feldt"].std_error is None
    assert all(r.conf_high < 1 for name, r in rows.items() if name != "sem")
    assert rows["alpha"].estimate <= rows["lambda2"].estimate <= rows["lambda4"].estimate
    assert rows["alpha_ordinal"].estimate > rows["alpha_std"].estimate  # five points lose some correlation
    assert [n.code for n in found.reliability_notes] == ["M180"]


def test_ordinal_coefficients_are_those_of_the_polychoric_matrix(study_by_hand):
    ratings = five_points(400, [0.8, 0.7, 0.6])
    weights = list(np.random.default_rng(2).uniform(0.5, 2, 400))
    found = measured(study_by_hand({"c": ("driver", ratings)}, weights=weights, replicates=20))
    codes = np.array(list(ratings.values())).T.astype(int) - 1
    corr = polychoric(pair_counts(codes, 5, weights)).corr
    assert by_name(found)["alpha_ordinal"].estimate == pytest.approx(float(alpha(corr)), abs=1e-9)


def test_standard_error_of_ordinal_alpha_is_that_of_estimating_every_replicate(study_by_hand):
    ratings = five_points(250, [0.8, 0.7, 0.6, 0.5])
    found = measured(study_by_hand({"c": ("driver", ratings)}, replicates=1000))
    codes = np.array(list(ratings.values())).T.astype(int) - 1
    rng = np.random.default_rng(7)
    again = [alpha(polychoric(pair_counts(codes[rng.integers(0, 250, 250)], 5)).corr) for _ in range(300)]
    assert by_name(found)["alpha_ordinal"].std_error == pytest.approx(np.std(again), rel=0.15)


def test_clusters_widen_the_ordinal_interval(study_by_hand):
    ratings = {name: list(np.repeat(values, 8)) for name, values in five_points(60, [0.8, 0.7, 0.6]).items()}
    alone = measured(study_by_hand({"c": ("driver", ratings)}, replicates=300))
    bunched = measured(study_by_hand({"c": ("driver", ratings)}, cluster=list(np.repeat(range(60), 8)), replicates=300))
    ratio = by_name(bunched)["alpha_ordinal"].std_error / by_name(alone)["alpha_ordinal"].std_error
    assert ratio == pytest.approx(np.sqrt(8), rel=0.2)


def test_two_items_have_four_coefficients(study_by_hand):
    found = measured(study_by_hand({"c": ("driver", five_points(200, [0.8, 0.7]))}, replicates=50))
    assert list(by_name(found)) == ["alpha", "alpha_std", "alpha_feldt", "sem", "alpha_ordinal"]


def test_identical_items_have_neither_ordinal_coefficients_nor_rho_c(study_by_hand):
    ratings = five_points(200, [0.8, 0.7, 0.6])
    ratings["copy"] = ratings["i1"]
    found = measured(study_by_hand({"c": ("driver", ratings)}, replicates=50))
    without = ("glb", "rho_c", "alpha_ordinal", "omega_ordinal")
    assert list(by_name(found)) == [name for name in ALL if name not in without]
    assert by_name(found)["lambda6"].estimate is None
    assert [n.about for n in notes_of(found, "M184")] == ["c"]
    assert [n.params["pairs"] for n in notes_of(found, "M131")] == ["i1–copy"]
    assert [n.about for n in notes_of(found, "M136")] == ["c"]
    assert "i1–copy" in notes_of(found, "M131")[0].text("zh-CN")


def test_matrix_that_is_not_positive_definite_is_noted(study_by_hand):
    """Fourteen respondents: every table has a correlation, together they contradict one another."""
    ratings = {
        "a": [2, 2, 3, 3, 3, 1, 3, 2, 1, 1, 2, 2, 2, 3],
        "b": [2, 3, 3, 2, 3, 2, 3, 2, 2, 2, 2, 1, 3, 2],
        "c": [2, 2, 3, 3, 3, 2, 3, 2, 1, 1, 2, 2, 1, 3],
        "d": [1, 3, 3, 2, 3, 2, 2, 2, 1, 1, 2, 1, 2, 3],
    }
    found = measured(study_by_hand({"c": ("driver", ratings)}, replicates=50))
    corr = polychoric(pair_counts(np.array(list(ratings.values())).T - 1, 3)).corr
    assert notes_of(found, "M132")[0].params["eigenvalue"] == pytest.approx(np.linalg.eigvalsh(corr)[0])
    assert by_name(found)["alpha_ordinal"].estimate == pytest.approx(float(alpha(corr)))  # not smoothed
    assert "-0.029" in notes_of(found, "M132")[0].text("zh-CN")


def test_thin_tables_are_noted(study_by_hand):
    ratings = five_points(20, [0.8, 0.7, 0.6], points=10)
    found = measured(study_by_hand({"c": ("driver", ratings)}, replicates=50, scales=dict.fromkeys(ratings, (1, 10))))
    used = [len(set(values)) for values in ratings.values()]
    filled = [len(set(zip(ratings[i], ratings[j], strict=True))) for i, j in (("i0", "i1"), ("i0", "i2"), ("i1", "i2"))]
    cells = used[0] * used[1] + used[0] * used[2] + used[1] * used[2]
    assert notes_of(found, "M133")[0].params == {"empty": cells - sum(filled), "cells": cells}


def test_heywood_case_of_the_likelihood_is_noted(study_by_hand):
    expected = json.loads((REFERENCE / "reliability.json").read_text("utf-8"))["values"]["ecsi"]["loyalty"]
    rows = exact_sample(expected["covariance"], expected["n"])
    found = measured(study_by_hand({"c": ("loyalty", {f"i{j}": list(rows[:, j]) for j in range(3)})}, replicates=50))
    assert [n.about for n in notes_of(found, "M135")] == ["c"]
    assert by_name(found)["rho_c"].estimate == pytest.approx(0.61338, abs=1e-5)


def test_more_than_sixteen_items_are_noted(study_by_hand):
    found = measured(study_by_hand({"c": ("driver", five_points(120, [0.6] * 17))}, replicates=20))
    assert notes_of(found, "M134")[0].params == {"n_items": 17, "splits": 2000}
    assert by_name(found)["lambda4"].estimate > by_name(found)["alpha"].estimate


def test_an_item_that_varies_among_respondents_without_weight_only(study_by_hand):
    ratings = five_points(60, [0.8, 0.7, 0.6])
    ratings["i2"] = [5.0 if j < 3 else 3.0 for j in range(60)]
    found = measured(study_by_hand({"c": ("driver", ratings)}, weights=[0.0] * 3 + [1.0] * 57, replicates=20))
    assert [n.params["items"] for n in notes_of(found, "M101")] == ["i2"]
    assert {row.n_items for row in found.reliability} == {2}
    assert {row.n for row in found.reliability} == {57}
