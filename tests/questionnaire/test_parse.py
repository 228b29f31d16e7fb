from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from satmeter.errors import QuestionnaireError
from satmeter.questionnaire.expressions import And, Answered, Compare, Constant, Expression, Member, Name, Not, Or
from satmeter.questionnaire.parse import KEYWORDS, parse_expression, to_text


def test_precedence() -> None:
    x, y, z = (Compare("==", Name(n), Constant(1.0)) for n in "xyz")
    assert parse_expression("x == 1 or y == 1 and not z == 1") == Or((x, And((y, Not(z)))))
    assert parse_expression("(x == 1 or y == 1) and z == 1") == And((Or((x, y)), z))
    assert parse_expression("not not x==1") == Not(Not(x))


def test_leaves() -> None:
    assert parse_expression("-1.5 < x") == Compare("<", Constant(-1.5), Name("x"))
    assert parse_expression("x!=y") == Compare("!=", Name("x"), Name("y"))
    assert parse_expression("x in [1, 'a', \"b\"]") == Member(Name("x"), (Constant(1.0), Constant("a"), Constant("b")))
    assert parse_expression("answered( x )") == Answered(Name("x"))
    assert parse_expression(r"x == 'it\'s \\'") == Compare("==", Name("x"), Constant("it's \\"))
    assert parse_expression("x == '满意'\n") == Compare("==", Name("x"), Constant("满意"))


@pytest.mark.parametrize(
    ("text", "code", "position", "suggestion"),
    [
        ("", "Q060", 1, ""),
        ("x", "Q060", 2, ""),
        ("x == ", "Q060", 6, ""),
        ("x == 1 y", "Q060", 8, ""),
        ("x not in [1]", "Q060", 3, ""),
        ("x in []", "Q060", 7, ""),
        ("x in [y]", "Q060", 7, ""),
        ("x in [1", "Q060", 8, ""),
        ("answered(and)", "Q060", 10, ""),
        ("(x == 1", "Q060", 8, ""),
        ("x + 1 == 2", "Q060", 3, ""),
        ("1 in [1]", "Q060", 3, ""),
        ("x == 1a", "Q060", 6, ""),
        ("x == 1.2.3", "Q060", 6, ""),
        ("x == 中", "Q060", 6, ""),
        ("x = 1", "Q061", 3, "=="),
        ("x <> 1", "Q061", 3, "!="),
        ("x == 1 && y == 2", "Q061", 8, "and"),
        ("x == 1 || y == 2", "Q061", 8, "or"),
        ("! x == 1", "Q061", 1, "not"),
        ("x == 'y", "Q062", 6, ""),
        ("x == ‘y’", "Q062", 6, ""),
        ("(" * 60 + "x == 1" + ")" * 60, "Q063", 41, ""),
        ("not " * 60 + "x == 1", "Q063", 161, ""),
        ("x == 1 or " * 300 + "x == 1", "Q063", 2001, ""),
    ],
)
def test_mistakes(text: str, code: str, position: int, suggestion: str) -> None:
    with pytest.raises(QuestionnaireError) as raised:
        parse_expression(text, file="q.yaml", line=7)
    (problem,) = raised.value.problems
    assert (problem.code, problem.params["position"], problem.suggestion) == (code, position, suggestion)
    assert (problem.file, problem.line) == ("q.yaml", 7)
    assert len(problem.got) <= 61


names = st.from_regex(r"[a-z][a-z0-9_]{0,5}", fullmatch=True).filter(lambda n: n not in KEYWORDS).map(Name)
numbers = st.floats(-1e9, 1e9, allow_nan=False).map(lambda x: Constant(round(x, 4) + 0.0))
texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=8).map(Constant)
constants = numbers | texts
operators = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
leaves: st.SearchStrategy[Expression] = (
    st.builds(Compare, operators, names | constants, names | constants)
    | st.builds(Member, names, st.lists(constants, min_size=1, max_size=4).map(tuple))
    | st.builds(Answered, names)
)
trees = st.recursive(
    leaves,
    lambda inner: (
        st.builds(Not, inner)
        | st.builds(And, st.lists(inner, min_size=2, max_size=3).map(tuple))
        | st.builds(Or, st.lists(inner, min_size=2, max_size=3).map(tuple))
    ),
    max_leaves=8,
)


@given(trees)
def test_text_of_a_tree_parses_to_the_tree(tree: Expression) -> None:
    assert parse_expression(to_text(tree)) == tree


@given(st.text(max_size=40) | st.text("xy=<>!()[],'\" andort12.-", max_size=40))
def test_any_text_is_a_tree_or_a_coded_error(text: str) -> None:
    try:
        tree = parse_expression(text)
    except QuestionnaireError as error:
        assert error.problems[0].code in {"Q060", "Q061", "Q062", "Q063"}  # noqa: PT017
    else:
        assert parse_expression(to_text(tree)) == tree
