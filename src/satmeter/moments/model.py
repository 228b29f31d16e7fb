"""Rows reduced to stacks of moments: index 0 of the leading axis is the full sample, the rest are replicates."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from satmeter.numerics.intervals import replicate_se
from satmeter.numerics.replicate_weights import replicate_variance

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Draws = npt.NDArray[np.uint16] | FloatArray


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
    """How the sample is drawn again: Rao–Wu bootstrap over the real design, or replicate weights.

    Attributes
    ----------
    weights
        shape (n,), base weights.
    units
        shape (n,), resampling unit of every respondent, 0 … n_units − 1: the respondent itself, its cluster,
        or (units × replicates over 10⁸) one of about 2,000 random groups.
    draws
        shape (replicates, n_units), how often every unit was drawn; or its factor in given replicate weights; or, with
        `mixture`, shape (replicates, given), how much of every given replicate's departure is added.
    scale
        shape (n_units,), n_h/(n_h − 1) of the unit's stratum, times √(1 − f) in a finite population; ones for given
        replicate weights.
    df
        Design degrees of freedom: units minus strata, or the rank of given replicate weights less 1.
    adjustment
        Of calibrated weights: how every replicate, weighted anew, departs from the sample's factors; None otherwise.
        Then `units` are the parts of drawn units that lie in one cell, so that a part has one multiplier.
    floor
        shape (n_units,), 1 − √(1 − f), what no draw takes away in a finite population; None: nothing.
    mixture
        shape (given, n_units), departures of given replicate weights from the sample, as parts of the weight.
    coefficient
        shape (replicates,), c of the variance Σ c (replicate − estimate)²; None: the replicates are a bootstrap's.
    exact
        Replicates that have such coefficients, for scores; the bootstrap beside them is for everything else. None: no
        such replicates.
    """

    weights: FloatArray
    units: IntArray
    draws: Draws
    scale: FloatArray
    df: int
    adjustment: Adjustment | None = None
    floor: FloatArray | None = None
    mixture: FloatArray | None = None
    coefficient: FloatArray | None = None
    exact: Resampling | None = None

    @property
    def for_scores(self) -> Resampling:
        """The replicates that standard errors of scores, shares and their differences rest on."""
        return self if self.exact is None else self.exact

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
        return replace(self, draws=self.draws[:count], adjustment=fewer, exact=None)

    def std_error(self, stack: FloatArray) -> FloatArray:
        """Return standard errors of statistics of the sample and of all replicates.

        Parameters
        ----------
        stack
            shape (1 + replicates, ...), the sample first.

        Returns
        -------
        array, shape (...)
            √(Σ c (replicate − estimate)²) with coefficients, else the standard deviation of the replicates. NaN where
            fewer than half of the replicates exist.

        Examples
        --------
        >>> one = Resampling(np.ones(2), np.arange(2), np.array([[0.0, 2.0], [2.0, 0.0]]), np.ones(2), 1)
        >>> exact = replace(one, coefficient=np.full(2, 0.5))
        >>> float(one.std_error(np.array([2.0, 1.0, 3.0])).round(4)), float(exact.std_error(np.array([2.0, 1.0, 3.0])))
        (1.4142, 1.0)
        """
        if self.coefficient is None:
            return replicate_se(stack[1:])
        return np.sqrt(replicate_variance(stack[0], stack[1:], self.coefficient))

    def covariance(self, stack: FloatArray) -> FloatArray:
        """Return the covariance of several statistics, shape (p, p), from their stack, shape (1 + replicates, p).

        Replicates in which any of them does not exist are left out.
        """
        whole = np.isfinite(stack[1:]).all(axis=1)
        if self.coefficient is None:
            return np.atleast_2d(np.cov(stack[1:][whole], rowvar=False))
        held = self.coefficient[whole]
        gap = stack[1:][whole] - stack[0]
        return np.asarray((gap * held[:, None]).T @ gap * (self.coefficient.sum() / held.sum()), dtype=np.float64)

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

    def tempered(self, units: slice | IntArray = slice(None)) -> tuple[FloatArray, float]:
        """Return multipliers for functions that take no weights below 0: all replicates drawn towards the sample.

        Parameters
        ----------
        units
            As for `multipliers`.

        Returns
        -------
        multipliers
            shape (1 + replicates, units), 1 + reach (multiplier − 1), none below 0.
        reach
            In (0, 1]; 1 unless combinations of given replicate weights fall below 0. What is computed from the
            multipliers departs from the sample by reach times what it should, as with Fay's method: divide by it.

        Examples
        --------
        >>> departure = np.array([[-2.0, 2.0]])
        >>> mixed = Resampling(np.ones(2), np.arange(2), np.ones((1, 1)), np.ones(2), 1, mixture=departure)
        >>> mixed.tempered()
        (array([[1., 1.],
               [0., 2.]]), 0.5)
        """
        found = self.multipliers(units)
        reach = 1 / (1 - min(float(found.min(initial=0.0)), 0.0))
        return (found if reach == 1 else np.maximum(1 + reach * (found - 1), 0.0)), reach

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
        if self.mixture is not None:
            np.matmul(self.draws, self.mixture[:, drawn], out=found[1:])
            found[1:] += 1.0
        else:
            np.multiply(self.draws[:, drawn], scale, out=found[1:])
        if self.floor is not None:
            found[1:] += self.floor[drawn]
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
