"""Reliability of all items together."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from satmeter.errors import Note
from satmeter.measurement.coefficient_rows import Basis, reliability_row
from satmeter.measurement.construct_ratings import ConstructRatings
from satmeter.measurement.degrees import design_df
from satmeter.measurement.hierarchy import hierarchical_rows
from satmeter.measurement.model import ReliabilityRow
from satmeter.moments import Resampling, moment_stack
from satmeter.numerics.extraction import factor_df
from satmeter.numerics.reliability import alpha, alpha_standardised
from satmeter.study.model import Study

FloatArray = npt.NDArray[np.float64]
Rows = tuple[tuple[ReliabilityRow, ...], tuple[Note, ...]]


def overall_rows(study: Study, resampling: Resampling, blocks: Mapping[str, ConstructRatings]) -> Rows:
    """Estimate alpha, standardised alpha and omega of all items that point the same way.

    Parameters
    ----------
    study, resampling
        The study and its replicates.
    blocks
        Construct to its items, as far as `construct_ratings` found them.

    Returns
    -------
    rows
        `alpha`, `alpha_std`, `omega_hierarchical` and `omega_groups` with an empty `construct`, over the respondents
        who answered all these items. Items are put on 0–100 by the length of their scales. Group factors are as many as
        constructs. Nothing for fewer than two constructs.
    notes
        M185 what is left out: constructs without a reliability of their own, those of role cost, those that fewer than
        half of the respondents answered whole, and those whose score runs against the sum of the others. M186, M197 why
        there are no coefficients. Those of `hierarchical_rows`.
    """
    chosen = _like_directed(study, blocks)
    if len(chosen) < 2:
        return (), ()
    left_out = [name for name in study.questionnaire.constructs if name not in chosen]
    notes = [Note("M185", "", {"constructs": ", ".join(left_out)})] if left_out else []
    values = np.column_stack([blocks[name].values * blocks[name].item_points for name in chosen])
    rows = np.asarray(~np.isnan(values).any(axis=1) & (study.weights > 0), dtype=np.bool_)
    n, n_items = int(rows.sum()), values.shape[1]
    if n <= n_items:
        return (), (*notes, Note("M186", "", {"n": n, "n_items": n_items}))
    cov = moment_stack(resampling, values, rows=rows).covariance
    basis = Basis("", n, n_items, design_df(study, rows), study.plan.uncertainty.conf_level)
    found = [reliability_row(basis, "alpha", alpha(cov)), reliability_row(basis, "alpha_std", alpha_standardised(cov))]
    if len(chosen) < 3 or factor_df(n_items, len(chosen)) < 0:
        return tuple(found), (*notes, Note("M197", "", {"factors": len(chosen), "n_items": n_items}))
    more, beware = hierarchical_rows(basis, cov, n_factors=len(chosen))
    return (*found, *more), (*notes, *beware)


def _like_directed(study: Study, blocks: Mapping[str, ConstructRatings]) -> list[str]:
    """Return the constructs that belong in a total: no costs, nothing few answered or that runs against the others."""
    constructs = study.questionnaire.constructs
    half = (study.weights > 0).sum() / 2
    names = [name for name, block in blocks.items() if constructs[name].role != "cost" and block.complete.sum() >= half]
    if len(names) < 2:
        return names
    scores = np.column_stack([study.construct_scores[name].to_numpy(float) for name in names])
    seen = ~np.isnan(scores).any(axis=1) & (study.weights > 0)
    if seen.sum() < 3:
        return names
    weights = study.weights[seen] / study.weights[seen].sum()
    centred = scores[seen] - weights @ scores[seen]
    cov = (centred * weights[:, None]).T @ centred
    against = cov.sum(axis=0) - np.diagonal(cov) < 0
    return [name for name, turned in zip(names, against, strict=True) if not turned]
