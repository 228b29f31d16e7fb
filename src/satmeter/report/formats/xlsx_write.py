"""Sheets → the bytes of a workbook, through XlsxWriter."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from math import ceil
from typing import Any

import xlsxwriter

from satmeter.report.figures.style import INK, MAIN, MUTED, STRESS, text_width
from satmeter.report.formats.xlsx_charts import MINUS, PLUS, VALUE
from satmeter.report.formats.xlsx_model import Bars, Cell, Sheet, Style
from satmeter.report.markdown import one_line

DATE = datetime(2000, 1, 1)
"""Date of the file's properties, which shall not depend on the clock."""
FONTS = {"zh-CN": "Microsoft YaHei", "en": "Arial"}
NUMBERS: dict[Style, str] = {
    "count": "#,##0",
    "score": "#,##0.0",
    "points": "#,##0.00",
    "decimal": "#,##0.000",
    "share": "0.0%",
    "p": '[<0.001]"<0.001";0.000',
}
_NARROW, _HEADER, _FIRST, _WIDE, _LONG = 8, 12, 34, 44, 90
_LINE_HEIGHT, _FILLED = 15.0, 0.92
_TITLE, _DEFAULT_WIDTH = 1.4, 8.43
_LONGEST_TEXT = 32_000
_A4 = 9
_PIXELS_A_BAR, _PIXELS_A_LINE, _LABEL, _LEAST_HEIGHT, _CHART_WIDTH = 26, 15, 34, 300, 680
_PALE = 45
_SHOWN_WIDTH = {"count": 9, "score": 9, "points": 9, "decimal": 10, "share": 9, "p": 9, "flag": 9}


class Exact(float):
    """A number that is written with all its digits; XlsxWriter would write sixteen, and some numbers need seventeen."""

    def __format__(self, spec: str) -> str:
        """Return the shortest text that reads back as the same number."""
        return float.__repr__(self)


def write_workbook(
    sheets: Sequence[Sheet], *, language: str, title: str, comment: str, back: str, page: str, accent: str = ""
) -> bytes:
    """Return the workbook.

    Parameters
    ----------
    sheets
        In their order; the first is the cover, to which every other one leads back.
    language
        ``zh-CN`` or ``en``; decides the font.
    title, comment
        For the properties of the file.
    back, page
        Words of the link to the first sheet, and of the footer with Excel's ``&P`` and ``&N``.
    accent
        Colour of titles and headers; black where it is empty.
    """
    stream = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_format_properties": {"font_name": FONTS[language], "font_size": 11},
    }
    book = xlsxwriter.Workbook(stream, options)
    properties = {"title": one_line(title)[:255], "comments": comment, "created": DATE, "author": "satmeter"}
    book.set_properties(properties)
    formats = _formats(book, FONTS[language], accent)
    pages = [book.add_worksheet(sheet.name) for sheet in sheets]
    for number, (sheet, target) in enumerate(zip(sheets, pages, strict=True)):
        lines = (*sheet.lines, (back, sheets[0].name)) if number else sheet.lines
        top = _head(target, sheet.title, lines, formats)
        _table(target, sheet, top, formats)
        _print(target, sheet, top, one_line(title), page)
        if sheet.chart:
            _chart(book, target, sheet, top, FONTS[language], sheet.chart)
    pages[0].activate()
    book.close()
    return stream.getvalue()


def _formats(book: Any, font: str, accent: str) -> dict[str, Any]:
    plain = {"font_name": font, "font_size": 11, "valign": "top"}
    shown = {"font_color": accent} if accent else {}
    numbers = {style: book.add_format({**plain, "num_format": code}) for style, code in NUMBERS.items()}
    symbols = {f"{style} symbol": book.add_format({**plain, "align": "right"}) for style in (*NUMBERS, "flag")}
    return {
        **numbers,
        **symbols,
        "text": book.add_format({**plain, "text_wrap": True}),
        "code": book.add_format({**plain, "font_color": MUTED}),
        "flag": book.add_format({**plain, "align": "right"}),
        "link": book.add_format({**plain, "font_color": MAIN, "underline": 1}),
        "title": book.add_format({**plain, **shown, "font_size": 15, "bold": True}),
        "line": book.add_format(plain),
        "head": book.add_format({**plain, **shown, "bold": True, "text_wrap": True, "bottom": 1}),
        "head number": book.add_format(
            {**plain, **shown, "bold": True, "text_wrap": True, "bottom": 1, "align": "right"}
        ),
    }


