"""Scores: what is published of every construct and item, overall and by group, each with its definition in words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.errors import Note
from satmeter.measurement.definitions import (
    Definition,
    ces_definition,
    construct_box_definition,
    csat_definition,
    index_definition,
    item_box_definition,
    mean_rating_definition,
    mean_score_definition,
    nps_definition,
)
from satmeter.measurement.estimates import Estimates, estimate, estimate_groups
from satmeter.measurement.model import ScoreRow
from satmeter.measurement.plain import plain
from satmeter.measurement.quantity import Quantity
from satmeter.moments import Resampling
from satmeter.questionnaire.model import Construct, Item, Questionnaire
from satmeter.study.model import Study
from satmeter.study.plan import CesVariant
from satmeter.study.text_codes import value_codes

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

SMALL_GROUP = 30
"""Groups with fewer respondents get a note."""

LEAST_OUTSIDE = 2
"""Points that a top-box share leaves below it."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One published figure before it is estimated."""

    name: str
    statistic: str
    definition: Definition
    quantity: Quantity


class _Sheet:
    """Columns that scores are estimated from, collected one after the other."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self.columns: list[FloatArray] = []
        self.measures: list[Measure] = []
        self.notes: list[Note] = []

    def column(self, values: FloatArray) -> int:
        self.columns.append(values)
        return len(self.columns) - 1

    def ratings(self, item: str) -> FloatArray:
        return np.asarray(self.study.frame[item], dtype=np.float64)

    def share(self, item: str, least: int) -> int:
        ratings = self.ratings(item)
        return self.column(np.where(np.isnan(ratings), np.nan, ratings >= least))

    def answered(self, construct: Construct) -> tuple[str, ...]:
        return tuple(i for i in construct.items if not np.isnan(self.ratings(i)).all())

    def add(self, name: str, statistic: str, definition: Definition, quantity: Quantity) -> None:
        self.measures.append(Measure(name, statistic, definition, quantity))


def index_construct(study: Study) -> str | None:
    """Return the construct whose items make the index: the first of role satisfaction, or None."""
    constructs = study.questionnaire.constructs_of_role("satisfaction")
    return constructs[0].id if constructs else None


def nps_items(questionnaire: Questionnaire) -> frozenset[str]:
    """Return the items that give a net promoter score, all of them on a scale of exactly 0 to 10.

    Where the questionnaire names such items (the id of the item or of its scale contains ``nps``), these; otherwise
    the items of its loyalty constructs.
    """
    eleven = [i for i in questionnaire.items.values() if questionnaire.scales[i.scale].codes == tuple(range(11))]
    named = frozenset(item.id for item in eleven if _named_nps(item))
    return named or frozenset(i.id for i in eleven if questionnaire.constructs[i.construct].role == "loyalty")


def score_rows(study: Study, resampling: Resampling) -> tuple[tuple[ScoreRow, ...], tuple[Note, ...]]:
    """Estimate every score overall and in every group of the plan.

    Parameters
    ----------
    study, resampling
        The study and its replicates.

    Returns
    -------
    rows
        Overall first, then group by group, the measures in the order of the questionnaire. A group that nobody belongs
        to has no rows.
    notes
        What a reader must know: no index, small groups, figures without a standard error.
    """
    sheet = _fill(study)
    values = np.column_stack(sheet.columns)
    quantities = [m.quantity for m in sheet.measures]
    overall = estimate(study, resampling, values, quantities)
    sheet.notes.extend(_constant_note(sheet.measures, overall))
    rows = _rows(sheet.measures, overall, "", "")
    for group_by in study.plan.groups:
        groups = _groups(study, group_by, sheet.notes)
        estimates = estimate_groups(study, resampling, values, quantities, [mask for _, mask in groups])
        for (group, mask), found in zip(groups, estimates, strict=True):
            about = f"{group_by}[{group}]"
            sheet.notes.extend(_size_note(about, int(mask.sum())))
            sheet.notes.extend(_no_error_note(sheet.measures, found, about))
            rows += _rows(sheet.measures, found, group_by, group)
    return tuple(rows), tuple(sheet.notes)


def published_measures(study: Study) -> tuple[tuple[Measure, ...], FloatArray]:
    """Return every figure that is published, and the columns that their quantities point to, shape (n, p)."""
    sheet = _fill(study)
    return tuple(sheet.measures), np.column_stack(sheet.columns)


def group_masks(study: Study, group_by: str) -> list[tuple[str, BoolArray]]:
    """Return the groups that have respondents, in the order of the questionnaire's options."""
    return _groups(study, group_by, [])


