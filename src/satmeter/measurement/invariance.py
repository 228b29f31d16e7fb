"""Whether the groups of a study were measured alike, so that their means may be compared."""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt

from satmeter.errors import Note, NumericsError
from satmeter.measurement.confirmatory import LEAST_COMPLETE, Constructs, factors_of
from satmeter.measurement.degrees import is_simple
from satmeter.measurement.plain import plain
from satmeter.measurement.validity_model import InvarianceRow
from satmeter.numerics.invariance import Invariance, InvarianceStep, measurement_invariance
from satmeter.study.model import Study

FloatArray = npt.NDArray[np.float64]
Groups = dict[str, npt.NDArray[np.bool_]]

MOST_CELLS = 1000
"""Groups times items above which the models would take minutes."""


def compare_groups(study: Study, constructs: Constructs) -> tuple[tuple[InvarianceRow, ...], tuple[Note, ...]]:
    """Test measurement invariance over every grouping question of a study.

    Parameters
    ----------
    study
        The study; its weights enter, its strata and clusters do not.
    constructs
        Construct to its items, at least two each; all in one model.

    Returns
    -------
    rows
        The models of every question, in their order.
    notes
        For every question one sentence that says whether means of its groups may be compared and why, or why that
        is not known; before it, which constructs and groups were left out (constructs that nobody in a large group
        answered, groups of fewer than 100 complete respondents), and that p-values ignore the design if there is one.
    """
    rows: list[InvarianceRow] = []
    notes: list[Note] = []
    for question, answers in study.groups.items():
        groups = {
            str(code): np.asarray(answers.notna() & (answers == code).fillna(False), dtype=bool) & (study.weights > 0)
            for code in sorted(answers.dropna().unique(), key=str)
        }
        asked, left_out = _asked_everywhere(study, question, groups, constructs)
        found, told = _compare(study, question, groups, asked)
        rows += found
        notes += [*left_out, *told]
    return tuple(rows), tuple(notes)


def _asked_everywhere(
    study: Study, question: str, groups: Groups, constructs: Constructs
) -> tuple[Constructs, list[Note]]:
    """Return the constructs that were answered in every group that is large enough, and a note on the others."""
    seen = {name: _complete(study, items) for name, items in constructs.items()}
    large = {
        code: members
        for code, members in groups.items()
        if any((members & rows).sum() >= LEAST_COMPLETE for rows in seen.values())
    }
    lacking = {name: [c for c, members in large.items() if not (members & rows).any()] for name, rows in seen.items()}
    few = [name for name, codes in lacking.items() if codes]
    if not few or len(few) == len(constructs):
        return constructs, []
    where = ", ".join(dict.fromkeys(code for name in few for code in lacking[name]))
    note = Note("M232", question, {"constructs": ", ".join(few), "groups": where})
    return {name: items for name, items in constructs.items() if name not in few}, [note]


def _complete(study: Study, items: tuple[str, ...]) -> npt.NDArray[np.bool_]:
    return np.asarray(~np.isnan(np.asarray(study.frame[list(items)], dtype=np.float64)).any(axis=1))


def _compare(
    study: Study, question: str, groups: Groups, constructs: Constructs
) -> tuple[list[InvarianceRow], list[Note]]:
    """Return the models of one question, and which groups were left out and what the models say."""
    items = [item for names in constructs.values() for item in names]
    complete = _complete(study, tuple(items))
    members = {code: mask & complete for code, mask in groups.items()}
    kept = {code: mask for code, mask in members.items() if mask.sum() >= LEAST_COMPLETE}
    left_out = [code for code in groups if code not in kept]
    if len(kept) < 2:
        return [], [Note("M153", question, {"needed": LEAST_COMPLETE})]
    notes = []
    if left_out:
        notes.append(Note("M152", question, {"groups": ", ".join(left_out), "needed": LEAST_COMPLETE}))
    if len(kept) * len(items) > MOST_CELLS:
        size: dict[str, str | int | float] = {"groups": len(kept), "items": len(items), "most": MOST_CELLS}
        return [], [*notes, Note("M151", question, size)]
    values = np.asarray(study.frame[items], dtype=np.float64)
    try:
        found = _fit(study, values, kept, constructs)
    except NumericsError as error:
        return [], [*notes, _failure(question, error, list(kept), items)]
    n = int(sum(mask.sum() for mask in kept.values()))
    rows = [_row(question, step, items, found, n) for step in (*found.steps, *found.partial)]
    if not is_simple(study):
        notes.append(Note("M234", question))
    return rows, [*notes, _verdict(question, found, items)]


def _failure(question: str, error: NumericsError, codes: list[str], items: list[str]) -> Note:
    """Return the note that says why there is no model."""
    singular = [problem for problem in error.problems if problem.code == "N032"]
    if not singular:
        return Note("M154", question)
    groups = [codes[int(str(problem.params["group"]))] for problem in singular]
    columns = [re.findall(r"\d+", str(problem.params["columns"])) for problem in singular]
    named = sorted({int(column) for found in columns for column in found})
    about: dict[str, str | int | float] = {
        "groups": ", ".join(groups),
        "items": ", ".join(items[column] for column in named),
    }
    return Note("M231", question, about)


def _fit(study: Study, values: FloatArray, groups: Groups, constructs: Constructs) -> Invariance:
    moments = [_moments(values[mask], study.weights[mask]) for mask in groups.values()]
    sizes = [int(mask.sum()) for mask in groups.values()]
    covariances, means = [m[1] for m in moments], [m[0] for m in moments]
    return measurement_invariance(covariances, means, sizes, factors_of(constructs))


def _moments(values: FloatArray, weights: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return weighted means, and the covariance with divisor (sum of weights − 1) after scaling to mean weight 1."""
    share = weights / weights.sum()
    mean = share @ values
    centred = values - mean
    centred[:, np.ptp(values, axis=0) == 0] = 0.0  # rounding leaves dust on an item without variation
    n = len(values)
    return mean, np.asarray((centred * share[:, None]).T @ centred * (n / (n - 1)), dtype=np.float64)


def _row(question: str, step: InvarianceStep, items: list[str], found: Invariance, n: int) -> InvarianceRow:
    first = step.level == "configural"
    return InvarianceRow(
        group_by=question,
        step=step.level,
        freed=", ".join(f"{part} {items[item]}" for part, item in step.released),
        chi2=plain(step.indices.chi2),
        df=step.indices.df,
        cfi=plain(step.indices.cfi),
        rmsea=plain(step.indices.rmsea),
        srmr=plain(step.indices.srmr),
        chi2_change=plain(step.chi2_change),
        df_change=None if first else step.df_change,
        p_change=plain(step.p_change),
        cfi_change=plain(step.cfi_change),
        rmsea_change=plain(step.rmsea_change),
        srmr_change=plain(step.srmr_change),
        holds=step.holds,
        verdict=found.verdict,
        n=n,
    )


def _verdict(question: str, found: Invariance, items: list[str]) -> Note:
    """Return the sentence about means; `about` is the question, the sentence itself does not name it."""
    configural, _, scalar, _ = found.steps
    released = ", ".join(dict.fromkeys(items[item] for _, item in found.released))
    if found.verdict == "scalar_holds":
        return Note("M155", question, {"cfi": scalar.indices.cfi})
    if found.verdict == "partial":
        return Note("M156", question, {"items": released})
    if found.verdict == "metric_only":
        return Note("M157", question)
    if configural.holds:
        return Note("M158", question)
    return Note("M159", question, {"cfi": configural.indices.cfi, "least": found.criteria.least_cfi})
