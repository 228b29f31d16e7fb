"""The routes of all ways of answering that are open besides the web."""

from __future__ import annotations

from starlette.routing import BaseRoute

from satmeter.collection.agent_routes import Agents
from satmeter.collection.entry_routes import SheetEntry
from satmeter.collection.kiosk import Kiosk
from satmeter.collection.survey import Survey


def mode_routes(survey: Survey) -> list[BaseRoute]:
    """Return the routes of shared devices, of interviewers and of keyed sheets, as far as the fieldwork has them."""
    found: list[BaseRoute] = []
    ways = survey.settings.ways
    if "kiosk" in ways:
        found += Kiosk(survey).routes()
    if "agent" in ways:
        found += Agents(survey).routes()
    if "entry" in ways:
        found += SheetEntry(survey).routes()
    return found
