"""Which respondents and items the coefficients of a construct rest on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.errors import Note
from satmeter.numerics.em_patterns import never_together
from satmeter.questionnaire.model import Construct
from satmeter.study.model import Study
from satmeter.study.scores import rescaled

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

LEAST_RESPONDENTS = 3
"""Fewer respondents than this give no coefficient at all."""

ENOUGH_RESPONDENTS = 30
"""Respondents below which a coefficient is given with a warning."""


@dataclass(frozen=True, eq=False)
class ConstructRatings:
    """Ratings of one construct's items.

    Attributes
    ----------
    items
        Those that vary, in the order of the questionnaire; at least two.
    values
        shape (n, p), their ratings; on 0–100 where the construct's scales differ in length.
    complete
        shape (n,), respondents of weight above 0 who answered all of them.
    rows
        shape (n,), the respondents who count: the complete ones, or under EM all who have a score.
    item_points
        What a unit of a value is worth in points 0–100 of the item.
    points
        What a unit of the sum of the values is worth in points of the construct's score.
    """

    items: tuple[str, ...]
    values: FloatArray
    complete: BoolArray
    rows: BoolArray
    item_points: float
    points: float


@dataclass(frozen=True, eq=False)
class Preparation:
    """Ratings of a construct, or why they are of no use, with what is to be noted."""

    found: ConstructRatings | None = None
    notes: tuple[Note, ...] = ()
    item_notes: tuple[Note, ...] = ()


def construct_ratings(study: Study, construct: Construct) -> Preparation:
    """Choose the respondents and items of one construct.

    Parameters
    ----------
    study
        Under ``missing: {items: em}`` all respondents who have a score count, else those who answered every item.
    construct
        One construct of the study's questionnaire.

    Returns
    -------
    Preparation
        Nothing for a construct with fewer than two items that vary, a formative one, and one that fewer than three
        respondents answered. Items that nobody answered, or that everyone rated the same, are left out with a note.
        Items on scales of different length are put on 0–100 first, as they are in the score.
    """
    answered = [i for i in construct.items if not study.frame[i].isna().all()]
    item_notes = tuple(Note("M114", i, {"construct": construct.id}) for i in construct.items if i not in answered)
    if not answered:
        return Preparation(notes=(Note("M108", construct.id),))
    if construct.mode == "formative" or len(answered) == 1:
        code = "M110" if construct.mode == "formative" else "M102"
        return Preparation(notes=(Note(code, construct.id),), item_notes=item_notes)
    values = np.asarray(study.frame[answered], dtype=np.float64)
    rows, notes = _respondents(study, construct, answered, values)
    if rows.sum() < LEAST_RESPONDENTS:
        return Preparation(notes=tuple(notes), item_notes=item_notes)
    block = values[rows]
    varied = np.nanmin(block, axis=0) < np.nanmax(block, axis=0)
    kept = [i for i, v in zip(answered, varied, strict=True) if v]
    if not varied.all():
        names = ", ".join(i for i in answered if i not in kept)
        notes.append(Note("M101", construct.id, {"items": names}))
    if len(kept) < 2:
        notes += [Note("M102", construct.id)] if kept else []
        return Preparation(notes=tuple(notes), item_notes=item_notes)
    notes += _copies(construct, kept, block[:, varied])
    values = values[:, varied]
    length = _length(study, kept)
    if length is None:
        notes.append(Note("M111", construct.id))
        values = np.column_stack([rescaled(values[:, j], study.questionnaire, item) for j, item in enumerate(kept)])
    complete = np.asarray(rows & ~np.isnan(values).any(axis=1), dtype=np.bool_)
    unit = 100.0 / (length or 100.0)
    found = ConstructRatings(tuple(kept), values, complete, rows, unit, unit / len(answered))
    return Preparation(found, tuple(notes), item_notes)


def _respondents(
    study: Study, construct: Construct, items: list[str], values: FloatArray
) -> tuple[BoolArray, list[Note]]:
    """Return who counts: all answered, or under EM as many items as a score needs."""
    seen = ~np.isnan(values)
    complete = np.asarray(seen.all(axis=1) & (study.weights > 0), dtype=np.bool_)
    if study.plan.missing.items == "em":
        needed = max(1.0, study.plan.missing.min_answered * values.shape[1] - 1e-9)
        rows = np.asarray((seen.sum(axis=1) >= needed) & (study.weights > 0), dtype=np.bool_)
        apart = rows.any() and never_together(seen[rows])
        if not apart:
            return rows, _size_notes(construct, rows, values)
        pairs = ", ".join(f"{items[i]}–{items[j]}" for i, j in apart)
        return complete, [Note("M187", construct.id, {"pairs": pairs}), *_size_notes(construct, complete, values)]
    return complete, _size_notes(construct, complete, values)


def _size_notes(construct: Construct, rows: BoolArray, values: FloatArray) -> list[Note]:
    n, any_answer = int(rows.sum()), int((~np.isnan(values)).any(axis=1).sum())
    if n < LEAST_RESPONDENTS:
        return [Note("M109", construct.id, {"n": n, "needed": LEAST_RESPONDENTS})]
    notes = [Note("M116", construct.id, {"n": n, "enough": ENOUGH_RESPONDENTS})] if n < ENOUGH_RESPONDENTS else []
    if 2 * n < any_answer:
        notes.append(Note("M112", construct.id, {"n": n, "answered": any_answer}))
    return notes


def _length(study: Study, items: list[str]) -> float | None:
    """Return the length that the items' scales have in common, or None."""
    scales = (study.questionnaire.scales[study.questionnaire.items[i].scale] for i in items)
    lengths = {float(s.high - s.low) for s in scales}
    return lengths.pop() if len(lengths) == 1 else None


def _copies(construct: Construct, items: list[str], block: FloatArray) -> list[Note]:
    """Return notes on items that are copies of each other."""
    notes = []
    copies: dict[bytes, list[str]] = {}
    for j, item in enumerate(items):
        copies.setdefault(np.ascontiguousarray(block[:, j]).tobytes(), []).append(item)
    for names in copies.values():
        if len(names) > 1:
            notes.append(Note("M104", construct.id, {"items": ", ".join(names)}))
    return notes
