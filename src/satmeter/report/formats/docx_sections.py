"""The pages of a Word report: blocks one after another, in sections of upright pages and of pages that lie across."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from satmeter.report.formats.docx_package import FOOTER, HEADER

_LONG, _SHORT = 16_838, 11_906  # A4 in twips
_SIDE, _TOP, _EDGE = 1247, 1304, 680
_MOST_TEXTS = 3  # paragraphs that go with a table onto a page across
_END = '<w:p><w:pPr><w:pStyle w:val="SectionEnd"/>{}</w:pPr></w:p>'


@dataclass(frozen=True, slots=True)
class Flow:
    """One block of the report; `across` when it needs a page that lies across."""

    xml: str
    kind: Literal["heading", "text", "table", "figure", "contents"]
    across: bool = False


def body_xml(title: str, flows: Sequence[Flow], *, brief: bool = False) -> str:
    """Return the inside of ``w:body``: the title on its page, then the blocks in their sections.

    The title of a brief report stands above the first block.
    """
    written = title if brief else title + _END.format(_section(across=False, numbered=False))
    groups = [(across, list(part)) for across, part in groupby(_placed(flows), key=lambda flow: flow.across)]
    for place, (across, part) in enumerate(groups):
        for flow, after in zip(part, [*part[1:], None], strict=True):
            written += flow.xml
            if flow.kind == "table" and after and after.kind == "table" and after.xml.startswith("<w:tbl>"):
                written += _END.format("")
        last = place == len(groups) - 1
        written += _END.format("" if last else _section(across=across, numbered=True))
    return written + _section(across=bool(groups) and groups[-1][0], numbered=True)


def _section(*, across: bool, numbered: bool) -> str:
    """Return the properties of a section; the title page bears neither header nor number."""
    wide, high = (_LONG, _SHORT) if across else (_SHORT, _LONG)
    edges = (
        f'<w:headerReference w:type="default" r:id="{HEADER}"/><w:footerReference w:type="default" r:id="{FOOTER}"/>'
        if numbered
        else ""
    )
    turned = ' w:orient="landscape"' if across else ""
    return (
        f'<w:sectPr>{edges}<w:type w:val="nextPage"/><w:pgSz w:w="{wide}" w:h="{high}"{turned}/>'
        f'<w:pgMar w:top="{_TOP}" w:right="{_SIDE}" w:bottom="{_TOP}" w:left="{_SIDE}" w:header="{_EDGE}" '
        f'w:footer="{_EDGE}" w:gutter="0"/><w:cols w:space="425"/></w:sectPr>'
    )


def _placed(flows: Sequence[Flow]) -> list[Flow]:
    """Return the blocks, each with whether it goes on a page across: headings with what they stand above."""
    across = [flow.across for flow in flows]
    for place, flow in enumerate(flows):
        if flow.across:
            for before in range(_start(flows, place), place):
                across[before] = True
    place = 0
    for turned, part in [(turned, len(list(run))) for turned, run in groupby(list(across))]:
        between = flows[place : place + part]
        inside = 0 < place < place + part < len(flows)
        if not turned and inside and all(flow.kind in ("text", "table") for flow in between) and _few(between):
            across[place : place + part] = [True] * part
        place += part
    return [Flow(flow.xml, flow.kind, turned) for flow, turned in zip(flows, across, strict=True)]


def _few(flows: Sequence[Flow]) -> bool:
    return sum(flow.kind == "text" for flow in flows) <= _MOST_TEXTS and len(flows) <= 2 * _MOST_TEXTS


def _start(flows: Sequence[Flow], table: int) -> int:
    """Return where the page across begins: at the headings above a table, if little stands between."""
    place = table
    while place > 0 and flows[place - 1].kind == "text":
        place -= 1
    if place == 0 or flows[place - 1].kind != "heading" or table - place > _MOST_TEXTS:
        return table
    while place > 0 and flows[place - 1].kind == "heading":
        place -= 1
    return place
