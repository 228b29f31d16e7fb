"""Quotas: places for respondents of every kind, taken and given back inside the writer's transaction."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, or_, select, true, update

from satmeter.collection.fieldwork_file import Counts
from satmeter.collection.sample_tables import PLACE

FULL = "quota_full"
"""What a guard refuses with; the reason of the event `withdrawn`, and the kind of message."""

_STEP = datetime.timedelta(seconds=60)

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
    submitting keeps it. Whoever comes back after the hold gets in again when there is still a place.

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
        self, response: str, values: Mapping[str, Any], *, submitted: bool = False
    ) -> Callable[[Connection], str]:
        """Return the guard of a job that writes answers.

        Parameters
        ----------
        response
            Whose answers they are.
        values
            All answers of the response as they are after this job.
        submitted
            Whether the job submits the response.

        Returns
        -------
        callable
            Refuses with ``quota_full`` where a cell has no place; nothing is taken then. What was held is given back,
            and the journal should be told by an event `withdrawn` with this reason.
        """
        wanted = {
            question: code
            for question, codes in self.limits.items()
            if isinstance(code := values.get(question), str) and code in codes
        }

        def take(connection: Connection) -> str:
            return self._take(connection, response, wanted, submitted)

        return take

    def release(self, response: str) -> Callable[[Connection], str]:
        """Return the guard of the job that withdraws a response: its places are given back."""

        def give_back(connection: Connection) -> str:
            connection.execute(delete(PLACE).where(PLACE.c.response == response))
            return ""

        return give_back

    def cells(self, connection: Connection) -> tuple[Cell, ...]:
        """Return the state of every cell, in the order of the fieldwork file."""
        query = (
            select(PLACE.c.question, PLACE.c.code, PLACE.c.kept, func.count())
            .where(self._taken(self.clock()))
            .group_by(PLACE.c.question, PLACE.c.code, PLACE.c.kept)
        )
        counts = {(question, code, bool(kept)): n for question, code, kept, n in connection.execute(query)}
        return tuple(
            Cell(question, code, limit, counts.get((question, code, True), 0), counts.get((question, code, False), 0))
            for question, codes in self.limits.items()
            for code, limit in codes.items()
        )

    def _take(self, connection: Connection, response: str, wanted: dict[str, str], submitted: bool) -> str:
        now = self.clock()
        rows = connection.execute(select(PLACE).where(PLACE.c.response == response)).all()
        alive = {
            row.question: row
            for row in rows
            if wanted.get(row.question) == row.code and (row.kept or row.seen > self._since(now))
        }
        for question, code in wanted.items():
            if (
                question not in alive
                and self._count(connection, question, code, response, now) >= self.limits[question][code]
            ):
                return FULL
        gone = [row.question for row in rows if row.question not in alive]
        if gone:
            connection.execute(delete(PLACE).where(PLACE.c.response == response, PLACE.c.question.in_(gone)))
        for question, code in wanted.items():
            if question not in alive:
                place = {"response": response, "question": question, "code": code}
                connection.execute(insert(PLACE).values(**place, seen=_stamp(now), kept=submitted))
        late = any(row.seen < _stamp(now - _STEP) or row.kept < submitted for row in alive.values())
        if late:
            keep = or_(PLACE.c.kept, true()) if submitted else PLACE.c.kept
            connection.execute(update(PLACE).where(PLACE.c.response == response).values(seen=_stamp(now), kept=keep))
        return ""

    def _count(self, connection: Connection, question: str, code: str, response: str, now: datetime.datetime) -> int:
        cell = and_(PLACE.c.question == question, PLACE.c.code == code, PLACE.c.response != response)
        return connection.execute(select(func.count()).select_from(PLACE).where(cell, self._taken(now))).scalar_one()

    def _taken(self, now: datetime.datetime) -> ColumnElement[bool]:
        return or_(PLACE.c.kept == true(), PLACE.c.seen > self._since(now))

    def _since(self, now: datetime.datetime) -> str:
        return _stamp(now - self.hold)


def _stamp(moment: datetime.datetime) -> str:
    return moment.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
