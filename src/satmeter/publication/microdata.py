"""Answers made anonymous for release: what is left out, what is coarsened, and in which order the rows stand."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from satmeter.errors import Problem, PublicationError
from satmeter.publication.anonymity import BLANK, rare_rows, suppressed
from satmeter.publication.profile import EMPTY, ROUTE, SKIPPED, profile_of
from satmeter.publication.released_design import (
    design_names,
    labels_of,
    margin_names,
    numbered_clusters,
    other_columns,
    weight_column,
    with_base_weights,
)
from satmeter.questionnaire.model import Questionnaire
from satmeter.questionnaire.yaml_text import Node
from satmeter.responses import Responses, read_responses
from satmeter.study.model import Study
from satmeter.study.release_keys import Microdata, may_be_released

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
    altered_cells
        Question to the number of its answers that were rounded to another number or blanked, of every altered one.
    blanked
        Column to the number of its answers that were blanked.
    design
        Key of the study's ``design`` to its column here, where it has another name than in the source.
    clusters
        Label of every cluster in the source to its number here.
    items
        Columns with answers to items.
    """

    columns: Mapping[str, tuple[str, ...]]
    order: IntArray
    profile: tuple[str, ...]
    k: int
    altered_cells: Mapping[str, int]
    blanked: Mapping[str, int]
    design: Mapping[str, str] = field(default_factory=dict)
    clusters: Mapping[str, str] = field(default_factory=dict)
    items: tuple[str, ...] = ()

    @property
    def altered(self) -> tuple[str, ...]:
        """Columns that were rounded or in which answers were blanked."""
        return tuple(self.altered_cells)

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


