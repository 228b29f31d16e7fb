"""One language, two engines: the Python evaluator and the form's own script, run in V8, give the same verdicts."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from py_mini_racer import MiniRacer

from satmeter.form.assets import pure_script
from satmeter.form.definition import collect_texts, definition
from satmeter.form.layout import lay_out
from satmeter.questionnaire.evaluate import Answer, asked, evaluate, to_json
from satmeter.questionnaire.expressions import (
    And,
    Answered,
    Compare,
    Constant,
    Expression,
    Member,
    Name,
    Not,
    Or,
)
from satmeter.questionnaire.model import (
    Construct,
    Item,
    MissingCode,
    Option,
    Page,
    Point,
    Question,
    Questionnaire,
    Scale,
    Text,
)
from satmeter.questionnaire.parse import parse_expression

IDS = ("a", "b", "c", "d", "e", "constructor", "m1", "m2", "t1", "n1")
WORDS = (
    "",
    " ",
    "\u3000",
    "y",
    "n",
    "3",
    "3.0",
    "-2",
    "03",
    "+3",
    "3.",
    "1e3",
    " 3",
    "98",
    "满意",
    "𝒳",
    "\uffee",
    "__proto__",
)
NUMBERS = st.one_of(
    st.integers(1, 4),
    st.integers(-3, 12),
    st.sampled_from((98, 99, 98.0, 2.5, -0.5, 0.1, 1e15, -0.0)),
    st.floats(-1e6, 1e6, allow_nan=False),
)
TEXTS = st.one_of(st.sampled_from(WORDS), st.text(max_size=4))
NAMES = st.sampled_from(IDS).map(Name)
CONSTANTS = st.one_of(NUMBERS.map(float), TEXTS).map(Constant)
OPERANDS = st.one_of(NAMES, CONSTANTS)
OPERATORS = st.sampled_from(("==", "!=", "<", "<=", ">", ">="))
LEAVES = st.one_of(
    st.builds(Compare, OPERATORS, OPERANDS, OPERANDS),
    st.builds(Member, NAMES, st.lists(CONSTANTS, min_size=1, max_size=4).map(tuple)),
    st.builds(Answered, NAMES),
)


def _branches(parts: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    several = st.lists(parts, min_size=2, max_size=3).map(tuple)
    return st.one_of(st.builds(Not, parts), st.builds(And, several), st.builds(Or, several))


EXPRESSIONS: st.SearchStrategy[Expression] = st.recursive(LEAVES, _branches, max_leaves=8)
CODES = st.lists(st.sampled_from(("y", "n", "3", "98", "other")), max_size=3, unique=True).map(tuple)
ANSWERS: st.SearchStrategy[Answer] = st.one_of(st.none(), st.just(math.nan), NUMBERS, TEXTS, CODES)
ANSWER_SETS = st.fixed_dictionaries({name: ANSWERS for name in IDS})


@pytest.fixture(scope="module")
def v8() -> MiniRacer:
    engine = MiniRacer()
    engine.eval(pure_script("expressions"))
    engine.eval(
        """
        const entries = (answers) => new Map(Object.entries(answers));
        const verdicts = (cases) => JSON.stringify(
          JSON.parse(cases).map((one) => SatmeterExpressions.evaluate(one.tree, entries(one.answers))));
        const walks = (cases) => { const all = JSON.parse(cases); return JSON.stringify(
          all.answers.map((one) => SatmeterExpressions.asked(all.definition, entries(one)))); };
        """
    )
    return engine


def _call(engine: MiniRacer, function: str, document: object) -> Any:
    text = json.dumps(json.dumps(document, allow_nan=False))
    return json.loads(str(engine.eval(f"{function}({text})")))


def _as_json(answers: Mapping[str, Answer]) -> dict[str, Any]:
    return {
        name: None if isinstance(answer, float) and math.isnan(answer) else answer for name, answer in answers.items()
    }


@settings(max_examples=150, deadline=None)
@given(cases=st.lists(st.tuples(EXPRESSIONS, ANSWER_SETS), min_size=1, max_size=12))
def test_same_verdict(v8: MiniRacer, cases: list[tuple[Expression, dict[str, Answer]]]) -> None:
    expected = [evaluate(tree, answers) for tree, answers in cases]
    documents = [{"tree": to_json(tree), "answers": _as_json(answers)} for tree, answers in cases]
    assert _call(v8, "verdicts", documents) == expected


POOL: tuple[Answer, ...] = (None, 1, 2, 2.0, 2.5, -2, 10, *WORDS, (), ("y",), ("n", "y"), ("3",), ("2", "10"))


def test_same_verdict_for_every_pair_of_a_pool(v8: MiniRacer) -> None:
    trees: list[tuple[Expression, dict[str, Answer]]] = []
    for left, right in itertools.product(POOL, POOL):
        answers = {"a": left, "b": right}
        for op in ("==", "!=", "<", "<=", ">", ">="):
            trees.append((Compare(op, Name("a"), Name("b")), answers))
            if isinstance(right, float | int | str):
                trees.append((Compare(op, Name("a"), Constant(right)), answers))
        if isinstance(right, float | int | str):
            trees.append((Member(Name("a"), (Constant(right), Constant("w"))), answers))
    expected = [evaluate(tree, answers) for tree, answers in trees]
    documents = [{"tree": to_json(tree), "answers": answers} for tree, answers in trees]
    assert _call(v8, "verdicts", documents) == expected
    assert 0.1 < sum(expected) / len(expected) < 0.9


CONDITIONS = st.one_of(st.none(), EXPRESSIONS)


@st.composite
def questionnaires(draw: st.DrawFn) -> Questionnaire:
    """Draw a questionnaire with conditions on pages, items and questions."""
    missing = (MissingCode("98", Text((("en", "?"),)), "dont_know"), MissingCode("other", Text(), "refused"))
    points = tuple(Point(code, Text((("en", str(code)),))) for code in range(1, 6))
    text = Text((("en", "t"),))
    options = tuple(Option(code, text) for code in ("y", "n", "3"))
    items = {name: Item(name, "k", text, "s", show_if=draw(CONDITIONS)) for name in IDS[:5]}
    kinds = {"constructor": "choice", "m1": "multiple", "m2": "multiple", "t1": "text", "n1": "number"}
    questions = {
        name: Question(name, kind, text, options, missing, show_if=draw(CONDITIONS)) for name, kind in kinds.items()
    }
    order = draw(st.permutations(IDS))
    cuts = sorted(draw(st.lists(st.integers(1, len(IDS) - 1), max_size=3, unique=True)))
    bounds = [0, *cuts, len(IDS)]
    pages = tuple(Page(tuple(order[low:high]), show_if=draw(CONDITIONS)) for low, high in itertools.pairwise(bounds))
    return Questionnaire(
        id="q",
        version="1",
        title=text,
        languages=("en",),
        scales={"s": Scale("s", points, missing)},
        constructs={"k": Construct("k", "other", text, tuple(items))},
        items=items,
        questions=questions,
        pages=pages,
    )


@settings(max_examples=80, deadline=None)
@given(questionnaire=questionnaires(), answer_sets=st.lists(ANSWER_SETS, min_size=1, max_size=6))
def test_same_questions_are_asked(
    v8: MiniRacer, questionnaire: Questionnaire, answer_sets: list[dict[str, Answer]]
) -> None:
    expected = [list(asked(questionnaire, answers)) for answers in answer_sets]
    document = definition(questionnaire, lay_out(questionnaire), collect_texts(questionnaire))
    cases = {"definition": document, "answers": [_as_json(answers) for answers in answer_sets]}
    assert _call(v8, "walks", cases) == expected


@pytest.mark.parametrize(
    ("text", "answers", "verdict"),
    [
        ("n != 3", {}, False),
        ("not n == 3", {}, True),
        ("n != 3", {"n": 4}, True),
        ("n == 3", {"n": "3"}, True),
        ("n == 3", {"n": "3.0"}, True),
        ("n == '3'", {"n": "3.0"}, False),
        ("n == 3", {"n": "+3"}, False),
        ("n < '𝒳'", {"n": "\uffee"}, False),
        ("m == 'y'", {"m": ("n", "y")}, True),
        ("m != 'y'", {"m": ("n", "y")}, False),
        ("m < 'z'", {"m": ("n",)}, False),
        ("answered(m)", {"m": ()}, False),
        ("answered(m)", {"m": " \u3000"}, False),
        ("m in ['a', 'n']", {"m": ("n", "y")}, True),
    ],
)
def test_known_verdicts(v8: MiniRacer, text: str, answers: dict[str, Answer], verdict: bool) -> None:
    tree = parse_expression(text)
    assert evaluate(tree, answers) is verdict
    assert _call(v8, "verdicts", [{"tree": to_json(tree), "answers": answers}]) == [verdict]
