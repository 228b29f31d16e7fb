"""One small questionnaire with every kind of question, and one that means harm."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from satmeter.questionnaire import read_questionnaire
from satmeter.questionnaire.model import Option, Questionnaire, Text

HOSTILE = "<img src=x onerror=alert(1)></script><script>alert(2)</script>\"'&{{ 7*7 }}"


@pytest.fixture(scope="session")
def every_type() -> Questionnaire:
    return read_questionnaire(Path(__file__).parent / "every-type.yaml")


@pytest.fixture(scope="session")
def hostile(every_type: Questionnaire) -> Questionnaire:
    bad = Text((("zh-CN", HOSTILE), ("en", HOSTILE)))
    scales = {
        name: replace(
            scale,
            points=tuple(replace(point, label=bad) for point in scale.points),
            missing=tuple(replace(code, label=bad) for code in scale.missing),
        )
        for name, scale in every_type.scales.items()
    }
    questions = {
        name: replace(question, text=bad, options=tuple(Option(o.code, bad) for o in question.options))
        for name, question in every_type.questions.items()
    }
    return replace(
        every_type,
        title=bad,
        intro=bad,
        thanks=bad,
        scales=scales,
        questions=questions,
        items={name: replace(item, text=bad) for name, item in every_type.items.items()},
        pages=tuple(replace(page, title=bad, text=bad) for page in every_type.pages),
    )
