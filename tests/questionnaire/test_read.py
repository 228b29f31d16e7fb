from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from satmeter.builtin import builtin_names
from satmeter.errors import QuestionnaireError
from satmeter.questionnaire import check_questionnaire, parse_expression, read_questionnaire
from satmeter.questionnaire.model import MissingCode, Questionnaire, Text


@pytest.fixture
def questionnaire(tmp_path: Path, full: str) -> Questionnaire:
    path = tmp_path / "full.yaml"
    path.write_text(full, "utf-8")
    return read_questionnaire(path)


def test_head(questionnaire: Questionnaire) -> None:
    q = questionnaire
    assert (q.id, q.version, q.languages, q.language) == ("everything", "1.10", ("zh-CN", "en"), "zh-CN")
    assert (q.source, q.licence) == ("made for the tests", "CC0-1.0")
    assert q.title == Text((("zh-CN", "客户满意度调查"), ("en", "Customer survey")))
    assert q.intro.get("en") == "Thank you for taking part."
    assert q.thanks.get("en") == "Thank you for the {ly1}."
    assert q.file.endswith("full.yaml")


def test_scales(questionnaire: Questionnaire) -> None:
    agree, nps = questionnaire.scales["agree5"], questionnaire.scales["nps"]
    assert agree.codes == (1, 2, 3, 4, 5)
    assert agree.points[3].label.get("zh-CN") == "同意"
    assert agree.missing == (
        MissingCode("98", Text((("zh-CN", "不了解"), ("en", "Don't know"))), "dont_know"),
        MissingCode("Blank", Text((("zh-CN", "拒答"), ("en", "Refused"))), "refused"),
    )
    assert not agree.is_range
    assert nps.codes == tuple(range(11))
    assert nps.is_range
    assert (nps.low, nps.high) == (0, 10)
    assert nps.points[0].label.get("en") == "Not likely"
    assert nps.points[5].label == Text()
    assert nps.points[10].label.get("en") == "Very likely"


def test_constructs_and_items(questionnaire: Questionnaire) -> None:
    q = questionnaire
    assert [(c.id, c.role, c.mode, c.items) for c in q.constructs.values()] == [
        ("product", "driver", "reflective", ("pv1", "pv2")),
        ("image", "driver", "formative", ("iv1", "iv2")),
        ("loyalty", "loyalty", "reflective", ("ly1", "ly2")),
    ]
    pv2 = q.items["pv2"]
    assert (pv2.construct, pv2.scale, pv2.reverse, pv2.required) == ("product", "agree5", True, False)
    assert pv2.show_if == parse_expression("outage == 'yes'")
    assert q.items["pv1"].required is None
    assert not q.items["pv1"].reverse
    assert q.items["iv2"].scale == "nps"
    assert q.items["iv2"].line == q.constructs["image"].line + 7


def test_questions_and_checks(questionnaire: Questionnaire) -> None:
    q = questionnaire
    assert [o.code for o in q.questions["outage"].options] == ["yes", "no", "010"]
    assert q.missing_of("outage")[0].code == "99"
    age = q.questions["age"]
    assert (age.type, age.low, age.high, age.max_length) == ("number", 16.0, 110.0, None)
    assert (age.missing[0].code, age.missing[0].reason) == ("999", "refused")
    why = q.questions["why"]
    assert (why.max_length, why.low, why.high, why.pii) == (500, None, None, "possible")
    assert q.questions["agreed"].required is True
    assert (q.checks["ac1"].expect, q.checks["ac1"].scale) == (4, "agree5")
    assert q.model == {"loyalty": ("product", "image", "outage")}


def test_pages(questionnaire: Questionnaire) -> None:
    first, second, third = questionnaire.pages
    assert first.members == ("agreed", "outage", "used", "age", "visit")
    assert (first.grid, first.shuffle, first.required) == (False, False, False)
    assert second.members == ("pv1", "pv2", "ac1", "iv1", "iv2")
    assert (second.grid, second.shuffle, second.required) == (True, True, True)
    assert second.title.get("en") == "Ratings"
    assert second.text.get("en") == "Please rate"
    assert second.show_if == parse_expression("agreed == 'yes'")
    assert third.members == ("ly1", "ly2", "why")
    assert not third.grid
    assert questionnaire.variables == first.members + second.members + third.members
    assert questionnaire.required_of("pv2", second) is False
    assert questionnaire.required_of("pv1", second) is True


def test_pages_when_none_are_given(tmp_path: Path, full: str) -> None:
    path = tmp_path / "q.yaml"
    path.write_text(full[: full.index("pages:")], "utf-8")
    pages = read_questionnaire(path).pages
    assert [(page.members, page.grid) for page in pages] == [
        (("agreed", "outage", "used", "age", "visit"), False),
        (("pv1", "pv2", "ac1"), True),
        (("iv1", "iv2"), True),
        (("ly1", "ly2"), True),
        (("why",), False),
    ]


def test_a_text_alone_is_in_the_default_language(tmp_path: Path) -> None:
    path = tmp_path / "q.yaml"
    path.write_text(
        "satmeter: 1\nid: a\nversion: 1\ntitle: T\nlanguages: zh-CN\nquestions:\n  x: {type: text, text: 为什么}\n",
        "utf-8",
    )
    q = read_questionnaire(path)
    assert q.title == Text((("zh-CN", "T"),))
    assert q.text_of("x") == Text((("zh-CN", "为什么"),))
    assert [page.members for page in q.pages] == [("x",)]


def test_warnings_do_not_stop_and_errors_come_together(tmp_path: Path, full: str) -> None:
    path = tmp_path / "q.yaml"
    path.write_text(full.replace("iv1: {zh-CN: 值得信赖, en: Trustworthy}", "iv1: 值得信赖"), "utf-8")
    assert [(p.code, p.severity) for p in check_questionnaire(path)] == [("Q037", "warning")]
    assert read_questionnaire(path).text_of("iv1").get("en") == "值得信赖"
    path.write_text(
        full.replace("scale: agree5\n    items:\n      pv1", "scale: agre5\n    items:\n      pv1") + "page: []\n",
        "utf-8",
    )
    with pytest.raises(QuestionnaireError) as raised:
        read_questionnaire(path)
    assert [(p.code, p.suggestion) for p in raised.value.problems] == [("Q004", "agree5"), ("Q016", "pages")]
    assert [p.line for p in raised.value.problems] == sorted(p.line for p in raised.value.problems)


@pytest.mark.parametrize("name", builtin_names("questionnaires"))
def test_built_ins_have_no_errors(name: str) -> None:
    assert [p for p in check_questionnaire(name) if p.severity == "error"] == []
    assert read_questionnaire(name).file == name


def test_unknown_built_in() -> None:
    with pytest.raises(QuestionnaireError) as raised:
        read_questionnaire("power-utilty")
    (problem,) = raised.value.problems
    assert (problem.code, problem.suggestion) == ("Q002", "power-utility")
    assert "ecsi-mobile" in problem.text("en")


def test_import_is_light() -> None:
    code = (
        "import sys, satmeter.questionnaire as q; q.check_questionnaire('power-utility');"
        "print(sorted({'numpy', 'pandas', 'scipy', 'matplotlib', 'pydantic'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
