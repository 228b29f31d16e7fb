"""Slides → shapes: placeholders of the layout, native charts and tables, pictures, notes."""

from __future__ import annotations

import io
import struct
from collections.abc import Mapping, Sequence
from typing import Any

from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE
from pptx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from pptx.oxml import parse_xml
from pptx.parts.chart import ChartPart
from pptx.util import Pt

from satmeter.report.context import Stat, Table
from satmeter.report.formats import pptx_theme as house
from satmeter.report.formats.pptx_charts import Chart
from satmeter.report.formats.pptx_slides import (
    CardsBody,
    ChartBody,
    CoverBody,
    MapBody,
    PictureBody,
    PointsBody,
    Slide,
    TableBody,
)
from satmeter.report.formats.pptx_table import KEY_BOX, MAP_BOX, key_widths
from satmeter.report.formats.pptx_text import TITLE_SIZES, printable, title_size
from satmeter.report.formats.pptx_theme import BODY, SMALL, Box
from satmeter.report.logo import Logo

CARD_GAP = 14.0
ONE_COLUMN = 3
PICTURE_HEIGHT = SMALL.top + SMALL.height - BODY.top
"""A slide with a picture has no small print."""

INDEX_BOX = Box(BODY.left, BODY.top, 330, BODY.height)
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_NS = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
)

COVER_LOGO = Box(60, 36, 240, 54)


