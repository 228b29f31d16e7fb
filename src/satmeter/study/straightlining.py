"""Equal answers in a row within one grid."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.numerics.equal_runs import longest_run
from satmeter.questionnaire.model import Questionnaire

LEAST_ITEMS = 5

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Straightness:
    """How uniform the answers of every respondent are in the most uniform of their blocks.

    Attributes
    ----------
    run_share
        shape (n,), longest run of equal answers divided by the items answered; NaN when no block has five answers.
    variance
        shape (n,), smallest within-person variance (divisor k - 1) of a block, in squared scale units; NaN likewise.
    """

    run_share: FloatArray
    variance: FloatArray


def blocks(questionnaire: Questionnaire, absent: tuple[str, ...] = ()) -> tuple[tuple[str, ...], ...]:
    """Return the blocks of at least five items that stand on one page and share a scale, in the order of asking."""
    found = []
    for page in questionnaire.pages:
        by_scale: dict[str, list[str]] = {}
        for member in page.members:
            item = questionnaire.items.get(member)
            if item is not None and member not in absent:
                by_scale.setdefault(item.scale, []).append(member)
        found += [tuple(members) for members in by_scale.values() if len(members) >= LEAST_ITEMS]
    return tuple(found)


def straightness(answers: dict[str, FloatArray], members: tuple[tuple[str, ...], ...]) -> Straightness:
    """Return run share and variance over all blocks.

    Parameters
    ----------
    answers
        Item to raw codes (not reversed), shape (n,).
    members
        Items of every block, from `blocks`.
    """
    n = len(next(iter(answers.values()), np.zeros(0)))
    share = np.full(n, np.nan)
    variance = np.full(n, np.nan)
    for block in members:
        values = np.column_stack([answers[item] for item in block])
        count = (~np.isnan(values)).sum(axis=1)
        enough = count >= LEAST_ITEMS
        run = np.where(enough, longest_run(values) / np.maximum(count, 1), np.nan)
        mean = np.nansum(values, axis=1) / np.maximum(count, 1)
        squares = np.nansum((values - mean[:, None]) ** 2, axis=1)
        spread = np.where(enough, squares / np.maximum(count - 1, 1), np.nan)
        share = np.fmax(share, run)
        variance = np.fmin(variance, spread)
    return Straightness(share, variance)
