"""How much of an outcome every driver goes along with: correlations and LMG shares, with controls swept out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.drivers.model import DriverRow
from satmeter.measurement.degrees import design_df
from satmeter.measurement.plain import plain
from satmeter.numerics.arguments import correlation_from
from satmeter.numerics.importance import lmg
from satmeter.numerics.importance_interval import importance_interval
from satmeter.numerics.intervals import percentile_interval, replicate_se
from satmeter.study.model import Study

FloatArray = npt.NDArray[np.float64]

MAX_DRIVERS = 24
"""LMG looks at all subsets; above this it is not computed."""

MAX_DRIVERS_WITH_INTERVALS = 14


def without_controls(cov: FloatArray, controls: tuple[int, ...]) -> FloatArray:
    """Sweep control columns out of a stack of covariance matrices.

    Parameters
    ----------
    cov
        shape (b, p, p).
    controls
        Column numbers of the controls.

    Returns
    -------
    array, shape (b, p, p)
        Covariance of what the controls do not explain, S − S_C S_CC⁺ S_Cᵀ; zero in the controls' rows and columns. The
        generalised inverse lets a control vary in the sample and not in a replicate.

    Examples
    --------
    >>> without_controls(np.array([[[2.0, 1.0], [1.0, 1.0]]]), (1,))[0, 0, 0]
    np.float64(1.0)
    """
    if not controls:
        return cov
    order = list(controls)
    usable = np.isfinite(cov).all(axis=(1, 2))
    found = np.full_like(cov, np.nan)
    scale = np.sqrt(np.diagonal(cov[0])[order])
    inner = cov[usable][:, order][:, :, order] / np.outer(scale, scale)
    outer = cov[usable][:, :, order] / scale
    inverse = np.linalg.pinv(inner, rcond=1e-10, hermitian=True)
    left = cov[usable] - outer @ inverse @ outer.transpose(0, 2, 1)
    left[:, order, :] = 0.0
    left[:, :, order] = 0.0
    found[usable] = left
    return found


def lmg_stack(
    cov: FloatArray, outcome: int, groups: tuple[tuple[int, ...], ...], controls: tuple[int, ...]
) -> FloatArray:
    """Share out what the drivers explain beyond the controls.

    Parameters
    ----------
    cov
        shape (b, p, p), the full sample first.
    outcome
        Column number of the outcome.
    groups
        Column numbers of every driver.
    controls
        Column numbers of the controls, which are always in the regression.

    Returns
    -------
    array, shape (b, n_groups)
        In units of R² of the whole regression; the sum is R² less the R² of the controls alone.

    Raises
    ------
    NumericsError
        As ``numerics.importance.lmg``.
    """
    left = without_controls(cov, controls)
    if not controls:
        return lmg(cov, outcome, groups)
    whole = cov[:, outcome, outcome]
    part = left[:, outcome, outcome] / np.where(whole > 0, whole, np.nan)
    return np.asarray(lmg(left, outcome, groups) * part[:, None], dtype=np.float64)


def correlation_row(
    cov: FloatArray, outcome: int, column: int, names: tuple[str, str], n: int, level: float
) -> DriverRow:
    """Return the correlation of one column with the outcome, with a percentile interval; `names` outcome, driver."""
    pair = correlation_from(cov[:, [outcome, column]][:, :, [outcome, column]])[:, 0, 1]
    return figure_row(names, "correlation", pair, n, level)


def figure_row(names: tuple[str, str], method: str, values: FloatArray, n: int, level: float) -> DriverRow:
    """Return a row from a stack of values, the full sample first; `names` are outcome and driver."""
    low, high = percentile_interval(values[1:], level)
    return DriverRow(
        outcome=names[0],
        driver=names[1],
        method=method,
        estimate=plain(values[0]),
        std_error=plain(replicate_se(values[1:])),
        conf_low=plain(low),
        conf_high=plain(high),
        share=None,
        share_low=None,
        share_high=None,
        n=n,
    )


@dataclass(frozen=True, slots=True)
class Basis:
    """What the interval of a share of R² rests on.

    Attributes
    ----------
    n
        Respondents of the regression.
    df
        Units less strata less columns.
    n_columns
        Columns of the regression, controls and dummies counted.
    level
        Level of the intervals.
    """

    n: int
    df: float
    n_columns: int
    level: float


def basis_of(study: Study, rows: npt.NDArray[np.bool_], n_columns: int) -> Basis:
    """Return the basis of a regression on some respondents of a study."""
    df = design_df(study, rows) - n_columns
    return Basis(int((rows & (study.weights > 0)).sum()), df, n_columns, study.plan.uncertainty.conf_level)


def lmg_rows(values: FloatArray, outcome: str, drivers: tuple[str, ...], basis: Basis) -> list[DriverRow]:
    """Return the LMG rows of all drivers.

    Parameters
    ----------
    values
        shape (b, n_drivers), the full sample first, in units of R².
    outcome, drivers
        Names.
    basis
        Of the regression.

    Returns
    -------
    list of DriverRow
        `share` is the driver's part of the sum over the drivers, with its own interval, which ends at 1.
    """
    total = values.sum(axis=1, keepdims=True)
    share = values / np.where(total > 0, total, np.nan)
    low, high = importance_interval(values[0], values[1:], basis.df, basis.n_columns, basis.level)
    share_low, share_high = importance_interval(share[0], share[1:], basis.df, basis.n_columns, basis.level)
    share_high = np.minimum(share_high, 1.0)
    se = replicate_se(values[1:])
    return [
        DriverRow(
            outcome=outcome,
            driver=driver,
            method="lmg",
            estimate=plain(values[0, j]),
            std_error=plain(se[j]),
            conf_low=plain(low[j]),
            conf_high=plain(high[j]),
            share=plain(share[0, j]),
            share_low=plain(share_low[j]),
            share_high=plain(share_high[j]),
            n=basis.n,
        )
        for j, driver in enumerate(drivers)
    ]