class Painter:
    """Draws slides of one language into a deck.

    Parameters
    ----------
    deck
        What python-pptx made of `pptx_theme.empty_deck`.
    language
        Tag of every run of text.
    footer
        The line under every slide.
    images
        Name of every figure to its drawing as a PNG image.
    """

    def __init__(self, deck: Any, language: str, footer: str, images: Mapping[str, bytes]) -> None:
        self.deck, self.language, self.footer, self.images = deck, language, footer, images

    def draw(self, slide: Slide) -> None:
        """Add one slide at the end."""
        cover = isinstance(slide.body, CoverBody)
        page = self.deck.slides.add_slide(self.deck.slide_layouts[house.COVER if cover else house.FINDING])
        places = {place.placeholder_format.idx: place for place in page.placeholders}
        self._fill(
            places[0], slide.title, None if cover else title_size(slide.title, house.TITLE.width) or TITLE_SIZES[-1]
        )
        body = slide.body
        if isinstance(body, CoverBody):
            self._cover(places, body)
            if body.logo:
                self._logo(page, body.logo)
        else:
            self._place(places.pop(house.SECTION_ID), slide.section)
            small = places.pop(house.SMALL_ID)
            self._body(page, slide)
            self._place(small, slide.small)
            if slide.small:
                page.shapes._spTree.append(small._element)  # read after the body
            self._running(page)
        self._notes(page, slide.notes)
        self._tag(page._element)

    def _cover(self, places: dict[int, Any], body: CoverBody) -> None:
        self._place(places[house.SECTION_ID], body.kicker)
        self._place(places[1], body.disclosure)
        self._place(places[house.SMALL_ID], body.banner)

    def _body(self, page: Any, slide: Slide) -> None:
        match slide.body:
            case ChartBody(chart, alt, height):
                self._chart(page, chart, Box(BODY.left, BODY.top, BODY.width, height), alt)
            case MapBody(chart, alt, key):
                self._chart(page, chart, MAP_BOX, alt)
                self._table(page, key, key_widths(key), KEY_BOX, 12.0)
            case TableBody(table, widths, size):
                self._table(page, table, widths, BODY, size)
            case PictureBody(figure):
                self._picture(page, self.images[figure.name], figure.alt)
            case PointsBody(points):
                self._points(page, points)
            case CardsBody():
                self._cards(page, slide.body)

    def _place(self, place: Any, text: str) -> None:
        """Fill a placeholder; an empty one is taken away."""
        if text:
            self._fill(place, text, None)
        else:
            place._element.getparent().remove(place._element)

    def _fill(self, place: Any, text: str, size: float | None) -> None:
        frame = place.text_frame
        frame.text = printable(text)
        if size:
            for paragraph in frame.paragraphs:
                for run in paragraph.runs:
                    run.font.size = Pt(size)

    def _chart(self, page: Any, chart: Chart, box: Box, alt: str) -> None:
        package = self.deck.part.package
        name = package.next_partname(ChartPart.partname_template)
        part: Any = ChartPart.load(name, CONTENT_TYPE.DML_CHART, package, chart.xml)
        part.chart_workbook.update_from_xlsx_blob(chart.workbook)
        key = page.part.relate_to(part, RELATIONSHIP_TYPE.CHART)
        frame = page.shapes._add_chart_graphicFrame(key, *box.emu)
        _described(frame, alt)

    def _table(self, page: Any, table: Table, widths: Sequence[float], box: Box, size: float) -> None:
        left, top, _, _ = box.emu
        width = round(sum(widths) * house.EMU)
        frame = page.shapes.add_table(len(table.rows) + 1, len(table.columns), left, top, width, Pt(20))
        drawn = frame.table
        style = drawn._tbl.tblPr.find(f"{_A}tableStyleId")
        style.text = house.TABLE_STYLE
        drawn.horz_banding = False
        _described(frame._element, table.caption)
        for column, points in zip(drawn.columns, widths, strict=True):
            column.width = round(points * house.EMU)
        rights = [column.align == "right" for column in table.columns]
        for i, texts in enumerate((tuple(c.label for c in table.columns), *table.rows)):
            for j, text in enumerate(texts):
                self._cell(drawn.cell(i, j), text, size, right=rights[j])

    def _cell(self, cell: Any, text: str, size: float, *, right: bool) -> None:
        cell.margin_left = cell.margin_right = Pt(6)
        cell.margin_top = cell.margin_bottom = Pt(2.5)
        cell.vertical_anchor = MSO_ANCHOR.MIDDLE
        body = cell.text_frame
        body.text = printable(text)
        for paragraph in body.paragraphs:
            if right:
                paragraph._p.get_or_add_pPr().set("algn", "r")
            for run in paragraph.runs:
                run.font.size = Pt(size)

    def _picture(self, page: Any, image: bytes, alt: str) -> None:
        width, height = struct.unpack(">II", image[16:24])  # PNG: IHDR follows the signature
        scale = min(BODY.width / width, PICTURE_HEIGHT / height)
        left = BODY.left + (BODY.width - width * scale) / 2
        box = Box(left, BODY.top, width * scale, height * scale)
        picture = page.shapes.add_picture(io.BytesIO(image), *box.emu)
        _described(picture._element, alt)

    def _logo(self, page: Any, logo: Logo) -> None:
        """Add the organisation's sign on a plate as white as the paper that it was made for."""
        wide = min(COVER_LOGO.height * logo.aspect, COVER_LOGO.width)
        box = Box(COVER_LOGO.left, COVER_LOGO.top, wide, wide / logo.aspect)
        plate = Box(box.left - 10, box.top - 10, box.width + 20, box.height + 20)
        ground = self._box(page, plate)._parent
        ground.fill.solid()
        ground.fill.fore_color.theme_color = MSO_THEME_COLOR.BACKGROUND_1
        picture = page.shapes.add_picture(io.BytesIO(logo.png), *box.emu)
        _described(picture._element, logo.organisation)

    def _points(self, page: Any, points: Sequence[str]) -> None:
        frame = self._box(page, BODY)
        for j, text in enumerate(points):
            paragraph = frame.paragraphs[0] if not j else frame.add_paragraph()
            paragraph.text = printable(text)
            paragraph.font.size = Pt(16)
            paragraph.space_after = Pt(6)
            properties = paragraph._p.get_or_add_pPr()
            properties.set("marL", str(round(16 * house.EMU)))
            properties.set("indent", str(round(-16 * house.EMU)))
            properties.insert(1, parse_xml(f'<a:buChar {_NS} char="•"/>'))

    def _cards(self, page: Any, body: CardsBody) -> None:
        self._card(page, INDEX_BOX, body.index, big=True)
        if body.chart:
            box = Box(INDEX_BOX.left + 10, INDEX_BOX.top + INDEX_BOX.height - 100, INDEX_BOX.width - 20, 90)
            self._chart(page, body.chart, box, body.alt)
        if not body.cards:
            return
        across = 1 if len(body.cards) <= ONE_COLUMN else 2
        down = -(-len(body.cards) // across)
        left = INDEX_BOX.left + INDEX_BOX.width + CARD_GAP
        width = (BODY.left + BODY.width - left - CARD_GAP * (across - 1)) / across
        height = (BODY.height - CARD_GAP * (down - 1)) / down
        for j, card in enumerate(body.cards):
            x, y = left + j % across * (width + CARD_GAP), BODY.top + j // across * (height + CARD_GAP)
            self._card(page, Box(x, y, width, height), card, big=False, label=16.0 if across == 1 else 12.0)

    def _card(self, page: Any, box: Box, stat: Stat, *, big: bool, label: float = 16.0) -> None:
        frame = self._box(page, box, margin=8.0)
        shape = frame._parent
        shape.fill.solid()
        shape.fill.fore_color.theme_color = MSO_THEME_COLOR.BACKGROUND_2
        lines = ((stat.label, label, True), (f"{stat.value}  {stat.interval}", 0.0, True), (stat.base, 12.0, False))
        for j, (text, size, bold) in enumerate(lines):
            paragraph = frame.paragraphs[0] if not j else frame.add_paragraph()
            if size:
                self._run(paragraph, text, size, bold=bold)
            else:
                self._run(paragraph, stat.value, 44.0 if big else 28.0, bold=True)
                self._run(paragraph, f"  {stat.interval}", 18.0 if big else 16.0, bold=False)

    def _run(self, paragraph: Any, text: str, size: float, *, bold: bool) -> None:
        run = paragraph.add_run()
        run.text = printable(text)
        run.font.size = Pt(size)
        run.font.bold = bold

    def _box(self, page: Any, box: Box, margin: float = 0.0) -> Any:
        frame = page.shapes.add_textbox(*box.emu).text_frame
        frame.word_wrap = True
        frame.auto_size = MSO_AUTO_SIZE.NONE
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = Pt(margin)
        return frame

    def _running(self, page: Any) -> None:
        """Add footer and slide number, which python-pptx does not take over from the layout."""
        field = (
            '<a:fld id="{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}" type="slidenum"><a:rPr lang="en-US"/>'
            f"<a:t>{len(self.deck.slides)}</a:t></a:fld>"
        )
        for kind, index, name, text in (
            ("ftr", house.FOOTER_ID, "Footer", "<a:r><a:t/></a:r>"),
            ("sldNum", house.NUMBER_ID, "Slide number", field),
        ):
            shape: Any = parse_xml(
                f'<p:sp {_NS}><p:nvSpPr><p:cNvPr id="{900 + index}" name="{name}"/><p:cNvSpPr>'
                f'<a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr><p:ph type="{kind}" sz="quarter" idx="{index}"/></p:nvPr>'
                f"</p:nvSpPr><p:spPr/><p:txBody><a:bodyPr/><a:lstStyle/><a:p>{text}</a:p></p:txBody></p:sp>"
            )
            if kind == "ftr":
                shape.find(f".//{_A}t").text = printable(self.footer)
            page.shapes._spTree.append(shape)

    def _notes(self, page: Any, notes: Sequence[str]) -> None:
        if notes:
            slide = page.notes_slide
            slide.notes_text_frame.text = printable("\n".join(notes))
            self._tag(slide._element)

    def _tag(self, element: Any) -> None:
        """Give every run the language that it is written in, for spelling and for screen readers."""
        other = "en-US" if self.language == "zh-CN" else "zh-CN"
        tag = "en-US" if self.language == "en" else self.language
        for run in element.iter(f"{_A}r", f"{_A}fld"):
            properties = run.find(f"{_A}rPr")
            if properties is None:
                properties = run.get_or_add_rPr()
            properties.set("lang", tag)
            properties.set("altLang", other)


def _described(element: Any, alt: str) -> None:
    """Write the text alternative of a shape."""
    named = next(node for node in element.iter() if node.tag.endswith("}cNvPr"))
    named.set("descr", printable(alt))
