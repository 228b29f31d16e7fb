"""Sampled units as interviewers see them: whom to call next, what came of it, and a token that is redeemed once."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Column, Connection, ForeignKey, String, Table, delete, false, func, insert, select, update

from satmeter.collection.dispositions import ENDED, RESULTS, record_contact
from satmeter.collection.invitations import Guard
from satmeter.collection.outcomes import outcomes
from satmeter.collection.sample_tables import CONTACT, TABLES, TOKEN, UNIT

CALL_RESULTS = tuple(name for name in RESULTS if name not in ("not_attempted", "undelivered"))
"""What a call can end in."""

Standing = Literal["due", "later", "open", "elsewhere", "ended", "over", "done"]

APPOINTMENT = Table(
    "sample_appointment",
    TABLES,
    Column("unit", ForeignKey("sample_unit.number"), primary_key=True),
    Column("at", String, nullable=False),  # local time, to the minute
    Column("agent", String, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One call: when, what came of it, who called."""

    at: str
    result: str
    agent: str


@dataclass(frozen=True, slots=True)
class CallUnit:
    """One sampled unit.

    Attributes
    ----------
    number, id, strata
        Of the sample.
    contacts
        Sealed, as they are stored.
    attempts
        In the order in which they were recorded.
    appointment
        Local time to the minute; empty: none.
    response
        That was begun; empty: none.
    standing
        ``due`` can be called now; ``later`` has an appointment that is still to come; ``open`` an interview that this
        agent may go on with; ``elsewhere`` begun by the respondent or by another agent; ``ended`` refused, not
        eligible and the like; ``over`` the response was withdrawn, e.g. as a quota was full; ``done`` has answered.
    """

    number: int
    id: str
    strata: Mapping[str, str]
    contacts: Mapping[str, Any]
    attempts: tuple[Attempt, ...]
    appointment: str
    response: str
    standing: Standing


def call_list(
    connection: Connection, *, now: datetime.datetime, may_go_on: Callable[[str], bool], number: int | None = None
) -> tuple[CallUnit, ...]:
    """Return the units of an identified survey, whom to call next first.

    Parameters
    ----------
    connection
        A reading connection of the store.
    now
        The local time.
    may_go_on
        Tells of a response that was begun whether the agent may go on with it.
    number
        Of the only unit that is wanted.

    Returns
    -------
    tuple of CallUnit
        Appointments whose time has come, the earliest first; open interviews; who was called least often, the longest
        ago; later appointments; then those who need no call.
    """
    ends = outcomes(connection)
    tokens = select(TOKEN.c.unit, TOKEN.c.response).where(TOKEN.c.response.is_not(None)).order_by(TOKEN.c.number)
    units = select(UNIT).order_by(UNIT.c.number)
    calls = select(CONTACT).order_by(CONTACT.c.number)
    appointments = select(APPOINTMENT.c.unit, APPOINTMENT.c.at)
    if number is not None:
        units, tokens = units.where(UNIT.c.number == number), tokens.where(TOKEN.c.unit == number)
        calls, appointments = calls.where(CONTACT.c.unit == number), appointments.where(APPOINTMENT.c.unit == number)
    bound = {row.unit: row.response for row in connection.execute(tokens)}
    tried: dict[int, list[Attempt]] = {}
    for row in connection.execute(calls):
        tried.setdefault(row.unit, []).append(Attempt(row.at, row.result, row.agent))
    agreed = {row.unit: row.at for row in connection.execute(appointments)}
    clock = now.strftime("%Y-%m-%dT%H:%M")
    found = []
    for unit in connection.execute(units):
        response, attempts = bound.get(unit.number, ""), tuple(tried.get(unit.number, ()))
        standing = _standing(ends.get(response), response, attempts, agreed.get(unit.number, ""), clock, may_go_on)
        made = (agreed.get(unit.number, ""), response, standing)
        found.append(CallUnit(unit.number, unit.id, unit.strata, unit.contacts, attempts, *made))
    return tuple(sorted(found, key=_urgency))


def record_call(
    connection: Connection, number: int, result: str, *, at: str, agent: str, appointment: str = ""
) -> bool:
    """Record one call, and the appointment that was made or has become void; run within the writer's transaction.

    Returns
    -------
    bool
        False when there is no such unit or result; nothing is recorded then.
    """
    unit = connection.execute(select(UNIT.c.id).where(UNIT.c.number == number)).scalar_one_or_none()
    if unit is None or not record_contact(connection, unit, result, at=at, agent=agent):
        return False
    connection.execute(delete(APPOINTMENT).where(APPOINTMENT.c.unit == number))
    if result == "callback" and appointment:
        connection.execute(insert(APPOINTMENT).values(unit=number, at=appointment, agent=agent))
    return True


def redeem_unit(number: int, response: str, *, survey: str) -> Guard:
    """Return the guard of the job that opens the interview of a unit: its link is redeemed, as if it had been used.

    Parameters
    ----------
    number
        Of the sample.
    response
        That is opened.
    survey
        Of the questionnaire that is fielded.

    Returns
    -------
    callable
        Refuses with ``begun`` a unit that has begun, wherever that was, and with ``unknown`` one that is not there or
        has no link any more.
    """

    def redeem(connection: Connection) -> str:
        own = (TOKEN.c.unit == number, TOKEN.c.survey == survey, TOKEN.c.revoked == false())
        if not connection.execute(select(func.count()).select_from(TOKEN).where(*own)).scalar_one():
            return "unknown"
        taken = update(TOKEN).where(*own, TOKEN.c.used == false()).values(used=True, response=response)
        if connection.execute(taken).rowcount != 1:
            return "begun"
        connection.execute(delete(APPOINTMENT).where(APPOINTMENT.c.unit == number))
        return ""

    return redeem


def _standing(
    end: str | None,
    response: str,
    attempts: tuple[Attempt, ...],
    appointment: str,
    clock: str,
    may_go_on: Callable[[str], bool],
) -> Standing:
    if end in ("begun", "partial"):
        return "open" if may_go_on(response) else "elsewhere"
    if end is not None or response:
        return "done" if end == "complete" else "over"
    if attempts and attempts[-1].result in ENDED:
        return "ended"
    return "later" if appointment > clock else "due"


_ORDER = {"due": 1, "open": 1, "later": 3, "elsewhere": 4, "ended": 5, "over": 6, "done": 7}


def _urgency(unit: CallUnit) -> tuple[int, str, int, str, int]:
    promised = unit.standing == "due" and unit.appointment != ""
    place = 0 if promised else _ORDER[unit.standing]
    opened = 0 if unit.standing == "open" else 1
    last = unit.attempts[-1].at if unit.attempts else ""
    return (place, unit.appointment, opened * (1 + len(unit.attempts)), last, unit.number)
