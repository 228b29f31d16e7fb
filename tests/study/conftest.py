import pytest

from satmeter.questionnaire import read_questionnaire
from satmeter.responses import read_responses
from satmeter.study import make_study, read_study

QUESTIONNAIRE = """\
satmeter: 1
id: shop
version: "1"
title: {zh-CN: 门店, en: Shop}
languages: [zh-CN, en]
scales:
  agree5:
    points:
      1: {zh-CN: 低, en: Low}
      2: {zh-CN: 二, en: Two}
      3: {zh-CN: 三, en: Three}
      4: {zh-CN: 四, en: Four}
      5: {zh-CN: 高, en: High}
    missing:
      9: {label: {zh-CN: 不适用, en: Does not apply}, reason: not_applicable}
  rate10: {range: [0, 10], low: {zh-CN: 不可能, en: Never}, high: {zh-CN: 一定, en: Surely}}
constructs:
  product:
    role: driver
    label: {zh-CN: 产品, en: Product}
    scale: agree5
    items:
      p1: {zh-CN: 可靠, en: Reliable}
      p2: {text: {zh-CN: 易坏, en: It breaks}, reverse: true}
      p3: {zh-CN: 好看, en: Looks good}
  staff:
    role: driver
    label: {zh-CN: 员工, en: Staff}
    scale: agree5
    items:
      s1: {zh-CN: 热情, en: Friendly}
      s2: {zh-CN: 专业, en: Competent}
      s3: {text: {zh-CN: 及时, en: Prompt}, scale: rate10}
  loyalty:
    role: loyalty
    label: {zh-CN: 忠诚, en: Loyalty}
    scale: rate10
    items:
      l1: {zh-CN: 推荐, en: Recommend}
questions:
  city:
    type: choice
    text: {zh-CN: 城市, en: City}
    options: {n: {zh-CN: 北, en: North}, s: {zh-CN: 南, en: South}, w: {zh-CN: 西, en: West}}
  age: {type: number, text: {zh-CN: 年龄, en: Age}}
  why: {type: text, text: {zh-CN: 原因, en: Why}}
checks:
  ac: {type: instructed, scale: agree5, expect: 4, text: {zh-CN: 请选四, en: Choose four}}
model:
  loyalty: [product, staff]
pages:
  - [city, age]
  - {grid: [product, ac, staff]}
  - [loyalty, why]
"""
HEAD = "satmeter: 1\nquestionnaire: shop.yaml\nresponses: answers.csv\n"
COLUMNS = ("p1", "p2", "p3", "s1", "s2", "s3", "l1")


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "shop.yaml").write_text(QUESTIONNAIRE, "utf-8")
    (tmp_path / "answers.csv").write_text("p1\n1\n", "utf-8")
    return tmp_path


@pytest.fixture
def plan_of(folder):
    """Read a study file made of the usual head and the given text."""

    def plan_of(text="", head=HEAD):
        (folder / "study.yaml").write_text(head + text, "utf-8")
        return read_study(folder / "study.yaml")

    return plan_of


@pytest.fixture
def study_of(folder, plan_of):
    """Make a study from the text of a study file and rows of answers."""

    def study_of(rows, text="quality: {too_many_missing: off}\n", header=COLUMNS):
        lines = [",".join(header), *(row if isinstance(row, str) else ",".join(map(str, row)) for row in rows)]
        (folder / "answers.csv").write_text("\n".join(lines) + "\n", "utf-8")
        plan = plan_of(text)
        questionnaire = read_questionnaire(plan.questionnaire)
        return make_study(plan, read_responses(plan.responses, questionnaire, columns=plan.columns))

    return study_of


VARIED = [
    (1, 5, 2, 4, 3, 10, 7),
    (2, 4, 3, 5, 2, 0, 8),
    (5, 1, 4, 2, 5, 6, 9),
    (4, 2, 5, 1, 4, 3, 2),
    (3, 3, 1, 3, 1, 8, 5),
]


@pytest.fixture
def varied():
    return list(VARIED)


@pytest.fixture(scope="session")
def shop_questionnaire(tmp_path_factory):
    path = tmp_path_factory.mktemp("shop") / "shop.yaml"
    path.write_text(QUESTIONNAIRE, "utf-8")
    return read_questionnaire(path)
