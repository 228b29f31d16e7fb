"""Answers made anonymous for release: what is left out, what is coarsened, and in which order the rows stand."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from satmeter.errors import Problem, PublicationError
from satmeter.publication.anonymity import rare_rows, suppressed
from satmeter.questionnaire.model import Questionnaire
from satmeter.questionnaire.yaml_text import Node
from satmeter.responses.model import Responses
from satmeter.study.model import Study
from satmeter.study.release_keys import Microdata, may_be_released

SKIPPED, EMPTY = "(跳过)", "(空)"
"""Cells that `read_responses` takes for a question that was not asked, and for one that was not answered."""

IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class ReleasedAnswers:
    """The answers of the respondents kept, as they are released.

    Attributes
    ----------
    columns
        Column to the cells of all rows, sorted by content, so that the order of the rows says nothing.
    order
        shape (rows,), position of every row in the responses.
    profile
        Columns that k-anonymity was checked over.
    k
        Least number of rows that share any combination of them.
    altered
        Columns that were rounded or in which answers were blanked: figures that rest on them cannot be recomputed.
    blanked
        Column to the number of its answers that were blanked.
    design
        Key of the study's ``design`` to its column here, where it has another name than in the source.
    """

    columns: Mapping[str, tuple[str, ...]]
    order: IntArray
    profile: tuple[str, ...]
    k: int
    altered: tuple[str, ...]
    blanked: Mapping[str, int]
    design: Mapping[str, str] = field(default_factory=dict)

    @property
    def n(self) -> int:
        """Number of rows."""
        return len(self.order)

    @property
    def file(self) -> bytes:
        """The CSV file, UTF-8 with a byte order mark."""
        stream = io.StringIO()
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(self.columns)
        writer.writerows(zip(*self.columns.values(), strict=True))
        return stream.getvalue().encode("utf-8-sig")


def arranged(responses: Responses, order: IntArray) -> Responses:
    """Return the same responses with some rows first, in a given order, and the others behind them as they stood."""
    rest = np.setdiff1d(np.arange(len(responses.frame)), order)
    rows = np.concatenate([order, rest])
    return replace(
        responses,
        frame=responses.frame.iloc[rows],
        missing=responses.missing.iloc[rows],
        other=responses.other.iloc[rows],
        row=responses.row.iloc[rows],
    )


def released_answers(study: Study, wish: Microdata, root: Node) -> ReleasedAnswers:
    """Make the answers of a study anonymous.

    Parameters
    ----------
    study
        The study; the respondents that it keeps are released.
    wish
        What the study file says of microdata.
    root
        The tree of the study file beside the microdata, which names what the figures rest on.

    Returns
    -------
    ReleasedAnswers
        Rows numbered anew after sorting; items as they were answered; questions that may be released and that the
        figures rest on or that are asked for; weights, strata and margins as in the source; clusters as numbers. Texts,
        dates, attention checks and paradata are left out.

    Raises
    ------
    PublicationError
        P015 for a question that weights rest on and that would have to be rounded, P016 when fewer than k respondents
        share a profile, P019 when k is less than the policy's minimum, P030 when they stand out by what is not blanked.
    """
    questionnaire, responses = study.questionnaire, study.responses
    min_n = study.plan.policy.min_n if study.plan.policy else 0
    k = wish.least_shared(min_n)
    if k < min_n:
        about = ("key", "publication.microdata.k")
        raise PublicationError(Problem("P019", study.plan.file, wish.line, about, str(k), params={"min_n": min_n}))
    kept = np.flatnonzero(np.asarray(responses.frame.index.isin(study.frame.index)))
    fixed = frozenset({*_margin_names(study), *_design_names(root).values()})
    named = {*fixed, *(word for e in root.entries if e.key != "publication" for word in _tokens(e.value))}
    questions = [
        q.id
        for q in questionnaire.questions.values()
        if may_be_released(questionnaire, q.id)
        and (q.id in named or q.id in wish.include)
        and q.id not in responses.absent
    ]
    variables = [v for v in questionnaire.variables if v in questionnaire.items or v in questions]
    columns = {name: _cells(questionnaire, responses, name, kept) for name in variables if name not in responses.absent}
    weighed = [name for name in wish.round if name in fixed]
    if weighed:
        about = ("key", "publication.microdata.round")
        raise PublicationError([Problem("P015", study.plan.file, wish.line, about, name) for name in weighed])
    for name in wish.round:
        if name in columns:
            columns[name] = _rounded(columns[name], wish.round[name])
    other = _other_columns(study, root)
    columns |= {name: [str(cell).strip() for cell in responses.other[name].to_numpy()[kept]] for name in other}
    design = _without_names(study, columns) | _with_base_weights(study, columns, kept)
    telling = {*_margin_names(study), _design_names(root).get("strata", "")}
    labels = [name for name in other if name in telling]
    profile = {name: [_plain(c) for c in columns[name]] for name in (*questions, *labels)}
    altered = [name for name in wish.round if name in columns]
    blanked: dict[str, int] = {}
    if wish.suppress:
        found = suppressed(profile, k, fixed=fixed)
        for name, count in found.blanked.items():
            told = zip(columns[name], found.profile[name], strict=True)
            columns[name] = [cell if shown == _plain(cell) else EMPTY for cell, shown in told]
            altered.append(name)
            blanked[name] = count
        profile = {name: list(cells) for name, cells in found.profile.items()}
    rare = int(rare_rows(profile, k).sum())
    if rare:
        params: dict[str, str | int] = {"n": len(kept), "k": k, "questions": ", ".join(profile)}
        about = ("key", "publication.microdata")
        left = ", ".join(name for name in profile if name in fixed) if wish.suppress else ""
        code, params = ("P030", params | {"fixed": left}) if left else ("P016", params)
        raise PublicationError(Problem(code, study.plan.file, wish.line, about, str(rare), params=params))
    _add_marks(columns, responses, kept)
    contents = list(zip(*columns.values(), strict=True))
    order = np.array(sorted(range(len(kept)), key=contents.__getitem__), dtype=np.int64)
    width = len(str(len(kept)))
    ordered = {"respondent": tuple(f"{i + 1:0{width}d}" for i in range(len(kept)))}
    ordered |= {name: tuple(cells[i] for i in order) for name, cells in columns.items()}
    return ReleasedAnswers(ordered, kept[order], tuple(profile), k, tuple(dict.fromkeys(altered)), blanked, design)


def _cells(questionnaire: Questionnaire, responses: Responses, name: str, kept: IntArray) -> list[str]:
    """Return the answers to one variable as text; a missing one as the code, or the mark, that gives its reason."""
    codes: dict[str, str] = {}
    for code in questionnaire.missing_of(name):
        codes.setdefault(str(code.reason), str(code.code))
    codes |= {"not_asked": SKIPPED, "break_off": ""}
    values, reasons = responses.frame[name].to_numpy()[kept], responses.missing[name].to_numpy()[kept]
    return [codes.get(why, EMPTY) if why else _text(value) for value, why in zip(values, reasons, strict=True)]


def _text(value: Any) -> str:
    if isinstance(value, tuple):
        return ";".join(value)
    return repr(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _plain(cell: str) -> str:
    """Return an answer; nothing for a cell without one."""
    return "" if cell in (SKIPPED, EMPTY) else cell


def _rounded(cells: list[str], step: float) -> list[str]:
    return [_text(round(float(c) / step) * step) if _is_number(c) else c for c in cells]


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _tokens(node: Node) -> list[str]:
    """Return every word of a tree: keys and texts, those joined by ``*`` apart."""
    words = node.text.split("*") if node.kind == "scalar" else []
    for entry in node.entries:
        words += [*entry.key.split("*"), *_tokens(entry.value)]
    for item in node.items:
        words += _tokens(item)
    return [word.strip() for word in words]


def _margin_names(study: Study) -> set[str]:
    weighting = study.plan.weighting
    return {part for margin in weighting.margins for part in margin.parts} if weighting is not None else set()


def _design_names(root: Node) -> dict[str, str]:
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


def _other_columns(study: Study, root: Node) -> list[str]:
    """Return the columns of the source that weights and design name; a pattern stands for all that fit it."""
    words = {*_margin_names(study), *(name for name in _design_names(root).values() if name.strip("*?"))}
    return [str(name) for name in study.responses.other.columns if any(fnmatchcase(str(name), w) for w in words)]


def _without_names(study: Study, columns: dict[str, list[str]]) -> dict[str, str]:
    """Give clusters numbers in the order of their labels, and the column a name that says nothing; return it."""
    name = study.plan.design.cluster
    if name is None or name not in columns or name in study.questionnaire.variables:
        return {}
    labels = sorted(set(columns[name]))
    width = len(str(len(labels)))
    number = {label: f"{i + 1:0{width}d}" for i, label in enumerate(labels)}
    columns["cluster"] = [number[label] for label in columns.pop(name)]
    return {"cluster": "cluster"}


def _with_base_weights(study: Study, columns: dict[str, list[str]], kept: IntArray) -> dict[str, str]:
    """Put base weights that were raised for non-response, with cases that are not released, in place of the others."""
    if study.plan.nonresponse is None:
        return {}
    base = study.weights if study.calibrated is None else study.calibrated.frame.base
    weights = pd.Series(base, index=study.frame.index).loc[study.responses.frame.index[kept]]
    columns.pop(study.plan.design.weight or "", None)
    columns["base_weight"] = [repr(float(weight)) for weight in weights]
    return {"weight": "base_weight"}


def _add_marks(columns: dict[str, list[str]], responses: Responses, kept: IntArray) -> None:
    """Add who reached the end of the form, without the time, and that answers were simulated, where they were."""
    stopped = (responses.missing == "break_off").any(axis=1).to_numpy()[kept]
    columns["submitted"] = ["" if broke_off else "1" for broke_off in stopped]
    if responses.simulated:
        columns["simulated"] = ["1"] * len(kept)
