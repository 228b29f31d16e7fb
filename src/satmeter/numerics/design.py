"""First-stage units of a sample: clusters within strata, or else respondents."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import IntArray


@dataclass(frozen=True, slots=True)
class DesignUnits:
    """First-stage units of a sample.

    Attributes
    ----------
    unit
        shape (n,), unit of every row, 0 … n_units − 1.
    stratum
        shape (n_units,), stratum of every unit, 0 … n_strata − 1.
    """

    unit: IntArray
    stratum: IntArray

    @property
    def n_units(self) -> int:
        """Number of units."""
        return len(self.stratum)

    @property
    def units_per_stratum(self) -> IntArray:
        """Shape (n_strata,)."""
        return np.bincount(self.stratum)


def design_units(n: int, strata: npt.ArrayLike | None, cluster: npt.ArrayLike | None) -> DesignUnits:
    """Give numbers to the first-stage units: clusters within strata, or else respondents.

    Parameters
    ----------
    n
        Number of rows.
    strata, cluster
        shape (n,), integer codes, or None. A cluster number that occurs in two strata means two clusters.

    Returns
    -------
    DesignUnits

    Raises
    ------
    NumericsError
        N003 for strata with one unit, because one unit shows no variance; all of them are named.

    Examples
    --------
    >>> design_units(4, [0, 0, 1, 1], None).n_units
    4
    """
    layer = np.zeros(n, dtype=np.int64) if strata is None else np.unique(strata, return_inverse=True)[1]
    if cluster is None:
        found = DesignUnits(np.arange(n), layer.astype(np.int64))
    else:
        code = np.unique(cluster, return_inverse=True)[1]
        pairs = layer.astype(np.int64) * (int(code.max(initial=0)) + 1) + code
        _, first, unit = np.unique(pairs, return_index=True, return_inverse=True)
        found = DesignUnits(unit.astype(np.int64), layer[first].astype(np.int64))
    lonely = np.flatnonzero(found.units_per_stratum == 1)
    if n == 0 or len(lonely):
        names = np.unique(strata)[lonely] if strata is not None else lonely
        raise NumericsError(Problem("N003", params={"strata": ", ".join(str(s) for s in names) or "-"}))
    return found
