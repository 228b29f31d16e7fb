"""The styles, list numbering, theme and settings of a Word report: what a reader changes to change its looks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from satmeter.report.figures.style import INK, MAIN, MUTED, OPEN, STRESS
from satmeter.report.formats.docx_columns import SIZES

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)
PROLOGUE = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
LATIN, CHINESE = "Calibri", "Microsoft YaHei"
ACCENT, RULE, BAND = "#00567f", "#c9d1d7", "#f2f4f5"
BULLETS, NUMBERS = 1, 2
_HOUSE = {"accent": ACCENT, "good": "#009e73", "bad": STRESS}

Kind = Literal["paragraph", "character", "table"]


def styles_xml(*, chinese: bool) -> str:
    """Return ``word/styles.xml``; Chinese paragraphs begin two characters in and are set to both margins."""
    written = [
        _defaults(chinese),
        *_headings(),
        *_texts(chinese),
        *_lists(),
        *_tables(),
        *_characters(chinese),
        _table_style(),
    ]
    return f"{PROLOGUE}<w:styles {NAMESPACES}>{''.join(written)}</w:styles>"


def coloured(xml: str, own: Mapping[str, str]) -> str:
    """Return styles or theme in a template's own colours: accent of headings and links, good, bad of warnings."""
    places = {_HOUSE[name].lstrip("#").upper(): colour.lstrip("#").upper() for name, colour in own.items()}
    return re.sub(r'"([0-9A-F]{6})"', lambda found: f'"{places.get(found[1], found[1])}"', xml)


def _defaults(chinese: bool) -> str:
    fonts = f'w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:eastAsia="{CHINESE}" w:cs="{LATIN}"'
    spacing = '<w:spacing w:after="100" w:line="300" w:lineRule="auto"/>'
    return (
        f'<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts {fonts}/><w:sz w:val="21"/><w:szCs w:val="21"/>'
        f"{language_tag(chinese=chinese)}</w:rPr></w:rPrDefault>"
        f"<w:pPrDefault><w:pPr>{spacing}</w:pPr></w:pPrDefault></w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>'
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>'
        '<w:top w:w="0" w:type="dxa"/><w:left w:w="80" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>'
        '<w:right w:w="80" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
        '<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/></w:style>'
    )


def language_tag(*, chinese: bool) -> str:
    """Return the language of the text: Latin letters are English, in Chinese reports too, and the rest Chinese."""
    return f'<w:lang w:val="{"en-US" if chinese else "en-GB"}" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'


def _style(
    kind: Kind, identifier: str, name: str, *, based: str = "", following: str = "", paragraph: str = "", run: str = ""
) -> str:
    head = f'<w:name w:val="{name}"/>'
    head += f'<w:basedOn w:val="{based}"/>' if based else ""
    head += f'<w:next w:val="{following}"/>' if following else ""
    body = f"<w:pPr>{paragraph}</w:pPr>" if paragraph else ""
    body += f"<w:rPr>{run}</w:rPr>" if run else ""
    custom = "" if name.lower() in _BUILT_IN else ' w:customStyle="1"'
    return f'<w:style w:type="{kind}"{custom} w:styleId="{identifier}">{head}<w:qFormat/>{body}</w:style>'


_BUILT_IN = {
    *("heading 1", "heading 2", "heading 3", "title", "subtitle", "body text", "caption", "header", "footer"),
    *("list bullet", "list number", "toc heading", "toc 1", "toc 2", "hyperlink", "quote"),
}


def _size(half_points: int) -> str:
    return f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'


def _color(color: str) -> str:
    return f'<w:color w:val="{color.lstrip("#").upper()}"/>'


def _inset(left: int, right: int) -> str:
    return f'<w:ind w:left="{left}" w:right="{right}"/>'


def _space(before: int, after: int, line: int = 300) -> str:
    return f'<w:spacing w:before="{before}" w:after="{after}" w:line="{line}" w:lineRule="auto"/>'


def _edge(side: str, color: str, size: int, space: int) -> str:
    return f'<w:{side} w:val="single" w:sz="{size}" w:space="{space}" w:color="{color.lstrip("#").upper()}"/>'


