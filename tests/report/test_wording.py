"""Both word tables say the same things, and everything that the house can name has a name."""

import re
import string
from dataclasses import fields
from pathlib import Path
from typing import get_args

import pytest

from satmeter.questionnaire.model import MissingReason
from satmeter.report.wording import LANGUAGES, read_words
from satmeter.study.plan import Quality

ROOT = Path(__file__).parents[2]
RULES = [f.name for f in fields(Quality) if f.type == "QualityAction"]


def fields_of(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_both_languages_have_the_same_keys():
    english, chinese = (set(read_words(language).table) for language in ("en", "zh-CN"))
    assert english == chinese
    assert len(english) > 200


def test_both_languages_fill_the_same_fields():
    english, chinese = read_words("en"), read_words("zh-CN")
    assert {k: fields_of(v) for k, v in english.table.items()} == {k: fields_of(v) for k, v in chinese.table.items()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_is_empty(language):
    allowed = {"list.sentence"} if language == "zh-CN" else set()
    assert {key for key, value in read_words(language).table.items() if not value} == allowed


def test_chinese_is_chinese_with_full_width_punctuation():
    for key, value in read_words("zh-CN").table.items():
        assert not re.search(r"[\u4e00-\u9fff][,:;!?()]|[,:;!?(][\u4e00-\u9fff]", value), key


def test_english_has_no_chinese_but_the_two_terms():
    text = "".join(read_words("en").table.values())
    assert set(re.findall(r"[\u4e00-\u9fff]+", text)) == {"满意度", "满意率"}


def test_every_quality_rule_step_and_reason_has_a_name():
    words = read_words("en")
    assert len(RULES) == 5
    for rule in RULES:
        assert f"rule.{rule}" in words
        assert f"step.{rule}" in words
    assert all(f"step.{step}" in words for step in ("read", "kept"))
    assert all(f"reason.{reason}" in words for reason in get_args(MissingReason))


def test_no_key_is_dead():
    folders = (ROOT / "src/satmeter/report", ROOT / "reports")
    files = [p for folder in folders for p in folder.rglob("*") if p.suffix in (".py", ".j2")]
    source = "".join(p.read_text("utf-8") for p in files)
    tables = set(re.findall(r'[f"](\w+)\.\{', source)) | set(re.findall(r'words\["(\w+)\." ~', source))
    tables |= {table for table in ("rule", "step", "reason", "statistic", "coefficient", "caption", "quadrant")}
    dead = []
    for key in read_words("en").table:
        stem = re.sub(r"\.(one|other)$", "", key)
        table = key.split(".")[0]
        prefixes = (f'"{table}.{stem.split(".", 1)[1].rsplit("_", n)[0]}_{{' for n in (1, 2, 3))
        if f'"{stem}"' not in source and table not in tables and not any(p in source for p in prefixes):
            dead.append(key)
    assert dead == []


def test_a_name_that_nobody_knows_is_shown_as_it_is():
    assert read_words("zh-CN").name("rule", "speeders") == "作答过快"
    assert read_words("zh-CN").name("rule", "new_rule") == "new_rule"


def test_fields_are_not_filled_twice():
    filled = read_words("en").fill("sentence.only_score", {"top": "{bottom}", "top_value": "{x}"})
    assert filled == "{bottom} scores {x}."
