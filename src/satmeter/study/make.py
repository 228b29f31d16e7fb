"""Responses and a plan turned into a study: who counts, with which weight, and why not the others."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from satmeter.errors import Note, Problem, StudyError
from satmeter.responses.coverage import first_columns
from satmeter.responses.model import FIELDWORK, PARADATA, Responses
from satmeter.study.alerts import alerts
from satmeter.study.design import draw_sample, frequencies, group_notes
from satmeter.study.driver_plan import PathOptions
from satmeter.study.fieldwork_model import Adjusted, SampledCases
from satmeter.study.model import DispositionRow, QualityRow, Study
from satmeter.study.open_answers import coded_themes, need_segmentation
from satmeter.study.plan import Plan, ValidityPlan
from satmeter.study.quality import Finding, apply_rules
from satmeter.study.replicate_columns import replicate_names
from satmeter.study.scores import construct_scores, reversed_items
from satmeter.study.unit_strata import check_unit_strata
from satmeter.study.weighting import calibrate_weights

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


def make_study(
    plan: Plan, responses: Responses, *, cases: SampledCases | None = None, judged: Responses | None = None
) -> Study:
    """Apply the plan to the responses.

    Parameters
    ----------
    plan
        From `read_study`.
    responses
        From `read_responses`; not changed.
    cases
        From `read_cases` of the module ``study.fieldwork``, where the plan has `fieldwork`.
    judged
        The same rows with the answers that quality rules look at; None: `responses`. Answers that were blanked for
        release must not make copies of each other.

    Returns
    -------
    Study
        Items reversed, frequencies expanded, weights scaled to mean 1. `disposition` counts respondents (a row of
        frequency f counts f times) after each excluding rule, in the order duplicates, attention, speeders,
        straightlining, too_many_missing; `quality` names the rows. `notes` does not repeat those of the responses.

    Raises
    ------
    StudyError
        S020 to S027, S045, S080 to S084 for the columns that the plan names; S028 when nobody is left; S029 when nobody
        rated an item.
        S010 for a unit that is ranked within strata and lies in two.
        S054 to S056 and S059 for weights that cannot be had. S075, S077 and S079 for open answers that cannot be coded.
    ValueError
        When the plan has `fieldwork` and `cases` is missing.
    """
    if plan.fieldwork is not None and cases is None:
        raise ValueError("plan.fieldwork needs cases=read_cases(plan, responses)")
    need_segmentation(plan, responses)
    counts, notes = frequencies(responses, plan.design, plan.file)
    if responses.frame.loc[counts > 0, list(responses.questionnaire.items)].isna().to_numpy().all():
        raise StudyError(Problem("S029", responses.source, params={"n": int(counts.sum())}))
    findings = apply_rules(responses if judged is None else judged, plan.quality, file=plan.file)
    disposition, kept = _dispose(findings, counts)
    if not kept.any():
        steps = ", ".join(f"{row.step} {row.n}" for row in disposition[1:-1])
        raise StudyError(Problem("S028", responses.source, params={"steps": steps}))
    sample = draw_sample(responses, plan.design, kept, counts, plan.file)
    calibrated, adjusted, weights = None, None, sample.weights
    positions = np.flatnonzero(kept)[sample.rows]
    if cases is not None and cases.adjust is not None:
        adjusted = cases.adjust(_counted(cases, kept))
        weights = _raised(plan, cases, adjusted, positions, weights)
    if plan.weighting is not None:
        calibrated = calibrate_weights(plan.weighting, responses, positions, weights, plan.file)
        weights = calibrated.weights
    index = _index(responses.frame.index[kept], sample.rows)
    frame = _expanded(reversed_items(responses.frame[kept], responses.questionnaire), sample.rows, index)
    missing = _expanded(responses.missing[kept], sample.rows, index)
    codes = {name: _expanded(c[kept], sample.rows, index) for name, c in coded_themes(plan, responses).items()}
    scores = construct_scores(frame, responses.questionnaire, plan.missing, responses.absent, weights)
    groups = {question: frame[question] for question in plan.groups}
    check_unit_strata(plan, groups)
    return Study(
        plan=plan,
        responses=responses,
        frame=frame,
        missing=missing,
        weights=weights,
        weighted=bool(np.ptp(weights) > 1e-12) if len(weights) else False,
        strata=sample.strata,
        cluster=sample.cluster,
        groups=groups,
        construct_scores=scores,
        disposition=disposition,
        quality=_quality_rows(findings, responses),
        notes=(
            *_unknown_columns(plan, responses),
            *idle_keys(plan),
            *notes,
            *(note for finding in findings for note in finding.notes),
            *sample.notes,
            *group_notes(plan.uncertainty, sample),
            *(cases.notes if cases else ()),
            *(adjusted.notes if adjusted else ()),
            *(calibrated.notes if calibrated else ()),
            *alerts(responses.questionnaire, frame, scores, groups, responses.absent),
        ),
        calibrated=calibrated,
        fraction=sample.fraction,
        replicates=sample.replicates,
        codes=codes,
        cases=cases,
        adjusted=adjusted,
    )


def _counted(cases: SampledCases, kept: Mask) -> Mask:
    """Return which cases' answers count."""
    counted = np.zeros(cases.n, dtype=bool)
    counted[cases.place[kept]] = True
    return counted


