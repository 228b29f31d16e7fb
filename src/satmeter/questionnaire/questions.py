"""Questions that are no scale items, and attention checks."""

from __future__ import annotations

from typing import cast, get_args

from satmeter.questionnaire.draft import Draft, read_condition, read_text
from satmeter.questionnaire.model import Check, Option, Question, QuestionType
from satmeter.questionnaire.scales import read_missing, read_scale_name, refuse_clashes
from satmeter.questionnaire.spec import About, Field, Fields, listed, read_fields
from satmeter.questionnaire.yaml_text import Entry, Node, quoted

_QUESTION = {
    "type": Field("string", required=True, choices=get_args(QuestionType)),
    "text": Field("any", required=True),
    "options": Field("map"),
    "missing": Field("map"),
    "show_if": Field("string"),
    "required": Field("boolean"),
    "pii": Field("string", choices=("no", "possible", "yes")),
    "min": Field("number"),
    "max": Field("number"),
}
_CHECK = {
    "type": Field("string", choices=("instructed",)),
    "scale": Field("string", required=True),
    "expect": Field("integer", required=True),
    "text": Field("any", required=True),
}
_KEYS_OF_TYPE = {
    "choice": {"options", "missing"},
    "multiple": {"options", "missing"},
    "number": {"min", "max", "missing"},
    "text": {"max"},
    "date": set[str](),
    "consent": set[str](),
}
_SPECIAL = ("options", "missing", "min", "max")
_JOINERS = "|;,、┋\n\t"


def read_questions(node: Node | None, draft: Draft) -> None:
    """Read the section `questions` into the draft."""
    for entry in node.entries if node else ():
        draft.declare("question", entry.key, entry.line)
        question = _read_question(entry, draft)
        if question:
            draft.questions.setdefault(entry.key, question)


def _read_question(entry: Entry, draft: Draft) -> Question | None:
    about = ("question", entry.key)
    fields = read_fields(entry.value, _QUESTION, draft.collector, about=about)
    text = read_text(fields.node("text"), draft, about, "wording")
    condition = read_condition(fields, draft, about, owner=entry.key)
    kind = fields.string("type")
    if not kind:
        return None
    for key in _SPECIAL:
        if key in fields.lines and key not in _KEYS_OF_TYPE[kind]:
            draft.collector.error("Q051", fields.line_of(key), about=about, got=key, params={"type": kind})
    options = _read_options(fields, kind, draft, about)
    missing = read_missing(fields.node("missing"), draft, about)
    refuse_clashes(missing, {option.code for option in options}, fields, draft, about)
    low, high, longest = _bounds(fields, kind, draft, about)
    pii = fields.string("pii")
    return Question(
        entry.key,
        cast(QuestionType, kind),
        text,
        options,
        missing,
        condition,
        fields.boolean("required"),
        low,
        high,
        longest,
        "" if pii == "no" else pii,
        entry.line,
    )


def _read_options(fields: Fields, kind: str, draft: Draft, about: About) -> tuple[Option, ...]:
    if kind not in ("choice", "multiple"):
        return ()
    node = fields.node("options")
    if node is None or len(node.entries) < (2 if kind == "choice" else 1):
        draft.collector.error("Q050", fields.line_of("options"), about=about, params={"type": kind})
    found = []
    for entry in node.entries if node else ():
        code = entry.key.strip()
        if not code or (kind == "multiple" and any(sign in code for sign in _JOINERS)):
            draft.collector.error("Q053", entry.line, about=about, got=quoted(entry.key))
        found.append(Option(code, read_text(entry.value, draft, about, "value_label")))
    return tuple(found)


def _bounds(fields: Fields, kind: str, draft: Draft, about: About) -> tuple[float | None, float | None, int | None]:
    low, high = fields.number("min"), fields.number("max")
    if kind == "text":
        if high is not None and not (high >= 1 and high.is_integer()):
            draft.collector.error("Q025", fields.line_of("max"), about=about, got=f"max: {high:g}")
            return None, None, None
        return None, None, None if high is None else int(high)
    if kind != "number":
        return None, None, None
    if low is not None and high is not None and low >= high:
        draft.collector.error("Q052", fields.line_of("max"), about=about, got=f"min: {low:g}, max: {high:g}")
    return low, high, None


def read_checks(node: Node | None, draft: Draft) -> None:
    """Read the section `checks` into the draft."""
    for entry in node.entries if node else ():
        draft.declare("check", entry.key, entry.line)
        about = ("check", entry.key)
        fields = read_fields(entry.value, _CHECK, draft.collector, about=about)
        text = read_text(fields.node("text"), draft, about, "wording")
        scale = read_scale_name(fields, draft, about)
        expect = fields.integer("expect")
        known = draft.scales.get(scale)
        if known and expect is not None and expect not in known.codes:
            params = {"choices": listed(str(code) for code in known.codes)}
            draft.collector.error("Q048", fields.line_of("expect"), about=about, got=str(expect), params=params)
        draft.checks.setdefault(entry.key, Check(entry.key, scale, expect or 0, text, line=entry.line))
