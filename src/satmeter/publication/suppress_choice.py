"""Which further cells must be hidden so that no hidden one can be worked out from what is shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from satmeter.publication.suppress_cells import Cell
from satmeter.publication.suppress_relations import Relation

TOLERANCE = 1e-9
"""A direction of the null space that moves a cell by less does not move it."""


def recoverable(hidden: Iterable[Cell], relations: Sequence[Relation]) -> set[Cell]:
    """Return the hidden cells that the relations determine when all other cells are known.

    Parameters
    ----------
    hidden
        The cells that are not shown.
    relations
        What is known of them.

    Returns
    -------
    set of Cell
        A cell can be worked out when every solution of the relations has the same value for it: when no direction of
        their null space moves it.

    Examples
    --------
    >>> a, b, c = (Cell("", "region", name, "service") for name in "abc")
    >>> total = Relation({a: 8.0, b: 40.0, c: 200.0})
    >>> recoverable({a}, [total]) == {a}, recoverable({a, b}, [total])
    (True, set())
    """
    unknown = set(hidden)
    parts = [{cell: c for cell, c in r.terms.items() if cell in unknown and c} for r in relations]
    found: set[Cell] = set()
    for some in _connected([part for part in parts if part]):
        found |= _determined(some)
    return found


def _connected(parts: Sequence[dict[Cell, float]]) -> list[list[dict[Cell, float]]]:
    """Return the relations in sets that share no unknown cell."""
    root: dict[Cell, Cell] = {}

    def find(cell: Cell) -> Cell:
        while root.setdefault(cell, cell) != cell:
            root[cell] = root[root[cell]]
            cell = root[cell]
        return cell

    for part in parts:
        first, *others = part
        for cell in others:
            root[find(cell)] = find(first)
    sets: dict[Cell, list[dict[Cell, float]]] = {}
    for part in parts:
        sets.setdefault(find(next(iter(part))), []).append(part)
    return list(sets.values())


def _determined(parts: Sequence[dict[Cell, float]]) -> set[Cell]:
    if len(parts) == 1 and len(parts[0]) > 1:
        return set()
    cells = list(dict.fromkeys(cell for part in parts for cell in part))
    place = {cell: j for j, cell in enumerate(cells)}
    matrix = np.zeros((len(parts), len(cells)))
    for i, part in enumerate(parts):
        for cell, coefficient in part.items():
            matrix[i, place[cell]] = coefficient
    matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
    _, singular, right = np.linalg.svd(matrix, full_matrices=False)
    rank = int((singular > TOLERANCE * singular[0]).sum())
    fixed = 1 - (right[:rank] ** 2).sum(axis=0) < TOLERANCE  # what the null space has of the cell
    return {cell for cell, told in zip(cells, fixed, strict=True) if told}


def complement(hidden: Iterable[Cell], systems: Sequence[Sequence[Relation]], cost: Mapping[Cell, float]) -> set[Cell]:
    """Return cells to hide besides, so that none can be worked out.

    Parameters
    ----------
    hidden
        Cells that must not be shown.
    systems
        What is known of all cells, in systems of which any may hold; the first has every relation.
    cost
        Cell to what hiding it loses: respondents. Cells that need no further ones are hidden first, then the smallest.
        Figures of everybody are hidden only for other figures of everybody.

    Returns
    -------
    set of Cell
        Without `hidden`. Empty where nothing needs protection, or nothing is left that could give it.
    """
    gone = set(hidden)
    by_cell: dict[Cell, list[Relation]] = {}
    for relation in systems[0]:
        for cell in relation.terms:
            by_cell.setdefault(cell, []).append(relation)
    while near := {
        other
        for relations in systems
        for cell in recoverable(gone, relations)
        for relation in by_cell[cell]
        for other, coefficient in relation.terms.items()
        if coefficient and other not in gone and other in cost and (other.group_by or not cell.group_by)
    }:
        gone.add(min(near, key=lambda c: (_alone(c, by_cell[c], gone), cost[c], c)))
    return gone - set(hidden)


def _alone(cell: Cell, relations: Sequence[Relation], gone: set[Cell]) -> int:
    """Return in how many relations a cell would be the only hidden one, and call for another."""
    return sum(not any(other in gone for other in relation.terms) for relation in relations)
