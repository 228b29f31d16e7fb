"""Small systems of equations, very many at once: replicate index last, so that every operation is a long vector."""

from __future__ import annotations

import numpy as np

from satmeter.numerics.arguments import TOLERANCE, FloatArray


def cholesky_last(matrix: FloatArray) -> FloatArray:
    """Return L of A = L Lᵀ for a stack of positive definite matrices.

    Parameters
    ----------
    matrix
        shape (k, k, b), the lower triangle is read. Scaled to a diagonal near 1.

    Returns
    -------
    array, shape (k, k, b)
        Lower triangle; the upper one is not set. NaN from the first column on of which less than 1e-10 is not explained
        by the columns before it.

    Examples
    --------
    >>> import numpy as np
    >>> cholesky_last(np.array([[[4.0], [0.0]], [[2.0], [2.0]]]))[1, :, 0]
    array([1., 1.])
    """
    lower = np.empty_like(matrix)
    for j in range(len(matrix)):
        pivot = matrix[j, j].copy()
        for i in range(j):
            pivot -= lower[j, i] ** 2
        lower[j, j] = np.sqrt(np.where(pivot > TOLERANCE, pivot, np.nan))
        for row in range(j + 1, len(matrix)):
            value = matrix[row, j].copy()
            for i in range(j):
                value -= lower[row, i] * lower[j, i]
            lower[row, j] = value / lower[j, j]
    return lower


def back_substitute(lower: FloatArray, right: FloatArray) -> FloatArray:
    """Solve L Lᵀ x = r for a stack of systems.

    Parameters
    ----------
    lower
        shape (k, k, b), of `cholesky_last`.
    right
        shape (k, ..., b).

    Returns
    -------
    array, shape (k, ..., b)

    Examples
    --------
    >>> import numpy as np
    >>> lower = cholesky_last(np.array([[[4.0], [0.0]], [[2.0], [2.0]]]))
    >>> back_substitute(lower, np.array([[8.0], [6.0]]))[:, 0]
    array([1., 2.])
    """
    found = right.copy()
    k = len(lower)
    for j in range(k):
        for i in range(j):
            found[j] -= lower[j, i] * found[i]
        found[j] /= lower[j, j]
    for j in reversed(range(k)):
        for i in range(j + 1, k):
            found[j] -= lower[i, j] * found[i]
        found[j] /= lower[j, j]
    return found


def regress_last(corr: FloatArray, outcome: int, predictors: tuple[int, ...]) -> FloatArray:
    """Return standardised regression coefficients of one variable on others, for a stack of correlation matrices.

    Parameters
    ----------
    corr
        shape (m, m, b).
    outcome, predictors
        Numbers of variables.

    Returns
    -------
    array, shape (k, b)
        NaN where the predictors are collinear.

    Examples
    --------
    >>> import numpy as np
    >>> corr = np.array([[1.0, 0.0, 0.3], [0.0, 1.0, 0.4], [0.3, 0.4, 1.0]])[..., None]
    >>> regress_last(corr, 2, (0, 1))[:, 0]
    array([0.3, 0.4])
    """
    k = len(predictors)
    if k == 1:
        return corr[list(predictors), outcome]
    # A = L D Lᵀ row by row, the pivots of which are those of `cholesky_last`; `scaled` is L D
    lower: list[list[FloatArray]] = [[] for _ in range(k)]
    scaled: list[list[FloatArray]] = [[] for _ in range(k)]
    inverse: list[FloatArray] = []
    for j, column in enumerate(predictors):
        pivot = _less(corr[column, column], scaled[j], lower[j])
        inverse.append(1 / np.where(pivot > TOLERANCE, pivot, np.nan))
        for r in range(j + 1, k):
            value = _less(corr[predictors[r], column], scaled[r], lower[j])
            scaled[r].append(value)
            lower[r].append(value * inverse[j])
    found: list[FloatArray] = []
    for j, column in enumerate(predictors):
        found.append(_less(corr[column, outcome], lower[j], found))
    for j in reversed(range(k)):
        above = [lower[i][j] for i in range(j + 1, k)]
        found[j] = _less(found[j] * inverse[j], above, found[j + 1 :])
    return np.stack(found)


def _less(value: FloatArray, left: list[FloatArray], right: list[FloatArray]) -> FloatArray:
    """Take the products of two lists off a value."""
    for a, b in zip(left, right, strict=True):
        product = a * b
        value = np.subtract(value, product, out=product)
    return value


def inverse_diagonal_last(corr: FloatArray) -> FloatArray:
    """Return the diagonal of the inverse of a stack of correlation matrices: the variance inflation factors.

    Parameters
    ----------
    corr
        shape (k, k, b).

    Returns
    -------
    array, shape (k, b)

    Examples
    --------
    >>> import numpy as np
    >>> inverse_diagonal_last(np.array([[[1.0], [0.6]], [[0.6], [1.0]]]))[:, 0]
    array([1.5625, 1.5625])
    """
    k, _, b = corr.shape
    identity = np.broadcast_to(np.eye(k)[..., None], (k, k, b)).copy()
    inverse = back_substitute(cholesky_last(corr), identity)
    return inverse[np.arange(k), np.arange(k)]