def _raised(plan: Plan, cases: SampledCases, adjusted: Adjusted, positions: IntArray, base: FloatArray) -> FloatArray:
    """Return base weights, or the sample file's where there are none, times the factors for non-response; mean 1."""
    place = cases.place[positions]
    if plan.design.base is None and cases.weights is not None:
        base = cases.weights[place]
    weights = base * adjusted.factors[place]
    return np.asarray(weights / weights.mean(), dtype=np.float64)


def idle_keys(plan: Plan) -> tuple[Note, ...]:
    """Return a note on keys that ask for something which the chosen depth does not compute."""
    drivers = plan.drivers
    found: dict[str, list[str]] = {"measurement: full": [], "drivers: {depth: full}": []}
    if plan.measurement == "core":
        asked = {"validity": plan.validity != ValidityPlan(), "retest": plan.retest, "differences": plan.differences}
        found["measurement: full"] = [key for key, given in asked.items() if given]
    if drivers.depth == "core":
        names = ("items", "segments", "moderations", "stated", "multinomial")
        found["drivers: {depth: full}"] = [f"drivers.{name}" for name in names if getattr(drivers, name)]
        found["drivers: {depth: full}"] += ["paths"] if plan.paths != PathOptions() else []
    return tuple(Note("S114", "", {"keys": ", ".join(keys), "key": key}) for key, keys in found.items() if keys)


def _unknown_columns(plan: Plan, responses: Responses) -> tuple[Note, ...]:
    """Return a note on the source columns that neither the questionnaire nor the plan knows."""
    wanted = plan.design
    design: tuple[str | None, ...] = (wanted.base, wanted.frequency, wanted.strata, wanted.cluster)
    if plan.design.population is not None:
        design = (*design, plan.design.population.column)
    if plan.design.replicates is not None:
        design = (*design, *replicate_names(plan.design.replicates, responses))
    margins = [part for margin in plan.weighting.margins for part in margin.parts] if plan.weighting else []
    coded = [verbatim.coded for verbatim in plan.verbatims]
    keys = [plan.fieldwork.key] if plan.fieldwork else []
    keys += [plan.waves.variable] if plan.waves else []
    used = (*PARADATA, *FIELDWORK, *design, *margins, *coded, *keys)
    names = [str(name) for name in responses.other.columns if name not in used]
    return (Note("R110", responses.source, {"n": len(names), "columns": first_columns(names)}),) if names else ()


def _dispose(findings: tuple[Finding, ...], counts: IntArray) -> tuple[tuple[DispositionRow, ...], Mask]:
    kept = counts > 0
    rows = [DispositionRow("read", int(counts.sum()))]
    for finding in findings:
        if finding.action == "exclude":
            kept = kept & ~finding.found
            rows.append(DispositionRow(finding.rule, int(counts[kept].sum())))
    rows.append(DispositionRow("kept", int(counts[kept].sum())))
    return tuple(rows), kept


def _quality_rows(findings: tuple[Finding, ...], responses: Responses) -> tuple[QualityRow, ...]:
    names = responses.frame.index
    rows = []
    for finding in findings:
        for i in np.flatnonzero(finding.found).tolist():
            value = float(finding.value[i])
            rows.append(
                QualityRow(str(names[i]), finding.rule, None if np.isnan(value) else value, finding.action == "exclude")
            )
    return tuple(rows)


def _index(names: pd.Index, rows: IntArray) -> pd.Index:
    """Return unique names: the row's own, and ``name#2``, ``name#3`` … for further respondents that it stands for."""
    if len(rows) == len(names):
        return names
    copy = np.arange(len(rows)) - np.searchsorted(rows, rows, side="left")
    labels = names.to_numpy()[rows]
    unique = [f"{name}#{k + 1}" if k else name for name, k in zip(labels, copy, strict=True)]
    return pd.Index(unique, name=names.name, dtype=object)


def _expanded(frame: pd.DataFrame, rows: IntArray, index: pd.Index) -> pd.DataFrame:
    return frame if len(index) == len(frame) else frame.iloc[rows].set_axis(index, axis=0)
