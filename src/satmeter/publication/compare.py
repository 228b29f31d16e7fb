"""Two results documents held against each other, number by number."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

TOLERANCE = 1e-9
"""Relative difference up to which two numbers are the same: sums of floats depend on the processor."""

MOST_NAMED = 20
"""Differences of one part that are named; the others are counted."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One number that was published and one that was computed; `place` is section, row and column."""

    place: str
    published: Any
    computed: Any


@dataclass(frozen=True, slots=True)
class Comparison:
    """What came out of holding one section against another.

    Attributes
    ----------
    agree
        Numbers that agree.
    differences
        Those that do not.
    unchecked
        Numbers that could not be held against anything.
    """

    agree: int = 0
    differences: tuple[Difference, ...] = ()
    unchecked: int = 0

    def __add__(self, other: Comparison) -> Comparison:
        """Return both together."""
        found = (*self.differences, *other.differences)
        return Comparison(self.agree + other.agree, found, self.unchecked + other.unchecked)


def same_number(one: float, other: float) -> bool:
    """Tell whether two numbers are the same: relative difference at most `TOLERANCE`, below 1 the absolute one.

    Examples
    --------
    >>> same_number(0.1 + 0.2, 0.3), same_number(75.3, 75.4), same_number(0.0, 1e-12)
    (True, False, True)
    """
    return math.isclose(one, other, rel_tol=TOLERANCE, abs_tol=TOLERANCE)


def compare_values(place: str, published: Any, computed: Any) -> Comparison:
    """Compare two values of a results document: numbers by `same_number`, everything else as it is.

    Examples
    --------
    >>> compare_values("scores", {"estimate": 1.0, "n": 3}, {"estimate": 1.0, "n": 4}).differences
    (Difference(place='scores.n', published=3, computed=4),)
    """
    if isinstance(published, Mapping) and isinstance(computed, Mapping):
        keys = dict.fromkeys((*published, *computed))
        return _sum(compare_values(f"{place}.{k}", published.get(k), computed.get(k)) for k in keys)
    if _is_list(published) and _is_list(computed):
        if len(published) != len(computed):
            return Comparison(0, (Difference(f"{place}.length", len(published), len(computed)),))
        pairs = enumerate(zip(published, computed, strict=True))
        return _sum(compare_values(f"{place}[{i}]", one, other) for i, (one, other) in pairs)
    if _is_number(published) and _is_number(computed):
        return Comparison(1) if same_number(published, computed) else _differ(place, published, computed)
    return Comparison(int(_is_number(published))) if published == computed else _differ(place, published, computed)


def row_name(row: Mapping[str, Any]) -> str:
    """Return what tells a row from the others of its section: its texts.

    Examples
    --------
    >>> row_name({"measure": "image", "statistic": "index", "group": "", "estimate": 3.0})
    'image, index'
    """
    return ", ".join(value for key, value in row.items() if isinstance(value, str) and value and key != "symbol")[:120]


def numbers_in(value: Any) -> int:
    """Return how many numbers a value holds.

    Examples
    --------
    >>> numbers_in({"estimate": 1.0, "n": 3, "certain": True, "of": [1, None]})
    3
    """
    if isinstance(value, Mapping):
        return sum(numbers_in(part) for part in value.values())
    if _is_list(value):
        return sum(numbers_in(part) for part in value)
    return int(_is_number(value))


def _sum(parts: Iterable[Comparison]) -> Comparison:
    differences: list[Difference] = []
    agree, unchecked = 0, 0
    for part in parts:
        agree, unchecked = agree + part.agree, unchecked + part.unchecked
        differences += part.differences
    return Comparison(agree, tuple(differences), unchecked)


def _differ(place: str, published: Any, computed: Any) -> Comparison:
    return Comparison(0, (Difference(place, published, computed),))


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
