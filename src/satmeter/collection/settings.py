"""What one fieldwork server is given."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from starlette.routing import BaseRoute

from satmeter.collection.agents_file import Agent, has_role
from satmeter.collection.fieldwork_file import Fieldwork
from satmeter.collection.invitations import Invitations
from satmeter.collection.limits import Limits
from satmeter.collection.quotas import Quotas
from satmeter.journal.sealing import SealingKey
from satmeter.journal.store import Store
from satmeter.questionnaire.model import Questionnaire


def _local_now() -> datetime.datetime:
    return datetime.datetime.now().astimezone()


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One survey as it is fielded.

    Attributes
    ----------
    questionnaire
        The definition under which new responses are opened; the store must know it (`versions.open_edition`).
    store
        Where answers go.
    fieldwork
        Theme, quotas, plan, closing date; from a fieldwork file.
    language
        Shown to a respondent whose browser asks for no language that the questionnaire has; empty: its first.
    base_url
        Address under which respondents come, e.g. ``https://survey.example.org``; empty when it is not known.
    invitations
        Of a survey with a sample.
    quotas
        Places for respondents of every kind.
    sealing_key
        For answers that may identify a person; needed when the questionnaire has such questions.
    mode
        Stored with every response that is opened by a respondent's own browser.
    agents
        Who calls and keys; without them there are no pages for either.
    preview
        Whether every page is marked as a preview.
    limits
        What one request may take.
    routes
        Further routes (monitor, invitations, other modes), asked before those for respondents.
    now
        The clock of the server, with its time zone.
    """

    questionnaire: Questionnaire
    store: Store
    fieldwork: Fieldwork = field(default_factory=Fieldwork)
    language: str = ""
    base_url: str = ""
    invitations: Invitations | None = None
    quotas: Quotas | None = None
    sealing_key: SealingKey | None = None
    mode: str = "web"
    agents: tuple[Agent, ...] = ()
    preview: bool = False
    limits: Limits = field(default_factory=Limits)
    routes: Sequence[BaseRoute] = ()
    now: Callable[[], datetime.datetime] = _local_now

    @property
    def closed(self) -> bool:
        """Whether the last day of fieldwork is over: nobody begins any more."""
        last = self.fieldwork.closes
        return last is not None and self.now().date() > last

    @property
    def ways(self) -> tuple[str, ...]:
        """Addresses below which the ways of answering besides the web stand, without slashes."""
        found = ["kiosk"] if "kiosk" in self.fieldwork.modes.names else []
        found += ["agent"] if has_role(self.agents, "interviewer") else []
        found += ["entry"] if has_role(self.agents, "entry") else []
        return tuple(found)

    @property
    def over(self) -> bool:
        """Whether those who had begun have had a day more to finish."""
        last = self.fieldwork.closes
        return last is not None and self.now().date() > last + datetime.timedelta(days=1)
