"""Who is let in to the monitor: sessions in memory, tokens for forms, and patience with wrong passwords."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

IDLE_SECONDS = 30 * 60
LONGEST_SECONDS = 12 * 3600
MOST_SESSIONS = 64
FIRST_DELAY = 0.5
LONGEST_DELAY = 30.0
FORGIVEN_AFTER = 15 * 60
MOST_WAITING = 4
MOST_FAMILIAR = 256

Clock = Callable[[], float]


@dataclass(slots=True)
class _Session:
    begun: float
    used: float


class Sessions:
    """Sessions of this process, kept in memory under the hash of their id; a restart ends them all.

    Parameters
    ----------
    clock
        Seconds that never go backwards.
    """

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._sessions: dict[bytes, _Session] = {}
        self._secret = secrets.token_bytes(32)

    def begin(self) -> str:
        """Open a session and return its id, 128 random bits; the oldest one ends when there are too many."""
        now = self._clock()
        self._drop_ended(now)
        while len(self._sessions) >= MOST_SESSIONS:
            del self._sessions[min(self._sessions, key=lambda key: self._sessions[key].used)]
        session = secrets.token_urlsafe(16)
        self._sessions[_hashed(session)] = _Session(now, now)
        return session

    def is_live(self, session: str, *, touch: bool = True) -> bool:
        """Tell whether an id belongs to a session that has not ended.

        Parameters
        ----------
        session
            As the browser sent it.
        touch
            Whether this counts as use. A page that renews itself does not: an unattended one ends all the same.
        """
        now = self._clock()
        self._drop_ended(now)
        found = self._sessions.get(_hashed(session))
        if found is None:
            return False
        if touch:
            found.used = now
        return True

    def end(self, session: str) -> None:
        """End a session; an unknown one is none already."""
        self._sessions.pop(_hashed(session), None)

    def token(self, session: str, purpose: str) -> str:
        """Return what a form must carry to show that it was made for this session (or this visit) and purpose."""
        return hmac.new(self._secret, f"{purpose}\0{session}".encode(), hashlib.sha256).hexdigest()

    def token_fits(self, session: str, purpose: str, token: str) -> bool:
        """Tell whether a form's token is the right one, in a time that does not depend on the answer."""
        expected = self.token(session, purpose).encode()
        return bool(session) and hmac.compare_digest(expected, token.encode("utf-8", "replace"))

    def _drop_ended(self, now: float) -> None:
        ended = [
            key
            for key, session in self._sessions.items()
            if now - session.used > IDLE_SECONDS or now - session.begun > LONGEST_SECONDS
        ]
        for key in ended:
            del self._sessions[key]


class Patience:
    """How long the next password has to wait: longer after every wrong one, never for ever.

    Wrong passwords of strangers are counted for the whole process, for no address is kept. The wait doubles from half
    a second to thirty seconds; a right password, or a quarter of an hour without a wrong one, forgives them all. At
    most four attempts wait at a time, others are told to come again.

    Parameters
    ----------
    clock
        Seconds that never go backwards.
    """

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._wrong = 0
        self._last_wrong = 0.0
        self._free_at = 0.0
        self._waiting = 0

    def enter(self) -> float | None:
        """Take a place in the row and return the seconds to wait before the password is looked at; None: no place."""
        now = self._clock()
        if now - self._last_wrong > FORGIVEN_AFTER:
            self._wrong = 0
        if self._waiting >= MOST_WAITING:
            return None
        self._waiting += 1
        begins = max(now, self._free_at)
        self._free_at = begins + self.delay
        return begins - now

    def leave(self, *, right: bool) -> None:
        """Give the place up and remember how it ended."""
        self._waiting -= 1
        now = self._clock()
        if right:
            self._wrong, self._free_at = 0, now
            return
        self._wrong += 1
        self._last_wrong = now
        self._free_at = max(self._free_at, now + self.delay)

    @property
    def delay(self) -> float:
        """Seconds between a wrong password and the next attempt."""
        return 0.0 if self._wrong == 0 else min(FIRST_DELAY * 2.0 ** min(self._wrong - 1, 16), LONGEST_DELAY)


class Familiar:
    """Browsers that were let in before: each waits for its own wrong passwords only, whatever strangers do.

    They are kept in memory under the hash of a key, the ones that came last; a restart forgets them all.

    Parameters
    ----------
    clock
        Seconds that never go backwards.
    """

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._patience: OrderedDict[bytes, Patience] = OrderedDict()

    def greet(self) -> str:
        """Return the key by which a browser that was let in is known from now on."""
        browser = secrets.token_urlsafe(16)
        self._patience[_hashed(browser)] = Patience(self._clock)
        if len(self._patience) > MOST_FAMILIAR:
            self._patience.popitem(last=False)
        return browser

    def patience_with(self, browser: str) -> Patience | None:
        """Return the patience with a browser; None with a stranger."""
        found = self._patience.get(_hashed(browser))
        if found is not None:
            self._patience.move_to_end(_hashed(browser))
        return found


def _hashed(session: str) -> bytes:
    return hashlib.sha256(session.encode("utf-8", "replace")).digest()
