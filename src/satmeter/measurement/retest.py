"""Test–retest: the scores of the same respondents at two times."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from satmeter.errors import Note
from satmeter.measurement.coefficient_rows import Basis, bounded_row
from satmeter.measurement.degrees import design_df, is_simple
from satmeter.measurement.model import ReliabilityRow
from satmeter.measurement.respondent_match import RespondentMatch, match_respondents
from satmeter.moments import MomentStack, Resampling, moment_stack
from satmeter.numerics.intervals import reliability_interval, replicate_se, t_interval
from satmeter.numerics.intraclass import agreement_interval, consistency_interval, intraclass
from satmeter.study.model import Study

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
Bounds = tuple[npt.ArrayLike, npt.ArrayLike]

LEAST_PAIRS = 3
SURE_PAIRS = 30
"""With fewer a note warns."""


def retest_rows(
    study: Study, resampling: Resampling, second: Study
) -> tuple[tuple[ReliabilityRow, ...], tuple[Note, ...]]:
    """Compare every construct's scores with those of a second measurement.

    Parameters
    ----------
    study, resampling
        The first measurement and its replicates; its weights and design count.
    second
        The second one, with the same questionnaire, answered by some of the same respondents.

    Returns
    -------
    rows
        Of every construct: `test_retest`, the correlation of the scores; `icc_agreement`, ICC(A,1), where a change of
        everybody counts against it; `icc_consistency`, ICC(C,1), where it does not; `mean_change`, second less first,
        in points. `n` counts pairs, `n_items` the construct's items.
    notes
        M189 few pairs, M190 respondents without a counterpart, M191 repeated ids, M192 no ids, M198 no figures.

    Notes
    -----
    Intervals: the correlation on Fisher's scale with the standard error of the replicates; ICC by F (McGraw and Wong
    1996) in a simple random sample, else by the replicates on the scale log(1 − ICC); the change by t.
    """
    match = match_respondents(study, second)
    told = _notes(match)
    if not match.n:
        return (), tuple(told or [Note("M192")])
    rows: list[ReliabilityRow] = []
    notes = list(told)
    for name, construct in study.questionnaire.constructs.items():
        again = second.construct_scores[name].to_numpy(float)
        pair = np.column_stack(
            [study.construct_scores[name].to_numpy(float), np.where(match.row >= 0, again[match.row], np.nan)]
        )
        seen = np.asarray(~np.isnan(pair).any(axis=1) & (study.weights > 0), dtype=np.bool_)
        if seen.sum() < LEAST_PAIRS or (np.ptp(pair[seen], axis=0) == 0).any():
            notes.append(Note("M198", name))
            continue
        level = study.plan.uncertainty.conf_level
        basis = Basis(name, int(seen.sum()), len(construct.items), design_df(study, seen), level)
        rows += pair_rows(basis, moment_stack(resampling, pair, rows=seen), is_simple(study))
    few = {row.construct: row.n for row in rows if row.n < SURE_PAIRS}
    if few:
        notes.append(Note("M189", "", {"n": min(few.values()), "constructs": ", ".join(few)}))
    return tuple(rows), tuple(notes)


def _notes(match: RespondentMatch) -> list[Note]:
    """Return what was left out."""
    if not match.known:
        return [Note("M192")]
    lone = {"first": match.alone, "second": match.alone_second}
    notes = [Note("M190", "", lone)] if any(lone.values()) else []
    return notes + ([Note("M191", "", {"n": match.repeated})] if match.repeated else [])


def pair_rows(basis: Basis, moments: MomentStack, simple: bool) -> list[ReliabilityRow]:
    """Return the rows of one construct.

    Parameters
    ----------
    basis
        Its `n` counts pairs.
    moments
        Of the scores at the first and the second time.
    simple
        Whether the sample counts as a simple random one, so that the F intervals hold.

    Returns
    -------
    list of ReliabilityRow
        In the order of `retest_rows`.
    """
    mean, cov, level = moments.mean, moments.covariance, basis.conf_level
    found = intraclass(mean, cov, basis.n)
    sd = np.sqrt(np.where(cov[:, [0, 1], [0, 1]] > 0, cov[:, [0, 1], [0, 1]], np.nan))
    r = cov[:, 0, 1] / (sd[:, 0] * sd[:, 1])
    change = mean[:, 1] - mean[:, 0]
    bounds: list[Bounds] = [
        reliability_interval(values[0], values[1:], basis.df, level) for values in (found.agreement, found.consistency)
    ]
    if simple:
        bounds = [f(mean[0], cov[0], basis.n, level) for f in (agreement_interval, consistency_interval)]
    return [
        bounded_row(basis, "test_retest", r, _correlation_bounds(r, basis)),
        bounded_row(basis, "icc_agreement", found.agreement, bounds[0]),
        bounded_row(basis, "icc_consistency", found.consistency, bounds[1]),
        bounded_row(basis, "mean_change", change, t_interval(change[0], replicate_se(change[1:]), basis.df, level)),
    ]


def _correlation_bounds(r: FloatArray, basis: Basis) -> Bounds:
    """Return the interval of a correlation: t on Fisher's scale with the standard error of the replicates."""
    fisher = np.arctanh(np.where(np.abs(r) < 1, r, np.nan))
    low, high = t_interval(fisher[0], replicate_se(fisher[1:]), basis.df, basis.conf_level)
    return np.tanh(low), np.tanh(high)
