"""Weights to known margins: what a study file may say, what comes out, and what is refused."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from satmeter.errors import StudyError
from satmeter.measurement import measure
from satmeter.moments import make_resampling, mean_stack
from satmeter.numerics.linearisation import mean_with_se
from satmeter.study.design import coded_column
from satmeter.study.sampling_plan import Margin, Weighting
from satmeter.study.weighting import calibrate_weights

HEADER = ("p1", "p2", "p3", "s1", "s2", "s3", "l1", "city", "kind", "w")


def rows_of(n=300, seed=4, blank=0):
    rng = np.random.default_rng(seed)
    rows = []
    for i in range(n):
        city = "" if i < blank else rng.choice(["n", "s", "w"], p=[0.6, 0.3, 0.1])
        kind = rng.choice(["old", "new"], p=[0.7, 0.3])
        shift = {"n": 0, "s": 1, "w": 2, "": 0}[city]
        answers = [int(np.clip(rng.integers(1, 4) + shift, 1, 5)) for _ in range(5)]
        rows.append(
            (*answers, int(rng.integers(0, 11)), int(rng.integers(0, 11)), city, kind, f"{rng.uniform(1, 2):.3f}")
        )
    return rows


MARGINS = "city: {n: 0.4, s: 0.4, w: 0.2}, kind: {old: 0.5, new: 0.5}"
QUIET = "quality: {too_many_missing: off, straightlining: off, duplicates: off}\n"


def weighted(study_of, weighting, rows=None, more=""):
    return study_of(rows or rows_of(), QUIET + f"weighting: {{{weighting}}}\n" + more, HEADER)


def shares(study, column):
    values = study.responses.other[column] if column == "kind" else study.frame[column]
    return {k: float(study.weights[(values == k).to_numpy()].sum() / study.n) for k in sorted(set(values.dropna()))}


def codes(call):
    with pytest.raises(StudyError) as caught:
        call()
    return [problem.code for problem in caught.value.problems], caught.value


def test_raked_weights_meet_all_margins(study_of):
    study = weighted(study_of, f"rake: {{{MARGINS}}}")
    assert shares(study, "city") == pytest.approx({"n": 0.4, "s": 0.4, "w": 0.2}, abs=1e-12)
    assert shares(study, "kind") == pytest.approx({"new": 0.5, "old": 0.5}, abs=1e-12)
    assert study.weights.mean() == pytest.approx(1, abs=1e-12)
    assert study.weighted
    figures = {row.statistic: row.estimate for row in study.calibrated.rows}
    assert figures["deff"] == pytest.approx(1 + figures["cv"] ** 2, rel=1e-12)
    assert figures["deff"] == pytest.approx(study.n * (study.weights**2).sum() / study.weights.sum() ** 2, rel=1e-12)
    assert figures["n_eff"] == pytest.approx(study.weights.sum() ** 2 / (study.weights**2).sum(), rel=1e-12)
    row = next(r for r in study.calibrated.margins if (r.margin, r.category) == ("city", "w"))
    assert row.after == pytest.approx(row.target) == pytest.approx(0.2)
    assert row.before == pytest.approx((study.frame["city"] == "w").mean())


def test_counts_and_shares_and_a_table_give_the_same_weights(study_of, folder):
    by_share = weighted(study_of, f"rake: {{{MARGINS}}}").weights
    counted = weighted(study_of, "rake: {city: {n: 400, s: 400, w: 200}, kind: {old: 500, new: 500}}").weights
    lines = ["margin,category,value", "city,n,400", "city,s,400", "city,w,200", "kind,old,500", "kind,new,500"]
    (folder / "margins.csv").write_text("\n".join(lines), "utf-8-sig")
    by_table = weighted(study_of, "margins: margins.csv").weights
    assert counted == pytest.approx(by_share, rel=1e-10)
    assert by_table == pytest.approx(by_share, rel=1e-10)


def test_post_stratification_over_crossed_questions_is_share_over_share(study_of):
    cells = {
        ("n", "old"): 0.3,
        ("n", "new"): 0.1,
        ("s", "old"): 0.2,
        ("s", "new"): 0.2,
        ("w", "old"): 0.1,
        ("w", "new"): 0.1,
    }
    text = ", ".join(f'"{a} * {b}": {v}' for (a, b), v in cells.items())
    study = weighted(study_of, f'poststratify: {{"city * kind": {{{text}}}}}')
    pairs = list(zip(study.frame["city"], study.responses.other["kind"], strict=True))
    expected = np.array([cells[pair] / (pairs.count(pair) / study.n) for pair in pairs])
    assert study.weights == pytest.approx(expected, rel=1e-10)


def test_trimmed_weights_stay_within_their_limits_and_meet_the_margins(study_of):
    study = weighted(study_of, f"rake: {{{MARGINS}}}, trim: [0.4, 2.7]", more="design: {weight: w}\n")
    assert shares(study, "city") == pytest.approx({"n": 0.4, "s": 0.4, "w": 0.2}, abs=1e-10)
    assert study.weights.min() >= 0.4 - 1e-10
    assert study.weights.max() <= 2.7 + 1e-10
    free = weighted(study_of, f"rake: {{{MARGINS}}}", more="design: {weight: w}\n")
    assert free.weights.max() > 2.8


@pytest.mark.parametrize("distance", ["linear", "logit"])
def test_other_distances_meet_the_same_margins(study_of, distance):
    study = weighted(study_of, f"rake: {{{MARGINS}}}, distance: {distance}, bounds: [0.2, 4]")
    assert shares(study, "kind") == pytest.approx({"new": 0.5, "old": 0.5}, abs=1e-10)
    assert shares(study, "city")["w"] == pytest.approx(0.2, abs=1e-10)


def test_unknown_categories_keep_their_share_and_are_told(study_of):
    rows = rows_of(blank=30)
    study = weighted(study_of, f"rake: {{{MARGINS}}}", rows)
    unknown = study.frame["city"].isna().to_numpy()
    assert study.weights[unknown].sum() / study.n == pytest.approx(0.1, abs=1e-10)
    assert shares(study, "city")["n"] == pytest.approx(0.36, abs=1e-10)
    (note,) = [note for note in study.notes if note.code == "S115"]
    assert note.params["n"] == 30


def test_rounded_shares_are_stretched_and_told(study_of):
    study = weighted(study_of, "rake: {city: {n: 0.401, s: 0.4, w: 0.2}}")
    assert shares(study, "city")["w"] == pytest.approx(0.2 / 1.001, abs=1e-10)
    assert [note.code for note in study.notes if note.code.startswith("S11")] == ["S116"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{}", ["S050"]),
        ("{rake: {city: {n: 0.5, s: 0.3, w: 0.2}}, margins: m.csv}", ["S050"]),
        ("{poststratify: {city: {n: 0.5, s: 0.3, w: 0.2}, age: {a: 1}}}", ["S050"]),
        ("{rake: {city: {n: 0.5, s: 0.3, west: 0.2}}}", ["S051"]),
        ('{rake: {"city*city": {n: 0.5, s: 0.5}}}', ["S051", "S051"]),
        ("{rake: {city: {n: 50 %, s: -0.3, w: 0.2}}}", ["S052", "S052", "S053"]),
        ("{rake: {city: 0.4}}", ["S052"]),
        ("{rake: {city: {n: 0.5, s: 0.3, w: 0.1}}}", ["S053"]),
        ("{rake: {city: {n: 50, s: 30, w: 20}, kind: {old: 80, new: 40}}}", ["S053"]),
        ("{rake: {city: {n: 0.5, s: 0.3, w: 0.2}}, trim: [3, 0.3]}", ["S057"]),
        ("{rake: {city: {n: 0.5, s: 0.3, w: 0.2}}, bounds: [0.3]}", ["S057"]),
        ("{rake: {city: {n: 0.5, s: 0.3, w: 0.2}}, distance: logit}", ["S057"]),
        ("{margins: none.csv}", ["S058"]),
        ("{margins: answers.csv}", ["S058"]),
    ],
)
def test_wrong_keys_are_named_with_their_line(plan_of, text, expected):
    found, error = codes(lambda: plan_of(f"weighting: {text}\n"))
    assert found == expected
    assert error.text("zh-CN")
    assert error.text("en")
    assert {problem.line for problem in error.problems} == {4}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (("city,n,many", "city,s,2", "city,s,3"), [("S052", 2), ("S052", 4)]),
        (("city,n,0.4", "city,s,0.4", "city,west,0.2"), [("S051", 4)]),
        (("kind,old,1", "city,n,0.4", "city,s,0.4", "city,w,0.1"), [("S053", 3)]),
        (("kind,old,0.5", "kind,new,0.4", "kind,lost,0.1"), [("S055", 4)]),
        (("city,n,0.4", "city,s,0.4", "city,w,0.2", "kind,old,1"), [("S054", 5)]),
    ],
)
def test_problems_of_a_margin_table_name_its_file_and_row(study_of, folder, rows, expected):
    (folder / "known.csv").write_text("\n".join(("margin,category,value", *rows)), "utf-8")
    _, error = codes(lambda: weighted(study_of, "margins: known.csv"))
    assert [(problem.code, problem.line) for problem in error.problems] == expected
    assert {problem.file for problem in error.problems} == {"known.csv"}


def test_categories_without_people_or_without_a_share_are_all_named(study_of):
    rows = [row for row in rows_of() if row[7] != "w"]
    found, error = codes(lambda: weighted(study_of, "rake: {city: {n: 0.4, s: 0.4, w: 0.2}, kind: {old: 1}}", rows))
    assert found == ["S055", "S054"]
    assert "'new'" in error.text("en")


def test_margins_out_of_reach_name_the_category_that_is_furthest_off(study_of):
    found, error = codes(lambda: weighted(study_of, f"rake: {{{MARGINS}}}, trim: [0.9, 1.1]"))
    assert found == ["S056"]
    assert "city 'n'" in error.text("zh-CN")
    crossed = '"city*kind": {n*old: 0.5, n*new: 0.1, s*old: 0.2, s*new: 0.1, w*old: 0.05, w*new: 0.05}'
    found, _ = codes(lambda: weighted(study_of, f"rake: {{city: {{n: 0.4, s: 0.4, w: 0.2}}, {crossed}}}"))
    assert found == ["S056"]


def test_weights_below_zero_are_refused(study_of):
    margins = "city: {n: 0.02, s: 0.03, w: 0.95}, kind: {old: 0.97, new: 0.03}"
    found, _ = codes(lambda: weighted(study_of, f"rake: {{{margins}}}, distance: linear"))
    assert found == ["S059"]


def test_every_replicate_meets_the_margins_too(study_of):
    study = weighted(study_of, f"rake: {{{MARGINS}}}", more="design: {weight: w}\nuncertainty: {replicates: 200}\n")
    resampling = make_resampling(study)
    west = (study.frame["city"] == "w").to_numpy(dtype=float)
    old = (study.responses.other["kind"] == "old").to_numpy(dtype=float)
    stack = mean_stack(resampling, np.stack([west, old], axis=1))
    assert len(stack) == 201
    assert stack == pytest.approx(np.tile([0.2, 0.5], (201, 1)), abs=1e-10)


def test_clusters_that_cross_cells_give_the_sums_of_their_rows(study_of):
    rows = [(*row, str(i % 12)) for i, row in enumerate(rows_of())]
    text = QUIET + f"weighting: {{rake: {{{MARGINS}}}}}\ndesign: {{cluster: site}}\nuncertainty: {{replicates: 120}}\n"
    study = study_of(rows, text, (*HEADER, "site"))
    resampling = make_resampling(study)
    west = (study.frame["city"] == "w").to_numpy(dtype=float)[:, None]
    assert mean_stack(resampling, west)[:, 0] == pytest.approx(0.2, abs=1e-10)
    weights = study.weights * resampling.multipliers(resampling.units)
    p1 = study.frame["p1"].to_numpy(dtype=float)
    assert mean_stack(resampling, p1[:, None])[:, 0] == pytest.approx(weights @ p1 / weights.sum(axis=1), rel=1e-10)


def test_replicates_without_a_category_are_left_out(study_of):
    rows = [row for row in rows_of(60) if row[7] != "w"]
    rows += [(*rows[0][:7], "w", "old", "1")]
    text = QUIET + "weighting: {rake: {city: {n: 0.5, s: 0.45, w: 0.05}}}\nuncertainty: {replicates: 300}\n"
    study = study_of(rows, text, HEADER)
    resampling = make_resampling(study)
    assert 150 < resampling.replicates < 230  # about 37 % draw the only one never
    (note,) = [note for note in measure(study, resampling).score_notes if note.code == "S117"]
    assert note.params == {"n": 300 - resampling.replicates, "replicates": 300}


def test_replicate_errors_agree_with_linearised_ones_and_use_the_margins(study_of):
    study = weighted(study_of, "rake: {city: {n: 0.4, s: 0.4, w: 0.2}}", more="uncertainty: {replicates: 2000}\n")
    p1 = study.frame["p1"].to_numpy(dtype=float)
    replicated = mean_stack(make_resampling(study), p1[:, None])[1:, 0].std()
    linear = mean_with_se(p1, study.weights, calibration=study.calibration).std_error
    naive = mean_with_se(p1, study.weights).std_error
    assert replicated == pytest.approx(linear, rel=0.06)
    assert naive > 1.15 * linear


def test_a_mean_that_the_margins_determine_has_no_error(study_of):
    study = weighted(study_of, f"rake: {{{MARGINS}}}", more="groups: [city]\nuncertainty: {replicates: 100}\n")
    assert mean_with_se(
        (study.frame["city"] == "w").to_numpy(dtype=float), study.weights, calibration=study.calibration
    ).std_error == pytest.approx(0, abs=1e-12)
    assert all(np.isfinite(row.estimate) for row in measure(study, make_resampling(study)).scores)


@pytest.mark.parametrize("kind", ["object", "str", "category"])
def test_columns_are_coded_by_their_text_whatever_holds_them(kind):
    texts = pd.Series([" n", "s", "n", None, "w", "n "], dtype="object")
    held = texts.astype(kind)
    if kind == "category":
        held = held.cat.add_categories(["nobody"])
    responses = SimpleNamespace(other=pd.DataFrame({"city": held}), frame=pd.DataFrame(index=range(6)), absent=())
    code, labels = coded_column(responses, "city", "weighting", "study.yaml")
    assert [labels[k] for k in code] == ["n", "s", "n", "", "w", "n"]
    margin = Margin("city", {"n": 0.5, "s": 0.2, "w": 0.3})
    found = calibrate_weights(Weighting((margin,)), responses, np.arange(6), np.ones(6), "study.yaml")
    assert [(row.category, row.n) for row in found.margins] == [("n", 3), ("s", 1), ("w", 1), ("", 1)]
    assert found.weights == pytest.approx(np.array([5 / 6, 1, 5 / 6, 1, 1.5, 5 / 6]), rel=1e-12)


def test_more_categories_than_a_byte_holds():
    names = [f"k{i}" for i in range(300)]
    frame = pd.DataFrame({"site": names * 2})
    responses = SimpleNamespace(other=frame, frame=frame[[]], absent=())
    margin = Margin("site", {name: 1 + (i % 2) for i, name in enumerate(names)})
    found = calibrate_weights(Weighting((margin,)), responses, np.arange(600), np.ones(600), "study.yaml")
    assert found.weights == pytest.approx(np.tile([2 / 3, 4 / 3], 300), rel=1e-12)
