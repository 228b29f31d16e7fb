"""A store of answers read as one table: its rectangle, without what belongs to another coding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from satmeter import journal
from satmeter.errors import Note, Problem, ResponsesError
from satmeter.journal.sealing import read_key
from satmeter.journal.view import Rectangle, view
from satmeter.questionnaire.diff import compare_questionnaires
from satmeter.questionnaire.diff_kind import DefinitionChange, kind_of_change
from satmeter.questionnaire.model import Questionnaire
from satmeter.responses.codebook import guard_again
from satmeter.responses.store_url import source_name
from satmeter.responses.table import Sources, Table


def read_store(url: str, questionnaire: Questionnaire, *, pii_key: Path | None = None) -> Sources:
    """Read the answers that a store holds to a questionnaire.

    Parameters
    ----------
    url
        ``sqlite:///…`` or ``postgresql+psycopg://…``; it is opened for reading, a server may write meanwhile.
    questionnaire
        The study's. Answers under a definition that differs cosmetically or in wording are in the table, the latter
        with a note (R120); answers under a definition with another coding are not (R121).
    pii_key
        Key file that opens sealed answers; without it, questions with sealed answers have no column (R122).

    Returns
    -------
    Sources
        Lines count the responses from 2, as in the CSV file that ``satmeter export`` writes. The digest is that of
        these answers, not of the store: it stays the same until an answer changes.

    Raises
    ------
    ResponsesError
        R030 no answer at all, R031 none to this questionnaire.
    JournalError
        What `open_store` and `view` raise.
    """
    key = read_key(pii_key) if pii_key else None
    with journal.open_store(url, survey=questionnaire.id, create=False, read_only=True) as store:
        rectangle = view(store, pii=key)
    name = source_name(url)
    if not rectangle.rows:
        raise ResponsesError(Problem("R030", name))
    kinds = definition_kinds(rectangle, questionnaire)
    fitting = [row for row in rectangle.rows if kinds[_digest(rectangle, row)] != "coding"]
    if not fitting:
        versions = ", ".join(q.version for q in rectangle.questionnaires.values())
        params: dict[str, str | int] = {
            "n": len(rectangle.rows),
            "versions": versions,
            "version": questionnaire.version,
        }
        raise ResponsesError(Problem("R031", name, params=params))
    part = _cut(replace(rectangle, rows=tuple(fitting)), questionnaire)
    table = Table(
        name,
        part.columns,
        tuple([guard_again(cell) for cell in column] for column in zip(*part.rows, strict=True)),
        list(range(2, len(part.rows) + 2)),
        _notes(rectangle, kinds),
    )
    return Sources(table, part.digest, frozenset(kinds), frozenset(rectangle.sealed))


def definition_kinds(rectangle: Rectangle, questionnaire: Questionnaire) -> dict[str, DefinitionChange]:
    """Return for the digest of every definition with answers how far it is from a questionnaire."""
    return {
        digest: kind_of_change(compare_questionnaires(other, questionnaire))
        for digest, other in rectangle.questionnaires.items()
    }


def _digest(rectangle: Rectangle, row: tuple[str, ...]) -> str:
    return row[rectangle.columns.index("digest")]


def _cut(rectangle: Rectangle, questionnaire: Questionnaire) -> Rectangle:
    """Return the rectangle without columns that are sealed, or that only left-out definitions have."""
    known = set(questionnaire.variables)
    asked = {name for other in rectangle.questionnaires.values() for name in other.variables}
    places = [
        place
        for place, name in enumerate(rectangle.columns)
        if name not in rectangle.sealed and (name in known or name not in asked)
    ]
    columns = tuple(rectangle.columns[place] for place in places)
    return replace(rectangle, columns=columns, rows=tuple(tuple(row[p] for p in places) for row in rectangle.rows))


def _notes(rectangle: Rectangle, kinds: Mapping[str, DefinitionChange]) -> tuple[Note, ...]:
    counts = Counter(kinds[digest] for digest in rectangle.column("digest"))
    versions = {
        kind: ", ".join(rectangle.questionnaires[d].version for d, found in kinds.items() if found == kind)
        for kind in ("wording", "coding")
    }
    notes = []
    if counts["wording"]:
        notes.append(Note("R120", "", {"n": counts["wording"], "versions": versions["wording"]}))
    if counts["coding"]:
        notes.append(Note("R121", "", {"n": counts["coding"], "versions": versions["coding"]}))
    if rectangle.sealed:
        notes.append(Note("R122", "", {"variables": ", ".join(rectangle.sealed)}))
    gone = {"withdrawn": rectangle.withdrawn, "full": rectangle.screened_out, "erased": rectangle.erased}
    if any(gone.values()):
        notes.append(Note("R129", "", gone))
    return tuple(notes)
