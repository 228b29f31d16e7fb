"""Indicator trees and journeys: scores made of scores by stated weights, overall and by group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from satmeter.errors import Note
from satmeter.measurement.degrees import design_df
from satmeter.measurement.plain import plain
from satmeter.measurement.scores import group_masks
from satmeter.measurement.tree_rows import TreeRow, Trees
from satmeter.moments import Resampling, mean_stack
from satmeter.numerics.intervals import t_interval
from satmeter.numerics.tree_values import TreeShape, TreeValues, surely_lowest, tree_values
from satmeter.study.composed_scores import Tree
from satmeter.study.model import Study
from satmeter.study.tree_keys import roots

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


@dataclass(slots=True)
class _Nodes:
    """One tree laid out: every node behind its parent, children in the order of the study file."""

    tree: Tree
    names: list[str] = field(default_factory=list)
    parent: list[int] = field(default_factory=list)
    weight: list[float] = field(default_factory=list)
    level: list[int] = field(default_factory=list)
    place: list[int] = field(default_factory=list)
    leaf: list[int] = field(default_factory=list)
    stop: list[bool] = field(default_factory=list)

    @property
    def shape(self) -> TreeShape:
        return TreeShape(*(np.array(part) for part in (self.parent, self.weight, self.leaf, self.stop)))

    def below(self, node: int) -> list[int]:
        """Return the columns of the leaves at and below a node."""
        if self.leaf[node] >= 0:
            return [self.leaf[node]]
        return [c for child, parent in enumerate(self.parent) if parent == node for c in self.below(child)]

    @property
    def candidates(self) -> list[int]:
        """Return the nodes among which the weakest is looked for: leaves, or the touchpoints of a journey."""
        if self.tree.kind == "journey":
            return [node for node, parent in enumerate(self.parent) if parent == 0]
        return [node for node, leaf in enumerate(self.leaf) if leaf >= 0]


@dataclass(frozen=True, eq=False)
class _Group:
    """Respondents whose trees are made: their answers to the leaves, replicates first."""

    group_by: str
    group: str
    mask: BoolArray
    stack: FloatArray  # (1 + replicates, leaves)

    @property
    def name(self) -> str:
        return f"{self.group_by}[{self.group}]" if self.group_by else ""


def tree_rows(study: Study, resampling: Resampling) -> Trees:
    """Make the trees of the plan, overall and in every group.

    Parameters
    ----------
    study, resampling
        The study and its replicates. Weights are probability weights; a leaf's value is the mean over those who
        answered it.

    Returns
    -------
    Trees
        Every tree that no other one names, node by node. Nothing without ``trees`` in the plan.

    Notes
    -----
    A node's replicates are the weighted sums of its leaves', so that its standard error knows that the same
    respondents answered several leaves. Degrees of freedom: units less strata of those who answered any leaf below it.
    Intervals are cut at 0 and 100. Where nobody answered a leaf, the node's rule for missing leaves decides.
    """
    trees = {tree.id: tree for tree in study.plan.trees}
    if not trees:
        return Trees()
    columns: dict[str, int] = {}
    laid_out = [_laid_out(trees, top, columns) for top in roots(trees)]
    values = np.column_stack([_leaf_values(study, name) for name in columns])
    resampling = resampling.for_scores
    everybody = [("", "", np.ones(study.n, dtype=np.bool_))]
    masks = everybody + [(by, name, mask) for by in study.plan.groups for name, mask in group_masks(study, by)]
    groups = [
        _Group(by, name, used, mean_stack(resampling, values, rows=used))
        for by, name, mask in masks
        for used in [mask & (study.weights > 0)]
    ]
    rows: list[TreeRow] = []
    notes: list[Note] = []
    for nodes in laid_out:
        notes += _cost_note(study, nodes)
        made = [tree_values(group.stack, nodes.shape) for group in groups]
        for group, found in zip(groups, made, strict=True):
            rows += _rows(study, resampling, nodes, group, values, found)
        notes += _missing_notes(nodes, groups, made)
    return Trees(tuple(rows), tuple(notes), {tree.id: tree.label for tree in trees.values()})


def _laid_out(trees: Mapping[str, Tree], top: str, columns: dict[str, int]) -> _Nodes:
    nodes = _Nodes(trees[top])

    def add(name: str, parent: int, weight: float, place: int) -> None:
        here = len(nodes.names)
        tree = trees.get(name)
        nodes.names.append(name)
        nodes.parent.append(parent)
        nodes.weight.append(weight)
        nodes.level.append(nodes.level[parent] + 1 if parent >= 0 else 0)
        nodes.place.append(place)
        nodes.leaf.append(columns.setdefault(name, len(columns)) if tree is None else -1)
        nodes.stop.append(tree is not None and tree.missing == "stop")
        for number, (child, part) in enumerate(tree.of.items() if tree else (), start=1):
            add(child, here, part, number)

    add(top, -1, 1.0, 1)
    return nodes


def _leaf_values(study: Study, name: str) -> FloatArray:
    """Return every respondent's value of a leaf, 0–100, higher is better."""
    questionnaire = study.questionnaire
    if name in questionnaire.constructs:
        values = np.asarray(study.construct_scores[name], dtype=np.float64)
    else:
        scale = questionnaire.scales[questionnaire.items[name].scale]
        values = 100 * (np.asarray(study.frame[name], dtype=np.float64) - scale.low) / (scale.high - scale.low)
    return 100 - values if _is_cost(study, name) else values


