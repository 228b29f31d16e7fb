"""The key `trees`: what reaches the plan, and what is refused with its line."""

import pytest

from satmeter.errors import StudyError

GOOD = """\
trees:
  overall:
    label: {zh-CN: 总体, en: Overall}
    weights_from: 12 experts, May 2026
    missing: stop
    kind: journey
    of: {product: 0.25, contact: 0.75}
  contact:
    weights_from: the same
    of:
      s1: 0.4
      l1: 0.6
"""


def problems_of(plan_of, text):
    with pytest.raises(StudyError) as error:
        plan_of(text)
    assert error.value.text("zh-CN") != error.value.text("en")
    return [(p.code, p.line) for p in error.value.problems]


def test_trees_reach_the_plan(plan_of):
    whole, contact = plan_of(GOOD).trees
    assert (whole.id, whole.missing, whole.kind, whole.of) == (
        "overall",
        "stop",
        "journey",
        {"product": 0.25, "contact": 0.75},
    )
    assert whole.weights_from == "12 experts, May 2026"
    assert whole.label == {"zh-CN": "总体", "en": "Overall"}
    assert (contact.missing, contact.kind, contact.label) == ("rescale", "index", {"und": "contact"})
    assert list(contact.of) == ["s1", "l1"]


def test_the_source_of_weights_may_be_told_in_both_languages(plan_of):
    text = "trees: {a: {weights_from: {zh-CN: 专家, en: Experts}, of: {product: 1}}}\n"
    assert plan_of(text).trees[0].weights_from == {"zh-CN": "专家", "en": "Experts"}


def test_the_digest_knows_the_trees_but_not_their_lines(plan_of):
    plain = plan_of("groups: [city]\n").digest
    assert plan_of("groups: [city]\ntrees:\n").digest == plain
    one = plan_of("groups: [city]\n" + GOOD).digest
    assert one != plain
    assert plan_of("# a line more\ngroups: [city]\n" + GOOD).digest == one
    assert plan_of("groups: [city]\n" + GOOD.replace("0.4", "0.3").replace("0.6", "0.7")).digest != one


@pytest.mark.parametrize(
    ("tree", "code", "line"),
    [
        ("a: {weights_from: x, of: {product: 0.5, staff: 0.4}}", "S088", 5),
        ("a: {weights_from: x, of: {product: 50, staff: 50}}", "S064", 5),
        ("a: {weights_from: x, of: {product: 0.5, staff: 0.5, a: 0}}", "S089", 5),
        ("a: {weights_from: x, of: {prodct: 0.5, staff: 0.5}}", "S090", 5),
        ("a: {weights_from: x, of: {city: 0.5, staff: 0.5}}", "S090", 5),
        ("a: {of: {product: 0.5, staff: 0.5}}", "S067", 5),
        ("a: {weights_from: '', of: {product: 1}}", "S067", 5),
        ("a: {weights_from: x}", "Q017", 5),
        ("a: {weights_from: x, of: {}}", "S088", 5),
        ("a: {weights_from: x, of: {product: half, staff: 0.5}}", "Q026", 5),
        ("a: {weights_from: x, of: {product: 1.5, staff: -0.5}}", "Q029", 5),
        ("a: {weights_from: x, missing: drop, of: {product: 1}}", "Q028", 5),
        ("a: {weights_from: x, label: {fr: Tout}, of: {product: 1}}", "Q035", 5),
        ("product: {weights_from: x, of: {staff: 1}}", "S065", 5),
        ("a: {weights_from: x, of: {b: 1}}\n  b: {weights_from: x, of: {a: 1}}", "S089", 5),
        ("a: {weights_from: x, of: {b: 0.5, p1: 0.5}}\n  b: {weights_from: x, of: {p1: 1}}", "S068", 6),
    ],
)
def test_a_tree_that_cannot_be_is_named_with_its_line(plan_of, tree, code, line):
    assert problems_of(plan_of, f"trees:\n  {tree}\n") == [(code, line)]


def test_all_problems_come_at_once(plan_of):
    text = (
        "trees:\n"
        "  a:\n"
        "    of:\n"
        "      producd: 60\n"
        "      b: 40\n"
        "  b:\n"
        "    weights_from: x\n"
        "    of: {b: 0.5, staff: 0.4}\n"
    )
    assert problems_of(plan_of, text) == [("S067", 5), ("S064", 7), ("S090", 7), ("S088", 11), ("S089", 11)]


def test_a_suggestion_helps_with_a_slip(plan_of):
    with pytest.raises(StudyError) as error:
        plan_of("trees: {a: {weights_from: x, of: {prodct: 1}}}\n")
    assert error.value.problems[0].suggestion == "product"
