"""What became of every sampled unit, in AAPOR's groups: from the journal, and from calls and visits."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection, func, insert, select

from satmeter.collection.csv_cells import csv_bytes
from satmeter.collection.fieldwork_file import NoReply
from satmeter.collection.outcomes import Outcome, outcomes
from satmeter.collection.sample_tables import CONTACT, TOKEN, UNIT, Database, prepare
from satmeter.errors import CollectionError, Problem
from satmeter.questionnaire.spec import listed
from satmeter.responses.files import read_sources
from satmeter.responses.table import Table, first_few

Group = Literal["I", "P", "R", "NC", "O", "UH", "UO", "NE"]

RESULTS: Mapping[str, Group] = {
    "refused": "R",
    "broke_off": "R",
    "no_answer": "NC",
    "busy": "NC",
    "away": "NC",
    "callback": "NC",
    "ill": "O",
    "dead": "O",
    "language": "O",
    "other": "O",
    "wrong_address": "UO",
    "undelivered": "UO",
    "not_attempted": "UO",
    "unknown_household": "UH",
    "not_eligible": "NE",
    "moved": "NE",
    "closed_down": "NE",
    "duplicate": "NE",
}
"""What a call, a visit or a returned letter can end in: result to AAPOR's group."""

ENDED = frozenset(result for result, group in RESULTS.items() if group in ("R", "O", "NE"))
"""Results after which nobody is reminded."""

_OUTCOMES: Mapping[Outcome, Group] = {
    "complete": "I",
    "partial": "P",
    "begun": "P",
    "screened_out": "NE",
    "withdrawn": "R",
    "erased": "R",
}
_IN_DATA = ("complete", "partial", "begun")
_COLUMNS = ("id", "result", "time", "agent")


@dataclass(frozen=True, slots=True)
class Case:
    """One sampled unit and how it ended.

    Attributes
    ----------
    id
        Of the sample.
    respondent
        Key under which the study finds the unit's answers: the response where there is one, else a name of its own.
    disposition
        AAPOR's group.
    result
        In the fieldwork's own words: an outcome of the response, the last result of a contact, or `no_reply`.
    attempts
        Calls and visits that were recorded.
    strata
        Column of the sample to text.
    """

    id: str
    respondent: str
    disposition: Group
    result: str
    attempts: int
    strata: Mapping[str, str]


def cases(connection: Connection, *, no_reply: NoReply = "UO") -> tuple[Case, ...]:
    """Return what became of every unit of an identified survey, in the order of the sample.

    Parameters
    ----------
    connection
        A reading connection of the store.
    no_reply
        Group of units that gave no sign of life.

    Returns
    -------
    tuple of Case
        Answers decide: who is in the data is `I` or `P`. Else the last recorded contact decides, else `no_reply`.
    """
    ends = outcomes(connection)
    bound = {
        row.unit: row.response
        for row in connection.execute(select(TOKEN.c.unit, TOKEN.c.response).order_by(TOKEN.c.number))
        if row.response is not None
    }
    contacts: dict[int, list[str]] = {}
    for row in connection.execute(select(CONTACT.c.unit, CONTACT.c.result).order_by(CONTACT.c.number)):
        contacts.setdefault(row.unit, []).append(row.result)
    found = []
    for unit in connection.execute(select(UNIT).order_by(UNIT.c.number)):
        response = bound.get(unit.number, "")
        tried = contacts.get(unit.number, [])
        end = ends.get(response)
        respondent = response if end in _IN_DATA else f"unit {unit.number}"
        group, result = _disposition(end, tried, no_reply)
        found.append(Case(unit.id, respondent, group, result, len(tried), unit.strata))
    return tuple(found)


def _disposition(end: Outcome | None, tried: Sequence[str], no_reply: NoReply) -> tuple[Group, str]:
    if end is not None:
        return _OUTCOMES[end], end
    return (RESULTS[tried[-1]], tried[-1]) if tried else (no_reply, "no_reply")


def counts(found: Sequence[Case]) -> dict[str, int]:
    """Return the number of cases by AAPOR's group, as `numerics.outcome_rates` takes them."""
    return {
        group: sum(case.disposition == group for case in found)
        for group in ("I", "P", *dict.fromkeys(RESULTS.values()))
    }


def case_list(found: Sequence[Case]) -> bytes:
    """Return the cases as the CSV file that ``fieldwork.sample`` of a study names.

    Columns: ``respondent`` (the key), ``id``, ``disposition`` (AAPOR's group), ``result``, ``attempts``, strata.
    """
    names = list(dict.fromkeys(name for case in found for name in case.strata))
    rows = (
        [case.respondent, case.id, case.disposition, case.result, str(case.attempts)]
        + [case.strata.get(name, "") for name in names]
        for case in found
    )
    return csv_bytes(["respondent", "id", "disposition", "result", "attempts", *names], rows)


def record_contact(connection: Connection, unit: str, result: str, *, at: str, agent: str = "") -> bool:
    """Record one call or visit; run within the writer's transaction or `Database.writing`.

    Parameters
    ----------
    unit
        Id of the sample.
    result
        A word of `RESULTS`.
    at, agent
        When it was, as ISO time, and who called.

    Returns
    -------
    bool
        False when there is no such unit; nothing is recorded then.
    """
    number = connection.execute(select(UNIT.c.number).where(UNIT.c.id == unit)).scalar_one_or_none()
    if number is None or result not in RESULTS:
        return False
    before = connection.execute(select(func.count()).select_from(CONTACT).where(CONTACT.c.unit == number)).scalar_one()
    row = {"unit": number, "attempt": before + 1, "at": at, "result": result, "agent": agent}
    connection.execute(insert(CONTACT).values(**row))
    return True


def record_contacts(database: Database, path: Path, *, now: datetime.datetime) -> int:
    """Record the calls and visits of a file: all of them, or none.

    Parameters
    ----------
    path
        .csv, .tsv, .txt or .xlsx with the columns ``id`` and ``result`` and, if wanted, ``time`` and ``agent``.
    now
        Stands for a time that is not given.

    Returns
    -------
    int
        How many were recorded.

    Raises
    ------
    ResponsesError
        What `read_sources` raises.
    CollectionError
        C068 a column or result that is not known, or a unit that is not in the sample.
    """
    table = read_sources([path], matching=lambda header: sum(name in _COLUMNS for name in header)).table
    if not {"id", "result"} <= set(table.names) <= set(_COLUMNS):
        raise CollectionError(_strange(table, [1]))
    cells = {name: table.columns[table.names.index(name)] for name in table.names}
    blank = [""] * len(table.lines)
    rows = list(zip(*(cells.get(name, blank) for name in _COLUMNS), table.lines, strict=True))
    with database.writing() as connection:
        prepare(connection)
        wrong = []
        for unit, result, at, agent, line in rows:
            when = at.strip() or now.isoformat(timespec="seconds")
            if not record_contact(connection, unit.strip(), result.strip(), at=when, agent=agent.strip()):
                wrong.append(line)
        if wrong:
            raise CollectionError(_strange(table, wrong))
    return len(rows)


def _strange(table: Table, lines: list[int]) -> Problem:
    params: dict[str, str | int] = {"choices": listed(RESULTS, 30), "rows": first_few(lines)}
    return Problem("C068", table.file, lines[0], params=params)
