"""Owen values: R² shared out over constructs and, inside every construct, over its items."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import FloatArray, square_stack
from satmeter.numerics.importance import joining_weights, lmg, shapley, subset_sizes
from satmeter.numerics.importance_subsets import MAX_GROUPS, Groups, check_groups, subset_r2

_TABLE_NUMBERS = 1 << 22


@dataclass(frozen=True, slots=True)
class OwenValues:
    """R² shared out in two steps.

    Attributes
    ----------
    items
        shape (..., n_items), in the order of the groups' columns.
    groups
        shape (..., n_groups); each is the sum of its items, and they sum to R².
    """

    items: FloatArray
    groups: FloatArray


def owen(cov: npt.ArrayLike, outcome: int, groups: Groups) -> OwenValues:
    """Share R² out over items that come in groups: the mean gain over the orders that keep groups together.

    Parameters
    ----------
    cov
        shape (..., p, p). Index 0 of the leading axes is the full sample.
    outcome
        Column number of the outcome.
    groups
        One tuple of column numbers a construct, its items.

    Returns
    -------
    OwenValues
        `groups` is ``lmg`` of the groups. In a replicate a column that is constant or a combination of columns that
        entered before adds nothing; where the outcome is constant everything is NaN.

    Raises
    ------
    NumericsError
        N004, N005, N010 as ``lmg``; N082 when the items of a group and the other groups are together more than 24.

    Notes
    -----
    Owen (1977), Values of games with a priori unions. For the items of one group the other groups are either wholly
    in or wholly out, so that a group of m items among K costs 2^(m + K − 1) subsets, not 2^(all items): 8 groups of 8
    items 262,144 instead of 2^64. The subsets of the other groups are averaged with their Shapley weights, and the
    Shapley value of that average is taken inside the group.

    Examples
    --------
    >>> cov = [[1.0, 0.3, 0.3, 0.4], [0.3, 1.0, 0.0, 0.0], [0.3, 0.0, 1.0, 0.0], [0.4, 0.0, 0.0, 1.0]]
    >>> values = owen(cov, 0, ((1, 2), (3,)))
    >>> values.items.round(4).tolist(), values.groups.round(4).tolist()
    ([0.09, 0.09, 0.16], [0.18, 0.16])
    """
    stack = square_stack(cov)
    check_groups(groups, outcome, stack.shape[-1])
    largest = max(len(group) for group in groups) + len(groups) - 1
    if largest > MAX_GROUPS:
        raise NumericsError(Problem("N082", got=str(largest), params={"maximum": MAX_GROUPS}))
    flat = stack.reshape(-1, *stack.shape[-2:])
    whole = lmg(flat, outcome, groups)
    parts = [whole[:, [k]] if len(group) == 1 else _inside(flat, outcome, groups, k) for k, group in enumerate(groups)]
    items = np.concatenate(parts, axis=1)
    lead = stack.shape[:-2]
    return OwenValues(items.reshape(*lead, items.shape[1]), whole.reshape(*lead, len(groups)))


def _inside(flat: FloatArray, outcome: int, groups: Groups, own: int) -> FloatArray:
    """Owen values of the items of one group, shape (b, m)."""
    others = groups[:own] + groups[own + 1 :]
    # branched from the last, so that whole groups are swept out while the stack is small
    players = (*((column,) for column in groups[own]), *others)
    weight = joining_weights(len(groups))[subset_sizes(len(others))]
    step = max(1, _TABLE_NUMBERS >> len(players))
    found = []
    for i in range(0, len(flat), step):
        # the full sample goes along, so that collinear columns are refused there and only there
        table = subset_r2(np.concatenate([flat[:1], flat[i : i + step]]), outcome, players)[:, 1:]
        average = np.einsum("t,stb->sb", weight, table.reshape(-1, len(weight), table.shape[1]))
        found.append(shapley(average))
    return np.concatenate(found)