def _is_cost(study: Study, name: str) -> bool:
    item = study.questionnaire.items.get(name)
    return study.questionnaire.constructs[item.construct if item else name].role == "cost"


def _rows(
    study: Study, resampling: Resampling, nodes: _Nodes, group: _Group, values: FloatArray, found: TreeValues
) -> list[TreeRow]:
    errors = resampling.std_error(found.value)
    estimates = [
        _estimate(study, group, values, nodes.below(node), found.value[0, node], error)
        for node, error in enumerate(errors)
    ]
    weakest, certain = _weakest(study, resampling, nodes, group, values, found)
    return [
        TreeRow(
            root=nodes.tree.id,
            node=name,
            parent=nodes.names[nodes.parent[node]] if node else "",
            kind=nodes.tree.kind,
            level=nodes.level[node],
            place=nodes.place[node],
            leaf=nodes.leaf[node] >= 0,
            weight=nodes.weight[node],
            group_by=group.group_by,
            group=group.group,
            estimate=plain(found.value[0, node]),
            std_error=plain(one.std_error),
            conf_low=plain(one.conf_low),
            conf_high=plain(one.conf_high),
            df=plain(one.df),
            n=one.n,
            share=plain(found.share[node]),
            contribution=plain(found.share[node] * found.value[0, node]),
            weakest=node in weakest,
            certain=node in weakest and certain,
        )
        for node, (name, one) in enumerate(zip(nodes.names, estimates, strict=True))
    ]


@dataclass(frozen=True, slots=True)
class _Estimate:
    std_error: float
    conf_low: float
    conf_high: float
    df: float
    n: int


def _answered(group: _Group, values: FloatArray, columns: Sequence[int]) -> BoolArray:
    return group.mask & ~np.isnan(values[:, columns]).all(axis=1)


def _estimate(
    study: Study, group: _Group, values: FloatArray, columns: list[int], value: float, error: float
) -> _Estimate:
    """Return what is known of a node's error; nothing where all answers are equal, or one respondent gave them."""
    rows = _answered(group, values, columns)
    n = int(rows.sum())
    df = design_df(study, rows) if n > 1 else np.nan
    known = _vary(values[group.mask][:, columns]) and df > 0 and bool(np.isfinite(value))
    error = error if known else np.nan
    low, high = t_interval(value, error, df, study.plan.uncertainty.conf_level)
    return _Estimate(error, max(float(low), 0.0), min(float(high), 100.0), df if known else np.nan, n)


def _vary(block: FloatArray) -> bool:
    """Tell whether any column has two different answers."""
    seen = ~np.isnan(block)
    low = np.where(seen, block, np.inf).min(axis=0, initial=np.inf)
    high = np.where(seen, block, -np.inf).max(axis=0, initial=-np.inf)
    return bool((low < high).any())


def _weakest(
    study: Study, resampling: Resampling, nodes: _Nodes, group: _Group, values: FloatArray, found: TreeValues
) -> tuple[list[int], bool]:
    """Return the lowest candidates (several when equal), and whether it is surely below each other one."""
    candidates = [node for node in nodes.candidates if np.isfinite(found.share[node]) and found.share[node] > 0]
    if len(candidates) < 2:
        return [], False
    sample = found.value[0, candidates]
    lowest = [node for node, value in zip(candidates, sample, strict=True) if value <= sample.min() + 1e-9]
    rows = _answered(group, values, [c for node in candidates for c in nodes.below(node)])
    df = design_df(study, rows)
    covariance = resampling.covariance(found.value[:, candidates])
    sure = len(lowest) == 1 and surely_lowest(sample, covariance, df, study.plan.uncertainty.conf_level)
    return lowest, sure


def _cost_note(study: Study, nodes: _Nodes) -> list[Note]:
    costs = [name for name, leaf in zip(nodes.names, nodes.leaf, strict=True) if leaf >= 0 and _is_cost(study, name)]
    return [Note("M255", nodes.tree.id, {"leaves": ", ".join(costs)})] if costs else []


def _missing_notes(nodes: _Nodes, groups: Sequence[_Group], made: Sequence[TreeValues]) -> list[Note]:
    """Say of every node where which of its children are missing and what that did to it, groups taken together."""
    told: dict[tuple[str, str, str], list[str]] = {}
    for group, found in zip(groups, made, strict=True):
        for node, name in enumerate(nodes.names):
            if nodes.leaf[node] >= 0:
                continue
            children = [c for c, parent in enumerate(nodes.parent) if parent == node and nodes.weight[c] > 0]
            gone = [nodes.names[c] for c in children if np.isnan(found.value[0, c])]
            if gone:
                rule = "rescale" if np.isfinite(found.value[0, node]) else "stop"
                told.setdefault((name, rule, ", ".join(gone)), []).append(group.name)
    notes = []
    for (name, rule, leaves), where in told.items():
        if where[0] == "":  # missing in the sample, hence everywhere
            notes.append(Note("M243" if rule == "rescale" else "M244", name, {"leaves": leaves}))
        else:
            code = "M256" if rule == "rescale" else "M257"
            notes.append(Note(code, name, {"leaves": leaves, "groups": ", ".join(where)}))
    return notes
