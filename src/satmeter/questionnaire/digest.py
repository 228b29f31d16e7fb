"""The fingerprint of a questionnaire's content."""

from __future__ import annotations

from typing import Any

from satmeter.questionnaire.evaluate import to_json
from satmeter.questionnaire.expressions import Expression
from satmeter.questionnaire.model import Item, MissingCode, Page, Question, Questionnaire, Scale, Text


def content(questionnaire: Questionnaire) -> dict[str, Any]:
    """Return everything that the questionnaire says, as plain values in one canonical shape.

    Lines, the file's name, comments, layout and the order of keys whose order says nothing (declarations of scales,
    constructs, items, questions and checks; languages within a text; scale points; predecessors) leave no trace. The
    order of languages, options, missing codes, pages and their members is content. A key that came later (`privacy`)
    stands here only where it is given, so that the digests of older questionnaires stay what they were.
    """
    q = questionnaire
    later = {"privacy": _text(q.privacy)} if q.privacy.by_language else {}
    return {
        **later,
        "satmeter": 1,
        "id": q.id,
        "version": q.version,
        "title": _text(q.title),
        "languages": list(q.languages),
        "source": q.source,
        "licence": q.licence,
        "intro": _text(q.intro),
        "thanks": _text(q.thanks),
        "scales": {scale.id: _scale(scale) for scale in q.scales.values()},
        "constructs": {
            c.id: {"role": c.role, "mode": c.mode, "label": _text(c.label), "items": sorted(c.items)}
            for c in q.constructs.values()
        },
        "items": {item.id: _item(item) for item in q.items.values()},
        "questions": {question.id: _question(question) for question in q.questions.values()},
        "checks": {
            c.id: {"type": c.type, "scale": c.scale, "expect": c.expect, "text": _text(c.text)}
            for c in q.checks.values()
        },
        "model": {outcome: sorted(names) for outcome, names in q.model.items()},
        "pages": [_page(page) for page in q.pages],
    }


def digest_of(questionnaire: Questionnaire) -> str:
    """Return ``sha256:`` and the hash of the canonical content."""
    import hashlib  # here, because `check` needs neither and OpenSSL takes 8 ms to load
    import json

    text = json.dumps(content(questionnaire), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def _text(text: Text) -> dict[str, str]:
    return dict(text.by_language)


def _condition(expression: Expression | None) -> dict[str, Any] | None:
    return to_json(expression) if expression is not None else None


def _missing(codes: tuple[MissingCode, ...]) -> list[list[Any]]:
    return [[code.code, _text(code.label), code.reason] for code in codes]


def _scale(scale: Scale) -> dict[str, Any]:
    points = [[point.code, _text(point.label)] for point in scale.points]
    return {"points": points, "missing": _missing(scale.missing), "range": scale.is_range}


def _item(item: Item) -> dict[str, Any]:
    return {
        "construct": item.construct,
        "text": _text(item.text),
        "scale": item.scale,
        "reverse": item.reverse,
        "show_if": _condition(item.show_if),
        "required": item.required,
    }


def _question(question: Question) -> dict[str, Any]:
    return {
        "type": question.type,
        "text": _text(question.text),
        "options": [[option.code, _text(option.label)] for option in question.options],
        "missing": _missing(question.missing),
        "show_if": _condition(question.show_if),
        "required": question.required,
        "low": question.low,
        "high": question.high,
        "max_length": question.max_length,
        "pii": question.pii,
    }


def _page(page: Page) -> dict[str, Any]:
    return {
        "members": list(page.members),
        "grid": page.grid,
        "shuffle": page.shuffle,
        "required": page.required,
        "title": _text(page.title),
        "text": _text(page.text),
        "show_if": _condition(page.show_if),
    }