def _head(target: Any, title: str, lines: Sequence[tuple[str, str]], formats: dict[str, Any]) -> int:
    """Write title and lines into the first column; return the row of the table's header."""
    target.write_string(0, 0, one_line(title), formats["title"])
    target.set_row(0, 24)
    for row, (text, link) in enumerate(lines, 1):
        if link:
            target.write_url(row, 0, _internal(link), formats["link"], one_line(text))
        else:
            target.write_string(row, 0, one_line(text), formats["line"])
    return 1 + len(lines)


def _internal(name: str) -> str:
    quoted = name.replace("'", "''")
    return f"internal:'{quoted}'!A1"


def _table(target: Any, sheet: Sheet, top: int, formats: dict[str, Any]) -> None:
    numeric = [_is_numeric(sheet, column) for column in range(len(sheet.fields))]
    widths = [_width(sheet, column) for column in range(len(sheet.fields))]
    for column, width in enumerate(widths):
        target.set_column(column, column, width)
    lines = max(-(-(text_width(field.label) + 3) // int(w)) for field, w in zip(sheet.fields, widths, strict=True))
    target.set_row(top, _LINE_HEIGHT * lines + 2)
    columns = [
        {"header": field.label, "header_format": formats["head number" if number else "head"]}
        for field, number in zip(sheet.fields, numeric, strict=True)
    ]
    last = (top + len(sheet.rows), len(sheet.fields) - 1)
    style = {"style": "Table Style Light 1", "name": sheet.table, "columns": columns}
    target.add_table(top, 0, *last, style)
    for number, cells in enumerate(sheet.rows, top + 1):
        if (high := _lines(cells, widths)) > 1:
            target.set_row(number, _LINE_HEIGHT * high)
        for column, cell in enumerate(cells):
            _write(target, number, column, cell, formats)
    target.freeze_panes(top + 1, 1)


def _lines(cells: Sequence[Cell], widths: Sequence[float]) -> int:
    """Return how many lines the longest text of a row takes; spreadsheets do not all find out by themselves."""
    texts = [(text_width(str(c.value)), int(w)) for c, w in zip(cells, widths, strict=True) if c.style == "text"]
    return max((1 if shown <= width else -(-shown // int(width * _FILLED)) for shown, width in texts), default=1)


def _write(target: Any, row: int, column: int, cell: Cell, formats: dict[str, Any]) -> None:
    value = cell.value
    if isinstance(value, bool):
        target.write_boolean(row, column, value, formats["flag"])
    elif isinstance(value, int):
        target.write_number(row, column, value, formats[cell.style])
    elif isinstance(value, float):
        target.write_number(row, column, Exact(value), formats[cell.style])
    elif cell.link:
        target.write_url(row, column, _internal(cell.link), formats["link"], one_line(value))
    elif text := one_line(value)[:_LONGEST_TEXT]:
        known = f"{cell.style} symbol"
        target.write_string(row, column, text, formats[known if known in formats else cell.style])
    else:
        target.write_blank(row, column, None, formats[cell.style])


def _is_numeric(sheet: Sheet, column: int) -> bool:
    return any(row[column].style in NUMBERS for row in sheet.rows)


def _width(sheet: Sheet, column: int) -> float:
    """Return the width of a column in half-width cells: texts up to a limit, beyond which they wrap."""
    cells = [row[column] for row in sheet.rows]
    words = [text_width(str(c.value)) for c in cells if isinstance(c.value, str)]
    shown = max([_SHOWN_WIDTH.get(c.style, _NARROW) for c in cells if not isinstance(c.value, str)] + words)
    label = min(max((text_width(part) for part in sheet.fields[column].label.split()), default=0), _HEADER) + 3
    longest = _FIRST if column == 0 else _LONG if _is_prose(sheet, column) else _WIDE
    return float(min(max(shown + 2, label, _NARROW), longest))


def _is_prose(sheet: Sheet, column: int) -> bool:
    return sheet.fields[column].key in ("sentence", "definition", "meaning", "holds_what", "value")


def _print(target: Any, sheet: Sheet, top: int, title: str, page: str) -> None:
    target.set_landscape()
    target.set_paper(_A4)
    target.fit_to_pages(1, 0)
    target.repeat_rows(top)
    target.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    shown = title[:80].replace("&", "&&")
    target.set_footer(f"&L{page}&C {shown}&R{sheet.name.replace('&', '&&')}")
    target.hide_gridlines(2)
    if not sheet.chart:
        target.print_area(0, 0, top + len(sheet.rows), _last_printed(sheet))


def _last_printed(sheet: Sheet) -> int:
    """Return the last column of the print area, which holds the table and the lines above it."""
    shown = sum(_width(sheet, column) for column in range(len(sheet.fields)))
    longest = max(_TITLE * text_width(sheet.title), *(text_width(text) for text, _ in (*sheet.lines, ("", ""))))
    return len(sheet.fields) - 1 + max(0, ceil((longest - shown) / _DEFAULT_WIDTH))


def _chart(book: Any, target: Any, sheet: Sheet, top: int, font: str, bars: Bars) -> None:
    """Put a bar chart with error bars beside the table; it reads its numbers from there."""
    first, last = top + 1, top + len(sheet.rows)
    chart = book.add_chart({"type": "bar"})
    plain = {"name": font, "size": 10, "color": INK}
    bars_of_error = {
        "type": "custom",
        "plus_values": _range(sheet.name, first, last, PLUS),
        "minus_values": _range(sheet.name, first, last, MINUS),
        "plus_data": _numbers(sheet, PLUS),
        "minus_data": _numbers(sheet, MINUS),
        "line": {"color": INK, "width": 1.25},
    }
    shade = [
        {"fill": {"color": STRESS if row == bars.highlight else MAIN, "transparency": _PALE}}
        for row in range(len(sheet.rows))
    ]
    series = {
        "name": sheet.fields[VALUE].label,
        "categories": [sheet.name, first, 0, last, 0],
        "values": [sheet.name, first, VALUE, last, VALUE],
        "fill": {"color": MAIN, "transparency": _PALE},
        "points": shade if bars.highlight is not None else None,
        "gap": 60,
        "y_error_bars": bars_of_error,
        "data_labels": {
            "value": True,
            "position": "inside_base",
            "num_format": "0%" if bars.percent else "0.0",
            "font": {"name": font, "size": 9, "color": INK},
        },
    }
    chart.add_series(series)
    limits: dict[str, Any] = {"min": 0} if bars.percent else {"min": 0, "max": 100}
    chart.set_y_axis(
        {"reverse": True, "num_font": plain, "line": {"color": MUTED}, "major_tick_mark": "none", "interval_unit": 1}
    )
    chart.set_x_axis(
        {
            **limits,
            "name": bars.axis,
            "name_font": {**plain, "bold": False},
            "num_font": plain,
            "num_format": "0%" if bars.percent else "0",
            "major_gridlines": {"visible": True, "line": {"color": "#d3dae0", "width": 0.75}},
            "line": {"none": True},
            "label_position": "high",
        }
    )
    chart.set_title({"name": sheet.title, "name_font": {**plain, "size": 12, "bold": True}, "overlay": False})
    chart.set_legend({"none": True})
    longest = max(text_width(str(row[0].value)) for row in sheet.rows)
    height = max(_LEAST_HEIGHT, 130 + (_PIXELS_A_BAR + _PIXELS_A_LINE * (longest // _LABEL)) * len(sheet.rows))
    chart.set_size({"width": _CHART_WIDTH, "height": height})
    target.insert_chart(
        top, len(sheet.fields), chart, {"description": sheet.title, "object_position": 3, "x_offset": 16}
    )


def _range(name: str, first: int, last: int, column: int) -> str:
    letter = chr(ord("A") + column)
    quoted = name.replace("'", "''")
    return f"='{quoted}'!${letter}${first + 1}:${letter}${last + 1}"


def _numbers(sheet: Sheet, column: int) -> list[float]:
    return [v if isinstance(v := row[column].value, float) else 0.0 for row in sheet.rows]
