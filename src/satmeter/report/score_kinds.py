"""Statistics of scores by the way in which they are read."""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import Any

TOP_BOXES = ("top1", "top2", "top3")
CUSTOMER = ("csat", "ces_mean", "ces_share", "ces_net")
"""Scores of single items that the study file names."""
SHARES = (*TOP_BOXES, "csat", "ces_share")
"""Parts of those who answered, 0–1, read in per cent."""
RATINGS = ("mean_rating", "ces_mean")
"""In the units of the item's scale."""


def is_shown(statistic: str, *, of_item: bool) -> bool:
    """Tell whether a score stands in the tables of a report: ratings and top boxes of single items do not.

    Examples
    --------
    >>> is_shown("top1", of_item=False), is_shown("top1", of_item=True), is_shown("csat", of_item=True)
    (True, False, True)
    """
    return statistic != "mean_rating" and not (of_item and statistic in TOP_BOXES)


def in_tables(row: Mapping[str, Any], items: Container[str]) -> bool:
    """Tell whether a row of groups or waves is compared in a report: no index, which is a mean score over again."""
    statistic = str(row["statistic"])
    return statistic != "index" and is_shown(statistic, of_item=row["measure"] in items)


def digits_and_scale(statistic: str) -> tuple[int, float]:
    """Return the digits that a score is printed with, and the factor that makes per cent of a share.

    Examples
    --------
    >>> digits_and_scale("csat"), digits_and_scale("ces_mean"), digits_and_scale("mean_score")
    ((1, 100.0), (2, 1.0), (1, 1.0))
    """
    return 2 if statistic in RATINGS else 1, 100.0 if statistic in SHARES else 1.0
