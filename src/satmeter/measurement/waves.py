"""Every figure of every wave, with its change since the wave before and since the baseline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from satmeter.errors import Note, Problem, StudyError
from satmeter.measurement.base_rule import LEAST, least_tested
from satmeter.measurement.comparisons import COMPARED
from satmeter.measurement.differences import judged
from satmeter.measurement.plain import plain
from satmeter.measurement.respondent_match import RespondentMatch, match_respondents
from satmeter.measurement.wave_breaks import Breaks, answered_items, find_breaks
from satmeter.measurement.wave_pairs import (
    Change,
    Key,
    WaveCell,
    WaveStudy,
    independent_change,
    paired_change,
    wave_cell,
)
from satmeter.measurement.wave_rows import WaveRecord, WaveRole, WaveRow, Waves
from satmeter.questionnaire.model import Questionnaire
from satmeter.study.model import Study
from satmeter.study.plan import Adjustment, Plan
from satmeter.study.wave_plan import WavePlan

BoolArray = npt.NDArray[np.bool_]

ITEMS = "mean_rating"
"""Statistic that is followed overall and not by group."""


@dataclass(frozen=True, eq=False)
class _Pair:
    """A wave and an earlier one that it is held against."""

    later: WaveStudy
    earlier: WaveStudy
    role: WaveRole
    breaks: Breaks
    match: RespondentMatch | None


def follow_waves(waves: Sequence[WaveStudy]) -> Waves:
    """Follow all figures over the waves.

    Parameters
    ----------
    waves
        Oldest first; the last is the study itself, whose plan says what is compared and how. Its figures and groups are
        followed back as far as the earlier waves have them.

    Returns
    -------
    Waves
        Of every wave: overall (item ratings too), then every group; with a row for the wave before and one for the
        baseline, if that is another one.

    Raises
    ------
    StudyError
        S048 when two waves that are compared share no item with answers; S066 when fewer than ten members of a panel
        are found in both.

    Notes
    -----
    P-values are adjusted over the groups of one measure, statistic, grouping and pair of waves, as in comparisons
    (Holm's where the plan does not say). A series that is broken between two waves is not tested.
    """
    study = waves[-1].study
    plan = study.plan.waves or WavePlan()
    order = tuple(wave.label for wave in waves)
    pairs = {wave.label: _pairs(number, waves, plan, order) for number, wave in enumerate(waves)}
    cells = _cells(waves)
    rows: list[WaveRow] = []
    for wave in waves:
        for group_by in ("", *study.plan.groups):
            block = {group: cell for (label, by, group), cell in cells.items() if (label, by) == (wave.label, group_by)}
            if not pairs[wave.label]:
                rows += [row for group, cell in block.items() for row in _first_rows(cell, group_by, group)]
            for pair in pairs[wave.label]:
                rows += _compared(pair, block, cells, group_by, study.plan)
    several = [pair for wave in waves for pair in pairs[wave.label]]
    changes = tuple(row for pair in several for row in pair.breaks.changes)
    records = tuple(_record(wave, plan) for wave in waves)
    return Waves(records, tuple(rows), changes, tuple(_notes(several, rows, study)))


def _record(wave: WaveStudy, plan: WavePlan) -> WaveRecord:
    study = wave.study
    return WaveRecord(
        wave=wave.label,
        n=study.n,
        mode=plan.mode.get(wave.label, ""),
        source=study.responses.source,
        questionnaire_digest=study.questionnaire.digest,
        data_digest=study.responses.digest,
        plan_digest=study.plan.digest,
    )


def _pairs(number: int, waves: Sequence[WaveStudy], plan: WavePlan, order: tuple[str, ...]) -> list[_Pair]:
    if not number:
        return []
    roles: dict[int, WaveRole] = {number - 1: "previous"}
    if plan.baseline in order[:number]:
        roles.setdefault(order.index(plan.baseline), "baseline")
    found = []
    for place, role in roles.items():
        later, earlier = waves[number], waves[place]
        if not answered_items(later.study) & answered_items(earlier.study):
            raise _problem("S048", later, earlier, waves[-1].study.plan)
        match = match_respondents(later.study, earlier.study)
        if plan.panel and match.n < LEAST:
            raise _problem("S066", later, earlier, waves[-1].study.plan, n=match.n, least=LEAST)
        breaks = find_breaks(later.study, earlier.study, later.label, earlier.label, plan, order)
        found.append(_Pair(later, earlier, role, breaks, match))
    return found


def _problem(code: str, later: WaveStudy, earlier: WaveStudy, plan: Plan, **params: int) -> StudyError:
    line = plan.waves.line if plan.waves else 0
    told: dict[str, str | int] = {"wave": later.label, "against": earlier.label, **params}
    return StudyError(Problem(code, plan.file, line, ("key", "waves"), params=told))


def _cells(waves: Sequence[WaveStudy]) -> dict[tuple[str, str, str], WaveCell]:
    """Estimate every figure that is followed, by wave, grouping question and group."""
    newest = waves[-1]
    wanted = [key for key in newest.measures if key[1] in COMPARED]
    items = [key for key in newest.measures if key[1] == ITEMS]
    cells = {}
    for wave in waves:
        for group_by in ("", *newest.study.plan.groups):
            keys = tuple(key for key in (wanted if group_by else wanted + items) if key in wave.measures)
            known = newest.masks(group_by)
            for group, mask in wave.masks(group_by).items() if keys else ():
                if group in known:
                    cells[wave.label, group_by, group] = wave_cell(wave, mask, keys)
    return cells


def _first_rows(cell: WaveCell, group_by: str, group: str) -> Iterator[WaveRow]:
    for place, (measure, statistic) in enumerate(cell.keys):
        if cell.found.n[place]:
            yield _bare_row(cell, place, measure, statistic, group_by, group)


def _bare_row(cell: WaveCell, place: int, measure: str, statistic: str, group_by: str, group: str) -> WaveRow:
    found = cell.found
    return WaveRow(
        measure=measure,
        statistic=statistic,
        wave=cell.wave.label,
        against="",
        role="",
        group_by=group_by,
        group=group,
        estimate=plain(found.estimate[place]),
        std_error=plain(found.std_error[place]),
        conf_low=plain(found.conf_low[place]),
        conf_high=plain(found.conf_high[place]),
        n=int(found.n[place]),
    )


def _compared(
    pair: _Pair,
    block: dict[str, WaveCell],
    cells: dict[tuple[str, str, str], WaveCell],
    group_by: str,
    plan: Plan,
) -> list[WaveRow]:
    """Return the rows of all groups of one grouping, p-values adjusted over the groups."""
    rows: list[WaveRow] = []
    for group, cell in block.items():
        other = cells.get((pair.earlier.label, group_by, group))
        rows += _rows(pair, cell, other, group_by, group, plan)
    adjust: Adjustment = plan.comparisons.adjust if plan.comparisons else "holm"
    families: dict[Key, list[int]] = {}
    for place, row in enumerate(rows):
        if row.against and not row.broken:
            families.setdefault((row.measure, row.statistic), []).append(place)
    for places in families.values():
        p, changes = ([getattr(rows[place], key) for place in places] for key in ("p_value", "change"))
        for place, (value, verdict) in zip(
            places, judged(p, changes, adjust, plan.uncertainty.conf_level), strict=True
        ):
            rows[place] = replace(rows[place], p_adjusted=value, verdict=verdict)
    return rows


def _rows(
    pair: _Pair, cell: WaveCell, other: WaveCell | None, group_by: str, group: str, plan: Plan
) -> Iterator[WaveRow]:
    """Return one row a figure; a figure that the earlier wave does not have begins a series here."""
    measures = pair.later.study.questionnaire
    shared = [key for key in cell.keys if key in pair.earlier.measures and _was_measured(pair.earlier, key)]
    broken = {key: pair.breaks.of(*key, group_by, group, _several(key[0], measures)) for key in shared}
    tested = [key for key in shared if not broken[key]]
    change = None if other is None or not tested else _change(pair, cell, other, tested, plan)
    for place, key in enumerate(cell.keys):
        if not cell.found.n[place]:
            continue
        row = _bare_row(cell, place, *key, group_by, group)
        if key not in shared:
            if pair.role == "previous":
                yield row
            continue
        before = 0 if other is None else int(other.found.n[other.keys.index(key)])
        panel = bool(plan.waves and plan.waves.panel)
        row = replace(row, against=pair.earlier.label, role=pair.role, n_other=before, paired=panel)
        if broken[key]:
            yield replace(row, broken=broken[key], verdict="break")
        else:
            yield row if change is None else _with_change(row, change, tested.index(key))


def _change(pair: _Pair, cell: WaveCell, other: WaveCell, keys: list[Key], plan: Plan) -> Change:
    level = plan.uncertainty.conf_level
    if plan.waves and plan.waves.panel and pair.match is not None:
        return paired_change(cell, pair.earlier, pair.match, keys, level)
    return independent_change(cell, other, keys, level)


def _with_change(row: WaveRow, change: Change, j: int) -> WaveRow:
    found = change.difference
    return replace(
        row,
        change=plain(found.estimate[j]),
        change_std_error=plain(found.std_error[j]),
        change_conf_low=plain(found.conf_low[j]),
        change_conf_high=plain(found.conf_high[j]),
        t=plain(found.t[j]),
        df=plain(found.df[j]),
        p_value=plain(found.p_value[j]),
        effect_size=plain(found.effect_size[j]),
        n_pairs=None if change.n_pairs is None else int(change.n_pairs[j]),
    )


def _several(measure: str, questionnaire: Questionnaire) -> bool:
    construct = questionnaire.constructs.get(measure)
    return construct is not None and len(construct.items) > 1


def _was_measured(wave: WaveStudy, key: Key) -> bool:
    columns = list(wave.measures[key].quantity.columns)
    return not np.isnan(wave.values[:, columns]).all()


def _notes(pairs: list[_Pair], rows: list[WaveRow], study: Study) -> Iterator[Note]:
    panel = study.plan.waves is not None and study.plan.waves.panel
    newest = list(dict.fromkeys(row.measure for row in rows))
    for pair in pairs:
        wave, against = pair.later.label, pair.earlier.label
        mine = [row for row in rows if (row.wave, row.against) == (wave, against)]
        broken = list(dict.fromkeys(row.measure for row in mine if row.broken and not row.group_by))
        if broken:
            yield Note("M260", ", ".join(broken), {"wave": wave, "against": against})
        if pair.match is not None and pair.match.n:
            params: dict[str, str | int] = {
                "n": pair.match.n,
                "of": pair.later.study.n,
                "wave": wave,
                "against": against,
            }
            if panel:
                yield Note("M261", "", params)
            elif pair.match.n >= LEAST and not (pair.later.study.simulated and pair.earlier.study.simulated):
                yield Note("M262", "", params)
        here = {row.measure for row in rows if row.wave == wave and row.n}
        there = {row.measure for row in mine}
        begun = [name for name in newest if name in here - there]
        if begun:
            yield Note("M263", ", ".join(begun), {"wave": wave, "against": against})
        yield from _small(mine, study)


def _small(rows: list[WaveRow], study: Study) -> Iterator[Note]:
    """Return a note on every group that is too small in one of the two waves."""
    least = least_tested(study)
    seen: dict[str, int] = {}
    for row in rows:
        sizes = {row.wave: row.n, row.against: row.n_other or 0} if row.n_pairs is None else {row.wave: row.n_pairs}
        for label, n in sizes.items():
            about = f"{label}: {row.group_by}[{row.group}]" if row.group_by else label
            if not row.broken:
                seen[about] = max(seen.get(about, 0), n)
    for about, n in seen.items():
        if n < least:
            yield Note("M264", about, {"n": n, "least": least})
