"""Effects that depend on something: products of driver and moderator, and segments of customers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.drivers.regression import Regression
from satmeter.drivers.section import DeepInput, Section, design_of
from satmeter.errors import Note, NumericsError
from satmeter.measurement.plain import plain
from satmeter.numerics.moderation_fit import fit_moderation
from satmeter.numerics.segment_effects import SegmentEffects, segment_effects

FloatArray = npt.NDArray[np.float64]

PLACES = ("low", "mean", "high")
LEAST_SEGMENT = 50
"""Respondents that a segment needs for effects of its own."""


@dataclass(frozen=True, slots=True)
class ModerationRow:
    """The effect of a driver at one value of a moderator (`at`: `low` and `high` one standard deviation from the mean).

    `at` `product` is the test: by how much the effect grows per point of the moderator; `from` and `to` are the ends of
    the region (Johnson and Neyman) outside or between which (`at` `outside`, `between`) the effect differs from zero.
    """

    outcome: str
    driver: str
    moderator: str
    at: str
    value: float | None  # of the moderator; for a region its upper end
    estimate: float | None  # for a region its lower end
    std_error: float | None
    conf_low: float | None
    conf_high: float | None
    p_value: float | None
    n: int


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """The effect of a driver in one segment, points of outcome per point; `group` empty: the test that all are equal.

    `p_adjusted` after Holm over the drivers of one outcome and question.
    """

    outcome: str
    driver: str
    group_by: str
    group: str
    estimate: float | None
    std_error: float | None
    conf_low: float | None
    conf_high: float | None
    df: float | None
    p_value: float | None
    p_adjusted: float | None
    n: int


def moderation_sections(given: DeepInput) -> dict[str, Section]:
    """Return the sections `moderation` and `segments`.

    Parameters
    ----------
    given
        Study, replicates and regressions; `drivers.moderations` and `drivers.segments` (default `groups`) of the plan.

    Returns
    -------
    dict
        The other drivers and the controls are in the regressions. HC3 in a simple random sample, the design's errors in
        any other; where the design leaves no degrees of freedom, a note and no rows.
    """
    notes: list[Note] = []
    products: list[ModerationRow] = []
    segments: list[SegmentRow] = []
    told: list[Note] = []
    plan = given.study.plan
    for found in given.regressions:
        for pair in plan.drivers.moderations.get(found.outcome, ()):
            products += _product(given, found, pair, notes)
        for question in plan.drivers.segments or plan.groups:
            segments += _segments(given, found, question, told)
    return {"moderation": Section(tuple(products), tuple(notes)), "segments": Section(tuple(segments), tuple(told))}


def _product(given: DeepInput, found: Regression, pair: tuple[str, str], notes: list[Note]) -> Iterator[ModerationRow]:
    columns = [found.columns_of(name) for name in pair]
    if any(len(own) != 1 for own in columns):
        notes.append(Note("D185", found.outcome, {"first": pair[0], "second": pair[1]}))
        return
    first, second = (own[0] for own in columns)
    use = found.complete & (given.study.weights > 0)
    rows = found.table[use]
    others = [c for c in range(1, rows.shape[1]) if c not in (first, second)]
    weights, strata, cluster = design_of(given.study, use)
    level = given.study.plan.uncertainty.conf_level
    try:
        fit = fit_moderation(
            rows[:, 0],
            rows[:, first],
            rows[:, second],
            rows[:, others] if others else None,
            weights=weights,
            strata=strata,
            cluster=cluster,
            conf_level=level,
        )
    except NumericsError as error:
        notes.append(Note("D186", found.outcome, {"first": pair[0], "second": pair[1], "code": error.problems[0].code}))
        return
    if fit.df < 1:
        notes.append(Note("D211", found.outcome, {"first": pair[0], "second": pair[1], "k": len(fit.b) - 1}))
        return

    def row(at: str, value: float, *figures: float) -> ModerationRow:
        estimate, error, low, high, p_value = (plain(f) for f in figures)
        return ModerationRow(found.outcome, *pair, at, plain(value), estimate, error, low, high, p_value, len(rows))

    yield row("product", np.nan, fit.interaction, fit.std_error, fit.conf_low, fit.conf_high, fit.p_value)
    slopes = fit.slopes
    for j, at in enumerate(PLACES):
        figures = (slopes.slope, slopes.std_error, slopes.conf_low, slopes.conf_high, slopes.p_value)
        yield row(at, float(slopes.at[j]), *(float(f[j]) for f in figures))
    yield row(fit.region.where, fit.region.high, fit.region.low, np.nan, np.nan, np.nan, np.nan)


def _segments(given: DeepInput, found: Regression, question: str, notes: list[Note]) -> Iterator[SegmentRow]:
    study = given.study
    if question in {p.name for p in found.predictors}:
        notes.append(Note("D187", found.outcome, {"question": question}))
        return
    answers = np.asarray(study.frame[question], dtype=object)
    use = found.complete & (study.weights > 0)
    codes = [
        o.code
        for o in study.questionnaire.questions[question].options
        if (use & (answers == o.code)).sum() >= LEAST_SEGMENT
    ]
    left = [o.code for o in study.questionnaire.questions[question].options if o.code not in codes]
    if len(codes) < 2:
        notes.append(Note("D188", found.outcome, {"question": question, "needed": LEAST_SEGMENT}))
        return
    if left:
        params: dict[str, str | int] = {"question": question, "groups": ", ".join(left), "needed": LEAST_SEGMENT}
        notes.append(Note("D189", found.outcome, params))
    place = {code: j for j, code in enumerate(codes)}
    use &= np.isin(answers.astype(str), codes) & np.array([a is not None for a in answers])
    segment = np.array([place.get(a, -1) for a in answers[use]], dtype=np.int64)
    drivers = [p for p in found.predictors if not p.control and p.kind != "choice"]
    columns = [found.columns_of(p.name)[0] for p in drivers]
    controls = [c for c in range(1, found.table.shape[1]) if c not in columns]
    weights, strata, cluster = design_of(given.study, use)
    try:
        fit = segment_effects(
            found.table[use][:, columns],
            found.table[use, 0],
            segment,
            found.table[use][:, controls] if controls else None,
            weights=weights,
            strata=strata,
            cluster=cluster,
            conf_level=study.plan.uncertainty.conf_level,
        )
    except NumericsError as error:
        notes.append(Note("D190", found.outcome, {"question": question, "code": error.problems[0].code}))
        return
    if fit.df < 1:
        notes.append(
            Note(
                "D210", found.outcome, {"question": question, "k": len(codes) * (1 + len(columns)) - 1 + len(controls)}
            )
        )
        return
    yield from _segment_rows(found.outcome, question, codes, [p.name for p in drivers], fit)


def _segment_rows(
    outcome: str, question: str, codes: list[str], drivers: list[str], fit: SegmentEffects
) -> Iterator[SegmentRow]:
    total = int(fit.n.sum())
    for k, driver in enumerate(drivers):
        test = fit.tests[k]
        yield SegmentRow(
            outcome,
            driver,
            question,
            "",
            plain(test.f),
            None,
            None,
            None,
            plain(test.df1),
            plain(test.p_value),
            plain(fit.p_holm[k]),
            total,
        )
        for g, code in enumerate(codes):
            figures = (fit.b[g, k], fit.std_error[g, k], fit.conf_low[g, k], fit.conf_high[g, k])
            estimate, error, low, high = (plain(f) for f in figures)
            df, n = plain(fit.df), int(fit.n[g])
            yield SegmentRow(outcome, driver, question, code, estimate, error, low, high, df, None, None, n)
