"""Importance and performance of constructs and items along the path model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.drivers.path_base import PathBase
from satmeter.drivers.path_roles import role_of
from satmeter.drivers.path_rows import PathImportanceRow
from satmeter.drivers.priorities import clear_of, quadrant, quadrant_probability
from satmeter.errors import Note
from satmeter.measurement.plain import plain
from satmeter.numerics.intervals import percentile_interval
from satmeter.numerics.path_index import ConstructIndices, construct_indices, importance_performance
from satmeter.numerics.priority_plane import cut_line

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Plane:
    """Importance and performance of some rows, sample and replicates first; shape (b, k) each."""

    names: tuple[tuple[str, str], ...]
    importance: FloatArray
    performance: FloatArray


def path_importance_rows(base: PathBase) -> tuple[tuple[PathImportanceRow, ...], tuple[Note, ...]]:
    """Return, for every outcome of role satisfaction or loyalty, what its predecessors would add and where they stand.

    Parameters
    ----------
    base
        The estimated model; the items of a higher-order construct are those of its parts.

    Returns
    -------
    rows, notes
        Importance: points of the outcome that go with one point, over all routes. Performance: mean of the index 0–100
        that the model's weights form. Percentile intervals of the replicates; costs turned round. Items whose weight is
        negative are left out of the index and named.
    """
    moments = base.moments
    indices = construct_indices(moments.mean, moments.covariance, base.items_fit, base.items_model, low=0.0, high=100.0)
    out = [base.items[j] for j in np.flatnonzero(indices.left_out[0])]
    notes = (Note("D156", "", {"items": ", ".join(out)}),) if out else ()
    rows: list[PathImportanceRow] = []
    for number, name in enumerate(base.names):
        wanted = role_of(base.study, name) in ("satisfaction", "loyalty")
        if wanted and base.model.predecessors[number]:
            for plane in _planes(base, indices, number):
                rows += _placed(base, name, plane)
    return tuple(rows), notes


def _planes(base: PathBase, indices: ConstructIndices, outcome: int) -> tuple[_Plane, _Plane]:
    found = importance_performance(indices, base.items_model, outcome)
    owner = {column: j for j, block in enumerate(base.items_model.blocks) for column in block}
    whole = tuple((base.names[j], "") for j in found.constructs)
    single = tuple((base.names[owner[column]], base.items[column]) for column in found.items)
    return (
        _turned(base, _Plane(whole, found.importance, found.performance)),
        _turned(base, _Plane(single, found.item_importance, found.item_performance)),
    )


def _turned(base: PathBase, plane: _Plane) -> _Plane:
    """Return the plane with costs turned round, so that higher is better for all."""
    cost = np.array([role_of(base.study, name) == "cost" for name, _ in plane.names], dtype=np.bool_)
    sign = np.where(cost, -1.0, 1.0)
    performance = np.where(cost, 100 - plane.performance, plane.performance)
    return _Plane(plane.names, plane.importance * sign, performance)


def _placed(base: PathBase, outcome: str, plane: _Plane) -> list[PathImportanceRow]:
    level, cut = base.study.plan.uncertainty.conf_level, base.study.plan.drivers.cut
    x_line = float(cut_line(plane.importance[0], cut if isinstance(cut, str) else "mean"))
    y_line = float(cut_line(plane.performance[0], cut))
    ends = [percentile_interval(stack[1:], level) for stack in (plane.importance, plane.performance)]
    probability = quadrant_probability(plane.importance, plane.performance, cut)
    rows = []
    for j, (driver, item) in enumerate(plane.names):
        importance, performance = plain(plane.importance[0, j]), plain(plane.performance[0, j])
        x = [plain(end[j]) for end in ends[0]]
        y = [plain(end[j]) for end in ends[1]]
        rows.append(
            PathImportanceRow(
                outcome=outcome,
                driver=driver,
                item=item,
                importance=importance,
                importance_low=x[0],
                importance_high=x[1],
                performance=performance,
                performance_low=y[0],
                performance_high=y[1],
                importance_line=x_line,
                performance_line=y_line,
                quadrant=quadrant(importance, performance, x_line, y_line),
                certain=clear_of(x[0], x[1], x_line) and clear_of(y[0], y[1], y_line),
                probability=plain(probability[j]),
                n=base.n,
            )
        )
    return rows
