"""The key ``trees`` of a study file: nodes made of constructs, items and other nodes by stated weights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from satmeter.questionnaire.model import Questionnaire
from satmeter.questionnaire.spec import Collector, Field, listed, parse_number, read_fields
from satmeter.questionnaire.yaml_text import Node, quoted
from satmeter.study.check_plan import circle_of, line_of
from satmeter.study.composed_scores import MissingLeaf, Tree, TreeKind
from satmeter.study.plan import Plan
from satmeter.study.verbatim_keys import UNDETERMINED, read_label

SLACK = 1e-6
"""Weights of a node may miss 1 by what decimal numbers miss."""

_TREE = {
    "label": Field("any"),
    "weights_from": Field("any"),
    "missing": Field("string", choices=("rescale", "stop")),
    "kind": Field("string", choices=("index", "journey")),
    "of": Field("map", required=True),
}


def read_trees(node: Node | None, collector: Collector) -> tuple[Tree, ...]:
    """Read ``trees``.

    Parameters
    ----------
    node
        The key's map; None when it is absent.
    collector
        Takes the problems of `read_fields`, Q026 and Q029 for weights that are no numbers or negative, S064 and S088
        for weights that do not sum to 1, S067 for weights without a source.

    Returns
    -------
    tuple of Tree
        In the order of the file.
    """
    return tuple(_tree(entry.key, entry.line, entry.value, collector) for entry in (node.entries if node else ()))


def _tree(name: str, line: int, node: Node, collector: Collector) -> Tree:
    about = ("key", f"trees.{name}")
    fields = read_fields(node, _TREE, collector, about=about)
    source = _source(fields.node("weights_from"), about, collector)
    if not source:
        collector.error("S067", fields.lines.get("weights_from", line), about=about)
    weights = _weights(fields.node("of"), about, collector)
    return Tree(
        id=name,
        of=weights,
        weights_from=source,
        label=read_label(fields.node("label"), name, about, collector),
        missing=cast(MissingLeaf, fields.string("missing", "rescale")),
        kind=cast(TreeKind, fields.string("kind", "index")),
        line=line,
    )


def _source(node: Node | None, about: tuple[str, str], collector: Collector) -> str | dict[str, str]:
    """Return a text, or one in every language; empty where there is none."""
    if node is None or node.is_null or node.kind == "scalar":
        return node.text.strip() if node else ""
    return read_label(node, "", about, collector)


def _weights(node: Node | None, about: tuple[str, str], collector: Collector) -> dict[str, float]:
    weights: dict[str, float] = {}
    if node is None:
        return weights
    for entry in node.entries:
        number = parse_number(entry.value.text.strip()) if entry.value.kind == "scalar" else None
        got = f"{entry.key}: {entry.value.shown()}"
        if number is None:
            collector.error("Q026", entry.line, about=about, got=got)
        elif number < 0:
            collector.error("Q029", entry.line, about=about, got=got, params={"low": "0", "high": "1"})
        else:
            weights[entry.key] = number
    total = sum(weights.values())
    if len(weights) == len(node.entries) and abs(total - 1) > SLACK:
        percent = abs(total - 100) <= 100 * SLACK
        collector.error("S064" if percent else "S088", node.line, about=about, got=f"{total:.6g}")
    return weights


def check_trees(plan: Plan, questionnaire: Questionnaire, root: Node, collector: Collector) -> None:
    """Hold the trees against the questionnaire and against each other.

    Parameters
    ----------
    plan
        As read so far.
    questionnaire
        The one that the plan names.
    root
        The study file's tree, for the lines.
    collector
        Takes S065 for a node called like something of the questionnaire, S068 for a name at two places of one tree,
        S089 for a circle, S090 for a name that is nothing, Q035 for labels in other languages.
    """
    trees = {tree.id: tree for tree in plan.trees}
    leaves = (*questionnaire.constructs, *questionnaire.items)
    taken = {*leaves, *questionnaire.questions}
    for tree in plan.trees:
        about = ("key", f"trees.{tree.id}")
        if tree.id in taken:
            collector.error("S065", tree.line, about=about, got=quoted(tree.id))
        for name in tree.of:
            if name not in trees and name not in leaves:
                allowed = (*(other for other in trees if other != tree.id), *leaves)
                collector.error(
                    "S090",
                    line_of(root, "trees", tree.id, "of", name),
                    about=about,
                    got=quoted(name),
                    suggestion=collector.nearest(name, allowed),
                    params={"choices": listed(allowed)},
                )
        for language in tree.label:
            if language not in (*questionnaire.languages, UNDETERMINED):
                collector.error(
                    "Q035",
                    line_of(root, "trees", tree.id, "label", language),
                    about=about,
                    got=quoted(language),
                    suggestion=collector.nearest(language, questionnaire.languages),
                    params={"choices": listed(questionnaire.languages)},
                )
    _check_shape(trees, root, collector)


def _check_shape(trees: Mapping[str, Tree], root: Node, collector: Collector) -> None:
    inner = {tree.id: tuple(name for name in tree.of if name in trees) for tree in trees.values()}
    circle = circle_of(inner)
    if circle:
        line = line_of(root, "trees", circle[0], "of", circle[1])
        params = {"circle": " → ".join(circle)}
        collector.error("S089", line, about=("key", f"trees.{circle[0]}"), got=quoted(circle[1]), params=params)
        return
    for top in roots(trees):
        place: dict[str, str] = {}
        waiting = [top]
        while waiting:
            parent = waiting.pop(0)
            for name in trees[parent].of:
                if name in place:
                    line = line_of(root, "trees", parent, "of", name)
                    params = {"other": place[name]}
                    collector.error("S068", line, about=("key", f"trees.{parent}"), got=quoted(name), params=params)
                    continue
                place[name] = parent
                if name in trees:
                    waiting.append(name)


def roots(trees: Mapping[str, Tree]) -> tuple[str, ...]:
    """Return the trees that no other one names, in the order of the file.

    Examples
    --------
    >>> roots({"touch": Tree("touch", {"bill": 1.0}), "all": Tree("all", {"touch": 1.0})})
    ('all',)
    """
    named = {name for tree in trees.values() for name in tree.of}
    return tuple(name for name in trees if name not in named)
