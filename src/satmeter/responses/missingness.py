"""Why a cell is blank: never asked, broken off, or simply not answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from satmeter.questionnaire.evaluate import asked, names_in
from satmeter.questionnaire.model import Questionnaire

ObjectArray = npt.NDArray[np.object_]
Mask = npt.NDArray[np.bool_]


def break_offs(
    questionnaire: Questionnaire, variables: tuple[str, ...], blank: Mask, asked: Mask, submitted: Mask
) -> Mask:
    """Return which blank cells stand after the point where a respondent stopped.

    The point is the last cell that holds anything; on a page that is shuffled, the end of the page. The blank cells
    behind it are a break-off only when there is an item or a required question among those that were asked: an
    optional closing question left empty is no break-off. Who submitted the form, or never began, did not break off.

    Parameters
    ----------
    variables
        Columns of the masks, in the order of asking.
    blank, asked
        shape (n, p).
    submitted
        shape (n,), known to have reached the end.

    Returns
    -------
    array
        shape (n, p), bool.
    """
    n, p = blank.shape
    if p == 0:
        return np.zeros((n, p), dtype=bool)
    reached = np.where(~blank, np.arange(p), -1).max(axis=1)
    ends = _page_ends(questionnaire, variables)
    last = np.where(reached < 0, -1, ends[np.maximum(reached, 0)])
    behind: Mask = blank & asked & (np.arange(p) > last[:, None])
    weighty = np.array([_is_weighty(questionnaire, variable) for variable in variables])
    broke_off = (behind & weighty).any(axis=1) & (reached >= 0) & ~submitted
    result: Mask = behind & broke_off[:, None]
    return result


def _page_ends(questionnaire: Questionnaire, variables: tuple[str, ...]) -> npt.NDArray[np.int64]:
    """Return for every variable the last position that it may have had: its own, or the end of its shuffled page."""
    position = {variable: i for i, variable in enumerate(variables)}
    ends = np.arange(len(variables))
    for page in questionnaire.pages:
        places = [position[member] for member in page.members if member in position]
        if page.shuffle and places:
            ends[places] = max(places)
    return ends


def _is_weighty(questionnaire: Questionnaire, variable: str) -> bool:
    if variable in questionnaire.items or variable in questionnaire.checks:
        return True
    page = next(page for page in questionnaire.pages if variable in page.members)
    return questionnaire.required_of(variable, page)


def asked_cells(
    questionnaire: Questionnaire, variables: tuple[str, ...], columns: Mapping[str, npt.NDArray[Any]]
) -> Mask:
    """Return which cells were asked, by the skip logic of pages and members.

    Parameters
    ----------
    variables
        Columns of the result.
    columns
        Variable to answers, shape (n,). Every distinct combination of the answers that conditions look at is walked
        through once. Where a condition looks at a variable that is not here, nobody knows: the cell counts as asked.

    Returns
    -------
    array
        shape (n, p), bool.
    """
    n = len(next(iter(columns.values())))
    conditions = [page.show_if for page in questionnaire.pages]
    conditions += [questionnaire.show_if_of(variable) for variable in questionnaire.variables]
    names = dict.fromkeys(name for condition in conditions if condition for name in names_in(condition))
    if not any(conditions):
        return np.ones((n, len(variables)), dtype=bool)
    used = [name for name in names if name in columns]
    pattern = np.zeros(n, dtype=np.int64)
    for name in used:
        codes, distinct = pd.factorize(columns[name], use_na_sentinel=False)
        pattern = pd.factorize(pattern * len(distinct) + codes)[0]
    _, first, group = np.unique(pattern, return_index=True, return_inverse=True)
    shown = np.zeros((len(first), len(variables)), dtype=bool)
    for k, row in enumerate(first):
        answers = {name: _plain(columns[name][row]) for name in used}
        found = set(asked(questionnaire, answers))
        shown[k] = [variable in found for variable in variables]
    open_ended = [not _names_before(questionnaire, variable) <= set(columns) for variable in variables]
    result: Mask = shown[group]
    result[:, open_ended] = True
    return result


def _names_before(questionnaire: Questionnaire, variable: str) -> set[str]:
    page = next(page for page in questionnaire.pages if variable in page.members)
    conditions = (page.show_if, questionnaire.show_if_of(variable))
    return {name for condition in conditions if condition is not None for name in names_in(condition)}


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, float) else value


def reasons_of_blanks(blank: Mask, asked: Mask, broken: Mask, given: ObjectArray) -> ObjectArray:
    """Return the reasons, those of blank cells filled in: ``not_asked`` before ``break_off`` before what was given.

    Parameters
    ----------
    blank, asked, broken
        shape (n, p).
    given
        shape (n, p), reasons found in the cells themselves.
    """
    reasons = given.copy()
    reasons[broken] = "break_off"
    reasons[blank & ~asked] = "not_asked"
    return reasons
