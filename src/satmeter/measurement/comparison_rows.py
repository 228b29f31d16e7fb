"""Rows of comparisons and of league tables."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """One difference with its test.

    `estimate` is group less other (or less the target), in the unit of the statistic; `other` is empty against the
    rest, and the target's number against a target. `t` has `df` degrees of freedom. `p_adjusted` is over all rows of
    one measure, statistic, grouping and method. `effect_size` is Cohen's d for means and NPS, Cohen's h for shares;
    None for targets. For shares `std_error`, interval and `t` are those of the difference drawn towards zero
    (`numerics.share_difference`). `verdict` is `higher`, `lower` or `undecided` by the adjusted p-value; for targets
    `met`, `not_met` or `undecided` by the interval; the target of a cost is met from below.
    """

    measure: str
    statistic: str
    group_by: str
    group: str
    other: str
    method: str  # rest | pair | target
    estimate: float | None
    std_error: float | None
    conf_low: float | None
    conf_high: float | None
    t: float | None
    df: float | None
    p_value: float | None
    p_adjusted: float | None
    effect_size: float | None
    n: int
    n_other: int | None
    verdict: str


@dataclass(frozen=True, slots=True)
class RankRow:
    """One unit of a league table.

    `rank_low` to `rank_high` is the simultaneous set: all sets of the table together hold all true ranks with the
    study's level. `marginal_low` to `marginal_high` is for the reader of one unit. Units of one `tie_group` are not
    surely below its first. A score of a cost is ranked from the lowest.

    Where units are ranked within strata, `within` is the question and `stratum` its option; ranks, sets and tie groups
    count the units of the stratum, and the simultaneous sets hold for the units of all strata together. Both are empty
    else.
    """

    group_by: str
    unit: str
    within: str
    stratum: str
    measure: str
    statistic: str
    estimate: float | None
    std_error: float | None
    conf_low: float | None
    conf_high: float | None
    n: int
    rank: int
    rank_low: int
    rank_high: int
    marginal_low: int
    marginal_high: int
    tie_group: int
