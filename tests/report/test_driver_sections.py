"""Drivers in depth: methods, answers, moderation, checks, segments and conditions, in sentences that hedge."""

import importlib.util
import re
from pathlib import Path

import pytest

from satmeter.report import build_report, report_context
from satmeter.report.figures import draw_svg
from satmeter.report.figures.style import VARIABLES

SECTIONS = ("drivers", "priorities", "segments", "paths")


def load():
    spec = importlib.util.spec_from_file_location("drivers", Path(__file__).with_name("synthetic_drivers.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def full(document):
    return load().with_drivers(document)


def part(document, section, title, language="en"):
    parts = getattr(report_context(document, language=language), section).parts
    return next((p for p in parts if p.title.startswith(title)), None)


def test_a_core_study_has_no_such_sections_and_no_such_words(document, english):
    context = report_context(document, language="en")
    assert context.segments == context.paths == type(context.paths)()
    assert 'id="paths"' not in english.html
    assert 'id="segments"' not in english.html
    assert [p.title for p in context.drivers.parts] == ["Drivers of Overall satisfaction", "Drivers of Loyalty"]
    assert len(context.priorities.parts) == 1
    assert not {term.word for term in context.glossary} & {"Path model (PLS)", "Average marginal effect"}


def test_the_order_of_neighbours_is_told_with_its_probability(full):
    told = part(full, "drivers", "Do the methods agree? Overall").paragraphs[0]
    assert told.startswith("Service value comes first by every method (LMG, relative weights, β and correlation).")
    assert "Service value before Product value in 84% only; Product value stands before Staff value in 97%" in told
    assert told.endswith("Below 95% the order is not settled.")
    chinese = part(full, "drivers", "各种方法是否一致", "zh-CN").paragraphs[0]
    assert "“服务价值”先于“产品价值”的仅占 84%；“产品价值”先于“人员价值”的重复抽样占 97%" in chinese


def test_dominance_is_hedged_by_its_reproduction(full):
    told = part(full, "drivers", "Do the methods agree? Overall").paragraphs[0]
    assert "Service value dominates every other driver completely" in told
    assert "came out the same in 81% of the replicates only, so this is not settled" in told
    for row in full["dominance"]["rows"]:
        row["reproduced"] = 0.98
    assert "in at least 98% of the replicates." in part(full, "drivers", "Do the methods").paragraphs[0]
    full["dominance"]["rows"][0]["complete"] = 0.5
    found = part(full, "drivers", "Do the methods")
    assert "No driver dominates all others completely" in found.paragraphs[0]
    assert found.tables[0].rows[0][5:7] == ("2/3", "3/3")


def test_methods_that_disagree_say_who_puts_whom_first(full):
    next(r for r in full["drivers"]["rows"] if r["method"] == "beta" and r["driver"] == "product")["estimate"] = -0.9
    told = part(full, "drivers", "Do the methods").paragraphs[0]
    assert "first: Service value by LMG, relative weights and correlation; Product value by β." in told
    assert (
        "服务价值（LMG、相对权重和相关系数）；产品价值（β）。"
        in part(full, "drivers", "各种方法", "zh-CN").paragraphs[0]
    )


def test_the_table_of_methods(full):
    table = part(full, "drivers", "Do the methods").tables[0]
    assert table.rows[0] == (
        *("Service value", "36% [29%, 43%]", "36% [30%, 42%]", "0.60 [0.54, 0.66]", "0.36 [0.30, 0.42]"),
        *("3/3", "3/3", "470"),
    )


def test_single_items_settled_and_open(full):
    found = part(full, "drivers", "Single items")
    assert found.paragraphs[0].startswith(
        "Of single items, “Faults are repaired quickly” (Service value) is most closely"
    )
    assert found.tables[0].rows[0] == ("se2 Faults are repaired quickly", "Service value", "30% [24%, 36%]", "470")
    next(r for r in full["drivers"]["rows"] if r["driver"] == "se1")["share_high"] = 0.26
    assert "overlaps with that of 1 other in" in part(full, "drivers", "Single items").paragraphs[0]


def test_said_and_found(full):
    found = part(full, "drivers", "Said and found")
    assert found.paragraphs[0] == (
        "Said to matter, and closely associated: Service value. Said to matter, but less closely associated: Staff "
        "value. Closely associated, though said to matter less: Product value. An interval crosses a mean, and the "
        "place is not settled: Image value."
    )
    assert found.tables[0].rows[0][1:5] == ("said and found", "yes", "80.0 [78.0, 82.0]", "1")


def test_a_single_answer_in_points_and_percentage_points(full):
    found = part(full, "drivers", "Models of a single answer")
    assert found.paragraphs[0].startswith("One point of Service value goes with 0.36 [0.28, 0.44] points of the answer")
    assert "(p = 0.210), so one effect per driver serves." in found.paragraphs[0]
    assert found.paragraphs[1] == "The ordinal regression explains sa1."
    assert found.tables[0].rows[1] == (
        *("Service value", "0.36 [0.28, 0.44]", "<0.001", "0.36 [0.28, 0.44]", "0.43 [0.34, 0.53]", "<0.001", "470"),
    )
    assert found.tables[0].rows[2][0] == "Where do you live? South"


def test_when_brants_test_fails_the_note_speaks(document):
    found = part(load().with_drivers(document, brant=0.004), "drivers", "Models of a single answer")
    assert "Brant" not in found.paragraphs[0]


def test_no_effect_on_the_answer(full):
    for row in full["marginal_effects"]["rows"]:
        row["conf_low"] = -1.0
    assert (
        "The intervals of all effects on the answer hold zero."
        in (part(full, "drivers", "Models of a single answer").paragraphs[0])
    )


@pytest.mark.parametrize(
    ("product", "english", "chinese"),
    [
        ((0.004, 0.001), "The higher “Image value”, the more points of Loyalty go with", "分差越大"),
        ((-0.004, -0.007), "The higher “Image value”, the fewer points of Loyalty go with", "分差越小"),
        ((0.004, -0.001), "is not settled: the interval of the product holds zero (p = 0.009).", "尚不能确定"),
    ],
)
def test_moderation_is_hedged(full, product, english, chinese):
    row = full["moderation"]["rows"][0]
    row |= {"estimate": product[0], "conf_low": product[1], "conf_high": -0.001 if product[0] < 0 else 0.007}
    found = part(full, "drivers", "Overall satisfaction and Loyalty")
    assert english in found.paragraphs[0]
    assert chinese in part(full, "drivers", "“总体满意度”与“客户忠诚”", "zh-CN").paragraphs[0]
    assert found.tables[0].rows[0] == ("mean − 1 SD", "55.0", "0.25 [0.19, 0.31]", "<0.001", "470")


@pytest.mark.parametrize(
    ("region", "words"),
    [
        (("outside", -40.0, 22.0), "where “Image value” scores 22–100 (Johnson and Neyman)."),
        (("between", 30.0, 70.0), "where “Image value” scores 30–70"),
        (("outside", 20.0, 60.0), "where “Image value” scores 0–20 and 60–100"),
        (("between", -5.0, 140.0), "differs from zero at every score of “Image value”."),
        (("everywhere", None, None), "differs from zero at every score of “Image value”."),
        (("nowhere", None, None), "At no score of “Image value” can"),
        (("between", 120.0, 140.0), "At no score of “Image value” can"),
    ],
)
def test_the_region_is_told_on_the_scale(full, region, words):
    full["moderation"]["rows"][-1] |= dict(zip(("at", "estimate", "value"), region, strict=True))
    assert words in part(full, "drivers", "Overall satisfaction and Loyalty").paragraphs[0]


def test_checks_are_a_short_list(full):
    points = part(full, "drivers", "Checks of the regression").points
    assert points == (
        "R² is 62% in the sample and 58% for respondents left out of the fit in turn (cross-validation; root mean "
        "squared error 14.2 points, n = 470).",
        "Rejected at 1%: equal variances (p < 0.001); straight line of Service value (p = 0.001).",
        "Not rejected at 1%: form of the equation by RESET (p = 0.310).",
        "The largest condition index is 31.4, 30 or more: the drivers overlap so much that single weights are "
        "unsteady.",
        "6% of the respondents weigh more than is usual (Cook's distance above 4/n); the largest distance is 0.05, "
        "below 1.",
        "Weight and correlation differ in sign in at least 5% of the replicates: Product value 12%.",
        "Adds more beside the others than it explains alone (suppression), in at least 95% of the replicates: Staff "
        "value 97%.",
    )
    assert (
        part(full, "drivers", "“总体满意度”回归的诊断", "zh-CN")
        .points[1]
        .startswith("在 1% 水平上被拒绝：等方差（p < 0.001）")
    )


def test_segments_that_differ_and_that_do_not(full):
    found = part(full, "segments", "Overall satisfaction, by")
    assert found.paragraphs[0].endswith(
        "differs between the groups for: Product value (p = 0.004), after Holm over the drivers."
    )
    assert found.tables[0].rows[1] == ("Product value", "0.40 [0.30, 0.50]", "0.15 [0.05, 0.25]", "0.002", "0.004")
    assert found.tables[0].rows[0] == ("n", "372", "98", "", "")
    assert found.figure.plot.line == 0.0
    assert draw_svg(found.figure).startswith("<svg")
    full["segments"]["rows"][0]["p_adjusted"] = 0.2
    assert "by more than chance would (smallest p after Holm: 0.200)" in part(full, "segments", "Overall").paragraphs[0]
    assert "均未超出随机误差（Holm 校正后最小的 p：0.200）" in part(full, "segments", "“总体", "zh-CN").paragraphs[0]


def test_notes_alone_are_shown(document):
    note = {"code": "D188", "about": "x", "en": "Too few.", "zh-CN": "人数过少。"}
    document |= {name: {"rows": [], "notes": [note]} for name in ("segments", "paths")}
    context = report_context(document, language="en")
    assert context.segments.notes == context.paths.notes == ("Too few.",)
    assert context.segments.paragraphs == ("Weights by group could not be computed.",)
    assert context.paths.paragraphs == ("No path model could be estimated; the notes say why.",)


def test_asymmetry_is_a_hint(full):
    found = part(full, "priorities", "Low and high scores")
    assert "hints at what customers take for granted (basic factors): Service value." in found.paragraphs[0]
    assert found.paragraphs[0].endswith("The intervals allow for more than one kind: Image value.")
    assert found.tables[0].columns[1].label == "Kind (a hint)"
    assert found.tables[0].rows[0][2:5] == ("−8.2 [−12.0, −4.4]", "3.1 [0.4, 5.8]", "−0.45 [−0.80, −0.10]")
    for row in full["asymmetry"]["rows"]:
        row |= {"kind": "undecided", "index": 3.6, "index_low": None, "index_high": None}
    assert part(full, "priorities", "Low and high").tables[0].rows[0][4] == "–"  # without an interval it says nothing
    assert part(full, "priorities", "低分与高分", "zh-CN").paragraphs[0].startswith("没有一个因素能归为基本型")


def test_necessity_with_its_bottleneck(full):
    found = part(full, "priorities", "Necessary conditions")
    assert found.paragraphs[0].endswith(
        "nobody reached 80 points of Overall satisfaction below these scores: Service value 42."
    )
    assert [t.rows[0] for t in found.tables] == [
        ("Service value", "0.21", "<0.001", "0.20", "<0.001", "98.7%", "470"),
        ("Service value", "none", "42", "nobody"),
    ]
    full["necessity"]["rows"][0]["p_value"] = 0.3
    assert part(full, "priorities", "Necessary").paragraphs[0].startswith("No driver shows an empty corner")


def test_the_gap_to_the_best_group(full):
    told = part(full, "priorities", "Gaps to the best group").paragraphs[0]
    assert "the best group (“Household”) scores 5.3 points more than the whole sample" in told
    assert "goes with 1.9 [1.1, 2.7] points of Overall satisfaction." in told
    full["potential"]["rows"][0]["conf_low"] = 0.0
    assert "no gap to the best group goes with points" in part(full, "priorities", "Gaps").paragraphs[0]


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_the_whole_page(full, language):
    report = build_report(full, language=language)
    text = re.sub(r"<style.*?</style>|<svg.*?</svg>|<[^>]+>", " ", report.html, flags=re.DOTALL)
    ids = re.findall(r'<section id="(\w+)" class="level2">', report.html)
    assert ids[ids.index("drivers") : ids.index("items")] == list(SECTIONS)
    assert "None" not in text
    assert "nan" not in text.split()
    assert {c for _, svg in report.figures for c in re.findall(r": (#[0-9a-f]{6})\b", svg.decode())} <= set(VARIABLES)
    assert {"path-model", "path-map-satisfaction", "segments-satisfaction-ctype"} <= {
        name for name, _ in report.figures
    }
    assert len(re.findall(r'\sid="([^"]+)"', report.html)) == len(set(re.findall(r'\sid="([^"]+)"', report.html)))
    if language == "zh-CN":
        names = {"RESET", "Brant", "Cook", "Owen", "Holm", "Johnson", "Neyman", "MICOM", "PLS", "RMSE"}
        told = " ".join(
            p
            for s in SECTIONS
            for q in getattr(report_context(full, language=language), s).parts
            for p in (*q.paragraphs, *q.points, q.title)
        )
        assert set(re.findall(r"[A-Za-z]{4,}", told)) - names <= {"SRMR", "RMSEA"}


def test_no_sentence_says_that_a_change_would_change_the_outcome(full):
    for language, banned in (
        ("en", r"\b(raises?|increases?|improves|leads? to|causes?|drives)\b"),
        ("zh-CN", "导致|提升了|使得"),
    ):
        context = report_context(full, language=language)
        for section in SECTIONS:
            for found in getattr(context, section).parts:
                for text in (*found.paragraphs, *found.points):
                    assert not re.search(banned, text), text


def test_empty_numbers_are_dashes(full):
    for section in (
        "dominance",
        "segments",
        "mediation",
        "asymmetry",
        "potential",
        "path_models",
        "path_groups",
        "prediction",
    ):
        for row in full[section]["rows"]:
            row |= {k: None for k, v in row.items() if isinstance(v, float) and k not in ("complete", "conditional")}
    told = str([getattr(report_context(full, language="en"), section) for section in SECTIONS])
    assert "'None" not in told
