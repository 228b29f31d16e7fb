"""Whether a store holds what simulated respondents gave, answer by answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from satmeter.collection.keys import link_of
from satmeter.collection.walker import JOINER, Walk
from satmeter.journal.chain import verify_chain
from satmeter.journal.model import State
from satmeter.journal.sealing import SealingKey, is_sealed, unseal
from satmeter.journal.states import fold
from satmeter.journal.store import Store
from satmeter.journal.view import cell_text


@dataclass(frozen=True, slots=True)
class Compared:
    """What came of comparing.

    Attributes
    ----------
    responses, answers
        How many were compared.
    lost
        Responses that are not there, or not as far as their respondent was told: (number of the walk, what).
    differing
        Answers that are not there or are others: (number of the walk, variable).
    sealed
        Answers that could not be compared without the key.
    intact
        Whether the chain verifies.
    """

    responses: int
    answers: int
    lost: tuple[tuple[int, str], ...]
    differing: tuple[tuple[int, str], ...]
    sealed: int
    intact: bool

    @property
    def same(self) -> bool:
        """Whether all is as it was given."""
        return self.intact and not self.lost and not self.differing


def compare(store: Store, walks: Iterable[Walk], *, key: SealingKey | None = None) -> Compared:
    """Compare a store with what was given.

    Parameters
    ----------
    store
        Open for reading.
    walks
        From `walk_all`, on the server of this store.
    key
        Opens sealed answers.
    """
    lost: list[tuple[int, str]] = []
    differing: list[tuple[int, str]] = []
    responses = answers = sealed = 0
    for number, walk in enumerate(walks):
        if not walk.key or (walk.ending == "turned_away"):
            continue
        responses += 1
        response = store.response_of(link_of(walk.key))
        state = fold(store.events(response)) if response else None
        if state is None or (walk.ending == "complete") > state.submitted:
            lost.append((number, "response" if state is None else "submitted"))
            if state is None:
                continue
        found = _texts(state, key)
        for name in sorted({*walk.given, *found}):
            if found.get(name) is None and name in found:
                sealed += 1
                continue
            answers += 1
            if not _as_given(found.get(name, ""), walk, name):
                differing.append((number, name))
    return Compared(responses, answers, tuple(lost), tuple(differing), sealed, verify_chain(store).intact)


def _texts(state: State, key: SealingKey | None) -> dict[str, str | None]:
    """Return all answers as texts; None for one that is sealed."""
    return {name: _text(state, name, cell, key) for name, cell in state.values.items()}


def _text(state: State, name: str, cell: Any, key: SealingKey | None) -> str | None:
    if is_sealed(cell):
        if key is None:
            return None
        cell = unseal(cell, key, response=state.response, variable=name)
    return JOINER.join(cell) if isinstance(cell, list) else cell_text(cell)


def _as_given(found: str | None, walk: Walk, name: str) -> bool:
    return found == walk.given.get(name, "") or (name in walk.unsure and found == walk.unsure[name])
