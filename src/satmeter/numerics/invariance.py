"""Measurement invariance: whether items measure the same, in the same unit and from the same origin, in all groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError
from satmeter.numerics.cfa_build import Constraints, Released, check_identified, checked_factors, group_model
from satmeter.numerics.cfa_fit import FitIndices, chi2_tail, no_indices
from satmeter.numerics.cfa_groups import GroupsFit, fit_groups
from satmeter.numerics.cfa_model import INTERCEPT, LOADING, cells, products
from satmeter.numerics.cfa_solution import Solution
from satmeter.numerics.modification import cell_scores

Level = Literal["configural", "metric", "scalar", "strict"]
Verdict = Literal["scalar_holds", "partial", "metric_only", "none"]
Part = Literal["loading", "intercept"]

_LEVELS: tuple[tuple[Level, Constraints], ...] = (
    ("configural", Constraints()),
    ("metric", Constraints(loadings=True)),
    ("scalar", Constraints(loadings=True, intercepts=True)),
    ("strict", Constraints(loadings=True, intercepts=True, residuals=True)),
)
_LEAST_EQUAL = 2


@dataclass(frozen=True, slots=True)
class Criteria:
    """When a step holds: Chen (2007) Structural Equation Modeling 14, 464–504, for samples above 300.

    Attributes
    ----------
    cfi_drop, rmsea_rise
        A step holds if CFI falls and RMSEA rises by no more than this against the step that it is compared with.
    least_cfi
        The configural model holds if its CFI is at least this.
    """

    cfi_drop: float = 0.010
    rmsea_rise: float = 0.015
    least_cfi: float = 0.90


@dataclass(frozen=True, slots=True)
class InvarianceStep:
    """One model of the sequence.

    Attributes
    ----------
    level
        What is equal across groups: nothing; loadings; and intercepts; and residual variances.
    released
        What is free all the same: ("loading" or "intercept", item).
    indices
        Fit.
    chi2_change, df_change, p_change
        Chi-square difference test against the step before (for a partial step: against the step that its level is
        compared with). NaN, 0, NaN for the configural model, and NaN p without a change of df.
    cfi_change, rmsea_change, srmr_change
        This step's index less the other's; NaN for the configural model.
    holds
        Whether the criteria are met.
    converged
        Whether the search found a minimum. If not, every figure is NaN and the step does not hold: with equality that
        badly wrong the likelihood may have no maximum.
    """

    level: Level
    released: tuple[Released, ...]
    indices: FitIndices
    chi2_change: float
    df_change: int
    p_change: float
    cfi_change: float
    rmsea_change: float
    srmr_change: float
    holds: bool
    converged: bool


@dataclass(frozen=True, slots=True)
class Invariance:
    """The result of the sequence.

    Attributes
    ----------
    steps
        Configural, metric, scalar and strict model, nothing released.
    partial
        The steps of the search for partial invariance, one release a step, in order; empty if none was needed or
        possible.
    verdict
        "scalar_holds": loadings and intercepts are equal, means may be compared. "partial": they are equal but for
        `released`; latent means of `comparable` may be compared. "metric_only": only loadings are (but for those
        released); relations may be compared, means not. "none": not even loadings, or the model does not fit any
        way.
    released
        What the verdict "partial" or "metric_only" rests on.
    comparable
        The scalar or partial scalar model, whose factor means may be compared; None without one.
    criteria
        As used.
    """

    steps: tuple[InvarianceStep, ...]
    partial: tuple[InvarianceStep, ...]
    verdict: Verdict
    released: tuple[Released, ...]
    comparable: GroupsFit | None
    criteria: Criteria


@dataclass(frozen=True, slots=True)
class _Data:
    cov: npt.ArrayLike
    means: npt.ArrayLike
    n: npt.ArrayLike
    factors: Sequence[Sequence[int]]
    criteria: Criteria

    def fit(self, constraints: Constraints, like: GroupsFit | None) -> GroupsFit:
        begin = None if like is None else like.solution.model.matrices(like.solution.x)
        return fit_groups(self.cov, self.means, self.n, self.factors, constraints=constraints, begin=begin)

    def step(
        self, level: Level, constraints: Constraints, other: GroupsFit | None, like: GroupsFit | None
    ) -> tuple[InvarianceStep, GroupsFit | None]:
        """Fit a level and compare it with the other fit; None where the search finds no minimum."""
        try:
            fit = self.fit(constraints, like or other)
        except NumericsError as error:
            if {problem.code for problem in error.problems} - {"N031", "N033"}:
                raise
            return self._missing(level, constraints), None
        return _compared(level, fit, other, constraints.released, self.criteria), fit

    def _missing(self, level: Level, constraints: Constraints) -> InvarianceStep:
        sizes = np.asarray(self.n)
        model = group_model(checked_factors(self.factors, np.shape(self.cov)[-1]), len(sizes), constraints)
        indices = no_indices(int(sizes.sum()), model.free.n_parameters, check_identified(model))
        nan = float("nan")
        return InvarianceStep(
            level, constraints.released, indices, nan, 0, nan, nan, nan, nan, holds=False, converged=False
        )


def measurement_invariance(
    cov: npt.ArrayLike,
    means: npt.ArrayLike,
    n: npt.ArrayLike,
    factors: Sequence[Sequence[int]],
    *,
    criteria: Criteria = Criteria(),
) -> Invariance:
    """Test configural, metric, scalar and strict invariance across groups, and partial invariance where they fail.

    Parameters
    ----------
    cov, means, n
        shape (G, p, p) with divisor n − 1, (G, p), (G,): of complete rows of each group, weighted or not.
    factors
        Column numbers of each factor's items, as for `fit_cfa`.
    criteria
        When a step holds.

    Returns
    -------
    Invariance
        Where the metric (scalar) model does not hold, the loading (intercept) whose equality costs most by the score
        test is released in all groups, and so on until the criteria are met; at least two items of a factor stay
        equal. An item whose loading is released has its intercept released too.

    Raises
    ------
    NumericsError
        As `fit_groups` for the configural model. A later model without minimum is a step that does not hold, with
        `converged` False.

    Notes
    -----
    Meredith (1993) Psychometrika 58, 525–543; partial invariance: Byrne, Shavelson and Muthén (1989) Psychological
    Bulletin 105, 456–466. The chi-square difference is reported and does not decide: with many respondents it
    rejects differences without consequence. A factor of one item is taken as equal in all groups: that cannot be
    tested.

    Examples
    --------
    >>> cov = [[[1.0, 0.5, 0.5], [0.5, 1.0, 0.5], [0.5, 0.5, 1.0]]] * 2
    >>> found = measurement_invariance(cov, [[3, 3, 3], [4, 4, 3]], [200, 200], [(0, 1, 2)])
    >>> found.verdict, found.released
    ('partial', (('intercept', 2),))
    """
    data = _Data(cov, means, n, factors, criteria)
    configural = data.fit(_LEVELS[0][1], None)
    steps = [_compared("configural", configural, None, (), criteria)]
    fits: list[GroupsFit | None] = [configural]
    for level, constraints in _LEVELS[1:]:
        step, fit = data.step(level, constraints, fits[-1], configural)
        steps.append(step)
        fits.append(fit)
    whole, tried = tuple(steps), list[InvarianceStep]()
    if not steps[0].holds:
        return Invariance(whole, (), "none", (), None, criteria)
    if steps[1].holds and steps[2].holds:
        return Invariance(whole, (), "scalar_holds", (), fits[2], criteria)
    metric, scalar, held = fits[1], fits[2], steps[1].holds
    constraints = _LEVELS[2][1]
    loadings: tuple[Released, ...] = ()
    if not held:
        found = _release(data, "metric", _LEVELS[1][1], metric, configural, tried)
        if found is None:
            return Invariance(whole, tuple(tried), "none", (), None, criteria)
        metric, loadings = found
        intercepts: tuple[Released, ...] = tuple(("intercept", item) for _, item in loadings)
        constraints = replace(constraints, released=(*loadings, *intercepts))
        step, scalar = data.step("scalar", constraints, metric, None)
        tried.append(step)
        if step.holds:
            return Invariance(whole, tuple(tried), "partial", constraints.released, scalar, criteria)
    freed = _release(data, "scalar", constraints, scalar, metric, tried)
    if freed is None:
        return Invariance(whole, tuple(tried), "metric_only", loadings, None, criteria)
    return Invariance(whole, tuple(tried), "partial", freed[1], freed[0], criteria)


def release_scores(solution: Solution, part: Part) -> dict[int, float]:
    """Return by how much chi-square would fall if an item's loading or intercept, now equal, were free in all groups.

    Parameters
    ----------
    solution
        `GroupsFit.solution` of a model with the equality.
    part
        "loading" or "intercept".

    Returns
    -------
    dict
        Item to score statistic, with G − 1 degrees of freedom. Items that are free already, and the only item of a
        factor, are left out.

    Notes
    -----
    For two groups equal to lavaan's ``lavTestScore``.
    """
    model, moments = solution.model, solution.moments
    kind = LOADING if part == "loading" else INTERCEPT
    alone = np.bincount(model.factor_of) == 1
    numbers = [np.empty(model.n_items, dtype=np.int64) for _ in range(2)]
    for group, held in enumerate(numbers):
        listed = model.free.of(kind, group)
        held[listed.row] = listed.parameter
    open_items = [i for i, k in enumerate(model.factor_of) if not alone[k] and numbers[0][i] == numbers[1][i]]
    columns = model.factor_of if kind == LOADING else np.zeros_like(model.factor_of)
    scores, own, cross, places = [], [], [], []
    for group in range(1, model.n_groups):
        listed = cells([(kind, group, i, int(columns[i])) for i in open_items], list(range(len(open_items))))
        slope, shared, along = cell_scores(solution, listed)
        scores.append(slope)
        own.append(moments.share[group] * np.diagonal(products(along, along)))
        places.append(np.unique(model.free.parameter[model.free.group == group]))  # elsewhere nothing is shared
        cross.append(shared[:, places[-1]])
    count = model.n_groups - 1
    left = np.zeros((len(open_items), count, count))
    for a in range(count):
        for b in range(count):
            between = solution.covariance[np.ix_(places[a], places[b])]
            left[:, a, b] = (a == b) * own[a] - ((cross[a] @ between) * cross[b]).sum(axis=1)
    slopes = np.stack(scores, axis=1)
    found = (slopes * np.linalg.solve(left, slopes[:, :, None])[:, :, 0]).sum(axis=1) * moments.n.sum()
    return {item: float(value) for item, value in zip(open_items, found, strict=True)}


def _release(
    data: _Data,
    level: Level,
    constraints: Constraints,
    fit: GroupsFit | None,
    other: GroupsFit | None,
    tried: list[InvarianceStep],
) -> tuple[GroupsFit, tuple[Released, ...]] | None:
    """Release one by one until the level holds against the other fit; None if it does not come to hold."""
    part: Part = "loading" if level == "metric" else "intercept"
    while fit is not None:
        item = _next(fit, part, data.factors, constraints.released)
        if item is None:
            return None
        constraints = replace(constraints, released=(*constraints.released, (part, item)))
        step, fit = data.step(level, constraints, other, fit)
        tried.append(step)
        if fit is not None and step.holds:
            return fit, constraints.released
    return None


def _next(fit: GroupsFit, part: Part, factors: Sequence[Sequence[int]], released: tuple[Released, ...]) -> int | None:
    """Return the item whose equality costs most among factors that keep enough equal items."""
    scores = release_scores(fit.solution, part)
    open_items: list[int] = []
    for items in factors:
        equal = [item for item in items if (part, item) not in released]
        if len(equal) > _LEAST_EQUAL:
            open_items += [item for item in equal if item in scores]
    return max(open_items, key=lambda item: scores[item], default=None)


def _compared(
    level: Level, fit: GroupsFit, other: GroupsFit | None, released: tuple[Released, ...], criteria: Criteria
) -> InvarianceStep:
    now, nan = fit.indices, float("nan")
    if other is None:
        holds = level == "configural" and now.cfi >= criteria.least_cfi
        return InvarianceStep(level, released, now, nan, 0, nan, nan, nan, nan, holds, converged=True)
    before = other.indices
    chi2, df = now.chi2 - before.chi2, now.df - before.df
    fall, rise = now.cfi - before.cfi, now.rmsea - before.rmsea
    holds = -fall <= criteria.cfi_drop and rise <= criteria.rmsea_rise
    p = chi2_tail(chi2, df)
    return InvarianceStep(level, released, now, chi2, df, p, fall, rise, now.srmr - before.srmr, holds, converged=True)
