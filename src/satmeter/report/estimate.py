"""One labelled number with its interval: what sentences, tables and figures are made of."""

from __future__ import annotations

from dataclasses import dataclass

SMALL_BASE = 30


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its interval and base.

    Attributes
    ----------
    label
        Name in the language of the report.
    value, low, high
        Estimate and ends of its interval, all in the same unit; None where it cannot be had.
    n
        Respondents that the number rests on.
    symbol
        What stands in place of a number that is not published, or beside one on a base that the policy marks.

    Examples
    --------
    >>> Estimate("Service", 78.2, 76.0, 80.4, 480).overlaps(Estimate("Staff", 74.0, 71.9, 76.1, 480))
    True
    """

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    n: int = 0
    symbol: str = ""

    @property
    def hidden(self) -> str:
        """The symbol of a number that is not published; empty where there is a number, or none could be had."""
        return self.symbol if self.value is None else ""

    @property
    def has_interval(self) -> bool:
        """Whether both ends of the interval are known."""
        return self.low is not None and self.high is not None

    @property
    def is_small(self) -> bool:
        """Whether the base is below 30; that of a hidden number is not told."""
        return not self.hidden and self.n < SMALL_BASE

    def overlaps(self, other: Estimate) -> bool:
        """Tell whether the two intervals share a point; an unknown interval overlaps everything."""
        if self.low is None or self.high is None or other.low is None or other.high is None:
            return True
        return self.low <= other.high and other.low <= self.high


def known(estimates: tuple[Estimate, ...]) -> tuple[Estimate, ...]:
    """Return the estimates that have a value, highest first; ties keep their order."""
    return tuple(sorted((e for e in estimates if e.value is not None), key=lambda e: -(e.value or 0.0)))
