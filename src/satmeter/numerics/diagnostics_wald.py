"""Joint tests that several coefficients are zero: classical F, or Wald with a robust covariance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import FloatArray, checked_weights
from satmeter.numerics.cluster_covariance import robust_regression
from satmeter.numerics.regression import check_independence
from satmeter.numerics.tails import f_tail

Covariance = Literal["classical", "robust"]


@dataclass(frozen=True, slots=True)
class JointTest:
    """A test that several coefficients, or contrasts of them, are zero.

    Attributes
    ----------
    f, df1, df2, p_value
        F, its degrees of freedom and upper tail; NaN where the covariance is singular or not known.
    """

    f: float
    df1: int
    df2: float
    p_value: float


def wald_test(contrasts: npt.ArrayLike, covariance: npt.ArrayLike, df: float) -> JointTest:
    """Test that contrasts are zero.

    Parameters
    ----------
    contrasts
        shape (q,), estimates.
    covariance
        shape (q, q), theirs.
    df
        Degrees of freedom of the covariance.

    Returns
    -------
    JointTest
        F = cᵀV⁻¹c / q.

    Examples
    --------
    >>> found = wald_test([2.0, 1.0], [[1.0, 0.0], [0.0, 1.0]], 30)
    >>> found.f, round(found.p_value, 4)
    (2.5, 0.099)
    """
    c, v = np.asarray(contrasts, dtype=np.float64), np.asarray(covariance, dtype=np.float64)
    q = len(c)
    unit = np.sqrt(np.diagonal(v))
    usable = q > 0 and np.isfinite(v).all() and bool((unit > 0).all())
    if not usable or np.linalg.eigvalsh(v / unit / unit[:, None])[0] < 1e-10:
        return JointTest(float("nan"), q, df, float("nan"))
    f = float(c @ np.linalg.solve(v, c)) / q
    return JointTest(f, q, df, float(f_tail(f, q, df)))


def added_columns_test(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    added: npt.ArrayLike,
    weights: npt.ArrayLike | None = None,
    strata: npt.ArrayLike | None = None,
    cluster: npt.ArrayLike | None = None,
    *,
    covariance: Covariance = "robust",
) -> JointTest:
    """Test whether columns add to a regression.

    Parameters
    ----------
    x, y, weights, strata, cluster
        As for `cluster_covariance.robust_regression`.
    added
        shape (n, q).
    covariance
        "robust": Wald test with HC3, or design-based with weights, strata or clusters; "classical": the F test of the
        residual sums of squares, which supposes equal variances and a simple random sample.

    Returns
    -------
    JointTest

    Raises
    ------
    NumericsError
        N004, N005 for constant or collinear columns, those added numbered after those of `x`; otherwise as
        `robust_regression`.

    Examples
    --------
    >>> x = np.arange(10.0)[:, None]
    >>> round(added_columns_test(x, x[:, 0] ** 2, x**3 % 7, covariance="classical").f, 3)
    4.343
    """
    predictors, more = np.asarray(x, dtype=np.float64), np.asarray(added, dtype=np.float64)
    both = np.column_stack([predictors, more])
    q = more.shape[1]
    if covariance == "robust":
        fit = robust_regression(both, y, weights, strata, cluster)
        return wald_test(fit.b[-q:], fit.covariance[-q:, -q:], fit.df)
    outcome = np.asarray(y, dtype=np.float64)
    n, columns = both.shape
    if n < columns + 2:
        raise NumericsError(Problem("N006", got=str(n), params={"minimum": columns + 2}))
    spread = np.pad(np.cov(both.T, bias=True).reshape(columns, columns), ((0, 1), (0, 1)), constant_values=1.0)
    check_independence(spread, columns, tuple(range(columns)))
    root = np.sqrt(checked_weights(weights, n))
    squares = [_residual_squares(part, outcome, root) for part in (predictors, both)]
    df = n - columns - 1
    f = (squares[0] - squares[1]) / q / (squares[1] / df)
    return JointTest(f, q, df, float(f_tail(f, q, df)))


def _residual_squares(x: FloatArray, y: FloatArray, root: FloatArray) -> float:
    design = np.column_stack([np.ones(len(y)), x]) * root[:, None]
    b = np.linalg.lstsq(design, y * root, rcond=None)[0]
    return float(np.sum((y * root - design @ b) ** 2))
