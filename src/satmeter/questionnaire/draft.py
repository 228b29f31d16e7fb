"""A questionnaire while it is being read: its parts, where they stand, and what is wrong so far."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from satmeter.errors import QuestionnaireError
from satmeter.questionnaire.expressions import Expression
from satmeter.questionnaire.model import Check, Construct, Item, Page, Question, Scale, Text
from satmeter.questionnaire.parse import KEYWORDS, MAX_DEPTH, parse_expression
from satmeter.questionnaire.spec import About, Collector, Fields, wrong_kind
from satmeter.questionnaire.yaml_text import Node, quoted

TextRole = Literal["wording", "value_label", "page", "intro", "thanks", "other"]

MAX_CONDITION_CHARACTERS = 100_000  # in one file
PARADATA = frozenset({"respondent", "started", "submitted", "seconds", "language", "digest", "order", "simulated"})
_SPSS = frozenset({"all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"})
_STATA = frozenset({"byte", "double", "float", "if", "in", "int", "long", "using", "strl"})
RESERVED = PARADATA | _SPSS | _STATA | KEYWORDS

_ID = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,31}", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", re.ASCII)
_MEANT = {
    "zh-CN": ("zh", "cn", "ch", "chs", "zh-cn", "chinese", "中文", "简体中文"),
    "en": ("eng", "english", "英文", "英语"),
}


class TextUse(NamedTuple):
    """One text, whose it is and where it stands."""

    about: About
    text: Text
    line: int
    role: TextRole
    page: int = -1


class Condition(NamedTuple):
    """One `show_if`; `owner` is a variable, or empty for the page with this number."""

    about: About
    owner: str
    page: int
    expression: Expression
    line: int


class Word(NamedTuple):
    """A name as it stands on a page or in the model."""

    name: str
    line: int


@dataclass(slots=True)
class Draft:
    """The parts read so far. A part with an error may be absent; `kinds` knows every declared id all the same."""

    collector: Collector
    languages: tuple[str, ...] = ()
    languages_doubtful: bool = False  # what the texts are declared in is not known
    scale_names: dict[str, int] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)  # id → construct, item, question, check
    lines: dict[str, int] = field(default_factory=dict)
    lowered: dict[str, int] = field(default_factory=dict)  # id in small letters → line of its first use
    scales: dict[str, Scale] = field(default_factory=dict)
    constructs: dict[str, Construct] = field(default_factory=dict)
    items: dict[str, Item] = field(default_factory=dict)
    questions: dict[str, Question] = field(default_factory=dict)
    checks: dict[str, Check] = field(default_factory=dict)
    model: dict[str, tuple[Word, ...]] = field(default_factory=dict)
    model_lines: dict[str, int] = field(default_factory=dict)
    pages: list[Page] = field(default_factory=list)
    page_words: list[tuple[Word, ...]] = field(default_factory=list)
    pages_given: bool = False
    texts: list[TextUse] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    condition_characters: int = 0

    @property
    def variables(self) -> tuple[str, ...]:
        """All declared items, questions and checks, in the order of the file."""
        return tuple(name for name, kind in self.kinds.items() if kind != "construct")

    def declare(self, kind: str, name: str, line: int) -> None:
        """Enter an id; complain when it is no name, reserved or taken (capitals do not distinguish)."""
        about = (kind, name[:40])
        if not _ID.fullmatch(name):
            self.collector.error("Q031", line, about=about, got=quoted(name))
        elif name.lower() in RESERVED:
            self.collector.error("Q032", line, about=about, got=quoted(name))
        taken = self.lowered.setdefault(name.lower(), line)
        if taken != line or name in self.kinds:
            self.collector.error("Q033", line, about=about, got=quoted(name), params={"first": taken})
        self.kinds.setdefault(name, kind)
        self.lines.setdefault(name, line)


def is_language_map(node: Node, long_keys: frozenset[str]) -> bool:
    """Tell whether a map is a text in several languages rather than a long form with keys of its own."""
    return node.kind == "map" and not any(entry.key in long_keys for entry in node.entries)


def read_languages(nodes: tuple[Node, ...], draft: Draft) -> None:
    """Read the language tags; the first is the default. In place of a wrong tag the one that was meant is taken."""
    found: list[str] = []
    for node in nodes:
        tag = node.text.strip()
        meant = _meant(tag)
        if meant != tag or tag in found:
            suggestion = meant if meant != tag else ""
            draft.collector.error("Q034", node.line, got=quoted(tag), suggestion=suggestion)
            draft.languages_doubtful = True
        if meant and meant not in found:
            found.append(meant)
    draft.languages = tuple(found)


def _meant(tag: str) -> str:
    """Return the language tag that was meant; the tag itself when it is one, '' when nobody knows."""
    folded = tag.casefold().replace("_", "-")
    for language, spellings in _MEANT.items():
        if tag == language or folded in spellings:
            return language
    if _LANGUAGE.fullmatch(tag):
        return tag
    repaired = tag.replace("_", "-")
    repaired = repaired[:1].lower() + repaired[1:] if "-" in repaired else repaired.lower()
    return repaired if _LANGUAGE.fullmatch(repaired) else ""


def read_text(node: Node | None, draft: Draft, about: About, role: TextRole = "other", page: int = -1) -> Text:
    """Read a text: a scalar in the default language, or a map of languages."""
    if node is None or not draft.languages:
        return Text()
    if node.kind == "list":
        wrong_kind(node, "scalar", draft.collector, about=about)
        return Text()
    pairs = {draft.languages[0]: node} if node.kind == "scalar" else _by_language(node, draft, about)
    texts = {}
    for language, value in pairs.items():
        if value.kind != "scalar":
            wrong_kind(value, "scalar", draft.collector, about=about, key=language)
        elif value.is_null or not value.text.strip():
            draft.collector.error("Q036", value.line, about=about, params={"language": language})
        else:
            texts[language] = value.text.strip()
    text = Text(tuple((language, texts[language]) for language in draft.languages if language in texts))
    for language in draft.languages if not draft.languages_doubtful else ():
        if language in pairs:
            continue
        draft.collector.warning("Q037", node.line, about=about, params={"language": language})
    draft.texts.append(TextUse(about, text, node.line, role, page))
    return text


def _by_language(node: Node, draft: Draft, about: About) -> dict[str, Node]:
    pairs = {}
    for entry in node.entries:
        if entry.key in draft.languages:
            pairs[entry.key] = entry.value
        elif not draft.languages_doubtful:
            draft.collector.error(
                "Q035",
                entry.line,
                about=about,
                got=quoted(entry.key),
                suggestion=draft.collector.nearest(entry.key, draft.languages),
                params={"choices": ", ".join(draft.languages)},
            )
    return pairs


def read_condition(fields: Fields, draft: Draft, about: About, *, owner: str = "", page: int = -1) -> Expression | None:
    """Read the `show_if` of an item, question or page."""
    node = fields.node("show_if")
    if node is None:
        return None
    draft.condition_characters += len(node.text)
    if draft.condition_characters > MAX_CONDITION_CHARACTERS:
        draft.collector.error("Q063", node.line, about=about, params={"limit": MAX_DEPTH})
        return None
    try:
        expression = parse_expression(node.text, file=draft.collector.file, line=node.line)
    except QuestionnaireError as error:
        for p in error.problems:
            draft.collector.error(p.code, p.line, about=about, got=p.got, suggestion=p.suggestion, params=p.params)
        return None
    draft.conditions.append(Condition(about, owner, page, expression, node.line))
    return expression
