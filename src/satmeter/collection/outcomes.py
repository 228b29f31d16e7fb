"""How far the responses of invitations came, counted from the journal that stands beside the sample."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Literal

from sqlalchemy import Connection, func, inspect, select

from satmeter.collection.quotas import FULL
from satmeter.collection.sample_tables import TOKEN
from satmeter.journal.schema import EVENT

Outcome = Literal["begun", "partial", "complete", "screened_out", "withdrawn", "erased"]


def outcomes(connection: Connection) -> dict[str, Outcome]:
    """Return what became of every response that was opened by an invitation.

    Parameters
    ----------
    connection
        A reading connection of the store.

    Returns
    -------
    dict
        Response to outcome: `complete` submitted and not opened again; `partial` some question was answered; `begun`
        none was; `screened_out` withdrawn because its quota was full; `withdrawn` otherwise; `erased`.
    """
    if not inspect(connection).has_table(EVENT.name):
        return {}
    invited = select(TOKEN.c.response).where(TOKEN.c.response.is_not(None))
    last: dict[str, dict[str, int]] = {}
    query = select(EVENT.c.response, EVENT.c.kind, func.max(EVENT.c.seq)).where(EVENT.c.response.in_(invited))
    for response, kind, seq in connection.execute(query.group_by(EVENT.c.response, EVENT.c.kind)):
        last.setdefault(response, {})[kind] = seq
    found = {response: _outcome(kinds) for response, kinds in last.items()}
    gone = [last[response]["withdrawn"] for response, outcome in found.items() if outcome == "withdrawn"]
    for first in range(0, len(gone), 500):
        told = select(EVENT.c.response, EVENT.c.payload).where(EVENT.c.seq.in_(gone[first : first + 500]))
        for response, payload in connection.execute(told):
            if payload is not None and json.loads(payload).get("reason") == FULL:
                found[response] = "screened_out"
    return found


def _outcome(last: Mapping[str, int]) -> Outcome:
    """Return the outcome, given the number of the last event of every kind."""
    if "erased" in last:
        return "erased"
    reopened = last.get("reopened", 0)
    if last.get("withdrawn", 0) > reopened:
        return "withdrawn"
    if last.get("submitted", 0) > reopened:
        return "complete"
    return "partial" if "answered" in last or "changed" in last else "begun"
