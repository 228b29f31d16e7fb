"""What the script of a live page reads: the questions of this page, earlier answers that they depend on, and words."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from satmeter.form.definition import Texts, script_json, variable_json
from satmeter.form.layout import Entry, Sheet
from satmeter.form.live_texts import LiveTexts
from satmeter.questionnaire.evaluate import Answer, names_in
from satmeter.questionnaire.model import Questionnaire
from satmeter.questionnaire.piping import piped_names

_WORDS = (
    "list_separator",
    "counter",
    "errors_one",
    "error_choose",
    "error_write",
    "error_consent",
    "error_number",
    "error_both",
    "error_low",
    "error_high",
    "error_date",
    "error_max",
    "live_unsent",
    "live_unsent_bare",
    "live_waiting",
    "live_waiting_bare",
    "live_sent",
    "live_restored",
    "live_sending",
    "live_stopped",
    "live_later_copied",
)


def page_definition(questionnaire: Questionnaire, sheet: Sheet, texts: LiveTexts) -> Markup:
    """Return the JSON that stands in a live page; a part of what the offline page carries, of the same shape.

    Parameters
    ----------
    questionnaire
        The whole form.
    sheet
        The page.
    texts
        Its texts and the answers so far. Only answers to which this page refers are told.
    """
    here = [entry.id for entry in sheet.entries]
    earlier = earlier_names(questionnaire, sheet)
    found = {
        "languages": [texts.language],
        "texts": _texts(sheet, texts),
        "variables": [
            *({"id": name, "kind": texts.entries[name].kind, "when": None, "missing": {}} for name in earlier),
            *(variable_json(questionnaire, entry) for entry in sheet.entries),
        ],
        "pages": [{"members": members, "shuffle": [], "when": None} for members in (earlier, here)],
        "answers": {name: _plain(texts.answers.get(name)) for name in earlier},
        "piped": {name: texts.piped(name) for name in earlier},
    }
    return Markup(script_json(found))  # noqa: S704


def earlier_names(questionnaire: Questionnaire, sheet: Sheet) -> tuple[str, ...]:
    """Return the variables of earlier pages to which conditions and wordings of this page refer."""
    here = {entry.id for entry in sheet.entries}
    names: list[str] = []
    for entry in sheet.entries:
        names += names_in(entry.show_if) if entry.show_if else ()
        names += (name for name in piped_names(questionnaire.text_of(entry.id)) if name in questionnaire.variables)
    return tuple(name for name in dict.fromkeys(names) if name not in here)


def _texts(sheet: Sheet, texts: LiveTexts) -> Texts:
    keys = [f"ui.{word}" for word in _WORDS]
    keys += (key for entry in sheet.entries for key in _keys(entry) if texts.is_live(key))
    told = {name for key in keys for text in texts.texts.get(key, {}).values() for name in piped_names(text)}
    keys += (choice.key for entry in sheet.entries if entry.id in told for choice in entry.choices if choice.key)
    found: Texts = {}
    for key in dict.fromkeys(keys):
        language, text = texts.found(key)
        found[key] = {language: text}
    return found


def _keys(entry: Entry) -> tuple[str, ...]:
    return (f"v.{entry.id}", *(choice.key for choice in (*entry.choices, *entry.missing) if choice.key))


def _plain(answer: Answer) -> Any:
    return list(answer) if isinstance(answer, tuple) else answer
