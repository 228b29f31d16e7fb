from pathlib import Path

import pytest

from satmeter.questionnaire import read_questionnaire

YAML = """\
satmeter: 1
id: shop
version: "1"
title: {zh-CN: 门店, en: Shop}
languages: [zh-CN, en]
scales:
  agree5:
    points:
      1: {zh-CN: 非常不同意, en: Strongly disagree}
      2: {zh-CN: 不同意, en: Disagree}
      3: {zh-CN: 一般, en: Neither}
      4: {zh-CN: 同意, en: Agree}
      5: {zh-CN: 非常同意, en: Strongly agree}
    missing:
      98: {zh-CN: 不了解, en: Don't know}
  rate10: {range: [0, 10], low: {zh-CN: 不可能, en: Never}, high: {zh-CN: 一定, en: Surely}}
constructs:
  product:
    role: driver
    label: {zh-CN: 产品, en: Product}
    scale: agree5
    items:
      p1: {zh-CN: 质量可靠, en: It is reliable}
      p2: {text: {zh-CN: 经常出故障, en: It often breaks}, reverse: true}
      p3: {zh-CN: 外观好看, en: It looks good}
  loyalty:
    role: loyalty
    label: {zh-CN: 忠诚, en: Loyalty}
    scale: rate10
    items:
      l1: {zh-CN: 推荐的可能, en: "Would you recommend us?"}
questions:
  city:
    type: choice
    text: {zh-CN: 所在城市, en: Your city}
    options: {n: {zh-CN: 北城, en: North}, s: {zh-CN: 南城, en: South}, "NA": {zh-CN: 不在本地, en: Elsewhere}}
  used:
    type: multiple
    text: {zh-CN: 用过的渠道, en: Channels used}
    options: {w: {zh-CN: 网站, en: Website}, a: {zh-CN: 应用, en: "App, phone"}, c: {zh-CN: 柜台, en: Counter}}
  trouble: {type: text, text: {zh-CN: 遇到的问题, en: "What went wrong?"}, show_if: "p1 <= 2"}
  age: {type: number, text: {zh-CN: 年龄, en: Your age}, min: 16, max: 110}
  day: {type: date, text: {zh-CN: 购买日期, en: Date of purchase}}
  ok: {type: consent, text: {zh-CN: 同意参加, en: I agree to take part}}
checks:
  ac: {type: instructed, scale: agree5, expect: 4, text: {zh-CN: 本题请选同意, en: Please choose Agree here}}
model:
  loyalty: [product]
pages:
  - [ok, city, used]
  - {grid: [product, ac]}
  - [trouble, l1, age, day]
"""


@pytest.fixture(scope="session")
def shop(tmp_path_factory):
    path: Path = tmp_path_factory.mktemp("questionnaire") / "shop.yaml"
    path.write_text(YAML, "utf-8")
    return read_questionnaire(path)


@pytest.fixture(scope="module")
def _columns_by_twos_and_threes():
    """Let a module read a few columns at a time; what must be there at least has its own tests (test_coverage.py)."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("satmeter.responses.read.check_coverage", lambda *_: None)
        yield
