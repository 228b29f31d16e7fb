"""The privacy notice: read, shown, compared, and part of the fingerprint only where it is given."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from satmeter.errors import Problem
from satmeter.form import build_form
from satmeter.questionnaire import read_questionnaire
from satmeter.questionnaire.diff import compare_questionnaires
from satmeter.questionnaire.digest import content
from satmeter.questionnaire.model import Questionnaire

INTRO = "intro: {zh-CN: 感谢参与。, en: Thank you for taking part.}\n"
NOTICE = "privacy: {zh-CN: 答案仅用于研究，两年后删除。, en: Used for research only <& deleted after two years>.}\n"

Read = Callable[[str], Questionnaire]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def of(text: str) -> Questionnaire:
        path = tmp_path / "q.yaml"
        path.write_text(text, "utf-8")
        return read_questionnaire(path)

    return of


def test_the_notice_is_read_in_both_languages(read: Read, full: str) -> None:
    privacy = read(full.replace(INTRO, INTRO + NOTICE)).privacy
    assert privacy.get("zh-CN") == "答案仅用于研究，两年后删除。"
    assert privacy.get("en") == "Used for research only <& deleted after two years>."


def test_without_a_notice_the_fingerprint_is_that_of_older_versions(read: Read, full: str) -> None:
    bare, told = read(full), read(full.replace(INTRO, INTRO + NOTICE))
    assert "privacy" not in content(bare)
    assert {key: value for key, value in content(told).items() if key != "privacy"} == content(bare)
    assert told.digest != bare.digest


def test_another_notice_breaks_no_series(read: Read, full: str) -> None:
    old = read(full.replace(INTRO, INTRO + NOTICE))
    new = read(full.replace(INTRO, INTRO + NOTICE.replace("two years", "one year")))
    (change,) = compare_questionnaires(old, new).changes
    assert (change.kind, change.about, change.language, change.breaks) == ("frame", ("key", "privacy"), "en", False)


def test_no_answer_can_stand_in_the_notice(checked: Callable[..., tuple[Problem, ...]]) -> None:
    (problem,) = checked((INTRO, INTRO + "privacy: {zh-CN: 好, en: 'Dear {age}'}\n"))
    assert (problem.code, problem.got) == ("Q071", "{age}")


@pytest.mark.parametrize("kind", ["html", "paper"])
def test_screen_and_paper_show_the_notice(read: Read, full: str, kind: str) -> None:
    shown = "Used for research only &lt;&amp; deleted after two years&gt;."
    told = build_form(
        read(full.replace(INTRO, INTRO + NOTICE)), language="en", to="html" if kind == "html" else "paper"
    )
    assert f"{shown}</span></p>" in told.html or f'<p class="prose">{shown}</p>' in told.html
    assert "privacy" not in build_form(read(full), to="html" if kind == "html" else "paper").html.split("<body>")[1]
