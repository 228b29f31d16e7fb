"""Keyings are stored, differences decided, and a settled sheet becomes a response, each in one transaction."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, delete, insert, update

from satmeter.collection.answers import Cell
from satmeter.collection.entry_tables import DECISION, KEYING, SHEET, KeyedSheet, Keying, keyed_sheets
from satmeter.collection.invitations import Guard
from satmeter.collection.keying import Typed
from satmeter.collection.keys import new_response
from satmeter.collection.sample_tables import prepare
from satmeter.collection.settings import Settings
from satmeter.journal.model import Event
from satmeter.journal.sealing import SealingKey, is_sealed, seal_values, unseal
from satmeter.questionnaire.model import Questionnaire

_NUMBER = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,30}[A-Za-z0-9])?")

Reading = tuple[Any, bool]  # a cell, and whether the sheet cannot be read there


@dataclass(frozen=True, slots=True)
class Difference:
    """One answer that was keyed in two ways: what the first and the second keying hold."""

    variable: str
    first: Reading
    second: Reading


def is_sheet_number(text: str) -> bool:
    """Tell whether a text can be the number of a sheet: letters, digits and hyphens, at most 32."""
    return _NUMBER.fullmatch(text) is not None


def place_for(sheet: KeyedSheet | None, agent: str, *, same_keyer: bool) -> int:
    """Return which keying of a sheet an agent would make, 1 or 2; 0: none."""
    if sheet is None or not sheet.keyings:
        return 1
    if len(sheet.keyings) > 1 or sheet.settled:
        return 0
    return 2 if same_keyer or sheet.keyings[0].agent != agent else 0


class Entries:
    """The keyed sheets of one survey.

    Parameters
    ----------
    settings
        Store, questionnaire, key that seals.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        settings.store.transact(prepare)

    @property
    def questionnaire(self) -> Questionnaire:
        """The one that is fielded."""
        return self._settings.questionnaire

    def sheets(self) -> tuple[KeyedSheet, ...]:
        """Return all sheets that were keyed, cells as they are read by people."""
        with self._settings.store.connection() as connection:
            return tuple(opened(sheet, self._settings.sealing_key) for sheet in keyed_sheets(connection))

    def sheet(self, number: str) -> KeyedSheet | None:
        """Return one sheet; None when it was not keyed yet."""
        with self._settings.store.connection() as connection:
            return next((opened(s, self._settings.sealing_key) for s in keyed_sheets(connection, number)), None)

    def key(self, number: str, language: str, agent: str, found: Typed) -> str:
        """Store a keying; when it is the second and agrees with the first, the sheet becomes a response.

        Returns
        -------
        str
            ``first``; ``agreed``; ``differs``; ``taken``: somebody else was quicker, or the agent may not, and nothing
            is stored.
        """
        outcome = self._settings.store.transact(
            lambda connection: self._keyed(connection, number, language, agent, found)
        )
        return self._settle(number) if outcome == "second" else outcome

    def decide(self, number: str, agent: str, readings: Mapping[str, tuple[Cell, bool]]) -> str:
        """Store what a lead decides where two keyings differ; once nothing is open, the sheet becomes a response.

        Returns
        -------
        str
            ``agreed``; ``differs``: something is still open; ``taken``: there is no such sheet, or it is settled.
        """
        done = self._settings.store.transact(lambda connection: self._decided(connection, number, agent, readings))
        return self._settle(number) if done else "taken"

    def settle_waiting(self) -> None:
        """Make responses of sheets that agree and are not settled: a server ended in between."""
        for sheet in self.sheets():
            if not sheet.settled and settled_readings(sheet) is not None:
                self._settle(sheet.number)

    def _keyed(self, connection: Connection, number: str, language: str, agent: str, found: Typed) -> str:
        sheet = next(iter(keyed_sheets(connection, number)), None)
        place = place_for(sheet, agent, same_keyer=self._settings.fieldwork.modes.same_keyer)
        if not place:
            return "taken"
        response = sheet.response if sheet else new_response()
        if sheet is None:
            row = {"number": number, "response": response, "language": language, "settled": False}
            connection.execute(insert(SHEET).values(**row))
        made = {"sheet": number, "place": place, "agent": agent, "at": self._now()}
        cells = {"cells": self._sealed(found.cells, response), "illegible": sorted(found.illegible)}
        connection.execute(insert(KEYING).values(**made, definition=self.questionnaire.digest, **cells))
        return "first" if place == 1 else "second"

    def _decided(
        self, connection: Connection, number: str, agent: str, readings: Mapping[str, tuple[Cell, bool]]
    ) -> bool:
        sheet = next((opened(s, self._settings.sealing_key) for s in keyed_sheets(connection, number)), None)
        if sheet is None or sheet.settled:
            return False
        wanted = {difference.variable for difference in differences(sheet)} & readings.keys()
        sealed = self._sealed({name: readings[name][0] for name in wanted}, sheet.response)
        for name in sorted(wanted):
            own = (DECISION.c.sheet == number, DECISION.c.variable == name)
            connection.execute(delete(DECISION).where(*own))
            row = {"sheet": number, "variable": name, "agent": agent, "at": self._now()}
            connection.execute(insert(DECISION).values(**row, cell={"cell": sealed[name]}, illegible=readings[name][1]))
        return True

    def _settle(self, number: str) -> str:
        """Make a response of a sheet on which nothing is open."""
        sheet = self.sheet(number)
        if sheet is None or sheet.settled:
            return "taken"
        final = settled_readings(sheet)
        if final is None:
            return "differs"
        events, guard = self._events(sheet, final), _mark_settled(number)
        appended = self._settings.store.append(events, definition=self.questionnaire.digest, guard=guard)
        return "taken" if appended.refused else "agreed"

    def _events(self, sheet: KeyedSheet, final: Mapping[str, Reading]) -> tuple[Event, ...]:
        questionnaire, response = self.questionnaire, sheet.response
        payload = {"language": sheet.language, "mode": "paper", "order": list(questionnaire.variables)}
        more = {"sheet": sheet.number, "keyers": [keying.agent for keying in sheet.keyings]}
        events = [Event("opened", response, payload | more)]
        for number, page in enumerate(questionnaire.pages, start=1):
            values = {name: final[name][0] for name in page.members if name in final and final[name][0] is not None}
            unread = [name for name in page.members if name in final and final[name][1]]
            told = {"page": number, "values": self._sealed(values, response), "language": sheet.language}
            read = {"passed": True, **({"illegible": unread} if unread else {})}
            events.append(Event("answered", response, told | read))
        return (*events, Event("submitted", response, {"language": sheet.language}))

    def _sealed(self, cells: Mapping[str, Any], response: str) -> dict[str, Any]:
        key = self._settings.sealing_key
        return dict(cells) if key is None else seal_values(self.questionnaire, cells, key, response=response)

    def _now(self) -> str:
        return self._settings.now().isoformat(timespec="seconds")


