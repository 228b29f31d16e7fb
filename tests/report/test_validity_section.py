"""The validity section: a verdict that follows the numbers, and what it says when there are none."""

import copy
import re

import pytest

from satmeter.report import build_report, report_context
from satmeter.report.figures import draw_svg


def section(document, language="en"):
    return report_context(document, language=language).validity


def test_the_verdict_counts_the_pairs(document):
    found = section(document).parts[1]
    assert found.paragraphs[0] == (
        "Of 21 pairs of constructs, told apart (HTMT below 0.85, its interval below 0.90): 18; not settled (below "
        "0.85, but the interval reaches 0.90): 1; barely told apart (0.85 to 0.90): 1; not told apart (0.90 and "
        "above): 1. The highest is Product value – Service value with 0.93 [0.85, 1.01]. The items share less than "
        "half of their variance with their construct (AVE below 0.5) in: Staff value 0.41 [0.36, 0.46]."
    )
    assert "are conventions" in found.paragraphs[1]
    assert found.paragraphs[2].startswith("One component alone carries 38% [35%, 41%] of the variance of all items")
    same, close, doubtful = found.points
    assert "Product value – Service value 0.93 [0.85, 1.01]" in same
    assert close == "Barely told apart (0.85 to 0.90): Product value – Staff value 0.87 [0.79, 0.95]."
    assert "Service value – Staff value 0.84 [0.76, 0.92]" in doubtful
    assert "Image" not in doubtful, "the interval of staff and image ends at 0.86"


def test_in_chinese(document):
    found = section(document, "zh-CN").parts[1]
    assert found.paragraphs[0] == (
        "21 对构念中，能够区分的有 18 对（HTMT 低于 0.85 且区间低于 0.90），尚不能确定的有 1 对（低于 0.85，但区间达到 "
        "0.90），勉强区分的有 1 对（0.85 至 0.90），未能区分的有 1 对（达到 0.90）。最高的是产品价值与服务价值，为 "
        "0.93 [0.85, 1.01]。以下构念的题项与构念共有的方差不足一半（AVE 低于 0.5）：人员价值 0.41 [0.36, 0.46]。"
    )
    assert "产品价值与服务价值 0.93 [0.85, 1.01]" in found.points[0]


def rows_of(document, *statistics):
    return [row for row in document["validity"]["rows"] if row["statistic"] in statistics]


def test_a_clean_questionnaire_is_told_so(document):
    for row in rows_of(document, "ave", "htmt"):
        row |= {"estimate": 0.6, "conf_low": 0.55, "conf_high": 0.65}
    found = section(document).parts[1]
    assert found.paragraphs[0] == (
        "The constructs are told apart: in all 21 pairs HTMT stays below 0.85, and its interval below "
        "0.90. The highest is Product value – Service value with 0.60 [0.55, 0.65]. Within every construct the items "
        "share at least half of their variance with it (lowest AVE 0.60)."
    )
    assert found.points == ()


def test_half_of_the_variance_on_one_component_is_a_sign(document):
    rows_of(document, "single_factor_share")[0]["estimate"] = 0.5
    assert "half or more" in section(document).parts[1].paragraphs[2]


def test_the_matrix_and_the_pairs(document):
    matrix, pairs = section(document).parts[3].tables
    assert [c.label for c in matrix.columns] == ["Construct", "n", "AVE", *"1234567"]
    assert matrix.rows[0][:6] == ("1 Product value", "470", "0.64 [0.59, 0.69]", "0.80", "0.93", "0.87")
    assert matrix.rows[1][3:5] == ("−0.40", "0.72")
    assert pairs.rows[0] == (
        "Product value – Service value",
        "0.93 [0.85, 1.01]",
        "0.92 [0.82, 1.02]",
        "−0.40 [−0.47, −0.33]",
        "0.25 [0.19, 0.31]",
        "470",
    )
    assert len(pairs.rows) == 21


def test_the_item_that_goes_with_another_construct_is_named_and_framed(document):
    part = section(document).parts[2]
    assert part.paragraphs == (
        "1 of 18 items goes at least as closely with another construct as with its own (broken frame): st3.",
    )
    assert part.figure.alt.startswith("1 Product value: pr1 0.72, pr2 0.72 and pr3 0.72; 2 Service value: se1 0.72")
    framed = [row.label for block in part.figure.plot.blocks for row in block.rows if row.stranger]
    assert framed == ["st3"]
    assert [len(block.rows) for block in part.figure.plot.blocks] == [3, 3, 3, 2, 2, 3, 2]
    svg = draw_svg(part.figure)
    assert svg.count("stroke-dasharray") == 1
    document["loadings"]["rows"] = [r for r in document["loadings"]["rows"] if r["item"] != "st3"]
    assert section(document).parts[2].paragraphs == ("Every item goes most closely with its own construct.",)


def test_a_heat_map_that_could_not_be_read_is_not_drawn(document):
    rows = document["loadings"]["rows"]
    product = document["questionnaire"]["constructs"][0]
    for i in range(40):
        product["items"].append(product["items"][0] | {"id": f"x{i}"})
        rows += [row | {"item": f"x{i}"} for row in rows if row["item"] == "pr1"]
    assert section(document).parts[2].figure is None


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_one_construct_and_absent_numbers(document, language):
    alone = copy.deepcopy(document)
    alone["validity"]["rows"] = rows_of(alone, "ave")[:1]
    alone["loadings"]["rows"] = [r for r in alone["loadings"]["rows"] if r["construct"] == "product"]
    assert len(section(alone, language).parts[3].tables) == 1
    for row in document["validity"]["rows"] + document["loadings"]["rows"]:
        row |= {"estimate": None, "std_error": None, "conf_low": None, "conf_high": None}
    for made in (alone, document):
        html = build_report(made, language=language).html
        assert re.search(r'<section id="validity" class="level2">', html)
        assert "None" not in html


@pytest.mark.parametrize("empty", [None, {"rows": [], "notes": []}])
def test_results_without_validity_say_so(document, empty):
    for name in ("validity", "loadings"):
        del document[name]
        if empty:
            document[name] = empty
    found = section(document)
    assert found.paragraphs == (
        "The results hold no validity statistics: these need reflective constructs with several answered items.",
    )
    assert found.parts == ()
