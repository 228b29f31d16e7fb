"""The keys `validity`, `retest`, `differences`, `drivers` and `paths` of the study file."""

import pytest

from satmeter.errors import StudyError
from satmeter.study.driver_plan import DriverOptions, PathOptions
from satmeter.study.make import idle_keys
from satmeter.study.plan import KnownGroups, Retest, ValidityPlan

FULL = """\
validity:
  known_groups:
    - {construct: loyalty, by: city, higher: n, lower: s}
  criterion: {loyalty: age, product: [s1, age]}
  marker: [s3]
retest: {responses: answers.csv, columns: {V1: p1}}
differences: [[product, staff]]
drivers:
  depth: full
  items: {loyalty: l1}
  segments: [city]
  moderations: {loyalty: [[product, staff], [staff, age]]}
  controls: [age]
  stated: {product: age, staff: p1}
  multinomial: {city: [product, age]}
  cut: 75
paths:
  scheme: centroid
  consistent: true
  higher_order: {value: [product, staff]}
  model: {loyalty: [value]}
  groups: [city]
  folds: 5
"""


def problems_of(plan_of, text):
    with pytest.raises(StudyError) as error:
        plan_of(text)
    assert error.value.text("zh-CN")
    return error.value.problems


def test_every_key_reaches_the_plan(plan_of, folder):
    plan = plan_of(FULL)
    assert plan.validity == ValidityPlan(
        known_groups=(KnownGroups("loyalty", "city", "n", "s"),),
        criterion=(("loyalty", "age"), ("product", "s1"), ("product", "age")),
        marker=("s3",),
    )
    assert plan.retest == Retest((folder / "answers.csv",), {"V1": "p1"})
    assert plan.differences == (("product", "staff"),)
    assert plan.drivers == DriverOptions(
        depth="full",
        items={"loyalty": "l1"},
        segments=("city",),
        moderations={"loyalty": (("product", "staff"), ("staff", "age"))},
        stated={"product": "age", "staff": "p1"},
        cut=75.0,
        multinomial={"city": ("product", "age")},
    )
    assert plan.paths == PathOptions(
        "centroid",
        True,
        {"value": ("product", "staff")},
        {"loyalty": ("value",)},
        ("city",),
        5,
    )
    products = plan_of("paths: {moderations: {loyalty: [[product, staff]]}}\n").paths
    assert products == PathOptions(moderations={"loyalty": (("product", "staff"),)})


def test_without_the_keys_nothing_more_is_done(plan_of):
    plan = plan_of("")
    assert (plan.validity, plan.retest, plan.differences) == (ValidityPlan(), None, ())
    assert (plan.drivers, plan.paths) == (DriverOptions(), PathOptions())


