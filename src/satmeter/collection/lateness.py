"""Answers that arrive late: what was given earlier never takes the place of what was given later.

A page's script numbers its messages, for the network may deliver an older one after a newer one. Answers that a browser
has kept without a network are sent with their age: meanwhile they may have been given anew elsewhere.
"""

from __future__ import annotations

import datetime
from collections import OrderedDict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from satmeter.journal.model import Stored

_REMEMBERED = 20_000
_LARGEST = 2**53
_OLDEST = 366 * 86_400_000.0


@dataclass(slots=True)
class _Made:
    """A page that was made: the newest message that came from it, and the events that its messages became."""

    newest: int = -1
    events: set[int] = field(default_factory=set)


class Lateness:
    """What came from every page that was made, as far as this process remembers."""

    def __init__(self) -> None:
        self._pages: OrderedDict[tuple[str, int, str], _Made] = OrderedDict()

    def is_late(self, response: str, page: int, key: str, number: int | None) -> bool:
        """Tell whether a newer message of the same page has been stored."""
        made = self._pages.get((response, page, key))
        return number is not None and made is not None and number <= made.newest

    def note(self, response: str, page: int, key: str, number: int | None, seq: int = 0) -> None:
        """Note a message that has been stored, and the event that it became (0: none)."""
        if number is None:
            return
        place = (response, page, key)
        made = self._pages.setdefault(place, _Made())
        made.newest = max(number, made.newest)
        if seq:
            made.events.add(seq)
        self._pages.move_to_end(place)
        if len(self._pages) > _REMEMBERED:
            self._pages.popitem(last=False)

    def of_others(
        self, events: Iterable[Stored], response: str, page: int, keys: Collection[object]
    ) -> Iterator[Stored]:
        """Yield the events of a response that none of these pages sent: of another window, another device."""
        made = [self._pages.get((response, page, key)) for key in keys if isinstance(key, str)]
        own = set().union(*(one.events for one in made if one is not None))
        return (event for event in events if event.seq not in own)


def number_of(given: object) -> int | None:
    """Return the number of a message, from JSON or a field of a form; None when it has none.

    Examples
    --------
    >>> number_of(3), number_of("3"), number_of("x"), number_of(True), number_of(-1)
    (3, 3, None, None, None)
    """
    if isinstance(given, str) and given.isascii() and given.isdigit() and len(given) <= 16:
        given = int(given)
    sound = isinstance(given, int) and not isinstance(given, bool) and 0 <= given <= _LARGEST
    return given if sound and isinstance(given, int) else None


def ages_of(given: object, names: Collection[str]) -> dict[str, float]:
    """Return how many milliseconds ago answers were given, as far as a message says so."""
    if not isinstance(given, dict):
        return {}
    return {
        name: float(min(age, _OLDEST))
        for name, age in given.items()
        if name in names and isinstance(age, int | float) and not isinstance(age, bool) and age >= 0
    }


def given_anew(events: Iterable[Stored], ages: Mapping[str, float], now: datetime.datetime) -> frozenset[str]:
    """Return the variables that were answered after an answer of this age was given.

    Parameters
    ----------
    events
        From `Lateness.of_others`: a page's own messages say nothing against what is given on it later.
    ages
        Variable to milliseconds before `now`.
    now
        The clock of the server; times of browsers are never compared with it, only their differences.
    """
    given = {name: now - datetime.timedelta(milliseconds=age) for name, age in ages.items()}
    found: set[str] = set()
    for event in events:
        answered = (event.payload or {}).get("values", {})
        at = datetime.datetime.fromisoformat(event.at)
        found.update(name for name in answered if name in given and at > given[name])
    return frozenset(found)
