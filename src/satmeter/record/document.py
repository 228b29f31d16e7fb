"""Results → the document behind results.json."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

import numpy as np

from satmeter.drivers import DeepDrivers, DriverResult
from satmeter.drivers.path_roles import role_of
from satmeter.errors import Note
from satmeter.measurement import Dimensionality, Measurement, Validity, index_construct
from satmeter.measurement.answer_rows import AnswerFigures
from satmeter.measurement.case_mix_rows import CaseMixResult
from satmeter.measurement.tree_rows import Trees
from satmeter.measurement.wave_rows import Waves
from satmeter.questionnaire.model import Question, Questionnaire
from satmeter.record.disclosure import disclosure_rows
from satmeter.record.group_unions import group_unions
from satmeter.record.provenance import Provenance
from satmeter.record.questions import question_rows
from satmeter.record.wording import questionnaire_part, text_map, with_labels
from satmeter.study.answer_dates import answer_dates
from satmeter.study.model import Study
from satmeter.study.policy import describe_policy

KIND = "satmeter.results"
SCHEMA_VERSION = 1
DEEP_SECTIONS = (
    "dominance",
    "conditional_dominance",
    "stated",
    "marginal_effects",
    "diagnostics",
    "moderation",
    "segments",
    "mediation",
    "moderated_mediation",
    "asymmetry",
    "necessity",
    "bottlenecks",
    "potential",
    "paths",
    "path_chains",
    "path_models",
    "path_quality",
    "path_groups",
    "path_importance",
    "path_moderation",
    "prediction",
)
"""Sections that only ``drivers.depth: full`` fills."""

NOTE_LANGUAGES = ("en", "zh-CN")


def results_document(
    study: Study,
    measurement: Measurement,
    drivers: DriverResult,
    *,
    validity: Validity | None = None,
    dimensionality: Dimensionality | None = None,
    deep: DeepDrivers | None = None,
    trees: Trees | None = None,
    case_mix: CaseMixResult | None = None,
    answers: AnswerFigures | None = None,
    waves: Waves | None = None,
    provenance: Provenance,
) -> dict[str, Any]:
    """Bring everything that was computed into one document.

    Parameters
    ----------
    study
        The study.
    measurement, drivers
        Its results.
    validity, dimensionality
        Its constructs' validity and the exploratory factors; without them their sections are empty.
    deep
        What ``deepen_drivers`` found; without it its sections are empty.
    trees, case_mix
        Indicator trees, and scores of units adjusted for who their respondents are; without them the sections are
        empty.
    answers
        What ``answer_figures`` found; without it the section is empty.
    waves
        The study beside its earlier waves; without them the sections are empty.
    provenance
        From ``make_provenance``.

    Returns
    -------
    dict
        Plain values only (str, int, float, bool, None, list, dict), in the order of docs/results.md; numbers
        that do not exist are None.
    """
    validity, explored = validity or Validity(), dimensionality or Dimensionality()
    deep, said, answered = deep or DeepDrivers(), measurement.verbatims, answers or AnswerFigures()
    trees, adjusted = trees or Trees(), case_mix or CaseMixResult()
    waves = waves or Waves()
    document = {
        "kind": KIND,
        "schema_version": SCHEMA_VERSION,
        "provenance": provenance.to_dict(),
        "study": _study_part(study) | {"waves": _waves(waves)},
        "questionnaire": questionnaire_part(study.questionnaire),
        "sample": {"rows": _sample_rows(study), "notes": []},
        "questions": {"rows": question_rows(study), "notes": []},
        "disposition": _section(study.disposition),
        "weighting": _section(study.calibrated.rows if study.calibrated else ()),
        "margins": _section(study.calibrated.margins if study.calibrated else ()),
        "contacts": _section(study.cases.contacts if study.cases else ()),
        "response": _section(study.cases.response if study.cases else ()),
        "nonresponse": _section(study.adjusted.rows if study.adjusted else ()),
        "quality": _section(study.quality),
        "items": _section(measurement.items, measurement.item_notes, study.questionnaire),
        "distributions": _section(measurement.distributions),
        "reliability": _section(measurement.reliability, measurement.reliability_notes, study.questionnaire),
        "validity": _section(
            (*validity.validity, *explored.validity),
            (*validity.validity_notes, *explored.validity_notes),
            study.questionnaire,
        ),
        "loadings": _with_deep(
            "loadings",
            deep,
            study,
            (*validity.loadings, *explored.loadings),
            (*validity.loading_notes, *explored.loading_notes),
        ),
        "communalities": _section(explored.communalities),
        "scree": _section(explored.scree),
        "invariance": _section(validity.invariance, validity.invariance_notes, study.questionnaire),
        "dif": _section(validity.dif, validity.dif_notes, study.questionnaire),
        "lint": _section(validity.lint, validity.lint_notes, study.questionnaire),
        "scores": _section(measurement.scores, measurement.score_notes, study.questionnaire),
        "comparisons": _section(measurement.comparisons, measurement.comparison_notes, study.questionnaire),
        "ranks": _section((*measurement.ranks, *adjusted.ranks), measurement.rank_notes, study.questionnaire),
        "tree": _section(trees.rows, trees.notes, study.questionnaire, trees.labels),
        "adjusted": _section(adjusted.adjusted, adjusted.notes, study.questionnaire),
        "case_mix": _section(adjusted.coefficients),
        "case_mix_checks": _section(adjusted.checks),
        "waves": _section(waves.rows, waves.notes, study.questionnaire),
        "wave_changes": _section(waves.changes),
        "answers": _section(answered.rows, answered.notes, study.questionnaire),
        "verbatims": _section(said.themes, said.notes, study.questionnaire, said.labels),
        "words": _section(said.words),
        "quotes": _section(said.quotes),
        "drivers": _with_deep("drivers", deep, study, drivers.drivers, drivers.notes),
        "regression": _with_deep("regression", deep, study, drivers.regression),
        "fit": _with_deep("fit", deep, study, drivers.fit),
        "priorities": _section(drivers.priorities),
    } | {name: _with_deep(name, deep, study) for name in DEEP_SECTIONS}
    plain = {key: plain_value(value) for key, value in document.items()}
    return plain | {"disclosure": {"rows": disclosure_rows(plain), "notes": []}}


def plain_value(value: Any) -> Any:
    """Turn a value into what JSON knows; NaN and infinity become None.

    Parameters
    ----------
    value
        Numbers (numpy's too), text, None, mappings and sequences of such.

    Examples
    --------
    >>> plain_value({"a": (np.float64(0.5), float("nan")), "b": np.int64(3)})
    {'a': [0.5, None], 'b': 3}
    """
    if isinstance(value, dict):
        return {str(key): plain_value(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain_value(part) for part in value]
    if isinstance(value, np.generic):
        return plain_value(value.item())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def note_row(
    note: Note, questionnaire: Questionnaire, more: Mapping[str, Mapping[str, str]] | None = None
) -> dict[str, str]:
    """Return a note with its sentence in every language; constructs are called by their labels there."""
    texts = {tag: with_labels(note, questionnaire, tag, more).text(tag) for tag in NOTE_LANGUAGES}
    return {"code": note.code, "about": note.about, **texts}


def _section(
    rows: Iterable[Any],
    notes: Iterable[Note] = (),
    questionnaire: Questionnaire | None = None,
    more: Mapping[str, Mapping[str, str]] | None = None,
) -> dict[str, Any]:
    told = [note_row(note, questionnaire, more) for note in notes] if questionnaire else []
    return {"rows": [{field.name: getattr(row, field.name) for field in fields(row)} for row in rows], "notes": told}


def _with_deep(
    name: str, deep: DeepDrivers, study: Study, rows: Iterable[Any] = (), notes: Iterable[Note] = ()
) -> dict[str, Any]:
    """Return a section with what the deeper analysis adds to it."""
    more = deep[name]
    labels = study.plan.paths.labels
    return _section((*rows, *more.rows), (*notes, *more.notes), study.questionnaire, labels)


def _study_part(study: Study) -> dict[str, Any]:
    questionnaire, plan = study.questionnaire, study.plan
    total, squares = float(study.weights.sum()), float((study.weights**2).sum())
    n_eff = total**2 / squares if squares > 0 else math.nan
    return {
        "id": questionnaire.id,
        "version": questionnaire.version,
        "title": text_map(questionnaire.title),
        "languages": list(questionnaire.languages),
        "source": study.responses.source,
        "rows_read": study.responses.n_read,
        "n_read": study.disposition[0].n,
        "n": study.n,
        "weighted": study.weighted,
        "simulated": study.simulated,
        "n_eff": n_eff,
        "deff": study.n / n_eff if n_eff else math.nan,
        "design": _declared(study),
        "replication": _replication(study),
        "index_construct": index_construct(study),
        "disclosure": dict(plan.disclosure),
        "sampling": plan.sampling,
        "dates": list(answer_dates(study.responses)),
        "weighting_steps": _weighting_steps(study),
        "policy": describe_policy(plan.policy) | {"unions": group_unions(study)} if plan.policy else {},
        "model": dict(plan.model or questionnaire.model),
        "higher_order": _higher_order(study),
        "trees": [
            {"id": t.id, "label": t.label, "kind": t.kind, "missing": t.missing, "weights_from": t.weights_from}
            for t in plan.trees
        ],
        "groups": list(plan.groups),
        "controls": list(plan.controls),
        "missing_rule": plan.missing.items,
        "min_answered": plan.missing.min_answered,
        "adjust": plan.comparisons.adjust if plan.comparisons else "",
        "notes": [note_row(note, questionnaire) for note in (*study.responses.notes, *study.notes)],
    }


def _waves(waves: Waves) -> list[dict[str, Any]]:
    """Return the waves of a tracking study, oldest first."""
    return [{"wave": record.wave, "n": record.n, "mode": record.mode} for record in waves.records]


def _higher_order(study: Study) -> list[dict[str, Any]]:
    """Return the constructs that the path model makes of others, as reports name them."""
    paths = study.plan.paths
    return [
        {"id": name, "role": role_of(study, name), "label": paths.labels.get(name, {}), "of": list(parts)}
        for name, parts in paths.higher_order.items()
    ]


def _weighting_steps(study: Study) -> list[str]:
    """Return how the weights came about, step by step."""
    drawn = study.adjusted is not None and study.cases is not None and study.cases.weights is not None
    steps = {
        "base": study.plan.design.weight is not None or drawn,
        "nonresponse": study.adjusted is not None,
        "calibration": study.calibrated is not None,
    }
    return [name for name, done in steps.items() if done]


def _declared(study: Study) -> list[str]:
    """Return which parts of a sampling design the study declares, so that the report can say what intervals rest on."""
    parts = {
        "frequency": study.plan.design.frequency is not None,
        "weight": study.weighted,
        "strata": study.strata is not None,
        "cluster": study.cluster is not None and (study.replicates is None or study.plan.design.cluster is not None),
        "population": study.plan.design.population is not None,
        "replicates": study.replicates is not None,
    }
    return [name for name, declared in parts.items() if declared]


def _replication(study: Study) -> dict[str, Any]:
    """Return what standard errors of scores rest on, and how many replicates there are of it.

    `direct`: given replicate weights, taken as they are for figures that are no scores; `combined`: random combinations
    of them.
    """
    plan, given = study.plan.uncertainty, study.replicates
    if given is not None and study.plan.design.replicates is not None:
        method = "direct" if given.balanced else "combined"
        return {"method": method, "type": study.plan.design.replicates.type, "replicates": len(given.factor)}
    number = {"bootstrap": plan.replicates, "groups": plan.groups, "jackknife": None}[plan.method]
    return {"method": plan.method, "type": "", "replicates": number}


def _sample_rows(study: Study) -> list[dict[str, Any]]:
    """Return who answered: every option of every choice and multiple question, as a part of those who answered it."""
    rows = []
    for question in study.questionnaire.questions.values():
        if question.type in ("choice", "multiple"):
            rows += _question_rows(study, question)
    return rows


def _question_rows(study: Study, question: Question) -> list[dict[str, Any]]:
    answers = study.frame[question.id]
    answered = np.asarray(answers.notna(), dtype=bool)
    base, weighted_base = int(answered.sum()), float(study.weights[answered].sum())
    rows = []
    for option in question.options:
        if question.type == "choice":
            chosen = np.asarray(answers == option.code, dtype=bool)
        else:
            chosen = np.array([isinstance(a, tuple) and option.code in a for a in answers], dtype=bool)
        n = int(chosen.sum())
        rows.append(
            {
                "question": question.id,
                "option": option.code,
                "n": n,
                "share": n / base if base else None,
                "weighted_share": float(study.weights[chosen].sum()) / weighted_base if weighted_base > 0 else None,
            }
        )
    return rows
