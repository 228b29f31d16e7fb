"""How reliable the difference of two constructs' scores is."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from satmeter.errors import Note
from satmeter.measurement.coefficient_rows import Basis, reliability_row
from satmeter.measurement.construct_ratings import LEAST_RESPONDENTS, ConstructRatings
from satmeter.measurement.degrees import design_df
from satmeter.measurement.model import ReliabilityRow
from satmeter.moments import Resampling, em_stack, moment_stack
from satmeter.numerics.composite import difference_reliability
from satmeter.numerics.em_patterns import never_together
from satmeter.numerics.reliability import alpha
from satmeter.study.model import Study

FloatArray = npt.NDArray[np.float64]

GOOD_ENOUGH = 0.7


def difference_rows(
    study: Study, resampling: Resampling, blocks: Mapping[str, ConstructRatings]
) -> tuple[tuple[ReliabilityRow, ...], tuple[Note, ...]]:
    """Estimate the reliability of every difference that the plan names.

    Parameters
    ----------
    study, resampling
        The study and its replicates.
    blocks
        Construct to its items, as far as `construct_ratings` found them.

    Returns
    -------
    rows
        `difference_reliability` with ``a-b`` as construct, for the pairs (a, b) of ``plan.differences``, over the
        respondents who answered all items of both (under EM: who have both scores).
    notes
        M193 for a reliability below .7, M196 for a pair without one.
    """
    rows: list[ReliabilityRow] = []
    notes: list[Note] = []
    for first, second in study.plan.differences:
        name = f"{first}-{second}"
        row = _row(study, resampling, name, blocks.get(first), blocks.get(second))
        if row is None or row.estimate is None:
            notes.append(Note("M196", name))
            continue
        rows.append(row)
        if row.estimate < GOOD_ENOUGH:
            notes.append(Note("M193", name, {"estimate": row.estimate}))
    return tuple(rows), tuple(notes)


def _row(
    study: Study,
    resampling: Resampling,
    name: str,
    first: ConstructRatings | None,
    second: ConstructRatings | None,
) -> ReliabilityRow | None:
    if first is None or second is None:
        return None
    values = np.column_stack([first.values * first.points, second.values * second.points])
    rows = first.rows & second.rows
    complete = rows & ~np.isnan(values).any(axis=1)
    if rows.sum() < LEAST_RESPONDENTS:
        return None
    together = (rows & ~complete).any() and not never_together(~np.isnan(values[rows]))
    cov = em_stack(resampling, values, rows=rows).covariance if together else np.full((1, 1, 1), np.nan)
    if not np.isfinite(cov[0]).all():
        rows = np.asarray(complete, dtype=np.bool_)
        if rows.sum() < LEAST_RESPONDENTS:
            return None
        cov = moment_stack(resampling, values, rows=rows).covariance
    basis = Basis(name, int(rows.sum()), values.shape[1], design_df(study, rows), study.plan.uncertainty.conf_level)
    return reliability_row(basis, "difference_reliability", reliability_of_difference(cov, len(first.items)))


def reliability_of_difference(cov: FloatArray, k: int) -> FloatArray:
    """Return the reliability of the sum of the first k items less the sum of the others.

    Parameters
    ----------
    cov
        shape (..., p, p), items in points of their construct's score.
    k
        Items of the first construct.

    Returns
    -------
    array, shape (...)
        From alpha of each of the two.
    """
    parts = cov[..., :k, :k], cov[..., k:, k:]
    variance = [part.sum(axis=(-2, -1)) for part in parts]
    sd = (
        np.sqrt(np.where(variance[0] > 0, variance[0], np.nan)),
        np.sqrt(np.where(variance[1] > 0, variance[1], np.nan)),
    )
    r = cov[..., :k, k:].sum(axis=(-2, -1)) / (sd[0] * sd[1])
    return difference_reliability((alpha(parts[0]), alpha(parts[1])), sd, r)
