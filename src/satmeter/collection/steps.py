"""Where a respondent stands: which pages are asked, which is next, in which order the items stand.

The conditions are those of `satmeter.questionnaire.asked`; the order is drawn by the rule of the form's own script
(``form/js/state.js``): within each group of a page the members change places, all others stay.
"""

from __future__ import annotations

import random as randomness
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from satmeter.form.layout import Sheet, lay_out
from satmeter.questionnaire.evaluate import Answer, asked, names_in
from satmeter.questionnaire.model import Questionnaire

_KEPT = 64
_PATTERNS = 4096


@lru_cache(maxsize=_KEPT)
def sheets_of(questionnaire: Questionnaire) -> tuple[Sheet, ...]:
    """Return the laid-out pages of a questionnaire; made once."""
    return lay_out(questionnaire)


def asked_now(questionnaire: Questionnaire, values: Mapping[str, Any]) -> frozenset[str]:
    """Return the variables that are asked, given the answers so far.

    Parameters
    ----------
    questionnaire
        A checked questionnaire.
    values
        Variable to cell as the journal keeps it: number, text, list of codes or None.

    Examples
    --------
    >>> from satmeter.questionnaire import read_questionnaire
    >>> power = read_questionnaire("power-utility")
    >>> asked_now(power, {}) <= set(power.variables)
    True
    """
    pattern = []
    for name in _names_of_conditions(questionnaire):
        cell = values.get(name)
        if cell is not None:
            pattern.append((name, tuple(cell) if isinstance(cell, list) else cell))
    return _asked(questionnaire, tuple(pattern))


def asked_pages(questionnaire: Questionnaire, values: Mapping[str, Any]) -> tuple[int, ...]:
    """Return the numbers, from 1, of the pages on which anything is asked."""
    return _pages_with(questionnaire, asked_now(questionnaire, values))


@lru_cache(maxsize=_KEPT)
def _names_of_conditions(questionnaire: Questionnaire) -> tuple[str, ...]:
    """Return the variables that conditions look at: few, and no other answer makes a difference to what is asked."""
    conditions = [page.show_if for page in questionnaire.pages]
    conditions += [questionnaire.show_if_of(variable) for variable in questionnaire.variables]
    return tuple(dict.fromkeys(name for condition in conditions if condition for name in names_in(condition)))


@lru_cache(maxsize=_PATTERNS)
def _asked(questionnaire: Questionnaire, pattern: tuple[tuple[str, Answer], ...]) -> frozenset[str]:
    return frozenset(asked(questionnaire, dict(pattern)))


@lru_cache(maxsize=_PATTERNS)
def _pages_with(questionnaire: Questionnaire, now: frozenset[str]) -> tuple[int, ...]:
    return tuple(n for n, page in enumerate(questionnaire.pages, start=1) if not now.isdisjoint(page.members))


@lru_cache(maxsize=_PATTERNS)
def needed_on(questionnaire: Questionnaire, now: frozenset[str]) -> tuple[tuple[int, tuple[str, ...]], ...]:
    """Return every page on which anything is asked, with those of its variables that must be answered.

    Parameters
    ----------
    questionnaire
        A checked questionnaire.
    now
        From `asked_now`.
    """
    required = {
        sheet.number: tuple(entry.id for entry in sheet.entries if entry.required and entry.id in now)
        for sheet in sheets_of(questionnaire)
    }
    return tuple((number, required[number]) for number in _pages_with(questionnaire, now))


def next_page(questionnaire: Questionnaire, values: Mapping[str, Any], page: int) -> int | None:
    """Return the first page after this one on which anything is asked; None at the end.

    Parameters
    ----------
    questionnaire, values
        As in `asked_now`.
    page
        From 1; 0 asks for the first page.

    Examples
    --------
    >>> from satmeter.questionnaire import read_questionnaire
    >>> power = read_questionnaire("power-utility")
    >>> next_page(power, {}, 0), next_page(power, {}, len(power.pages))
    (1, None)
    """
    return next((number for number in asked_pages(questionnaire, values) if number > page), None)


def previous_page(questionnaire: Questionnaire, values: Mapping[str, Any], page: int) -> int | None:
    """Return the last page before this one on which anything is asked; None at the beginning."""
    return next((number for number in reversed(asked_pages(questionnaire, values)) if number < page), None)


def place(questionnaire: Questionnaire, values: Mapping[str, Any], page: int) -> tuple[int, int]:
    """Return which of how many asked pages this one is, from 1; a page that is not asked has the place before it."""
    pages = asked_pages(questionnaire, values)
    return sum(number <= page for number in pages), len(pages)


def draw_order(questionnaire: Questionnaire, random: randomness.Random) -> tuple[str, ...]:
    """Return all variables in the order in which one respondent sees them.

    Parameters
    ----------
    questionnaire
        Its pages with ``shuffle: items`` have groups whose members change places.
    random
        `secrets.SystemRandom` for respondents; a seeded one for tests.
    """
    order: list[str] = []
    for sheet in sheets_of(questionnaire):
        there = {entry.id: entry.id for entry in sheet.entries}
        for group in sheet.shuffle:
            there.update(zip(group, random.sample(group, len(group)), strict=True))
        order += [there[entry.id] for entry in sheet.entries]
    return tuple(order)
