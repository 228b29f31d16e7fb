"""Files of answers found, read once, and joined by column name."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

from satmeter.errors import JournalError, Note, Problem, ResponsesError
from satmeter.responses.delimited import read_delimited
from satmeter.responses.statistics_file import ENDINGS as STATISTICS_ENDINGS
from satmeter.responses.statistics_file import Worded, read_statistics_file
from satmeter.responses.table import MAX_BYTES, Progress, Sources, Table
from satmeter.responses.workbook import read_workbook

ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", *STATISTICS_ENDINGS)


def read_sources(
    paths: Sequence[Path | str],
    *,
    matching: Callable[[list[str]], int],
    progress: Progress | None = None,
    worded: Worded | None = None,
    read_store: Callable[[str], Sources] | None = None,
) -> Sources:
    """Read all files; columns of several files are joined by name, what a file lacks is blank.

    Parameters
    ----------
    paths
        At least one file, in the order in which the rows shall stand; a text is the URL of a store.
    matching
        Number of columns of a header that are known; chooses the sheet of a workbook.
    progress
        Called with the share that is done, 0 to 1.
    worded
        Says what numbers with value labels are read as, see `read_statistics_file`; None: as numbers.
    read_store
        Reads the store at a URL.

    Raises
    ------
    ResponsesError
        All problems of all files: R001 not found, R002 unknown ending, R012 too large, R020 cannot be opened, and
        those of `read_delimited` and `read_workbook`.
    """
    problems: list[Problem] = []
    tables: list[Table] = []
    versions: frozenset[str] = frozenset()
    told: frozenset[str] = frozenset()
    digest = hashlib.sha256()
    for number, path in enumerate(paths):
        part = _part(progress, number, len(paths))
        try:
            if isinstance(path, str) and read_store is not None:
                found = read_store(path)
                digest.update(found.digest.encode())
                tables.append(found.table)
                versions |= found.versions
                told |= found.told
                continue
            data = _bytes(Path(path))
            digest.update(data)
            tables.append(_table(Path(path), data, matching, worded, part))
        except (ResponsesError, JournalError) as error:
            problems.extend(error.problems)
    if problems:
        raise ResponsesError(problems)
    return Sources(_joined(tables), f"sha256:{digest.hexdigest()}", versions, told)


def _part(progress: Progress | None, number: int, total: int) -> Progress | None:
    if progress is None:
        return None
    return lambda done: progress((number + done) / total)


def _bytes(path: Path) -> bytes:
    file = path.name
    if path.suffix.lower() not in ENDINGS:
        params = {"choices": ", ".join(ENDINGS)}
        raise ResponsesError(Problem("R002", file, got=path.suffix, params=params))
    if not path.exists():
        names = [p.name for p in path.parent.iterdir()] if path.parent.is_dir() else []
        near = difflib.get_close_matches(file, names, 1)
        raise ResponsesError(Problem("R001", got=str(path), suggestion="".join(near)))
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ResponsesError(Problem("R012", file, params={"limit": MAX_BYTES // 1024**3}))
        data = path.read_bytes()
    except OSError as error:
        raise ResponsesError(Problem("R020", file, got=error.strerror or type(error).__name__)) from error
    if not data.strip():
        raise ResponsesError(Problem("R003", file))
    return data


def _table(
    path: Path,
    data: bytes,
    matching: Callable[[list[str]], int],
    worded: Worded | None,
    progress: Progress | None,
) -> Table:
    if path.suffix.lower() == ".xlsx":
        return read_workbook(path.name, data, matching=matching, progress=progress)
    if path.suffix.lower() in STATISTICS_ENDINGS:
        return read_statistics_file(path, matching=matching, worded=worded, progress=progress)
    return read_delimited(path.name, data, progress=progress)


def _joined(tables: list[Table]) -> Table:
    if len(tables) == 1:
        return tables[0]
    names = tuple(dict.fromkeys(name for table in tables for name in table.names))
    columns: list[list[str]] = [[] for _ in names]
    notes = [note for table in tables for note in table.notes]
    for table in tables:
        own = dict(zip(table.names, table.columns, strict=True))
        lacking = [name for name in names if name not in own]
        if lacking:
            shown = ", ".join(lacking[:5]) + (", …" if len(lacking) > 5 else "")
            notes.append(Note("R108", table.file, {"columns": shown, "n": len(lacking)}))
        for name, cells in zip(names, columns, strict=True):
            cells.extend(own.get(name) or [""] * len(table.lines))
    lines = [line for table in tables for line in table.lines]
    return Table(", ".join(table.file for table in tables), names, tuple(columns), lines, tuple(notes))
