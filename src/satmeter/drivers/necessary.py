"""Necessary conditions: below which score of a driver a high outcome does not occur."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from satmeter.drivers.asymmetry import construct_drivers, turned_scores
from satmeter.drivers.section import DeepInput, Section
from satmeter.errors import Note
from satmeter.measurement.plain import plain
from satmeter.numerics.necessity import bottleneck, necessity

PERMUTATIONS = 1000
LEAST = 50
"""Respondents below which an empty corner says nothing."""

LEVELS = (50.0, 60.0, 70.0, 80.0, 90.0, 100.0)
"""Levels of the outcome, in points, for which the level of the driver is given that it does not occur below."""


@dataclass(frozen=True, slots=True)
class NecessityRow:
    """One driver as a condition of one outcome: part of the scope that is empty above the ceiling, 0–1.

    `ceiling`: `ce_fdh` (steps) or `cr_fdh` (straight line). `accuracy` is the share of respondents on or below it.
    """

    outcome: str
    driver: str
    ceiling: str
    estimate: float | None
    p_value: float | None
    accuracy: float | None
    n: int


@dataclass(frozen=True, slots=True)
class BottleneckRow:
    """The score of the driver below which the outcome does not reach `level`.

    `needed` is None where every score of the driver reaches it, and where nobody does, which `attained` tells apart.
    """

    outcome: str
    driver: str
    level: float
    needed: float | None
    attained: bool
    n: int


def necessity_sections(given: DeepInput) -> dict[str, Section]:
    """Return the sections `necessity` and `bottlenecks`.

    Parameters
    ----------
    given
        Study, replicates and regressions.

    Returns
    -------
    dict
        Drivers that are constructs, costs turned round. The scope runs from the lowest to the highest score that
        occurs. Weights and design play no part: a ceiling is drawn by single respondents, so that there is no interval;
        the permutation test asks whether the empty corner could be chance.
    """
    rows: list[NecessityRow] = []
    levels: list[BottleneckRow] = []
    notes: list[Note] = []
    rng = np.random.default_rng(given.study.plan.uncertainty.seed)
    for found in given.regressions:
        names = construct_drivers(found)
        if found.n < LEAST:
            notes.append(Note("D136", found.outcome, {"n": found.n, "needed": LEAST}))
            continue
        scores = turned_scores(given, found, names)[found.complete]
        outcome = found.table[found.complete, 0]
        for j, name in enumerate(names):
            result = necessity(scores[:, j], outcome, permutations=PERMUTATIONS, rng=rng)
            values = (
                ("ce_fdh", result.effect_ce, result.p_ce, 1.0),
                ("cr_fdh", result.effect_cr, result.p_cr, result.accuracy_cr),
            )
            rows += [
                NecessityRow(found.outcome, name, line, plain(d), plain(p), plain(accuracy), found.n)
                for line, d, p, accuracy in values
            ]
            needed = bottleneck(result, LEVELS)
            levels += [
                BottleneckRow(found.outcome, name, level, plain(value), bool(value != np.inf), found.n)
                for level, value in zip(LEVELS, needed, strict=True)
            ]
    told = tuple(notes) if not rows else (Note("D137"), *notes)
    return {"necessity": Section(tuple(rows), told), "bottlenecks": Section(tuple(levels))}
