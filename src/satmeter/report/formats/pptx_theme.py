"""The empty deck in house colours: theme, one master, two layouts and a table style, written out as code."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass

from satmeter.report.figures.style import GRID, INK, MAIN, MUTED, OPEN, STRESS

LATIN = "Calibri"
HAN = "Microsoft YaHei"
EMU = 12700
"""English Metric Units in a point."""

WIDTH, HEIGHT = 960.0, 540.0
"""Points: 16:9."""

TABLE_STYLE = "{0017A7E0-5A7D-4E65-8465-72736C696465}"

COVER, FINDING = 0, 1
"""The layouts."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the slide, in points."""

    left: float
    top: float
    width: float
    height: float

    @property
    def emu(self) -> tuple[int, int, int, int]:
        """Left, top, width and height in English Metric Units."""
        return round(self.left * EMU), round(self.top * EMU), round(self.width * EMU), round(self.height * EMU)


SECTION = Box(36, 14, 700, 22)
TITLE = Box(36, 36, 888, 76)
BODY = Box(36, 120, 888, 326)
SMALL = Box(36, 450, 888, 52)
FOOTER = Box(36, 508, 780, 22)
NUMBER = Box(844, 508, 80, 22)
COVER_TITLE = Box(60, 150, 840, 130)
COVER_SECTION = Box(60, 110, 840, 28)
COVER_LINE = Box(60, 300, 840, 120)
COVER_BANNER = Box(60, 440, 840, 48)

SECTION_ID, SMALL_ID, FOOTER_ID, NUMBER_ID = 13, 14, 11, 12
"""Indices of the layout's placeholders."""

_NS = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
)
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument."


