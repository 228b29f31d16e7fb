"""Rows of a public document: numbers taken out, ranks counted anew, respondents made nameless."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Row = dict[str, Any]

STRUCTURE = ("code", "level", "place", "weight", "number", "size", "target", "folds", "rank_of")
"""Numbers that describe the row and nobody's answers."""

JUDGEMENTS = ("verdict", "quadrant", "best", "size_class")
"""Words that say where a hidden number lies."""

CHANGES = ("t", "df", "p_value", "p_adjusted", "effect_size", "n_other", "n_pairs", "verdict")
"""What hangs on the change in a row of waves."""

SURE = ("higher", "lower", "met", "not_met")
"""Verdicts of a test."""

_TESTS = ("std_error", "t", "df", "p_value", "p_adjusted", "p_change", "probability", "reproduced", "certain")


def blanked(row: Mapping[str, Any], symbol: str) -> Row:
    """Return a hidden row: its names and its symbol.

    Examples
    --------
    >>> blanked({"measure": "service", "group": "w", "estimate": 71.4, "n": 4, "verdict": "lower"}, "[c]")
    {'measure': 'service', 'group': 'w', 'estimate': None, 'n': None, 'verdict': '', 'symbol': '[c]'}
    """
    return {key: _hidden(key, value) for key, value in row.items()} | {"symbol": symbol}


def without_change(row: Mapping[str, Any], symbol: str) -> Row:
    """Return a row of waves that keeps its own figure and loses its change."""
    gone = {key: _hidden(key, value) for key, value in row.items() if key.startswith("change") or key in CHANGES}
    return dict(row) | gone | {"symbol": symbol}


def _hidden(key: str, value: Any) -> Any:
    if key in JUDGEMENTS and isinstance(value, str):
        return ""
    if isinstance(value, bool | int | float) and key not in STRUCTURE:
        return None
    return value


def without_counts(row: Mapping[str, Any], symbol: str, keys: Sequence[str]) -> Row:
    """Return a row that loses some numbers only."""
    return dict(row) | {key: None for key in keys if key in row} | {"symbol": symbol}


def without_error(row: Mapping[str, Any]) -> Row:
    """Return a row without standard error, interval, test and what was judged by them.

    Examples
    --------
    >>> without_error({"estimate": 71.4, "std_error": 0.7, "conf_low": 70.0, "n_low": 4, "verdict": "higher"})
    {'estimate': 71.4, 'std_error': None, 'conf_low': None, 'n_low': 4, 'verdict': 'undecided'}
    """
    return {key: _without_error(key, value) for key, value in row.items()}


def _without_error(key: str, value: Any) -> Any:
    if key == "verdict":
        return "undecided" if value in SURE else value
    is_end = key.endswith(("_low", "_high", "_std_error")) and not key.startswith("n_")
    return None if key in _TESTS or is_end else value


def counted_anew(rows: Sequence[Row]) -> Iterator[Row]:
    """Yield the rows of one league table with the ranks of those that are shown, hidden ones last and without order.

    Notes
    -----
    Among fewer units a unit ranks as many places higher as hidden ones were above it, which nobody shall learn: its set
    reaches as many places further up as there are hidden units. It still holds the true rank at the stated level.
    """
    shown = [row for row in rows if row["rank"] is not None]
    hidden = sorted((row for row in rows if row["rank"] is None), key=lambda row: str(row["unit"]))
    ties = {tie: place for place, tie in enumerate(sorted({row["tie_group"] for row in shown}), 1)}
    for row in shown if hidden else ():
        new = {"rank": 1 + sum(other["rank"] < row["rank"] for other in shown), "tie_group": ties[row["tie_group"]]}
        for low, high in (("rank_low", "rank_high"), ("marginal_low", "marginal_high")):
            new[low] = max(1, row[low] - len(hidden))
            new[high] = min(len(shown), row[high])
        yield row | new
    yield from () if hidden else shown
    yield from hidden


def nameless(rows: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Return the findings of quality rules with running numbers in place of respondents, and without their values."""
    numbers: dict[str, int] = {}
    return [
        dict(row) | {"respondent": numbers.setdefault(str(row["respondent"]), len(numbers) + 1), "value": None}
        for row in rows
    ]
