"""Where two keyings of a sheet differ, what was decided, and how often every keyer was wrong."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from satmeter.collection.csv_cells import csv_bytes
from satmeter.collection.entry_store import Reading, differences, opened, settled_readings
from satmeter.collection.entry_tables import KeyedSheet, keyed_sheets
from satmeter.collection.keying import as_typed
from satmeter.collection.steps import sheets_of
from satmeter.errors import CollectionError, Problem
from satmeter.form.layout import Entry
from satmeter.journal.sealing import SealingKey, is_sealed
from satmeter.journal.store import Store
from satmeter.questionnaire.model import Questionnaire

_Z = 1.959963984540054
_HEAD = ("sheet", "respondent", "variable", "first", "first_keyer", "second", "second_keyer", "decided", "decided_by")


@dataclass(frozen=True, slots=True)
class KeyerRate:
    """How often one keyer was wrong.

    Attributes
    ----------
    agent
        Who keyed.
    sheets, n
        Settled sheets that they keyed, and the answers on these: those that any keying or the decision fills.
    errors
        Answers that were not keyed as they were settled.
    """

    agent: str
    sheets: int
    n: int
    errors: int

    @property
    def rate(self) -> float:
        """Errors by answers; NaN without answers."""
        return self.errors / self.n if self.n else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95% interval of the rate, as if errors came one by one; NaN without answers."""
        if not self.n:
            return math.nan, math.nan
        middle = (self.rate + _Z**2 / (2 * self.n)) / (1 + _Z**2 / self.n)
        spread = self.rate * (1 - self.rate) / self.n + _Z**2 / (4 * self.n**2)
        half = _Z * math.sqrt(spread) / (1 + _Z**2 / self.n)
        return max(0.0, middle - half), min(1.0, middle + half)


def read_sheets(store: Store, key: SealingKey | None) -> tuple[KeyedSheet, ...]:
    """Return all keyed sheets of a store.

    Raises
    ------
    CollectionError
        C107 when answers are sealed and there is no key; C108 when no sheet was keyed.
    JournalError
        K052, K055 when the key does not open them.
    """
    with store.connection() as connection:
        found = keyed_sheets(connection)
    if not found:
        raise CollectionError(Problem("C108", file=store.shown))
    cells = (cell for sheet in found for keying in sheet.keyings for cell in keying.cells.values())
    if key is None and any(is_sealed(cell) for cell in cells):
        raise CollectionError(Problem("C107", file=store.shown))
    return tuple(opened(sheet, key) for sheet in found)


def keyer_rates(sheets: Iterable[KeyedSheet]) -> tuple[KeyerRate, ...]:
    """Return error rates by keyer, from settled sheets."""
    found: dict[str, list[int]] = {}
    for sheet in sheets:
        final = settled_readings(sheet) if sheet.settled else None
        if final is None:
            continue
        blank: Reading = (None, False)
        read = [{name: (k.cells.get(name), name in k.illegible) for name in final} for k in sheet.keyings]
        filled = [name for name in final if any(one[name] != blank for one in (*read, final))]
        for keying, own in zip(sheet.keyings, read, strict=True):
            counts = found.setdefault(keying.agent, [0, 0, 0])
            wrong = sum(own[name] != final[name] for name in filled)
            for place, more in enumerate((1, len(filled), wrong)):
                counts[place] += more
    return tuple(KeyerRate(agent, *counts) for agent, counts in sorted(found.items()))


def difference_list(sheets: Sequence[KeyedSheet], questionnaire: Questionnaire) -> bytes:
    """Return every difference as CSV, decided or not, as it was typed.

    Columns: sheet, respondent (empty until settled), variable, first, first_keyer, second, second_keyer, decided,
    decided_by.
    """
    entries = entries_of(questionnaire)
    rows = []
    for sheet in sheets:
        for difference in differences(sheet):
            name, entry = difference.variable, entries.get(difference.variable)
            decided = sheet.decisions.get(name)
            first, second = (keying.agent for keying in sheet.keyings)
            respondent = sheet.response if sheet.settled else ""
            one, two = shown(entry, difference.first), shown(entry, difference.second)
            end = [shown(entry, decided) if decided else "", sheet.decided_by.get(name, "")]
            rows.append([sheet.number, respondent, name, one, first, two, second, *end])
    return csv_bytes(_HEAD, rows)


def shown(entry: Entry | None, reading: Reading) -> str:
    """Return a reading as it is typed; of a variable that is no longer asked, its cell."""
    cell, illegible = reading
    if entry is None:
        return "" if cell is None else str(cell)
    return as_typed(entry, cell, illegible=illegible)


def entries_of(questionnaire: Questionnaire) -> dict[str, Entry]:
    """Return every entry of a questionnaire by its variable."""
    return {entry.id: entry for sheet in sheets_of(questionnaire) for entry in sheet.entries}
