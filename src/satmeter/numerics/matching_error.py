"""Wald tests of group effects that count the error of the groups' levels in the matching score."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.numerics.arguments import FloatArray, IntArray
from satmeter.numerics.ordinal_sandwich import sandwich_covariance
from satmeter.numerics.ordinal_tables import TableFits
from satmeter.numerics.tails import f_tail


@dataclass(frozen=True, slots=True)
class GroupTest:
    """Coefficients of one kind in the fits of several items.

    Attributes
    ----------
    fits
        Predictors are the matching score, q group dummies, and perhaps q products of the two.
    coefficients
        Which ones are tested.
    member
        shape (n,), group of every respondent, 0 … q.
    level
        shape (n, p), how far every respondent moves the mean matching score of the own group; 0 where it is known.
    """

    fits: TableFits
    coefficients: slice
    member: IntArray
    level: FloatArray

    def shift(self, item: int) -> FloatArray:
        """Return how the parameters follow the groups' levels, shape (parameters, q + 1).

        A group's level moves its own effect by −(β + κ), κ its product, and that of group 0 all of them by β.
        """
        parameters = self.fits.parameters[item]
        q = int(self.member.max())
        beta = parameters[0]
        product = parameters[1 + q : 1 + 2 * q] if self.coefficients.stop > 1 + q else np.zeros(q)
        found = np.zeros((len(parameters), q + 1))
        found[1 : 1 + q, 0] = beta
        found[np.arange(1, 1 + q), np.arange(1, 1 + q)] = -(beta + product)
        return found

    def inflation(self, item: int) -> float:
        """Return Wald's statistic with the levels' error over that without, simple random sampling; at most 1."""
        part = self.coefficients
        b = self.fits.parameters[item, part]
        plain = self.fits.covariance[item][part, part]
        variance = np.bincount(self.member, weights=self.level[:, item] ** 2)
        shift = self.shift(item)[part]
        naive = float(b @ np.linalg.solve(plain, b))
        return float(b @ np.linalg.solve(plain + (shift * variance) @ shift.T, b)) / naive if naive > 0 else 1.0

    def design_covariance(
        self,
        item: int,
        scores: FloatArray,
        rows: IntArray,
        n: int,
        design: tuple[npt.ArrayLike | None, npt.ArrayLike | None],
    ) -> tuple[FloatArray, int]:
        """Return the covariance of the parameters under a design, and units less strata.

        Parameters
        ----------
        item
            Which one.
        scores
            shape (len(rows), parameters), weighted slopes of the log-likelihood.
        rows, n
            Where they stand among all n rows of the design.
        design
            Strata and clusters, shape (n,) or None.
        """
        influence = np.zeros((n, scores.shape[1]))
        shift = self.shift(item)
        influence[rows] = scores @ self.fits.covariance[item] + self.level[:, [item]] * shift.T[self.member]
        return sandwich_covariance(np.eye(scores.shape[1]), influence, *design)

    def wald(self, item: int, covariance: FloatArray, d: int) -> tuple[float, float]:
        """Return Wald's statistic and its p-value, from the covariance of all parameters and units less strata."""
        b = self.fits.parameters[item, self.coefficients]
        statistic = float(b @ np.linalg.solve(covariance[self.coefficients, self.coefficients], b))
        q, rest = len(b), d - len(b) + 1
        return statistic, float(f_tail(statistic * rest / (d * q), q, rest)) if rest > 0 else float("nan")
