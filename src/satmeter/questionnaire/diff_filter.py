"""Under which conditions a variable is asked, as text that two questionnaires can be compared by."""

from __future__ import annotations

from satmeter.questionnaire.expressions import And
from satmeter.questionnaire.model import Page, Questionnaire
from satmeter.questionnaire.parse import to_text

EVERYBODY = "\N{EN DASH}"


def page_of(questionnaire: Questionnaire) -> dict[str, Page]:
    """Return the page of every variable."""
    return {member: page for page in questionnaire.pages for member in page.members}


def filter_of(questionnaire: Questionnaire, variable: str) -> str:
    """Return under which conditions a variable is asked, its page's and its own, as one text; a dash for always."""
    page = page_of(questionnaire).get(variable)
    conditions = (page.show_if if page else None, questionnaire.show_if_of(variable))
    parts = [part for c in conditions if c is not None for part in (c.parts if isinstance(c, And) else (c,))]
    if not parts:
        return EVERYBODY
    return to_text(And(tuple(parts)) if len(parts) > 1 else parts[0])
