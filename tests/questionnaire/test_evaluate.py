from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from satmeter.questionnaire import asked, evaluate, parse_expression, read_questionnaire, to_json
from satmeter.questionnaire.evaluate import Answer, names_in, same_value, substantive
from satmeter.questionnaire.model import Questionnaire

ANSWERS: dict[str, Answer] = {
    "r": 4,
    "n": 17.5,
    "c": "y",
    "code": "010",
    "m": ("app", "web"),
    "d": "2026-03-01",
    "blank": " \u3000",
    "none": None,
    "nan": math.nan,
    "empty": (),
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("r == 4", True),
        ("r != 4", False),
        ("r < 4", False),
        ("r <= 4", True),
        ("3 < r", True),
        ("r > 3.5", True),
        ("r >= 5", False),
        ("r == '4'", True),
        ("r == 'four'", False),
        ("r < 'four'", False),
        ("n > 17.4", True),
        ("c == 'y'", True),
        ("c != 'y'", False),
        ("c in ['n', 'y']", True),
        ("c in ['n']", False),
        ("code == '010'", True),
        ("code == '10'", False),
        ("code == 10", True),
        ("m == 'app'", True),
        ("m == 'desk'", False),
        ("m != 'app'", False),
        ("m != 'desk'", True),
        ("m in ['desk', 'web']", True),
        ("m < 'b'", False),
        ("m > 'a'", False),
        ("d < '2026-11-21'", True),
        ("d >= '2026-11-21'", False),
        ("r == gone", False),
        ("gone == gone", False),
        ("answered(r) and answered(m)", True),
        ("r == 1 or c == 'y'", True),
        ("r == 1 and c == 'y'", False),
        ("not r == 1", True),
    ],
)
def test_truth(text: str, expected: bool) -> None:
    assert evaluate(parse_expression(text), ANSWERS) is expected


@pytest.mark.parametrize("name", ["blank", "none", "nan", "empty", "gone"])
@pytest.mark.parametrize("op", ["==", "!=", "<", "<=", ">", ">="])
def test_a_comparison_with_something_unanswered_is_false(name: str, op: str) -> None:
    assert not evaluate(parse_expression(f"{name} {op} 3"), ANSWERS)
    assert not evaluate(parse_expression(f"'3' {op} {name}"), ANSWERS)
    assert not evaluate(parse_expression(f"{name} in [3, '']"), ANSWERS)
    assert not evaluate(parse_expression(f"answered({name})"), ANSWERS)
    assert evaluate(parse_expression(f"not answered({name})"), ANSWERS)


@given(st.integers(-5, 5), st.integers(-5, 5))
def test_order_of_integers(a: int, b: int) -> None:
    truths = {op: evaluate(parse_expression(f"x {op} {b}"), {"x": a}) for op in ("==", "!=", "<", "<=", ">", ">=")}
    assert truths == {"==": a == b, "!=": a != b, "<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}


def test_text_order_is_that_of_utf16() -> None:
    astral, private = "\U0001f600", "\ue000"
    assert evaluate(parse_expression(f"x < '{private}'"), {"x": astral})
    assert not evaluate(parse_expression(f"x < '{astral}'"), {"x": private})


def test_same_value() -> None:
    assert same_value(1, "1.0")
    assert not same_value("1", "1.0")
    assert not same_value(1, " 1")
    assert not same_value(1, "1e0")
    assert not same_value(1, "\u0661")


def test_json() -> None:
    text = "not (a in [1, 'x', 2.5] or answered(b)) and 3 <= c"
    assert to_json(parse_expression(text)) == {
        "op": "and",
        "parts": [
            {
                "op": "not",
                "part": {
                    "op": "or",
                    "parts": [
                        {"op": "in", "name": "a", "values": [1, "x", 2.5]},
                        {"op": "answered", "name": "b"},
                    ],
                },
            },
            {"op": "<=", "left": {"value": 3}, "right": {"name": "c"}},
        ],
    }
    assert names_in(parse_expression(text)) == ("a", "b", "c")


@pytest.fixture
def questionnaire(tmp_path: Path, full: str) -> Questionnaire:
    path = tmp_path / "full.yaml"
    path.write_text(full, "utf-8")
    return read_questionnaire(path)


BASE = ("agreed", "outage", "used", "age")
GRID = ("pv1", "pv2", "ac1", "iv1", "iv2")


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, (*BASE, "ly1", "ly2")),
        ({"agreed": "yes"}, (*BASE, "pv1", "ac1", "iv1", "iv2", "ly1", "ly2")),
        ({"agreed": "yes", "outage": "yes"}, (*BASE, *GRID, "ly1", "ly2")),
        ({"agreed": "no", "outage": "yes", "pv2": 3}, (*BASE, "ly1", "ly2")),
        ({"ly1": 6}, (*BASE, "ly1", "ly2", "why")),
        ({"ly1": 7, "why": "stale"}, (*BASE, "ly1", "ly2")),
        ({"used": ("desk", "app"), "age": 18.0}, (*BASE, "visit", "ly1", "ly2")),
        ({"used": ("desk",), "age": 999.0}, (*BASE, "ly1", "ly2")),
    ],
)
def test_asked(questionnaire: Questionnaire, answers: dict[str, Any], expected: tuple[str, ...]) -> None:
    assert asked(questionnaire, answers) == expected


def test_a_stale_answer_of_a_hidden_question_shows_nothing(tmp_path: Path) -> None:
    path = tmp_path / "q.yaml"
    path.write_text(
        "satmeter: 1\nid: a\nversion: 1\ntitle: T\nlanguages: [en]\nquestions:\n"
        "  a: {type: choice, text: A, options: {y: Yes, n: No}}\n"
        "  b: {type: choice, text: B, options: {y: Yes, n: No}, show_if: a == 'y'}\n"
        "  c: {type: text, text: C, show_if: b == 'y'}\n"
        "  d: {type: text, text: D, show_if: not answered(b)}\n",
        "utf-8",
    )
    q = read_questionnaire(path)
    assert asked(q, {"a": "y", "b": "y"}) == ("a", "b", "c")
    assert asked(q, {"a": "n", "b": "y"}) == ("a", "d")


def test_missing_codes_are_no_answers(questionnaire: Questionnaire) -> None:
    for code in (98, 98.0, "98", "Blank"):
        assert substantive(questionnaire, "pv1", code) is None
    assert substantive(questionnaire, "pv1", 4) == 4
    assert substantive(questionnaire, "ly1", 98) == 98
    assert substantive(questionnaire, "used", ("app", "")) == ("app", "")
    assert substantive(questionnaire, "age", 999) is None
    assert substantive(questionnaire, "why", "  ") is None
