"""Omega hierarchical with replicates: the rotation of a replicate starts from that of the sample."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import FloatArray, correlation_from, square_stack
from satmeter.numerics.exploratory import explore_factors
from satmeter.numerics.extraction import LEAST_UNIQUENESS, extract_factors
from satmeter.numerics.factor import one_factor
from satmeter.numerics.rotation import oblimin_near
from satmeter.numerics.schmid_leiman import from_factors


@dataclass(frozen=True, eq=False)
class HierarchicalOmega:
    """Omega of a sample and its replicates.

    Attributes
    ----------
    omega_hierarchical, omega_total
        shape (1 + replicates,), the sample first. NaN where a matrix has no solution, or the search did not end.
    converged, heywood
        Of the sample.
    """

    omega_hierarchical: FloatArray
    omega_total: FloatArray
    converged: bool
    heywood: bool


def hierarchical_omega(cov: npt.ArrayLike, *, n_factors: int = 3) -> HierarchicalOmega:
    """Estimate omega hierarchical and the omega total of the same factors, for a sample and its replicates.

    Parameters
    ----------
    cov
        shape (1 + replicates, p, p), the sample's covariance or correlation first.
    n_factors
        Group factors, at least three.

    Returns
    -------
    HierarchicalOmega

    Raises
    ------
    NumericsError
        N022 for fewer than three group factors, N021 when the items do not bear them.

    Notes
    -----
    The sample by `schmid_leiman`, to its last digits and as the better of two starts. The rotation of a replicate
    begins with the one that comes nearest to the sample's pattern and follows its local minimum, so that no replicate
    jumps to another solution by the chance of its start; that takes a quarter of the time too.

    Examples
    --------
    >>> general, group = np.full(9, 0.6), np.kron(np.eye(3), np.full((3, 1), 0.5))
    >>> corr = np.outer(general, general) + group @ group.T
    >>> np.fill_diagonal(corr, 1)
    >>> hierarchical_omega(np.stack([corr, corr])).omega_hierarchical.round(4)
    array([0.7397, 0.7397])
    """
    corr = correlation_from(square_stack(cov, minimum=2))
    if n_factors < 3:
        raise NumericsError(Problem("N022", got=str(n_factors)))
    sample = explore_factors(corr[:1], n_factors)
    general, _, _, converged, heywood, common = from_factors(sample)
    found = np.full((2, len(corr)), np.nan)
    settled = bool(converged[0]) and float(corr[0].sum()) > 0
    if settled:
        total = corr[0].sum()
        found[:, 0] = general[0].sum() ** 2 / total, 1 - (corr.shape[-1] - common[0]) / total
        found[:, 1:] = _replicates(sample.loadings[0], corr[1:])
    return HierarchicalOmega(found[0], found[1], settled, bool(heywood[0]))


def _replicates(pattern: FloatArray, corr: FloatArray) -> FloatArray:
    """Return omega hierarchical and total of the replicates, shape (2, b)."""
    factors = extract_factors(corr, pattern.shape[1])
    turned = oblimin_near(factors.loadings, pattern)
    upper = one_factor(turned.phi, min_uniqueness=LEAST_UNIQUENESS)
    general = (turned.loadings @ upper.loadings[:, :, None]).sum(axis=(1, 2))
    variance = corr.sum(axis=(1, 2))
    usable = factors.converged & turned.converged & upper.converged & (variance > 0)
    variance = np.where(usable, variance, np.nan)
    return np.stack([general**2 / variance, 1 - factors.uniqueness.sum(axis=1) / variance])
