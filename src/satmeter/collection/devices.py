"""Open links: how many responses one device may begin, by a cookie; weaker than an invitation, and said so."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, insert, select, update

from satmeter.collection.keys import is_key, link_of, new_key
from satmeter.collection.sample_tables import DEVICE

COOKIE = "device"
_SECONDS = 180 * 24 * 3600


def device_of(cookie: str | None) -> str:
    """Return the device that a request comes from: what its cookie says, or a new one."""
    return cookie if cookie is not None and is_key(cookie) else new_key()


def cookie_header(device: str, *, secure: bool) -> str:
    """Return the ``Set-Cookie`` header of a device; it is sent only where the fieldwork has a `device_limit`.

    Examples
    --------
    >>> cookie_header("x" * 22, secure=True)
    'device=xxxxxxxxxxxxxxxxxxxxxx; Path=/; Max-Age=15552000; HttpOnly; SameSite=Lax; Secure'
    """
    end = "; Secure" if secure else ""
    return f"{COOKIE}={device}; Path=/; Max-Age={_SECONDS}; HttpOnly; SameSite=Lax{end}"


def guard(device: str, limit: int) -> Callable[[Connection], str]:
    """Return the guard of the job that opens a response by the open link.

    Parameters
    ----------
    device
        From `device_of`; only its digest is stored, with a number and no time.
    limit
        Responses that one device may begin.

    Returns
    -------
    callable
        Refuses with ``device_limit``, a kind of message, what is above the limit.
    """

    def count(connection: Connection) -> str:
        own = DEVICE.c.hash == link_of(device)
        begun = connection.execute(select(DEVICE.c.responses).where(own)).scalar_one_or_none()
        if begun is None:
            connection.execute(insert(DEVICE).values(hash=link_of(device), responses=1))
            return ""
        if begun >= limit:
            return "device_limit"
        connection.execute(update(DEVICE).where(own).values(responses=begun + 1))
        return ""

    return count
