"""Ways of answering in a fieldwork file: which there are, what interviewers read out, who they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast

from satmeter.questionnaire.draft import Draft, read_text
from satmeter.questionnaire.model import Text
from satmeter.questionnaire.spec import Collector, Field, Fields, listed, parse_integer, read_fields, wrong_kind
from satmeter.questionnaire.yaml_text import Node, quoted

Mode = Literal["web", "agent", "kiosk", "paper"]
MODES: tuple[Mode, ...] = ("web", "agent", "kiosk", "paper")
RESET_SECONDS = 60

_OPTIONS: Mapping[str, dict[str, Field]] = {
    "web": {},
    "agent": {},
    "kiosk": {"reset": Field("integer", low=10, high=3600)},
    "paper": {"same_keyer": Field("boolean")},
}
_SCRIPT = {"start": Field("any"), "pages": Field("map")}


@dataclass(frozen=True, slots=True)
class Modes:
    """Ways of answering.

    Attributes
    ----------
    names
        Those that are open.
    reset
        Seconds without a touch after which a kiosk goes back to its beginning.
    same_keyer
        Whether one person may key a sheet twice.
    """

    names: tuple[Mode, ...] = ("web",)
    reset: int = RESET_SECONDS
    same_keyer: bool = False


@dataclass(frozen=True, slots=True)
class Script:
    """What interviewers read out: before they begin, and at the top of pages."""

    start: Text = field(default_factory=Text)
    pages: Mapping[int, Text] = field(default_factory=dict)


def read_modes(node: Node | None, collector: Collector) -> Modes:
    """Read a list of ways, or a map of ways to their options."""
    if node is None:
        return Modes()
    pairs: list[tuple[str, int, Node | None]] = [(entry.key, entry.line, entry.value) for entry in node.entries]
    pairs += [(item.text.strip(), item.line, None) for item in node.items]
    if node.kind == "scalar":
        pairs = [(node.text.strip(), node.line, None)]
    given: dict[str, Fields] = {}
    for name, line, options in pairs:
        if name in MODES:
            given[name] = _options(name, options, line, collector)
        else:
            near, params = collector.nearest(name, MODES), {"choices": listed(MODES)}
            collector.error("Q028", line, about=("key", "modes"), got=quoted(name), suggestion=near, params=params)
    kiosk, paper = given.get("kiosk", Fields(0)), given.get("paper", Fields(0))
    return Modes(
        names=cast(tuple[Mode, ...], tuple(given)) or ("web",),
        reset=kiosk.integer("reset") or RESET_SECONDS,
        same_keyer=bool(paper.boolean("same_keyer")),
    )


def _options(mode: str, node: Node | None, line: int, collector: Collector) -> Fields:
    if node is None or node.is_null:
        return Fields(line)
    return read_fields(node, _OPTIONS[mode], collector, about=("key", f"modes.{mode}"))


def read_script(node: Node | None, pages: int, draft: Draft) -> Script:
    """Read what interviewers say.

    Parameters
    ----------
    node
        Of the key ``script``.
    pages
        How many pages the questionnaire has; C103 for any other number.
    draft
        Says which languages texts have, and collects what is wrong.
    """
    if node is None:
        return Script()
    if node.kind != "map":
        wrong_kind(node, "map", draft.collector, about=("key", "script"))
        return Script()
    fields = read_fields(node, _SCRIPT, draft.collector, about=("key", "script"))
    own = fields.node("pages")
    found: dict[int, Text] = {}
    for entry in own.entries if own else ():
        number = parse_integer(entry.key)
        if number is None or not 1 <= number <= pages:
            about, params = ("key", "script.pages"), {"pages": pages}
            draft.collector.error("C103", entry.line, about=about, got=quoted(entry.key), params=params)
        else:
            found[number] = read_text(entry.value, draft, ("key", f"script.pages.{number}"))
    return Script(read_text(fields.node("start"), draft, ("key", "script.start")), found)


def read_agents_path(fields: Fields, folder: Path) -> Path | None:
    """Return the file of agents that ``agents`` names, relative to the fieldwork file."""
    name = fields.string("agents")
    return folder / name if name else None
