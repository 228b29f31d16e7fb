"""Rows of scores adjusted for who the units' respondents are."""

from __future__ import annotations

from dataclasses import dataclass

from satmeter.errors import Note
from satmeter.measurement.comparison_rows import RankRow


@dataclass(frozen=True, slots=True)
class AdjustedRow:
    """The score of one unit, as it is (`raw`) and as it would be with the respondents of all units (`adjusted`).

    Points 0–100. `shift` is adjusted less raw, None in the raw row.
    """

    group_by: str
    unit: str
    measure: str
    statistic: str  # mean_score
    method: str  # raw | adjusted
    estimate: float | None
    std_error: float | None
    conf_low: float | None
    conf_high: float | None
    df: float | None
    n: int
    shift: float | None


@dataclass(frozen=True, slots=True)
class CoefficientRow:
    """One coefficient of the adjustment: points of the measure that go with the option, or with one more of a number.

    Within units: differences between units are not in it. `term` is ``question[option]`` against the first option that
    occurs, or the id of a number question.
    """

    group_by: str
    measure: str
    adjuster: str
    term: str
    estimate: float | None
    std_error: float | None
    conf_low: float | None
    conf_high: float | None
    df: float | None
    p_value: float | None
    n: int


@dataclass(frozen=True, slots=True)
class CaseMixCheckRow:
    """Test that an adjuster goes with the same change of the measure in all units.

    F with `df` and `df2` degrees of freedom; `p_adjusted` is Holm's over the adjusters of one measure and grouping.
    """

    group_by: str
    measure: str
    adjuster: str
    f: float | None
    df: int
    df2: float | None
    p_value: float | None
    p_adjusted: float | None


@dataclass(frozen=True, slots=True)
class CaseMixResult:
    """Adjusted scores, the coefficients behind them, whether they may be used for all units, and ranks."""

    adjusted: tuple[AdjustedRow, ...] = ()
    coefficients: tuple[CoefficientRow, ...] = ()
    checks: tuple[CaseMixCheckRow, ...] = ()
    notes: tuple[Note, ...] = ()
    ranks: tuple[RankRow, ...] = ()
