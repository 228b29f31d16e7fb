"""The path model of a study, estimated for the sample and its replicates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.errors import Note, NumericsError, Problem
from satmeter.moments import Resampling
from satmeter.numerics.path_higher_order import AnyModel, higher_order, items_model, two_stage_model
from satmeter.numerics.path_model import Mode, PathModel, path_model
from satmeter.numerics.path_replicates import SampleMoments, sample_moments, unit_sums
from satmeter.numerics.path_weights import PathFit, pls
from satmeter.study.model import Study
from satmeter.study.scores import rescaled

FloatArray = npt.NDArray[np.float64]
Model = Mapping[str, tuple[str, ...]]

LEAST = 30
"""Respondents below which no path model is estimated."""

_FAILURES = {"N072": "D148", "N074": "D149", "N075": "D150", "N076": "D151"}
"""What a problem of the numbers becomes, so that the rest of the study is still analysed."""


@dataclass(frozen=True, eq=False)
class PathBase:
    """An estimated path model.

    Attributes
    ----------
    study
        The study.
    names
        Constructs of the model, higher-order ones among them, predecessors first where the model allows.
    items
        Columns of `rows`: items in the order of the constructs; with higher-order constructs those of the first stage.
    rows
        shape (n, p), points 0–100 of the respondents in the model, complete.
    kept
        shape (study.n,), who is in it.
    moments
        Of `rows` for sample and replicates.
    model, fit
        The model, and what was found: of the second stage where there are two.
    columns
        Names of the model's columns: items, or scores of constructs in a higher-order one.
    corr
        Correlations of these columns, sample and replicates.
    stages
        The model in all its stages; `model` itself where there is one.
    items_fit
        The constructs over `rows`: `fit` itself in one stage.
    """

    study: Study
    names: tuple[str, ...]
    items: tuple[str, ...]
    rows: FloatArray
    kept: npt.NDArray[np.bool_]
    moments: SampleMoments
    model: PathModel
    fit: PathFit
    columns: tuple[str, ...]
    corr: FloatArray
    stages: AnyModel
    items_fit: PathFit

    @property
    def n(self) -> int:
        """Respondents in the model."""
        return len(self.rows)

    @property
    def two_stages(self) -> bool:
        """Whether a construct is made of others."""
        return self.columns != self.items

    @property
    def items_model(self) -> PathModel:
        """The constructs over `rows`."""
        return items_model(self.stages)

    @property
    def arrows(self) -> tuple[tuple[int, int], ...]:
        """Paths as numbers of constructs (source, target), outcome by outcome."""
        return tuple((s, t) for t in self.model.order for s in self.model.predecessors[t])


def path_base(study: Study, resampling: Resampling) -> tuple[PathBase | None, tuple[Note, ...]]:
    """Estimate the path model of a study.

    Parameters
    ----------
    study
        `plan.paths` says how; the model is that of the study where it does not say another.
    resampling
        Replicates of this study.

    Returns
    -------
    base
        None where the model cannot be estimated; the notes say why.
    notes
        Questions that are no constructs, items left out, answers filled in.
    """
    structure, notes = _structure(study)
    if not structure:
        return None, (*notes, Note("D140"))
    parts = _parts(study, structure)
    first = [name for group in parts.values() for name in group]
    blocks = {name: _items(study, name) for name in first}
    empty = [name for name, items in blocks.items() if not items]
    if empty:
        return None, (*notes, Note("D141", "", {"constructs": ", ".join(empty)}))
    items = tuple(item for own in blocks.values() for item in own)
    values, filled = _filled(study, blocks)
    kept = np.asarray(~np.isnan(values).any(axis=1) & (study.weights > 0), dtype=np.bool_)
    needed = max(LEAST, len(items) + 2)
    if kept.sum() < needed:
        return None, (*notes, Note("D142", "", {"n": int(kept.sum()), "needed": needed}))
    constant = [item for item, column in zip(items, values[kept].T, strict=True) if column.min() == column.max()]
    if constant:
        return None, (*notes, Note("D143", "", {"items": ", ".join(constant)}))
    filled_in = int(filled[kept].sum())
    notes += [Note("D144", "", {"cells": filled_in, "rule": study.plan.missing.items})] if filled_in else []
    moments = _moments(study, resampling, values, kept)
    try:
        base = _estimated(study, structure, parts, blocks, items, values[kept], kept, moments)
    except NumericsError as error:
        return None, (*notes, *(_failure(problem) for problem in error.problems))
    lost = int((~base.fit.converged[1:]).sum())
    notes += [Note("D146", "", {"n": lost, "of": len(base.fit.converged) - 1})] if lost else []
    return base, tuple(notes)


def _structure(study: Study) -> tuple[dict[str, tuple[str, ...]], list[Note]]:
    """Return outcomes with the constructs that lead to them, and a note on what is no construct."""
    options = study.plan.paths
    chosen = options.model or study.plan.model or study.questionnaire.model
    known = (*study.questionnaire.constructs, *options.higher_order)
    found = {outcome: tuple(n for n in names if n in known) for outcome, names in chosen.items() if outcome in known}
    left = dict.fromkeys(n for names in chosen.values() for n in names if n not in known)
    notes = [Note("D145", ", ".join(left))] if left else []
    return {outcome: names for outcome, names in found.items() if names}, notes


def _parts(study: Study, structure: Model) -> dict[str, tuple[str, ...]]:
    """Return every construct of the model with what it is made of: itself, or other constructs."""
    order = dict.fromkeys(n for outcome, names in structure.items() for n in (*names, outcome))
    return {name: tuple(study.plan.paths.higher_order.get(name, (name,))) for name in order}


def _items(study: Study, construct: str) -> list[str]:
    """Return the items of a construct that anybody answered."""
    names = study.questionnaire.constructs[construct].items
    return [item for item in names if study.frame[item].notna().any()]


def _filled(study: Study, blocks: Mapping[str, list[str]]) -> tuple[FloatArray, npt.NDArray[np.int64]]:
    """Return all items on 0–100, missing answers filled so that the mean is the construct's score; cells filled."""
    parts, filled = [], np.zeros(study.n, dtype=np.int64)
    for construct, items in blocks.items():
        codes = [np.asarray(study.frame[item], dtype=np.float64) for item in items]
        block = np.column_stack([rescaled(c, study.questionnaire, i) for c, i in zip(codes, items, strict=True)])
        missing = np.isnan(block)
        score = np.asarray(study.construct_scores[construct], dtype=np.float64)
        count = missing.sum(axis=1)
        rest = len(items) * score - np.where(missing, 0.0, block).sum(axis=1)
        fill = rest / np.where(count > 0, count, 1)
        parts.append(np.where(missing, fill[:, None], block))
        filled += np.where(np.isnan(score), 0, count)
    return np.column_stack(parts), filled


