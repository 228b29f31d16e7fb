"""League tables of groups: each score with its interval and the set of ranks that it leaves open."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.errors import Note
from satmeter.measurement.base_rule import LOW_BASE, base_notes, least_tested
from satmeter.measurement.comparison_rows import RankRow
from satmeter.measurement.degrees import is_census
from satmeter.measurement.estimates import estimate
from satmeter.measurement.plain import plain
from satmeter.measurement.scores import Measure, group_masks, index_construct, published_measures
from satmeter.moments import Resampling, mean_stack
from satmeter.numerics.rank_sets import rank_sets
from satmeter.study.model import Study
from satmeter.study.unit_strata import unit_strata

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class RankedUnits:
    """Units with one figure each, arrays of shape (p,); `stack` has shape (1 + replicates, p), first the sample.

    A standard error of 0 says that everybody was asked.
    """

    names: tuple[str, ...]
    estimate: FloatArray
    std_error: FloatArray
    conf_low: FloatArray
    conf_high: FloatArray
    df: FloatArray
    n: npt.NDArray[np.int64]
    stack: FloatArray

    def only(self, places: Sequence[int]) -> RankedUnits:
        """Return some of the units."""
        kept = list(places)
        return RankedUnits(
            tuple(self.names[i] for i in kept),
            self.estimate[kept],
            self.std_error[kept],
            self.conf_low[kept],
            self.conf_high[kept],
            self.df[kept],
            self.n[kept],
            self.stack[:, kept],
        )


def rank_units(study: Study, resampling: Resampling) -> tuple[tuple[RankRow, ...], tuple[Note, ...]]:
    """Rank the groups that the plan names by mean scores.

    Parameters
    ----------
    study, resampling
        The study and its replicates, whose covariances of the groups' scores the sets rest on: units that share
        clusters or margins are not taken as independent.

    Returns
    -------
    rows
        Best first. Nothing without ``ranks`` in the plan.
    notes
        Units left out for want of respondents, of spread or of peers, and tables with fewer than two units.
    """
    wanted = study.plan.ranks
    if wanted is None:
        return (), ()
    index = index_construct(study)
    names = wanted.measures or ((index,) if index else ())
    measures, values = published_measures(study)
    rows: list[RankRow] = []
    notes: list[Note] = []
    for group_by in wanted.units:
        for measure in measures:
            if measure.statistic == "mean_score" and measure.name in names:
                rows += _table(study, resampling, values, measure, group_by, notes)
    return tuple(rows), tuple(notes)


def _table(
    study: Study, resampling: Resampling, values: FloatArray, measure: Measure, group_by: str, notes: list[Note]
) -> list[RankRow]:
    column = values[:, list(measure.quantity.columns)]
    resampling = resampling.for_scores
    units, scores, found = [], [], []
    answered = ~np.isnan(column).all(axis=1)
    groups = [(name, mask & answered) for name, mask in group_masks(study, group_by)]
    based = base_notes(study, group_by, groups, code="M241")
    small = {note.about for note in based if note.code != LOW_BASE}
    notes += based
    for name, mask in groups:
        one = estimate(study, resampling, values, [measure.quantity], rows=mask)
        about = f"{group_by}[{name}]"
        sure = one.std_error[0] == 0 and is_census(study, column, mask)
        if about in small or not (one.std_error[0] > 0 or sure):
            if about not in small:
                notes.append(Note("M241", about, {"n": int(one.n[0]), "least": least_tested(study)}))
            continue
        units.append(name)
        found.append(one)
        scores.append(mean_stack(resampling, column, rows=mask & (study.weights > 0)).mean(axis=1))
    if len(units) < 2:
        notes.append(Note("M242", group_by, {"n": len(units)}))
        return []
    ranked = RankedUnits(
        names=tuple(units),
        estimate=np.concatenate([one.estimate for one in found]),
        std_error=np.concatenate([one.std_error for one in found]),
        conf_low=np.concatenate([one.conf_low for one in found]),
        conf_high=np.concatenate([one.conf_high for one in found]),
        df=np.concatenate([one.df for one in found]),
        n=np.concatenate([one.n for one in found]),
        stack=np.stack(scores, axis=1),
    )
    rows, more = league_table(study, resampling, group_by, (measure.name, measure.statistic), ranked)
    notes += more
    return rows


def league_table(
    study: Study, resampling: Resampling, group_by: str, measure: tuple[str, str], units: RankedUnits
) -> tuple[list[RankRow], list[Note]]:
    """Rank units by one figure of theirs.

    Parameters
    ----------
    study, resampling
        The study, and the replicates that the figures were made with.
    group_by, measure
        The grouping question; construct and statistic, for the rows.
    units
        All that have a figure with an error, or without one because everybody was asked.

    Returns
    -------
    rows
        Best first; within strata, stratum by stratum. Nothing where fewer than two units are left.
    notes
        On strata with one unit, units without a stratum, and tables with fewer than two units.
    """
    within, strata, kept, notes = _strata(study, group_by, units.names)
    if len(kept) < 2:
        return [], [*notes, Note("M242", group_by, {"n": len(kept)})]
    units = units.only(kept)
    stack = units.stack
    chance = 0.0 if resampling.coefficient is not None else 1 / (int(np.isfinite(stack[1:]).all(axis=1).sum()) - 1)
    name, statistic = measure
    sign = -1.0 if study.questionnaire.constructs[name].role == "cost" else 1.0
    drawn = f"{group_by}/{name}" if statistic == "mean_score" else f"{group_by}/{name}/{statistic}"
    drawn += f"/{within}" if within else ""
    seed = [study.plan.uncertainty.seed, zlib.crc32(drawn.encode())]
    sets = rank_sets(
        sign * stack[0],
        resampling.covariance(stack),
        rng=np.random.default_rng(seed),
        df=1 / (1 / units.df + chance),
        strata=strata,
        exact=units.std_error == 0,
        conf_level=study.plan.uncertainty.conf_level,
    )
    places = {stratum: place for place, (stratum, _) in enumerate(group_masks(study, within))} if within else {"": 0}
    order = np.lexsort((np.arange(len(units.names)), sets.rank, np.array([places[s] for s in strata])))
    rows = [
        RankRow(
            group_by=group_by,
            unit=units.names[i],
            within=within,
            stratum=strata[i],
            measure=name,
            statistic=statistic,
            estimate=plain(units.estimate[i]),
            std_error=plain(units.std_error[i]),
            conf_low=plain(units.conf_low[i]),
            conf_high=plain(units.conf_high[i]),
            n=int(units.n[i]),
            rank=int(sets.rank[i]),
            rank_low=int(sets.low[i]),
            rank_high=int(sets.high[i]),
            marginal_low=int(sets.marginal_low[i]),
            marginal_high=int(sets.marginal_high[i]),
            tie_group=int(sets.tie_group[i]),
        )
        for i in order
    ]
    return rows, notes


def _strata(study: Study, group_by: str, names: Sequence[str]) -> tuple[str, list[str], list[int], list[Note]]:
    """Return the question of the strata, the stratum of every unit that has a peer to be ranked with, and who has."""
    within = study.plan.ranks.within if study.plan.ranks else ""
    if within in ("", group_by):
        return "", [""] * len(names), list(range(len(names))), []
    found = unit_strata(study.groups, group_by, within)
    places = {i: found[name][0] for i, name in enumerate(names) if found[name]}
    size = Counter(places.values())
    notes = [Note("M266", f"{group_by}[{name}]", {"within": within}) for name in names if not found[name]]
    notes += [Note("M265", f"{within}[{stratum}]", {"units": group_by}) for stratum, n in size.items() if n == 1]
    kept = [i for i, stratum in places.items() if size[stratum] > 1]
    return within, [places[i] for i in kept], kept, notes
