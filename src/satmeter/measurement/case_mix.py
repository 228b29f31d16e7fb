"""Scores of units adjusted for who their respondents are, with the coefficients and their checks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from satmeter.errors import Note
from satmeter.measurement.adjusters import Adjuster, adjusters_of, unit_filled
from satmeter.measurement.base_rule import LOW_BASE, base_notes
from satmeter.measurement.case_mix_rows import AdjustedRow, CaseMixCheckRow, CaseMixResult, CoefficientRow
from satmeter.measurement.comparison_rows import RankRow
from satmeter.measurement.degrees import design_df
from satmeter.measurement.plain import plain
from satmeter.measurement.ranking import RankedUnits, league_table
from satmeter.measurement.scores import group_masks, index_construct
from satmeter.moments import Resampling, cross_products
from satmeter.numerics.case_mix import AdjustedUnits, adjust_units, unit_moments
from satmeter.numerics.intervals import t_interval
from satmeter.numerics.multiplicity import holm
from satmeter.numerics.tails import t_tail
from satmeter.numerics.unit_interactions import unit_interactions
from satmeter.study.model import Study

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class _Data:
    """One measure and one grouping: who enters, in which unit, with which adjusters."""

    measure: str
    group_by: str
    units: tuple[str, ...]
    masks: tuple[BoolArray, ...]
    used: BoolArray
    score: FloatArray  # (n,), 0 where not used
    adjusters: tuple[Adjuster, ...]
    alike: tuple[str, ...]  # questions that all of them answered alike

    @property
    def terms(self) -> tuple[str, ...]:
        return tuple(term for adjuster in self.adjusters for term in adjuster.terms)


@dataclass(slots=True)
class _Sheet:
    adjusted: list[AdjustedRow] = field(default_factory=list)
    coefficients: list[CoefficientRow] = field(default_factory=list)
    checks: list[CaseMixCheckRow] = field(default_factory=list)
    ranks: list[RankRow] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def note(self, note: Note) -> None:
        if note not in self.notes:
            self.notes.append(note)


def adjust_for_case_mix(study: Study, resampling: Resampling) -> CaseMixResult:
    """Adjust the scores of the plan's units for the plan's adjusters.

    Parameters
    ----------
    study, resampling
        The study and its replicates. Weights are probability weights.

    Returns
    -------
    CaseMixResult
        Raw and adjusted scores side by side, the coefficients, tests that they are the same in all units, and ranks of
        the adjusted scores where ``ranks`` asks for the raw ones. Nothing without ``case_mix`` in the plan.

    Notes
    -----
    See `numerics.case_mix.adjust_units`. Every replicate is adjusted anew, with coefficients and means of its own, so
    that intervals know that the coefficients are estimates. An unanswered adjuster is taken to be the mean of the
    respondent's unit, as in the CAHPS programme. Degrees of freedom of a score are those of the unit's raw score; of a
    coefficient, those of the design less units − 1 less coefficients.
    """
    wanted = study.plan.case_mix
    if wanted is None:
        return CaseMixResult()
    index = index_construct(study)
    resampling = resampling.for_scores
    sheet = _Sheet()
    for group_by in wanted.units:
        for measure in wanted.measures or ((index,) if index else ()):
            data = _data(study, group_by, measure, wanted.adjusters)
            if len(data.units) < 2 or not data.terms:
                sheet.note(_not_adjusted(data, len(data.terms)))
            else:
                _adjust(study, resampling, data, sheet)
    return CaseMixResult(
        tuple(sheet.adjusted),
        tuple(sheet.coefficients),
        tuple(sheet.checks),
        tuple(sheet.notes),
        tuple(sheet.ranks),
    )


def _data(study: Study, group_by: str, measure: str, names: Sequence[str]) -> _Data:
    scores = np.asarray(study.construct_scores[measure], dtype=np.float64)
    scored = np.isfinite(scores) & (study.weights > 0)
    groups = [(name, mask & scored) for name, mask in group_masks(study, group_by) if (mask & scored).any()]
    used = np.any([mask for _, mask in groups], axis=0) if groups else np.zeros(study.n, dtype=np.bool_)
    asked = adjusters_of(study, names, used)
    units, masks = tuple(name for name, _ in groups), tuple(mask for _, mask in groups)
    adjusters, alike = tuple(a for a in asked if a.terms), tuple(a.name for a in asked if not a.terms)
    return _Data(measure, group_by, units, masks, used, np.where(used, scores, 0.0), adjusters, alike)


def _adjust(study: Study, resampling: Resampling, data: _Data, sheet: _Sheet) -> None:
    centre = float(np.average(data.score[data.used], weights=study.weights[data.used]))
    gaps = [adjuster for adjuster in data.adjusters if not adjuster.answered[data.used].all()]
    columns = np.column_stack(
        [np.ones(study.n), data.score - centre]
        + [adjuster.columns for adjuster in data.adjusters]
        + [adjuster.answered for adjuster in gaps]
    )
    first = columns.shape[1] - len(gaps)
    answered = [first + gaps.index(a) if a in gaps else 0 for a in data.adjusters for _ in a.terms]
    found = adjust_units(
        [
            unit_moments(cross_products(resampling, index, columns[index]), answered)
            for index in (np.flatnonzero(mask) for mask in data.masks)
        ]
    )
    _tell(data, gaps, found, sheet)
    if not found.kept:
        return
    found = AdjustedUnits(found.raw + centre, found.adjusted + centre, found.b, found.kept)
    ranked = _score_rows(study, resampling, data, found, sheet)
    _coefficient_rows(study, resampling, data, found, sheet)
    _check_rows(study, resampling, data, found, sheet)
    _ranks(study, resampling, data, ranked, sheet)


def _tell(data: _Data, gaps: Sequence[Adjuster], found: AdjustedUnits, sheet: _Sheet) -> None:
    """Say what was filled in, what could not be adjusted for, and which units lack a category."""
    for adjuster in gaps:
        n = int((data.used & ~adjuster.answered).sum())
        sheet.note(Note("M246", adjuster.name, {"n": n}))
    gone = [*data.alike, *(term for j, term in enumerate(data.terms) if j not in found.kept)]
    if gone:
        sheet.note(Note("M245", data.group_by, {"terms": ", ".join(gone)}))
    if not found.kept:
        sheet.note(_not_adjusted(data, 0))
    for adjuster in data.adjusters:
        if not adjuster.reference:
            continue
        terms = (f"{adjuster.name}[{adjuster.reference}]", *adjuster.terms)
        counted = adjuster.columns[:, : len(adjuster.terms)]
        first = adjuster.answered & (counted.sum(axis=1) == 0)
        for term, column in zip(terms, (first, *(counted.T > 0)), strict=True):
            lacking = [u for u, mask in zip(data.units, data.masks, strict=True) if not (column & mask).any()]
            if lacking:
                units = ", ".join(f"{data.group_by}[{unit}]" for unit in lacking)
                sheet.note(Note("M258", data.group_by, {"terms": term, "groups": units}))


def _not_adjusted(data: _Data, terms: int) -> Note:
    return Note("M247", data.group_by, {"measure": data.measure, "n": len(data.units), "terms": terms})


def _score_rows(study: Study, resampling: Resampling, data: _Data, found: AdjustedUnits, sheet: _Sheet) -> RankedUnits:
    """Add raw and adjusted scores of all units; return the adjusted ones."""
    n = np.array([mask.sum() for mask in data.masks], dtype=np.int64)
    varied = np.array([np.ptp(data.score[mask]) > 0 for mask in data.masks])
    df = np.array([design_df(study, mask) if mask.sum() > 1 else np.nan for mask in data.masks])
    known = varied & (n > 1) & (df > 0)
    df = np.where(known, df, np.nan)
    level = study.plan.uncertainty.conf_level
    parts = {}
    for method, stack in (("raw", found.raw), ("adjusted", found.adjusted)):
        error = np.where(known, resampling.std_error(stack), np.nan)
        low, high = t_interval(stack[0], error, df, level)
        # the line of the regression may leave the scale; an interval does not leave it on its own
        low, high = np.maximum(low, np.minimum(stack[0], 0)), np.minimum(high, np.maximum(stack[0], 100))
        parts[method] = RankedUnits(data.units, stack[0], error, low, high, df, n, stack)
    shift = found.adjusted[0] - found.raw[0]
    for i, unit in enumerate(data.units):
        for method, part in parts.items():
            sheet.adjusted.append(
                AdjustedRow(
                    data.group_by,
                    unit,
                    data.measure,
                    "mean_score",
                    method,
                    plain(part.estimate[i]),
                    plain(part.std_error[i]),
                    plain(part.conf_low[i]),
                    plain(part.conf_high[i]),
                    plain(df[i]),
                    int(n[i]),
                    plain(shift[i]) if method == "adjusted" else None,
                )
            )
    return parts["adjusted"]


def _coefficient_rows(study: Study, resampling: Resampling, data: _Data, found: AdjustedUnits, sheet: _Sheet) -> None:
    df = design_df(study, data.used) - (len(data.units) - 1) - len(found.kept)
    error = resampling.std_error(found.b) if df > 0 else np.full(len(data.terms), np.nan)
    error = np.where(error > 0, error, np.nan)
    low, high = t_interval(found.b[0], error, df, study.plan.uncertainty.conf_level)
    p = t_tail(found.b[0] / error, df)
    owners = [adjuster for adjuster in data.adjusters for _ in adjuster.terms]
    for j in found.kept:
        sheet.coefficients.append(
            CoefficientRow(
                data.group_by,
                data.measure,
                owners[j].name,
                data.terms[j],
                plain(found.b[0, j]),
                plain(error[j]),
                plain(low[j]),
                plain(high[j]),
                plain(df) if df > 0 else None,
                plain(p[j]),
                int((data.used & owners[j].answered).sum()),
            )
        )


def _check_rows(study: Study, resampling: Resampling, data: _Data, found: AdjustedUnits, sheet: _Sheet) -> None:
    """Test every adjuster's effect for being the same in all units; fitted as adjusted, with the means filled in."""
    given = None
    if study.replicates is not None and resampling.coefficient is not None:
        factor, units = resampling.multipliers()[1:], resampling.units
        given = replace(study.replicates, unit=units, factor=factor, coefficient=resampling.coefficient)
    unit = np.zeros(study.n, dtype=np.int64)
    for number, mask in enumerate(data.masks):
        unit[mask] = number
    weights = np.where(data.used, study.weights, 0.0)
    filled = np.column_stack([unit_filled(a.columns, a.answered, unit, weights) for a in data.adjusters])
    kept = list(found.kept)
    owners = [adjuster.name for adjuster in data.adjusters for _ in adjuster.terms]
    names = list(dict.fromkeys(owners[j] for j in kept))
    tests = [
        unit_interactions(
            filled[:, kept],
            data.score,
            unit,
            tuple(place for place, j in enumerate(kept) if owners[j] == name),
            weights=weights,
            strata=study.layers,
            cluster=study.cluster,
            replicates=given,
        )
        for name in names
    ]
    adjusted = holm([test.p_value for test in tests])
    for name, test, p in zip(names, tests, adjusted, strict=True):
        row = CaseMixCheckRow(
            data.group_by, data.measure, name, plain(test.f), test.df1, plain(test.df2), plain(test.p_value), plain(p)
        )
        sheet.checks.append(row)
    apart = [name for name, p in zip(names, adjusted, strict=True) if p < 1 - study.plan.uncertainty.conf_level]
    if apart:
        sheet.note(Note("M259", data.group_by, {"adjusters": ", ".join(apart), "measure": data.measure}))


def _ranks(study: Study, resampling: Resampling, data: _Data, units: RankedUnits, sheet: _Sheet) -> None:
    """Rank adjusted scores where raw ones are ranked, under the same rule of least respondents."""
    wanted = study.plan.ranks
    index = index_construct(study)
    if wanted is None or data.group_by not in wanted.units:
        return
    if data.measure not in (wanted.measures or (index,)):
        return
    groups = list(zip(data.units, data.masks, strict=True))
    told = base_notes(study, data.group_by, groups, code="M241")
    small = {note.about for note in told if note.code != LOW_BASE}
    kept = [
        i for i, unit in enumerate(data.units) if f"{data.group_by}[{unit}]" not in small and units.std_error[i] > 0
    ]
    if len(kept) > 1:
        about = (data.measure, "adjusted")
        sheet.ranks += league_table(study, resampling, data.group_by, about, units.only(kept))[0]