def _moments(study: Study, resampling: Resampling, values: FloatArray, kept: npt.NDArray[np.bool_]) -> SampleMoments:
    """Reduce the rows that are kept to moments of the sample and of the study's replicates."""
    sums = unit_sums(
        values[kept], weights=study.weights[kept], units=resampling.units[kept], n_units=resampling.n_units
    )
    return sample_moments(sums, resampling.multipliers)


def _estimated(
    study: Study,
    structure: Model,
    parts: Mapping[str, tuple[str, ...]],
    blocks: Mapping[str, list[str]],
    items: tuple[str, ...],
    rows: FloatArray,
    kept: npt.NDArray[np.bool_],
    moments: SampleMoments,
) -> PathBase:
    names = tuple(parts)
    number = {name: j for j, name in enumerate(names)}
    predecessors = {number[outcome]: [number[n] for n in before] for outcome, before in structure.items()}
    first = list(blocks)
    ends = np.cumsum([len(blocks[name]) for name in first]).tolist()
    columns = [tuple(range(end - len(blocks[name]), end)) for name, end in zip(first, ends, strict=True)]
    modes = [_mode(study, name) for name in first]
    corr = moments.corr
    scheme = study.plan.paths.scheme
    if all(len(own) == 1 for own in parts.values()):
        model = path_model(columns, predecessors, modes=modes, names=first)
        fit = pls(corr, model, scheme=scheme)
        return PathBase(study, names, items, rows, kept, moments, model, fit, items, corr, model, fit)
    place = {name: j for j, name in enumerate(first)}
    made_of = [[place[name] for name in own] for own in parts.values()]
    upper: list[Mode] = [_mode(study, own[0]) if len(own) == 1 else "A" for own in parts.values()]
    stages = two_stage_model(
        columns, made_of, predecessors, modes=upper, names=names, part_modes=modes, part_names=first
    )
    found = higher_order(corr, stages, scheme=scheme)
    labels = tuple(c for name, own in parts.items() for c in (blocks[name] if len(own) == 1 else own))
    return PathBase(
        study,
        names,
        items,
        rows,
        kept,
        moments,
        stages.second,
        found.second,
        labels,
        found.second_corr,
        stages,
        found.items,
    )


def _mode(study: Study, construct: str) -> Mode:
    return "B" if study.questionnaire.constructs[construct].mode == "formative" else "A"


def _failure(problem: Problem) -> Note:
    """Return the note that says why there is no path model."""
    keys = ("constructs", "outcome")
    params = {key: str(problem.params[key]) for key in keys if key in problem.params}
    code = _FAILURES.get(problem.code)
    return Note(code, "", params) if code else Note("D147", "", {"code": problem.code})
