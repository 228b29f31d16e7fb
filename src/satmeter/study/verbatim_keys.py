"""The key ``verbatims`` of a study file: text questions, their code frames, and how many answers may be quoted."""

from __future__ import annotations

from pathlib import Path

from satmeter.errors import StudyError
from satmeter.questionnaire.model import Questionnaire
from satmeter.questionnaire.spec import Collector, Field, Fields, listed, nearest, read_fields, wrong_kind
from satmeter.questionnaire.yaml_text import Node, quoted, read_yaml
from satmeter.study.plan import Plan, Theme, Verbatim

REST = ("other", "none")
"""Themes that satmeter itself fills: answers that no theme fits, and answers that say that there is nothing to say."""

UNDETERMINED = "und"
MOST_QUOTES = 20

_VERBATIM = {
    "themes": Field("map"),
    "frame": Field("string"),
    "coded": Field("string"),
    "quotes": Field("integer", low=0, high=MOST_QUOTES),
}
_THEME = {"label": Field("any"), "words": Field("strings"), "not": Field("strings")}


def read_verbatims(node: Node | None, folder: Path, collector: Collector) -> tuple[Verbatim, ...]:
    """Read the key; problems S071 to S074 and S076 go to the collector.

    Parameters
    ----------
    node
        The key's map, question to its themes; None when it is absent.
    folder
        Where the study file lies; a code frame in a file of its own is looked for from there.
    collector
        Takes the problems; those of a frame's file bear its name.
    """
    return tuple(_verbatim(e.key, e.line, e.value, folder, collector) for e in (node.entries if node else ()))


def _verbatim(question: str, line: int, node: Node, folder: Path, collector: Collector) -> Verbatim:
    about = ("key", f"verbatims.{question}")
    if node.is_null:
        return Verbatim(question, line=line)
    fields = read_fields(node, _VERBATIM, collector, about=about)
    coded, quotes = fields.string("coded") or None, fields.integer("quotes") or 0
    if fields.node("themes") and fields.node("frame"):
        collector.error("S072", fields.line_of("frame"), about=about, got=quoted(fields.string("frame")))
        return Verbatim(question, line=line)
    themes = _frame(fields, folder, coded is not None, about, collector)
    if coded and not themes and not (fields.node("themes") or fields.node("frame")):
        collector.error("S073", fields.line_of("coded"), about=about, got=quoted(coded))
    if quotes and not themes:
        collector.error("S076", fields.line_of("quotes"), about=about, got=f"quotes: {quotes}")
    return Verbatim(question, themes, coded, quotes, line)


def _frame(
    fields: Fields, folder: Path, coded: bool, about: tuple[str, str], collector: Collector
) -> tuple[Theme, ...]:
    node, name = fields.node("themes"), fields.string("frame")
    if not name:
        return _themes(node, coded, about, collector)
    own = Collector(str(folder / name))
    try:
        themes = _themes(read_yaml(folder / name, error=StudyError), coded, about, own)
    except StudyError as error:
        collector.problems += error.problems
        return ()
    collector.problems += own.problems
    return themes


def _themes(node: Node | None, coded: bool, about: tuple[str, str], collector: Collector) -> tuple[Theme, ...]:
    if node is None:
        return ()
    if node.kind != "map":
        wrong_kind(node, "map", collector, about=about)
        return ()
    themes = []
    for entry in node.entries:
        place = ("key", f"{about[1]}.{entry.key}")
        if entry.key in REST:
            collector.error("S074", entry.line, about=about, got=quoted(entry.key))
            continue
        fields = read_fields(entry.value, _THEME, collector, about=place) if not entry.value.is_null else Fields(0)
        words, unless = (tuple(item.text.strip() for item in fields.strings(key)) for key in ("words", "not"))
        if coded and (words or unless):
            collector.error("S073", entry.line, about=place, got=listed((*words, *unless), 5))
        elif not coded and (not words or not all((*words, *unless))):
            collector.error("S071", entry.line, about=place, got=quoted(entry.key))
        themes.append(Theme(entry.key, read_label(fields.node("label"), entry.key, place, collector), words, unless))
    return tuple(themes)


def read_label(node: Node | None, key: str, about: tuple[str, str], collector: Collector) -> dict[str, str]:
    """Return a label by language; `und` where the file does not say which, the id where there is none."""
    if node is None:
        return {UNDETERMINED: key}
    if node.kind == "scalar":
        return {UNDETERMINED: node.text.strip()}
    label = {}
    for entry in node.entries:
        if entry.value.kind == "scalar" and not entry.value.is_null:
            label[entry.key] = entry.value.text.strip()
        else:
            wrong_kind(entry.value, "scalar", collector, about=about, key=entry.key)
    if node.kind == "list" or not label:
        wrong_kind(node, "map", collector, about=about, key="label")
    return label or {UNDETERMINED: key}


def check_verbatims(plan: Plan, questionnaire: Questionnaire, collector: Collector) -> None:
    """Record what is no text question (S070), what must not be shown (S078), labels in other languages (Q035).

    Answers to a question marked ``pii: yes`` are personal data as a whole: they may be counted, neither quoted nor cut
    into words.
    """
    texts = [q.id for q in questionnaire.questions.values() if q.type == "text"]
    for verbatim in plan.verbatims:
        about = ("key", f"verbatims.{verbatim.question}")
        if verbatim.question not in texts:
            near, params = nearest(verbatim.question, texts), {"choices": listed(texts) or "–"}
            got = quoted(verbatim.question)
            collector.error("S070", verbatim.line, about=("key", "verbatims"), got=got, suggestion=near, params=params)
        elif questionnaire.questions[verbatim.question].pii == "yes" and (verbatim.quotes or not verbatim.themes):
            collector.error("S078", verbatim.line, about=about, got=quoted(verbatim.question))
        for theme in verbatim.themes:
            for language in theme.label:
                if language not in (*questionnaire.languages, UNDETERMINED):
                    collector.error(
                        "Q035",
                        verbatim.line,
                        about=("key", f"{about[1]}.{theme.id}"),
                        got=quoted(language),
                        suggestion=nearest(language, questionnaire.languages),
                        params={"choices": listed(questionnaire.languages)},
                    )
