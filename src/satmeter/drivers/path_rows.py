"""Rows of the path model's sections. Column names are those of results.json."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PathRow:
    """One effect of one construct on another, standardised; `effect` is `direct`, `indirect` or `total`.

    `conf_low`, `conf_high` are percentiles of the replicates, `bca_low`, `bca_high` corrected for bias and skewness.
    `f2` and `vif` belong to direct effects.
    """

    source: str
    target: str
    effect: str
    estimate: float | None
    std_error: float | None
    conf_low: float | None
    conf_high: float | None
    bca_low: float | None
    bca_high: float | None
    f2: float | None
    vif: float | None
    n: int


@dataclass(frozen=True, slots=True)
class ChainRow:
    """The indirect effect along one route, `via` the constructs between, joined by an arrow."""

    source: str
    target: str
    via: str
    estimate: float | None
    std_error: float | None
    conf_low: float | None
    conf_high: float | None
    n: int


@dataclass(frozen=True, slots=True)
class PathModelRow:
    """One path by one method: `pls`, `plsc` (consistent) or `sem` (covariance-based, maximum likelihood)."""

    model: str
    source: str
    target: str
    estimate: float | None
    std_error: float | None
    conf_low: float | None
    conf_high: float | None
    n: int


@dataclass(frozen=True, slots=True)
class PathQualityRow:
    """One statistic of a construct, a pair of constructs, or (both empty) of the whole model."""

    model: str
    statistic: str
    construct: str
    other: str
    estimate: float | None
    conf_low: float | None
    conf_high: float | None
    p_value: float | None
    n: int


@dataclass(frozen=True, slots=True)
class PredictionRow:
    """How well one item of an outcome is predicted out of sample; errors in points of 0–100.

    `q2` is 1 − squared errors over those of the mean; the `linear` figures are of a regression on the items.
    """

    construct: str
    item: str
    rmse: float | None
    mae: float | None
    q2: float | None
    linear_rmse: float | None
    linear_mae: float | None
    linear_q2: float | None
    folds: int
    n: int


@dataclass(frozen=True, slots=True)
class PathGroupRow:
    """Two groups compared by permutation.

    `statistic`: `path` or `total` (difference of the effect of `source` on `target`), or of the construct `target`:
    `composition` (correlation of its scores by both groups' weights; `low` is its 5 % quantile), `mean` (difference in
    standard deviations) or `variance` (log ratio).
    """

    group_by: str
    group: str
    other: str
    statistic: str
    source: str
    target: str
    estimate: float | None
    first: float | None
    second: float | None
    low: float | None
    high: float | None
    p_value: float | None
    p_adjusted: float | None
    n: int
    n_other: int


@dataclass(frozen=True, slots=True)
class PathImportanceRow:
    """A construct (`item` empty) or an item: total effect on the outcome in points, and its mean score.

    Costs are turned round. Quadrants as in `priorities`; lines are the means over the rows of the same kind.
    """

    outcome: str
    driver: str
    item: str
    importance: float | None
    importance_low: float | None
    importance_high: float | None
    performance: float | None
    performance_low: float | None
    performance_high: float | None
    importance_line: float | None
    performance_line: float | None
    quadrant: str
    certain: bool
    probability: float | None
    n: int
