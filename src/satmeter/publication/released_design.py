"""Weights, strata, clusters and margins of the answers that are released."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase

import numpy as np
import numpy.typing as npt
import pandas as pd

from satmeter.questionnaire.yaml_text import Node
from satmeter.study.model import Study

IntArray = npt.NDArray[np.int64]

TELLING = ("strata", "population")
"""Keys of ``design`` whose columns say where a respondent was drawn."""


def margin_names(study: Study) -> set[str]:
    """Return the questions and columns that margins are given of."""
    weighting = study.plan.weighting
    return {part for margin in weighting.margins for part in margin.parts} if weighting is not None else set()


def design_names(root: Node) -> dict[str, str]:
    """Return the columns that ``design`` names: key to name or pattern, those of replicate weights with a number."""
    design = root.get("design")
    if design is None or design.kind != "map":
        return {}
    names = {entry.key: entry.value.text.strip() for entry in design.entries if entry.value.kind == "scalar"}
    replicates = design.get("replicates")
    columns = replicates.get("columns") if replicates is not None and replicates.kind == "map" else None
    if columns is not None:
        nodes = (columns,) if columns.kind == "scalar" else columns.items
        names |= {f"replicates.{i}": node.text.strip() for i, node in enumerate(nodes)}
    return names


def other_columns(study: Study, root: Node) -> list[str]:
    """Return the columns of the source that weights and design name; a pattern stands for all that fit it."""
    words = {*margin_names(study), *(name for name in design_names(root).values() if name.strip("*?"))}
    return [str(name) for name in study.responses.other.columns if any(fnmatchcase(str(name), w) for w in words)]


def labels_of(study: Study, root: Node, columns: Sequence[str]) -> list[str]:
    """Return those of some columns that say something of a respondent: margins, strata, sizes of strata."""
    design = design_names(root)
    telling = {*margin_names(study), *(design.get(key, "") for key in TELLING)}
    return [name for name in columns if name in telling]


def with_base_weights(study: Study, columns: dict[str, list[str]], kept: IntArray) -> dict[str, str]:
    """Put base weights that were raised for non-response, with cases that are not released, in place of the others.

    Returned are the keys of ``design`` with their columns; a key without a column is left out of the study file.
    """
    if study.plan.nonresponse is None:
        return {}
    base = study.weights if study.calibrated is None else study.calibrated.frame.base
    weights = pd.Series(base, index=study.frame.index).loc[study.responses.frame.index[kept]]
    columns.pop(study.plan.design.base or "", None)
    columns["base_weight"] = [repr(float(weight)) for weight in weights]
    return {"weight": "base_weight"} | ({"probability": ""} if study.plan.design.probability else {})


def weight_column(study: Study, design: Mapping[str, str], columns: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the column with the weights that respondents were drawn with, where there is one."""
    name = design.get("weight") or study.plan.design.base
    return [name] if name is not None and name in columns else []


def numbered_clusters(study: Study, columns: dict[str, list[str]]) -> dict[str, str]:
    """Give clusters numbers, and the column a name that says nothing; return label to number.

    Numbers follow what was answered in a cluster and not its label, for whoever knows the list of clusters knows the
    order of their labels. Clusters in which the same was answered can be exchanged.
    """
    name = study.plan.design.cluster
    if name is None or name not in columns or name in study.questionnaire.variables:
        return {}
    labels = columns.pop(name)
    answered: dict[str, list[tuple[str, ...]]] = {}
    for label, row in zip(labels, zip(*columns.values(), strict=True), strict=True):
        answered.setdefault(label, []).append(row)
    order = sorted(answered, key=lambda label: sorted(answered[label]))
    width = len(str(len(order)))
    number = {label: f"{i + 1:0{width}d}" for i, label in enumerate(order)}
    columns["cluster"] = [number[label] for label in labels]
    return number
