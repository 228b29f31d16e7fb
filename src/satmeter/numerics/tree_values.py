"""Values of indicator trees: every node the weighted mean of what stands under it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import BoolArray, FloatArray, IntArray
from satmeter.numerics.tails import t_tail


@dataclass(frozen=True, eq=False)
class TreeShape:
    """A tree of m nodes, each after its parent.

    Attributes
    ----------
    parent
        shape (m,), place of every node's parent; −1 for the root, which stands first.
    weight
        shape (m,), of the node in its parent; those of one parent sum to 1. That of the root is not used.
    leaf
        shape (m,), column of the leaf's values; −1 for a node that others stand under.
    stop
        shape (m,), whether a node has no value when one of its children has none, in place of sharing that one's weight
        out over the others.
    """

    parent: IntArray
    weight: FloatArray
    leaf: IntArray
    stop: BoolArray


@dataclass(frozen=True, eq=False)
class TreeValues:
    """Values of all nodes.

    Attributes
    ----------
    value
        shape (..., m), NaN where there is none.
    weight
        shape (m,), as used: of a parent with missing children the others' weights divided by their sum; 0 for a node
        without a value.
    share
        shape (m,), part in the root's value: product of the weights used on the way. NaN where node or root has no
        value. The sum over leaves of share × value is the root's value.
    """

    value: FloatArray
    weight: FloatArray
    share: FloatArray


def tree_values(leaves: npt.ArrayLike, shape: TreeShape) -> TreeValues:
    """Roll leaves up to the root.

    Parameters
    ----------
    leaves
        shape (..., columns), at least one leading axis, whose first entry is the sample. Which leaves are missing is
        what is NaN there.
    shape
        The tree.

    Returns
    -------
    TreeValues
        A replicate that lacks a leaf which the sample has is NaN in all nodes above that leaf, so that replicates
        estimate what the sample does.

    Raises
    ------
    NumericsError
        N010 for a parent that stands after its child, or arrays of different lengths.

    Examples
    --------
    >>> parent, leaf = np.array([-1, 0, 0, 2, 2]), np.array([-1, 0, -1, 1, 2])
    >>> tree = TreeShape(parent, np.array([1, 0.5, 0.5, 0.4, 0.6]), leaf, np.zeros(5, dtype=bool))
    >>> tree_values([[60.0, 70.0, 80.0]], tree).value
    array([[68., 60., 76., 70., 80.]])
    >>> tree_values([[60.0, np.nan, 80.0]], tree).value
    array([[70., 60., 80., nan, 80.]])
    """
    columns = np.asarray(leaves, dtype=np.float64)
    _check(columns, shape)
    sample = columns.reshape(-1, columns.shape[-1])[0]
    used, present = _used_weights(np.isfinite(sample), shape)
    m = len(shape.parent)
    value = np.full((*columns.shape[:-1], m), np.nan)
    is_leaf = shape.leaf >= 0
    value[..., is_leaf] = columns[..., shape.leaf[is_leaf]]
    value[..., present & ~is_leaf] = 0.0
    for node in range(m - 1, 0, -1):
        if used[node] > 0:
            value[..., shape.parent[node]] += used[node] * value[..., node]
    share = np.full(m, np.nan)
    share[0] = 1.0
    for node in range(1, m):
        share[node] = share[shape.parent[node]] * used[node]
    return TreeValues(value, used, np.where(present & present[0], share, np.nan))


def _check(columns: FloatArray, shape: TreeShape) -> None:
    m = len(shape.parent)
    lengths = {m, len(shape.weight), len(shape.leaf), len(shape.stop)}
    ordered = m > 0 and bool((shape.parent < np.arange(m)).all()) and bool((shape.parent[1:] >= 0).all())
    if columns.ndim < 2 or len(lengths) > 1 or not ordered or shape.leaf.max() >= columns.shape[-1]:
        got = f"{columns.shape}, {sorted(lengths)}"
        raise NumericsError(Problem("N010", got=got, params={"expected": "(..., columns), a tree of m nodes"}))


def _used_weights(answered: BoolArray, shape: TreeShape) -> tuple[FloatArray, BoolArray]:
    """Return the weights after sharing out, and which nodes have a value; a child of weight 0 is not asked."""
    m = len(shape.parent)
    present = np.zeros(m, dtype=np.bool_)
    used = np.zeros(m)
    used[0] = 1.0
    for node in range(m - 1, -1, -1):
        if shape.leaf[node] >= 0:
            present[node] = answered[shape.leaf[node]]
            continue
        children = np.flatnonzero(shape.parent == node)
        counted = children[present[children]]
        total = shape.weight[counted].sum()
        missing = bool((shape.weight[np.setdiff1d(children, counted)] > 0).any())
        present[node] = total > 0 and not (missing and shape.stop[node])
        if present[node]:
            used[counted] = shape.weight[counted] / (total if missing else 1.0)
    return used, present


def surely_lowest(estimate: npt.ArrayLike, covariance: npt.ArrayLike, df: float, conf_level: float = 0.95) -> bool:
    """Tell whether the lowest of several estimates is surely lower than each of the others.

    Parameters
    ----------
    estimate
        shape (k,).
    covariance
        shape (k, k), theirs: the same respondents may stand behind several.
    df
        Degrees of freedom of the differences.
    conf_level
        1 less the chance of a false claim.

    Returns
    -------
    bool
        False with fewer than two estimates, and where a difference has no standard error.

    Notes
    -----
    Each difference from the lowest is tested on both sides at the level. That the lowest was chosen by looking needs
    no correction: the winner against each other one at a two-sided level keeps that level (Gutmann and Maymin 1987,
    Annals of Statistics 15, 456–461; Hung and Fithian 2019, Annals of Statistics 47, 758–782).

    Examples
    --------
    >>> surely_lowest([50.0, 60.0, 70.0], np.eye(3), 100), surely_lowest([50.0, 52.0, 70.0], np.eye(3), 100)
    (True, False)
    """
    value, v = np.asarray(estimate, dtype=np.float64), np.asarray(covariance, dtype=np.float64)
    if len(value) < 2 or not np.isfinite(value).all():
        return False
    lowest = int(np.argmin(value))
    others = np.delete(np.arange(len(value)), lowest)
    variance = v[lowest, lowest] + np.diagonal(v)[others] - 2 * v[lowest, others]
    error = np.sqrt(np.where(variance > 0, variance, np.nan))
    return bool((t_tail((value[others] - value[lowest]) / error, df) < 1 - conf_level).all())
