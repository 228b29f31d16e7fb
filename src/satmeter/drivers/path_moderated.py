"""Paths that depend on another construct: products of scores in the path model, in two stages."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from satmeter.drivers.path_base import PathBase
from satmeter.errors import Note
from satmeter.measurement.plain import plain
from satmeter.moments import Resampling, moment_stack
from satmeter.numerics.intervals import percentile_interval, replicate_se
from satmeter.numerics.path_moderation import interaction_columns, moderation

SURE = 1e-10
"""Part of a score's variance that the others must leave, so that its coefficient exists."""


@dataclass(frozen=True, slots=True)
class PathModerationRow:
    """By how much the path from a source to a target grows per standard deviation of a moderator.

    Scores are standardised, their product is not. `f2` and `r2_change`: what the product adds.
    """

    target: str
    source: str
    moderator: str
    estimate: float | None
    std_error: float | None
    conf_low: float | None
    conf_high: float | None
    f2: float | None
    r2_change: float | None
    n: int


def path_moderation_rows(
    base: PathBase, resampling: Resampling
) -> tuple[tuple[PathModerationRow, ...], tuple[Note, ...]]:
    """Return the products that `paths.moderations` asks for.

    Parameters
    ----------
    base
        The estimated model.
    resampling
        Replicates of the study.

    Returns
    -------
    rows, notes
        The scores are those of the model without the product, estimated anew in every replicate. Percentile intervals.
    """
    wanted = base.study.plan.paths.moderations
    if not wanted:
        return (), ()
    rows: list[PathModerationRow] = []
    notes: list[Note] = []
    for target, pairs in wanted.items():
        for pair in pairs:
            found = _row(base, resampling, target, pair)
            if found is None:
                notes.append(Note("D207", target, {"source": pair[0], "moderator": pair[1]}))
            else:
                rows.append(found)
    return tuple(rows), tuple(notes)


def _row(base: PathBase, resampling: Resampling, target: str, pair: tuple[str, str]) -> PathModerationRow | None:
    """Return the row of one product; None where the scores follow from one another."""
    outcome, source, moderator = (base.names.index(name) for name in (target, *pair))
    predictors = tuple(dict.fromkeys((*base.model.predecessors[outcome], source, moderator)))
    columns = list(predictors)
    scores = base.fit.construct_corr[0][np.ix_(columns, columns)]
    if np.linalg.eigvalsh(scores)[0] < SURE:
        return None
    wide = np.full((len(base.kept), base.rows.shape[1]), np.nan)
    wide[base.kept] = base.rows
    model = base.items_model
    wide = interaction_columns(wide, model.blocks[source], model.blocks[moderator])
    moments = moment_stack(resampling, wide, rows=base.kept)
    found = moderation(moments.mean, moments.covariance, base.items_fit, model, outcome, (source, moderator))
    low, high = percentile_interval(found.interaction[1:], base.study.plan.uncertainty.conf_level)
    return PathModerationRow(
        target=target,
        source=pair[0],
        moderator=pair[1],
        estimate=plain(found.interaction[0]),
        std_error=plain(replicate_se(found.interaction[1:])),
        conf_low=plain(low),
        conf_high=plain(high),
        f2=plain(found.f2[0]),
        r2_change=plain(found.r2[0] - found.r2_without[0]),
        n=base.n,
    )
