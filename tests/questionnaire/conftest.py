"""A questionnaire that uses everything, and a way to check a changed copy of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from satmeter.errors import Problem
from satmeter.questionnaire import check_questionnaire

FULL = """\
# Every key once.
satmeter: 1
id: everything
version: "1.10"
title: {zh-CN: 客户满意度调查, en: Customer survey}
languages: [zh-CN, en]
source: made for the tests
licence: CC0-1.0
intro: {zh-CN: 感谢参与。, en: Thank you for taking part.}
thanks: {zh-CN: "谢谢，您打了 {ly1} 分。", en: "Thank you for the {ly1}."}
scales:
  agree5:
    points:
      1: {zh-CN: 非常不同意, en: Strongly disagree}
      2: {zh-CN: 不同意, en: Disagree}
      3: {zh-CN: 一般, en: Neither}
      4: {zh-CN: 同意, en: Agree}
      5: {zh-CN: 非常同意, en: Strongly agree}
    missing:
      98: {zh-CN: 不了解, en: "Don't know"}
      Blank: {label: {zh-CN: 拒答, en: Refused}, reason: refused}
  nps: {range: [0, 10], low: {zh-CN: 不可能, en: Not likely}, high: {zh-CN: 极可能, en: Very likely}}
constructs:
  product:
    role: driver
    label: {zh-CN: 产品, en: Product}
    scale: agree5
    items:
      pv1: {zh-CN: 电压稳定, en: The voltage is stable}
      pv2:
        text: {zh-CN: 停电很多, en: Outages are frequent}
        reverse: true
        required: false
        show_if: outage == 'yes'
  image:
    role: driver
    mode: formative
    label: {zh-CN: 形象, en: Image}
    scale: agree5
    items:
      iv1: {zh-CN: 值得信赖, en: Trustworthy}
      iv2: {text: {zh-CN: 受人尊重, en: Respected}, scale: nps}
  loyalty:
    role: loyalty
    label: {zh-CN: 忠诚, en: Loyalty}
    scale: nps
    items:
      ly1: {zh-CN: 推荐的可能性, en: Likely to recommend}
      ly2: {zh-CN: 继续使用, en: Likely to stay}
questions:
  agreed: {type: consent, required: true, text: {zh-CN: 我同意, en: I agree}}
  outage:
    type: choice
    text: {zh-CN: 停过电吗, en: Any outage}
    options: {yes: {zh-CN: 是, en: "Yes"}, no: {zh-CN: 否, en: "No"}, 010: {zh-CN: 十, en: Ten}}
    missing: {99: {zh-CN: 不知道, en: Unknown}}
  used:
    type: multiple
    text: {zh-CN: 用过, en: Used}
    options: {app: {zh-CN: 应用, en: App}, web: {zh-CN: 网站, en: Web}, desk: {zh-CN: 柜台, en: Desk}}
  age:
    type: number
    min: 16
    max: 110
    text: {zh-CN: 年龄, en: Age}
    missing: {999: {label: {zh-CN: 拒答, en: Refused}, reason: refused}}
  visit: {type: date, text: {zh-CN: 日期, en: Date}, show_if: "used in ['desk'] and age >= 18"}
  why: {type: text, max: 500, pii: possible, show_if: ly1 <= 6, text: {zh-CN: "打 {ly1} 分的原因？", en: "Why {ly1}?"}}
checks:
  ac1: {type: instructed, scale: agree5, expect: 4, text: {zh-CN: 请选同意, en: Please choose Agree}}
model:
  loyalty: [product, image, outage]
pages:
  - [agreed, outage, used, age, visit]
  - grid: [product, ac1, image]
    shuffle: items
    required: true
    title: {zh-CN: 评价, en: Ratings}
    text: {zh-CN: 请评价, en: Please rate}
    show_if: agreed == 'yes'
  - {items: [loyalty, why]}
"""


@pytest.fixture
def full() -> str:
    return FULL


@pytest.fixture
def checked(tmp_path: Path) -> Callable[..., tuple[Problem, ...]]:
    """Check the full questionnaire after replacing texts, given as pairs (old, new)."""

    def check(*changes: tuple[str, str], text: str = FULL) -> tuple[Problem, ...]:
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new, 1)
        path = tmp_path / "q.yaml"
        path.write_text(text, "utf-8")
        return check_questionnaire(path)

    return check
