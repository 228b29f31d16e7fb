"""Ranks, targets and figures of groups in the files: slides, the page, and every figure's numbers beside it."""

import importlib.util
import io
from pathlib import Path

import pytest
from openpyxl import load_workbook

from satmeter.report import build_report, report_context

pptx = pytest.importorskip("pptx")


def sections():
    spec = importlib.util.spec_from_file_location("groups", Path(__file__).with_name("test_group_sections.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def compared(make_document):
    document, rows = make_document(), sections()
    document["study"]["adjust"] = "holm"
    document["comparisons"] = {"rows": [*rows.comparison_rows(), *rows.target_rows()], "notes": []}
    document["ranks"] = {"rows": rows.rank_rows(), "notes": []}
    return rows.nps_shares(document, rows.SHARES)


def test_slides_show_targets_ranks_and_the_heat_map(compared):
    report = build_report(compared, language="en", formats=("pptx",))
    deck = pptx.Presentation(io.BytesIO(report.file("pptx")))
    tables = [shape.table for slide in deck.slides for shape in slide.shapes if shape.has_table]
    cells = [[cell.text for cell in row.cells] for table in tables for row in table.rows]
    assert any(row[-1] == "▼ not met" and row[1].endswith("New eastern coast district") for row in cells)
    assert any(row[:2] == ["North", "1–2 (1–1)"] for row in cells)
    pictures = [shape for slide in deck.slides for shape in slide.shapes if shape.shape_type == 13]
    alts = [shape._element.nvPicPr.cNvPr.get("descr") for shape in pictures]
    context = report_context(compared, language="en")
    drawn = {f.name: f.alt for f in context.figures}
    assert {drawn[name] for name in ("heat-region", "ranks-region-satisfaction", "funnel", "missing")} <= set(alts)
    titles = [slide.shapes.title.text for slide in deck.slides]
    (counted,) = [title for title in titles if "Of 4 comparisons" in title]
    assert counted.startswith("“Where do you live?”: who lies above or below the rest? ")


@pytest.mark.parametrize("within", [False, True])
def test_the_workbook_names_strata_where_units_are_ranked_within_such(make_document, within):
    document, rows = make_document(), sections().rank_rows()
    strata = {"within": "ctype", "stratum": "h"} if within else {"within": "", "stratum": ""}
    document["ranks"] = {"rows": [row | strata for row in rows], "notes": []}
    report = build_report(document, language="en", formats=("xlsx",))
    lines = list(load_workbook(io.BytesIO(report.file("xlsx")))["Ranks"].iter_rows(values_only=True))
    (head,) = [line for line in lines if line[0] == "Unit"]
    first = dict(zip(head, lines[lines.index(head) + 1], strict=True))
    told = {name: first.get(name) for name in ("Ranked within", "Ranked within, code", "Stratum", "Stratum, code")}
    assert list(told.values()) == (["Customer type", "ctype", "Household", "h"] if within else [None] * 4)


def test_the_page_shows_every_figure_with_its_numbers(compared):
    for language in ("en", "zh-CN"):
        html = build_report(compared, language=language).html
        for name in ("heat-region", "ranks-region-satisfaction", "nps", "funnel", "missing"):
            assert f'id="figure-{name}"' in html
            assert f'id="figure-{name}-numbers"' in html
        assert "1–2 (1–1)" in html
