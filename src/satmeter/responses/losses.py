"""What respondents leave out: single cells, missing codes, break-offs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.questionnaire.model import Page, Questionnaire

SINGLE = 0.75  # part of the missing share that falls on single cells at random …
CODED = 1 / 3  # … of which this part takes a missing code where the variable has any; the rest is left blank
BREAK_OFF = 0.5  # share of respondents who break off, in units of the missing share; they lose half on average

ObjectArray = npt.NDArray[np.object_]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Losses:
    """Answers after the losses.

    Attributes
    ----------
    columns
        Variable to answers, '' where nothing is left.
    broke_off
        shape (n,), who did not reach the end.
    """

    columns: dict[str, ObjectArray]
    broke_off: Mask


def lose(
    questionnaire: Questionnaire, columns: Mapping[str, ObjectArray], share: float, rng: np.random.Generator
) -> Losses:
    """Take answers away, completely at random.

    Items are lost even on required pages, as on paper; required questions, open and consent questions and attention
    checks are lost by breaking off only. A break-off is equally likely before each page but the first.

    Parameters
    ----------
    columns
        Variable to answers, shape (n,).
    share
        Expected share of the cells that can be lost which hold no substantive answer in the end.
    rng
        Source of randomness.
    """
    n = len(next(iter(columns.values())))
    pages = questionnaire.pages
    stops = rng.random(n) < share * BREAK_OFF if len(pages) > 1 else np.zeros(n, dtype=bool)
    last_page = np.where(stops, rng.integers(1, max(len(pages), 2), n), len(pages))
    kept: dict[str, ObjectArray] = {}
    for number, page in enumerate(pages):
        for name in page.members:
            column = columns[name].copy()
            if _can_be_lost(questionnaire, name, page):
                gone = np.flatnonzero(rng.random(n) < share * SINGLE)
                column[gone] = _marks(questionnaire, name, len(gone), rng)
            column[last_page <= number] = ""
            kept[name] = column
    return Losses(kept, stops)


def _can_be_lost(questionnaire: Questionnaire, name: str, page: Page) -> bool:
    if name in questionnaire.checks:
        return False
    question = questionnaire.questions.get(name)
    if question is None:
        return True
    return question.type not in ("text", "consent") and not questionnaire.required_of(name, page)


def _marks(questionnaire: Questionnaire, name: str, count: int, rng: np.random.Generator) -> ObjectArray:
    marks = np.full(count, "", dtype=object)
    codes = np.array([code.code for code in questionnaire.missing_of(name)], dtype=object)
    if len(codes):
        coded = rng.random(count) < CODED
        marks[coded] = codes[rng.integers(0, len(codes), int(coded.sum()))]
    return marks
