"""Where responses stand: events folded into states, the last used of which are kept in memory."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from satmeter.journal.model import State, Stored

_K = TypeVar("_K")
_V = TypeVar("_V")


def next_state(state: State | None, event: Stored) -> State | None:
    """Return the state after one more event.

    Parameters
    ----------
    state
        Before the event; None for a response without events.
    event
        Of the same response.

    Returns
    -------
    State or None
        None when the response has been erased.
    """
    if event.payload is None or event.kind == "erased":
        return None
    told = event.payload
    if state is None:
        state = State(response=event.response, definition=event.definition, opened=event.at)
    changes = _FOLDS[event.kind](state, told) if event.kind in _FOLDS else {}
    if told.get("language"):
        changes["language"] = told["language"]
    return replace(state, seq=event.seq, seen=event.at, **changes)


def _opened(_: State, told: Mapping[str, Any]) -> dict[str, Any]:
    return {"order": tuple(told.get("order", ())), "mode": told.get("mode", ""), "opening": told}


def _passed(state: State, told: Mapping[str, Any]) -> dict[str, Any]:
    if not told.get("passed", True):
        return {}
    page = told["page"]
    return {"page": max(state.page, page), "pages_passed": state.pages_passed | {page}}


def _answered(state: State, told: Mapping[str, Any]) -> dict[str, Any]:
    together = {**state.values, **told.get("values", {})}
    values = {name: cell for name, cell in together.items() if cell is not None}
    return {"values": values} | (_passed(state, told) if told.get("passed") else {})


_FOLDS: Mapping[str, Callable[[State, Mapping[str, Any]], dict[str, Any]]] = {
    "opened": _opened,
    "page": _passed,
    "answered": _answered,
    "changed": _answered,
    "submitted": lambda *_: {"submitted": True},
    "reopened": lambda *_: {"submitted": False, "withdrawn": False, "reason": ""},
    "withdrawn": lambda _, told: {"withdrawn": True, "reason": told.get("reason", "")},
}


def fold(events: Iterable[Stored]) -> State | None:
    """Return the state after all events of one response.

    Examples
    --------
    >>> opened = Stored(1, "2026-11-22T08:00:00.000000Z", "opened", "r1", "d", {"language": "en", "order": ["a"]}, b"")
    >>> answered = Stored(2, "2026-11-22T08:01:00.000000Z", "answered", "r1", "d", {"page": 1, "values": {"a": 4}}, b"")
    >>> state = fold([opened, answered])
    >>> state.values, state.page, state.submitted
    ({'a': 4}, 0, False)
    """
    state: State | None = None
    for event in events:
        state = next_state(state, event)
    return state


class States:
    """The states and personal links that were used last; the database is the truth."""

    def __init__(self, limit: int, *, alone: bool = False) -> None:
        self._limit = limit
        self._alone = alone  # there is no database: a response that is not here is new
        self._lock = threading.Lock()
        self._states: OrderedDict[str, State] = OrderedDict()
        self._links: OrderedDict[bytes, str] = OrderedDict()
        self._reading: dict[str, int] = {}
        self._outdated: set[str] = set()

    def state(self, response: str, read: Callable[[], State | None]) -> State | None:
        """Return a state from memory, else from what `read` finds in the database."""
        with self._lock:
            known = self._states.get(response)
            if known is not None:
                self._states.move_to_end(response)
                return known
            self._reading[response] = self._reading.get(response, 0) + 1
        try:
            found = read()
            with self._lock:
                if found is not None and response not in self._outdated:
                    self._keep(self._states, response, found)
        finally:
            with self._lock:
                self._reading[response] -= 1
                if not self._reading[response]:
                    del self._reading[response]
                    self._outdated.discard(response)
        return found

    def response_of(self, link: bytes, read: Callable[[], str | None]) -> str | None:
        """Return the response of a personal link from memory, else what `read` finds in the database."""
        with self._lock:
            known = self._links.get(link)
            if known is not None:
                self._links.move_to_end(link)
                return known
        found = read()
        if found is not None:
            with self._lock:
                self._keep(self._links, link, found)
        return found

    def remembered(self, link: bytes) -> State | None:
        """Return the state behind a personal link when both are in memory."""
        with self._lock:
            response = self._links.get(link)
            known = None if response is None else self._states.get(response)
            if known is not None:
                self._links.move_to_end(link)
                self._states.move_to_end(known.response)
            return known

    def follow(self, events: Iterable[Stored], links: Mapping[bytes, str]) -> None:
        """Take in what has just been committed."""
        with self._lock:
            for event in events:
                if event.response in self._reading:
                    self._outdated.add(event.response)
                known = self._states.get(event.response)
                if (known is not None and known.seq < event.seq) or (known is None and self._alone):
                    after = next_state(known, event)
                    if after is None:
                        self._states.pop(event.response, None)
                    else:
                        self._keep(self._states, event.response, after)
            for link, response in links.items():
                self._keep(self._links, link, response)

    def forget(self, response: str | None = None) -> None:
        """Forget one response with its links, or everything."""
        with self._lock:
            self._outdated.update(self._reading)
            if response is None:
                self._states.clear()
                self._links.clear()
                return
            self._states.pop(response, None)
            for link in [link for link, bound in self._links.items() if bound == response]:
                del self._links[link]

    def _keep(self, kept: OrderedDict[_K, _V], name: _K, value: _V) -> None:
        kept[name] = value
        kept.move_to_end(name)
        if len(kept) > self._limit:
            kept.popitem(last=False)
