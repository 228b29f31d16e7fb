"""The keys ``publication.microdata`` and ``publication.date`` of a study file: what a release holds beside results."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal, cast

from satmeter.questionnaire.model import Questionnaire
from satmeter.questionnaire.spec import Collector, Field, listed, nearest, parse_number, read_fields
from satmeter.questionnaire.yaml_text import Node

_DATE = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", re.ASCII)
RELEASE_KEYS = {"microdata": Field("any"), "date": Field("string")}
RELEASED = ("choice", "multiple", "number")
"""Types of questions whose answers may be released; they make up the profile of a respondent."""

LEAST_SHARED = 5
"""Respondents who must share a profile where neither study file nor policy say more."""

WeightsRule = Literal["checked", "unlinkable"]

_KEYS = {
    "include": Field("strings"),
    "k": Field("integer", low=2, high=1000),
    "suppress": Field("boolean"),
    "round": Field("map"),
    "weights": Field("string", choices=("checked", "unlinkable")),
}


@dataclass(frozen=True, slots=True)
class Microdata:
    """Answers that are released, and how they are made anonymous.

    Attributes
    ----------
    include
        Choice, multiple and number questions released beside the items and what the figures rest on.
    k
        Least number of respondents who share any combination of profile answers; None: `LEAST_SHARED`, or the policy's
        minimum where that is more.
    suppress
        Blank profile answers where fewer share them; otherwise such a study is refused.
    round
        Number question to the multiple that its answers are rounded to.
    weights
        `checked`: design weights are part of the profile; `unlinkable`: the publisher states that nobody outside can
        know or work out a respondent's weight.
    """

    include: tuple[str, ...] = ()
    k: int | None = None
    suppress: bool = False
    round: dict[str, float] = field(default_factory=dict)
    line: int = 0
    weights: WeightsRule = "checked"

    def least_shared(self, min_n: int) -> int:
        """Return k under a policy that hides figures on fewer than `min_n` respondents."""
        return max(LEAST_SHARED, min_n) if self.k is None else self.k


@dataclass(frozen=True, slots=True)
class ReleaseKeys:
    """What a release holds beside results: answers, if wished, and the date that it bears."""

    microdata: Microdata | None = None
    date: str = ""


def read_release_keys(publication: Node | None, collector: Collector) -> ReleaseKeys:
    """Read the two keys of the map ``publication``; problems P012 and P013 go to the collector.

    Parameters
    ----------
    publication
        The map; None when it is absent.
    collector
        Takes the problems.
    """
    if publication is None:
        return ReleaseKeys()
    date = publication.get("date")
    text = date.text.strip() if date is not None else ""
    if date is not None and not _DATE.fullmatch(text):
        collector.error("P012", date.line, about=("key", "publication.date"), got=date.shown())
        text = ""
    return ReleaseKeys(_microdata(publication.get("microdata"), collector), text)


def _microdata(node: Node | None, collector: Collector) -> Microdata | None:
    if node is None or node.is_null or (node.kind == "scalar" and node.text.strip().lower() in ("false", "no", "off")):
        return None
    if node.kind == "scalar" and node.text.strip().lower() in ("true", "yes", "on"):
        return Microdata(line=node.line)
    fields = read_fields(node, _KEYS, collector, about=("key", "publication.microdata"))
    rounded: dict[str, float] = {}
    steps = fields.node("round")
    for entry in steps.entries if steps else ():
        step = parse_number(entry.value.text.strip()) if entry.value.kind == "scalar" else None
        if step is None or step <= 0:
            about = ("key", "publication.microdata.round")
            collector.error("P013", entry.line, about=about, got=f"{entry.key}: {entry.value.shown()}")
        else:
            rounded[entry.key] = step
    return Microdata(
        include=tuple(part.text.strip() for part in fields.strings("include")),
        k=fields.integer("k"),
        suppress=bool(fields.boolean("suppress")),
        round=rounded,
        line=node.line,
        weights=cast(WeightsRule, fields.string("weights", "checked")),
    )


def may_be_released(questionnaire: Questionnaire, name: str, kinds: tuple[str, ...] = RELEASED) -> bool:
    """Tell whether a question has one of these types and is not marked ``pii: yes``."""
    question = questionnaire.questions.get(name)
    return question is not None and question.type in kinds and question.pii != "yes"


def check_microdata(keys: ReleaseKeys, questionnaire: Questionnaire, collector: Collector) -> None:
    """Record every question that cannot be released or rounded (P014)."""
    wish = keys.microdata
    if wish is None:
        return
    for key, names, kinds in (("include", wish.include, RELEASED), ("round", tuple(wish.round), ("number",))):
        choices = [name for name in questionnaire.questions if may_be_released(questionnaire, name, kinds)]
        for name in names:
            if name not in choices:
                about = ("key", f"publication.microdata.{key}")
                near, params = nearest(name, choices), {"choices": listed(choices) or "–"}
                collector.error("P014", wish.line, about=about, got=name, suggestion=near, params=params)
