"""Whether the groups of a study were measured alike, so that their means may be compared."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from satmeter.errors import Note, NumericsError
from satmeter.measurement.confirmatory import LEAST_COMPLETE, Constructs, factors_of
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
        is not known; before it, which groups were left out.
    """
    items = [item for names in constructs.values() for item in names]
    values = np.asarray(study.frame[items], dtype=np.float64)
    complete = np.asarray(~np.isnan(values).any(axis=1) & (study.weights > 0))
    rows: list[InvarianceRow] = []
    notes: list[Note] = []
    for question, answers in study.groups.items():
        codes = sorted(answers.dropna().unique(), key=str)
        groups = {
            str(code): np.asarray(answers.notna() & (answers == code).fillna(False), dtype=bool) & complete
            for code in codes
        }
        kept = {code: members for code, members in groups.items() if members.sum() >= LEAST_COMPLETE}
        left_out = [code for code in groups if code not in kept]
        if len(kept) < 2:
            notes.append(Note("M153", question, {"needed": LEAST_COMPLETE}))
            continue
        if left_out:
            notes.append(Note("M152", question, {"groups": ", ".join(left_out), "needed": LEAST_COMPLETE}))
        if len(kept) * len(items) > MOST_CELLS:
            notes.append(Note("M151", question, {"groups": len(kept), "items": len(items), "most": MOST_CELLS}))
            continue
        found = _fit(study, values, kept, constructs)
        if found is None:
            notes.append(Note("M154", question))
            continue
        n = int(sum(mask.sum() for mask in kept.values()))
        rows += [_row(question, step, items, found, n) for step in (*found.steps, *found.partial)]
        notes.append(_verdict(question, found, items))
    return tuple(rows), tuple(notes)


def _fit(study: Study, values: FloatArray, groups: Groups, constructs: Constructs) -> Invariance | None:
    moments = [_moments(values[mask], study.weights[mask]) for mask in groups.values()]
    sizes = [int(mask.sum()) for mask in groups.values()]
    covariances, means = [m[1] for m in moments], [m[0] for m in moments]
    try:
        return measurement_invariance(covariances, means, sizes, factors_of(constructs))
    except NumericsError:
        return None


def _moments(values: FloatArray, weights: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return weighted means, and the covariance with divisor (sum of weights − 1) after scaling to mean weight 1."""
    share = weights / weights.sum()
    mean = share @ values
    centred = values - mean
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
