"""Drawings, tables and the policy of the page, without a browser."""

import html
import re
from dataclasses import replace

import pytest

from satmeter.report import report_context
from satmeter.report.figures import draw_svg
from satmeter.report.figures.numbers import figure_table
from satmeter.report.formats.html_drawings import Drawings
from satmeter.report.wording import read_words

MARK = re.compile(
    r'<g class="mark" data-row="(\d+)"><title>([^<]*)</title>(?:<defs>.*?</defs>)?'
    r"(<circle [^>]*>|<path [^>]*>|<g[^>]*><use [^>]*>)"
)


def across(shape):
    """Return where a dot, a square or a used shape stands from left to right."""
    if found := re.search(r' d="M([\d.]+) [\d.]+h([\d.]+)', shape):
        return float(found[1]) + float(found[2]) / 2
    return float(re.search(r'\bc?x="([\d.]+)"', shape)[1])


@pytest.fixture(scope="module")
def figures(make_document):
    return {figure.name: figure for figure in report_context(make_document(), language="en").figures}


def test_every_mark_stands_where_its_number_belongs(figures):
    words = read_words("en")
    for name in ("scores", "scores-costs", "groups-region", "importance-satisfaction", "priorities-satisfaction"):
        table = figure_table(figures[name], words)
        inline = Drawings(words).inline(figures[name], draw_svg(figures[name]))
        marks = [(int(row), html.unescape(text), across(shape)) for row, text, shape in MARK.findall(inline)]
        assert sorted(row for row, _, _ in marks) == list(range(len(table.rows)))
        places: dict[str, list[tuple[float, float]]] = {}
        column = next(j for j, c in enumerate(table.columns) if c.align == "right")
        for row, text, x in marks:
            cells = table.rows[row]
            assert text.startswith(" · ".join(cells[:column]) + f": {table.columns[column].label} {cells[column]}")
            places.setdefault(" · ".join(cells[1:column]), []).append((float(cells[column].rstrip("%")), x))
        assert marks
        for panel in places.values():  # a straight line from number to place
            (low, at_low), (high, at_high) = min(panel), max(panel)
            unit = (at_high - at_low) / (high - low) if high > low else 0.0
            assert all(abs(at_low + unit * (value - low) - x) < 0.6 * max(unit, 1.0) for value, x in panel), name


def test_figures_share_their_letters(figures):
    drawings = Drawings(read_words("en"))
    drawn = [figures[name] for name in ("scores", "scores-costs", "importance-satisfaction")]
    raw = [draw_svg(figure) for figure in drawn]
    inline = [drawings.inline(figure, svg) for figure, svg in zip(drawn, raw, strict=True)]
    letters = drawings.letters()
    outlines = re.findall(r' d="([^"]+)"', letters)
    assert len(outlines) == len(set(outlines)) > 20
    assert set(re.findall(r'href="#(g\d+)"', "".join(inline))) == set(re.findall(r'id="(g\d+)"', letters))
    assert sum(map(len, inline)) + len(letters) < 0.6 * sum(map(len, raw))
    assert "scale(0.015625)" not in "".join(inline)


def test_what_a_mark_says_is_escaped(figures):
    figure = figures["scores"]
    hostile = tuple(replace(e, label='<b onclick="x">&') for e in figure.plot.estimates)
    inline = Drawings(read_words("en")).inline(
        replace(figure, plot=replace(figure.plot, estimates=hostile)), draw_svg(figure)
    )
    assert "<title>&lt;b onclick=&quot;x&quot;&gt;&amp;: Estimate 78.4" in inline


def test_texts_that_look_like_placeholders_stay_texts(document):
    from satmeter.report import build_report

    text = "/*style*/ /*script*/ /*policy*/ <style>/*style*/</style>"
    document["study"]["title"] = {"en": text}
    document["questionnaire"]["questions"][0]["text"] = {"en": text}
    page = build_report(document, language="en", figures=False).html
    assert page.count("<style>") == page.count("<script>") == 1
    assert "<h1>/*style*/ /*script*/ /*policy*/ &lt;style&gt;/*style*/&lt;/style&gt;</h1>" in page
    assert re.search(r'Content-Security-Policy" content="default-src', page)


def test_long_and_further_tables_are_folded_and_say_how_many_rows_they_have(english):
    folds = re.findall(r'<details class="exhibit fold[^"]*" id="([^"]+)"><summary>([^<]*)', english.html)
    assert ("wording-table-1", "Items of Product value ") in folds
    assert not [name for name, _ in folds if name.startswith(("sample", "scores", "groups"))]
    assert english.html.count('<span class="rows">(3 rows)</span>') >= 3
    assert all(f'href="#{name}"' in english.html for name, _ in folds)
