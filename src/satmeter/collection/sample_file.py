"""The sample as a file: who is invited, to which strata they belong, and how they are reached."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from satmeter.errors import CollectionError, Note, Problem
from satmeter.questionnaire.model import Questionnaire
from satmeter.questionnaire.spec import listed, nearest
from satmeter.responses.files import read_sources
from satmeter.responses.table import Table, first_few

ID = "id"
STRATA = ("weight", "stratum")
CONTACTS = ("name", "email", "phone", "mobile", "address", "姓名", "联系人", "邮箱", "电话", "手机", "地址")


@dataclass(frozen=True, slots=True)
class Unit:
    """One sampled unit: its id, what is known of it from the frame, and how it is reached (column to text)."""

    id: str
    strata: dict[str, str]
    contacts: dict[str, str]


@dataclass(frozen=True, slots=True)
class SampledUnits:
    """A sample file that is in order."""

    units: tuple[Unit, ...]
    notes: tuple[Note, ...] = ()


def read_sample(
    path: Path, questionnaire: Questionnaire, *, strata: Sequence[str] = (), contacts: Sequence[str] = ()
) -> SampledUnits:
    """Read a sample.

    Parameters
    ----------
    path
        .csv, .tsv, .txt or .xlsx, read like answers, with a column ``id``.
    questionnaire
        Columns that are named like its questions are strata by themselves, as are ``weight`` and ``stratum``.
    strata, contacts
        Further columns of either kind; ``email``, ``phone`` and other well-known names are contacts by themselves.

    Returns
    -------
    SampledUnits
        In the order of the file.

    Raises
    ------
    ResponsesError
        What `read_sources` raises: no such file, encoding, ragged rows, columns named twice.
    CollectionError
        With all problems at once: C052 no column ``id``; C053 empty ids; C054 repeated ids; C055 a column of unknown
        kind; C056 a column that was named and is not there. Messages name rows and columns, never a unit.
    """
    known = {ID, *STRATA, *CONTACTS, *questionnaire.questions, *strata, *contacts}
    table = read_sources([path], matching=lambda header: sum(name in known for name in header)).table
    own = [name for name in table.names if name != ID]
    contact = [name for name in own if name in contacts or (name in CONTACTS and name not in strata)]
    frame = [
        name
        for name in own
        if name not in contact and (name in STRATA or name in questionnaire.questions or name in strata)
    ]
    problems = [
        Problem("C055", table.file, about=("column", name), params={"choices": listed((ID, *STRATA, *CONTACTS[:4]))})
        for name in own
        if name not in contact and name not in frame
    ]
    for name in dict.fromkeys([*strata, *contacts]):
        if name not in own:
            near = nearest(name, own)
            problems.append(
                Problem("C056", table.file, about=("column", name), suggestion=near, params={"choices": listed(own)})
            )
    ids = _ids(table, problems)
    if problems:
        raise CollectionError(problems)
    cells = {name: table.columns[table.names.index(name)] for name in own}
    units = [
        Unit(
            name,
            {column: cells[column][row].strip() for column in frame},
            {column: text for column in contact if (text := cells[column][row].strip())},
        )
        for row, name in enumerate(ids)
    ]
    return SampledUnits(tuple(units), table.notes)


def _ids(table: Table, problems: list[Problem]) -> list[str]:
    """Return the ids; what is wrong with them is added to the problems."""
    if ID not in table.names:
        near = next((name for name in table.names if name.casefold() == ID), nearest(ID, table.names))
        problems.append(Problem("C052", table.file, suggestion=near))
        return []
    ids = [text.strip() for text in table.columns[table.names.index(ID)]]
    seen: set[str] = set()
    empty, again = [], []
    for text, line in zip(ids, table.lines, strict=True):
        if not text:
            empty.append(line)
        elif text in seen:
            again.append(line)
        seen.add(text)
    for code, lines in (("C053", empty), ("C054", again)):
        if lines:
            params: dict[str, str | int] = {"n": len(lines), "rows": first_few(lines)}
            problems.append(Problem(code, table.file, lines[0], ("column", ID), params=params))
    return ids
