"""The questionnaire as the page's script reads it: one JSON document with every text in every language."""

from __future__ import annotations

import json
from typing import Any

from satmeter.form.layout import Entry, Sheet
from satmeter.form.words import screen_words
from satmeter.questionnaire.evaluate import to_json
from satmeter.questionnaire.model import Questionnaire, Text

Texts = dict[str, dict[str, str]]


def collect_texts(questionnaire: Questionnaire) -> Texts:
    """Return every text that the form can show: key → language → text.

    Keys: ``title intro privacy thanks``, ``p.<page>.title``, ``p.<page>.text``, ``v.<variable>``,
    ``v.<variable>.o.<code>``, ``s.<scale>.p.<code>``, ``….m.<code>`` for missing codes, ``ui.<word>``. A text that does
    not exist has no key.
    """
    found: Texts = {}

    def add(key: str, text: Text) -> None:
        by_language = {language: words for language, words in text.by_language if words}
        if by_language:
            found[key] = by_language

    add("title", questionnaire.title)
    add("intro", questionnaire.intro)
    add("privacy", questionnaire.privacy)
    add("thanks", questionnaire.thanks)
    for number, page in enumerate(questionnaire.pages, start=1):
        add(f"p.{number}.title", page.title)
        add(f"p.{number}.text", page.text)
    for scale in questionnaire.scales.values():
        for point in scale.points:
            add(f"s.{scale.id}.p.{point.code}", point.label)
        for code in scale.missing:
            add(f"s.{scale.id}.m.{code.code}", code.label)
    for variable in questionnaire.variables:
        add(f"v.{variable}", questionnaire.text_of(variable))
    for question in questionnaire.questions.values():
        for option in question.options:
            add(f"v.{question.id}.o.{option.code}", option.label)
        for code in question.missing:
            add(f"v.{question.id}.m.{code.code}", code.label)
    words = screen_words(questionnaire.languages)
    return found | {f"ui.{key}": by_language for key, by_language in words.items()}


def definition(questionnaire: Questionnaire, sheets: tuple[Sheet, ...], texts: Texts) -> dict[str, Any]:
    """Return what the script needs: texts, variables with their conditions, pages.

    Parameters
    ----------
    questionnaire
        A checked questionnaire.
    sheets
        Its pages, from `lay_out`.
    texts
        Its texts, from `collect_texts`.
    """
    return {
        "id": questionnaire.id,
        "version": questionnaire.version,
        "digest": questionnaire.digest,
        "languages": list(questionnaire.languages),
        "texts": texts,
        "variables": [variable_json(questionnaire, entry) for sheet in sheets for entry in sheet.entries],
        "pages": [
            {
                "members": [entry.id for entry in sheet.entries],
                "shuffle": [list(group) for group in sheet.shuffle],
                "when": to_json(sheet.show_if) if sheet.show_if else None,
            }
            for sheet in sheets
        ],
    }


def script_json(document: dict[str, Any]) -> str:
    r"""Return JSON that can stand inside a script element: no ``<``, ``>``, ``&`` or line separators.

    Examples
    --------
    >>> script_json({"a": "</script>"})
    '{"a":"\\u003c/script\\u003e"}'
    """
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def variable_json(questionnaire: Questionnaire, entry: Entry) -> dict[str, Any]:
    """Return one variable as the script reads it: what can be ticked or written, and when it is asked."""
    found: dict[str, Any] = {
        "id": entry.id,
        "kind": entry.kind,
        "required": entry.required,
        "when": to_json(entry.show_if) if entry.show_if else None,
        "missing": {code.code: code.reason for code in questionnaire.missing_of(entry.id)},
    }
    if entry.choices:
        found["codes"] = [choice.code for choice in entry.choices]
        found["labels"] = {choice.code: choice.key for choice in entry.choices if choice.key}
    for name, value in (("low", entry.low), ("high", entry.high), ("max", entry.max_length)):
        if value is not None:
            found[name] = int(value) if float(value).is_integer() else value
    return found
