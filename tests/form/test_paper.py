"""The printed sheet: codes, ids, skips in words, footer."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

from satmeter.form import build_form
from satmeter.questionnaire.model import Questionnaire, Text


def words_of(questionnaire: Questionnaire, language: str) -> str:
    html = build_form(questionnaire, to="paper", language=language).html
    body = re.sub(r"<style.*?</style>", "", html, flags=re.S)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body)))


def test_codes_stand_beside_the_boxes(every_type: Questionnaire) -> None:
    text = words_of(every_type, "en")
    assert "1 Often 2 Rarely" in text
    assert "97 Prefer not to say" in text
    assert "1 2 3 4 5 98" in text
    assert "0 = Not at all likely 10 = Extremely likely" in text


def test_numbers_and_ids_of_all_questions(every_type: Questionnaire) -> None:
    html = build_form(every_type, to="paper").html
    assert re.findall(r'class="id">(\w+)<', html) == list(every_type.variables)
    numbers = [int(number) for number in re.findall(r'class="number">(\d+)<', html)]
    assert numbers == list(range(1, len(every_type.variables) + 1))


def test_skips_are_told_in_both_languages(every_type: Questionnaire) -> None:
    english = words_of(every_type, "en")
    assert "→ only if question 2 is “Often”" in english
    assert "→ only if question 11 is 6 or less" in english
    assert "→ only if question 11 is answered" in english
    chinese = words_of(every_type, "zh-CN")
    assert "→ 仅当第 2 题为“经常”时回答" in chinese
    assert "→ 仅当第 11 题不大于 6 时回答" in chinese
    assert "→ 仅当第 11 题已作答时回答" in chinese


def test_piped_answers_become_references(every_type: Questionnaire) -> None:
    assert "You come [your answer to question 2]. Why a [your answer to question 11]?" in words_of(every_type, "en")


def test_piped_answers_outside_of_questions_become_references_too(every_type: Questionnaire) -> None:
    thanks = Text((("zh-CN", "您打了 {last} 分。"), ("en", "You gave {last} points.")))
    number = every_type.variables.index("last") + 1
    piped = replace(every_type, thanks=thanks)
    assert f"您打了 [第 {number} 题的答案] 分。" in words_of(piped, "zh-CN")
    assert f"You gave [your answer to question {number}] points." in words_of(piped, "en")


def test_foot_holds_version_and_digest(every_type: Questionnaire) -> None:
    assert f"every-type · Version 2 · {every_type.digest}" in words_of(every_type, "en")


def test_no_script_and_nothing_from_outside(every_type: Questionnaire) -> None:
    html = build_form(every_type, to="paper").html
    assert "<script" not in html
    assert "http" not in html.replace("http-equiv", "")
    assert "default-src 'none'" in unescape(html)


def test_hostile_texts_stay_texts(hostile: Questionnaire) -> None:
    html = build_form(hostile, to="paper", language="en").html
    assert "<img" not in html
    assert "<script" not in html
    assert hostile.title.get("en") in unescape(html)


def test_font_only_where_there_is_chinese(every_type: Questionnaire) -> None:
    assert "@font-face" in build_form(every_type, to="paper", language="zh-CN").html
    assert "@font-face" not in build_form(every_type, to="paper", language="en").html


def test_a_link_is_printed_with_its_code_and_nothing_without_one(every_type: Questionnaire) -> None:
    plain = build_form(every_type, to="paper", language="en").html
    assert 'class="online"' not in plain
    picture = '<svg viewBox="0 0 1 1"><path d="M0 0"/></svg>'
    linked = build_form(every_type, to="paper", language="en", link="https://s.example/?a&b", picture=picture).html
    assert picture in linked
    assert '<p class="address">https://s.example/?a&amp;b</p>' in linked
    assert "Or answer online" in linked
