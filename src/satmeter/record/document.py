"""Results → the document behind results.json."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

import numpy as np

from satmeter.drivers import DeepDrivers, DriverResult
from satmeter.errors import Note
from satmeter.measurement import Dimensionality, Measurement, Validity
from satmeter.measurement.answer_rows import AnswerFigures
from satmeter.measurement.case_mix_rows import CaseMixResult
from satmeter.measurement.tree_rows import Trees
from satmeter.measurement.wave_rows import Waves
from satmeter.questionnaire.model import Questionnaire
from satmeter.record.disclosure import disclosure_rows
from satmeter.record.provenance import Provenance
from satmeter.record.questions import question_rows, sample_rows
from satmeter.record.study_part import study_part
from satmeter.record.wording import note_row, questionnaire_part
from satmeter.study.model import Study

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
        "study": study_part(study) | {"waves": _waves(waves)},
        "questionnaire": questionnaire_part(study.questionnaire),
        "sample": {"rows": sample_rows(study), "notes": []},
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


def _waves(waves: Waves) -> list[dict[str, Any]]:
    """Return the waves of a tracking study, oldest first."""
    return [{"wave": record.wave, "n": record.n, "mode": record.mode} for record in waves.records]
