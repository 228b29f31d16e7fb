"""The keys `comparisons` and `ranks`."""

import pytest

from satmeter.errors import StudyError
from satmeter.study.plan import Comparisons, Ranks
from satmeter.study.unit_strata import unit_strata


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


DISTRICT = "  district: {type: choice, text: {zh-CN: 区, en: District}, options: {a: A, b: B, c: C}}\n"


@pytest.fixture
def districts(folder):
    """Give the questionnaire districts, which lie in cities."""
    text = (folder / "shop.yaml").read_text("utf-8")
    text = text.replace("  age: {type", DISTRICT + "  age: {type").replace("[city, age]", "[city, district, age]")
    (folder / "shop.yaml").write_text(text, "utf-8")


@pytest.mark.usefixtures("districts")
def test_units_are_ranked_within_another_question(plan_of):
    plan = plan_of("groups: [city, district]\nranks: {units: [district, city], within: city}\n")
    assert plan.ranks == Ranks(("district", "city"), (), "city")
    alone = plan_of("groups: [city, district]\nranks: {units: [district, city]}\n")
    assert alone.digest != plan.digest


@pytest.mark.usefixtures("districts")
def test_a_unit_in_two_strata_is_named(study_of, varied):
    text = "groups: [city, district]\nranks: {units: [district], within: city}\n"
    header = ("p1", "p2", "p3", "s1", "s2", "s3", "l1", "city", "district")
    clear = [("n", "a"), ("s", "b"), ("", "b"), ("s", "c"), ("s", "c")]
    study = study_of([(*row, *where) for row, where in zip(varied, clear, strict=True)], text, header)
    assert unit_strata(study.groups, "district", "city") == {"a": ("n",), "b": ("s",), "c": ("s",)}
    torn = [*clear[:4], ("n", "c")]
    with pytest.raises(StudyError) as error:
        study_of([(*row, *where) for row, where in zip(varied, torn, strict=True)], text, header)
    (problem,) = error.value.problems
    assert (problem.code, problem.params["units"], problem.params["within"]) == ("S010", "c (n, s)", "city")
    assert "c (n、s)" in error.value.text("zh-CN")


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
        ("ranks: {units: [city], within: age}\n", "S062", 5),
        ("ranks: {units: [city], within: city}\n", "S062", 5),
    ],
)
def test_what_cannot_be_is_named_with_its_line(plan_of, text, code, line):
    with pytest.raises(StudyError) as error:
        plan_of("groups: [city]\n" + text)
    assert [(p.code, p.line) for p in error.value.problems] == [(code, line)]
    assert error.value.text("zh-CN")
