"""What intervals rest on is said for every kind of replicates and for finite populations, in both languages."""

import pytest

from satmeter.report import report_context

KINDS = {
    "brr": "balanced half samples)",
    "fay": "balanced half samples, Fay's method)",
    "jk1": "(jackknife)",
    "jkn": "jackknife over strata)",
    "bootstrap": "(bootstrap)",
    "other": "with scales from the data's documentation)",
}


def method_of(document, language):
    return report_context(document, language=language).method.paragraphs[2]


@pytest.mark.parametrize(
    ("method", "given", "en", "zh"),
    [
        ("jackknife", None, "leaving out one sampling unit at a time (jackknife)", "逐一删除抽样单元得出（刀切法）"),
        ("groups", 80, "leaving out one of 80 random groups at a time", "由 80 个随机组逐组删除得出"),
        ("bootstrap", 200, "bootstrap, seed", "自助法"),
    ],
)
def test_replicates_that_we_make(document, method, given, en, zh):
    document["study"] |= {
        "design": ["strata", "population"],
        "replication": {"method": method, "type": "", "replicates": given},
    }
    text = method_of(document, "en")
    assert en in text
    assert "declared design (strata and sizes of the population" in text
    assert "The population is finite" in text
    assert zh in method_of(document, "zh-CN")
    assert "总体有限：已调查的部分越大，标准误越小。" in method_of(document, "zh-CN")


def test_a_jackknife_of_a_simple_sample(document):
    document["study"] |= {"design": [], "replication": {"method": "jackknife", "type": "", "replicates": None}}
    assert "the declared design (a simple random sample)" in method_of(document, "en")
    assert "finite" not in method_of(document, "en")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("method", ["direct", "combined"])
def test_replicate_weights_of_the_data(document, method, kind):
    document["study"] |= {
        "design": ["weight", "replicates"],
        "replication": {"method": method, "type": kind, "replicates": 32},
    }
    text = method_of(document, "en")
    assert "They come from the 32 replicate weights that the data bring (" in text
    assert ("random combinations" in text) is (method == "combined")
    assert "依据数据自带的 32 组复制权数（" in method_of(document, "zh-CN")
    assert KINDS[kind] in text
