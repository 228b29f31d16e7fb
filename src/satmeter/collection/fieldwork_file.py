"""The fieldwork file: how a questionnaire is fielded, all problems at once."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast

from satmeter.collection.fieldwork_modes import Modes, Script, read_agents_path, read_modes, read_script
from satmeter.errors import CollectionError
from satmeter.questionnaire.draft import Draft, read_text
from satmeter.questionnaire.model import Questionnaire, Text
from satmeter.questionnaire.spec import Collector, Field, Fields, listed, read_fields
from satmeter.questionnaire.yaml_text import Node, quoted, read_yaml

SCHEMA_VERSION = 1
LOGO_TYPES = {".png": "image/png", ".svg": "image/svg+xml", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}
MAX_LOGO = 200_000
HOLD_MINUTES = 60

NoReply = Literal["UO", "NC"]
Counts = Mapping[str, Mapping[str, int]]  # question → option → number

_TOP = {
    "satmeter": Field("integer", required=True),
    "theme": Field("map"),
    "quotas": Field("map"),
    "quota_hold": Field("integer", low=1, high=7 * 24 * 60),
    "plan": Field("map"),
    "device_limit": Field("integer", low=1, high=1000),
    "anonymous": Field("boolean"),
    "no_reply": Field("string", choices=("UO", "NC")),
    "retention": Field("map"),
    "closes": Field("string"),
    "sites": Field("any"),
    "modes": Field("any"),
    "script": Field("any"),
    "agents": Field("string"),
}
_THEME = {"title": Field("any"), "colour": Field("string"), "logo": Field("string")}
_RETENTION = {"until": Field("string"), "contacts": Field("string")}
_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
_SITE = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?")
_MOST = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Site:
    """A place where the survey is offered, as it stands in links and data, and its name for people."""

    id: str
    label: Text = field(default_factory=Text)


@dataclass(frozen=True, slots=True)
class Fieldwork:
    """What a fieldwork file says; without a file, its defaults.

    Attributes
    ----------
    title, colour, logo, logo_type
        Of the pages; ``#rrggbb``, the bytes of a picture and its media type. None and empty where not given.
    quotas, plan
        Places that there are, and responses that are wanted: question to option to number.
    hold_minutes
        How long a place is held for a respondent who does nothing.
    device_limit
        Responses by open link from one device; None: any number.
    anonymous
        Whether who answered and what was answered are kept apart.
    no_reply
        AAPOR group of sampled units that gave no sign of life.
    until, contacts_until
        Days after which answers, and contact data, are no longer kept.
    closes
        Last day of fieldwork.
    sites, modes
        Places and ways of answering.
    script
        What interviewers read out.
    agents
        File of those who call and key.
    """

    title: Text | None = None
    colour: str = ""
    logo: bytes | None = None
    logo_type: str = ""
    quotas: Counts = field(default_factory=dict)
    plan: Counts = field(default_factory=dict)
    hold_minutes: int = HOLD_MINUTES
    device_limit: int | None = None
    anonymous: bool = False
    no_reply: NoReply = "UO"
    until: datetime.date | None = None
    contacts_until: datetime.date | None = None
    closes: datetime.date | None = None
    sites: tuple[Site, ...] = ()
    modes: Modes = field(default_factory=Modes)
    script: Script = field(default_factory=Script)
    agents: Path | None = None


def read_fieldwork(path: str | Path, questionnaire: Questionnaire) -> Fieldwork:
    """Read a fieldwork file.

    Parameters
    ----------
    path
        A YAML file (docs/fieldwork-invitations.md); the logo's path is relative to it.
    questionnaire
        What is fielded: quotas and plan name its questions and options, the title its languages.

    Returns
    -------
    Fieldwork

    Raises
    ------
    CollectionError
        With all problems in line order: those of any YAML file (Q001 to Q037), C045 no such question, C046 a question
        without options of which one is ticked, C047 no date, C048 no colour, C049 no picture, C050 no name of a site,
        C051 the same site twice, C103 no such page.
    """
    root = read_yaml(path, error=CollectionError)
    collector = Collector(str(path))
    fields = read_fields(root, _TOP, collector)
    version = fields.integer("satmeter")
    if version is not None and version != SCHEMA_VERSION:
        collector.error("Q030", fields.line_of("satmeter"), got=str(version), params={"version": SCHEMA_VERSION})
    draft = Draft(collector, questionnaire.languages)
    theme = _under("theme", _THEME, fields, collector)
    logo, logo_type = _logo(theme, Path(path).absolute().parent, collector)
    retention = _under("retention", _RETENTION, fields, collector)
    title = read_text(theme.node("title"), draft, ("key", "theme.title"))
    found = Fieldwork(
        title=title if title.by_language else None,
        colour=_colour(theme, collector),
        logo=logo,
        logo_type=logo_type,
        quotas=_counts("quotas", fields, questionnaire, collector),
        plan=_counts("plan", fields, questionnaire, collector),
        hold_minutes=fields.integer("quota_hold") or HOLD_MINUTES,
        device_limit=fields.integer("device_limit"),
        anonymous=bool(fields.boolean("anonymous")),
        no_reply=cast(NoReply, fields.string("no_reply", "UO")),
        until=_day("until", retention, ("key", "retention.until"), collector),
        contacts_until=_day("contacts", retention, ("key", "retention.contacts"), collector),
        closes=_day("closes", fields, ("key", "closes"), collector),
        sites=_sites(fields.node("sites"), draft),
        modes=read_modes(fields.node("modes"), collector),
        script=read_script(fields.node("script"), len(questionnaire.pages), draft),
        agents=read_agents_path(fields, Path(path).absolute().parent),
    )
    if any(problem.severity == "error" for problem in collector.problems):
        raise CollectionError(collector.ordered)
    return found


def parse_day(text: str) -> datetime.date | None:
    """Return the day that a text spells as YYYY-MM-DD, None for anything else.

    Examples
    --------
    >>> parse_day("2026-12-31"), parse_day("31.12.2026"), parse_day("2026-02-30")
    (datetime.date(2026, 12, 31), None, None)
    """
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        return None
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None


def _under(key: str, table: dict[str, Field], fields: Fields, collector: Collector) -> Fields:
    node = fields.node(key)
    return read_fields(node, table, collector, about=("key", key)) if node else Fields(0)


def _counts(key: str, fields: Fields, questionnaire: Questionnaire, collector: Collector) -> Counts:
    """Read question → option → number; what can be counted is a question of which one option is ticked."""
    node = fields.node(key)
    choices = [name for name, question in questionnaire.questions.items() if question.type == "choice"]
    found: dict[str, dict[str, int]] = {}
    for entry in node.entries if node else ():
        about = ("key", f"{key}.{entry.key[:40]}")
        if entry.key in choices:
            codes = [option.code for option in questionnaire.questions[entry.key].options]
            table = {code: Field("integer", low=0, high=_MOST) for code in codes}
            numbers = read_fields(entry.value, table, collector, about=about)
            found[entry.key] = {code: number for code in codes if (number := numbers.integer(code)) is not None}
        else:
            known = entry.key in questionnaire.variables
            collector.error(
                "C046" if known else "C045",
                entry.line,
                about=about,
                got=quoted(entry.key),
                suggestion="" if known else collector.nearest(entry.key, choices),
                params={"choices": listed(choices)},
            )
    return found


def _day(key: str, fields: Fields, about: tuple[str, str], collector: Collector) -> datetime.date | None:
    text = fields.string(key)
    day = parse_day(text)
    if text and day is None:
        collector.error("C047", fields.line_of(key), about=about, got=quoted(text))
    return day


def _colour(theme: Fields, collector: Collector) -> str:
    text = theme.string("colour")
    if text and not _COLOUR.fullmatch(text):
        collector.error("C048", theme.line_of("colour"), about=("key", "theme.colour"), got=quoted(text))
        return ""
    return text


def _logo(theme: Fields, folder: Path, collector: Collector) -> tuple[bytes | None, str]:
    name = theme.string("logo")
    if not name:
        return None, ""
    kind = LOGO_TYPES.get(Path(name).suffix.lower(), "")
    try:
        data = (folder / name).read_bytes() if kind else b""
    except (OSError, ValueError):
        data = b""
    if not 0 < len(data) <= MAX_LOGO:
        params: dict[str, str | int] = {"choices": listed(LOGO_TYPES), "limit": MAX_LOGO // 1000}
        collector.error("C049", theme.line_of("logo"), about=("key", "theme.logo"), got=quoted(name), params=params)
        return None, ""
    return data, kind


def _sites(node: Node | None, draft: Draft) -> tuple[Site, ...]:
    """Read a list of names, or a map of names to labels."""
    if node is None:
        return ()
    pairs: list[tuple[str, int, Node | None]] = [(entry.key, entry.line, entry.value) for entry in node.entries]
    pairs += [(item.text.strip() if item.kind == "scalar" else "", item.line, None) for item in node.items]
    if node.kind == "scalar":
        pairs = [(node.text.strip(), node.line, None)]
    found: dict[str, Site] = {}
    for name, line, label in pairs:
        about = ("key", "sites")
        if not _SITE.fullmatch(name):
            draft.collector.error("C050", line, about=about, got=quoted(name))
        elif name in found:
            draft.collector.error("C051", line, about=about, got=quoted(name))
        else:
            found[name] = Site(name, read_text(label, draft, ("key", f"sites.{name}")))
    return tuple(found.values())
