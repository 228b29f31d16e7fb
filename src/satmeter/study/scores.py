"""Reversed items and construct scores."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from satmeter.questionnaire.model import Questionnaire
from satmeter.study.plan import Missing


def reversed_items(frame: pd.DataFrame, questionnaire: Questionnaire) -> pd.DataFrame:
    """Return a copy with the ``reverse`` items turned round, low + high - code; the only place that does it."""
    turned = frame.copy()
    for item in questionnaire.items.values():
        if item.reverse:
            scale = questionnaire.scales[item.scale]
            turned[item.id] = scale.low + scale.high - frame[item.id]
    return turned


def construct_scores(
    frame: pd.DataFrame, questionnaire: Questionnaire, missing: Missing, absent: tuple[str, ...] = ()
) -> pd.DataFrame:
    """Return the score of every respondent on every construct, 0-100.

    Every item is rescaled to its own scale, ``100 (code - low) / (high - low)``, then the items are averaged.

    Parameters
    ----------
    frame
        Items already reversed.
    missing
        ``person_mean``: the mean of the answered items where at least ``min_answered`` of the construct's items (and at
        least one) are answered. ``complete``: only where all of them are.
    absent
        Items that the data do not have; they do not belong to the construct here.

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
        answered = (~np.isnan(values)).sum(axis=1)
        needed = 1.0 if missing.items == "complete" else missing.min_answered
        enough = (answered >= needed * values.shape[1] - 1e-9) & (answered > 0)
        total = np.nansum(values, axis=1)
        columns[construct.id] = np.where(enough, total / np.maximum(answered, 1), np.nan)
    return pd.DataFrame(columns, index=frame.index, columns=list(questionnaire.constructs), dtype=float)


def rescaled(codes: npt.NDArray[np.float64], questionnaire: Questionnaire, item: str) -> npt.NDArray[np.float64]:
    """Return codes of one item as points of 0-100."""
    scale = questionnaire.scales[questionnaire.items[item].scale]
    return 100.0 * (codes - scale.low) / (scale.high - scale.low)
