"""Results of driver analysis: tuples of plain-number rows. Column names are those of results.json."""

from __future__ import annotations

from dataclasses import dataclass

from satmeter.errors import Note


@dataclass(frozen=True, slots=True)
class DriverRow:
    """One importance figure of one driver of one outcome."""

    outcome: str
    driver: str
    method: str  # correlation | beta | b | lmg ; beta and b of a categorical driver are absent
    estimate: float | None
    std_error: float | None
    conf_low: float | None
    conf_high: float | None
    share: float | None  # lmg / R², with its own interval
    share_low: float | None
    share_high: float | None
    n: int


@dataclass(frozen=True, slots=True)
class RegressionRow:
    """One coefficient of one regression, in points of 0–100; `term` is a driver, `question[option]` or `(intercept)`."""

    outcome: str
    term: str
    model: str  # ols
    std_error_type: str  # HC3
    estimate: float | None
    std_error: float | None
    conf_low: float | None
    conf_high: float | None
    statistic: float | None
    df: float | None
    p_value: float | None
    beta: float | None
    vif: float | None
    n: int


@dataclass(frozen=True, slots=True)
class FitRow:
    """How well one regression fits."""

    outcome: str
    statistic: str  # r2 | r2_adjusted
    estimate: float | None
    std_error: float | None
    conf_low: float | None
    conf_high: float | None
    n: int


@dataclass(frozen=True, slots=True)
class PriorityRow:
    """One driver in the importance–performance plane of one outcome.

    `quadrant`: `strength` (high importance, high performance; 优势区), `improve` (high, low; 修补区), `opportunity` (low, low;
    机会区), `maintain` (low, high; 维持区). `certain` is False when an interval crosses its line: the point is drawn grey.
    """

    outcome: str
    driver: str
    importance: float | None  # LMG share
    importance_low: float | None
    importance_high: float | None
    performance: float | None  # mean score 0–100
    performance_low: float | None
    performance_high: float | None
    importance_line: float | None
    performance_line: float | None
    quadrant: str
    certain: bool
    n: int


@dataclass(frozen=True, slots=True)
class DriverResult:
    """Drivers of every outcome of one study."""

    drivers: tuple[DriverRow, ...]
    regression: tuple[RegressionRow, ...]
    fit: tuple[FitRow, ...]
    priorities: tuple[PriorityRow, ...]
    conf_level: float
    notes: tuple[Note, ...] = ()
