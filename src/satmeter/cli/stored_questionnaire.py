"""The questionnaire that a store was last fielded with."""

from __future__ import annotations

from satmeter import journal
from satmeter.errors import Problem, ResponsesError
from satmeter.questionnaire.model import Questionnaire
from satmeter.questionnaire.read import parse_questionnaire
from satmeter.responses.store_url import source_name


def newest_questionnaire(url: str) -> Questionnaire:
    """Return the newest definition of a store.

    Raises
    ------
    JournalError
        What `open_store` raises.
    ResponsesError
        R030 when the store has none.
    """
    with journal.open_store(url, create=False, read_only=True) as store:
        definitions = store.definitions()
        name = store.survey
    if not definitions:
        raise ResponsesError(Problem("R030", source_name(url)))
    return parse_questionnaire(definitions[-1].text, name=f"{name} {definitions[-1].version}")
