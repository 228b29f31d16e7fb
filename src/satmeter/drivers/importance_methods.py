"""Importance by other methods than LMG: relative weights, dominance, items within constructs, stated importance."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from satmeter.drivers.importance import Basis, basis_of, lmg_rows, without_controls
from satmeter.drivers.model import DriverRow
from satmeter.drivers.regression import Regression
from satmeter.drivers.section import DeepInput, Section
from satmeter.errors import Note
from satmeter.measurement.plain import plain
from satmeter.moments import moment_stack
from satmeter.numerics.dominance import MAX_DOMINANCE, DominanceTables, dominance
from satmeter.numerics.order_probability import order_probability
from satmeter.numerics.owen import owen
from satmeter.numerics.regression import find_dependence
from satmeter.numerics.relative_weights import relative_weights
from satmeter.study.model import Study

FloatArray = npt.NDArray[np.float64]

MOST_ITEMS = 10
"""Items of a construct, and constructs, above which R² is not shared out over items."""

MOST_COMPARED = 12
"""Drivers above which dominance is computed without replicates."""


@dataclass(frozen=True, slots=True)
class DominanceRow:
    """One driver against another: whether it adds more to R².

    `complete`, `conditional`: 1 where `driver` dominates `other`, 0 where it is dominated, 0.5 where neither does.
    `reproduced` is the share of replicates in which `complete` comes out the same; `probability` the share in which
    the LMG part of `driver` is the larger one.
    """

    outcome: str
    driver: str
    other: str
    complete: float
    conditional: float
    general: float | None  # difference of the LMG parts, in units of R²
    reproduced: float | None
    probability: float | None
    n: int


@dataclass(frozen=True, slots=True)
class ConditionalRow:
    """What a driver adds to R² on average when it joins `size` other drivers."""

    outcome: str
    driver: str
    size: int
    estimate: float | None
    n: int


def importance_sections(given: DeepInput) -> dict[str, Section]:
    """Return rows for `drivers`, `dominance` and `conditional_dominance`.

    Parameters
    ----------
    given
        Study, replicates and regressions.

    Returns
    -------
    dict
        Methods `johnson` (constructs and numbers only: a choice question is several columns), `dominance` (general
        dominance, which is LMG) and `owen` (R² of all items of the drivers, shared out within the constructs), all
        after the controls are swept out, with the intervals of LMG.
    """
    rows: list[DriverRow] = []
    pairs: list[DominanceRow] = []
    conditional: list[ConditionalRow] = []
    notes: list[Note] = []
    for found in given.regressions:
        drivers = tuple(p.name for p in found.predictors if not p.control)
        left = without_controls(found.moments.covariance, _control_columns(found))
        explained = _share_left(found, left)
        basis = basis_of(given.study, found.complete, len(found.terms))
        rows += _johnson(found, drivers, left, explained, basis)
        if 2 <= len(drivers) <= MAX_DOMINANCE:
            own, tables = _dominance_rows(found, drivers, left, explained, basis)
            rows += own
            pairs += _pair_rows(found, drivers, tables, explained)
            conditional += _conditional_rows(found, drivers, tables, explained)
        owen_rows, owen_notes = _items(given, found)
        rows += owen_rows
        notes += owen_notes
    return {
        "drivers": Section(tuple(rows), tuple(notes)),
        "dominance": Section(tuple(pairs)),
        "conditional_dominance": Section(tuple(conditional)),
    }


def _control_columns(found: Regression) -> tuple[int, ...]:
    return tuple(c for p in found.predictors if p.control for c in found.columns_of(p.name))


def _share_left(found: Regression, left: FloatArray) -> FloatArray:
    """Return the part of the outcome's variance that the controls leave, by which R² of what is left is multiplied."""
    whole = found.moments.covariance[:, 0, 0]
    return np.asarray(left[:, 0, 0] / np.where(whole > 0, whole, np.nan), dtype=np.float64)


def _johnson(
    found: Regression, drivers: tuple[str, ...], left: FloatArray, explained: FloatArray, basis: Basis
) -> list[DriverRow]:
    columns = [found.columns_of(name) for name in drivers]
    if any(len(own) != 1 for own in columns):
        return []
    order = (0, *(own[0] for own in columns))
    block = left[:, order][:, :, order]
    values = relative_weights(block, 0, tuple(range(1, len(order)))) * explained[:, None]
    return [_renamed(row, "johnson") for row in lmg_rows(values, found.outcome, drivers, basis)]


