"""Common method: what a marker variable leaves of the correlations between constructs (Lindell and Whitney)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from satmeter.errors import Note
from satmeter.measurement.criterion import LEAST_PAIRS
from satmeter.measurement.pair_correlations import pair_correlations
from satmeter.measurement.replicate_rows import replicate_row
from satmeter.measurement.validity_model import ValidityRow
from satmeter.moments import Resampling
from satmeter.numerics.marker import marker_adjusted, smallest_positive
from satmeter.study.model import Study
from satmeter.study.scores import rescaled

FloatArray = npt.NDArray[np.float64]


def marker_rows(study: Study, resampling: Resampling) -> tuple[tuple[ValidityRow, ...], tuple[Note, ...]]:
    """Take the marker's correlation off the correlations of all pairs of constructs.

    Parameters
    ----------
    study, resampling
        The study and its replicates.

    Returns
    -------
    rows
        `marker_r`: correlation, over at least ten respondents, of the marker's score (mean of its items, each on 0–100;
        at least half of them answered) with the construct named, the smallest above 0 of all constructs; it stands for
        the method.
        `marker_adjusted`: of every pair of constructs, (r − r_M) / (1 − r_M). Intervals by t on Fisher's scale; the
        construct of `marker_r` is chosen once. Nothing without a marker in the plan.
    notes
        Which correlations stay different from 0, or why nothing was adjusted.
    """
    items = study.plan.validity.marker
    if not items:
        return (), ()
    names = [
        name
        for name, construct in study.questionnaire.constructs.items()
        if not set(items) & set(construct.items) and study.construct_scores[name].notna().any()
    ]
    scores = np.asarray(study.construct_scores[names], dtype=np.float64)
    marker = np.repeat(_marker_score(study, items)[:, None], len(names), axis=1)
    with_marker, n = pair_correlations(resampling, scores, marker)
    place = smallest_positive(np.where(n >= LEAST_PAIRS, with_marker[0], np.nan))
    if place < 0:
        return (), (Note("M206", "", {"items": ", ".join(items)}),)
    method = with_marker[:, place]
    first, second = np.triu_indices(len(names), 1)
    pairs, pair_n = pair_correlations(resampling, scores[:, first], scores[:, second])
    rows = [
        replicate_row(
            study, resampling, ("marker_r", names[place], ", ".join(items)), method, int(n[place]), scale="fisher"
        )
    ]
    told: dict[str, list[str]] = {"before": [], "after": []}
    for j in range(pairs.shape[1]):
        if np.isnan(pairs[0, j]) or pair_n[j] < LEAST_PAIRS:
            continue
        key = names[first[j]], names[second[j]]
        n_pair = int(pair_n[j])
        raw = replicate_row(study, resampling, ("", *key), pairs[:, j], n_pair, scale="fisher")
        values = marker_adjusted(pairs[:, j], method)
        adjusted = replicate_row(study, resampling, ("marker_adjusted", *key), values, n_pair, scale="fisher")
        rows.append(adjusted)
        for when, row in (("before", raw), ("after", adjusted)):
            told[when] += [f"{key[0]}–{key[1]}"] if _differs(row) else []
    return tuple(rows), (_note(names[place], method[0], told),)


def _marker_score(study: Study, items: tuple[str, ...]) -> FloatArray:
    parts = [rescaled(np.asarray(study.frame[i], dtype=np.float64), study.questionnaire, i) for i in items]
    values = np.stack(parts, axis=1)
    seen = ~np.isnan(values)
    answered = seen.sum(axis=1)
    mean = np.where(seen, values, 0.0).sum(axis=1) / np.maximum(answered, 1)
    return np.where((answered > 0) & (2 * answered >= len(items)), mean, np.nan)


def _differs(row: ValidityRow) -> bool:
    return row.conf_low is not None and row.conf_high is not None and (row.conf_low > 0 or row.conf_high < 0)


def _note(construct: str, r: float, told: dict[str, list[str]]) -> Note:
    lost = [pair for pair in told["before"] if pair not in told["after"]]
    counts: dict[str, str | int | float] = {"r": float(r), "before": len(told["before"])}
    if not told["before"]:
        return Note("M209", construct, {"r": float(r)})
    if not lost:
        return Note("M207", construct, counts)
    return Note("M208", construct, counts | {"after": len(told["before"]) - len(lost), "pairs": ", ".join(lost)})
