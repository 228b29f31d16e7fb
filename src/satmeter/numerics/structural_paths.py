"""Recursive path models: which variable is regressed on which, checked for circles, and the ways through them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

import numpy as np

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import BoolArray


@dataclass(frozen=True, slots=True)
class Paths:
    """A recursive path model of variables 0 … n − 1.

    Attributes
    ----------
    n
        Number of variables.
    predictors
        Outcome to its predictors; outcomes after the outcomes that they depend on.
    """

    n: int
    predictors: Mapping[int, tuple[int, ...]]

    @property
    def outcomes(self) -> tuple[int, ...]:
        """Variables with predictors, each after those it depends on."""
        return tuple(self.predictors)

    @property
    def exogenous(self) -> tuple[int, ...]:
        """Variables without predictors."""
        return tuple(k for k in range(self.n) if k not in self.predictors)

    @property
    def last(self) -> tuple[int, ...]:
        """Outcomes that predict nothing."""
        used = {k for those in self.predictors.values() for k in those}
        return tuple(k for k in sorted(self.predictors) if k not in used)

    @property
    def cells(self) -> tuple[tuple[int, int], ...]:
        """Every (outcome, predictor)."""
        return tuple((outcome, k) for outcome, those in self.predictors.items() for k in those)

    @property
    def mask(self) -> BoolArray:
        """Shape (n, n), whether the row is regressed on the column."""
        mask = np.zeros((self.n, self.n), dtype=np.bool_)
        for cell in self.cells:
            mask[cell] = True
        return mask


def checked_paths(paths: Mapping[int, Sequence[int]], n: int) -> Paths:
    """Check a path model.

    Parameters
    ----------
    paths
        Outcome to its predictors, as numbers.
    n
        Number of variables.

    Returns
    -------
    Paths

    Raises
    ------
    NumericsError
        N091 for every outcome with unknown, repeated or no predictors, and for a model without outcomes; N090 for a
        circle, which includes an outcome that is its own predictor.

    Examples
    --------
    >>> checked_paths({2: (0, 1), 1: (0,)}, 3).outcomes
    (1, 2)
    """
    problems = [] if paths else [Problem("N091", got="{}", params={"last": n - 1})]
    for outcome, those in paths.items():
        known = all(0 <= k < n for k in (outcome, *those))
        if not known or not those or len(set(those)) < len(those):
            problems.append(Problem("N091", got=f"{outcome}: {list(those)}", params={"last": n - 1}))
    if problems:
        raise NumericsError(problems)
    try:
        order = tuple(TopologicalSorter(paths).static_order())
    except CycleError as circle:
        # graphlib lists predictors before outcomes, the first again at the end
        raise NumericsError(Problem("N090", params={"circle": " → ".join(map(str, circle.args[1]))})) from None
    return Paths(n, {k: tuple(paths[k]) for k in order if k in paths})


def ways(paths: Paths, source: int, target: int) -> tuple[tuple[int, ...], ...]:
    """Return every way from one variable to another, the direct one first where it exists, then by length.

    Parameters
    ----------
    paths
        The model.
    source, target
        Variables.

    Returns
    -------
    tuple of tuples
        Variables passed, from source to target.

    Examples
    --------
    >>> ways(checked_paths({2: (0, 1), 1: (0,)}, 3), 0, 2)
    ((0, 2), (0, 1, 2))
    """
    return tuple(sorted(_ways_back(paths, source, target), key=lambda way: (len(way), way)))


def _ways_back(paths: Paths, source: int, target: int) -> Iterator[tuple[int, ...]]:
    for k in paths.predictors.get(target, ()):
        if k == source:
            yield (source, target)
        for way in _ways_back(paths, source, k):
            yield (*way, target)
