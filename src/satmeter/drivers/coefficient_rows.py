"""From a fitted model of single answers to rows of `regression`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from satmeter.drivers.model import RegressionRow
from satmeter.measurement.plain import plain
from satmeter.numerics.binary_regression import LogisticFit
from satmeter.numerics.intervals import t_interval
from satmeter.numerics.multinomial_regression import MultinomialFit
from satmeter.numerics.ordinal_regression import OrdinalFit
from satmeter.numerics.tails import t_tail

FloatArray = npt.NDArray[np.float64]


def coefficient_rows(
    outcome: str,
    model: str,
    terms: Sequence[str],
    estimates: FloatArray,
    covariance: FloatArray,
    fit: OrdinalFit | LogisticFit | MultinomialFit,
    level: float,
) -> list[RegressionRow]:
    """Return the rows of a fitted model.

    Parameters
    ----------
    outcome, model
        Names.
    terms
        Names of the p estimates.
    estimates, covariance
        shape (p,) and (p, p); the covariance is the fit's own (from the information), or its sandwich.
    fit
        The model, for n and the design's degrees of freedom.
    level
        Of the intervals.

    Returns
    -------
    list of RegressionRow
        By the normal distribution with the information, by t with the design's degrees of freedom less p with the
        sandwich.
    """
    simple = covariance is fit.covariance
    df = np.inf if simple else max(fit.df - len(estimates) + 1, 0) or np.nan
    error = np.sqrt(np.diagonal(covariance))
    low, high = t_interval(estimates, error, df, level)
    statistic = estimates / np.where(error > 0, error, np.nan)
    p = t_tail(statistic, df)
    return [
        RegressionRow(
            outcome=outcome,
            term=term,
            model=model,
            std_error_type="information" if simple else "linearised",
            estimate=plain(estimates[j]),
            std_error=plain(error[j]),
            conf_low=plain(low[j]),
            conf_high=plain(high[j]),
            statistic=plain(statistic[j]),
            df=plain(df),
            p_value=plain(p[j]),
            beta=None,
            vif=None,
            n=fit.n,
        )
        for j, term in enumerate(terms)
    ]
