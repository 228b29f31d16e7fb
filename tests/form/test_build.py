"""The door: languages, kinds, errors, and the same bytes twice."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from satmeter.errors import FormError
from satmeter.form import build_form
from satmeter.questionnaire.model import Questionnaire


def test_first_language_is_the_default(every_type: Questionnaire) -> None:
    form = build_form(every_type)
    assert (form.language, form.languages, form.kind) == ("zh-CN", ("zh-CN", "en"), "html")
    assert (form.questionnaire, form.digest) == ("every-type", every_type.digest)
    assert '<html lang="zh-CN">' in form.html


def test_paper_has_one_language(every_type: Questionnaire) -> None:
    form = build_form(every_type, language="en", to="paper")
    assert (form.language, form.languages, form.kind) == ("en", ("en",), "paper")
    assert "收银" not in form.html


@pytest.mark.parametrize("to", ["html", "paper"])
def test_same_questionnaire_same_bytes(every_type: Questionnaire, to: Any) -> None:
    assert build_form(every_type, to=to).html == build_form(every_type, to=to).html


def test_unknown_language_and_kind_come_together(every_type: Questionnaire) -> None:
    wrong: Any = "pape"
    with pytest.raises(FormError) as caught:
        build_form(every_type, language="zh", to=wrong)
    assert [problem.code for problem in caught.value.problems] == ["F001", "F002"]
    assert [problem.suggestion for problem in caught.value.problems] == ["zh-CN", "paper"]
    english = caught.value.text("en")
    assert "F001: the questionnaire does not have this language" in english
    assert "expected: one of zh-CN, en" in english
    assert "did you mean 'paper'?" in english
    assert "问卷没有这种语言" in caught.value.text("zh-CN")
    assert "没有这种形式的表单" in caught.value.text("zh-CN")


def test_nothing_to_ask(every_type: Questionnaire) -> None:
    with pytest.raises(FormError) as caught:
        build_form(replace(every_type, pages=()))
    assert [problem.code for problem in caught.value.problems] == ["F003"]
    assert "the questionnaire asks nothing" in caught.value.text("en")
    assert "问卷中没有任何题目" in caught.value.text("zh-CN")
