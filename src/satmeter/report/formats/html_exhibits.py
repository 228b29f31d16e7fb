"""Sections, tables and figures of the page: an address each, numbers beside figures, long tables folded."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Mapping, Sequence

from satmeter.report.context import Figure, Table
from satmeter.report.figures.numbers import figure_table
from satmeter.report.figures.style import text_width
from satmeter.report.formats.html_drawings import Drawings
from satmeter.report.plots import ScalePlot
from satmeter.report.wording import Words

FOLDED_FROM = 24
"""Rows from which a table is folded."""

DETAILED_FROM = 5
"""Columns from which a table is folded when another one of its part stands before it."""

APPENDIX = ("wording",)
"""Sections in which every table is folded: nobody reads them from end to end."""

WIDE_FROM = 150
"""Characters in a row from which a table is printed across the sheet."""

TALL_FROM, LONG_FROM = 1.7, 3.2
"""Height of a drawing, in widths, from which it is made smaller on paper, and from which it runs over pages."""

_BLOCK = re.compile(
    r'<section(?P<own> id="(?P<id>[^"]+)")? class="level(?P<level>[23])">\s*<h[23][^>]*>(?P<head>.*?)</h[23]>'
    r'|(?:<p><span class="swipe">(?P<swipe>[^<]*)</span></p>\s*)?'
    r'<div class="scroll"(?P<frame>[^>]*)>\s*(?P<table><table.*?</table>)\s*</div>'
    r'|<figure>\s*<img[^>]*\bsrc="figure:(?P<figure>[^"]+)"[^>]*>\s*<figcaption[^>]*>(?P<caption>.*?)</figcaption>'
    r"\s*</figure>",
    re.DOTALL,
)
_CAPTION = re.compile(r"<caption>(.*?)</caption>", re.DOTALL)
_CELL = re.compile(r"<t[hd][^>]*>([^<]*)</t[hd]>")
_BOX = re.compile(r'viewBox="\S+ \S+ (\S+) ([^"\s]+)"')
_TAG = re.compile(r"<[^>]+>")
_FIGURES, _END = '<div class="figures">', "</div><!--figures-->"
_NEIGHBOURS = re.compile(rf"{_END}\s*{_FIGURES}")


class Exhibits:
    """Rewrites the body that pandoc made.

    Addresses are counted in their section (``#scores-part-1``, ``#scores-table-2``) or are the figure's name
    (``#figure-scores``), so that they are the same in every language.
    """

    def __init__(self, figures: Mapping[str, Figure], svg: Mapping[str, str], words: Words) -> None:
        self._figures, self._svg, self._words = figures, svg, words
        self._drawings = Drawings(words)
        self._section = "report"
        self._counts: Counter[str] = Counter()
        self._tables_of_part = 0

    def rewritten(self, body: str) -> str:
        """Return the body with addresses, link marks, numbers beside figures and folded tables."""
        return _NEIGHBOURS.sub("", _BLOCK.sub(self._block, body)).replace(_END, "</div>")

    def letters(self) -> str:
        """Return the letters that the figures share; stands anywhere in the page, once."""
        return self._drawings.letters()

    def _block(self, found: re.Match[str]) -> str:
        if found["level"]:
            return self._heading(found)
        if found["table"]:
            return self._table(found)
        return self._figure(found)

    def _heading(self, found: re.Match[str]) -> str:
        self._tables_of_part = 0
        level, head = found["level"], found["head"]
        if level == "2":
            self._section = found["id"] or self._address("section")
        anchor = found["id"] or (self._section if level == "2" else self._address("part"))
        return f'<section id="{anchor}" class="level{level}">\n<h{level}>{head}{self._link(anchor, head)}</h{level}>'

    def _address(self, kind: str) -> str:
        self._counts[f"{self._section}-{kind}"] += 1
        return f"{self._section}-{kind}-{self._counts[f'{self._section}-{kind}']}"

    def _link(self, anchor: str, name: str) -> str:
        label = self._words.fill("explore.link", {"name": html.unescape(_TAG.sub("", name))})
        return f'<a class="anchor" href="#{anchor}" aria-label="{html.escape(label)}">#</a>'

    def _table(self, found: re.Match[str]) -> str:
        anchor = self._address("table")
        table = found["table"]
        rows = table.count("<tr") - 1
        columns = table.split("</tr>", 1)[0].count("<th")
        caption = _CAPTION.search(table)
        name = caption[1] if caption else ""
        wide = " wide" if _characters(table) >= WIDE_FROM else ""
        further = columns >= DETAILED_FROM and self._tables_of_part > 0
        folded = name and (rows >= FOLDED_FROM or further or self._section in APPENDIX)
        self._tables_of_part += 1
        link = self._link(anchor, name)
        shown = '<caption class="unseen">' if folded else "<caption>"
        table = _CAPTION.sub(lambda m: f"{shown}{m[1]}{'' if folded else link}</caption>", table, count=1)
        swipe = f'<p class="swipe">{found["swipe"]}</p>' if found["swipe"] else ""
        frame = f'{swipe}<div class="scroll"{found["frame"]}>{table}</div>'
        if not folded:
            return f'<div class="exhibit{wide}" id="{anchor}">{frame}</div>'
        count = self._words.plural("explore.folded", rows, {"n": str(rows)})
        summary = f'<summary>{name} <span class="rows">{count}</span></summary>'
        address = f'<p class="address">{link}</p>'
        return f'<details class="exhibit fold{wide}" id="{anchor}">{summary}{frame}{address}</details>'

    def _figure(self, found: re.Match[str]) -> str:
        figure = self._figures[html.unescape(found["figure"])]
        drawn = self._drawings.inline(figure, self._svg[figure.name])
        anchor = f"figure-{figure.name}"
        caption = found["caption"]
        if isinstance(figure.plot, ScalePlot):  # its numbers stand above it, larger than itself
            return f'<figure id="{anchor}"><div class="plot">{drawn}</div><figcaption>{caption}</figcaption></figure>'
        said = f"<figcaption>{caption}{self._link(anchor, caption)}</figcaption>"
        shown = f'<figure{_stature(drawn)}><div class="plot">{drawn}</div>{said}</figure>'
        exhibit = f'<div class="exhibit" id="{anchor}">{shown}{self._numbers(figure, anchor)}</div>'
        return f"{_FIGURES}{exhibit}{_END}"

    def _numbers(self, figure: Figure, anchor: str) -> str:
        table = figure_table(figure, self._words)
        return (
            f'<details class="numbers" id="{anchor}-numbers"><summary>{self._words["numbers.behind"]}</summary>'
            f"{_framed(table, self._words['numbers.behind'])}</details>"
        )


def _characters(table: str) -> int:
    """Return how wide a table is: the longest words of its columns side by side."""
    rows = [_CELL.findall(row) for row in table.split("</tr>")]
    columns = zip(*(row for row in rows if row), strict=False)
    return sum(max(text_width(html.unescape(cell)) for cell in column) + 2 for column in columns)


def _stature(drawing: str) -> str:
    """Return the class of a figure that paper must treat on its own."""
    box = _BOX.search(drawing)
    ratio = float(box[2]) / float(box[1]) if box else 0.0
    if ratio < TALL_FROM:
        return ""
    return ' class="tall"' if ratio < LONG_FROM else ' class="long"'


def _framed(table: Table, name: str) -> str:
    """Return a table as pandoc would write it, in a frame that scrolls; its caption stands above it already."""
    sides = [f' style="text-align: {column.align};"' for column in table.columns]
    heads = "".join(
        f"<th{side}>{html.escape(column.label)}</th>" for side, column in zip(sides, table.columns, strict=True)
    )
    rows = "\n".join(f"<tr>{_row(row, sides)}</tr>" for row in table.rows)
    caption = f'<caption class="unseen">{html.escape(table.caption)}</caption>'
    frame = f'<div class="scroll" role="group" tabindex="0" aria-label="{html.escape(name)}">'
    return f"{frame}<table>{caption}<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"


def _row(row: Sequence[str], sides: Sequence[str]) -> str:
    first, *rest = (html.escape(cell) for cell in row)
    cells = "".join(f"<td{side}>{cell}</td>" for side, cell in zip(sides[1:], rest, strict=True))
    return f'<th scope="row"{sides[0]}>{first}</th>{cells}'
