"""Criterion validity: how a construct's score goes with something outside it that it should go with."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from satmeter.errors import Note
from satmeter.measurement.construct_moments import construct_moments
from satmeter.measurement.construct_ratings import construct_ratings
from satmeter.measurement.pair_correlations import pair_correlations
from satmeter.measurement.replicate_rows import replicate_row
from satmeter.measurement.validity_model import ValidityRow
from satmeter.moments import Resampling, mean_stack
from satmeter.numerics.rank_correlation import rank_correlation
from satmeter.numerics.reliability import alpha
from satmeter.study.model import Study

FloatArray = npt.NDArray[np.float64]

LEAST_PAIRS = 10
"""Fewer respondents with both values give no correlation."""


def criterion_rows(study: Study, resampling: Resampling) -> tuple[tuple[ValidityRow, ...], tuple[Note, ...]]:
    """Correlate constructs with the criteria that the plan names.

    Parameters
    ----------
    study, resampling
        The study and its replicates.

    Returns
    -------
    rows
        `criterion`: product-moment correlation of the construct's score with the criterion. `criterion_rank`:
        Spearman's, which an outlying or ordinal criterion does not mislead. `criterion_disattenuated`: the former
        divided by √alpha of the construct, as far as its alpha is above 0. Intervals by t on Fisher's scale, of the
        last by percentiles. Replicates of the rank correlation come from the respondents' influence.
    notes
        Criteria that cannot be correlated.
    """
    rows: list[ValidityRow] = []
    notes: list[Note] = []
    for construct, other in study.plan.validity.criterion:
        found = _correlations(study, resampling, construct, other)
        rows += found
        if not found:
            notes.append(Note("M205", construct, {"criterion": other, "needed": LEAST_PAIRS}))
    return tuple(rows), tuple(notes)


def _correlations(study: Study, resampling: Resampling, construct: str, other: str) -> list[ValidityRow]:
    scores = np.asarray(study.construct_scores[construct], dtype=np.float64)
    values = np.asarray(study.frame[other], dtype=np.float64)
    correlation, (n,) = pair_correlations(resampling, scores[:, None], values[:, None])
    if n < LEAST_PAIRS or np.isnan(correlation[0, 0]):
        return []
    plain = correlation[:, 0]
    found = {"criterion": plain, "criterion_rank": _ranks(study, resampling, scores, values)}
    reliability = _alpha(study, resampling, construct)
    if reliability is not None and reliability[0] > 0:
        found["criterion_disattenuated"] = plain / np.sqrt(np.where(reliability > 0, reliability, np.nan))
    return [
        replicate_row(
            study,
            resampling,
            (name, construct, other),
            stack,
            int(n),
            scale="percentile" if name == "criterion_disattenuated" else "fisher",
        )
        for name, stack in found.items()
    ]


def _ranks(study: Study, resampling: Resampling, x: FloatArray, y: FloatArray) -> FloatArray:
    """Return Spearman's correlation; a replicate moves artanh of it by the weighted mean of the influence."""
    both = ~np.isnan(x) & ~np.isnan(y) & (study.weights > 0)
    found = rank_correlation(x[both], y[both], study.weights[both])
    if not abs(found.estimate) < 1:
        return np.full(1 + resampling.replicates, found.estimate)
    influence = np.full((len(x), 1), np.nan)
    influence[both, 0] = found.influence / (1 - found.estimate**2)
    moved = mean_stack(resampling, influence, rows=both)[:, 0]
    moved[0] = 0.0
    return np.asarray(np.tanh(np.arctanh(found.estimate) + moved), dtype=np.float64)


def _alpha(study: Study, resampling: Resampling, construct: str) -> FloatArray | None:
    """Return alpha as the section `reliability` has it; None where it has none."""
    found = construct_ratings(study, study.questionnaire.constructs[construct]).found
    return None if found is None else alpha(construct_moments(study, resampling, construct, found).moments.covariance)
