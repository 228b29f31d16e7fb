"""Cells and columns of the tables of numbers behind figures."""

from __future__ import annotations

from collections.abc import Callable

from satmeter.report.context import Column
from satmeter.report.estimate import Estimate
from satmeter.report.number_text import ABSENT, count, decimal
from satmeter.report.wording import Words

SCORE_LENGTH = 4.0
"""On a longer axis numbers are scores with one digit, on a shorter one weights with two; so are the figure's marks."""

Number = Callable[[float | None], str]
Body = tuple[list[str], list[Column], list[list[str]]]
"""Headings of the columns of text, columns of numbers, rows."""


def right(*labels: str) -> list[Column]:
    """Return columns of numbers."""
    return [Column(label, "right") for label in labels]


def digits_for(low: float, high: float) -> Number:
    """Return how numbers on an axis of this length are written."""
    digits = 1 if high - low > SCORE_LENGTH else 2
    return lambda value: decimal(value, digits)


def two_digits(value: float | None) -> str:
    """Return a number with two digits."""
    return decimal(value, 2)


def ends(words: Words) -> tuple[str, str]:
    """Return the headings of the ends of intervals."""
    return words["numbers.low"], words["numbers.high"]


def cells(e: Estimate, number: Number) -> list[str]:
    """Return a number and the ends of its interval."""
    return [e.hidden or number(end) for end in (e.value, e.low, e.high)]


def base(e: Estimate) -> str:
    """Return the base of an estimate; a dash where it is not known."""
    return e.hidden or (count(e.n) if e.n else ABSENT)


def one_digit(value: float | None) -> str:
    """Return a number with one digit."""
    return decimal(value, 1)
