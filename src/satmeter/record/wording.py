"""The questionnaire as it stands in results.json: everything that a report prints of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from satmeter.errors import Note
from satmeter.questionnaire.model import Questionnaire, Text

NOTE_LANGUAGES = ("en", "zh-CN")

PAIR = "\N{EN DASH}"
"""Between the ids of two constructs that a note names together."""

ALL_ITEMS = {"en": "All items", "zh-CN": "全部题项"}


def text_map(text: Text) -> dict[str, str]:
    """Return a text as a map of languages.

    Examples
    --------
    >>> text_map(Text((("zh-CN", "满意"), ("en", "Satisfied"))))
    {'zh-CN': '满意', 'en': 'Satisfied'}
    """
    return dict(text.by_language)


def with_labels(
    note: Note, questionnaire: Questionnaire, language: str, more: Mapping[str, Mapping[str, str]] | None = None
) -> Note:
    """Return a note in which constructs, questions and options go by their words, as a reader knows them.

    Pairs ``a–b``, lists, and lists of lists of them are worded too; items keep their ids. A note about nothing in
    particular whose sentence names what it is about is about all items.

    Parameters
    ----------
    note
        As the rooms made it, with ids.
    questionnaire
        Whose constructs are meant.
    language
        ``en`` or ``zh-CN``; a questionnaire without that language gives its first.
    more
        Labels of constructs that the study makes of others, by language.
    """
    question = questionnaire.questions.get(note.about)
    options = {option.code: option.label.get(language) for option in question.options} if question else {}
    labels = {name: construct.label.get(language) for name, construct in questionnaire.constructs.items()}
    labels |= {name: Text(tuple(texts.items())).get(language) for name, texts in (more or {}).items()}
    between, beside = ("\u3001", "\uff1b") if language == "zh-CN" else (", ", "; ")

    def word(part: str) -> str | None:
        """Return what a reader calls an option, construct, question or dummy; an item by its id; None for the rest."""
        if part in options:
            return options[part]
        if part in labels:
            return labels[part] or part
        if part in questionnaire.questions:
            return f"“{questionnaire.questions[part].text.get(language)}”"
        return part if part in questionnaire.items else _dummy(part, questionnaire, language)

    def called(value: str | int | float) -> str | int | float:
        if not isinstance(value, str) or not value:
            return value
        sets = [[name.split(PAIR) for name in names.split(", ")] for names in value.split("; ")]
        if any(word(part) is None for names in sets for pair in names for part in pair):
            return value
        return beside.join(
            between.join(PAIR.join(word(part) or part for part in pair) for pair in names) for names in sets
        )

    about = f"“{question.text.get(language)}”" if question else str(called(note.about)) or ALL_ITEMS[language]
    return Note(note.code, about, {key: called(value) for key, value in note.params.items()})


def _dummy(term: str, questionnaire: Questionnaire, language: str) -> str | None:
    """Return a regression term ``question[option]`` in words; None for anything else."""
    name, bracket, code = term.removesuffix("]").partition("[")
    if not bracket or not term.endswith("]") or name not in questionnaire.questions:
        return None
    question = questionnaire.questions[name]
    label = next((option.label.get(language) for option in question.options if option.code == code), code)
    return f"“{question.text.get(language)}” = {label}"


def questionnaire_part(questionnaire: Questionnaire) -> dict[str, Any]:
    """Return the ``questionnaire`` section.

    Parameters
    ----------
    questionnaire
        The questionnaire of the study.

    Returns
    -------
    dict
        Keys source, licence, constructs, questions, scales, checks, model; see docs/results.md.
    """
    return {
        "source": questionnaire.source,
        "licence": questionnaire.licence,
        "constructs": [
            {
                "id": construct.id,
                "role": construct.role,
                "mode": construct.mode,
                "label": text_map(construct.label),
                "items": [_item(questionnaire, name) for name in construct.items],
            }
            for construct in questionnaire.constructs.values()
        ],
        "questions": [
            {
                "id": question.id,
                "type": question.type,
                "text": text_map(question.text),
                "options": [{"code": o.code, "label": text_map(o.label)} for o in question.options],
            }
            for question in questionnaire.questions.values()
        ],
        "scales": [
            {
                "id": scale.id,
                "points": [{"code": p.code, "label": text_map(p.label)} for p in scale.points],
                "missing": [{"code": m.code, "label": text_map(m.label), "reason": m.reason} for m in scale.missing],
            }
            for scale in questionnaire.scales.values()
        ],
        "checks": [
            {"id": check.id, "text": text_map(check.text), "expect": check.expect}
            for check in questionnaire.checks.values()
        ],
        "model": {outcome: list(names) for outcome, names in questionnaire.model.items()},
    }


def _item(questionnaire: Questionnaire, name: str) -> dict[str, Any]:
    item = questionnaire.items[name]
    return {"id": item.id, "text": text_map(item.text), "reverse": item.reverse, "scale": item.scale}


def note_row(
    note: Note, questionnaire: Questionnaire, more: Mapping[str, Mapping[str, str]] | None = None
) -> dict[str, str]:
    """Return a note with its sentence in every language; constructs are called by their labels there."""
    texts = {tag: with_labels(note, questionnaire, tag, more).text(tag) for tag in NOTE_LANGUAGES}
    return {"code": note.code, "about": note.about, **texts}
