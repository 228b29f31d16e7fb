"""Report → a deck of slides with native, editable charts and tables and with speaker notes."""

from __future__ import annotations

import io
from typing import Any

from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml import parse_xml

from satmeter.report.formats.pptx_deck import slides_of
from satmeter.report.formats.pptx_draw import Painter
from satmeter.report.formats.pptx_package import described, packed
from satmeter.report.formats.pptx_theme import empty_deck, theme
from satmeter.report.material import Material
from satmeter.report.sentences import base


def write_pptx(material: Material) -> bytes:
    """Return the report as a 16:9 deck: one message a slide, which is its title.

    The same material gives the same bytes.

    Parameters
    ----------
    material
        What the report is made from; drawings are made only of what no native chart can show.
    """
    report = material.report
    deck = Presentation(io.BytesIO(empty_deck(material.colours)))
    n = int(material.results.study.get("n") or 0)
    footer = material.words["list.dot"].join(t for t in (report.title, base(material.words, n), report.banner) if t)
    painter = Painter(deck, report.language, footer, material.png)
    for slide in slides_of(material):
        painter.draw(slide)
    notes_theme: Any = deck.notes_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    notes_theme._element = parse_xml(theme(material.colours))
    described(deck, title=report.title, language=report.language, author="satmeter")
    return packed(deck)