def _headings() -> list[str]:
    keep = "<w:keepNext/><w:keepLines/>"
    looks = ((1, 34, ACCENT, 440, 140), (2, 26, INK, 300, 80), (3, 23, ACCENT, 220, 60))
    found = [
        _style(
            "paragraph",
            f"Heading{level}",
            f"heading {level}",
            based="Normal",
            following="BodyText",
            paragraph=f'{keep}{_space(before, after, 264)}<w:outlineLvl w:val="{level - 1}"/>',
            run=f"<w:b/><w:bCs/>{_color(color)}{_size(size)}",
        )
        for level, size, color, before, after in looks
    ]
    tab = '<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="9400"/></w:tabs>'
    bold = "<w:b/><w:bCs/>"
    rows = (
        ("Title", "Title", "Subtitle", _space(0, 320, 264), f"{bold}{_color(INK)}{_size(56)}"),
        ("Subtitle", "Subtitle", "", _space(0, 60), f"{_color(MUTED)}{_size(22)}"),
        ("Kicker", "Report Kind", "Title", _space(3400, 200), f"{_color(ACCENT)}{_size(26)}"),
        ("TOCHeading", "TOC Heading", "", keep + _space(440, 140, 264), f"{bold}{_color(ACCENT)}{_size(34)}"),
        ("TOC1", "toc 1", "", tab + _space(60, 20, 252), ""),
        ("TOC2", "toc 2", "", tab + _space(0, 20, 252) + '<w:ind w:left="320"/>', ""),
    )
    return found + [
        _style("paragraph", identifier, name, based="Normal", following=following, paragraph=paragraph, run=run)
        for identifier, name, following, paragraph, run in rows
    ]


def _texts(chinese: bool) -> list[str]:
    indent = '<w:ind w:firstLine="420" w:firstLineChars="200"/><w:jc w:val="both"/>' if chinese else ""
    note_edge = "<w:pBdr>" + _edge("left", OPEN, 18, 8) + "</w:pBdr>"
    warning_edge = "<w:pBdr>" + _edge("left", STRESS, 24, 8) + "</w:pBdr>"
    box = "<w:pBdr>" + "".join(_edge(side, STRESS, 8, 6) for side in ("top", "left", "bottom", "right")) + "</w:pBdr>"
    band = f'<w:shd w:val="clear" w:color="auto" w:fill="{BAND.lstrip("#").upper()}"/>'
    inset = _inset(200, 120)
    quiet = f"{_color(MUTED)}{_size(18)}"
    centred = '<w:jc w:val="center"/>'
    typed = '<w:rFonts w:ascii="Consolas" w:hAnsi="Consolas"/>' + _size(18)
    rule = "<w:pBdr>" + _edge("bottom", RULE, 4, 4) + "</w:pBdr>"
    thin = '<w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>'
    top = '<w:textAlignment w:val="top"/>'
    bold = "<w:b/><w:bCs/>"
    rows = (
        ("BodyText", "Body Text", "Normal", _space(80, 100) + indent, ""),
        ("Caption", "caption", "Normal", "<w:keepLines/>" + _space(220, 80, 264), bold + _color(INK) + _size(19)),
        ("FigureCaption", "Figure Caption", "Caption", "<w:keepLines/>" + _space(40, 240, 264), ""),
        ("Figure", "Figure", "Normal", "<w:keepNext/>" + _space(200, 0, 240) + top, ""),
        ("Note", "Note", "Normal", note_edge + band + _space(80, 80, 276) + inset, _size(19)),
        ("Warning", "Warning", "Note", warning_edge + band + _space(80, 80, 276) + inset, ""),
        ("Banner", "Banner", "Normal", box + _space(160, 160, 276) + _inset(140, 140), bold + _color(STRESS)),
        ("Quote", "Quote", "Normal", _space(80, 120) + _inset(420, 420), _color(MUTED)),
        ("Preformatted", "Preformatted", "Normal", _space(80, 120, 252), typed),
        ("Term", "Term", "Normal", "<w:keepNext/>" + _space(140, 0), bold + _color(ACCENT)),
        ("Meaning", "Meaning", "Normal", _space(0, 100) + _inset(280, 0), ""),
        ("Header", "header", "Normal", rule + _space(0, 0, 240), quiet),
        ("Footer", "footer", "Normal", _space(0, 0, 240) + centred, quiet),
        ("SectionEnd", "Section End", "Normal", thin, _size(2)),
    )
    return [
        _style("paragraph", identifier, name, based=based, paragraph=paragraph, run=run)
        for identifier, name, based, paragraph, run in rows
    ]


def _lists() -> list[str]:
    """Return list styles: marks, numbers, and marks inside notes and warnings."""

    def mark(list_number: int) -> str:
        return f'<w:numPr><w:numId w:val="{list_number}"/></w:numPr>'

    return [
        _style("paragraph", "ListBullet", "List Bullet", based="Normal", paragraph=mark(BULLETS) + _space(20, 60)),
        _style("paragraph", "ListNumber", "List Number", based="Normal", paragraph=mark(NUMBERS) + _space(40, 80)),
        _style("paragraph", "NoteBullet", "Note Bullet", based="Note", paragraph=_inset_mark()),
        _style("paragraph", "WarningBullet", "Warning Bullet", based="Warning", paragraph=_inset_mark()),
    ]


