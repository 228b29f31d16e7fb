"""The sample in its database: units imported, and a link made for every one of them."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, false, insert, select, true, update

from satmeter.collection.contacts import sealed_contacts
from satmeter.collection.keys import link_of, new_key
from satmeter.collection.links import Link, write_links
from satmeter.collection.outcomes import outcomes
from satmeter.collection.sample_file import Unit
from satmeter.collection.sample_tables import TOKEN, UNIT, Database, prepare
from satmeter.errors import CollectionError, Problem
from satmeter.journal.sealing import SealingKey

_OPEN = ("begun", "partial")


@dataclass(frozen=True, slots=True)
class Invited:
    """What came of an import.

    Attributes
    ----------
    links
        Of new units and of those whose link was replaced.
    new, known, replaced, rebound
        Units that were not there, that were, that got another link, and whose unused link now holds for the
        questionnaire's present version.
    """

    links: tuple[Link, ...]
    new: int
    known: int
    replaced: int
    rebound: int


def invite(
    database: Database,
    units: Sequence[Unit],
    *,
    survey: str,
    version: str,
    key: SealingKey | None,
    file: Path,
    base_url: str,
    valid_until: datetime.date | None = None,
    replace: Collection[str] = (),
    rebind: bool = False,
) -> Invited:
    """Import a sample and make a link for every unit that has none: all of it, or nothing.

    Parameters
    ----------
    database
        Of the sample.
    units
        The sample; units that are there already keep their link and what is known of them.
    survey, version
        Of the questionnaire; links are bound to both.
    key
        Seals contact data; None is enough where there are none.
    file, base_url
        Where the links that were made are written, and the address that they begin with. When they cannot be written,
        nothing is imported; when there are none, no file is made.
    valid_until
        Last day on which the new links can be redeemed; None: no such day.
    replace
        Ids of units whose link is revoked and made anew, and whose contact data are those of `units`.
    rebind
        Whether unused links of another version of the questionnaire hold for this one from now on.

    Returns
    -------
    Invited

    Raises
    ------
    CollectionError
        C057 contact data without a key, C058 and C059 units that cannot be replaced, C064 another survey's sample,
        C067 the file is there already.
    JournalError
        What the database complains of.
    """
    if key is None and any(unit.contacts for unit in units):
        raise CollectionError(Problem("C057"))
    written = False
    try:
        with database.writing() as connection:
            prepare(connection)
            known = _known(connection, survey, database.address.shown)
            _check_replaced(connection, replace, known)
            binding = _Binding(survey, version, valid_until.isoformat() if valid_until else "")
            links = _import(connection, [unit for unit in units if unit.id not in known], known, key, binding)
            new = len(links)
            links += [_replace(connection, known[name], _named(units, name), key, binding) for name in replace]
            rebound = _rebind(connection, version) if rebind else 0
            if links:
                write_links(file, links, base_url=base_url)
                written = True
    except BaseException:
        if written:
            file.unlink(missing_ok=True)
        raise
    return Invited(tuple(links), new, len(units) - new, len(replace), rebound)


@dataclass(frozen=True, slots=True)
class _Binding:
    """What new links are bound to."""

    survey: str
    version: str
    valid_until: str


def _named(units: Sequence[Unit], name: str) -> Unit:
    return next((unit for unit in units if unit.id == name), Unit(name, {}, {}))


def _import(
    connection: Connection, units: Sequence[Unit], known: dict[str, int], key: SealingKey | None, binding: _Binding
) -> list[Link]:
    links, rows, tokens = [], [], []
    for number, unit in enumerate(units, start=max(known.values(), default=0) + 1):
        row = {"number": number, "survey": binding.survey, "id": unit.id, "strata": unit.strata}
        rows.append({**row, "contacts": sealed_contacts(unit, key)})
        link = Link(unit, new_key())
        links.append(link)
        tokens.append(_token(link, number, binding))
    if rows:
        connection.execute(insert(UNIT), rows)
        connection.execute(insert(TOKEN), tokens)
    return links


def _replace(connection: Connection, number: int, unit: Unit, key: SealingKey | None, binding: _Binding) -> Link:
    """Revoke the links of a unit and make another one; it leads to the response that the unit has begun."""
    own = TOKEN.c.unit == number
    ends = outcomes(connection)
    begun = connection.execute(select(TOKEN.c.response).where(own, TOKEN.c.response.is_not(None))).scalar()
    connection.execute(update(TOKEN).where(own).values(revoked=True, response=None))
    if unit.contacts:
        connection.execute(update(UNIT).where(UNIT.c.number == number).values(contacts=sealed_contacts(unit, key)))
    strata = connection.execute(select(UNIT.c.strata).where(UNIT.c.number == number)).scalar_one()
    goes_on = begun is not None and ends.get(begun, "erased") in _OPEN
    link = Link(Unit(unit.id, strata, {}), new_key())
    connection.execute(insert(TOKEN), _token(link, number, binding, begun if goes_on else None))
    return link


def _rebind(connection: Connection, version: str) -> int:
    other = (TOKEN.c.used == false(), TOKEN.c.revoked == false(), TOKEN.c.version != version)
    return connection.execute(update(TOKEN).where(*other).values(version=version)).rowcount


def _known(connection: Connection, survey: str, file: str) -> dict[str, int]:
    """Return id → number of the units that are there; refuse those of another survey."""
    rows = connection.execute(select(UNIT.c.id, UNIT.c.number, UNIT.c.survey)).all()
    if any(row.survey != survey for row in rows):
        raise CollectionError(Problem("C064", file, params={"survey": survey}))
    return {row.id: row.number for row in rows}


def _check_replaced(connection: Connection, replace: Collection[str], known: dict[str, int]) -> None:
    ends = outcomes(connection)
    done = {
        row.unit
        for row in connection.execute(
            select(TOKEN.c.unit, TOKEN.c.response).where(TOKEN.c.used == true(), TOKEN.c.revoked == false())
        )
        if row.response is None or ends.get(row.response) == "complete"
    }
    unknown = [name for name in replace if name not in known]
    answered = [name for name in replace if known.get(name) in done]
    problems = [Problem(code, params={"n": len(n)}) for code, n in (("C058", unknown), ("C059", answered)) if n]
    if problems:
        raise CollectionError(problems)


def _token(link: Link, number: int, binding: _Binding, response: str | None = None) -> dict[str, Any]:
    """Return the row of a link; one that goes on with a response has been used."""
    row = {"hash": link_of(link.token), "unit": number, "survey": binding.survey, "version": binding.version}
    state = {"valid_until": binding.valid_until, "revoked": False, "used": response is not None}
    return {**row, **state, "response": response}
