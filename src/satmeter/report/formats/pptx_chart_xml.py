"""Pieces of chart XML: texts, references to cells, error bars, labels from cells, axes.

python-pptx has no words for error bars, nor for labels that are taken from cells. The order of elements is that of
ISO/IEC 29500-1, 21.2; labels from cells are Microsoft's extension of 2012, with the text itself as what others show.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import NAMESPACE_OID, uuid5
from xml.sax.saxutils import escape

from satmeter.report.figures.style import GRID, INK, MUTED
from satmeter.report.formats.pptx_text import printable

CATEGORY_AXIS, VALUE_AXIS = 111111111, 222222222

_C15 = 'xmlns:c15="http://schemas.microsoft.com/office/drawing/2012/chart"'
_LABEL_EXT = "{CE6537A1-D6FC-4f65-9D91-7224C49458BB}"
_RANGE_EXT = "{02D57815-91ED-43cb-92C2-25804820EDAC}"
_SHOWS = ("LegendKey", "Val", "CatName", "SerName", "Percent", "BubbleSize")


@dataclass(frozen=True, slots=True)
class Texts:
    """Cells of texts: where they stand, and what they say."""

    place: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Numbers:
    """Cells of numbers: where they stand, and what they are."""

    place: str
    values: tuple[float | None, ...]
    code: str = "General"


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis of values: its name, ends, steps and how numbers are written."""

    title: str
    low: float
    high: float
    step: float
    code: str
    grid: bool = True


def chart_space(plot_area: str, *, language: str, legend: bool = False, size: float = 12) -> bytes:
    """Return a whole chart; `plot_area` holds layout, plots and axes."""
    key = '<c:legend><c:legendPos val="b"/><c:overlay val="0"/>' + text_style(size, INK) + "</c:legend>"
    text = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        f'<c:date1904 val="0"/><c:lang val="{language}"/><c:roundedCorners val="0"/><c:chart>'
        f'<c:autoTitleDeleted val="1"/><c:plotArea>{plot_area}</c:plotArea>{key if legend else ""}'
        f'<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>{text_style(size, INK)}</c:chartSpace>'
    )
    return text.encode("utf-8")


def layout(x: float, y: float, width: float, height: float) -> str:
    """Return the place of the inner plot area in shares of the chart."""
    numbers = "".join(
        f'<c:{key} val="{value:.4f}"/>' for key, value in (("x", x), ("y", y), ("w", width), ("h", height))
    )
    return (
        '<c:layout><c:manualLayout><c:layoutTarget val="inner"/><c:xMode val="edge"/><c:yMode val="edge"/>'
        f"{numbers}</c:manualLayout></c:layout>"
    )


def font(size: float, colour: str, tag: str = "defRPr", *, bold: bool = False) -> str:
    """Return run properties with the theme's two fonts."""
    return (
        f'<a:{tag} sz="{round(size * 100)}" b="{int(bold)}">{fill(colour)}<a:latin typeface="+mn-lt"/>'
        f'<a:ea typeface="+mn-ea"/></a:{tag}>'
    )


def fill(colour: str) -> str:
    """Return a solid fill; nothing at all for an empty colour."""
    return f'<a:solidFill><a:srgbClr val="{colour[1:].upper()}"/></a:solidFill>' if colour else "<a:noFill/>"


def line(colour: str, points: float = 0.75, dash: str = "") -> str:
    """Return an outline; none for an empty colour."""
    dashed = f'<a:prstDash val="{dash}"/>' if dash else ""
    return f'<a:ln w="{round(points * 12700)}">{fill(colour)}{dashed}</a:ln>'


def shape(face: str, edge: str = "", points: float = 0.75) -> str:
    """Return the fill and outline of a part of a series."""
    return f"<c:spPr>{fill(face)}{line(edge, points)}</c:spPr>"


