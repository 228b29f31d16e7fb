"""Correlations of pairs of columns, each over the respondents who have both, with their replicates."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from satmeter.moments import Resampling, mean_stack

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


def pair_correlations(
    resampling: Resampling, first: FloatArray, second: FloatArray, rows: npt.NDArray[np.bool_] | None = None
) -> tuple[FloatArray, IntArray]:
    """Correlate columns pair by pair.

    Parameters
    ----------
    resampling
        Weights and draws of the study.
    first, second
        shape (n, q), NaN where missing.
    rows
        shape (n,), respondents to be used; all by default.

    Returns
    -------
    correlation
        shape (1 + replicates, q); NaN where a column is constant.
    n
        shape (q,), respondents of positive weight with both values.

    Examples
    --------
    >>> draws = np.array([[2, 0, 0], [1, 1, 0]], dtype=np.uint16)
    >>> resampling = Resampling(np.ones(3), np.arange(3), draws, np.full(3, 1.5), 2)
    >>> corr, n = pair_correlations(resampling, np.array([[1.0], [2.0], [4.0]]), np.array([[2.0], [4.0], [8.0]]))
    >>> corr[:, 0].round(6), n
    (array([ 1., nan,  1.]), array([3]))
    """
    q = first.shape[1]
    both = ~np.isnan(first) & ~np.isnan(second) & (resampling.weights > 0)[:, None]
    if rows is not None:
        both &= rows[:, None]
    x, y = (_standardised(np.where(both, column, np.nan)) for column in (first, second))
    means = mean_stack(resampling, np.concatenate([x, y, x * x, y * y, x * y], axis=1))
    mx, my, xx, yy, xy = (means[:, k * q : (k + 1) * q] for k in range(5))
    vx, vy = xx - mx**2, yy - my**2
    spread = np.where((vx > 1e-12) & (vy > 1e-12), vx * vy, np.nan)
    return np.clip((xy - mx * my) / np.sqrt(spread), -1.0, 1.0), both.sum(axis=0).astype(np.int64)


def _standardised(columns: FloatArray) -> FloatArray:
    """Return columns with mean 0 and spread 1, so that nothing is lost when squares are subtracted."""
    seen = ~np.isnan(columns)
    n = np.maximum(seen.sum(axis=0), 1)
    centred = columns - np.where(seen, columns, 0.0).sum(axis=0) / n
    sd = np.sqrt(np.where(seen, centred**2, 0.0).sum(axis=0) / n)
    return np.asarray(centred / np.where(sd > 0, sd, 1.0), dtype=np.float64)
