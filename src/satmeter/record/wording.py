"""The questionnaire as it stands in results.json: everything that a report prints of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from satmeter.errors import Note
from satmeter.questionnaire.model import Questionnaire, Text

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

    A pair ``a–b`` of constructs is labelled too; a note about nothing in particular whose sentence names what it is
    about is about all items.

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
    separator = "\u3001" if language == "zh-CN" else ", "

    def called(value: str | int | float) -> str | int | float:
        if value in options:
            return options[str(value)]
        if value in questionnaire.questions:
            return f"“{questionnaire.questions[str(value)].text.get(language)}”"
        names = value.split(", ") if isinstance(value, str) else []
        if names and all(name in options for name in names):
            return separator.join(options[name] for name in names)
        parts = [name.split(PAIR) for name in names]
        if not names or any(part not in labels for pair in parts for part in pair):
            return value
        return separator.join(PAIR.join(labels[part] or part for part in pair) for pair in parts)

    about = f"“{question.text.get(language)}”" if question else str(called(note.about)) or ALL_ITEMS[language]
    return Note(note.code, about, {key: called(value) for key, value in note.params.items()})


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
