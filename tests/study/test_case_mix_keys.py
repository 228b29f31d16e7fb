"""The key `case_mix`: what reaches the plan, and what is refused with its line."""

import pytest

from satmeter.errors import StudyError
from satmeter.study.composed_scores import CaseMix


def test_the_key_reaches_the_plan(plan_of):
    plan = plan_of("groups: [city]\ncase_mix: {units: city, adjusters: [age], measures: [staff]}\n")
    assert plan.case_mix == CaseMix(("city",), ("age",), ("staff",))
    assert plan_of("case_mix:\n").case_mix is None


def test_an_absent_key_leaves_the_digest_alone(plan_of):
    plain = plan_of("groups: [city]\n").digest
    assert plan_of("groups: [city]\ncase_mix:\n").digest == plain
    assert plan_of("groups: [city]\ncase_mix: {units: city, adjusters: [age]}\n").digest != plain


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("case_mix: {units: age, adjusters: [age]}", "S062"),
        ("case_mix: {units: city, adjusters: [city]}", "S091"),
        ("case_mix: {units: city, adjusters: [why]}", "S091"),
        ("case_mix: {units: city, adjusters: [p1]}", "S091"),
        ("case_mix: {units: city, adjusters: [age], measures: [p1]}", "S030"),
        ("case_mix: {adjusters: [age]}", "Q017"),
        ("case_mix: {units: city}", "Q017"),
        ("case_mix: {units: city, adjusters: [age], mode: phone}", "Q016"),
    ],
)
def test_what_cannot_be_is_named_with_its_line(plan_of, text, code):
    with pytest.raises(StudyError) as error:
        plan_of(f"groups: [city]\n{text}\n")
    assert (error.value.problems[0].code, error.value.problems[0].line) == (code, 5)
    assert error.value.text("zh-CN") != error.value.text("en")
