"""Skip logic over pages and chains, and where a respondent stopped."""

import pytest

from satmeter.questionnaire import read_questionnaire
from satmeter.responses import read_responses

CHAIN = """\
satmeter: 1
id: chain
version: "1"
title: Chain
languages: [en]
scales:
  s: {range: [1, 5], low: Low, high: High}
constructs:
  use: {role: driver, label: Use, scale: s, items: {u1: First, u2: Second}}
  visit: {role: satisfaction, label: Visit, scale: s, items: {v1: Third, v2: Fourth, v3: Fifth}}
questions:
  came: {type: choice, text: Came, options: {y: Yes, n: No}}
  how: {type: choice, show_if: "came == 'y'", text: How, options: {car: Car, foot: Foot}}
  park: {type: choice, show_if: "how == 'car'", text: Parking, options: {y: Yes, n: No}}
  note: {type: text, text: Note}
pages:
  - [came, how, park]
  - {items: [use]}
  - {items: [visit], shuffle: items, show_if: "came == 'y'"}
  - [note]
"""
HEADER = "came,how,park,u1,u2,v1,v2,v3,note"


@pytest.fixture
def reasons(tmp_path):
    (tmp_path / "chain.yaml").write_text(CHAIN, "utf-8")
    questionnaire = read_questionnaire(tmp_path / "chain.yaml")

    def reasons(*rows, header=HEADER):
        (tmp_path / "a.csv").write_text("\n".join([header, *rows]) + "\n", "utf-8")
        responses = read_responses(tmp_path / "a.csv", questionnaire)
        return [" ".join(reason or "-" for reason in row) for row in responses.missing.to_numpy().tolist()]

    return reasons


def test_a_stale_answer_of_a_hidden_question_shows_nothing(reasons):
    (row,) = reasons("n,car,,3,3,,,,end")
    assert row == "- - not_asked - - not_asked not_asked not_asked -"


def test_a_hidden_page_is_not_asked_and_no_break_off(reasons):
    (row,) = reasons("n,,,3,3,,,,")
    assert row == "- not_asked not_asked - - not_asked not_asked not_asked no_answer"


def test_a_shuffled_page_is_left_as_a_whole(reasons):
    before, within = reasons("y,foot,,3,3,,,,", "y,foot,,3,3,,4,,")
    assert before == "- - not_asked - - break_off break_off break_off break_off"
    assert within == "- - not_asked - - no_answer - no_answer no_answer"


def test_who_stops_is_blank_from_there_on(reasons):
    (row,) = reasons("y,car,n,3,,,,,")
    assert row == "- - - - break_off break_off break_off break_off break_off"


def test_who_never_began_did_not_break_off(reasons):
    (row,) = reasons("x,,,,,,,,,", header="respondent," + HEADER)
    assert row == "no_answer not_asked not_asked no_answer no_answer not_asked not_asked not_asked no_answer"


def test_conditions_of_many_patterns_agree_with_one_row_at_a_time(reasons):
    rows = [f"{came},{how},,3,3,,,,x" for came in ("y", "n", "") for how in ("car", "foot", "")]
    assert reasons(*rows) == [reasons(row)[0] for row in rows]
