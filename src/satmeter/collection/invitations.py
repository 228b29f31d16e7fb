"""Invitations: links that one sampled unit redeems once, in the transaction that opens its response."""

from __future__ import annotations

import base64
import datetime
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, false, inspect, literal, select, update

from satmeter.collection.keys import is_key, link_of
from satmeter.collection.sample_tables import TOKEN, Database

Word = Literal["", "unknown", "foreign", "outdated", "expired", "revoked", "used", "begun"]
Guard = Callable[[Connection], str]

MESSAGES: dict[str, str] = {
    "unknown": "not_found",
    "foreign": "not_found",
    "outdated": "expired",
    "expired": "expired",
    "revoked": "expired",
    "used": "used",
}
"""What the respondent is told: the kind of message for every refusal (`begun` leads on to the own answers)."""


@dataclass(frozen=True, eq=False)
class Invitations:
    """The invitations of one survey.

    Attributes
    ----------
    survey, version
        Of the questionnaire that is fielded now; a link is worth nothing in another.
    people
        Of an anonymous survey, the database of the sample; None: it stands beside the journal, and a link leads back
        to the own answers.
    today
        The day it is.
    """

    survey: str
    version: str
    people: Database | None = None
    today: Callable[[], datetime.date] = datetime.date.today

    @property
    def anonymous(self) -> bool:
        """Whether nothing joins a link and a response."""
        return self.people is not None

    def look(self, connection: Connection, token: str) -> Word:
        """Tell what a link is worth, changing nothing.

        Parameters
        ----------
        connection
            A reading connection of the store.
        token
            As it stands in the address.

        Returns
        -------
        str
            '' it can be redeemed; `begun` (never in an anonymous survey) it was, and leads to the response of
            `personal_key`; `used` the same in an anonymous survey; `unknown`, `foreign` (of another survey),
            `outdated` (of another version), `expired`, `revoked`.
        """
        if self.people is None:
            if not inspect(connection).has_table(TOKEN.name):
                return "unknown"
            return self._word(_row(connection, token))
        with self.people.reading() as own:
            return self._word(_row(own, token))

    def guard(self, token: str, response: str) -> Guard:
        """Return the guard of the job that opens a response of an identified survey.

        It redeems the link or says why not. The work is the same for links that exist and links that do not.
        """

        def redeem(connection: Connection) -> str:
            return self._redeem(connection, token, response)

        return redeem

    def claim(self, token: str) -> Word:
        """Redeem a link of an anonymous survey, before its response is opened; when opening fails, call `give_back`.

        Who began and what is answered are written one after the other, for one transaction would join them. A server
        that is killed between the two leaves a link that is used and no response, never two responses.

        Returns
        -------
        str
            As of `look`.
        """
        if self.people is None:
            raise ValueError("links of an identified survey are redeemed by their guard")
        with self.people.writing() as own:
            return self._redeem(own, token, None)

    def give_back(self, token: str) -> None:
        """Make a link of an anonymous survey good again whose response could not be opened."""
        if self.people is not None:
            with self.people.writing() as own:
                own.execute(update(TOKEN).where(TOKEN.c.hash == _hash(token)).values(used=False))

    def response_of(self, connection: Connection, token: str) -> str | None:
        """Return the response of a link that has begun; None in an anonymous survey, where nobody knows it."""
        return connection.execute(select(TOKEN.c.response).where(TOKEN.c.hash == _hash(token))).scalar_one_or_none()

    def personal_key(self, token: str) -> str:
        """Return the key of the personal link that a link of an identified survey leads to, always the same.

        It is derived from the token, so that the store keeps neither, and the token of another survey gives another.
        """
        digest = hmac.digest(token.encode("utf-8", "replace"), f"personal link\n{self.survey}".encode(), "sha256")
        return base64.urlsafe_b64encode(digest[:16]).decode("ascii").rstrip("=")

    def _redeem(self, connection: Connection, token: str, response: str | None) -> Word:
        row = _row(connection, token)
        word = self._word(row)
        found = connection.execute(
            update(TOKEN)
            .where(TOKEN.c.hash == _hash(token), TOKEN.c.used == false(), literal(word) == "")
            .values(used=True, response=response)
        )
        if word or found.rowcount == 1:
            return word
        return "used" if self.anonymous else "begun"

    def _word(self, row: Any) -> Word:
        if row is None:
            return "unknown"
        if row.survey != self.survey:
            return "foreign"
        if row.revoked:
            return "revoked"
        if row.used:
            return "used" if self.anonymous else "begun"
        if row.version != self.version:
            return "outdated"
        return "expired" if row.valid_until and self.today().isoformat() > row.valid_until else ""


def _row(connection: Connection, token: str) -> Any:
    columns = (TOKEN.c.survey, TOKEN.c.version, TOKEN.c.valid_until, TOKEN.c.revoked, TOKEN.c.used)
    return connection.execute(select(*columns).where(TOKEN.c.hash == _hash(token))).first()


def _hash(token: str) -> bytes:
    """Return the digest under which a link is kept; what has not the form of a link is looked up all the same."""
    return link_of(token) if is_key(token) else hashlib.sha256(token.encode("utf-8", "replace")).digest()
