"""Quotas: places for respondents of every kind, taken and given back inside the writer's transaction."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, exists, false, func, insert, not_, select, update

from satmeter.collection.fieldwork_file import Counts
from satmeter.collection.sample_tables import CELL, PLACE
from satmeter.journal.schema import EVENT

FULL = "quota_full"
"""What a guard refuses with; the reason of the event `withdrawn`, and the kind of message."""

_HELD = PLACE.c.response == bindparam("own")
_OF_CELL = (CELL.c.question == bindparam("of"), CELL.c.code == bindparam("as"))
_OWN = select(PLACE.c.question, PLACE.c.code, PLACE.c.kept).where(_HELD)
_LEAVE = delete(PLACE).where(_HELD, PLACE.c.question == bindparam("of"))
_KEEP = update(PLACE).where(_HELD).values(kept=True)
_TAKEN = select(CELL.c.taken).where(*_OF_CELL)
_COUNT = update(CELL).where(*_OF_CELL).values(taken=CELL.c.taken + bindparam("more"))
_ALIVE = exists().where(EVENT.c.response == PLACE.c.response, EVENT.c.at > bindparam("time"))
_LEFT = and_(PLACE.c.kept == false(), PLACE.c.since <= bindparam("time"), not_(_ALIVE))
_SWEEP = delete(PLACE).where(PLACE.c.question == bindparam("of"), PLACE.c.code == bindparam("as"), _LEFT)

Clock = Callable[[], datetime.datetime]


def utc_now() -> datetime.datetime:
    """Return the time in UTC."""
    return datetime.datetime.now(datetime.UTC)


@dataclass(frozen=True, slots=True)
class Cell:
    """One option of one question: places that there are, taken by submitted responses, held by others."""

    question: str
    code: str
    limit: int
    kept: int
    held: int

    @property
    def full(self) -> bool:
        """Whether nobody else gets in now."""
        return self.kept + self.held >= self.limit


@dataclass(frozen=True, eq=False)
class Quotas:
    """The quotas of one survey.

    A response takes a place in every cell that its profile answers name, at once or not at all, when they are first
    given. It is held as long as the respondent does something within `hold` and given back when the answer changes;
    submitting keeps it. A place that was left for longer goes to the next who needs it; until then its holder may come
    back. A table counts the places of every cell, in the same transaction, so that no post counts them anew.

    Attributes
    ----------
    limits
        Question to option to places; an option without a number has any.
    hold
        Time without a sign of life after which a place is given to others.
    clock
        The time it is.
    """

    limits: Counts
    hold: datetime.timedelta
    clock: Clock = utc_now

    def guard(
        self,
        response: str,
        values: Mapping[str, Any],
        *,
        before: Mapping[str, Any] | None = None,
        seen: str = "",
        submitted: bool = False,
    ) -> Callable[[Connection], str] | None:
        """Return the guard of a job that writes answers.

        Parameters
        ----------
        response
            Whose answers they are.
        values
            All answers of the response as they are after this job.
        before, seen
            All answers before this job, and the time of the last event (`State.seen`); None where they are not known.
        submitted
            Whether the job submits the response.

        Returns
        -------
        callable or None
            Refuses with ``quota_full`` where a cell has no place; nothing is taken then. What was held is given back
            by `release`, and the journal should be told by an event `withdrawn` with this reason. None where there is
            nothing to take, give back or keep, which is so for nearly all posts.
        """
        wanted = self._wanted(values)
        same = before is not None and not submitted and self._wanted(before) == wanted
        if same and (not wanted or seen > self._since(self.clock())):
            return None

        def take(connection: Connection) -> str:
            return self._take(connection, response, wanted, submitted)

        return take

    def release(self, response: str) -> Callable[[Connection], str]:
        """Return the guard of the job that withdraws a response: its places are given back."""

        def give_back(connection: Connection) -> str:
            release_places(connection, response)
            return ""

        return give_back

    def cells(self, connection: Connection) -> tuple[Cell, ...]:
        """Return the state of every cell, in the order of the fieldwork file."""
        told = {"time": self._since(self.clock())}
        query = (
            select(PLACE.c.question, PLACE.c.code, PLACE.c.kept, func.count())
            .where(not_(_LEFT))
            .group_by(PLACE.c.question, PLACE.c.code, PLACE.c.kept)
        )
        counts = {(question, code, bool(kept)): n for question, code, kept, n in connection.execute(query, told)}
        return tuple(
            Cell(question, code, limit, counts.get((question, code, True), 0), counts.get((question, code, False), 0))
            for question, codes in self.limits.items()
            for code, limit in codes.items()
        )

    def _wanted(self, values: Mapping[str, Any]) -> dict[str, str]:
        """Return question to option, of the quotas that these answers touch."""
        return {
            question: code
            for question, codes in self.limits.items()
            if isinstance(code := values.get(question), str) and code in codes
        }

    def _take(self, connection: Connection, response: str, wanted: dict[str, str], submitted: bool) -> str:
        now = self.clock()
        own = {row.question: row for row in connection.execute(_OWN, {"own": response})}
        stays = {question for question, row in own.items() if wanted.get(question) == row.code}
        for question, code in wanted.items():
            if question not in stays and not self._has_room(connection, question, code, now):
                return FULL
        for question, row in own.items():
            if question not in stays:
                connection.execute(_LEAVE, {"own": response, "of": question})
                connection.execute(_COUNT, {"of": question, "as": row.code, "more": -1})
        for question, code in wanted.items():
            if question not in stays:
                place = {"response": response, "question": question, "code": code}
                connection.execute(insert(PLACE), {**place, "kept": submitted, "since": _stamp(now)})
                connection.execute(_COUNT, {"of": question, "as": code, "more": 1})
        if submitted and any(not own[question].kept for question in stays):
            connection.execute(_KEEP, {"own": response})
        return ""

    def _has_room(self, connection: Connection, question: str, code: str, now: datetime.datetime) -> bool:
        """Tell whether a cell has a place; when it is full, places that were left long ago are given back first."""
        cell = {"of": question, "as": code}
        taken = connection.execute(_TAKEN, cell).scalar_one_or_none()
        if taken is None:
            connection.execute(insert(CELL), {"question": question, "code": code, "taken": 0})
            taken = 0
        if taken >= self.limits[question][code]:
            left = connection.execute(_SWEEP, {**cell, "time": self._since(now)}).rowcount
            connection.execute(_COUNT, {**cell, "more": -left})
            taken -= left
        return taken < self.limits[question][code]

    def _since(self, now: datetime.datetime) -> str:
        """Return the time after which a respondent must have done something to hold a place."""
        return _stamp(now - self.hold)


def release_places(connection: Connection, response: str) -> None:
    """Give back all places of a response, and forget what was known of it here."""
    for row in connection.execute(_OWN, {"own": response}).all():
        connection.execute(_LEAVE, {"own": response, "of": row.question})
        connection.execute(_COUNT, {"of": row.question, "as": row.code, "more": -1})


def _stamp(moment: datetime.datetime) -> str:
    return moment.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
