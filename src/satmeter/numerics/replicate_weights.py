"""Replicate weights: how a set of them makes a variance, and how further replicates are drawn from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import FloatArray, IntArray
from satmeter.numerics.resampling import rao_wu_draws, rao_wu_scale

Kind = Literal["brr", "fay", "jk1", "jkn", "bootstrap", "other"]

BALANCED = ("brr", "fay", "bootstrap")
SAME = 1e-6
"""Factors that differ by less are taken as equal."""


@dataclass(frozen=True, eq=False)
class ReplicateSet:
    """Replicate weights of a sample.

    Attributes
    ----------
    unit
        shape (n,), unit of every row: rows whose weights change alike in all replicates.
    factor
        shape (replicates, units), weight in the replicate over weight in the sample.
    coefficient
        shape (replicates,), c of the variance Σ c (replicate − estimate)².
    group
        shape (replicates,), equal for replicates that change the same units and no others: those of one stratum in a
        jackknife; one group where they cannot be told apart.
    df
        Rank of the weights less 1.
    balanced
        Whether they stand for a bootstrap's replicates as they are: "brr", "fay" and "bootstrap".
    """

    unit: IntArray
    factor: FloatArray
    coefficient: FloatArray
    group: IntArray
    df: int
    balanced: bool


def replicate_set(
    weights: npt.ArrayLike,
    replicate_weights: npt.ArrayLike,
    kind: Kind,
    *,
    scale: float | None = None,
    rscales: npt.ArrayLike | None = None,
    rho: float | None = None,
) -> ReplicateSet:
    """Take replicate weights apart.

    Parameters
    ----------
    weights
        shape (n,), above 0.
    replicate_weights
        shape (replicates, n), at least 0, on the scale of `weights`.
    kind
        How they were made.
    scale, rscales
        c = scale · rscale; None: 1/R with "brr", 1/(R (1 − rho)²) with "fay", (R − 1)/R with "jk1", 1/(R − 1) with
        "bootstrap"; with "jkn" (R_h − 1)/R_h, R_h replicates of the stratum, or 1 where a stratum has one replicate.
    rho
        Fay's coefficient.

    Returns
    -------
    ReplicateSet

    Raises
    ------
    NumericsError
        N102 for `rscales` of another length, or missing with "jkn" whose strata cannot be told apart.

    Notes
    -----
    Deviations are taken from the estimate, not from the mean of the replicates: R survey's ``svrepdesign(mse = TRUE)``.
    Degrees of freedom as its ``degf``.

    Examples
    --------
    >>> found = replicate_set([2.0, 2.0, 2.0], [[0, 3, 3], [3, 0, 3], [3, 3, 0]], "jk1")
    >>> found.factor[0], found.coefficient.round(3), found.df
    (array([0. , 1.5, 1.5]), array([0.667, 0.667, 0.667]), 2)
    """
    ratio = np.asarray(replicate_weights, dtype=np.float64) / np.asarray(weights, dtype=np.float64)
    alike, first, unit = np.unique(_marks(ratio), return_index=True, return_inverse=True)
    if len(alike) < ratio.shape[1]:
        ratio = ratio[:, first]
    else:
        unit = np.arange(ratio.shape[1])
    group = _groups(ratio)
    given = None if rscales is None else np.asarray(rscales, dtype=np.float64).ravel()
    coefficient = _own_scales(kind, group, given) * _scale(kind, len(ratio), scale, rho)
    return ReplicateSet(unit.astype(np.int64), ratio, coefficient, group, _rank(ratio) - 1, kind in BALANCED)


def balanced_factors(found: ReplicateSet) -> FloatArray:
    """Return factors of replicates whose standard deviation is the standard error, shape (replicates, units).

    Parameters
    ----------
    found
        Balanced half samples, Fay's, or bootstrap replicates.

    Returns
    -------
    array, shape (replicates, units)
        1 + √(c (R − 1)) (factor − 1), for the divisor R − 1 of a standard deviation: what Fay's coefficient, or
        averaging of several bootstrap samples, has drawn together is drawn apart again, so that replicates may be used
        as those of a bootstrap.

    Examples
    --------
    >>> found = replicate_set([1.0, 1.0], [[0.5, 1.5], [1.5, 0.5]] * 32, "fay", rho=0.5)
    >>> balanced_factors(found)[:2].round(2).tolist()
    [[0.01, 1.99], [1.99, 0.01]]
    """
    reach = np.sqrt(found.coefficient * (len(found.coefficient) - 1))
    return np.asarray(1 + reach[:, None] * (found.factor - 1), dtype=np.float64)


def mixing(found: ReplicateSet, replicates: int, rng: np.random.Generator) -> FloatArray:
    """Draw combinations of the replicates' departures from the sample, shape (combinations, replicates).

    Parameters
    ----------
    found
        A jackknife, or any other set.
    replicates
        How many combinations.
    rng
        As for `rao_wu_draws`.

    Returns
    -------
    array, shape (combinations, replicates)
        λ: the factors of a combination are 1 + λ (factor − 1), its weights w + Σ_b λ_b (w_b − w). Over combinations, a
        weighted total has the variance Σ c (replicate − estimate)², but for the square of Σ √c (replicate − estimate)
        within each group, which is nothing in a jackknife.

    Notes
    -----
    λ_b = √c_b z_b. Within a group of R replicates z = √((R − 1)/R) (1 − m) with m the Rao–Wu multipliers of R units, so
    that from a delete-one jackknife come the weights of the Rao–Wu bootstrap over the units that it leaves out: none of
    them is negative, and smooth functions of weights have percentile intervals. A replicate that is a group of its own
    (paired jackknife) has z = ±1.

    Examples
    --------
    >>> found = replicate_set([2.0, 2.0, 2.0], [[0, 3, 3], [3, 0, 3], [3, 3, 0]], "jk1")
    >>> drawn = mixing(found, 2, np.random.default_rng(1))
    >>> (1 + drawn @ (found.factor - 1)).round(9).sum(axis=1)
    array([3., 3.])
    """
    size = np.bincount(found.group)
    alone = (size == 1)[found.group]
    signs = rng.spawn(1)[0].integers(0, 2, (replicates, int(alone.sum()))) * 2.0 - 1.0
    drawn = rao_wu_draws(found.group, replicates, rng, fraction=(size == 1).astype(np.float64))
    share = np.sqrt((size - 1) / size)[found.group]
    z = share * (1 - drawn * rao_wu_scale(found.group))
    z[:, alone] = signs
    return np.asarray(np.sqrt(found.coefficient) * z, dtype=np.float64)


def delete_one(
    stratum: npt.ArrayLike, fraction: npt.ArrayLike | None = None, *, centre: bool = False
) -> tuple[FloatArray, FloatArray]:
    """Return the delete-one jackknife of units in strata.

    Parameters
    ----------
    stratum
        shape (units,), 0 … strata − 1.
    fraction
        shape (strata,), sampling fractions, or None. A stratum of one unit, all there is, has no replicate.
    centre
        Whether the unit of a stratum that has no other is left out as well, with the coefficient 1 − f_h.

    Returns
    -------
    factor : array, shape (replicates, units)
        0 for the unit that is left out, n_h/(n_h − 1) for the others of its stratum, 1 elsewhere.
    coefficient : array, shape (replicates,)
        (1 − f_h)(n_h − 1)/n_h.

    Notes
    -----
    JK1 and JKn of R survey's ``as.svrepdesign``. Wolter (2007), Introduction to Variance Estimation, 4.5.

    Examples
    --------
    >>> factor, coefficient = delete_one([0, 0, 1, 1])
    >>> factor[0], coefficient
    (array([0., 2., 1., 1.]), array([0.5, 0.5, 0.5, 0.5]))
    """
    layer = np.asarray(stratum, dtype=np.int64)
    size = np.bincount(layer).astype(np.float64)
    left = np.flatnonzero((size[layer] > 1) | centre)
    raised = (size / np.maximum(size - 1, 1))[layer]
    factor = np.where(layer[left][:, None] == layer, raised, 1.0)
    factor[np.arange(len(left)), left] = 0.0
    coefficient = np.where(size > 1, size - 1, 1.0) / size
    if fraction is not None:
        coefficient = coefficient * (1 - np.asarray(fraction, dtype=np.float64))
    return factor, coefficient[layer[left]]


def replicate_variance(estimate: npt.ArrayLike, replicates: npt.ArrayLike, coefficient: npt.ArrayLike) -> FloatArray:
    """Return Σ c (replicate − estimate)².

    Parameters
    ----------
    estimate
        shape (...).
    replicates
        shape (replicates, ...). Where one is NaN, what it is about cannot be had without the units left out: c of the
        others is raised in proportion.
    coefficient
        shape (replicates,).

    Returns
    -------
    array, shape (...)
        NaN where fewer than half of the replicates exist.

    Examples
    --------
    >>> float(replicate_variance(2.0, [1.5, 2.0, 2.5], [2 / 3, 2 / 3, 2 / 3]).round(4))
    0.3333
    """
    values = np.asarray(replicates, dtype=np.float64)
    c = np.asarray(coefficient, dtype=np.float64).reshape((-1,) + (1,) * (values.ndim - 1))
    present = ~np.isnan(values)
    squares = np.where(present, c * (values - np.asarray(estimate, dtype=np.float64)) ** 2, 0.0).sum(axis=0)
    held = np.where(present, c, 0.0).sum(axis=0)
    enough = (present.sum(axis=0) * 2 >= len(values)) & (held > 0)
    return np.asarray(squares * c.sum() / np.where(enough, held, np.nan), dtype=np.float64)[()]


def _marks(factor: FloatArray) -> npt.NDArray[np.uint64]:
    """Return a hash of every row's factors, shape (n,): equal where they are, in all replicates, to six places."""
    marks = np.zeros(factor.shape[1], dtype=np.uint64)
    odd = np.random.default_rng(20261122).integers(0, 2**63, len(factor), dtype=np.uint64) * np.uint64(2) + np.uint64(1)
    for row, by in zip(factor, odd, strict=True):
        marks += np.rint(row / SAME).astype(np.int64).view(np.uint64) * by
    return marks


