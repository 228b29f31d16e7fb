"""The sample: bases, who is not in them, numbers, and no answer of an open question."""

import pytest

from satmeter.report import report_context


def question(name, kind, n, asked, **numbers):
    return (
        {"question": name, "type": kind, "n": n, "asked": asked}
        | dict.fromkeys(("mean", "sd", "median", "low", "high"))
        | numbers
    )


@pytest.fixture
def asked(document):
    entries = document["questionnaire"]["questions"]
    entries.append({"id": "years", "type": "number", "text": {"en": "Years?", "zh-CN": "多少年？"}, "options": []})
    document["questions"] = {
        "rows": [
            question("region", "choice", 460, 480),
            question("ctype", "multiple", 400, 410),
            question("why", "text", 77, 480),
            question("years", "number", 470, 480, mean=12.34, sd=5.0, median=11.5, low=0.0, high=66.0),
        ],
        "notes": [],
    }
    return document


def tables(document, language):
    section = report_context(document, language=language).sample
    return section, {t.caption: t for part in section.parts for t in part.tables}


def test_every_table_states_its_base_and_who_is_outside(asked):
    section, found = tables(asked, "zh-CN")
    assert section.paragraphs == ("百分比以作答该题者为基数。",)
    assert found["您所在的区域"].rows[-2:] == (("作答人数（基数）", "460", "–"), ("未作答", "20", "–"))
    several = found["客户类型（可多选，合计可超过 100%）"]
    assert several.rows[-3:] == (("作答人数（基数）", "400", "–"), ("未作答", "10", "–"), ("未询问", "70", "–"))


def test_numbers_and_open_questions(asked):
    _, found = tables(asked, "en")
    assert found["Number questions"].rows == (("Years?", "470", "10", "12.3", "5.0", "11.5", "0–66"),)
    assert found["Answers to open and date questions"].rows == (("Main reason", "77", "403"),)


def test_a_question_that_nobody_answered_is_named_and_has_no_table(asked):
    asked["questions"]["rows"][0] |= {"n": 0}
    section, found = tables(asked, "en")
    assert section.paragraphs[1] == "Nobody answered: “Where do you live?”."
    assert "Where do you live?" not in found


def test_results_without_questions_still_show_the_options(document):
    _, found = tables(document, "en")
    assert [row[0] for row in found["Customer type"].rows] == ["Household", "Business"]
