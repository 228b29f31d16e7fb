"""A source of answers as a table of text, before anything is known about its meaning."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from satmeter.errors import Note, Problem, ResponsesError

MAX_COLUMNS = 10_000
MAX_BYTES = 2 * 1024**3
SHOWN = 5  # line numbers shown in a message

Progress = Callable[[float], None]  # share of the work that is done, 0 to 1


@dataclass(frozen=True, eq=False)
class Table:
    """Cells of one source, all of them text.

    Attributes
    ----------
    file
        Name, for messages.
    names
        Column names, stripped; unique and never empty.
    columns
        One list of cells a column.
    lines
        Line of every row in the source (the header is usually line 1).
    notes
        How it was read: encoding, sheet, columns without a name.
    """

    file: str
    names: tuple[str, ...]
    columns: tuple[list[str], ...]
    lines: list[int]
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, eq=False)
class Sources:
    """All files of a study as one table, and the digest of their bytes.

    Attributes
    ----------
    versions
        Digests of questionnaires that the notes of the table have told about already.
    told
        Variables without a column, of which the notes say why.
    """

    table: Table
    digest: str
    versions: frozenset[str] = frozenset()
    told: frozenset[str] = frozenset()


def first_few(numbers: list[int]) -> str:
    """Return the first line numbers as text, with an ellipsis when there are more.

    Examples
    --------
    >>> first_few([3, 4, 9, 12, 15, 20])
    '3, 4, 9, 12, 15, …'
    """
    return ", ".join(str(n) for n in numbers[:SHOWN]) + (", …" if len(numbers) > SHOWN else "")


def check_header(file: str, header: list[str], line: int) -> None:
    """Refuse a header with too many columns or a name that stands twice.

    Raises
    ------
    ResponsesError
        R007, R008.
    """
    if len(header) > MAX_COLUMNS:
        params = {"n": len(header), "limit": MAX_COLUMNS}
        raise ResponsesError(Problem("R007", file, line, params=params))
    places: dict[str, list[int]] = {}
    for position, name in enumerate(header, start=1):
        if name:
            places.setdefault(name, []).append(position)
    twice = [
        Problem("R008", file, line, about=("column", name), params={"positions": first_few(found)})
        for name, found in places.items()
        if len(found) > 1
    ]
    if twice:
        raise ResponsesError(twice)


def build_table(
    file: str, header: list[str], header_line: int, rows: list[list[str]], lines: list[int], notes: list[Note]
) -> Table:
    """Turn a checked header and rows of text into a table.

    Empty rows and columns without a name are left out; a shorter or longer row is an error, except for empty cells
    beyond the header, which spreadsheets leave behind.

    Raises
    ------
    ResponsesError
        R004 no rows, R009 rows with another number of cells than the header.
    """
    width = len(header)
    kept: list[list[str]] = []
    kept_lines: list[int] = []
    ragged: list[int] = []
    for row, line in zip(rows, lines, strict=True):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) > width and not any(cell.strip() for cell in row[width:]):
            row = row[:width]
        if len(row) != width:
            ragged.append(line)
            continue
        kept.append(row)
        kept_lines.append(line)
    if ragged:
        params: dict[str, str | int] = {"rows": first_few(ragged), "n": len(ragged), "columns": width}
        raise ResponsesError(Problem("R009", file, ragged[0], params=params))
    if not kept:
        raise ResponsesError(Problem("R004", file, header_line))
    columns = [list(cells) for cells in zip(*kept, strict=True)]
    nameless = [i for i, name in enumerate(header) if not name]
    filled = [i + 1 for i in nameless if any(cell.strip() for cell in columns[i])]
    if filled:
        notes = [*notes, Note("R106", file, {"positions": first_few(filled)})]
    named = [i for i in range(width) if i not in set(nameless)]
    names = tuple(header[i] for i in named)
    return Table(file, names, tuple(columns[i] for i in named), kept_lines, tuple(notes))