def _fill(study: Study) -> _Sheet:
    sheet = _Sheet(study)
    for construct in study.questionnaire.constructs.values():
        _add_mean_score(sheet, construct)
    _add_index(sheet)
    for boxes in study.plan.scores.boxes:
        for construct in study.questionnaire.constructs_of_role("satisfaction", "loyalty"):
            _add_boxes(sheet, construct, boxes)
    _add_customer_scores(sheet)
    promoters = nps_items(study.questionnaire)
    for construct in study.questionnaire.constructs.values():
        for item in construct.items:
            _add_item(sheet, study.questionnaire.items[item], item in promoters)
    return sheet


def _add_mean_score(sheet: _Sheet, construct: Construct) -> None:
    study = sheet.study
    column = sheet.column(np.asarray(study.construct_scores[construct.id], dtype=np.float64))
    definition = mean_score_definition(construct, study.questionnaire, study.plan.missing, study.weighted)
    sheet.add(construct.id, "mean_score", definition, Quantity((column,), "mean", 0.0, 100.0))


def _add_index(sheet: _Sheet) -> None:
    name = index_construct(sheet.study)
    if name is None:
        sheet.notes.append(Note("M123"))
        return
    questionnaire = sheet.study.questionnaire
    others = [c.id for c in questionnaire.constructs_of_role("satisfaction")[1:]]
    if others:
        sheet.notes.append(Note("M126", name, {"others": ", ".join(others)}))
    construct = questionnaire.constructs[name]
    if not sheet.answered(construct):
        return
    study = sheet.study
    column = sheet.column(np.asarray(study.construct_scores[name], dtype=np.float64))
    definition = index_definition(construct, questionnaire, study.plan.missing, study.weighted)
    sheet.add(name, "index", definition, Quantity((column,), "mean", 0.0, 100.0))


def _add_boxes(sheet: _Sheet, construct: Construct, boxes: int) -> None:
    """Add the share of ratings in the highest points for every item and, as their mean, for the construct."""
    questionnaire, weighted, statistic = sheet.study.questionnaire, sheet.study.weighted, f"top{boxes}"
    columns: dict[str, int] = {}
    for name in sheet.answered(construct):
        scale = questionnaire.scales[questionnaire.items[name].scale]
        if len(scale.codes) < boxes + LEAST_OUTSIDE:
            params = {"points": len(scale.codes), "boxes": boxes}
            sheet.notes.append(Note("M125" if boxes == 2 else "M250", name, params))
            continue
        columns[name] = sheet.share(name, scale.codes[-boxes])
    if columns:
        definition = construct_box_definition(construct, tuple(columns), questionnaire, boxes, weighted)
        sheet.add(construct.id, statistic, definition, Quantity(tuple(columns.values()), "share", 0.0, 1.0))
    for name, column in columns.items():
        item = questionnaire.items[name]
        definition = item_box_definition(item, questionnaire.scales[item.scale], construct.role, boxes, weighted)
        sheet.add(name, statistic, definition, Quantity((column,), "share", 0.0, 1.0))


def _add_customer_scores(sheet: _Sheet) -> None:
    """Add CSAT and the variants of CES of the items that the plan names."""
    study = sheet.study
    questionnaire, options, weighted = study.questionnaire, study.plan.scores, study.weighted
    for name in options.csat:
        item = questionnaire.items[name]
        scale = questionnaire.scales[item.scale]
        quantity = Quantity((sheet.share(name, scale.codes[-2]),), "share", 0.0, 1.0)
        sheet.add(name, "csat", csat_definition(item, scale, weighted), quantity)
    for name, variants in options.ces.items():
        item = questionnaire.items[name]
        for variant in variants:
            definition = ces_definition(item, questionnaire.scales[item.scale], variant, weighted)
            sheet.add(name, f"ces_{variant}", definition, _effort(sheet, name, variant))


