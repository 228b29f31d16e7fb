"""Whether two constructs are told apart: one rule for every place of the report that says so."""

from __future__ import annotations

from collections.abc import Iterable

from satmeter.report.estimate import Estimate
from satmeter.report.sentences import beside

CLOSE, SAME = 0.85, 0.90
"""From here HTMT counts as close, and as not told apart (Henseler, Ringle and Sarstedt 2015)."""

CLASSES = ("apart", "open", "close", "same")
"""Told apart; below 0.85 with an interval that reaches 0.90, hence not settled; barely; not told apart."""


def separation(ratio: Estimate) -> str:
    """Return the class of a pair by its HTMT.

    Examples
    --------
    >>> [separation(Estimate("", *e)) for e in ((0.6, 0.5, 0.7), (0.8, 0.7, 0.91), (0.86, 0.8, 0.9), (0.9, 0.8, 1.0))]
    ['apart', 'open', 'close', 'same']
    """
    value = ratio.value or 0.0
    if value >= SAME:
        return "same"
    if value >= CLOSE:
        return "close"
    return "open" if ratio.high is not None and ratio.high >= SAME else "apart"


def counted(ratios: Iterable[Estimate]) -> dict[str, int]:
    """Return how many pairs are of every class."""
    found = [separation(ratio) for ratio in ratios]
    return {name: found.count(name) for name in CLASSES}


def ratio_text(ratio: Estimate) -> str:
    """Return HTMT with its interval, in as many digits as it needs below a limit."""
    return beside(ratio, (CLOSE, SAME))
