"""The coefficients of ``measurement: full`` that need nothing but a construct's covariances."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from satmeter.errors import Note
from satmeter.measurement.model import ReliabilityRow
from satmeter.numerics.arguments import correlation_from
from satmeter.numerics.composite import composite_reliability, rho_a, standard_error_of_measurement
from satmeter.numerics.factor import one_factor
from satmeter.numerics.factor_likelihood import one_factor_likelihood
from satmeter.numerics.greatest_lower_bound import certified_bound, greatest_lower_bound
from satmeter.numerics.lambdas import guttman_lambdas
from satmeter.numerics.reliability import alpha
from satmeter.numerics.split_half import MOST_ITEMS, RANDOM_SPLITS, lambda4, split_half

FloatArray = npt.NDArray[np.float64]

LEAST_UNIQUENESS = 0.005
"""Weights of `rho_a` come from loadings within this bound, as those of omega."""

SURE_RESPONDENTS = 1000
"""With fewer of them a note says that the greatest lower bound comes out too high (ten Berge and Sočan 2004)."""


def further_coefficients(construct: str, cov: FloatArray) -> tuple[dict[str, FloatArray], tuple[Note, ...]]:
    """Compute the coefficients beyond alpha and omega of at least three items.

    Parameters
    ----------
    construct
        For the notes.
    cov
        shape (1 + replicates, p, p), the sample first.

    Returns
    -------
    coefficients
        Name to its values, shape (1 + replicates,). One that cannot be had is left out.
    notes
        What to beware of, and why something is left out.

    Notes
    -----
    `rho_a` weighs the items by their loadings on one minres factor, which is what the outer weights of mode A are in a
    large sample. The replicates of `glb` are what the sample's certificate proves of them, right to first order.
    """
    lambdas = guttman_lambdas(cov)
    notes = []
    if cov.shape[-1] > MOST_ITEMS:
        notes.append(Note("M134", construct, {"n_items": cov.shape[-1], "splits": RANDOM_SPLITS}))
    found = {
        "lambda1": lambdas.lambda1,
        "lambda2": lambdas.lambda2,
        "lambda4": lambda4(cov),
        "lambda5": lambdas.lambda5,
        "lambda6": lambdas.lambda6,
        "split_half": split_half(cov),
    }
    bound = greatest_lower_bound(cov[0])
    if bound.converged.all():
        found["glb"] = np.concatenate([[float(bound.value)], certified_bound(cov[1:], bound.certificate)])
    else:
        notes.append(Note("M184", construct))
    composite, code = _composite(cov)
    notes += [Note(code, construct)] if code else []
    found |= {} if composite is None else {"rho_c": composite}
    corr = correlation_from(cov)
    factor = one_factor(corr, min_uniqueness=LEAST_UNIQUENESS)
    if factor.converged[0]:
        alike = (factor.loadings > 0).all(axis=-1) | (factor.loadings < 0).all(axis=-1)
        # loadings of both signs would be weights that turn items round, a scale that nobody published
        found["rho_a"] = np.where(factor.converged & alike, rho_a(corr, factor.loadings), np.nan)
    return found, tuple(notes)


def bound_notes(rows: Sequence[ReliabilityRow]) -> tuple[Note, ...]:
    """Return one note on the greatest lower bounds of fewer than a thousand respondents, where there are any."""
    few = [row for row in rows if row.coefficient == "glb" and row.n < SURE_RESPONDENTS]
    return (Note("M180", "", {"n": min(row.n for row in few)}),) if few else ()


def measurement_error(cov: FloatArray, points: float) -> FloatArray:
    """Return the standard error of measurement of the score, from alpha.

    Parameters
    ----------
    cov
        shape (1 + replicates, p, p).
    points
        What a unit of the items' sum is worth in points of the score.

    Returns
    -------
    array, shape (1 + replicates,)
        In points 0–100.
    """
    total = cov.sum(axis=(-2, -1))
    sd = np.sqrt(np.where(total > 0, total, np.nan)) * points
    return standard_error_of_measurement(sd, alpha(cov))


def _composite(cov: FloatArray) -> tuple[FloatArray | None, str]:
    """Return composite reliability from one factor by maximum likelihood, and the code of what is to be noted."""
    fit = one_factor_likelihood(correlation_from(cov))
    if not fit.converged[0]:
        return None, "M136"
    value = np.where(fit.converged, composite_reliability(fit.loadings), np.nan)
    return value, "M135" if fit.heywood[0] else ""
