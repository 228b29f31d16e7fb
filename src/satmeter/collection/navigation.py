"""Which pages a respondent may see, and which comes next."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from satmeter.collection.judging import Judged
from satmeter.collection.steps import asked_now, asked_pages, needed_on, next_page, previous_page
from satmeter.collection.visits import Visit
from satmeter.questionnaire.model import Questionnaire


def first_open_page(questionnaire: Questionnaire, values: Mapping[str, Any], passed: Collection[int]) -> int | None:
    """Return the first page that is asked and was not passed, or lacks an answer that it needs; None at the end.

    Examples
    --------
    >>> from satmeter.questionnaire import read_questionnaire
    >>> power = read_questionnaire("power-utility")
    >>> first_open_page(power, {}, [])
    1
    """
    for number, needed in needed_on(questionnaire, asked_now(questionnaire, values)):
        if number not in passed or any(values.get(name) is None for name in needed):
            return number
    return None


def shown_on(visit: Visit, page: int, values: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the variables of a page that are asked, in this respondent's order."""
    questionnaire = visit.edition.questionnaire
    asked, members = asked_now(questionnaire, values), set(questionnaire.pages[page - 1].members)
    return tuple(name for name in visit.order if name in members and name in asked)


def furthest(visit: Visit) -> int:
    """Return the page on which a respondent goes on."""
    questionnaire = visit.edition.questionnaire
    missing = first_open_page(questionnaire, visit.values, visit.state.pages_passed)
    if missing is not None:
        return missing
    return next(reversed(asked_pages(questionnaire, visit.values)), 1)


def may_see(visit: Visit, page: int) -> bool:
    """Tell whether a respondent has come to a page and is asked anything on it."""
    return page <= furthest(visit) and page in asked_pages(visit.edition.questionnaire, visit.values)


def is_end(visit: Visit, page: int, judged: Judged) -> bool:
    """Tell whether passing a page completes the response."""
    questionnaire = visit.edition.questionnaire
    if next_page(questionnaire, judged.values, page) is not None:
        return False
    return first_open_page(questionnaire, judged.values, {*visit.state.pages_passed, page}) is None


def where_next(visit: Visit, page: int, go: str, judged: Judged, *, passed: bool) -> str:
    """Return the address that follows a post which was stored."""
    questionnaire = visit.edition.questionnaire
    if go == "back":
        return visit.path(previous_page(questionnaire, judged.values, page) or page)
    if go == "stay":
        return visit.path(page)
    if judged.further:
        return visit.path(f"{page}?notice={'elsewhere' if judged.elsewhere else 'further'}")
    following = next_page(questionnaire, judged.values, page) if passed else None
    if following is not None:
        return visit.path(following)
    passed_pages = {*visit.state.pages_passed, page} if passed else visit.state.pages_passed
    missing = first_open_page(questionnaire, judged.values, passed_pages)
    return visit.path(f"{missing}?notice=open" if missing else "")
