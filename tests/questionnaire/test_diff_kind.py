"""How deep a change goes: cosmetic, wording, coding."""

from __future__ import annotations

import pytest

from satmeter.errors import QuestionnaireError
from satmeter.questionnaire.diff import compare_questionnaires
from satmeter.questionnaire.diff_kind import kind_of_change
from satmeter.questionnaire.read import parse_questionnaire

OLD = """\
satmeter: 1
id: shop
version: "1"
title: {zh-CN: 门店, en: Shop}
languages: [zh-CN, en]
scales:
  agree5:
    points: {1: {zh-CN: 低, en: Low}, 2: {zh-CN: 二, en: Two}, 3: {zh-CN: 三, en: Three}, 4: {zh-CN: 四, en: Four}}
    missing: {9: {label: {zh-CN: 不适用, en: Does not apply}, reason: not_applicable}}
constructs:
  product:
    role: satisfaction
    label: {zh-CN: 产品, en: Product}
    scale: agree5
    items:
      p1: {zh-CN: 可靠, en: Reliable}
      p2: {zh-CN: 耐用, en: Durable}
questions:
  city:
    type: choice
    text: {zh-CN: 城市, en: City}
    options: {n: {zh-CN: 北, en: North}, s: {zh-CN: 南, en: South}, e: {zh-CN: 东, en: East}}
  age: {type: number, min: 0, text: {zh-CN: 年龄, en: Age}}
checks:
  ac: {type: instructed, scale: agree5, expect: 4, text: {zh-CN: 请选四, en: Choose four}}
pages:
  - [city, age]
  - {grid: [product, ac], shuffle: items}
"""


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ("title: {zh-CN: 门店, en: Shop}", "title: {zh-CN: 门店调查, en: Shop survey}", "cosmetic"),
        ("en: Reliable}", "en: 'Reliable.'}", "cosmetic"),
        ("[city, age]", "[age, city]", "cosmetic"),
        ('version: "1"', 'version: "2"', "cosmetic"),
        ("en: Reliable}", "en: Very reliable}", "wording"),
        ("en: North}", "en: The north}", "wording"),
        ("s: {zh-CN: 南, en: South}", "s: {zh-CN: 南, en: South}, w: {zh-CN: 西, en: West}", "wording"),
        ("min: 0", "min: 18", "wording"),
        (", e: {zh-CN: 东, en: East}", "", "coding"),
        ("type: number, min: 0", "type: text", "coding"),
        (", 4: {zh-CN: 四, en: Four}", ", 4: {zh-CN: 四, en: Four}, 5: {zh-CN: 五, en: Five}", "coding"),
        ("p2: {zh-CN: 耐用, en: Durable}", "p2: {text: {zh-CN: 耐用, en: Durable}, reverse: true}", "coding"),
        ("reason: not_applicable", "reason: refused", "coding"),
        ("p2: {", "p9: {", "coding"),
        ("expect: 4", "expect: 3", "coding"),
    ],
)
def test_how_deep_a_change_goes(before, after, kind):
    assert before in OLD
    old, new = parse_questionnaire(OLD), parse_questionnaire(OLD.replace(before, after))
    assert kind_of_change(compare_questionnaires(old, new)) == kind


def test_a_questionnaire_from_its_text_is_the_one_of_its_file(tmp_path):
    from satmeter.questionnaire import read_questionnaire

    path = tmp_path / "shop.yaml"
    path.write_text(OLD, encoding="utf-8")
    assert parse_questionnaire(OLD, name=str(path)).digest == read_questionnaire(path).digest


def test_problems_of_a_text_are_told_under_its_name():
    with pytest.raises(QuestionnaireError) as caught:
        parse_questionnaire(OLD.replace("scale: agree5\n", "scale: agre5\n", 1), name="a store")
    assert {p.file for p in caught.value.problems} == {"a store"}
