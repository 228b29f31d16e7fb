"""Degrees of freedom of some respondents, and whether a sample is a simple one, or everybody."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from satmeter.numerics.linearisation import mean_with_se
from satmeter.study.model import Study

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]


def is_simple(study: Study) -> bool:
    """Tell whether the sample is treated as a simple random one: no weights, strata, clusters, sizes or replicates."""
    if study.weighted or study.strata is not None or study.cluster is not None:
        return False
    return study.fraction is None and study.replicates is None


def is_census(study: Study, values: FloatArray, rows: BoolArray) -> bool:
    """Tell whether those of some respondents who answered are all that there are: nothing is left to chance.

    Parameters
    ----------
    study
        The study, whose `fraction` says which part of every respondent's stratum was asked.
    values
        shape (n, columns), NaN where unanswered.
    rows
        shape (n,), the respondents.
    """
    answered = rows & ~np.isnan(values).all(axis=1)
    return study.fraction is not None and bool((study.fraction[answered] >= 1).all())


def design_df(study: Study, rows: BoolArray) -> float:
    """Return the degrees of freedom of some respondents: first-stage units less strata among them.

    Of given replicate weights no more than their rank less 1; of random groups, groups less strata.

    Parameters
    ----------
    study
        The study; without strata and clusters every respondent is a unit.
    rows
        shape (n,), the respondents.

    Returns
    -------
    float
        NaN when there is none.
    """
    if is_simple(study):
        return float(capped_df(study, float(rows.sum()) - 1))
    column = np.where(rows, np.arange(len(rows), dtype=np.float64), np.nan)
    found = mean_with_se(column, study.weights, study.layers, study.cluster)
    return float(capped_df(study, found.df))


def capped_df(study: Study, df: npt.ArrayLike) -> FloatArray:
    """Return degrees of freedom, at most those of given replicate weights or of random groups that are left out."""
    plan, most = study.plan.uncertainty, np.inf
    if study.replicates is not None:
        most = study.replicates.df
    elif plan.method == "groups":
        strata = 1 if study.strata is None else len(np.unique(study.strata))
        most = max(plan.groups - strata, strata)
    return np.minimum(np.asarray(df, dtype=np.float64), most)
