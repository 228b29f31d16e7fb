"""What closing the gap to the best group would go along with, in points of the outcome."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.drivers.asymmetry import construct_drivers, turned_scores
from satmeter.drivers.regression import Regression
from satmeter.drivers.section import DeepInput, Section
from satmeter.errors import Note
from satmeter.measurement.plain import plain
from satmeter.moments import mean_stack
from satmeter.numerics.priority_plane import gap_gain

FloatArray = npt.NDArray[np.float64]

LEAST = 30
"""Respondents that a group needs to be the best one."""


@dataclass(frozen=True, slots=True)
class PotentialRow:
    """One driver: its mean, that of the group in which it is best, and the points of outcome that go with the gap."""

    outcome: str
    driver: str
    group_by: str
    best: str  # option code of the best group
    mean: float | None  # points, costs turned round
    best_mean: float | None
    gap: float | None
    estimate: float | None  # points of the outcome
    std_error: float | None
    conf_low: float | None
    conf_high: float | None
    n: int


def potential_sections(given: DeepInput) -> dict[str, Section]:
    """Return the section `potential`: for every question of `groups`, driver by driver.

    Parameters
    ----------
    given
        Study, replicates and regressions.

    Returns
    -------
    dict
        Drivers that are constructs. b of the regression times the distance to the best group with at least 30
        respondents, with a percentile interval of the replicates in which coefficient, mean and the best group's mean
        move together; the group stays the one of the sample. Costs are turned round.
    """
    rows: list[PotentialRow] = []
    notes: list[Note] = []
    for question in given.study.plan.groups:
        members = _members(given, question)
        if len(members) < 2:
            notes.append(Note("D138", question, {"needed": LEAST}))
            continue
        for found in given.regressions:
            if construct_drivers(found):
                rows += _rows(given, found, question, members)
    return {"potential": Section(tuple(rows), tuple(notes))}


def _members(given: DeepInput, question: str) -> dict[str, npt.NDArray[np.bool_]]:
    """Return who belongs to the groups that are large enough."""
    answers = np.asarray(given.study.groups[question], dtype=object)
    codes = [option.code for option in given.study.questionnaire.questions[question].options]
    found = {code: np.asarray(answers == code, dtype=np.bool_) for code in codes}
    return {code: member for code, member in found.items() if member.sum() >= LEAST}


def _rows(
    given: DeepInput, found: Regression, question: str, members: Mapping[str, npt.NDArray[np.bool_]]
) -> list[PotentialRow]:
    names = construct_drivers(found)
    scores = turned_scores(given, found, names)
    whole = mean_stack(given.resampling, scores)
    by_group = np.stack([mean_stack(given.resampling, scores, rows=member) for member in members.values()])
    codes = tuple(members)
    usable = np.where(np.isnan(by_group[:, 0]), -np.inf, by_group[:, 0])
    best = usable.argmax(axis=0)
    highest = np.stack([by_group[group, :, j] for j, group in enumerate(best)], axis=1)
    columns = [found.columns_of(name)[0] - 1 for name in names]
    constructs = given.study.questionnaire.constructs
    sign = np.array([-1.0 if constructs[name].role == "cost" else 1.0 for name in names])
    b = found.fit.b[:, columns] * sign
    size = min(len(b), len(whole))
    gain = gap_gain(
        b[0],
        b[1:size],
        whole[0],
        highest[0],
        mean_replicates=whole[1:size],
        best_replicates=highest[1:size],
        conf_level=given.study.plan.uncertainty.conf_level,
    )
    return [
        PotentialRow(
            outcome=found.outcome,
            driver=name,
            group_by=question,
            best=codes[best[j]],
            mean=plain(whole[0, j]),
            best_mean=plain(highest[0, j]),
            gap=plain(gain.gap[j]),
            estimate=plain(gain.estimate[j]),
            std_error=plain(gain.std_error[j]),
            conf_low=plain(gain.conf_low[j]),
            conf_high=plain(gain.conf_high[j]),
            n=found.n,
        )
        for j, name in enumerate(names)
    ]
