"""What a simulated respondent has for a browser: one connection that is kept, the server's redirects, a clock."""

from __future__ import annotations

import ipaddress
import socket
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlencode, urlsplit

from satmeter.errors import CollectionError, Problem

_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_SECONDS = 60.0
_PAUSE = 0.2


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server answered.

    Attributes
    ----------
    place
        Where it leads to; empty when it does not.
    """

    status: int
    place: str
    text: str


@dataclass(slots=True)
class Tally:
    """What happened to the requests of one browser.

    Attributes
    ----------
    seconds
        Of every post that was answered, by whatever.
    asked
        Seconds of every page that was asked for.
    trouble
        Kinds of trouble to their number: ``lost`` connections, and statuses that no respondent should meet.
    """

    seconds: list[float] = field(default_factory=list)
    asked: list[float] = field(default_factory=list)
    trouble: Counter[str] = field(default_factory=Counter)


def check_address(url: str, *, own_server: bool) -> str:
    """Return the address of a server that simulated respondents may be sent to.

    Parameters
    ----------
    url
        ``http://127.0.0.1:8000``: a scheme, a host, a port.
    own_server
        Whether whoever asks says that the server is theirs; otherwise it must be on this machine.

    Raises
    ------
    CollectionError
        C130 no such address, C131 another machine.

    Examples
    --------
    >>> check_address("http://127.0.0.1:8000/", own_server=False)
    'http://127.0.0.1:8000'
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise CollectionError(Problem("C130", got=url)) from None
    plain = not (parts.query or parts.fragment or parts.username or parts.password) and parts.path in ("", "/")
    if parts.scheme not in ("http", "https") or not parts.hostname or not plain or port == 0:
        raise CollectionError(Problem("C130", got=url))
    if not own_server and not _on_this_machine(parts.hostname):
        raise CollectionError(Problem("C131", got=url))
    return url.rstrip("/")


class Browser:
    """Asks one server, and no other whatever it says.

    Parameters
    ----------
    address
        From `check_address`.
    patience
        Seconds in which a request that was not answered, or answered with 503, is sent again as it was.
    stopped
        Asked before a request is sent again: whether nobody waits any more.
    """

    def __init__(self, address: str, *, patience: float, stopped: Callable[[], bool]) -> None:
        parts = urlsplit(address)
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._connection = kind(parts.hostname or "", parts.port, timeout=_SECONDS)
        self._patience = patience
        self._stopped = stopped
        self.tally = Tally()

    def get(self, path: str, *, language: str = "") -> Answer:
        """Ask for a page."""
        return self._asked("GET", path, None, {"Accept-Language": language} if language else {}, self.tally.asked)

    def post(self, path: str, fields: Sequence[tuple[str, str]]) -> Answer:
        """Post a form; the answer is not followed."""
        return self._asked("POST", path, urlencode(fields).encode("ascii"), _FORM, self.tally.seconds)

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()

    def _asked(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str], seconds: list[float]
    ) -> Answer:
        """Send until there is an answer, or patience is at its end.

        Raises
        ------
        CollectionError
            C132 when nobody answers.
        """
        until = time.monotonic() + self._patience
        while True:
            begun = time.perf_counter()
            try:
                answer = self._answer(method, path, body, headers)
            except (OSError, HTTPException) as error:
                self._connection.close()
                self.tally.trouble["lost"] += 1
                if time.monotonic() > until or self._stopped():
                    reason = getattr(error, "strerror", None) or type(error).__name__
                    raise CollectionError(Problem("C132", params={"reason": reason})) from None
            else:
                seconds.append(time.perf_counter() - begun)
                if answer.status != 503 or time.monotonic() > until or self._stopped():
                    return answer
                self.tally.trouble["503"] += 1
            time.sleep(_PAUSE)

    def _answer(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        self._connection.request(method, path, body, headers)
        got = self._connection.getresponse()
        text = got.read().decode("utf-8")
        place = got.headers.get("Location", "") if 300 <= got.status < 400 else ""
        return Answer(got.status, place if place.startswith("/") else "", text)


def _on_this_machine(host: str) -> bool:
    try:
        found = {entry[4][0] for entry in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError):
        return False
    return all(ipaddress.ip_address(str(address).partition("%")[0]).is_loopback for address in found)
