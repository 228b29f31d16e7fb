"""Rows reduced to stacks of moments: index 0 of the leading axis is the full sample, the rest are replicates."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Draws = npt.NDArray[np.uint16]


KEPT_DRAWS = 4_000_000  # multipliers of small studies are made once and kept: 32 MB at most


@dataclass(frozen=True, eq=False)
class Adjustment:
    """Calibrated weights of the replicates.

    Attributes
    ----------
    unit, cell
        shape (parts,), drawn unit and cell of every part of a unit that lies in one cell.
    ratio
        shape (replicates, cells), factor of the cell in the replicate over its factor in the sample.
    """

    unit: IntArray
    cell: IntArray
    ratio: FloatArray


@dataclass(frozen=True, eq=False)
class Resampling:
    """How the sample is drawn again: Rao–Wu bootstrap over the real design.

    Attributes
    ----------
    weights
        shape (n,), base weights.
    units
        shape (n,), resampling unit of every respondent, 0 … n_units − 1: the respondent itself, its cluster,
        or (units × replicates over 10⁸) one of about 2,000 random groups.
    draws
        shape (replicates, n_units), how often every unit was drawn.
    scale
        shape (n_units,), n_h/(n_h − 1) of the unit's stratum.
    df
        Design degrees of freedom: units minus strata.
    adjustment
        Of calibrated weights: how every replicate, weighted anew, departs from the sample's factors; None otherwise.
        Then `units` are the parts of drawn units that lie in one cell, so that a part has one multiplier.
    """

    weights: FloatArray
    units: IntArray
    draws: Draws
    scale: FloatArray
    df: int
    adjustment: Adjustment | None = None

    @property
    def replicates(self) -> int:
        """Number of replicates, without the full sample."""
        return len(self.draws)

    @property
    def n_units(self) -> int:
        """Number of resampling units; with an `adjustment`, of their parts."""
        return len(self.scale) if self.adjustment is None else len(self.adjustment.unit)

    def first(self, count: int) -> Resampling:
        """Return the same sample with its first replicates only."""
        fewer = self.adjustment and replace(self.adjustment, ratio=self.adjustment.ratio[:count])
        return replace(self, draws=self.draws[:count], adjustment=fewer)

    def multipliers(self, units: slice | IntArray = slice(None)) -> FloatArray:
        """Return the factors on the base weights of some units.

        Parameters
        ----------
        units
            Which units; all by default. Ask for a part: the whole may be large.

        Returns
        -------
        array, shape (1 + replicates, units)
            First the full sample (ones), then the replicates, each with mean 1.

        Examples
        --------
        >>> draws = np.array([[2, 0], [1, 1]], dtype=np.uint16)
        >>> resampling = Resampling(np.ones(2), np.arange(2), draws, np.full(2, 2.0), 1)
        >>> resampling.multipliers()
        array([[1., 1.],
               [4., 0.],
               [2., 2.]])
        """
        if self.replicates * self.n_units <= KEPT_DRAWS:
            return self._whole[:, units]
        return self._dense(units)

    @cached_property
    def _whole(self) -> FloatArray:
        found = self._dense(slice(None))
        found.setflags(write=False)
        return found

    def _dense(self, units: slice | IntArray) -> FloatArray:
        drawn = units if self.adjustment is None else self.adjustment.unit[units]
        scale = self.scale[drawn]
        found = np.empty((1 + len(self.draws), len(scale)))
        found[0] = 1.0
        np.multiply(self.draws[:, drawn], scale, out=found[1:])
        if self.adjustment is not None:
            found[1:] *= self.adjustment.ratio[:, self.adjustment.cell[units]]
        return found


@dataclass(frozen=True, eq=False)
class MomentStack:
    """First and second moments of some columns over the rows that are complete in them.

    Attributes
    ----------
    total
        shape (1 + replicates,), sum of weights.
    mean
        shape (1 + replicates, p).
    covariance
        shape (1 + replicates, p, p), with divisor (sum of weights − 1) after scaling to mean weight 1, i.e.
        the usual n − 1 form when unweighted. NaN below two rows.
    n, n_eff
        Rows used, and (sum w)² / sum w².
    """

    total: FloatArray
    mean: FloatArray
    covariance: FloatArray
    n: int
    n_eff: float
