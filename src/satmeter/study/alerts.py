"""What a reader must know before trusting the numbers of a study."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from satmeter.errors import Note
from satmeter.questionnaire.model import Questionnaire

FEW = 30


def alerts(
    questionnaire: Questionnaire,
    frame: pd.DataFrame,
    scores: pd.DataFrame,
    groups: Mapping[str, pd.Series],
    absent: tuple[str, ...],
) -> tuple[Note, ...]:
    """Return notes on the kept respondents: few of them, items without answers or spread, copies, tiny groups.

    Parameters
    ----------
    frame, scores, groups
        Of the kept respondents, after expanding frequencies.
    absent
        Variables that the data do not have.
    """
    items = [item for item in questionnaire.items if item not in absent]
    return (
        *_size(len(frame)),
        *_unanswered(questionnaire, frame, scores, items),
        *_constant(frame, items),
        *_identical(frame, items),
        *_groups(groups),
    )


def _size(n: int) -> tuple[Note, ...]:
    if n == 1:
        return (Note("S101"),)
    return (Note("S102", params={"n": n, "few": FEW}),) if n < FEW else ()


def _unanswered(
    questionnaire: Questionnaire, frame: pd.DataFrame, scores: pd.DataFrame, items: list[str]
) -> list[Note]:
    notes = [Note("S103", name) for name in questionnaire.constructs if scores[name].isna().all()]
    silent = {note.about for note in notes}
    for item in items:
        if frame[item].isna().all() and questionnaire.items[item].construct not in silent:
            notes.append(Note("S108", item))
    return notes


def _constant(frame: pd.DataFrame, items: list[str]) -> list[Note]:
    if len(frame) < 2:
        return []
    return [Note("S104", item) for item in items if frame[item].nunique() == 1]


def _identical(frame: pd.DataFrame, items: list[str]) -> list[Note]:
    """Name pairs of items whose columns are equal in every cell, missing ones included; constant items aside."""
    first: dict[bytes, str] = {}
    notes = []
    for item in items:
        values = frame[item].to_numpy(float)
        if len(np.unique(values[~np.isnan(values)])) < 2:
            continue
        other = first.setdefault(values.tobytes(), item)
        if other != item:
            notes.append(Note("S105", item, {"other": other}))
    return notes


def _groups(groups: Mapping[str, pd.Series]) -> list[Note]:
    notes = []
    for question, codes in groups.items():
        counts = codes.dropna().value_counts(sort=False)
        if counts.empty:
            notes.append(Note("S113", question))
        alone = sorted(str(code) for code, n in counts.items() if n == 1)
        if alone:
            notes.append(Note("S106", question, {"groups": ", ".join(alone[:8]), "n": len(alone)}))
    return notes
