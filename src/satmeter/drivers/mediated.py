"""Mediation on the observed scores: what of a driver's effect on an outcome runs over others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.drivers.section import ARROW, DeepInput, Section
from satmeter.errors import Note, NumericsError
from satmeter.measurement.plain import plain
from satmeter.moments import moment_stack
from satmeter.numerics.bca import acceleration, bca_interval, delete_one_moments
from satmeter.numerics.intervals import percentile_interval, replicate_se
from satmeter.numerics.mediation import PathEffects, path_effects, specific_effects
from satmeter.numerics.structural_paths import ways
from satmeter.study.model import Study

FloatArray = npt.NDArray[np.float64]

LEAST = 30
MOST_UNITS = 20_000
"""Sampling units above which the BCa interval, which leaves out each in turn, is not computed."""


@dataclass(frozen=True, slots=True)
class MediationRow:
    """One effect in points of the outcome per point of the source, others on the way equal.

    `effect`: `direct`, `total`, `indirect` (all routes but the direct one) or `specific` (the route over `via`).
    """

    outcome: str
    source: str
    via: str
    effect: str
    estimate: float | None
    std_error: float | None
    conf_low: float | None
    conf_high: float | None
    bca_low: float | None
    bca_high: float | None
    share: float | None  # of the total effect, where that is surely not 0
    n: int


def mediation_sections(given: DeepInput) -> dict[str, Section]:
    """Return the section `mediation`: regressions on the scores along the model of the study.

    Parameters
    ----------
    given
        Study and replicates.

    Returns
    -------
    dict
        Every pair of constructs that a route of two or more steps connects, ending at satisfaction or loyalty. Number
        questions of the controls enter every equation. Percentile and BCa intervals of the replicates.
    """
    study = given.study
    model = construct_model(study)
    if not model:
        return {}
    names = list(dict.fromkeys(n for outcome, before in model.items() for n in (*before, outcome)))
    controls = [c for c in study.plan.controls if study.questionnaire.questions[c].type == "number"]
    columns = [score_column(study, name) for name in (*names, *controls)]
    values = np.column_stack(columns)
    rows = ~np.isnan(values).any(axis=1) & (study.weights > 0)
    if rows.sum() < max(LEAST, values.shape[1] + 3):
        return {"mediation": Section(notes=(Note("D191", "", {"n": int(rows.sum())}),))}
    extra = tuple(range(len(names), values.shape[1]))
    place = {name: j for j, name in enumerate(names)}
    paths = {place[outcome]: (*(place[b] for b in before), *extra) for outcome, before in model.items()}
    moments = moment_stack(given.resampling, values, rows=rows)
    try:
        found = path_effects(moments.covariance, paths)
    except NumericsError as error:
        return {"mediation": Section(notes=(Note("D192", "", {"code": error.problems[0].code}),))}
    wanted = [c.id for c in study.questionnaire.constructs_of_role("satisfaction", "loyalty") if c.id in model]
    without = _without_one(study, values, rows, paths)
    result: list[MediationRow] = []
    for outcome in wanted:
        for source in names:
            result += _pair_rows(study, names, (source, outcome), (found, without), moments.n)
    left = _left_out(study, model, controls)
    notes = (Note("D214", "", {"names": ", ".join(left)}),) if left else ()
    return {"mediation": Section(tuple(result), notes)}


def _left_out(study: Study, model: Mapping[str, tuple[str, ...]], controls: list[str]) -> list[str]:
    """Return the questions that are in the regressions of the drivers but not in those here."""
    whole = study.plan.model or study.questionnaire.model
    questions = [name for outcome in model for name in whole[outcome] if name not in study.questionnaire.constructs]
    return [name for name in dict.fromkeys((*questions, *study.plan.controls)) if name not in controls]


def construct_model(study: Study) -> dict[str, tuple[str, ...]]:
    """Return outcomes with their predecessors, as far as both are constructs."""
    model: Mapping[str, tuple[str, ...]] = study.plan.model or study.questionnaire.model
    known = study.questionnaire.constructs
    found = {o: tuple(n for n in before if n in known) for o, before in model.items() if o in known}
    return {outcome: before for outcome, before in found.items() if before}


def score_column(study: Study, name: str) -> FloatArray:
    """Return the scores of a construct or the answers to a number question, shape (n,), NaN where missing."""
    source = study.construct_scores if name in study.construct_scores else study.frame
    return np.asarray(source[name], dtype=np.float64)


def _without_one(
    study: Study, values: FloatArray, rows: npt.NDArray[np.bool_], paths: Mapping[int, tuple[int, ...]]
) -> PathEffects | None:
    """Return the effects without each sampling unit; None where that cannot be had."""
    if rows.sum() > MOST_UNITS:
        return None
    strata = None if study.layers is None else study.layers[rows]
    cluster = None if study.cluster is None else study.cluster[rows]
    try:
        _, covariance = delete_one_moments(values[rows], study.weights[rows], strata, cluster)
        return path_effects(covariance, paths)
    except NumericsError:
        return None


def _pair_rows(
    study: Study,
    names: list[str],
    pair: tuple[str, str],
    effects: tuple[PathEffects, PathEffects | None],
    n: int,
) -> list[MediationRow]:
    """Return the effects of one source on one outcome; nothing where no route has two steps."""
    found, without = effects
    source, outcome = (names.index(name) for name in pair)
    if source == outcome or all(len(route) < 3 for route in ways(found.paths, source, outcome)):
        return []
    specific = specific_effects(found, source, outcome)
    lone = None if without is None else specific_effects(without, source, outcome).raw
    level = study.plan.uncertainty.conf_level
    total = found.total[:, outcome, source]
    ends_of_total = percentile_interval(total[1:], level)
    sure = bool(ends_of_total[0] > 0 or ends_of_total[1] < 0)

    def row(effect: str, values: FloatArray, jackknife: FloatArray | None, via: str = "") -> MediationRow:
        low, high = percentile_interval(values[1:], level)
        bca_low: float | None = None
        bca_high: float | None = None
        if jackknife is not None and len(values) > 2:
            lower, upper = bca_interval(values[0], values[1:], acceleration(jackknife), level)
            bca_low, bca_high = plain(lower), plain(upper)
        return MediationRow(
            outcome=pair[1],
            source=pair[0],
            via=via,
            effect=effect,
            estimate=plain(values[0]),
            std_error=plain(replicate_se(values[1:])),
            conf_low=plain(low),
            conf_high=plain(high),
            bca_low=bca_low,
            bca_high=bca_high,
            share=plain(values[0] / total[0]) if sure else None,
            n=n,
        )

    rows = []
    for name in ("direct", "indirect", "total"):
        if name == "direct" and len(specific.ways[0]) > 2:
            continue
        jackknife = None if without is None else getattr(without, name)[:, outcome, source]
        rows.append(row(name, getattr(found, name)[:, outcome, source], jackknife))
    for j, route in enumerate(specific.ways):
        if len(route) > 2:
            via = ARROW.join(names[k] for k in route[1:-1])
            rows.append(row("specific", specific.raw[:, j], None if lone is None else lone[:, j], via))
    return rows
