"""Reversed items and construct scores."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from satmeter.numerics.em_moments import em_moments, expected_values
from satmeter.numerics.em_patterns import never_together
from satmeter.numerics.person_mean import person_mean, points_of_100
from satmeter.questionnaire.model import Questionnaire
from satmeter.study.plan import Missing

FloatArray = npt.NDArray[np.float64]


def reversed_items(frame: pd.DataFrame, questionnaire: Questionnaire) -> pd.DataFrame:
    """Return a copy with the ``reverse`` items turned round, low + high - code; the only place that does it."""
    turned = frame.copy()
    for item in questionnaire.items.values():
        if item.reverse:
            scale = questionnaire.scales[item.scale]
            turned[item.id] = scale.low + scale.high - frame[item.id]
    return turned


def construct_scores(
    frame: pd.DataFrame,
    questionnaire: Questionnaire,
    missing: Missing,
    absent: tuple[str, ...] = (),
    weights: FloatArray | None = None,
) -> pd.DataFrame:
    """Return the score of every respondent on every construct, 0-100.

    Every item is rescaled to its own scale, ``100 (code - low) / (high - low)``, then the items are averaged.

    Parameters
    ----------
    frame
        Items already reversed.
    missing
        ``person_mean``: the mean of the answered items where at least ``min_answered`` of the construct's items (and at
        least one) are answered. ``complete``: only where all of them are. ``em``: as `person_mean`, but a missing item
        counts with what the respondent's answers to the construct's other items lead to expect (EM moments of all who
        have a score), held within its scale. Where EM cannot be used (two items that nobody answered both), as
        `person_mean`.
    absent
        Items that the data do not have; they do not belong to the construct here.
    weights
        shape (n,), of the respondents; they enter the moments of ``em`` only.

    Returns
    -------
    DataFrame
        Index as `frame`, one column a construct, NaN where there is no score.
    """
    columns = {}
    for construct in questionnaire.constructs.values():
        items = [item for item in construct.items if item not in absent]
        parts = [rescaled(frame[item].to_numpy(float), questionnaire, item) for item in items]
        values = np.column_stack(parts) if parts else np.full((len(frame), 1), np.nan)
        needed = 1.0 if missing.items == "complete" else missing.min_answered
        found = person_mean(values, needed)
        if missing.items == "em":
            enough = ~np.isnan(found)
            filled = _expected(values[enough], None if weights is None else weights[enough])
            found[enough] = person_mean(filled, 0.0)
        columns[construct.id] = found
    return pd.DataFrame(columns, index=frame.index, columns=list(questionnaire.constructs), dtype=float)


def _expected(values: FloatArray, weights: FloatArray | None) -> FloatArray:
    """Fill missing cells of one construct, 0–100, by EM; return them as they are where that cannot be done."""
    counted = np.ones(len(values), dtype=np.bool_) if weights is None else weights > 0
    seen = ~np.isnan(values)
    if seen.all() or not counted.any() or never_together(seen[counted]) or not seen[counted].any(axis=0).all():
        return values
    found = em_moments(values, weights)
    if not found.converged.all():
        return values
    filled = np.clip(expected_values(values, found.mean, found.covariance), 0.0, 100.0)
    return np.where(seen, values, filled)


def rescaled(codes: FloatArray, questionnaire: Questionnaire, item: str) -> FloatArray:
    """Return codes of one item as points of 0-100."""
    scale = questionnaire.scales[questionnaire.items[item].scale]
    return points_of_100(codes, scale.low, scale.high)