def test_every_key_changes_the_digest(plan_of):
    texts = FULL.split("\nretest")[0], "differences: [[product, staff]]\n", "retest: {responses: answers.csv}\n"
    digests = {plan_of(text).digest for text in ("", *texts, "drivers: {depth: full}\n", "paths: {folds: 3}\n")}
    digests.add(plan_of("drivers: {multinomial: {city: age}}\n").digest)
    digests.add(plan_of("paths: {moderations: {loyalty: [[product, staff]]}}\n").digest)
    assert len(digests) == 8


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("differences: [[produkt, staff]]\n", [(4, "S030", "product")]),
        ("validity:\n  criterion: {loyal: age}\n", [(5, "S030", "loyalty")]),
        ("validity:\n  criterion: {loyalty: l1}\n", [(5, "S032", "")]),
        ("validity:\n  criterion: {loyalty: city}\n", [(5, "S032", "")]),
        ("validity:\n  marker: [zzz]\n", [(5, "S033", "")]),
        ("drivers:\n  items: {loyalty: p1}\n", [(5, "S033", "")]),
        ("drivers:\n  items: {product: p1}\n", [(5, "S007", "")]),
        ("differences: [[product, product], product, [product]]\n", [(4, "S034", "")] * 3),
        ("drivers:\n  cut: high\n", [(5, "S036", "")]),
        ("drivers:\n  cut: 120\n", [(5, "S036", "")]),
        ("drivers:\n  segments: [age]\n", [(5, "S003", "")]),
        ("drivers:\n  moderations: {loyalty: [[product, age]]}\n", [(5, "S037", "")]),
        ("drivers:\n  stated: {loyalty: age}\n", [(5, "S037", "")]),
        ("drivers:\n  stated: {product: p1}\n", [(5, "S039", "")]),
        ("drivers:\n  multinomial: {age: [product]}\n", [(5, "S003", "")]),
        ("drivers:\n  multinomial: {city: [produkt]}\n", [(5, "S040", "product")]),
        ("drivers:\n  multinomial: {city: [why, city]}\n", [(5, "S040", "")] * 2),
        ("drivers:\n  multinomial: {city: []}\n", [(5, "S040", "")]),
        ("paths:\n  moderations: {loyal: [[product, staff]]}\n", [(5, "S041", "loyalty")]),
        ("paths:\n  moderations: {loyalty: [[product, age]]}\n", [(5, "S042", "")]),
        ("paths:\n  moderations: {loyalty: [[product, loyalty]]}\n", [(5, "S042", "")]),
        ("paths:\n  moderations: {loyalty: [product]}\n", [(5, "S034", "")]),
        ("paths:\n  groups: [town]\n", [(5, "S003", "")]),
        ("paths:\n  higher_order: {staff: [product, loyalty]}\n", [(5, "S038", "")]),
        ("paths:\n  higher_order: {value: [product]}\n", [(5, "S038", "")]),
        ("paths:\n  higher_order: {value: [product, staff]}\n", [(5, "S044", "")]),
        (
            "paths:\n  higher_order: {value: [product, staff]}\n  model: {loyalty: [value, product]}\n",
            [(5, "S043", "")],
        ),
        (
            "paths:\n  higher_order: {value: [product, staff], all: [staff, loyalty]}\n  model: {all: [value]}\n",
            [(5, "S043", "")],
        ),
        ("paths:\n  higher_order: {value: {of: [product]}}\n", [(5, "S038", "")]),
        ("paths:\n  higher_order: {value: {label: {en: Value}}}\n", [(5, "Q017", "")]),
        ("paths:\n  higher_order: {value: {off: [product, staff]}}\n", [(5, "Q016", "of"), (5, "Q017", "")]),
        (
            "paths:\n  model: {loyalty: [value]}\n  higher_order:\n    value:\n      of: [product, staff]\n"
            "      label: {zh_CN: \u4ef7\u503c, en: Value}\n",
            [(9, "Q035", "zh-CN")],
        ),
        (
            "paths:\n  model: {loyalty: [value]}\n  higher_order: {value: {of: [product, staff], label: [Value]}}\n",
            [(6, "Q018", "")],
        ),
        ("paths:\n  model: {value: [product]}\n", [(5, "S030", "")]),
        ("paths:\n  model: {staff: [product], product: [staff]}\n", [(5, "S006", "")]),
        ("retest: {responses: again.csv}\n", [(4, "S002", "answers.csv")]),
        ("retest: {columns: {V1: p1}}\n", [(4, "Q017", "")]),
    ],
)
def test_what_the_questionnaire_does_not_have_is_named_with_its_line(plan_of, text, expected):
    assert [(p.line, p.code, p.suggestion) for p in problems_of(plan_of, text)] == expected


def test_a_construct_of_constructs_has_a_label(plan_of):
    text = "paths:\n  model: {loyalty: [value]}\n  higher_order: {value: %s}\n"
    short = plan_of(text % "[product, staff]").paths
    assert (short.higher_order, short.labels) == ({"value": ("product", "staff")}, {})
    long = plan_of(text % "{label: {zh-CN: \u4ef7\u503c, en: Value}, of: [product, staff]}").paths
    assert (long.higher_order, long.labels) == (short.higher_order, {"value": {"zh-CN": "\u4ef7\u503c", "en": "Value"}})
    one = plan_of(text % "{label: Value, of: [product, staff]}").paths
    assert (one.higher_order, one.labels) == (short.higher_order, {"value": {"und": "Value"}})


def test_known_groups_name_two_options_of_a_choice_question(plan_of):
    text = """\
validity:
  known_groups:
    - {construct: loyalty, by: age, higher: n, lower: s}
    - {construct: loyalty, by: city, higher: n, lower: x}
    - {construct: loyalty, by: city, higher: n, lower: n}
    - {construct: loyalty, by: city, higher: n}
"""
    codes = sorted(problem.code for problem in problems_of(plan_of, text))
    assert codes == ["Q017", "S003", "S031", "S035"]


def test_what_follows_from_the_target_is_no_moderator(plan_of):
    text = """\
paths:
  model: {staff: [product], loyalty: [staff]}
  moderations: {staff: [[product, loyalty]]}
"""
    (problem,) = problems_of(plan_of, text)
    assert (problem.line, problem.code, problem.params["choices"]) == (6, "S042", "product")


def test_keys_that_the_depth_does_not_carry_out_are_named(plan_of):
    full = FULL + "measurement: full\n"
    assert idle_keys(plan_of(full)) == ()
    assert idle_keys(plan_of("")) == ()
    core = full.replace("measurement: full", "measurement: core").replace("depth: full", "depth: core")
    first, second = idle_keys(plan_of(core))
    assert (first.code, first.params["keys"]) == ("S114", "validity, retest, differences")
    keys = "drivers.items, drivers.segments, drivers.moderations, drivers.stated, drivers.multinomial"
    assert second.params["keys"] == f"{keys}, paths"
    assert "depth: full" in second.text("zh-CN")
