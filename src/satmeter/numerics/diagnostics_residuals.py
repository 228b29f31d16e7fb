"""Whether a regression's errors vary alike and its form is right: Breusch–Pagan, Koenker, White, RESET."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.numerics.arguments import FloatArray, checked_weights
from satmeter.numerics.cluster_covariance import robust_regression
from satmeter.numerics.diagnostics_wald import Covariance, JointTest, added_columns_test, wald_test
from satmeter.numerics.tails import chi_square_tail


@dataclass(frozen=True, slots=True)
class VarianceTest:
    """A test that the errors of a regression have the same variance everywhere.

    Attributes
    ----------
    chi2, df, p_value
        Statistic, degrees of freedom, upper tail.
    """

    chi2: float
    df: int
    p_value: float


def breusch_pagan(x: npt.ArrayLike, y: npt.ArrayLike, *, studentised: bool = True) -> VarianceTest:
    """Test whether the error variance depends on the predictors, in a simple random sample.

    Parameters
    ----------
    x, y
        shape (n, k) and (n,), complete.
    studentised
        True gives Koenker's form, which does not suppose normal errors; False the first one.

    Returns
    -------
    VarianceTest

    Raises
    ------
    NumericsError
        As `robust_regression`.

    Notes
    -----
    Breusch and Pagan (1979), Econometrica 47, 1287–1294; Koenker (1981), Journal of Econometrics 17, 107–112. Equal to
    lmtest's ``bptest``. In any other sample use `variance_test`.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> x = rng.uniform(0, 1, (500, 1))
    >>> breusch_pagan(x, x[:, 0] + x[:, 0] * rng.standard_normal(500)).p_value < 1e-6
    True
    """
    predictors = np.asarray(x, dtype=np.float64)
    return _auxiliary(predictors, _squared_residuals(predictors, y), studentised=studentised)


def white_test(x: npt.ArrayLike, y: npt.ArrayLike) -> VarianceTest:
    """Test whether the error variance depends on the predictors, their squares and products.

    Parameters
    ----------
    x, y
        shape (n, k) and (n,), complete, of a simple random sample.

    Returns
    -------
    VarianceTest
        df counts the columns that are not combinations of others (the square of a 0/1 column is the column). With many
        predictors the test has little power: n should be well above k².

    Raises
    ------
    NumericsError
        As `robust_regression`.

    Notes
    -----
    White (1980), Econometrica 48, 817–838.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> white_test(rng.standard_normal((200, 3)), rng.standard_normal(200)).df
    9
    """
    predictors = np.asarray(x, dtype=np.float64)
    squared = _squared_residuals(predictors, y)
    sd = predictors.std(axis=0)
    z = (predictors - predictors.mean(axis=0)) / sd
    row, column = np.triu_indices(z.shape[1])
    return _auxiliary(np.column_stack([z, z[:, row] * z[:, column]]), squared, studentised=True)


def _squared_residuals(x: FloatArray, y: npt.ArrayLike) -> FloatArray:
    outcome = np.asarray(y, dtype=np.float64)
    b = robust_regression(x, outcome).b
    return np.asarray((outcome - b[0] - x @ b[1:]) ** 2)


def _auxiliary(z: FloatArray, squared: FloatArray, *, studentised: bool) -> VarianceTest:
    """Regress squared residuals on columns of which some may be combinations of others."""
    n = len(z)
    gap = z - z.mean(axis=0)
    size = np.sqrt((gap**2).sum(axis=0))
    unit = gap / np.where(size > 0, size, 1.0)
    basis, values, _ = np.linalg.svd(unit, full_matrices=False)
    basis = basis[:, values > 1e-8 * values[0]]
    mean = squared.mean()
    explained = float(np.sum((basis.T @ squared) ** 2))
    chi2 = n * explained / np.sum((squared - mean) ** 2) if studentised else explained / (2 * mean**2)
    df = basis.shape[1]
    return VarianceTest(float(chi2), df, float(chi_square_tail(chi2, df)))


def variance_test(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    weights: npt.ArrayLike | None = None,
    strata: npt.ArrayLike | None = None,
    cluster: npt.ArrayLike | None = None,
) -> JointTest:
    """Test whether the error variance depends on the predictors, in any sample.

    Parameters
    ----------
    x, y, weights, strata, cluster
        As for `cluster_covariance.robust_regression`.

    Returns
    -------
    JointTest
        Wald test of the squared residuals' regression on the predictors, with HC3 or the design-based covariance.

    Raises
    ------
    NumericsError
        As `robust_regression`.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> x = rng.uniform(0, 1, (500, 1))
    >>> variance_test(x, x[:, 0] + x[:, 0] * rng.standard_normal(500)).p_value < 1e-6
    True
    """
    predictors, outcome = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    b = robust_regression(predictors, outcome, weights, strata, cluster).b
    squared = (outcome - b[0] - predictors @ b[1:]) ** 2
    fit = robust_regression(predictors, squared, weights, strata, cluster)
    return wald_test(fit.b[1:], fit.covariance[1:, 1:], fit.df)


def reset_test(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    weights: npt.ArrayLike | None = None,
    strata: npt.ArrayLike | None = None,
    cluster: npt.ArrayLike | None = None,
    *,
    powers: Sequence[int] = (2, 3),
    covariance: Covariance = "robust",
) -> JointTest:
    """Test the form of a regression by powers of its predictions (Ramsey's RESET).

    Parameters
    ----------
    x, y, weights, strata, cluster, covariance
        As for `diagnostics_wald.added_columns_test`.
    powers
        Which powers of the predictions are added.

    Returns
    -------
    JointTest
        Finds curvature and products that were left out, not drivers that were left out.

    Raises
    ------
    NumericsError
        As `added_columns_test`; N005 where the predictions take too few different values.

    Notes
    -----
    Ramsey (1969), Journal of the Royal Statistical Society B 31, 350–371. "classical" is lmtest's ``resettest``.

    Examples
    --------
    >>> x = np.linspace(0, 1, 50)[:, None]
    >>> reset_test(x, np.exp(3 * x[:, 0]) + np.tile([0, 0.1], 25)).p_value < 1e-6
    True
    """
    predictors = np.asarray(x, dtype=np.float64)
    b = robust_regression(predictors, y, weights, strata, cluster).b
    predicted = predictors @ b[1:]
    w = checked_weights(weights, len(predicted))
    # standardised predictions span the same columns and keep them apart
    predicted = predicted - w @ predicted / w.sum()
    predicted = predicted / np.sqrt(w @ predicted**2 / w.sum())
    added = np.stack([predicted**power for power in powers], axis=1)
    return added_columns_test(predictors, y, added, weights, strata, cluster, covariance=covariance)
