"""The keys `comparisons` and `ranks`."""

import pytest

from satmeter.errors import StudyError
from satmeter.study.plan import Comparisons, Ranks


def test_the_keys_reach_the_plan(plan_of):
    plan = plan_of(
        "groups: [city]\n"
        "comparisons: {against: [rest, pairs], adjust: bh, targets: {loyalty: 75, staff: 60.5}}\n"
        "ranks: {units: city, measures: [staff]}\n"
    )
    assert plan.comparisons == Comparisons(("rest", "pairs"), "bh", {"loyalty": 75.0, "staff": 60.5})
    assert plan.ranks == Ranks(("city",), ("staff",))
    bare = plan_of("groups: [city]\ncomparisons: {adjust: none}\n")
    assert (bare.comparisons, bare.ranks) == (Comparisons(("rest",), "none", {}), None)


def test_keys_that_are_absent_leave_the_digest_alone(plan_of):
    plain = plan_of("groups: [city]\n").digest
    assert plan_of("groups: [city]\nranks: {units: [city]}\n").digest != plain
    assert plan_of("groups: [city]\ncomparisons:\n").digest == plain


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("comparisons: {against: total}\n", "S060", 5),
        ("comparisons: {adjust: bonferroni}\n", "Q028", 5),
        ("comparisons:\n  targets: {loyalty: 120}\n", "S061", 6),
        ("comparisons:\n  targets: {loyalty: high}\n", "S061", 6),
        ("comparisons:\n  targets: {loyalti: 75}\n", "S030", 6),
        ("ranks: {units: [age]}\n", "S062", 5),
        ("ranks: {units: [city], measures: [p1]}\n", "S030", 5),
        ("ranks: {measures: [staff]}\n", "Q017", 5),
    ],
)
def test_what_cannot_be_is_named_with_its_line(plan_of, text, code, line):
    with pytest.raises(StudyError) as error:
        plan_of("groups: [city]\n" + text)
    assert [(p.code, p.line) for p in error.value.problems] == [(code, line)]
    assert error.value.text("zh-CN")