def text_style(size: float, colour: str, *, bold: bool = False) -> str:
    """Return the text properties of axes, labels and legends."""
    body = f'<a:p><a:pPr>{font(size, colour, bold=bold)}</a:pPr><a:endParaRPr lang="en-US"/></a:p>'
    return f"<c:txPr><a:bodyPr/><a:lstStyle/>{body}</c:txPr>"


def texts(cells: Texts) -> str:
    """Return a reference to texts with what they say."""
    points = "".join(
        f'<c:pt idx="{j}"><c:v>{escape(printable(value))}</c:v></c:pt>' for j, value in enumerate(cells.values)
    )
    return (
        f"<c:strRef><c:f>{cells.place}</c:f><c:strCache>"
        f'<c:ptCount val="{len(cells.values)}"/>{points}</c:strCache></c:strRef>'
    )


def numbers(cells: Numbers) -> str:
    """Return a reference to numbers with all their digits; what is missing is left out."""
    points = "".join(
        f'<c:pt idx="{j}"><c:v>{float(value)!r}</c:v></c:pt>'
        for j, value in enumerate(cells.values)
        if value is not None
    )
    return (
        f"<c:numRef><c:f>{cells.place}</c:f><c:numCache><c:formatCode>{escape(cells.code)}</c:formatCode>"
        f'<c:ptCount val="{len(cells.values)}"/>{points}</c:numCache></c:numRef>'
    )


def name(cells: Texts) -> str:
    """Return the name of a series."""
    return f"<c:tx>{texts(cells)}</c:tx>"


def error_bars(minus: Numbers, plus: Numbers, colour: str, *, direction: str = "") -> str:
    """Return interval ends that differ by side and by point, taken from cells."""
    way = f'<c:errDir val="{direction}"/>' if direction else ""
    return (
        f'<c:errBars>{way}<c:errBarType val="both"/><c:errValType val="cust"/><c:noEndCap val="0"/>'
        f"<c:plus>{numbers(plus)}</c:plus><c:minus>{numbers(minus)}</c:minus>"
        f"<c:spPr>{line(colour, 1.5)}</c:spPr></c:errBars>"
    )


def cell_labels(cells: Texts, place: str, colour: str, *, size: float = 12, bold: bool = False) -> str:
    """Return labels whose text stands in cells; `label_range` must follow in the same series."""
    each = []
    for j, value in enumerate(cells.values):
        field = f"{{{str(uuid5(NAMESPACE_OID, f'{cells.place} {j}')).upper()}}}"
        run = font(size, colour, "rPr", bold=bold).replace("<a:rPr ", '<a:rPr lang="en-US" ')
        each.append(
            f'<c:dLbl><c:idx val="{j}"/><c:tx><c:rich><a:bodyPr wrap="none"/><a:lstStyle/><a:p>'
            f'<a:fld id="{field}" type="CELLRANGE">{run}<a:pPr/><a:t>{escape(printable(value))}</a:t></a:fld>'
            f'<a:endParaRPr lang="en-US"/></a:p></c:rich></c:tx><c:dLblPos val="{place}"/>{_shows()}'
            f'<c:extLst><c:ext uri="{_LABEL_EXT}" {_C15}><c15:showDataLabelsRange val="1"/></c:ext></c:extLst></c:dLbl>'
        )
    return (
        f"<c:dLbls>{''.join(each)}<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>"
        f'{text_style(size, colour, bold=bold)}<c:dLblPos val="{place}"/>{_shows()}'
        f'<c:extLst><c:ext uri="{_LABEL_EXT}" {_C15}><c15:showDataLabelsRange val="1"/></c:ext></c:extLst></c:dLbls>'
    )


