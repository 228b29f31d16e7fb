"""Statistics of scores by the way in which they are read."""

from __future__ import annotations

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
