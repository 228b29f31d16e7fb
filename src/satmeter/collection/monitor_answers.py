"""Ratings of submitted responses as arrays, and the scores that the study room would form of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from satmeter.collection.monitor_records import Record
from satmeter.numerics.person_mean import person_mean, points_of_100
from satmeter.questionnaire.evaluate import Answer, asked, names_in
from satmeter.questionnaire.model import Questionnaire

FloatArray = npt.NDArray[np.float64]

MIN_ANSWERED = 0.5
"""Part of a construct's items that a score needs: the study room's default for `person_mean`."""


def ratings(questionnaire: Questionnaire, records: Sequence[Record]) -> dict[str, FloatArray]:
    """Return the raw codes of every item and check.

    Parameters
    ----------
    questionnaire
        Its skip logic decides which answers count; missing codes and codes outside the scale are NaN.
    records
        n responses.

    Returns
    -------
    dict
        Variable to array, shape (n,).
    """
    shown = _shown(questionnaire, records)
    scales = {name: questionnaire.scale_of(name) for name in questionnaire.variables}
    codes = {name: frozenset(scale.codes) for name, scale in scales.items() if scale is not None}
    found = {name: np.full(len(records), np.nan) for name in codes}
    for row, record in enumerate(records):
        for name, cell in record.values.items():
            if name in codes and name in shown[row] and type(cell) in (int, float) and cell in codes[name]:
                found[name][row] = cell
    return found


def construct_scores(questionnaire: Questionnaire, codes: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
    """Return the score of every respondent on every construct, 0-100: unweighted, the mean of the answered items.

    Parameters
    ----------
    codes
        From `ratings`: not reversed.

    Returns
    -------
    dict
        Construct to array, shape (n,), NaN where less than half of its items are answered.
    """
    found = {}
    for construct in questionnaire.constructs.values():
        columns = []
        for name in construct.items:
            item = questionnaire.items[name]
            scale = questionnaire.scales[item.scale]
            raw = codes.get(name, np.zeros(0))
            columns.append(points_of_100(scale.low + scale.high - raw if item.reverse else raw, scale.low, scale.high))
        found[construct.id] = person_mean(np.column_stack(columns), MIN_ANSWERED)
    return found


def _shown(questionnaire: Questionnaire, records: Iterable[Record]) -> list[frozenset[str]]:
    """Return what each respondent is asked; answers that no condition looks at make no difference."""
    conditions = [page.show_if for page in questionnaire.pages]
    conditions += [questionnaire.show_if_of(name) for name in questionnaire.variables]
    names = tuple(dict.fromkeys(name for condition in conditions if condition for name in names_in(condition)))
    walks: dict[tuple[Answer, ...], frozenset[str]] = {}
    found = []
    for record in records:
        cells = tuple(_answer(record.values.get(name)) for name in names)
        if cells not in walks:
            walks[cells] = frozenset(asked(questionnaire, dict(zip(names, cells, strict=True))))
        found.append(walks[cells])
    return found


def _answer(cell: Any) -> Answer:
    return tuple(cell) if isinstance(cell, list) else cell
