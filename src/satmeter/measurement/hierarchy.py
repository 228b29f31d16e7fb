"""Omega hierarchical of a construct, or of all items: a general factor beside group factors."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from satmeter.errors import Note
from satmeter.measurement.coefficient_rows import Basis, corrected_row, reliability_row
from satmeter.measurement.model import ReliabilityRow
from satmeter.numerics.hierarchical_omega import hierarchical_omega

FloatArray = npt.NDArray[np.float64]

GROUP_FACTORS = 3
"""Of one construct, as in ``psych::omega``."""

LEAST_ITEMS = 6
"""Fewer do not bear three group factors."""

REPLICATES = 100
"""As many at most, since factors are rotated anew in every one; the standard error wavers by 7 per cent."""


def hierarchical_rows(
    basis: Basis, cov: FloatArray, *, n_factors: int = GROUP_FACTORS
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

    Returns
    -------
    rows
        `omega_hierarchical` and `omega_groups`; none where the factors were not found.
    notes
        M181 when not all replicates were used, M182, M183.

    Notes
    -----
    Omega hierarchical comes out too low in samples, by .03 with nine items of 300 respondents: its interval is moved by
    what the replicates lose against the sample.
    """
    found = hierarchical_omega(cov[: 1 + REPLICATES], n_factors=n_factors)
    if not found.converged:
        return (), (Note("M182", basis.construct),)
    notes = [Note("M183", basis.construct)] if found.heywood else []
    if len(cov) > 1 + REPLICATES:
        notes.append(Note("M181", basis.construct, {"n": REPLICATES, "all": len(cov) - 1}))
    rows = (
        corrected_row(basis, "omega_hierarchical", found.omega_hierarchical),
        reliability_row(basis, "omega_groups", found.omega_total),
    )
    return rows, tuple(notes)