def as_released(study: Study, answers: ReleasedAnswers) -> Responses:
    """Return the responses as they are released, and behind them those that are not.

    Answers are blanked and rounded and clusters numbered, so that what is computed from them is what everybody computes
    from the microdata: figures of the true answers, less those of the released ones, would tell the answers of the few
    respondents who were blanked.
    """
    moved = arranged(study.responses, answers.order)
    frame, missing, other = moved.frame.copy(), moved.missing.copy(), moved.other.copy()
    with tempfile.TemporaryDirectory(prefix="satmeter-") as place:
        path = Path(place) / "answers.csv"
        path.write_bytes(answers.file)
        again = read_responses(path, study.questionnaire)
    for name in answers.altered:
        frame[name] = np.concatenate([again.frame[name].to_numpy(), frame[name].to_numpy()[answers.n :]])
        missing[name] = np.concatenate([again.missing[name].to_numpy(), missing[name].to_numpy()[answers.n :]])
    column = study.plan.design.cluster
    if column is not None and answers.clusters:
        texts = other[column].astype(object)
        other[column] = texts.map(lambda label: answers.clusters.get(str(label).strip(), label))
    return replace(moved, frame=frame, missing=missing, other=other)


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
        share a profile, P019 when k is less than the policy's minimum, P030 when they stand out by what is not blanked,
        P032 when they do by their weights.
    """
    k = _least_shared(study, wish)
    kept = np.flatnonzero(np.asarray(study.responses.frame.index.isin(study.frame.index)))
    fixed = frozenset({*margin_names(study), *design_names(root).values(), ROUTE})
    columns, questions = _asked(study, wish, root, kept, fixed)
    true = {name: list(cells) for name, cells in columns.items()}
    for name in (name for name in wish.round if name in columns):
        columns[name] = _rounded(study.responses, name, wish.round[name], kept, columns[name])
    other = other_columns(study, root)
    columns |= {name: [str(cell).strip() for cell in study.responses.other[name].to_numpy()[kept]] for name in other}
    design = with_base_weights(study, columns, kept)
    names = [*questions, *labels_of(study, root, other)]
    blanked = _blank(columns, names, k, fixed) if wish.suppress else {}
    changed = {
        n: sum(a != b for a, b in zip(cells, columns[n], strict=True)) for n, cells in true.items() if n in columns
    }
    changed = {name: count for name, count in changed.items() if count}
    _complain(study, wish, columns, names, k, fixed)
    weights = weight_column(study, design, columns) if wish.weights == "checked" else []
    names += weights
    rare = int(rare_rows(profile_of(columns, names), k).sum()) if weights else 0
    if rare:
        params: dict[str, str | int] = {"n": len(kept), "k": k, "weights": ", ".join(weights)}
        about = ("key", "publication.microdata")
        raise PublicationError(Problem("P032", study.plan.file, wish.line, about, str(rare), params=params))
    clusters = numbered_clusters(study, columns)
    design |= {"cluster": "cluster"} if clusters else {}
    _add_marks(columns, study.responses, kept)
    contents = list(zip(*columns.values(), strict=True))
    order = np.array(sorted(range(len(kept)), key=contents.__getitem__), dtype=np.int64)
    width = len(str(len(kept)))
    ordered = {"respondent": tuple(f"{i + 1:0{width}d}" for i in range(len(kept)))}
    ordered |= {name: tuple(cells[i] for i in order) for name, cells in columns.items()}
    return ReleasedAnswers(
        ordered,
        kept[order],
        tuple(names),
        k,
        changed,
        blanked,
        design,
        clusters,
        tuple(name for name in study.questionnaire.items if name in columns),
    )


def _least_shared(study: Study, wish: Microdata) -> int:
    """Return k, or complain when the policy wants more."""
    min_n = study.plan.policy.min_n if study.plan.policy else 0
    k = wish.least_shared(min_n)
    if k < min_n:
        about = ("key", "publication.microdata.k")
        raise PublicationError(Problem("P019", study.plan.file, wish.line, about, str(k), params={"min_n": min_n}))
    return k


def _asked(
    study: Study, wish: Microdata, root: Node, kept: IntArray, fixed: frozenset[str]
) -> tuple[dict[str, list[str]], list[str]]:
    """Return the answers to items and released questions as text, and the names of these questions."""
    questionnaire, responses = study.questionnaire, study.responses
    weighed = [name for name in wish.round if name in fixed]
    if weighed:
        about = ("key", "publication.microdata.round")
        raise PublicationError([Problem("P015", study.plan.file, wish.line, about, name) for name in weighed])
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
    return columns, questions


def _blank(columns: dict[str, list[str]], names: list[str], k: int, fixed: frozenset[str]) -> dict[str, int]:
    """Blank answers of rare rows; return how many of every question."""
    before = profile_of(columns, names)
    found = suppressed(before, k, fixed=fixed)
    for name in found.blanked:
        told = zip(columns[name], before[name], found.profile[name], strict=True)
        columns[name] = [EMPTY if shown == BLANK != was else cell for cell, was, shown in told]
    return dict(found.blanked)


def _complain(
    study: Study, wish: Microdata, columns: Mapping[str, list[str]], names: list[str], k: int, fixed: frozenset[str]
) -> None:
    """Stop where somebody stands out."""
    profile = profile_of(columns, names)
    rare = int(rare_rows(profile, k).sum())
    if rare:
        n = len(next(iter(profile.values())))
        params: dict[str, str | int] = {"n": n, "k": k, "questions": ", ".join(profile)}
        left = ", ".join(name for name in profile if name in fixed) if wish.suppress else ""
        code, params = ("P030", params | {"fixed": left}) if left else ("P016", params)
        about = ("key", "publication.microdata")
        raise PublicationError(Problem(code, study.plan.file, wish.line, about, str(rare), params=params))


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


def _rounded(responses: Responses, name: str, step: float, kept: IntArray, cells: list[str]) -> list[str]:
    """Return numbers as multiples of a step; codes of missing answers stay."""
    values, reasons = responses.frame[name].to_numpy()[kept], responses.missing[name].to_numpy()[kept]
    told = zip(cells, values, reasons, strict=True)
    return [cell if why else _text(round(value / step) * step) for cell, value, why in told]


def _tokens(node: Node) -> list[str]:
    """Return every word of a tree: keys and texts, those joined by ``*`` apart."""
    words = node.text.split("*") if node.kind == "scalar" else []
    for entry in node.entries:
        words += [*entry.key.split("*"), *_tokens(entry.value)]
    for item in node.items:
        words += _tokens(item)
    return [word.strip() for word in words]


def _add_marks(columns: dict[str, list[str]], responses: Responses, kept: IntArray) -> None:
    """Add who reached the end of the form, without the time, and that answers were simulated, where they were."""
    stopped = (responses.missing == "break_off").any(axis=1).to_numpy()[kept]
    columns["submitted"] = ["" if broke_off else "1" for broke_off in stopped]
    if responses.simulated:
        columns["simulated"] = ["1"] * len(kept)
