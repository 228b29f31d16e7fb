"""Weights for those who did not respond, by classes of response propensity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from satmeter.errors import Note
from satmeter.numerics.propensity_classes import (
    class_rates,
    frame_columns,
    join_small,
    quantile_classes,
    response_propensities,
)
from satmeter.questionnaire.spec import listed
from satmeter.study.fieldwork_model import Adjusted, FloatArray, IntArray, Mask, NonresponseRow
from satmeter.study.sampling_plan import Nonresponse

LEAST_RESPONDENTS = 10
MOST_RAISED = 3.0  # times the average factor
MOST_CATEGORIES = 10  # a column of numbers with more different values than these enters as a number
_NOT_ELIGIBLE = "NE"
_UNKNOWN = ("UH", "UO")
_JOINED = "+"
_CROSS = "*"


def adjust_nonresponse(
    wish: Nonresponse,
    groups: Sequence[str],
    columns: Mapping[str, Sequence[str]],
    weights: FloatArray | None,
    e: float | None,
    counted: Mask,
) -> Adjusted:
    """Give every case the factor that its class of response propensity needs.

    Parameters
    ----------
    wish
        Frame variables and number of classes.
    groups
        AAPOR group of every case.
    columns
        Frame variables, name to text of every case.
    weights
        shape (cases,), design weights; None: equal ones.
    e
        Part of the cases of unknown eligibility that counts as eligible; None: all of it.
    counted
        shape (cases,), whether the case's answers count in the analysis.

    Returns
    -------
    Adjusted

    Notes
    -----
    Little (1986), International Statistical Review 54, 139–157: the propensity to respond is modelled by a logistic
    regression, weighted by design weights, cases of unknown eligibility with the part e; cases are cut into classes of
    about equal size by it; the factor of a class is 1 over its weighted response rate. Whose answers the quality rules
    left out did not respond. Classes with fewer than ten respondents are joined to the neighbour with the closest mean
    propensity.
    """
    group = np.array(groups, dtype=object)
    share = np.where(np.isin(group, _UNKNOWN), 1.0 if e is None else e, 1.0)
    mass = share if weights is None else weights * share
    asked = (group != _NOT_ELIGIBLE) & (mass > 0)
    mass, responded = mass[asked], counted[asked]
    pattern, cells = _patterns({name: np.array(texts, dtype=object)[asked] for name, texts in columns.items()})
    x = frame_columns({name: _variable(texts) for name, texts in cells.items()})
    propensity = response_propensities(x, responded, weights=mass, pattern=pattern)
    p = np.round(propensity.probability, 12)
    code, names = _cells(pattern, cells) if wish.classes == "cells" else _numbered(quantile_classes(p, wish.classes))
    target = join_small(code, responded, p, least=LEAST_RESPONDENTS)
    joined = target[code]
    rates = class_rates(joined, responded, mass)
    labels = [_JOINED.join(names[j] for j in np.flatnonzero(target == k)) for k in range(len(rates))]
    rows = tuple(_row(labels[k], joined == k, responded, p, float(rates[k])) for k in range(len(rates)))
    everywhere = np.full(len(group), np.nan)
    everywhere[asked] = np.array([row.factor for row in rows])[joined]
    average = float(mass.sum() / mass[responded].sum())
    notes = _notes(wish, rows, len(names) - len(rates), average, propensity.method == "firth")
    return Adjusted(everywhere, rows, notes)


def _row(label: str, own: Mask, responded: Mask, p: FloatArray, rate: float) -> NonresponseRow:
    n, respondents = int(own.sum()), int(responded[own].sum())
    return NonresponseRow(label, n, respondents, rate, 1 / rate, float(p[own].min()), float(p[own].max()))


def _variable(texts: npt.NDArray[np.object_]) -> npt.NDArray[np.object_] | FloatArray:
    """Return a column as numbers where it has many and nothing else but blanks, else as it is."""
    numbers = np.asarray(pd.to_numeric(pd.Series(texts), errors="coerce"), dtype=np.float64)
    whole = np.isfinite(numbers) | (texts == "")
    known = numbers[np.isfinite(numbers)]
    if whole.all() and len(np.unique(known)) > MOST_CATEGORIES:
        return np.where(np.isfinite(numbers), numbers, np.nan)
    return texts


def _patterns(columns: dict[str, npt.NDArray[np.object_]]) -> tuple[IntArray, dict[str, npt.NDArray[np.object_]]]:
    """Return the combination of frame variables of every case, and the variables of every combination."""
    code = np.zeros(len(next(iter(columns.values()))), dtype=np.int64)
    for texts in columns.values():
        own, found = pd.factorize(texts)
        code = pd.factorize(code * len(found) + own)[0].astype(np.int64)
    first = np.unique(code, return_index=True)[1]
    return code, {name: texts[first] for name, texts in columns.items()}


def _cells(pattern: IntArray, columns: Mapping[str, npt.NDArray[np.object_]]) -> tuple[IntArray, list[str]]:
    """Return the cell of every case, in the order of their names, and these."""
    crossed = [_CROSS.join(parts) for parts in zip(*columns.values(), strict=True)]
    names, code = np.unique(np.array(crossed, dtype=object).astype(str), return_inverse=True)
    return code.astype(np.int64)[pattern], [str(name) for name in names]


def _numbered(code: IntArray) -> tuple[IntArray, list[str]]:
    return code, [str(k + 1) for k in range(int(code.max()) + 1)]


def _notes(
    wish: Nonresponse, rows: tuple[NonresponseRow, ...], joined: int, average: float, separated: bool
) -> tuple[Note, ...]:
    about = "weighting.nonresponse"
    notes = []
    if joined:
        notes.append(Note("S129", about, {"limit": LEAST_RESPONDENTS, "n": joined}))
    if raised := [row.propensity_class for row in rows if row.factor > MOST_RAISED * average]:
        notes.append(Note("S130", about, {"classes": listed(raised), "limit": f"{MOST_RAISED:g}"}))
    if separated:
        notes.append(Note("S131", about, {"by": listed(wish.by)}))
    return tuple(notes)
