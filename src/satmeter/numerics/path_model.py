"""A path model of constructs: which items belong to which construct, and which construct leads to which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from satmeter.errors import NumericsError, Problem

Mode = Literal["A", "B"]
_MAX_ROUTES = 10_000


@dataclass(frozen=True, slots=True)
class PathModel:
    """A checked path model; make it with `path_model`.

    Attributes
    ----------
    names
        Names of the constructs, used in messages only.
    blocks
        For every construct the numbers of its columns; together all columns, each once.
    modes
        For every construct `A` (weights are correlations) or `B` (weights are regression coefficients).
    predecessors
        For every construct the constructs that lead to it; empty for an exogenous one.
    order
        The constructs such that predecessors come first.
    anchors
        For every construct the column that loads positively by definition, or None for the majority of its columns.
    """

    names: tuple[str, ...]
    blocks: tuple[tuple[int, ...], ...]
    modes: tuple[Mode, ...]
    predecessors: tuple[tuple[int, ...], ...]
    order: tuple[int, ...]
    anchors: tuple[int | None, ...]

    @property
    def n_constructs(self) -> int:
        """Number of constructs."""
        return len(self.blocks)

    @property
    def n_columns(self) -> int:
        """Number of columns of all blocks."""
        return sum(map(len, self.blocks))

    @property
    def columns(self) -> tuple[int, ...]:
        """All columns block by block."""
        return tuple(c for block in self.blocks for c in block)

    @property
    def endogenous(self) -> tuple[int, ...]:
        """Constructs that have predecessors, in their own order."""
        return tuple(k for k, before in enumerate(self.predecessors) if before)

    @property
    def arcs(self) -> tuple[tuple[int, int], ...]:
        """Pairs (predecessor, outcome), by outcome."""
        return tuple((j, k) for k, before in enumerate(self.predecessors) for j in before)

    def ancestors(self) -> tuple[frozenset[int], ...]:
        """Return for every construct all constructs from which a route leads to it."""
        found: list[frozenset[int]] = [frozenset()] * self.n_constructs
        for k in self.order:
            before = self.predecessors[k]
            found[k] = frozenset(before).union(*(found[j] for j in before))
        return tuple(found)

    def in_block_order(self) -> PathModel:
        """Return the same model for columns that were put block by block."""
        place = {c: i for i, c in enumerate(self.columns)}
        blocks = tuple(tuple(place[c] for c in block) for block in self.blocks)
        anchors = tuple(None if c is None else place[c] for c in self.anchors)
        return replace(self, blocks=blocks, anchors=anchors)

    def routes(self) -> tuple[tuple[int, ...], ...]:
        """Return all routes over at least one mediator, as constructs from the first to the last.

        Raises
        ------
        NumericsError
            N078 for more than 10,000 of them.
        """
        count = self._count_routes()
        if count > _MAX_ROUTES:
            raise NumericsError(Problem("N078", params={"routes": count, "maximum": _MAX_ROUTES}))
        arriving: list[list[tuple[int, ...]]] = [[] for _ in self.blocks]
        for k in self.order:
            for j in self.predecessors[k]:
                arriving[k].append((j, k))
                arriving[k].extend((*route, k) for route in arriving[j])
        return tuple(sorted(route for routes in arriving for route in routes if len(route) > 2))

    def _count_routes(self) -> int:
        arriving = [0] * self.n_constructs
        for k in self.order:
            arriving[k] = sum(1 + arriving[j] for j in self.predecessors[k])
        return sum(arriving) - len(self.arcs)


def path_model(
    blocks: Sequence[Sequence[int]],
    predecessors: Mapping[int, Sequence[int]],
    *,
    modes: Sequence[Mode] | None = None,
    names: Sequence[str] | None = None,
    anchors: Mapping[int, int] | None = None,
) -> PathModel:
    """Check a path model and find an order in which predecessors come first.

    Parameters
    ----------
    blocks
        For every construct the numbers of its columns. Together they name the columns 0 … p − 1, each once.
    predecessors
        For outcomes the constructs that lead to them.
    modes
        For every construct `A` or `B`; `A` for all when left out. One column: the mode does not matter.
    names
        Names of the constructs for messages; their numbers when left out.
    anchors
        For some constructs the column whose loading is positive by definition. Otherwise the sign of a construct is
        that of most of its columns.

    Returns
    -------
    PathModel

    Raises
    ------
    NumericsError
        All at once: N070 for a circle, N071 for an outcome among its own predecessors, N072 for a construct without
        any path, which leaves its weights undefined, N073 for an empty block, an anchor outside of it or columns
        that are not named exactly once.

    Examples
    --------
    >>> model = path_model([(0, 1), (2, 3), (4,)], {1: (0,), 2: (1, 0)})
    >>> model.order, model.arcs, model.routes()
    ((0, 1, 2), ((0, 1), (1, 2), (0, 2)), ((0, 1, 2),))
    """
    m = len(blocks)
    called = tuple(map(str, range(m))) if names is None else tuple(names)
    columns = tuple(tuple(int(c) for c in block) for block in blocks)
    before = tuple(tuple(dict.fromkeys(int(j) for j in predecessors.get(k, ()))) for k in range(m))
    anchor = tuple((anchors or {}).get(k) for k in range(m))
    if len(called) != m or (modes is not None and len(modes) != m) or not _within(predecessors, m):
        raise NumericsError(Problem("N010", got=str(dict(predecessors)), params={"expected": f"0 … {m - 1}"}))
    problems = _block_problems(columns, called, anchor) + _arc_problems(before, called)
    order = _order(before)
    if len(order) < m and not any(k in before[k] for k in range(m)):
        circle = _circle(before, set(range(m)) - set(order))
        problems.append(Problem("N070", params={"constructs": " → ".join(called[k] for k in circle)}))
    if problems:
        raise NumericsError(problems)
    all_a: list[Mode] = ["A"] * m
    return PathModel(called, columns, tuple(all_a if modes is None else modes), before, order, anchor)


def _within(predecessors: Mapping[int, Sequence[int]], m: int) -> bool:
    return all(0 <= k < m and all(0 <= j < m for j in before) for k, before in predecessors.items())


def _block_problems(
    blocks: tuple[tuple[int, ...], ...], names: tuple[str, ...], anchors: tuple[int | None, ...]
) -> list[Problem]:
    named = sorted(c for block in blocks for c in block)
    wrong = [names[k] for k, block in enumerate(blocks) if not block]
    wrong += [names[k] for k, anchor in enumerate(anchors) if anchor is not None and anchor not in blocks[k]]
    if not wrong and named == list(range(len(named))):
        return []
    if not wrong:
        seen = {c for c in named if named.count(c) > 1 or not 0 <= c < len(named)}
        wrong = [names[k] for k, block in enumerate(blocks) if seen.intersection(block)]
    last = max(len(named) - 1, 0)
    return [Problem("N073", params={"constructs": ", ".join(wrong), "last": last})]


def _arc_problems(before: tuple[tuple[int, ...], ...], names: tuple[str, ...]) -> list[Problem]:
    own = [names[k] for k, arcs in enumerate(before) if k in arcs]
    problems = [Problem("N071", params={"constructs": ", ".join(own)})] if own else []
    used = {k for k, arcs in enumerate(before) if arcs}.union(*before)
    alone = [name for k, name in enumerate(names) if k not in used]
    if alone:
        problems.append(Problem("N072", params={"constructs": ", ".join(alone)}))
    return problems


def _order(before: tuple[tuple[int, ...], ...]) -> tuple[int, ...]:
    """Order constructs so that predecessors come first; those in or behind a circle are left out."""
    placed: list[int] = []
    waiting = list(range(len(before)))
    while True:
        ready = [k for k in waiting if set(before[k]) <= set(placed)]
        if not ready:
            return tuple(placed)
        placed += ready
        waiting = [k for k in waiting if k not in ready]


def _circle(before: tuple[tuple[int, ...], ...], left: set[int]) -> list[int]:
    """Walk back from any construct that could not be placed until one is met again."""
    walk = [min(left)]
    while walk[-1] not in walk[:-1]:
        walk.append(next(j for j in before[walk[-1]] if j in left))
    return walk[walk.index(walk[-1]) :][::-1]
