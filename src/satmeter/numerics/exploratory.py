"""Exploratory factor analysis: factors extracted, rotated, put in order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from satmeter.numerics.arguments import BoolArray, FloatArray, square_stack
from satmeter.numerics.extraction import Method, extract_factors
from satmeter.numerics.rotation import Rotation, arrange, oblimin, promax, varimax

Turn = Literal["oblimin", "promax", "varimax", "none"]


@dataclass(frozen=True, slots=True)
class FactorSolution:
    """Rotated common factors; factors in falling order of explained variance, each with a positive sum of loadings.

    Attributes
    ----------
    loadings
        shape (..., p, m), the pattern: standardised weights of the factors on the items.
    phi
        shape (..., m, m), factor correlations.
    structure
        shape (..., p, m), correlations of items with factors: loadings times phi.
    communality
        shape (..., p), diag(Λ Φ Λᵀ): what the factors explain of an item. Not the row sum of squares when factors
        correlate.
    uniqueness
        shape (..., p), 1 − communality; below 0 in the worst Heywood cases.
    explained
        shape (..., m), share of the items' variance that goes with each factor.
    converged
        shape (...), whether both extraction and rotation ended at a minimum.
    heywood
        shape (..., p), items whose uniqueness came to the bound 0.005: the solution is improper.
    """

    loadings: FloatArray
    phi: FloatArray
    structure: FloatArray
    communality: FloatArray
    uniqueness: FloatArray
    explained: FloatArray
    converged: BoolArray
    heywood: BoolArray


def explore_factors(
    corr: npt.ArrayLike, n_factors: int, *, method: Method = "minres", rotation: Turn = "oblimin"
) -> FactorSolution:
    """Extract and rotate common factors.

    Parameters
    ----------
    corr
        shape (..., p, p), correlation matrices. Weights and missing values have been dealt with where they were made.
    n_factors
        m; see `numerics.factor_number` for how many.
    method
        As `extract_factors`.
    rotation
        `oblimin` with gamma 0, without Kaiser's normalisation (as psych); `promax` with power 4 and `varimax`, both
        with it; `none`. One factor is not rotated.

    Returns
    -------
    FactorSolution
        NaN where the matrix is not finite or, for `ml`, not positive definite.

    Raises
    ------
    NumericsError
        N021 when there are too many factors for the items.

    Examples
    --------
    >>> corr = np.kron(np.eye(2), np.full((3, 3), 0.49)) + 0.51 * np.eye(6)
    >>> explore_factors(corr, 2).loadings.round(2) + 0.0
    array([[0.7, 0. ],
           [0.7, 0. ],
           [0.7, 0. ],
           [0. , 0.7],
           [0. , 0.7],
           [0. , 0.7]])
    """
    stack = square_stack(corr, minimum=2)
    found = extract_factors(stack, n_factors, method=method)
    rotated = _rotated(found.loadings, rotation)
    structure = rotated.loadings @ rotated.phi
    communality = (structure * rotated.loadings).sum(axis=-1)
    return FactorSolution(
        loadings=rotated.loadings,
        phi=rotated.phi,
        structure=structure,
        communality=communality,
        uniqueness=1 - communality,
        explained=(structure * rotated.loadings).mean(axis=-2),
        converged=np.asarray(found.converged & rotated.converged),
        heywood=found.heywood,
    )


def _rotated(loadings: FloatArray, rotation: Turn) -> Rotation:
    m = loadings.shape[-1]
    if m == 1 or rotation == "none":
        flat = loadings.reshape(-1, *loadings.shape[-2:])
        ordered, phi = arrange(flat, np.broadcast_to(np.eye(m), (len(flat), m, m)))
        lead = loadings.shape[:-2]
        done = np.ones(lead, dtype=np.bool_)
        return Rotation(ordered.reshape(loadings.shape), phi.reshape(*lead, m, m), done)
    if rotation == "varimax":
        return varimax(loadings)
    return promax(loadings) if rotation == "promax" else oblimin(loadings)
