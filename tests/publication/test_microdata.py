"""Answers made anonymous: what is in, what is out, and that they still give the same answers."""

import csv
import io
from dataclasses import replace

import numpy as np
import pytest

from satmeter.errors import PublicationError
from satmeter.publication.microdata import arranged, released_answers
from satmeter.publication.wish import Seen, read_wish
from satmeter.questionnaire import read_questionnaire
from satmeter.responses import read_responses
from satmeter.study import make_study, read_study
from satmeter.study.policy import Policy
from satmeter.study.release_keys import Microdata

FREE = "unlinkable"


@pytest.fixture(scope="module")
def plan(study_with_microdata):
    return read_study(study_with_microdata)


@pytest.fixture(scope="module")
def study(plan):
    questionnaire = read_questionnaire(plan.questionnaire)
    return make_study(plan, read_responses(plan.responses, questionnaire, columns=plan.columns))


@pytest.fixture(scope="module")
def root(plan):
    return read_wish(plan).study.root


@pytest.fixture(scope="module")
def answers(study, root):
    return released_answers(study, Microdata(("used", "detail"), k=3, weights=FREE), root)


def problem(study, root, wish):
    with pytest.raises(PublicationError) as caught:
        released_answers(study, wish, root)
    (found,) = caught.value.problems
    return found


def test_columns_are_items_profile_and_design_and_nothing_else(answers):
    items = ["p1", "p2", "p3", "s1", "s2", "c1", "c2"]
    assert list(answers.columns) == ["respondent", "region", "used", "detail", *items, "w", "cluster", "submitted"]
    assert answers.profile == ("region", "used", "detail")
    text = answers.file.decode("utf-8-sig")
    assert "secret" not in text
    assert "tel" not in text  # telephone numbers were the respondents' ids
    assert "2026" not in text
    assert "branch" not in text


def test_respondents_are_numbered_after_sorting_by_content(answers):
    rows = list(csv.reader(io.StringIO(answers.file.decode("utf-8-sig"))))[1:]
    assert [row[0] for row in rows] == [f"{i:03d}" for i in range(1, len(rows) + 1)]
    assert [row[1:] for row in rows] == sorted(row[1:] for row in rows)


def test_the_order_of_the_source_leaves_no_trace(study, answers, root):
    back = np.arange(len(study.responses.frame))[::-1]
    turned = make_study(study.plan, arranged(study.responses, back))
    assert released_answers(turned, Microdata(("used", "detail"), k=3, weights=FREE), root).file == answers.file


def test_they_are_read_as_the_same_answers(study, answers, tmp_path):
    """Codes and the reason of every missing cell."""
    (tmp_path / "answers.csv").write_bytes(answers.file)
    again = read_responses(tmp_path / "answers.csv", study.questionnaire)
    ordered = arranged(study.responses, answers.order)
    for name in ("region", "used", "detail", "p1", "p2", "s1", "c2"):
        old = ordered.frame[name].iloc[: answers.n]
        assert [None if x != x else x for x in again.frame[name]] == [None if x != x else x for x in old]
        assert again.missing[name].tolist() == ordered.missing[name].iloc[: answers.n].tolist()
    assert set(again.missing["s2"]) == {"", "dont_know"} or "98" in answers.columns["s1"]


def test_clusters_are_numbered_by_what_was_answered_in_them(study, answers, root):
    """Whoever knows the list of clusters knows the order of their labels."""
    labels = study.responses.other["branch"].to_numpy()[answers.order]
    pairs = dict(zip(labels, answers.columns["cluster"], strict=True))
    assert sorted(pairs.values()) == [f"{i:02d}" for i in range(1, 13)]
    assert [pairs[label] for label in sorted(pairs)] != sorted(pairs.values())
    assert answers.design == {"cluster": "cluster"}
    turned = study.responses.other.assign(branch=[f"z{99 - int(c[7:])}" for c in study.responses.other["branch"]])
    renamed = replace(study, responses=replace(study.responses, other=turned))
    assert released_answers(renamed, Microdata(("used", "detail"), k=3, weights=FREE), root).file == answers.file


def test_who_stands_out_is_counted_and_not_named(study, root):
    found = problem(study, root, Microdata(("used", "detail", "years"), k=5))
    assert found.code == "P016"
    assert int(found.got) > 100
    assert found.params == {"n": 150, "k": 5, "questions": "region, used, years, detail"}


def test_who_stands_out_by_what_weights_rest_on_is_not_helped_by_blanking(study, root):
    found = problem(study, root, Microdata(("used", "detail", "years"), k=76, suppress=True))
    assert (found.code, found.params["fixed"]) == ("P030", "region")
    assert int(found.got) > 0


def test_no_more_is_told_than_the_policy_allows(study, root):
    strict = replace(study, plan=replace(study.plan, policy=Policy(min_n=30)))
    assert problem(strict, root, Microdata(k=29)).code == "P019"
    assert released_answers(strict, Microdata(weights=FREE), root).k == 30
    assert released_answers(strict, Microdata(weights=FREE), root).profile == ("region",)
    assert released_answers(study, Microdata(weights=FREE), root).k == 5


def test_rounding_and_blanking_are_told(study, root):
    wish = Microdata(("years",), k=3, suppress=True, round={"years": 10.0}, weights=FREE)
    found = released_answers(study, wish, root)
    assert set(found.columns["years"]) <= {"0", "10", "20", "30", "(空)"}
    assert found.altered[0] == "years"
    assert "region" not in found.altered  # weights rest on it
    for name, count in found.blanked.items():
        assert count == sum(cell == "(空)" for cell in found.columns[name])
        assert "(跳过)" in found.columns["detail"]


def test_what_weights_rest_on_is_not_rounded(study, root):
    weighting = replace(study.plan.weighting, margins=(replace(study.plan.weighting.margins[0], name="years"),))
    other = replace(study, plan=replace(study.plan, weighting=weighting))
    assert problem(other, root, Microdata(round={"years": 5.0})).code == "P015"


def test_too_many_respondents_for_anybody_to_draw_again(study, plan, monkeypatch):
    monkeypatch.setattr("satmeter.publication.wish.MAX_DRAWS", 10)
    simple = replace(study, cluster=None)
    with pytest.raises(PublicationError) as caught:
        Seen(read_wish(plan)).arrange(simple)
    assert caught.value.problems[0].code == "P017"
