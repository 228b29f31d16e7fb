"""The rows of a regression as models of single answers need them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.drivers.regression import Regression, of_one_unit
from satmeter.measurement.degrees import is_simple
from satmeter.numerics.design import SampledStrata
from satmeter.study.model import Study

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class ResponseData:
    """Drivers and one item of an outcome.

    Attributes
    ----------
    x
        shape (n, k), all respondents of the study; 0 where the respondent is not used.
    y
        shape (n,), codes of the item, reversed items reversed; some code where the respondent is not used.
    weights
        shape (n,), with mean 1 over those used; 0 for the others, so that they stay in the design and nowhere else.
    strata, cluster
        shape (n,), or None.
    used
        shape (n,).
    simple
        Whether the sample is a simple random one.
    terms
        Names of the columns.
    dummies
        Sets of columns that belong to one choice question.
    alone
        shape (1 + k,), the intercept first: whose category, or what it is compared with, is one sampling unit. Under a
        design its error would be too small: that unit decides it in every replicate.
    """

    x: FloatArray
    y: FloatArray
    weights: FloatArray
    strata: IntArray | SampledStrata | None
    cluster: IntArray | None
    used: npt.NDArray[np.bool_]
    simple: bool
    terms: tuple[str, ...]
    dummies: tuple[tuple[int, ...], ...]
    alone: npt.NDArray[np.bool_]

    @property
    def n(self) -> int:
        """Respondents used."""
        return int(self.used.sum())


def response_data(study: Study, found: Regression, item: str) -> ResponseData:
    """Return the rows of a regression with an item in place of the outcome's score.

    Parameters
    ----------
    study
        The study.
    found
        The regression on the score.
    item
        Item of the outcome.

    Returns
    -------
    ResponseData
        Those who have all drivers and answered the item.
    """
    answers = np.asarray(study.frame[item], dtype=np.float64)
    used = np.asarray(found.complete & ~np.isnan(answers) & (study.weights > 0), dtype=np.bool_)
    x = np.where(used[:, None], found.table[:, 1:], 0.0)
    y = np.where(used, answers, answers[used][0] if used.any() else 0.0)
    weights = np.where(used, study.weights, 0.0)
    scale = weights[used].mean() if used.any() else 1.0
    dummies = tuple(tuple(c - 1 for c in found.columns_of(p.name)) for p in found.predictors if p.kind == "choice")
    alone = of_one_unit(study, found, used)
    return ResponseData(
        x, y, weights / scale, study.layers, study.cluster, used, is_simple(study), found.terms, dummies, alone
    )


def outcome_item(study: Study, outcome: str) -> str:
    """Return the item that stands for an outcome: what the study file says, else the first that anybody answered."""
    items = [i for i in study.questionnaire.constructs[outcome].items if study.frame[i].notna().any()]
    return study.plan.drivers.items.get(outcome) or items[0]
