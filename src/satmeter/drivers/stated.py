"""Stated against derived importance: what respondents say matters, and what goes with the outcome."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.drivers.importance import basis_of, lmg_rows, lmg_stack
from satmeter.drivers.priorities import clear_of
from satmeter.drivers.regression import Regression
from satmeter.drivers.section import DeepInput, Section
from satmeter.errors import Note
from satmeter.measurement.estimates import estimate
from satmeter.measurement.plain import plain
from satmeter.measurement.quantity import Quantity
from satmeter.study.model import Study
from satmeter.study.scores import rescaled

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class StatedRow:
    """One driver: mean of the answers about its importance, and its LMG share.

    `stated` is in points 0–100 for an item, in its own unit for a number question. `kind`: `both` high, `stated` only,
    `derived` only, `neither`; high is at or above the mean of the rows. `certain` is False when an interval holds its
    line.
    """

    outcome: str
    driver: str
    question: str
    stated: float | None
    stated_low: float | None
    stated_high: float | None
    stated_rank: float
    derived: float | None
    derived_low: float | None
    derived_high: float | None
    derived_rank: float
    kind: str
    certain: bool
    n: int


def stated_sections(given: DeepInput) -> dict[str, Section]:
    """Return the section `stated`: drivers whose importance respondents were asked for.

    Parameters
    ----------
    given
        Study, replicates and regressions; `drivers.stated` of the plan names the questions.

    Returns
    -------
    dict
        Ranks are shared by ties. An outcome with fewer than two such drivers gives a note.
    """
    rows: list[StatedRow] = []
    notes: list[Note] = []
    if not given.study.plan.drivers.stated:
        return {}
    for found in given.regressions:
        own, note = _outcome_rows(given, found)
        rows += own
        notes += [note] if note else []
    return {"stated": Section(tuple(rows), tuple(notes))}


def _outcome_rows(given: DeepInput, found: Regression) -> tuple[list[StatedRow], Note | None]:
    study = given.study
    drivers = tuple(p.name for p in found.predictors if not p.control)
    asked = {name: q for name, q in study.plan.drivers.stated.items() if name in drivers and _answered(study, q)}
    if len(asked) < 2:
        return [], Note("D132", found.outcome)
    groups = tuple(found.columns_of(name) for name in drivers)
    controls = tuple(c for p in found.predictors if p.control for c in found.columns_of(p.name))
    basis = basis_of(study, found.complete, len(found.terms))
    values = lmg_stack(found.moments.covariance, 0, groups, controls)
    derived = {row.driver: row for row in lmg_rows(values, found.outcome, drivers, basis)}
    answers = np.column_stack([_answers(study, question) for question in asked.values()])
    means = [Quantity((j,), "mean", -np.inf, np.inf) for j in range(len(asked))]
    stated = estimate(study, given.resampling, answers, means)
    shares = np.array([derived[name].share for name in asked], dtype=np.float64)
    lines = float(stated.estimate.mean()), float(shares.mean())
    ranks = _ranks(stated.estimate), _ranks(shares)
    rows = []
    for j, (name, question) in enumerate(asked.items()):
        row = derived[name]
        said, low, high = (plain(a[j]) for a in (stated.estimate, stated.conf_low, stated.conf_high))
        rows.append(
            StatedRow(
                outcome=found.outcome,
                driver=name,
                question=question,
                stated=said,
                stated_low=low,
                stated_high=high,
                stated_rank=float(ranks[0][j]),
                derived=row.share,
                derived_low=row.share_low,
                derived_high=row.share_high,
                derived_rank=float(ranks[1][j]),
                kind=_kind(stated.estimate[j] >= lines[0], shares[j] >= lines[1]),
                certain=clear_of(low, high, lines[0]) and clear_of(row.share_low, row.share_high, lines[1]),
                n=int(stated.n[j]),
            )
        )
    return rows, None


def _answered(study: Study, question: str) -> bool:
    return bool(study.frame[question].notna().any())


def _answers(study: Study, question: str) -> FloatArray:
    codes = np.asarray(study.frame[question], dtype=np.float64)
    return rescaled(codes, study.questionnaire, question) if question in study.questionnaire.items else codes


def _ranks(values: FloatArray) -> FloatArray:
    """Return ranks from 1 for the largest; ties share their mean."""
    greater = (values[:, None] < values[None, :]).sum(axis=1)
    equal = (values[:, None] == values[None, :]).sum(axis=1)
    return np.asarray(greater + (equal + 1) / 2, dtype=np.float64)


def _kind(said: bool, found: bool) -> str:
    if said:
        return "both" if found else "stated"
    return "derived" if found else "neither"
