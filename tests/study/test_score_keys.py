"""The keys `scores` and `answers`."""

import pytest

from satmeter.errors import StudyError
from satmeter.study.plan import Answers, ScoreOptions

EFFORT = """\
  effort7: {range: [1, 7], low: {zh-CN: 很不同意, en: Strongly disagree}, high: {zh-CN: 很同意, en: Strongly agree}}
"""
EASE = """\
  ease:
    role: other
    label: {zh-CN: 省力, en: Ease}
    scale: effort7
    items:
      e1: {zh-CN: 易办, en: Made it easy}
      e2: {zh-CN: 易找, en: Easy to find}
"""
INCOME = "  income: {type: number, pii: yes, text: {zh-CN: 收入, en: Income}}\n"


@pytest.fixture
def wider(folder):
    """The shop's questionnaire with a second number question and items on 1–7."""
    text = (folder / "shop.yaml").read_text("utf-8")
    text = text.replace("constructs:\n", EFFORT + "constructs:\n").replace("questions:\n", EASE + "questions:\n", 1)
    text = text.replace("  why: {", "  visits: {type: number, text: {zh-CN: 次数, en: Visits}}\n" + INCOME + "  why: {")
    text = text.replace("[city, age]", "[city, age, visits, income, e1, e2]")
    (folder / "shop.yaml").write_text(text, "utf-8")


@pytest.mark.usefixtures("wider")
def test_the_keys_reach_the_plan(plan_of):
    plan = plan_of(
        "scores: {boxes: [3, 1], csat: [p1, p1]}\n"
        "answers: {questions: [city, age], trim: 0.2, ratios: {young: [age, visits]}}\n"
    )
    assert plan.scores == ScoreOptions((1, 3), ("p1",), {})
    assert plan.answers == Answers(("city", "age"), 0.2, {"young": ("age", "visits")})


def test_an_empty_map_of_answers_means_all_questions(plan_of):
    assert plan_of("answers: {}\n").answers == Answers((), 0.1, {})
    assert plan_of("answers:\n").answers is None


@pytest.mark.usefixtures("wider")
def test_the_variants_of_effort_are_one_or_several(plan_of):
    plan = plan_of("scores:\n  ces: {e1: net, e2: [mean, share, mean]}\n")
    assert plan.scores == ScoreOptions((2,), (), {"e1": ("net",), "e2": ("mean", "share")})


def test_keys_that_are_absent_leave_the_digest_alone(plan_of):
    plain = plan_of("groups: [city]\n").digest
    assert plan_of("groups: [city]\nscores: {boxes: [2]}\nanswers:\n").digest == plain
    assert plan_of("groups: [city]\nscores: {boxes: [1]}\n").digest != plain
    assert plan_of("groups: [city]\nanswers: {}\n").digest != plain


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("scores: {boxes: [2, 4]}\n", [("S086", 4)]),
        ("scores: {boxes: [two]}\n", [("S086", 4)]),
        ("scores: {boxes: [1, 1]}\n", [("S086", 4)]),
        ("scores:\n  csat: [l1, p9]\n", [("S085", 5), ("S085", 5)]),
        ("scores:\n  ces: {p1: mean}\n", [("S085", 5)]),
        ("scores:\n  ces:\n    p1: average\n", [("S085", 6), ("Q028", 6)]),
        ("scores:\n  ces:\n    p1: {a: b}\n", [("S085", 6), ("Q028", 6)]),
        ("answers:\n  questions:\n    - city\n    - why\n    - p1\n", [("S087", 7), ("S087", 8)]),
        ("answers:\n  questions: [income]\n  ratios: {r: [age, income]}\n", [("S087", 5), ("S087", 6)]),
        ("answers: {trim: 0.5}\n", [("Q029", 4)]),
        ("answers:\n  ratios: {r: age}\n", [("S034", 5)]),
        ("answers:\n  ratios: {r: [age, age]}\n", [("S034", 5)]),
        ("answers:\n  ratios:\n    city: [age, city]\n", [("S063", 6), ("S087", 6)]),
        ("answers: {quantiles: [0.5]}\n", [("Q016", 4)]),
    ],
)
@pytest.mark.usefixtures("wider")
def test_what_cannot_be_is_named_with_its_line(plan_of, text, codes):
    with pytest.raises(StudyError) as error:
        plan_of(text)
    assert sorted((p.code, p.line) for p in error.value.problems) == sorted(codes)
    assert error.value.text("zh-CN")
