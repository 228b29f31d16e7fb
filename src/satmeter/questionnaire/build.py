"""A YAML tree → the draft of a questionnaire → the frozen questionnaire."""

from __future__ import annotations

import re

from satmeter.questionnaire.constructs import read_constructs
from satmeter.questionnaire.draft import Draft, Word, read_languages, read_text
from satmeter.questionnaire.model import Questionnaire, Text
from satmeter.questionnaire.pages import read_pages
from satmeter.questionnaire.questions import read_checks, read_questions
from satmeter.questionnaire.scales import read_scales
from satmeter.questionnaire.spec import Collector, Field, Fields, read_fields, wrong_kind
from satmeter.questionnaire.yaml_text import Node, quoted

SCHEMA_VERSION = 1

_TOP = {
    "satmeter": Field("integer", required=True),
    "id": Field("string", required=True),
    "version": Field("string", required=True),
    "title": Field("any", required=True),
    "languages": Field("strings", required=True),
    "source": Field("string"),
    "licence": Field("string"),
    "intro": Field("any"),
    "privacy": Field("any"),
    "thanks": Field("any"),
    "scales": Field("map"),
    "constructs": Field("map"),
    "questions": Field("map"),
    "checks": Field("map"),
    "model": Field("map"),
    "pages": Field("list"),
}
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)


def build(root: Node, file: str) -> tuple[Questionnaire, Draft]:
    """Read the whole tree.

    Returns
    -------
    tuple
        The questionnaire, still without digest and to be trusted only if the draft's collector holds no error, and
        the draft.
    """
    collector = Collector(file)
    draft = Draft(collector)
    fields = read_fields(root, _TOP, collector)
    _read_head(fields, draft)
    read_languages(fields.strings("languages"), draft)
    title = read_text(fields.node("title"), draft, None)
    frame = {
        "intro": read_text(fields.node("intro"), draft, None, "intro"),
        "privacy": read_text(fields.node("privacy"), draft, None, "intro"),
        "thanks": read_text(fields.node("thanks"), draft, None, "thanks"),
    }
    read_scales(fields.node("scales"), draft)
    read_constructs(fields.node("constructs"), draft)
    read_questions(fields.node("questions"), draft)
    read_checks(fields.node("checks"), draft)
    _read_model(fields.node("model"), draft)
    read_pages(fields.node("pages"), draft)
    if root.kind == "map" and not draft.kinds:
        collector.error("Q017", root.line, params={"key": "constructs"})
    return _frozen(fields, draft, title, frame), draft


def _read_head(fields: Fields, draft: Draft) -> None:
    version = fields.integer("satmeter")
    if version is not None and version != SCHEMA_VERSION:
        draft.collector.error("Q030", fields.line_of("satmeter"), got=str(version), params={"version": SCHEMA_VERSION})
    name = fields.string("id")
    if name and not _ID.fullmatch(name):
        draft.collector.error("Q038", fields.line_of("id"), got=quoted(name))


def _read_model(node: Node | None, draft: Draft) -> None:
    for entry in node.entries if node else ():
        about = ("model", entry.key)
        names = entry.value.items if entry.value.kind == "list" else (entry.value,)
        words = []
        for name in names:
            if name.kind != "scalar" or name.is_null:
                wrong_kind(name, "scalar", draft.collector, about=about)
            else:
                words.append(Word(name.text.strip(), name.line))
        draft.model[entry.key] = tuple(words)
        draft.model_lines[entry.key] = entry.line


def _frozen(fields: Fields, draft: Draft, title: Text, frame: dict[str, Text]) -> Questionnaire:
    return Questionnaire(
        id=fields.string("id"),
        version=fields.string("version"),
        title=title,
        languages=draft.languages,
        scales=draft.scales,
        constructs=draft.constructs,
        items=draft.items,
        questions=draft.questions,
        checks=draft.checks,
        model={outcome: tuple(w.name for w in words) for outcome, words in draft.model.items()},
        pages=tuple(draft.pages),
        source=fields.string("source"),
        licence=fields.string("licence"),
        intro=frame["intro"],
        privacy=frame["privacy"],
        thanks=frame["thanks"],
        file=draft.collector.file,
    )