def _effort(sheet: _Sheet, name: str, variant: CesVariant) -> Quantity:
    ratings = sheet.ratings(name)
    if variant == "mean":
        return Quantity((sheet.column(ratings),), "mean", 1.0, 7.0)
    if variant == "share":
        return Quantity((sheet.share(name, 5),), "share", 0.0, 1.0)
    balance = 100.0 * ((ratings >= 5).astype(np.float64) - (ratings <= 3))
    return Quantity((sheet.column(np.where(np.isnan(ratings), np.nan, balance)),), "mean", -100.0, 100.0)


def _add_item(sheet: _Sheet, item: Item, promoter: bool) -> None:
    scale, weighted = sheet.study.questionnaire.scales[item.scale], sheet.study.weighted
    ratings = sheet.ratings(item.id)
    if promoter:
        balance = 100.0 * ((ratings >= 9).astype(np.float64) - (ratings <= 6))
        column = sheet.column(np.where(np.isnan(ratings), np.nan, balance))
        sheet.add(item.id, "nps", nps_definition(weighted), Quantity((column,), "mean", -100.0, 100.0))
    elif _named_nps(item):
        sheet.notes.append(Note("M124", item.id, {"low": scale.low, "high": scale.high}))
    bounds = float(scale.low), float(scale.high)
    definition = mean_rating_definition(item, scale, weighted)
    sheet.add(item.id, "mean_rating", definition, Quantity((sheet.column(ratings),), "mean", *bounds))


def _named_nps(item: Item) -> bool:
    return "nps" in item.id.lower() or "nps" in item.scale.lower()


def _groups(study: Study, group_by: str, notes: list[Note]) -> list[tuple[str, BoolArray]]:
    """Return the groups that have respondents, in the order of the questionnaire's options."""
    codes, answers = value_codes(study.groups[group_by])
    codes = codes.astype(np.int16 if len(answers) < 1 << 15 else np.int64)
    counts = np.bincount(codes + 1, minlength=1 + len(answers))
    lost = int(counts[0])
    if lost:
        notes.append(Note("M127", group_by, {"n": lost}))
    question = study.questionnaire.questions.get(group_by)
    declared = [o.code for o in question.options] if question else []
    seen = {answer: place for place, answer in enumerate(answers) if counts[1 + place]}
    order = [code for code in declared if code in seen] + sorted((c for c in seen if c not in declared), key=str)
    return [(str(code), codes == seen[code]) for code in order]


def _size_note(about: str, n: int) -> list[Note]:
    if n == 1:
        return [Note("M121", about, {"n": n})]
    return [Note("M120", about, {"n": n})] if n < SMALL_GROUP else []


def _constant_note(measures: list[Measure], found: Estimates) -> list[Note]:
    figures = _listed([m for m, constant in zip(measures, found.constant, strict=True) if constant])
    return [Note("M122", "", {"figures": figures})] if figures else []


def _no_error_note(measures: list[Measure], found: Estimates, about: str) -> list[Note]:
    """Return a note on the figures of a group that several answered and that have no standard error all the same."""
    silent = np.isnan(found.std_error) & (found.n > 1)
    figures = _listed([m for m, without in zip(measures, silent, strict=True) if without])
    return [Note("M128", about, {"figures": figures})] if figures else []


def _listed(measures: list[Measure]) -> str:
    names: dict[str, list[str]] = {}
    for measure in measures:
        names.setdefault(measure.name, []).append(measure.statistic)
    return ", ".join(f"{name} ({', '.join(statistics)})" for name, statistics in names.items())


def _rows(measures: list[Measure], found: Estimates, group_by: str, group: str) -> list[ScoreRow]:
    rows = []
    for j, measure in enumerate(measures):
        rows.append(
            ScoreRow(
                measure=measure.name,
                statistic=measure.statistic,
                group_by=group_by,
                group=group,
                definition=measure.definition,
                estimate=plain(found.estimate[j]),
                std_error=plain(found.std_error[j]),
                conf_low=plain(found.conf_low[j]),
                conf_high=plain(found.conf_high[j]),
                df=plain(found.df[j]),
                n=int(found.n[j]),
                n_eff=plain(found.n_eff[j]),
                deff=plain(found.deff[j]),
            )
        )
    return rows