def opened(sheet: KeyedSheet, key: SealingKey | None) -> KeyedSheet:
    """Return a sheet with sealed cells opened; without a key they stay sealed."""
    if key is None:
        return sheet

    def read(cells: Mapping[str, Any]) -> dict[str, Any]:
        return {
            name: unseal(cell, key, response=sheet.response, variable=name) if is_sealed(cell) else cell
            for name, cell in cells.items()
        }

    keyings = tuple(replace(keying, cells=read(keying.cells)) for keying in sheet.keyings)
    decided = read({name: cell for name, (cell, _) in sheet.decisions.items()})
    decisions = {name: (decided[name], illegible) for name, (_, illegible) in sheet.decisions.items()}
    return replace(sheet, keyings=keyings, decisions=decisions)


def differences(sheet: KeyedSheet) -> tuple[Difference, ...]:
    """Return where the two keyings of a sheet differ, in the order of the first; nothing before there are two."""
    if len(sheet.keyings) < 2:
        return ()
    first, second = sheet.keyings
    names = dict.fromkeys([*first.cells, *second.cells])
    pairs = ((name, _reading(first, name), _reading(second, name)) for name in names)
    return tuple(Difference(name, one, two) for name, one, two in pairs if one != two)


def settled_readings(sheet: KeyedSheet) -> dict[str, Reading] | None:
    """Return what a sheet says, variable to cell and whether it cannot be read; None while anything is open."""
    if len(sheet.keyings) < 2:
        return None
    differing = {difference.variable for difference in differences(sheet)}
    if not differing <= sheet.decisions.keys():
        return None
    first = sheet.keyings[0]
    return {
        name: sheet.decisions[name] if name in differing else _reading(first, name)
        for name in dict.fromkeys([*first.cells, *sheet.keyings[1].cells])
    }


def _reading(keying: Keying, name: str) -> Reading:
    return keying.cells.get(name), name in keying.illegible


def _mark_settled(number: str) -> Guard:
    def mark(connection: Connection) -> str:
        done = update(SHEET).where(SHEET.c.number == number, SHEET.c.settled.is_(False)).values(settled=True)
        return "" if connection.execute(done).rowcount == 1 else "settled"

    return mark
