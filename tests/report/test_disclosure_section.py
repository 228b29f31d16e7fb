"""The block of disclosure in reports: items, outcome rates, classes of non-response, and what is said of the sample."""

import pytest

from satmeter.numerics.outcome_rates import outcome_rates
from satmeter.record.disclosure import AAPOR
from satmeter.report import build_report, report_context
from satmeter.report.edition import Edition
from satmeter.report.results import Results
from satmeter.report.sections.sampling import sampling_of
from satmeter.report.wording import read_words
from satmeter.study.fieldwork_keys import GROUPS
from satmeter.study.rate_definitions import FORMULAS, rate_definition

COUNTS = {"I": 363, "P": 37, "R": 184, "NC": 85, "O": 85, "UO": 81, "NE": 185}


def rate_rows(weighted, scale=1.0):
    rates = outcome_rates({k: n * scale for k, n in COUNTS.items()}, e=0.8)
    return [
        {
            **{"statistic": name, "weighted": weighted, "estimate": rate.estimate / scale},
            **{"numerator": rate.numerator, "denominator": rate.denominator},
            "definition": rate_definition(name, weighted=weighted, e="stated"),
        }
        for name, rate in rates.items()
    ]


@pytest.fixture
def drawn(document):
    rows = [{"disposition": k, "label": f"code {k}", "n": n, "weight": None} for k, n in COUNTS.items()]
    document["contacts"] = {"rows": rows, "notes": []}
    document["response"] = {"rows": rate_rows(False), "notes": []}
    keys = ("propensity_class", "n", "respondents", "rate", "factor", "propensity_low", "propensity_high")
    classes = [("1+2", 300, 40, 0.1333, 7.5, 0.05, 0.2), ("3", 500, 400, 0.8, 1.25, 0.6, 0.95)]
    document["nonresponse"] = {"rows": [dict(zip(keys, row, strict=True)) for row in classes], "notes": []}
    return document


def section_of(document, language="en"):
    return report_context(document, language=language).disclosed


def test_items_stand_with_their_numbers_and_what_is_missing_is_named(document):
    section = section_of(document)
    assert section.paragraphs[0].startswith("These are missing, and should be given before publication: Conducted by;")
    rows = dict(section.parts[0].tables[0].rows)
    assert rows["2. Commissioned by"] == "市供电公司"
    assert rows["7. Fieldwork"] == "2026-09-01/2026-09-30"
    assert rows["11. Limitations"] == "not stated"
    assert dict(section_of(document, "zh-CN").parts[0].tables[0].rows)["11. 局限"] == "未说明"
    assert len(section.parts) == 1  # no sample file, no weights for non-response


def test_rows_of_the_results_are_printed_as_they_are(document):
    row = {"number": 2, "item": "sponsor_conductor", "key": "sponsor", "source": "typed", "complete": True}
    rows = [row | {"text": {"zh-CN": "甲", "en": "A"}, "standard": "aapor"}, row | {"text": {}, "standard": "esomar"}]
    document["disclosure"] = {"rows": rows, "notes": []}
    for language, expected in (("en", ("2. Commissioned by", "A")), ("zh-CN", ("2. 委托方", "甲"))):
        assert section_of(document, language).parts[0].tables[0].rows == (expected,)
    assert section_of(document).paragraphs[0] == "Nothing that is asked for here is missing."


def test_every_case_and_every_rate_is_told(drawn):
    _, response, nonresponse = section_of(drawn).parts
    assert response.paragraphs[0] == "1,020 cases were drawn; the response rate is 44.3% (AAPOR RR3)."
    contacts, rates = response.tables
    assert [row[2] for row in contacts.rows] == ["363", "37", "184", "85", "85", "81", "185", "1,020"]
    assert contacts.rows[2] == ("Refusal, break-off (R)", "code R", "184", "18.0%")
    assert [c.label for c in rates.columns] == ["Rate", "Of cases", "Definition"]
    assert [row[0] for row in rates.rows] == [name.upper() for name in FORMULAS if name != "e"]
    assert rates.rows[0] == ("RR1", "43.5%", "AAPOR response rate 1: I / (I + P + R + NC + O + UH + UO).")
    assert "between 1.25 and 7.50" in nonresponse.paragraphs[0]
    assert nonresponse.tables[0].rows[0] == ("1+2", "300", "40", "13.3%", "7.50", "0.05 – 0.20")


def test_weighted_rates_stand_beside(drawn):
    drawn["response"]["rows"] += rate_rows(True, 0.5)
    response = section_of(drawn, "zh-CN").parts[1]
    assert response.paragraphs[0].startswith("共抽取 1,020 个样本，应答率为 44.3%（AAPOR RR3；按设计权数为 ")
    assert [c.label for c in response.tables[1].columns] == ["指标", "按样本数", "按设计权数", "定义"]
    for row in drawn["response"]["rows"]:
        row["estimate"] = None
    assert section_of(drawn).parts[1].paragraphs[0] == "1,020 cases were drawn."
    assert section_of(drawn).parts[1].tables[1].rows[0][1:3] == ("–", "–")


@pytest.mark.parametrize(
    ("sampling", "frame", "expected", "said"),
    [
        ("probability", "", "drawn", "Respondents were drawn with known probabilities, so that"),
        ("probability", "access panel", "drawn_frame", "from the frame disclosed (access panel)"),
        ("nonprobability", "Customer list", "nonprobability", "no margin of error for the population can be given"),
        ("", "Customer list", "stated", "If respondents were drawn at random"),
    ],
)
def test_the_study_says_whether_it_was_drawn(document, sampling, frame, expected, said):
    document["study"] |= {
        "sampling": sampling,
        "disclosure": {"frame": {"en": frame, "zh-CN": "名单"} if frame else ""},
    }
    context = report_context(document, language="en")
    assert said in context.publication.statement[0]
    assert said in context.summary.known
    assert ("nonprobability sample" in context.method.paragraphs[-1]) is (sampling == "nonprobability")
    chinese = report_context(document, language="zh-CN").publication.statement[0]
    assert ("非概率样本" in chinese) is (sampling == "nonprobability")
    assert sampling_of(Edition(Results(document, "en"), read_words("en"), figures=False)) == expected


@pytest.mark.parametrize("template", ["satisfaction", "publication"])
@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_templates_hold_the_block(drawn, template, language):
    text = dict(build_report(drawn, template=template, language=language, formats=("md",), figures=False).files)["md"]
    words = read_words(language)
    for key in ("told.caption", "response.rates", "nonresponse.caption", "response.census"):
        assert words[key] in text.decode("utf-8").replace("\n", " " if language == "en" else "")


def test_every_group_item_and_rate_has_words():
    for language in ("en", "zh-CN"):
        words = read_words(language)
        assert all(f"contact.{group}" in words for group in GROUPS)
        assert all(f"told.{key}" in words for _, needed, beside in AAPOR for key in (*needed, *beside))
        assert all(f"xlsx_code.{item}" in words for item, _, _ in AAPOR)
        assert all(f"xlsx_code.{name}" in words for name in FORMULAS)
