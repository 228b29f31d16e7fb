"""The report as a Word file: real styles, captions that count, tables and text that can be edited.

The parts are written here from pandoc's syntax tree; why, stands in docs/decisions/0015-word.md.
"""

from __future__ import annotations

from satmeter.report.formats.docx_body import Body
from satmeter.report.formats.docx_figure import EMU_PER_INCH
from satmeter.report.formats.docx_package import Relations, packed, properties_xml
from satmeter.report.formats.docx_sections import body_xml
from satmeter.report.formats.docx_styles import NAMESPACES, PROLOGUE, coloured, numbering_xml, styles_xml
from satmeter.report.formats.docx_text import Inline, paragraph, simple_field
from satmeter.report.formats.docx_theme import fonts_xml, settings_xml, theme_xml
from satmeter.report.material import Material
from satmeter.report.pandoc import syntax_tree

LOGO_WIDE, LOGO_HIGH = 2.5, 0.6
"""Inches that a logo takes at most."""
_ABOVE = '<w:spacing w:before="0" w:after="60"/>'
"""The title of a brief report stands right above its text."""


def write_docx(material: Material) -> bytes:
    """Return the report as a Word file; the same material gives the same bytes."""
    report = material.report
    relations = Relations()
    body = Body(material, relations)
    flows = body.written(syntax_tree(material.markdown)["blocks"])
    chinese = body.inline.chinese
    brief = all(flow.kind != "contents" for flow in flows)
    text = body_xml(_logo(material, body) + _title_page(material, body.inline, brief=brief), flows, brief=brief)
    parts = {
        "word/document.xml": f"{PROLOGUE}<w:document {NAMESPACES}><w:body>{text}</w:body></w:document>",
        "word/styles.xml": coloured(styles_xml(chinese=chinese), material.colours),
        "word/numbering.xml": numbering_xml(body.lists),
        "word/settings.xml": settings_xml(chinese=chinese),
        "word/fontTable.xml": fonts_xml(),
        "word/theme/theme1.xml": coloured(theme_xml(), material.colours),
        "word/header1.xml": _edge("hdr", paragraph("Header", body.inline.run(report.title))),
        "word/footer1.xml": _edge("ftr", paragraph("Footer", _page_number(material, body.inline))),
        "docProps/core.xml": properties_xml(
            title=report.title,
            subject=material.kicker,
            creator=f"satmeter {material.version}".strip(),
            language=report.language,
        ),
    }
    return packed(parts, relations)


def _logo(material: Material, body: Body) -> str:
    """Return a paragraph with the organisation's sign; nothing without one."""
    logo = material.logo
    if logo is None:
        return ""
    wide = min(LOGO_HIGH * logo.aspect, LOGO_WIDE)
    size = (round(wide * EMU_PER_INCH), round(wide / logo.aspect * EMU_PER_INCH))
    return paragraph("Subtitle", body.image("logo.png", logo.png, size, logo.organisation, logo.organisation))


def _title_page(material: Material, inline: Inline, *, brief: bool) -> str:
    """Return kind and title of the report, then what was disclosed: a line each, or one line in a brief report."""
    report, words = material.report, material.words
    lines = [("Kicker", material.kicker), ("Title", report.title)]
    if brief:
        lines.append(("Subtitle", report.disclosure))
        return "".join(paragraph(style, inline.run(text), _ABOVE * (style != "Subtitle")) for style, text in lines)
    lines += [("Subtitle", line) for line in report.disclosure.split(words["list.dot"])]
    lines.append(("Subtitle", words.fill("page.made", {"version": material.version})))
    return "".join(paragraph(style, inline.run(text)) for style, text in lines)


def _page_number(material: Material, inline: Inline) -> str:
    """Return the page and the number of pages, as fields."""
    sentence = material.words.fill("document.page", {"page": "\x01", "pages": "\x02"})
    before, rest = sentence.split("\x01")
    between, after = rest.split("\x02")
    page, pages = simple_field("PAGE", "1"), simple_field("NUMPAGES", "1")
    return inline.run(before) + page + inline.run(between) + pages + inline.run(after)


def _edge(element: str, inner: str) -> str:
    return f"{PROLOGUE}<w:{element} {NAMESPACES}>{inner}</w:{element}>"