def _dominance_rows(
    found: Regression, drivers: tuple[str, ...], left: FloatArray, explained: FloatArray, basis: Basis
) -> tuple[list[DriverRow], DominanceTables]:
    groups = tuple(found.columns_of(name) for name in drivers)
    stack = left if len(drivers) <= MOST_COMPARED else left[:1]
    tables = dominance(stack, 0, groups)
    values = tables.general * explained[: len(stack), None]
    rows = lmg_rows(values, found.outcome, drivers, basis)
    return [_renamed(row, "dominance") for row in rows], tables


def _pair_rows(
    found: Regression, drivers: tuple[str, ...], tables: DominanceTables, explained: FloatArray
) -> list[DominanceRow]:
    replicated = len(tables.general) > 2
    above = order_probability(tables.general[1:]).above if replicated else None
    same = (tables.complete[1:] == tables.complete[0]).mean(axis=0) if replicated else None
    gap = (tables.general[0, :, None] - tables.general[0, None, :]) * explained[0]
    return [
        DominanceRow(
            outcome=found.outcome,
            driver=driver,
            other=other,
            complete=float(tables.complete[0, i, j]),
            conditional=float(tables.conditionally[0, i, j]),
            general=plain(gap[i, j]),
            reproduced=None if same is None else plain(same[i, j]),
            probability=None if above is None else plain(above[i, j]),
            n=found.n,
        )
        for i, driver in enumerate(drivers)
        for j, other in enumerate(drivers)
        if i != j
    ]


def _conditional_rows(
    found: Regression, drivers: tuple[str, ...], tables: DominanceTables, explained: FloatArray
) -> list[ConditionalRow]:
    return [
        ConditionalRow(found.outcome, driver, size, plain(tables.conditional[0, i, size] * explained[0]), found.n)
        for i, driver in enumerate(drivers)
        for size in range(len(drivers))
    ]


def _items(given: DeepInput, found: Regression) -> tuple[list[DriverRow], list[Note]]:
    """Return the R² of all items of the drivers, shared out over the items within their constructs."""
    study = given.study
    blocks = _item_blocks(study, found)
    if len(blocks) < 2 or max(map(len, blocks)) > MOST_ITEMS or len(blocks) > MOST_ITEMS:
        return [], []
    items = [item for block in blocks for item in block]
    values = np.column_stack([found.table[:, 0], np.asarray(study.frame[items], dtype=np.float64)])
    rows = found.complete & ~np.isnan(values).any(axis=1)
    if rows.sum() <= 5 + len(items):
        return [], [Note("D130", found.outcome, {"n": int(rows.sum()), "needed": 6 + len(items)})]
    moments = moment_stack(given.resampling, values, rows=rows)
    columns = tuple(range(1, 1 + len(items)))
    dependence = find_dependence(moments.covariance[0], columns)
    if dependence:
        wrong = (*dependence.constant, *(c for group in dependence.collinear for c in group))
        return [], [Note("D131", found.outcome, {"items": ", ".join(items[c - 1] for c in wrong)})]
    ends = np.cumsum([len(block) for block in blocks]).tolist()
    groups = tuple(tuple(range(1 + end - len(b), 1 + end)) for b, end in zip(blocks, ends, strict=True))
    basis = basis_of(study, rows, len(items))
    shared = owen(moments.covariance, 0, groups).items
    return [_renamed(row, "owen") for row in lmg_rows(shared, found.outcome, tuple(items), basis)], []


def _item_blocks(study: Study, found: Regression) -> list[list[str]]:
    """Return the items of every driver that is a construct, without those that nobody answered or that do not vary."""
    blocks = []
    for predictor in found.predictors:
        if predictor.control or predictor.kind != "construct":
            continue
        names = study.questionnaire.constructs[predictor.name].items
        blocks.append([name for name in names if study.frame[name].nunique() > 1])
    return [block for block in blocks if block]


def _renamed(row: DriverRow, method: str) -> DriverRow:
    return replace(row, method=method)
