"""AAPOR's items and the ESOMAR minimum, made from a results document."""

import pytest

from satmeter.record.disclosure import AAPOR, disclosure_rows

TYPED = ("sponsor", "conductor", "population", "frame", "recruitment", "mode", "limitations")


@pytest.fixture
def document():
    question = {"id": "region", "type": "choice", "text": {"zh-CN": "地区", "en": "Region"}, "options": []}
    return {
        "provenance": {
            **{"satmeter": "9.9", "seed": 7, "replicates": 1000, "conf_level": 0.95},
            **{"questionnaire_digest": "sha256:" + "ab" * 32, "data_digest": "sha256:" + "cd" * 32},
        },
        "study": {
            **{"id": "shop", "version": "2", "languages": ["zh-CN", "en"], "n": 380, "n_read": 400, "weighted": False},
            **{"n_eff": 380.0, "deff": 1.0, "design": [], "disclosure": {}, "sampling": "", "dates": []},
            "weighting_steps": [],
        },
        "questionnaire": {"source": "Own.", "constructs": [{"items": [{}, {}]}], "questions": [question]},
        "disposition": {
            "rows": [{"step": "read", "n": 400}, {"step": "speeders", "n": 380}, {"step": "kept", "n": 380}]
        },
        "quality": {"rows": [{"rule": "attention", "excluded": False}, {"rule": "speeders", "excluded": True}]},
        "scores": {
            "rows": [
                {"statistic": "index", "group_by": "region", "conf_low": 10.0, "conf_high": 90.0, "deff": 9.0},
                {"statistic": "index", "group_by": "", "conf_low": 70.0, "conf_high": 75.0, "deff": 1.44},
            ]
        },
    }


def told(document, key, language="en"):
    rows = [row for row in disclosure_rows(document) if row["key"] == key and row["standard"] == "aapor"]
    return rows[0]["text"].get(language, "") if rows else None


def missing(document, standard="aapor"):
    return [r["key"] for r in disclosure_rows(document) if not r["complete"] and r["standard"] == standard]


def test_all_eleven_items_stand_in_order(document):
    rows = [row for row in disclosure_rows(document) if row["standard"] == "aapor"]
    assert list(dict.fromkeys(row["number"] for row in rows)) == list(range(1, 12))
    assert list(dict.fromkeys(row["item"] for row in rows)) == [item for item, _, _ in AAPOR]
    assert all((row["source"] == "") is not row["complete"] for row in rows)


def test_what_nobody_typed_is_missing(document):
    assert missing(document) == [
        *("sponsor", "conductor", "population", "sampling", "frame", "recruitment", "mode"),
        *("dates", "precision", "limitations"),
    ]
    assert missing(document, "esomar") == ["conductor", "sponsor", "population", "mode", "dates"]
    document["study"] |= {"disclosure": dict.fromkeys(TYPED, "x"), "sampling": "probability"}
    document["study"]["dates"] = ["2026-09-01", "2026-09-30"]
    assert missing(document) == missing(document, "esomar") == []


def test_texts_are_typed_in_one_language_or_in_several(document):
    document["study"]["disclosure"] = {"sponsor": "City Power", "population": {"zh-CN": "全市", "en": "The city"}}
    assert told(document, "sponsor", "und") == "City Power"
    assert (told(document, "population"), told(document, "population", "zh-CN")) == ("The city", "全市")
    assert told(document, "funder") is None
    document["study"]["disclosure"]["funder"] = "The ministry"
    assert told(document, "funder", "und") == "The ministry"


def test_what_the_data_know_is_told_in_both_languages(document):
    document["study"] |= {"sampling": "probability", "dates": ["2026-09-01", "2026-09-30"]}
    assert told(document, "n") == "380 respondents, of 400 who answered."
    assert told(document, "dates", "zh-CN") == "2026-09-01 至 2026-09-30（据答卷时间戳）。"
    assert "rated items: 2; further questions: 1" in told(document, "strategy")
    assert "source: Own. The wording" in told(document, "questionnaire")
    assert told(document, "quality") == (
        "Quality rules left out 20 of 400 (too fast 20). Marked and kept: failed attention checks 1."
    )
    assert told(document, "precision").startswith(
        "The index has a margin of sampling error of ±2.5 points at a confidence level of 95%. Every figure"
    )
    assert "simple random sample" in told(document, "precision")
    assert told(document, "weights", "zh-CN") == "未加权。"
    assert "satmeter 9.9" in told(document, "software")
    document["study"]["dates"] = ["2026-09-01", "2026-09-01"]
    assert told(document, "dates") == "2026-09-01, by the time stamps of the answers."
    document["study"]["disclosure"] = {"dates": "September"}
    assert told(document, "dates", "und") == "September"
    document["disposition"]["rows"] = document["disposition"]["rows"][:1]
    document["quality"]["rows"] = []
    assert told(document, "quality") == "Quality rules left out none of 400."


def test_a_nonprobability_sample_has_no_margin_of_error(document):
    document["study"]["sampling"] = "nonprobability"
    for language, word in (("en", "no margin of sampling error"), ("zh-CN", "无法给出抽样误差")):
        assert word in told(document, "precision", language)
        assert "±" not in told(document, "precision", language)
    assert told(document, "sampling", "zh-CN").startswith("非概率样本")


def test_weights_are_told_step_by_step(document):
    document["study"] |= {"weighted": True, "n_eff": 300.0, "deff": 1.27, "design": ["weight", "strata"]}
    document["study"] |= {"weighting_steps": ["base", "nonresponse", "calibration"], "sampling": "probability"}
    document["nonresponse"] = {"rows": [{}, {}, {}]}
    document["margins"] = {"rows": [{"margin": "region"}, {"margin": "region"}, {"margin": "region*kind"}]}
    text = told(document, "weights")
    assert "in 3 classes" in text
    assert "by Region, Region × kind." in text
    assert text.endswith("design effect of the weights is 1.27; 380 respondents count like 300 of equal weight.")
    assert "weighting" in missing(document)
    document["study"]["disclosure"] = {"weighting": "1 / probability of selection"}
    assert "weighting" not in missing(document)
    assert "take in weights, strata, with a design effect of 1.44" in told(document, "precision")
    document["study"]["weighting_steps"] = ["calibration"]
    document["study"]["disclosure"] = {}
    assert told(document, "weighting") is None


def test_the_response_rate_is_told_where_there_is_one(document):
    assert told(document, "response") is None
    document["contacts"] = {"rows": [{"n": 400}, {"n": 600}]}
    rates = [{"statistic": "rr1", "weighted": False, "estimate": 0.4}]
    document["response"] = {"rows": [*rates, {"statistic": "rr3", "weighted": False, "estimate": None}]}
    assert told(document, "response") == "Of 1,000 cases drawn, AAPOR RR1 is 40.0%."
    rates += [{"statistic": "rr3", "weighted": weighted, "estimate": 0.5 + weighted / 10} for weighted in (False, True)]
    document["response"] = {"rows": rates}
    assert told(document, "response", "zh-CN") == "共抽取 1,000 个样本，AAPOR RR3 为 50.0%（按设计权数 60.0%）。"
