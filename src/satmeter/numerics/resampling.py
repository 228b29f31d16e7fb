"""Drawing the sample again: the Rao–Wu bootstrap over strata and first-stage units."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import FloatArray, IntArray
from satmeter.numerics.design import design_units

_BLOCK = 64
_CACHED = 8192
Draws = npt.NDArray[np.uint16]


def rao_wu_draws(
    stratum: npt.ArrayLike,
    replicates: int,
    rng: np.random.Generator,
    *,
    fraction: npt.ArrayLike | None = None,
    centre: bool = False,
) -> Draws:
    """Draw n_h − 1 of the n_h units of every stratum with replacement, many times.

    Parameters
    ----------
    stratum
        shape (n_units,), stratum of every unit, 0 … n_strata − 1, each with at least two units.
    replicates
        Number of replicates.
    rng
        Its seed sequence is spawned once for every 64 replicates, so that replicate r depends on the seed
        and r only, not on how many are asked for.
    fraction
        shape (n_strata,), sampling fractions or None: a stratum may have one unit where that is all there is.
    centre
        Whether other strata may have one unit, which is then drawn twice or not at all with equal chances.

    Returns
    -------
    array of small integers, shape (replicates, n_units)
        How often every unit was drawn.

    Raises
    ------
    NumericsError
        N003 for a stratum with one unit; N010 for fewer than one replicate.

    Examples
    --------
    >>> import numpy as np
    >>> rao_wu_draws([0, 0, 0], 2, np.random.default_rng(1)).sum(axis=1)
    array([2, 2], dtype=uint64)
    """
    layer = np.asarray(stratum, dtype=np.int64)
    size = np.bincount(layer)
    lonely = np.flatnonzero((size == 1) & (True if fraction is None else np.asarray(fraction) < 1))
    alone = np.flatnonzero((size == 1)[layer]) if centre else np.empty(0, dtype=np.int64)
    if len(layer) == 0 or (len(lonely) and not centre):
        raise NumericsError(Problem("N003", params={"strata": ", ".join(map(str, lonely)) or "-"}))
    if replicates < 1:
        raise NumericsError(Problem("N010", got=str(replicates), params={"expected": "replicates ≥ 1"}))
    by_stratum = np.argsort(layer, kind="stable")
    n_units = len(layer)
    drawn = np.empty((replicates, n_units), dtype=np.uint16)
    for block, child in enumerate(rng.spawn(-(-replicates // _BLOCK))):
        part = drawn[block * _BLOCK : (block + 1) * _BLOCK]
        _draw_block(size, by_stratum, part, child)
        if len(alone):
            part[:, alone] = 2 * child.spawn(1)[0].integers(0, 2, (len(part), len(alone)))
    return drawn


def _draw_block(size: IntArray, by_stratum: IntArray, rows: Draws, rng: np.random.Generator) -> None:
    """Fill rows of draws; few rows at a time, so that the counting stays in the cache."""
    picks = np.repeat(size, np.maximum(size - 1, 0)).astype(np.float64)
    first = np.repeat(np.cumsum(size) - size, np.maximum(size - 1, 0))
    n_units = len(by_stratum)
    in_order = bool((by_stratum == np.arange(n_units)).all())
    step = max(1, _CACHED // n_units)
    for start in range(0, len(rows), step):
        part = rows[start : start + step]
        place = first + (rng.random((len(part), len(picks))) * picks).astype(np.int64)
        if not in_order:
            place = by_stratum[place]
        place += n_units * np.arange(len(part))[:, None]
        part[:] = np.bincount(place.ravel(), minlength=part.size).reshape(part.shape)


def rao_wu_scale(stratum: npt.ArrayLike, fraction: npt.ArrayLike | None = None) -> FloatArray:
    """Return the factor √(1 − f_h) n_h/(n_h − 1) that makes draws into multipliers with mean 1.

    Parameters
    ----------
    stratum
        shape (n_units,), as for `rao_wu_draws`.
    fraction
        shape (n_strata,), sampling fractions; None: none, and the factor is n_h/(n_h − 1).

    Returns
    -------
    array, shape (n_units,)
        With fractions, `rao_wu_floor` has to be added.

    Examples
    --------
    >>> rao_wu_scale([0, 0, 0])
    array([1.5, 1.5, 1.5])
    """
    layer = np.asarray(stratum, dtype=np.int64)
    size = np.bincount(layer).astype(np.float64)
    factor = size / np.maximum(size - 1, 1)
    if fraction is not None:
        factor = factor * np.sqrt(1 - np.asarray(fraction, dtype=np.float64))
    return np.asarray(factor[layer], dtype=np.float64)


def rao_wu_floor(stratum: npt.ArrayLike, fraction: npt.ArrayLike) -> FloatArray:
    """Return 1 − √(1 − f_h), the part of a unit's weight that no draw takes away.

    Parameters
    ----------
    stratum, fraction
        As for `rao_wu_scale`.

    Returns
    -------
    array, shape (n_units,)

    Notes
    -----
    Multipliers 1 + √(1 − f)(t n/(n − 1) − 1) for n − 1 draws: Rao and Wu (1988) JASA 83, 231–241; Rao, Wu and Yue
    (1992), Survey Methodology 18, 209–217. They are never below 0.

    Examples
    --------
    >>> rao_wu_floor([0, 0, 1], [0.75, 1.0])
    array([0.5, 0.5, 1. ])
    """
    return np.asarray((1 - np.sqrt(1 - np.asarray(fraction, dtype=np.float64)))[np.asarray(stratum)], dtype=np.float64)


def rao_wu_multipliers(
    strata: npt.ArrayLike | None,
    units: npt.ArrayLike | None,
    replicates: int,
    rng: np.random.Generator,
    *,
    n: int | None = None,
) -> FloatArray:
    """Return bootstrap multipliers of the base weights of every first-stage unit.

    Parameters
    ----------
    strata, units
        shape (n,), stratum and cluster of every respondent; None: one stratum; every respondent a unit.
    replicates
        Number of replicates.
    rng
        As for `rao_wu_draws`.
    n
        Number of respondents; needed only when both others are None.

    Returns
    -------
    array, shape (replicates, n_units)
        Units in the order of `design_units`. Each has mean 1, and the variance over replicates of a weighted
        total is the unbiased with-replacement variance estimate.

    Raises
    ------
    NumericsError
        N003 for a stratum with one unit.

    Notes
    -----
    n_h − 1 draws with replacement from n_h units, times n_h/(n_h − 1): Rao, Wu and Yue (1992), Survey
    Methodology 18, 209–217.

    Examples
    --------
    >>> import numpy as np
    >>> rao_wu_multipliers(None, None, 2, np.random.default_rng(1), n=3).sum(axis=1)
    array([3., 3.])
    """
    given = next((np.asarray(a) for a in (strata, units) if a is not None), None)
    rows = n or 0 if given is None else len(given)
    design = design_units(rows, strata, units)
    return rao_wu_draws(design.stratum, replicates, rng) * rao_wu_scale(design.stratum)