def _groups(factor: FloatArray) -> IntArray:
    """Tell which replicates change the same units; one group unless sets of units are the same or apart."""
    changed = np.abs(factor - 1) > SAME
    mark = np.random.default_rng(20261122).integers(1, 2**62, factor.shape[1])
    _, first, group = np.unique(changed @ mark, return_index=True, return_inverse=True)
    if (changed[first].sum(axis=0) > 1).any():
        return np.zeros(len(factor), dtype=np.int64)
    return np.ravel(group).astype(np.int64)


def _scale(kind: Kind, count: int, scale: float | None, rho: float | None) -> float:
    if kind in ("brr", "fay"):
        return 1 / (count * (1 - (rho or 0.0)) ** 2)
    if scale is not None:
        return scale
    if kind == "jk1":
        return (count - 1) / count
    return 1 / (count - 1) if kind == "bootstrap" and count > 1 else 1.0


def _own_scales(kind: Kind, group: IntArray, given: FloatArray | None) -> FloatArray:
    count = len(group)
    if given is not None and len(given):
        if len(given) != count:
            raise _unscaled(f"{len(given)} / {count}")
        return given
    if kind != "jkn":
        return np.ones(count)
    size = np.bincount(group).astype(np.float64)
    if len(size) == 1:
        raise _unscaled(f"0 / {count}")
    return np.where(size > 1, (size - 1) / size, 1.0)[group]


def _unscaled(got: str) -> NumericsError:
    return NumericsError(Problem("N102", got=got))


def _rank(factor: FloatArray) -> int:
    small = factor if len(factor) <= factor.shape[1] else factor.T
    values = np.linalg.eigvalsh(small @ small.T)
    return int((values > 1e-10 * values[-1]).sum())
