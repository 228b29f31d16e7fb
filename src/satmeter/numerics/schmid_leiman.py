"""A general factor beside group factors (Schmid and Leiman), and omega hierarchical and total from them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import BoolArray, FloatArray, correlation_from, square_stack
from satmeter.numerics.exploratory import FactorSolution, explore_factors
from satmeter.numerics.extraction import LEAST_UNIQUENESS, Method, check_factor_count
from satmeter.numerics.factor import one_factor

_CHUNK = 128


@dataclass(frozen=True, slots=True)
class SchmidLeiman:
    """General and group factors, all uncorrelated.

    Attributes
    ----------
    general
        shape (..., p), loadings on the general factor.
    group
        shape (..., p, m), loadings on the group factors, after the general one.
    second_order
        shape (..., m), loadings of the oblique factors on the general one.
    omega_hierarchical
        shape (...), part of the variance of the sum of the standardised items that the general factor explains.
    omega_total
        shape (...), part that all factors explain.
    converged
        shape (...).
    heywood
        shape (...), whether an item or a group factor came to the bound of uniqueness 0.005: improper.
    """

    general: FloatArray
    group: FloatArray
    second_order: FloatArray
    omega_hierarchical: FloatArray
    omega_total: FloatArray
    converged: BoolArray
    heywood: BoolArray


def schmid_leiman(cov: npt.ArrayLike, *, n_factors: int = 3, method: Method = "minres") -> SchmidLeiman:
    """Divide what items share into a general and several group factors.

    Parameters
    ----------
    cov
        shape (..., p, p), covariance or correlation of the items, reversed items reversed: no item is turned here.
    n_factors
        Group factors, at least three: two do not determine the general factor.
    method
        As `extract_factors`.

    Returns
    -------
    SchmidLeiman
        NaN where an item is constant; the omegas also where the fit did not converge.

    Raises
    ------
    NumericsError
        N022 for fewer than three group factors, N021 when the items do not bear them: three need six items.

    Notes
    -----
    Schmid and Leiman (1957), Psychometrika 22, 53–61; Zinbarg, Revelle, Yovel and Li (2005), Psychometrika 70, 123–133.
    Factors by minres, rotated by oblimin; their correlations are factored by one minres factor g. General loadings are
    Λg, group loadings Λ√(1 − g²). Both omegas are over the sum of the observed correlations, as ``psych::omega``, which
    besides turns round items with a negative general loading.

    Examples
    --------
    >>> general, group = np.full(9, 0.6), np.kron(np.eye(3), np.full((3, 1), 0.5))
    >>> corr = np.outer(general, general) + group @ group.T
    >>> np.fill_diagonal(corr, 1)
    >>> found = schmid_leiman(corr)
    >>> found.omega_hierarchical.round(4), found.omega_total.round(4)
    (np.float64(0.7397), np.float64(0.911))
    """
    stack = square_stack(cov, minimum=2)
    p = stack.shape[-1]
    if n_factors < 3:
        raise NumericsError(Problem("N022", got=str(n_factors)))
    check_factor_count(p, n_factors)
    corr = correlation_from(stack).reshape(-1, p, p)
    parts = [_one_chunk(corr[i : i + _CHUNK], n_factors, method) for i in range(0, len(corr), _CHUNK)]
    general, group, second, converged, heywood, common = (np.concatenate([part[k] for part in parts]) for k in range(6))
    whole = corr.sum(axis=(1, 2))
    whole = np.where((converged > 0) & (whole > 0), whole, np.nan)
    lead = stack.shape[:-2]
    return SchmidLeiman(
        general=general.reshape(*lead, p),
        group=group.reshape(*lead, p, n_factors),
        second_order=second.reshape(*lead, n_factors),
        omega_hierarchical=(general.sum(axis=1) ** 2 / whole).reshape(lead)[()],
        omega_total=(1 - (p - common) / whole).reshape(lead)[()],
        converged=np.asarray(converged > 0).reshape(lead),
        heywood=np.asarray(heywood > 0).reshape(lead),
    )


def _one_chunk(corr: FloatArray, m: int, method: Method) -> tuple[FloatArray, ...]:
    return from_factors(explore_factors(corr, m, method=method))


def from_factors(first: FactorSolution) -> tuple[FloatArray, ...]:
    """Divide oblique factors into a general and group factors.

    Parameters
    ----------
    first
        A stack of b solutions of three or more factors.

    Returns
    -------
    tuple of array
        General, group and second-order loadings, shapes (b, p), (b, p, m), (b, m); then, of shape (b,), 1 where it
        converged, 1 where it is improper, and the sum of the communalities.

    Examples
    --------
    >>> corr = np.kron(np.eye(3), np.full((3, 3), 0.3)) + 0.5 * np.eye(9) + 0.2
    >>> from_factors(explore_factors(corr[None], 3))[2].round(3)
    array([[0.632, 0.632, 0.632]])
    """
    second = one_factor(first.phi, min_uniqueness=LEAST_UNIQUENESS)
    sign = np.where(second.loadings.sum(axis=1, keepdims=True) < 0, -1.0, 1.0)
    upper = second.loadings * sign
    general = (first.loadings @ upper[:, :, None])[:, :, 0]
    turn = np.where(general.sum(axis=1, keepdims=True) < 0, -1.0, 1.0)
    group = first.loadings * np.sqrt(np.maximum(1 - upper**2, 0.0))[:, None, :]
    heywood = first.heywood.any(axis=1) | (second.uniqueness <= LEAST_UNIQUENESS * (1 + 1e-9)).any(axis=1)
    converged = first.converged & second.converged
    common = first.communality.sum(axis=1)
    return general * turn, group, upper * turn, converged.astype(float), heywood.astype(float), common