def _inset_mark() -> str:
    place = '<w:ind w:left="500" w:right="120" w:hanging="300"/>'
    return f'<w:numPr><w:numId w:val="{BULLETS}"/></w:numPr>{_space(120, 120, 276)}{place}<w:contextualSpacing/>'


def _tables() -> list[str]:
    """Return the paragraph styles of cells, one set for every size of type."""
    found = []
    bold = f"<w:b/><w:bCs/>{_color(INK)}"
    for points in SIZES:
        end = "" if points == SIZES[0] else str(points)
        named = f" {points}" if end else ""
        text, number, keep = f"TableText{end}", f"TableNumber{end}", "<w:keepNext/>"
        right = '<w:jc w:val="right"/>'
        rows = (
            (text, f"Table Text{named}", "Normal", _space(30, 30, 252), _size(2 * points)),
            (number, f"Table Number{named}", text, right, ""),
            (f"TableTextHeading{end}", f"Table Text Heading{named}", text, keep, bold),
            (f"TableNumberHeading{end}", f"Table Number Heading{named}", number, keep, bold),
        )
        found += [_style("paragraph", i, name, based=on, paragraph=look, run=run) for i, name, on, look, run in rows]
    return found


def _characters(chinese: bool) -> list[str]:
    rows = (
        ("ItemName", "Item Name", f"<w:b/><w:bCs/>{_color(ACCENT)}"),
        ("Hedge", "Hedge", _color(MUTED) if chinese else f"<w:i/><w:iCs/>{_color(MUTED)}"),
        ("Example", "Example", _color(MUTED)),
        ("Aside", "Aside", f"{_color(MUTED)}{_size(19)}"),
        ("Base", "Base", _size(18)),
        ("Definition", "Definition", f"{_color(MUTED)}{_size(18)}"),
        ("Interval", "Interval", f"{_color(MUTED)}{_size(21)}"),
        ("KeyFigure", "Key Figure", f"<w:b/><w:bCs/>{_color(MAIN)}{_size(44)}"),
        ("Code", "Code", '<w:rFonts w:ascii="Consolas" w:hAnsi="Consolas"/>'),
        ("Hyperlink", "Hyperlink", _color(ACCENT)),
    )
    return [_style("character", identifier, name, run=run) for identifier, name, run in rows]


def _table_style() -> str:
    """Return the one table style: rules above and below, a line under every row, a heavier one under the head."""
    borders = _edge("top", INK, 8, 0) + _edge("bottom", INK, 8, 0) + _edge("insideH", RULE, 4, 0)
    head = f"<w:tcBorders>{_edge('bottom', INK, 6, 0)}</w:tcBorders>"
    return (
        '<w:style w:type="table" w:customStyle="1" w:styleId="ReportTable"><w:name w:val="Report Table"/>'
        f'<w:basedOn w:val="TableNormal"/><w:qFormat/><w:tblPr><w:tblBorders>{borders}</w:tblBorders></w:tblPr>'
        f'<w:tblStylePr w:type="firstRow"><w:tcPr>{head}</w:tcPr></w:tblStylePr></w:style>'
    )


def numbering_xml(numbered: int) -> str:
    """Return ``word/numbering.xml``: marks, numbers, and `numbered` lists that begin at one again."""
    levels = (
        (BULLETS, "bullet", "•", "ListBullet", "left"),
        (NUMBERS, "decimal", "%1.", "ListNumber", "left"),
    )
    kinds = "".join(
        f'<w:abstractNum w:abstractNumId="{number}"><w:multiLevelType w:val="singleLevel"/><w:lvl w:ilvl="0">'
        f'<w:start w:val="1"/><w:numFmt w:val="{form}"/><w:pStyle w:val="{style}"/><w:lvlText w:val="{text}"/>'
        f'<w:lvlJc w:val="{side}"/><w:pPr><w:ind w:left="420" w:hanging="340"/></w:pPr></w:lvl></w:abstractNum>'
        for number, form, text, style, side in levels
    )
    lists = "".join(
        f'<w:num w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>' for number in (BULLETS, NUMBERS)
    )
    again = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    lists += "".join(
        f'<w:num w:numId="{NUMBERS + 1 + i}"><w:abstractNumId w:val="{NUMBERS}"/>{again}</w:num>'
        for i in range(numbered)
    )
    return f"{PROLOGUE}<w:numbering {NAMESPACES}>{kinds}{lists}</w:numbering>"