def label_range(cells: Texts) -> str:
    """Return, for the end of a series, the cells that its labels are taken from."""
    points = "".join(
        f'<c:pt idx="{j}"><c:v>{escape(printable(value))}</c:v></c:pt>' for j, value in enumerate(cells.values)
    )
    return (
        f'<c:extLst><c:ext uri="{_RANGE_EXT}" {_C15}><c15:datalabelsRange><c15:f>{cells.place}</c15:f>'
        f'<c15:dlblRangeCache><c:ptCount val="{len(cells.values)}"/>{points}</c15:dlblRangeCache>'
        "</c15:datalabelsRange></c:ext></c:extLst>"
    )


def value_labels(code: str, colour: str, place: str, hidden: Sequence[int] = ()) -> str:
    """Return labels that show the value; those of some points are left out."""
    gone = "".join(f'<c:dLbl><c:idx val="{j}"/><c:delete val="1"/></c:dLbl>' for j in hidden)
    return (
        f'<c:dLbls>{gone}<c:numFmt formatCode="{escape(code)}" sourceLinked="0"/><c:spPr><a:noFill/><a:ln><a:noFill/>'
        f'</a:ln></c:spPr>{text_style(12, colour)}<c:dLblPos val="{place}"/>{_shows(value=True)}</c:dLbls>'
    )


def _shows(*, value: bool = False) -> str:
    return "".join(f'<c:show{what} val="{int(value and what == "Val")}"/>' for what in _SHOWS)


def category_axis(*, side: str = "l", downwards: bool = True, size: float = 12) -> str:
    """Return an axis of names; `downwards` puts the first on top."""
    order = "maxMin" if downwards else "minMax"
    return (
        f'<c:catAx><c:axId val="{CATEGORY_AXIS}"/><c:scaling><c:orientation val="{order}"/></c:scaling>'
        f'<c:delete val="0"/><c:axPos val="{side}"/><c:numFmt formatCode="General" sourceLinked="0"/>'
        '<c:majorTickMark val="none"/><c:minorTickMark val="none"/>'
        f'<c:tickLblPos val="low"/><c:spPr>{line(MUTED)}</c:spPr>{text_style(size, INK)}'
        f'<c:crossAx val="{VALUE_AXIS}"/><c:crosses val="autoZero"/><c:auto val="1"/><c:lblAlgn val="ctr"/>'
        '<c:lblOffset val="100"/><c:tickLblSkip val="1"/><c:noMultiLvlLbl val="1"/></c:catAx>'
    )


def value_axis(
    axis: Axis,
    *,
    side: str = "b",
    number: int = VALUE_AXIS,
    crosses: int = CATEGORY_AXIS,
    at: str = "max",
    between: str = "between",
) -> str:
    """Return an axis of numbers; `at` says where it crosses the other one: ``max``, ``min`` or ``autoZero``."""
    grid = f"<c:majorGridlines><c:spPr>{line(GRID)}</c:spPr></c:majorGridlines>" if axis.grid else ""
    turned = ' rot="-5400000" vert="horz"' if side == "l" else ""
    title = (
        f"<c:title><c:tx><c:rich><a:bodyPr{turned}/><a:lstStyle/><a:p><a:pPr>{font(12, MUTED)}</a:pPr><a:r>"
        f"{font(12, MUTED, 'rPr')}<a:t>{escape(printable(axis.title))}</a:t></a:r></a:p></c:rich></c:tx>"
        '<c:overlay val="0"/></c:title>'
    )
    return (
        f'<c:valAx><c:axId val="{number}"/><c:scaling><c:orientation val="minMax"/><c:max val="{axis.high!r}"/>'
        f'<c:min val="{axis.low!r}"/></c:scaling><c:delete val="0"/><c:axPos val="{side}"/>{grid}'
        f'{title if axis.title else ""}<c:numFmt formatCode="{escape(axis.code)}" sourceLinked="0"/>'
        '<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>'
        f"<c:spPr>{line('')}</c:spPr>{text_style(12, MUTED)}"
        f'<c:crossAx val="{crosses}"/><c:crosses val="{at}"/><c:crossBetween val="{between}"/>'
        f'<c:majorUnit val="{axis.step!r}"/></c:valAx>'
    )
