"""What stands in a report's file, read back by other means than those that wrote it."""

from __future__ import annotations

import io
import re
import zipfile
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
Rows = set[tuple[str, ...]]


def bare(text: str) -> str:
    """A text without white space and without the marks that only allow a line to break."""
    return re.sub(r"[\s\u200b\u00ad\u2060]+", "", text)


class _Tables(HTMLParser):
    """Collects the cells of every row; what is hidden by `template` or drawn in SVG is no cell."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self._inside = True
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.rows[-1][-1] += data


def html_rows(content: bytes) -> Rows:
    """Rows of all tables of a page."""
    parser = _Tables()
    parser.feed(content.decode("utf-8"))
    return {tuple(map(bare, row)) for row in parser.rows}


def markdown_rows(content: bytes) -> Rows:
    """Rows of all tables with pipes."""
    lines = (line for line in content.decode("utf-8").splitlines() if line.startswith("|"))
    cells = (re.split(r"(?<!\\)\|", line)[1:-1] for line in lines)
    return {tuple(bare(re.sub(r"\\(.)", r"\1", cell)) for cell in row) for row in cells}


CONTINUED = re.compile(r"Table\d+\(continued\)|续表\d+")


def docx_rows(content: bytes) -> Rows:
    """Rows of all tables of a Word file; one too wide for the page goes on in a table below."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        body = ElementTree.fromstring(archive.read("word/document.xml"))
    tables: list[list[tuple[str, ...]]] = []
    goes_on = False
    for element in body.iter():
        if element.tag == f"{W}tbl":
            rows = [tuple(_told(cell) for cell in row.iter(f"{W}tc")) for row in element.iter(f"{W}tr")]
            if goes_on and [row[:1] for row in rows] == [row[:1] for row in tables[-1]]:
                tables[-1] = [(*row, *more[1:]) for row, more in zip(tables[-1], rows, strict=True)]
            else:
                tables.append(rows)
            inside, goes_on = {*element.iter(f"{W}p")}, True
        elif element.tag == f"{W}p" and tables and element not in inside and (told := _told(element)):
            goes_on = CONTINUED.fullmatch(told) is not None
    return {row for rows in tables for row in rows}


def _told(element: ElementTree.Element) -> str:
    return bare("".join(t.text or "" for t in element.iter(f"{W}t")))


def pptx_rows(content: bytes) -> Rows:
    """Rows of all tables on slides."""
    import pptx

    shapes = [shape for slide in pptx.Presentation(io.BytesIO(content)).slides for shape in slide.shapes]
    tables = [shape.table for shape in shapes if shape.has_table]
    return {tuple(bare(cell.text) for cell in row.cells) for table in tables for row in table.rows}


def pptx_bars(content: bytes) -> dict[tuple[str, str], tuple[float, float, float]]:
    """Estimate, reach downwards and reach upwards of every bar with error bars, by title of its slide and label."""
    import pptx

    found = {}
    for slide in pptx.Presentation(io.BytesIO(content)).slides:
        for shape in slide.shapes:
            if shape.has_chart:
                for bars in shape.chart._chartSpace.iter(f"{C}ser"):
                    names = [v.text for v in bars.findall(f"{C}cat//{C}v")]
                    parts = ("val", "errBars/" + C + "minus", "errBars/" + C + "plus")
                    sizes = [[float(v.text) for v in bars.findall(f"{C}{part}//{C}v")] for part in parts]
                    if len(names) == len(sizes[1]):
                        rows = zip(names, *sizes, strict=True)
                        found |= {(slide.shapes.title.text, name): values for name, *values in rows}
    return found


def pdf_text(content: bytes) -> str:
    """All text of a PDF in its order, without white space."""
    import pypdf

    return bare("".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages))


def xlsx_rows(content: bytes) -> dict[str, list[dict[str, Any]]]:
    """Rows of every sheet of numbers by machine name of sheet and column; of an id the code, not the label."""
    import openpyxl

    tables = {}
    for sheet in openpyxl.load_workbook(io.BytesIO(content)).worksheets:
        for table in sheet.tables.values():
            tables[table.displayName] = [[cell.value for cell in row] for row in sheet[table.ref]]
    keys = {(row[1], row[2]): row[3] for row in tables["columns"][1:]}
    return {
        name: [
            {keys.get((name, head), head): value for head, value in zip(rows[0], row, strict=True)} for row in rows[1:]
        ]
        for name, rows in tables.items()
    }
