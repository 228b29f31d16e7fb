"""Delimited text: encoding and delimiter found out, never guessed in silence."""

from __future__ import annotations

import codecs
import csv
import io
import re

from satmeter.errors import Note, Problem, ResponsesError
from satmeter.responses.table import Progress, Table, build_table, check_header

_DELIMITERS = (",", "\t", ";")
_SAMPLE = 64  # records looked at to find the delimiter …
_SAMPLE_CHARACTERS = 200_000  # … within this much text
_STEP = 10_000  # rows between two calls of progress
_MAGIC = (
    b"PK\x03\x04",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"%PDF",
    b"\xd0\xcf\x11\xe0",
    b"\x1f\x8b",
    b"$FL2",
    b"PAR1",
    b"SQLite format",
)
_PLAUSIBLE = 0.7  # share of a Chinese text's characters that GB 2312 holds


def read_delimited(file: str, data: bytes, *, progress: Progress | None = None) -> Table:
    r"""Read delimited text.

    Parameters
    ----------
    file
        Name, for messages.
    data
        The whole file. UTF-8 (with or without mark), UTF-16 with mark, and GB 18030 (GBK, GB 2312) are found out;
        comma, tab and semicolon too.
    progress
        Called with the share that is read, 0 to 1.

    Returns
    -------
    Table
        Every cell as the text that stands in the file.

    Raises
    ------
    ResponsesError
        R003 empty, R004 header only, R005 binary, R007 too many columns, R008 a column named twice, R009 ragged rows,
        R010 encoding not found, R011 quotes not closed.

    Examples
    --------
    >>> read_delimited("a.csv", "q1;q2\n4;同意\n".encode("gb18030")).columns
    (['4'], ['同意'])
    """
    if data.startswith(_MAGIC):
        raise ResponsesError(Problem("R005", file))
    text, encoding = _decode(file, data)
    if not text.strip():
        raise ResponsesError(Problem("R003", file))
    notes = [] if encoding == "utf-8" else [Note("R101", file, {"encoding": encoding})]
    named = re.match(r"sep=(.)\r?\n", text)
    delimiter = named.group(1) if named else _delimiter(text)
    offset = 0
    if named:
        text, offset = text[named.end() :], 1
    rows, lines = _records(file, text, delimiter, offset, progress)
    if not rows:
        raise ResponsesError(Problem("R003", file))
    return build_table(file, [name.strip() for name in rows[0]], lines[0], rows[1:], lines[1:], notes)


def _decode(file: str, data: bytes) -> tuple[str, str]:
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if data.startswith(mark):
            try:
                return data.decode(encoding), encoding
            except UnicodeDecodeError as error:
                raise ResponsesError(Problem("R010", file, params={"line": 1})) from error
    if b"\x00" in data:
        raise ResponsesError(Problem("R005", file))
    try:
        return data.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
    if not _is_damaged_utf8(data):
        try:
            text = data.decode("gb18030")
        except UnicodeDecodeError:
            pass
        else:
            if _reads_as_chinese(text):
                return text, "gb18030"
    raise ResponsesError(Problem("R010", file, line, params={"line": line}))


def _is_damaged_utf8(data: bytes) -> bool:
    """Tell whether nearly all non-ASCII characters are good UTF-8: then a few bytes are broken, not the encoding."""
    beyond = [c for c in data.decode("utf-8", "replace") if ord(c) > 127]
    return beyond.count("\ufffd") < 0.2 * len(beyond)


def _reads_as_chinese(text: str) -> bool:
    """Tell whether the text is likely Chinese: Western text misread as GB 18030 gives rare characters."""
    beyond = [c for c in text if ord(c) > 127]
    common = "".join(beyond).encode("gb2312", "ignore").decode("gb2312")
    return len(common) >= _PLAUSIBLE * len(beyond)


def _delimiter(text: str) -> str:
    """Return the delimiter that cuts the first records into the most cells, the same number in nearly every record."""
    best, best_key = ",", (False, 1)
    for delimiter in _DELIMITERS:
        counts = []
        try:
            for row in csv.reader(io.StringIO(text[:_SAMPLE_CHARACTERS]), delimiter=delimiter, strict=True):
                if row:
                    counts.append(len(row))
                if len(counts) >= _SAMPLE:
                    break
        except csv.Error:
            pass
        if len(text) > _SAMPLE_CHARACTERS and len(counts) > 1:
            counts.pop()  # the last record may be cut
        if not counts:
            continue
        steady = counts.count(counts[0]) >= 0.9 * len(counts)
        key = (steady and counts[0] > 1, counts[0])
        if key > best_key:
            best, best_key = delimiter, key
    return best


def _records(
    file: str, text: str, delimiter: str, offset: int, progress: Progress | None
) -> tuple[list[list[str]], list[int]]:
    """Return records and the line where each begins; the first one is the header, checked before the rest is read."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    total = text.count("\n") if progress else 0
    rows: list[list[str]] = []
    lines: list[int] = []
    begin = 1
    try:
        for row in reader:
            if not rows:
                if not any(cell.strip() for cell in row):
                    begin = reader.line_num + 1
                    continue
                check_header(file, [cell.strip() for cell in row], begin + offset)
            rows.append(row)
            lines.append(begin + offset)
            begin = reader.line_num + 1
            if progress and len(rows) % _STEP == 0:
                progress(min(1.0, len(rows) / max(total, 1)))
    except csv.Error as error:
        raise ResponsesError(Problem("R011", file, begin + offset)) from error
    return rows, lines