def empty_deck(colours: Mapping[str, str]) -> bytes:
    """Return the package that slides are added to; `colours` are the template's own."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in _parts(colours).items():
            package.writestr(zipfile.ZipInfo(name), _HEAD + text)
    return buffer.getvalue()


def _parts(colours: Mapping[str, str]) -> dict[str, str]:
    layout = _relations({"rId1": ("slideMaster", "../slideMasters/slideMaster1.xml")})
    return {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations({"rId1": ("officeDocument", "ppt/presentation.xml")}),
        "ppt/presentation.xml": _presentation(),
        "ppt/_rels/presentation.xml.rels": _relations(
            {
                "rId1": ("slideMaster", "slideMasters/slideMaster1.xml"),
                "rId2": ("theme", "theme/theme1.xml"),
                "rId3": ("presProps", "presProps.xml"),
                "rId4": ("tableStyles", "tableStyles.xml"),
                "rId5": ("viewProps", "viewProps.xml"),
            }
        ),
        "ppt/presProps.xml": f"<p:presentationPr {_NS}/>",
        "ppt/tableStyles.xml": _table_styles(),
        "ppt/viewProps.xml": f"<p:viewPr {_NS}/>",
        "ppt/theme/theme1.xml": theme(colours),
        "ppt/slideMasters/slideMaster1.xml": _master(),
        "ppt/slideMasters/_rels/slideMaster1.xml.rels": _relations(
            {
                "rId1": ("slideLayout", "../slideLayouts/slideLayout1.xml"),
                "rId2": ("slideLayout", "../slideLayouts/slideLayout2.xml"),
                "rId3": ("theme", "../theme/theme1.xml"),
            }
        ),
        "ppt/slideLayouts/slideLayout1.xml": _cover_layout(),
        "ppt/slideLayouts/slideLayout2.xml": _finding_layout(),
        "ppt/slideLayouts/_rels/slideLayout1.xml.rels": layout,
        "ppt/slideLayouts/_rels/slideLayout2.xml.rels": layout,
    }


def _content_types() -> str:
    kinds = {
        "/ppt/presentation.xml": "presentationml.presentation.main+xml",
        "/ppt/presProps.xml": "presentationml.presProps+xml",
        "/ppt/viewProps.xml": "presentationml.viewProps+xml",
        "/ppt/tableStyles.xml": "presentationml.tableStyles+xml",
        "/ppt/theme/theme1.xml": "theme+xml",
        "/ppt/slideMasters/slideMaster1.xml": "presentationml.slideMaster+xml",
        "/ppt/slideLayouts/slideLayout1.xml": "presentationml.slideLayout+xml",
        "/ppt/slideLayouts/slideLayout2.xml": "presentationml.slideLayout+xml",
    }
    parts = "".join(f'<Override PartName="{n}" ContentType="{_TYPE}{k}"/>' for n, k in kinds.items())
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{parts}</Types>'
    )


def _relations(targets: dict[str, tuple[str, str]]) -> str:
    rows = "".join(
        f'<Relationship Id="{key}" Type="{_REL}/{kind}" Target="{target}"/>' for key, (kind, target) in targets.items()
    )
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{rows}</Relationships>'


def _presentation() -> str:
    return (
        f'<p:presentation {_NS} saveSubsetFonts="1"><p:sldMasterIdLst><p:sldMasterId id="2147483648" r:id="rId1"/>'
        f'</p:sldMasterIdLst><p:sldSz cx="{round(WIDTH * EMU)}" cy="{round(HEIGHT * EMU)}"/>'
        f'<p:notesSz cx="6858000" cy="9144000"/><p:defaultTextStyle>{_level(1800, "tx1")}</p:defaultTextStyle>'
        "</p:presentation>"
    )


def theme(own: Mapping[str, str]) -> str:
    """Return the theme: Okabe and Ito's colours, as in the figures, and a Latin and an East Asian font.

    A template's `own` accent takes the place of titles, stripe and links, its bad and good those of two accents.
    """
    colours = {
        "dk1": INK,
        "lt1": "#ffffff",
        "dk2": "#0b3a5b",
        "lt2": "#eef2f5",
        "accent1": MAIN,
        "accent2": STRESS,
        "accent3": "#009e73",
        "accent4": "#cc79a7",
        "accent5": "#56b4e9",
        "accent6": OPEN,
        "hlink": MAIN,
        "folHlink": MUTED,
    }
    places = {"accent": ("dk2", "accent1", "hlink"), "bad": ("accent2",), "good": ("accent3",)}
    colours |= {place: own[name] for name, named in places.items() if name in own for place in named}
    scheme = "".join(f'<a:{key}><a:srgbClr val="{value[1:].upper()}"/></a:{key}>' for key, value in colours.items())
    font = (
        f'<a:latin typeface="{LATIN}"/><a:ea typeface="{HAN}"/><a:cs typeface=""/>'
        f'<a:font script="Hans" typeface="{HAN}"/>'
    )
    fill = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
    line = f'<a:ln w="9525">{fill}</a:ln>'
    effect = "<a:effectStyle><a:effectLst/></a:effectStyle>"
    return (
        '<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="satmeter"><a:themeElements>'
        f'<a:clrScheme name="satmeter">{scheme}</a:clrScheme>'
        f'<a:fontScheme name="satmeter"><a:majorFont>{font}</a:majorFont><a:minorFont>{font}</a:minorFont>'
        f'</a:fontScheme><a:fmtScheme name="satmeter"><a:fillStyleLst>{fill * 3}</a:fillStyleLst>'
        f"<a:lnStyleLst>{line * 3}</a:lnStyleLst>"
        f"<a:effectStyleLst>{effect * 3}</a:effectStyleLst><a:bgFillStyleLst>{fill * 3}</a:bgFillStyleLst>"
        "</a:fmtScheme></a:themeElements></a:theme>"
    )


def _level(size: int, colour: str, *, bold: bool = False, align: str = "l") -> str:
    return (
        f'<a:lvl1pPr marL="0" indent="0" algn="{align}"><a:buNone/><a:defRPr sz="{size}" b="{int(bold)}" kern="1200">'
        f'<a:solidFill><a:schemeClr val="{colour}"/></a:solidFill><a:latin typeface="+mn-lt"/><a:ea typeface="+mn-ea"/>'
        '<a:cs typeface="+mn-cs"/></a:defRPr></a:lvl1pPr>'
    )


def _placeholder(number: int, name: str, kind: str, box: Box, style: str, *, anchor: str = "t", text: str = "") -> str:
    left, top, width, height = box.emu
    body = text or '<a:r><a:rPr lang="en-US"/><a:t> </a:t></a:r>'
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name="{name}"/><p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr>'
        f'<p:nvPr><p:ph {kind}/></p:nvPr></p:nvSpPr><p:spPr><a:xfrm><a:off x="{left}" y="{top}"/>'
        f'<a:ext cx="{width}" cy="{height}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr>'
        f'<p:txBody><a:bodyPr lIns="0" tIns="0" rIns="0" bIns="0" anchor="{anchor}"><a:normAutofit/></a:bodyPr>'
        f"<a:lstStyle>{style}</a:lstStyle><a:p>{body}</a:p></p:txBody></p:sp>"
    )


def _bar(number: int, name: str, box: Box, colour: str) -> str:
    left, top, width, height = box.emu
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name="{name}"/><p:cNvSpPr/><p:nvPr userDrawn="1"/></p:nvSpPr>'
        f'<p:spPr><a:xfrm><a:off x="{left}" y="{top}"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
        f'<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:solidFill><a:schemeClr val="{colour}"/></a:solidFill>'
        '<a:ln><a:noFill/></a:ln></p:spPr><p:txBody><a:bodyPr/><a:lstStyle/><a:p><a:endParaRPr lang="en-US"/></a:p>'
        "</p:txBody></p:sp>"
    )


def _tree(shapes: str, background: str, name: str = "") -> str:
    named = f' name="{name}"' if name else ""
    return (
        f'<p:cSld{named}><p:bg><p:bgPr><a:solidFill><a:schemeClr val="{background}"/></a:solidFill><a:effectLst/>'
        "</p:bgPr></p:bg>"
        '<p:spTree><p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>'
        f"{shapes}</p:spTree></p:cSld>"
    )


def _running() -> str:
    """Return footer and slide number, which slides repeat."""
    number = (
        '<a:fld id="{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}" type="slidenum"><a:rPr lang="en-US"/><a:t>‹#›</a:t></a:fld>'
    )
    return _placeholder(
        5, "Footer", f'type="ftr" sz="quarter" idx="{FOOTER_ID}"', FOOTER, _level(1200, "folHlink"), anchor="ctr"
    ) + _placeholder(
        6,
        "Slide number",
        f'type="sldNum" sz="quarter" idx="{NUMBER_ID}"',
        NUMBER,
        _level(1200, "folHlink", align="r"),
        anchor="ctr",
        text=number,
    )


def _master() -> str:
    shapes = (
        _placeholder(2, "Title", 'type="title"', TITLE, _level(2800, "dk2", bold=True), anchor="ctr")
        + _placeholder(3, "Body", 'type="body" idx="1"', BODY, _level(1600, "tx1"))
        + _running()
    )
    mapping = (
        'bg1="lt1" tx1="dk1" bg2="lt2" tx2="dk2" accent1="accent1" accent2="accent2" accent3="accent3" '
        'accent4="accent4" accent5="accent5" accent6="accent6" hlink="hlink" folHlink="folHlink"'
    )
    return (
        f"<p:sldMaster {_NS}>{_tree(shapes, 'bg1')}<p:clrMap {mapping}/>"
        '<p:sldLayoutIdLst><p:sldLayoutId id="2147483649" r:id="rId1"/><p:sldLayoutId id="2147483650" r:id="rId2"/>'
        f"</p:sldLayoutIdLst><p:txStyles><p:titleStyle>{_level(2800, 'tx2', bold=True)}</p:titleStyle>"
        f"<p:bodyStyle>{_level(1600, 'tx1')}</p:bodyStyle><p:otherStyle>{_level(1600, 'tx1')}</p:otherStyle>"
        "</p:txStyles></p:sldMaster>"
    )


def _layout(name: str, kind: str, shapes: str, background: str) -> str:
    return (
        f'<p:sldLayout {_NS} {kind} preserve="1">{_tree(shapes, background, name)}'
        "<p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:sldLayout>"
    )


def _cover_layout() -> str:
    shapes = (
        _bar(20, "Stripe", Box(0, 0, 18, HEIGHT), "accent1")
        + _placeholder(2, "Title", 'type="ctrTitle"', COVER_TITLE, _level(4000, "bg1", bold=True), anchor="ctr")
        + _placeholder(3, "Section", f'type="body" idx="{SECTION_ID}"', COVER_SECTION, _level(1800, "accent5"))
        + _placeholder(4, "Subtitle", 'type="subTitle" idx="1"', COVER_LINE, _level(1600, "bg2"))
        + _placeholder(
            5, "Banner", f'type="body" idx="{SMALL_ID}"', COVER_BANNER, _level(2000, "bg1", bold=True), anchor="ctr"
        )
    )
    return _layout("Cover", 'type="title"', shapes, "tx2")


def _finding_layout() -> str:
    shapes = (
        _bar(20, "Stripe", Box(0, 0, WIDTH, 6), "accent1")
        + _placeholder(2, "Title", 'type="title"', TITLE, _level(2800, "tx2", bold=True), anchor="ctr")
        + _placeholder(3, "Section", f'type="body" sz="quarter" idx="{SECTION_ID}"', SECTION, _level(1400, "accent1"))
        + _placeholder(4, "Small print", f'type="body" sz="quarter" idx="{SMALL_ID}"', SMALL, _level(1200, "folHlink"))
        + _running()
    )
    return _layout("Finding", 'userDrawn="1"', shapes, "bg1")


def _table_styles() -> str:
    edge = f'<a:ln w="9525"><a:solidFill><a:srgbClr val="{GRID[1:].upper()}"/></a:solidFill></a:ln>'
    none = '<a:fontRef idx="minor"><a:prstClr val="black"/></a:fontRef>'
    return (
        f'<a:tblStyleLst xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" def="{TABLE_STYLE}">'
        f'<a:tblStyle styleId="{TABLE_STYLE}" styleName="satmeter"><a:wholeTbl><a:tcTxStyle>{none}'
        f'<a:schemeClr val="tx1"/></a:tcTxStyle><a:tcStyle><a:tcBdr><a:bottom>{edge}</a:bottom>'
        f"<a:insideH>{edge}</a:insideH></a:tcBdr><a:fill><a:noFill/></a:fill></a:tcStyle></a:wholeTbl>"
        f'<a:firstCol><a:tcTxStyle>{none}<a:schemeClr val="tx1"/></a:tcTxStyle><a:tcStyle><a:tcBdr/></a:tcStyle>'
        f'</a:firstCol><a:firstRow><a:tcTxStyle b="on">{none}<a:schemeClr val="bg1"/></a:tcTxStyle><a:tcStyle>'
        '<a:tcBdr/><a:fill><a:solidFill><a:schemeClr val="tx2"/></a:solidFill></a:fill></a:tcStyle></a:firstRow>'
        "</a:tblStyle></a:tblStyleLst>"
    )
