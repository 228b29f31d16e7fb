"""Firth's penalised likelihood of a logistic regression: its slope and exact curvature, for many weightings at once."""

from __future__ import annotations

import numpy as np

from satmeter.numerics.arguments import FloatArray, IntArray
from satmeter.numerics.ordinal_likelihood import Curve
from satmeter.numerics.ordinal_newton import Summit, climb
from satmeter.numerics.special_functions import special


def climb_penalised(
    z: FloatArray, event: FloatArray, weights: FloatArray, start: FloatArray, tolerance: float
) -> Summit:
    """Maximise the log-likelihood plus half the log of the information's determinant.

    Parameters
    ----------
    z
        shape (n, p), a column of ones and standardised predictors.
    event
        shape (n,), 0 and 1.
    weights
        shape (b, n).
    start
        shape (p,).
    tolerance
        As for `climb`.

    Returns
    -------
    Summit
        `loglik` is the penalised one; −infinity where the information is singular.

    Examples
    --------
    Three of ten, with half an answer added to each side:

    >>> found = climb_penalised(np.ones((10, 1)), np.repeat([1.0, 0], [3, 7]), np.ones((1, 10)), np.zeros(1), 1e-12)
    >>> special.expit(found.parameters).round(6)
    array([[0.318182]])
    """
    pairs = (z[:, :, None] * z[:, None, :]).reshape(len(z), -1)

    def evaluate(at: FloatArray, which: IntArray) -> Curve:
        return penalised_curve(z, pairs, event, weights[which], at)

    return climb(evaluate, np.repeat(start[None], len(weights), axis=0), tolerance)


def penalised_curve(z: FloatArray, pairs: FloatArray, event: FloatArray, w: FloatArray, at: FloatArray) -> Curve:
    """Evaluate the penalised log-likelihood.

    Parameters
    ----------
    z, pairs
        shape (n, p), and (n, p²) with the products of its columns.
    event
        shape (n,), 0 and 1.
    w, at
        shape (b, n) and (b, p), weights and parameters.

    Returns
    -------
    Curve
        With the negative second derivatives of the penalised log-likelihood where they are positive definite, else the
        information.

    Notes
    -----
    With I the information, v = π(1 − π) and its derivatives, ½ log|I| has the slopes ½ tr(I⁻¹I_r), where I_r is I with
    w v′ z_r for weights, and the second derivatives ½ tr(I⁻¹I_rs) − ½ tr(I⁻¹I_r I⁻¹I_s).

    Examples
    --------
    >>> z = np.ones((2, 1))
    >>> curve = penalised_curve(z, z, np.array([0.0, 1.0]), np.ones((1, 2)), np.zeros((1, 1)))
    >>> curve.slope, curve.information
    (array([[0.]]), array([[[0.75]]]))
    """
    b, p = at.shape
    linear = at @ z.T
    chance = special.expit(linear)
    spread = w * chance * (1 - chance)
    information = (spread @ pairs).reshape(b, p, p)
    sign, log_size = np.linalg.slogdet(information)
    known = (sign > 0) & (log_size > -500)
    safe = np.where(known[:, None, None], information, np.eye(p))
    inverse = np.linalg.inv(safe)
    leverage = spread * (inverse.reshape(b, -1) @ pairs.T)
    tilt = 1 - 2 * chance
    slope = (w * (event - chance) + leverage * tilt / 2) @ z
    plain = np.einsum("bn,bn->b", w, special.log_expit(np.where(event > 0, linear, -linear)))
    bend = ((leverage * (1 - 6 * chance * (1 - chance))) @ pairs).reshape(b, p, p)
    turned = np.stack([inverse @ ((spread * tilt * z[:, r]) @ pairs).reshape(b, p, p) for r in range(p)], axis=1)
    bend -= np.einsum("brij,bsji->brs", turned, turned)
    exact = safe - bend / 2
    steep = np.linalg.eigvalsh(exact)[:, 0] > 1e-3 * np.linalg.eigvalsh(safe)[:, 0]
    value = np.where(known, plain + log_size / 2, -np.inf)
    return Curve(value, slope, np.where((known & steep)[:, None, None], exact, safe))
