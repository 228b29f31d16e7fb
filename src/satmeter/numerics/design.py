"""First-stage units of a sample: clusters within strata, or else respondents."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import FloatArray, IntArray

_SPREAD = 4
"""Numbers up to which codes may run for every row, so that they are counted and not sorted."""


@dataclass(frozen=True, eq=False)
class SampledStrata:
    """Strata of a finite population; they may be given wherever a function takes strata.

    Attributes
    ----------
    code
        shape (n,), integer codes.
    fraction
        shape (n,), units of the sample over units of the population in the row's stratum; 0: as if drawn with
        replacement.
    centre
        Whether the unit of a stratum that has no other departs from the mean of all, in place of being refused.

    Examples
    --------
    >>> half = SampledStrata(np.array([0, 0, 1]), np.array([0.5, 0.5, 1.0]))
    >>> np.asarray(half), half[[0, 2]].fraction
    (array([0, 0, 1]), array([0.5, 1. ]))
    """

    code: IntArray
    fraction: FloatArray
    centre: bool = False

    def __array__(self, dtype: npt.DTypeLike | None = None, copy: bool | None = None) -> npt.NDArray[np.generic]:
        """Return the codes."""
        return np.array(self.code, dtype=dtype, copy=copy)

    def __getitem__(self, rows: npt.NDArray[np.bool_] | npt.NDArray[np.int64] | list[int]) -> SampledStrata:
        """Return the strata of some rows; the fractions stay those of the whole sample."""
        return SampledStrata(self.code[rows], self.fraction[rows], self.centre)


@dataclass(frozen=True, slots=True)
class DesignUnits:
    """First-stage units of a sample.

    Attributes
    ----------
    unit
        shape (n,), unit of every row, 0 … n_units − 1.
    stratum
        shape (n_units,), stratum of every unit, 0 … n_strata − 1.
    fraction
        shape (n_strata,), units of the sample over units of the population; None: as if drawn with replacement.
    centre
        Whether units that stand alone in their stratum are held against the mean of all, which is 0 for influences.
    """

    unit: IntArray
    stratum: IntArray
    fraction: FloatArray | None = None
    centre: bool = False

    @property
    def n_units(self) -> int:
        """Number of units."""
        return len(self.stratum)

    @property
    def units_per_stratum(self) -> IntArray:
        """Shape (n_strata,)."""
        return np.bincount(self.stratum)

    def centred(self, rows: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Sum rows by unit, less the mean of the unit's stratum.

        Parameters
        ----------
        rows
            shape (n, p).

        Returns
        -------
        deviation : array, shape (n_units, p)
        factor : array, shape (n_units,)
            (1 − f_h) n_h / (n_h − 1). The variance of the total is the sum of factor × deviation². A unit that stands
            alone has no deviation, or with `centre` its whole sum and the factor 1 − f_h.
        """
        sums = np.zeros((self.n_units, rows.shape[1]))
        for j in range(rows.shape[1]):
            sums[:, j] = np.bincount(self.unit, weights=rows[:, j], minlength=self.n_units)
        size = self.units_per_stratum.astype(np.float64)
        centre = np.zeros((len(size), rows.shape[1]))
        np.add.at(centre, self.stratum, sums)
        if self.centre:
            centre[size == 1] = 0.0
        factor = size / np.maximum(size - 1, 1)
        if self.fraction is not None:
            factor = factor * (1 - self.fraction)
        return sums - (centre / size[:, None])[self.stratum], factor[self.stratum]


def design_units(n: int, strata: npt.ArrayLike | None, cluster: npt.ArrayLike | None) -> DesignUnits:
    """Give numbers to the first-stage units: clusters within strata, or else respondents.

    Parameters
    ----------
    n
        Number of rows.
    strata, cluster
        shape (n,), integer codes, or None; strata may be `SampledStrata`. A cluster number that occurs in two strata
        means two clusters.

    Returns
    -------
    DesignUnits

    Raises
    ------
    NumericsError
        N003 for strata with one unit, because one unit shows no variance; all of them are named. A stratum of which
        the one unit is all there is (fraction 1) has no variance to show.

    Examples
    --------
    >>> design_units(4, [0, 0, 1, 1], None).n_units
    4
    """
    layer = np.zeros(n, dtype=np.int64) if strata is None else _numbered(np.asarray(strata))
    share = None
    centre = isinstance(strata, SampledStrata) and strata.centre and int(layer.max(initial=0)) > 0
    if isinstance(strata, SampledStrata):
        share = np.zeros(int(layer.max(initial=-1)) + 1)
        share[layer] = strata.fraction
    if cluster is None:
        found = DesignUnits(np.arange(n), layer, share, centre)
    else:
        code = _numbered(np.asarray(cluster))
        unit = _numbered(layer * (int(code.max(initial=0)) + 1) + code)
        stratum = np.empty(int(unit.max(initial=-1)) + 1, dtype=np.int64)
        stratum[unit] = layer
        found = DesignUnits(unit, stratum, share, centre)
    refused = True if share is None else (share < 1) & (not centre)
    lonely = np.flatnonzero((found.units_per_stratum == 1) & refused)
    if n == 0 or len(lonely):
        names = np.unique(np.asarray(strata))[lonely] if strata is not None else lonely
        raise NumericsError(Problem("N003", params={"strata": ", ".join(str(s) for s in names) or "-"}))
    return found


def _numbered(codes: npt.NDArray[np.generic]) -> IntArray:
    """Return the place of every code among the different codes in ascending order; small numbers are not sorted."""
    whole = codes.dtype.kind in "iu" and len(codes) > 0
    if whole and int(codes.min()) >= 0 and int(codes.max()) <= _SPREAD * len(codes):
        held = np.bincount(codes.astype(np.int64, copy=False)) > 0
        place: IntArray = np.cumsum(held, dtype=np.int64) - 1
        return place[codes.astype(np.int64, copy=False)]
    place = np.unique(codes, return_inverse=True)[1].astype(np.int64)
    return place
