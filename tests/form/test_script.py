"""The pure parts of the page's script, run in V8: what is written, what is wrong, what is saved."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from py_mini_racer import MiniRacer

from satmeter.form.assets import pure_script
from satmeter.form.definition import collect_texts, definition
from satmeter.form.layout import lay_out
from satmeter.questionnaire.model import Questionnaire


@pytest.fixture(scope="module")
def v8(every_type: Questionnaire) -> MiniRacer:
    engine = MiniRacer()
    engine.eval(pure_script("expressions", "answers", "texts", "record"))
    document = definition(every_type, lay_out(every_type), collect_texts(every_type))
    engine.eval(f"const definition = JSON.parse({json.dumps(json.dumps(document))});")
    engine.eval(
        """
        const variable = (id) => definition.variables.find((one) => one.id === id);
        const state = (answers) => {
          const all = Object.fromEntries(definition.variables.map((one) => [one.id, SatmeterAnswers.empty()]));
          return { respondent: 'r1', started: 's', submitted: 'e', seconds: 61.4, language: 'en', order: ['b', 'a'],
            answers: Object.assign(all, answers) };
        };
        """
    )
    return engine


def run(engine: MiniRacer, expression: str, *values: object) -> Any:
    arguments = ", ".join(f"JSON.parse({json.dumps(json.dumps(value))})" for value in values)
    return json.loads(str(engine.eval(f"JSON.stringify({{ value: ({expression})({arguments}) }})")))["value"]


def ticked(*codes: str) -> dict[str, Any]:
    return {"picked": list(codes), "text": ""}


def written(text: str) -> dict[str, Any]:
    return {"picked": [], "text": text}


@pytest.mark.parametrize(
    ("variable", "raw", "cell"),
    [
        ("sv1", ticked("4"), 4),
        ("sv1", ticked("98"), "98"),
        ("sv1", ticked(), None),
        ("visit", ticked("often"), "often"),
        ("bought", ticked("toys", "food"), ["toys", "food"]),
        ("years", written(" １２．５０ "), 12.5),
        ("years", written("12 Jahre"), None),
        ("years", written("1e3"), None),
        ("years", written("−3"), -3),
        ("last", written("2026-02-29"), None),
        ("last", written("2024-02-29"), "2024-02-29"),
        ("why", written("  \n"), None),
        ("why", written(" slow "), "slow"),
    ],
)
def test_cells(v8: MiniRacer, variable: str, raw: dict[str, Any], cell: object) -> None:
    assert run(v8, "(id, raw) => SatmeterAnswers.cell(variable(id), raw)", variable, raw) == cell


@pytest.mark.parametrize(
    ("variable", "raw", "word"),
    [
        ("consent", ticked(), "error_consent"),
        ("sv1", ticked(), "error_choose"),
        ("sv1", ticked("98"), None),
        ("bought", ticked(), None),
        ("years", written("81"), "error_both"),
        ("years", written("-0.5"), "error_both"),
        ("years", written("80"), None),
        ("years", written("many"), "error_number"),
        ("last", written("2026-13-01"), "error_date"),
        ("why", written("字" * 40), None),
        ("why", written("😀" * 40), None),
        ("why", written("字" * 41), "error_max"),
    ],
)
def test_problems(v8: MiniRacer, variable: str, raw: dict[str, Any], word: str | None) -> None:
    found = run(v8, "(id, raw) => SatmeterAnswers.problem(variable(id), raw, false)", variable, raw)
    assert (found["word"] if found else None) == word


def test_ticks_of_a_multiple_question_stand_in_the_order_of_its_options(v8: MiniRacer) -> None:
    pick = "(picked, code, on) => SatmeterAnswers.pick(variable('bought'), picked, code, on)"
    assert run(v8, pick, ["toys"], "food", True) == ["food", "toys"]
    assert run(v8, pick, ["food", "toys"], "97", True) == ["97"]
    assert run(v8, pick, ["97"], "books", True) == ["books"]
    assert run(v8, pick, ["food", "toys"], "food", False) == ["toys"]


def test_piped_labels(v8: MiniRacer) -> None:
    pipe = "(id, cell, language) => SatmeterTexts.answerText(definition, variable(id), cell, language)"
    assert run(v8, pipe, "bought", ["food", "toys"], "zh-CN") == "食品、玩具"
    assert run(v8, pipe, "bought", ["food", "toys"], "en") == "Food, Toys"
    assert run(v8, pipe, "sv1", 5, "en") == "Strongly agree"
    assert run(v8, pipe, "ly1", 10, "en") == "10"
    assert run(v8, pipe, "why", None, "en") == ""
    fill = "(text) => SatmeterTexts.fill(text, (name) => name === 'a' ? '{b} $& <b>' : undefined)"
    assert run(v8, fill, "{a} {b} {a}") == "{b} $& <b> {b} {b} $& <b>"


@settings(max_examples=150, deadline=None)
@given(text=st.one_of(st.text(max_size=12), st.text(alphabet="'=+-@\t\r\n\",;x ", max_size=8)))
def test_written_texts_survive_the_csv_and_are_no_formula(v8: MiniRacer, text: str) -> None:
    answers = {"visit": ticked("rarely"), "ly1": ticked("3"), "why": written(text)}
    saved = run(v8, "(answers) => SatmeterRecord.csv(definition, state(answers))", answers)
    rows = list(csv.reader(io.StringIO(saved.removeprefix("\ufeff"), newline="")))
    cell = dict(zip(*rows, strict=True))["why"]
    assert cell[:1] not in {"=", "+", "-", "@", "\t", "\r"} or cell == ""
    back = cell[1:] if re.match(r"'+[=+\-@\t\r]", cell) else cell
    kept = run(v8, "(answers) => SatmeterRecord.record(definition, state(answers)).answers.why", answers)
    assert back == (kept or "")


def test_only_asked_answers_leave_the_page(v8: MiniRacer) -> None:
    answers = {
        "visit": ticked("rarely"),
        "sv4": ticked("2"),
        "years": ticked("96"),
        "ly1": ticked("99"),
        "why": written("x"),
    }
    record = run(v8, "(answers) => SatmeterRecord.record(definition, state(answers))", answers)
    assert {key: value for key, value in record["answers"].items() if value is not None} == {
        "visit": "rarely",
        "years": "96",
        "ly1": "99",
    }
    assert record["missing"]["sv4"] == "not_asked"
    assert record["missing"]["why"] == "not_asked"  # a missing code is no number of 6 or less
    assert record["missing"]["years"] == "dont_know"
    assert record["missing"]["ly1"] == "refused"
    assert record["missing"]["sv1"] == "no_answer"
    assert record["seconds"] == 61
