"""Figures: in words, without missing glyphs, labels apart, colours that follow the page."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from satmeter.errors import ReportError
from satmeter.report import build_report, report_context
from satmeter.report.context import Figure
from satmeter.report.estimate import Estimate
from satmeter.report.figures import draw_svg
from satmeter.report.figures.quadrant import place_boxes
from satmeter.report.figures.style import VARIABLES, text_width, wrapped
from satmeter.report.plots import DotPlot

SVG = "{http://www.w3.org/2000/svg}"


def dots(label: str, name: str = "scores") -> Figure:
    return Figure(name, "c", "a", DotPlot((Estimate(label, 70.0, 68.0, 72.0, 100),), "points", 50.0, 90.0))


def test_every_figure_is_a_labelled_image(english):
    assert len(english.figures) == 14
    for name, data in english.figures:
        root = ElementTree.fromstring(data)
        assert root.get("role") == "img"
        assert root.get("aria-labelledby") == f"{name}-title {name}-desc"
        assert root.find(f"{SVG}title").text
        assert re.search(r"\d", root.find(f"{SVG}desc").text)
        assert root.get("viewBox")
        assert root.get("width") is None


def test_the_alternative_states_the_numbers(document):
    figures = {f.name: f for f in report_context(document, language="en").figures}
    assert "Service value 69.1 [67.3, 70.9]" in figures["scores"].alt
    assert "Service value 36% [29%, 43%]" in figures["importance-satisfaction"].alt
    assert "Staff value: score 75.2 [73.4, 77.0], importance 19% [13%, 27%], interval crosses a line" in (
        figures["priorities-satisfaction"].alt
    )
    assert "Overall satisfaction: North 76.2 [73.4, 79.0]" in figures["groups-region"].alt


def test_ids_are_unique_in_the_page(english):
    ids = re.findall(r'\sid="([^"]+)"', english.html)
    assert len(ids) == len(set(ids))
    targets = set(re.findall(r'href="#([^"]+)"', english.html)) | set(re.findall(r"url\(#([^)]+)\)", english.html))
    assert targets <= set(ids)


def test_colours_follow_the_page_inside_and_are_plain_outside(english):
    for _, data in english.figures:
        used = set(re.findall(r": (#[0-9a-f]{6})\b", data.decode()))
        assert used <= set(VARIABLES)
        assert b"var(" not in data
    assert not set(re.findall(r"[^,] (#[0-9a-f]{6})", english.html.split("</style>")[1]))
    assert english.html.count("var(--fig-main, #0072b2)") > 10


def test_text_is_drawn_as_paths_without_date_or_addresses(english):
    for _, data in english.figures:
        assert b"<text" not in data
        assert b"<metadata" not in data
        assert b"matplotlib.org" not in data


def test_missing_glyph_is_an_error_that_names_it():
    with pytest.raises(ReportError) as caught:
        draw_svg(dots("好\U000f0000"))
    assert [p.code for p in caught.value.problems] == ["T004"]
    assert "U+F0000" in caught.value.text("en")
    assert "--no-figures" in caught.value.text("zh-CN")


def test_chinese_rare_and_traditional_characters_are_drawn():
    assert draw_svg(dots("喆堃玥珺祎镕 電壓穩定")).count("NotoSansSC") > 8


def test_dollars_are_no_mathematics():
    assert draw_svg(dots("$x^2$ 100 %")) != draw_svg(dots("x2 100 %"))


def test_matplotlib_settings_are_left_alone(document):
    import matplotlib

    before = dict(matplotlib.rcParams)
    build_report(document, language="zh-CN")
    assert dict(matplotlib.rcParams) == before


boxes = st.tuples(st.floats(100, 300), st.floats(100, 300))


@given(st.lists(boxes, min_size=1, max_size=9, unique=True))
def test_labels_never_overlap(points):
    sizes = [(60.0, 14.0 + 10 * (i % 2)) for i in range(len(points))]
    placed = place_boxes(points, sizes, (50, 50, 350, 350), [(50, 50, 110, 66)], [(200, 50, 202, 350)])
    for i, one in enumerate(placed):
        assert not overlap(one, (50, 50, 110, 66))
        for other in placed[i + 1 :]:
            assert not overlap(one, other)
        for x, y in points:
            assert not overlap(one, (x - 7, y - 7, x + 7, y + 7))


def overlap(one, other):
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


@given(st.text(st.sampled_from("ab 服务，。Complaint"), max_size=60), st.integers(6, 24))
def test_wrapping_keeps_the_text_and_the_width(text, cells):
    lines = wrapped(text, cells).split("\n")
    assert all(text_width(line) <= cells + 2 for line in lines)
    assert "".join(lines).replace(" ", "").replace("-", "") == text.replace(" ", "")
