"""Rows that share their margins, counted as one cell: weights by raking cost cells, not rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import FloatArray, IntArray
from satmeter.numerics.calibration import Calibration, Distance, calibrate

_CUBE = 1 << 22


@dataclass(frozen=True, eq=False)
class Cells:
    """Rows sorted into cells.

    Attributes
    ----------
    cell
        shape (n,), cell of every row, 0 … C − 1; each has at least one row.
    codes
        shape (C, m), category of every margin.
    """

    cell: IntArray
    codes: IntArray

    @property
    def size(self) -> int:
        """Number of cells that hold rows."""
        return len(self.codes)


def margin_cells(codes: Sequence[npt.ArrayLike], levels: Sequence[int]) -> Cells:
    """Sort rows into the cells that several margins cross to.

    Parameters
    ----------
    codes
        One array a margin, shape (n,), categories 0 … levels − 1.
    levels
        Number of categories of each margin.

    Returns
    -------
    Cells
        Only the cells that occur; the cube of all is never larger than about four million places, beyond which codes
        are sorted instead.

    Raises
    ------
    NumericsError
        N010 for codes out of range or arrays of unequal length.

    Examples
    --------
    >>> cells = margin_cells([[0, 1, 1, 0], [1, 0, 0, 0]], [2, 2])
    >>> cells.cell, cells.codes.tolist()
    (array([1, 2, 2, 0]), [[0, 0], [0, 1], [1, 0]])
    """
    arrays = [np.asarray(code) for code in codes]
    n = len(arrays[0])
    for code, count in zip(arrays, levels, strict=True):
        if code.shape != (n,) or (n and (int(code.min()) < 0 or int(code.max()) >= count)):
            raise NumericsError(Problem("N010", got=str(code.shape), params={"expected": f"({n},), 0 … {count - 1}"}))
    if np.prod(levels, dtype=np.float64) <= _CUBE:
        kind = np.dtype(np.int16 if np.prod(levels) < 1 << 15 else np.int32)
        corner = arrays[0].astype(kind)
        for code, count in zip(arrays[1:], levels[1:], strict=True):
            corner *= kind.type(count)
            np.add(corner, code, out=corner, casting="unsafe")
        where = corner.astype(np.intp)
        held = np.bincount(where, minlength=int(np.prod(levels))) > 0
        place = np.cumsum(held) - 1
        return Cells(place[where], np.stack(np.unravel_index(np.flatnonzero(held), levels), axis=1))
    cell = np.zeros(n, dtype=np.int64)
    for code, count in zip(arrays, levels, strict=True):
        cell = np.unique(cell * count + code, return_inverse=True)[1].astype(np.int64, copy=False)
    first = np.empty(int(cell.max(initial=-1)) + 1, dtype=np.int64)
    first[cell[::-1]] = np.arange(n)[::-1]
    return Cells(cell, np.stack([code[first] for code in arrays], axis=1))


def indicator_columns(codes: IntArray, levels: Sequence[int]) -> FloatArray:
    """Return ones where a cell has a category, shape (C, sum of levels), margin after margin.

    Examples
    --------
    >>> indicator_columns(np.array([[0, 1], [1, 0]]), [2, 2])
    array([[1., 0., 0., 1.],
           [0., 1., 1., 0.]])
    """
    starts = np.cumsum([0, *levels])
    columns = np.zeros((len(codes), int(starts[-1])))
    columns[np.arange(len(codes))[:, None], codes + starts[:-1]] = 1.0
    return columns


@dataclass(frozen=True, eq=False)
class CalibrationFrame:
    """What weights are calibrated to, cell by cell, so that replicates can be calibrated like the sample.

    Attributes
    ----------
    cells
        The rows' cells.
    columns
        shape (C, q), auxiliary variables of every cell.
    totals
        shape (q,), what they must add up to.
    base
        shape (n,), weights before.
    distance, low, high
        As for `calibrate`; bounds by cell.
    """

    cells: Cells
    columns: FloatArray
    totals: FloatArray
    base: FloatArray
    distance: Distance
    low: FloatArray
    high: FloatArray

    def calibrated(self, cell_weights: npt.ArrayLike) -> Calibration:
        """Return factors by cell for the base weights of the cells, shape (..., C)."""
        return calibrate(self.columns, cell_weights, self.totals, distance=self.distance, bounds=(self.low, self.high))

    def sample(self) -> Calibration:
        """Return the factors of the sample itself, by cell."""
        return self.calibrated(np.bincount(self.cells.cell, weights=self.base, minlength=self.cells.size))

    def residuals(self, scores: FloatArray) -> FloatArray:
        """Return what is left of row scores after regression on the auxiliary variables under the base weights.

        Parameters
        ----------
        scores
            shape (n, p), unweighted influence of every row.

        Returns
        -------
        array, shape (n, p)

        Notes
        -----
        The linearised variance of a calibrated total is that of its residuals: Deville and Särndal (1992) JASA 87,
        376–382, eq. 3.4.

        Examples
        --------
        >>> cells = margin_cells([[0, 0, 1]], [2])
        >>> low, high = np.full(2, -9.0), np.full(2, 9.0)
        >>> frame = CalibrationFrame(cells, np.eye(2), np.ones(2), np.ones(3), "linear", low, high)
        >>> frame.residuals(np.array([[1.0], [3.0], [5.0]]))[:, 0].round(9) + 0.0
        array([-1.,  1.,  0.])
        """
        cell, size = self.cells.cell, self.cells.size
        mass = np.bincount(cell, weights=self.base, minlength=size)
        sums = np.stack([np.bincount(cell, weights=self.base * s, minlength=size) for s in scores.T], axis=1)
        normal = self.columns.T @ (self.columns * mass[:, None])
        slope = np.linalg.pinv(normal, rcond=1e-12, hermitian=True) @ (self.columns.T @ sums)
        return np.asarray(scores - (self.columns @ slope)[cell], dtype=np.float64)
