"""Quality rules, each against a definition written out another way."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from satmeter.numerics.equal_runs import longest_run
from satmeter.questionnaire import read_questionnaire
from satmeter.responses import read_responses
from satmeter.study.duration import seconds_of
from satmeter.study.plan import Missing, Quality
from satmeter.study.quality import apply_rules
from satmeter.study.scores import construct_scores
from satmeter.study.straightlining import blocks, straightness

OFF = {
    "duplicates": "off",
    "attention": "off",
    "speeders": "off",
    "straightlining": "off",
    "too_many_missing": "off",
}
ITEMS = ("p1", "p2", "p3", "s1", "s2", "s3", "l1")
CODES = st.one_of(st.integers(1, 5), st.none())


@pytest.fixture
def found(folder):
    """Apply one rule to rows of answers; respondents found, with their value."""
    questionnaire = read_questionnaire(folder / "shop.yaml")

    def found(rule, rows, header=ITEMS, **options):
        lines = [",".join(header), *(",".join(map(str, row)) for row in rows)]
        (folder / "a.csv").write_text("\n".join(lines) + "\n", "utf-8")
        responses = read_responses(folder / "a.csv", questionnaire)
        (finding,) = apply_rules(responses, Quality(**(OFF | {rule: "flag"} | options)))
        assert finding.rule == rule
        return {responses.frame.index[i]: finding.value[i] for i in np.flatnonzero(finding.found)}

    return found


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.lists(CODES, min_size=6, max_size=6), min_size=1, max_size=5))
def test_the_longest_run_is_the_longest_group_of_equal_neighbours(rows):
    answers = np.array([[np.nan if v is None else v for v in row] for row in rows], dtype=float)
    expected = [
        max((len(list(run)) for _, run in itertools.groupby(v for v in row if v is not None)), default=0)
        for row in rows
    ]
    assert longest_run(answers).tolist() == expected


@settings(max_examples=40, deadline=None)
@given(rows=st.lists(st.lists(CODES, min_size=7, max_size=7), min_size=1, max_size=5))
def test_the_variance_is_the_within_person_variance(rows):
    answers = {f"i{k}": np.array([np.nan if row[k] is None else row[k] for row in rows], dtype=float) for k in range(7)}
    result = straightness(answers, (tuple(answers),))
    for i, row in enumerate(rows):
        given_answers = [v for v in row if v is not None]
        if len(given_answers) < 5:
            assert np.isnan(result.variance[i])
            assert np.isnan(result.run_share[i])
        else:
            assert result.variance[i] == pytest.approx(np.var(given_answers, ddof=1), abs=1e-12)


def test_blocks_are_items_of_one_page_and_scale(folder):
    questionnaire = read_questionnaire(folder / "shop.yaml")
    assert blocks(questionnaire) == (("p1", "p2", "p3", "s1", "s2"),)  # s3 and l1 have another scale
    assert blocks(questionnaire, absent=("p1",)) == ()


def test_straight_lines_are_found_in_raw_codes(found):
    rows = [(4, 4, 4, 4, 4, 0, 0), (4, 2, 4, 4, 4, 9, 9), (4, 4, 4, 4, "", 9, 9), (4, 4, 4, 4, 5, 1, 1)]
    assert found("straightlining", rows) == {"r1": 1.0}
    assert found("straightlining", rows, straightlining_share=0.8) == {"r1": 1.0, "r4": 0.8}
    assert found("straightlining", rows, straightlining_share=0.6) == {"r1": 1.0, "r2": 0.6, "r4": 0.8}
    assert found("straightlining", rows, straightlining_variance=0.2) == {"r1": 1.0, "r4": 0.8}


LONG = ("city", "age", *ITEMS, "why")


def test_duplicates_are_equal_everywhere_and_not_uniform(found):
    first = ("n", 30, 1, 5, 2, 4, 3, 10, 7, "fine")
    rows = [
        first,
        ("n", 30, 1, 5, 2, 4, 3, 10, 7, "good"),  # another reason
        first,
        ("s", 30, 4, 4, 4, 4, 4, 4, 4, "fine"),
        ("s", 30, 4, 4, 4, 4, 4, 4, 4, "fine"),  # uniform: no copy
        ("n", 30, "", 5, 2, 4, 3, 10, 7, "fine"),
        ("n", 30, "", 5, 2, 4, 3, 10, 7, "fine"),  # nine answers: too few
        ("１".replace("１", "n"), "30.0", "1", "5", "二", "四", "三", "10", "7", "fine"),
    ]
    assert found("duplicates", rows, header=LONG) == {"r3": 10.0, "r8": 10.0}


def test_an_id_that_comes_again_is_a_duplicate(found):
    rows = [("a", 1, 2, 3, 5), ("b", 1, 2, 3, 5), ("a", 3, 4, 3, 5), ("", 1, 2, 3, 5), ("", 1, 2, 3, 5)]
    assert list(found("duplicates", rows, header=("respondent", "p1", "p2", "p3", "l1"))) == ["a~2"]


def test_attention_checks_that_were_answered_wrongly(found):
    rows = [(1, 2, 3, 5, check) for check in (4, 5, "", "四")]
    assert found("attention", rows, header=("p1", "p2", "p3", "l1", "ac")) == {"r2": 1.0}


def test_too_many_missing_looks_at_what_was_asked_and_applies(found):
    rows = [
        (1, 5, 2, 4, 3, 10, 7),
        (1, 5, 2, "", "", "", 7),  # 3 of 7
        ("", "", "", "", 3, 10, 7),  # 4 of 7
        (9, 9, 9, 9, 3, "", 7),  # 1 of 3: does not apply is an answer
        (9, 9, 9, 9, "", "", 7),  # 2 of 3
    ]
    assert found("too_many_missing", rows) == {"r3": pytest.approx(4 / 7), "r5": pytest.approx(2 / 3)}
    assert list(found("too_many_missing", rows, max_missing=0.4)) == ["r2", "r3", "r5"]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("59", 59),
        ("59.5", 59.5),
        ("123秒", 123),
        ("2分3秒", 123),
        ("2分钟", 120),
        ("1小时2分3秒", 3723),
        ("2 min 3 s", 123),
        ("0:02:03", 123),
        ("02:03", 123),
        ("１２３秒", 123),
        ("", None),
        ("-5", None),
        ("soon", None),
        ("2-3", None),
    ],
)
def test_lengths_of_time(text, seconds):
    assert seconds_of(text) == seconds


@settings(max_examples=40, deadline=None)
@given(
    rows=st.lists(st.lists(CODES, min_size=5, max_size=5), min_size=1, max_size=6),
    rule=st.sampled_from([Missing(), Missing("complete"), Missing(min_answered=0.7)]),
    data=st.data(),
)
def test_scores_lie_between_0_and_100_and_follow_their_rows(shop_questionnaire, rows, rule, data):
    frame = pd.DataFrame(rows, columns=["p1", "p2", "p3", "s1", "s2"], dtype=float)
    frame["s3"], frame["l1"] = frame["p1"] * 2, np.nan
    scores = construct_scores(frame, shop_questionnaire, rule)
    order = data.draw(st.permutations(range(len(rows))))
    again = construct_scores(frame.iloc[list(order)], shop_questionnaire, rule)
    pd.testing.assert_frame_equal(scores.loc[list(order)], again)
    values = scores.to_numpy()
    assert np.nanmin(np.append(values, 0)) >= 0
    assert np.nanmax(np.append(values, 100)) <= 100
    needed = 1.0 if rule.items == "complete" else rule.min_answered
    answered = frame[["p1", "p2", "p3"]].notna().mean(axis=1)
    assert (scores["product"].notna() == ((answered >= needed - 1e-9) & (answered > 0))).all()
