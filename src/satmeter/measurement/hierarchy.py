"""Omega hierarchical of a construct, or of all items: a general factor beside group factors."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from satmeter.errors import Note
from satmeter.measurement.coefficient_rows import Basis, reliability_row
from satmeter.measurement.model import ReliabilityRow
from satmeter.numerics.hierarchical_omega import hierarchical_omega

FloatArray = npt.NDArray[np.float64]

GROUP_FACTORS = 3
"""Of one construct, as in ``psych::omega``."""

LEAST_ITEMS = 6
"""Fewer do not bear three group factors."""

MOST_REPLICATES = 200
"""Of a construct; all items together take half as many."""


def hierarchical_rows(
    basis: Basis, cov: FloatArray, *, n_factors: int = GROUP_FACTORS, most: int = MOST_REPLICATES
) -> tuple[tuple[ReliabilityRow, ...], tuple[Note, ...]]:
    """Estimate omega hierarchical and the omega of all factors of the same solution.

    Parameters
    ----------
    basis
        What the covariances rest on.
    cov
        shape (1 + replicates, p, p), the sample first.
    n_factors
        Group factors.
    most
        Replicates to use, the first ones; a note says how many when that is not all.

    Returns
    -------
    rows
        `omega_hierarchical` and `omega_groups`; none where the factors were not found.
    notes
        M181 to M183.
    """
    found = hierarchical_omega(cov[: 1 + most], n_factors=n_factors)
    if not found.converged:
        return (), (Note("M182", basis.construct),)
    notes = [Note("M183", basis.construct)] if found.heywood else []
    if len(cov) > 1 + most:
        notes.append(Note("M181", basis.construct, {"n": most, "all": len(cov) - 1}))
    rows = (
        reliability_row(basis, "omega_hierarchical", found.omega_hierarchical),
        reliability_row(basis, "omega_groups", found.omega_total),
    )
    return rows, tuple(notes)
