"""Value labels of SPSS and Stata files: what a number stands for, held against the questionnaire."""

from __future__ import annotations

from collections.abc import Mapping

from satmeter.questionnaire.model import Questionnaire, Text
from satmeter.responses.codebook import decoder_of
from satmeter.responses.wording import comparable

CUT = "…"
"""Ends a label that a file format has no room for."""


def known_labels(questionnaire: Questionnaire, variable: str, labels: Mapping[str, str]) -> dict[str, str]:
    """Return what the numbers of a labelled column are read as.

    A label goes before the number that it stands for, because the same number may stand for something else in the
    questionnaire; a label that the questionnaire does not know leaves the number as it is.

    Parameters
    ----------
    variable
        Id of an item, check or question.
    labels
        Number as text to label. A label that ends in ``…`` was cut: it stands for the only one that begins so.

    Examples
    --------
    >>> from satmeter.questionnaire import read_questionnaire
    >>> known_labels(read_questionnaire("power-utility"), "complained", {"1": "Yes", "2": "No", "3": "Perhaps"})
    {'1': 'Yes', '2': 'No'}
    """
    decode = decoder_of(questionnaire, variable)
    known: dict[str, str] = {}
    for value, label in labels.items():
        text = _whole(questionnaire, variable, label) if label.endswith(CUT) else label
        cell = decode(text)
        if cell.unknown is None and not cell.blank:
            known[value] = text
    return known


def _whole(questionnaire: Questionnaire, variable: str, label: str) -> str:
    """Return the code of the only label that begins as a cut one does; else the code in front of it, if any."""
    head = comparable(label.removesuffix(CUT))
    fits = {
        code
        for code, text in coded_texts(questionnaire, variable)
        if any(comparable(words).startswith(head) for _, words in text.by_language)
    }
    if len(fits) == 1:
        return fits.pop()
    front, colon, _ = label.partition(": ")
    return front if colon else label


def coded_texts(questionnaire: Questionnaire, variable: str) -> list[tuple[str, Text]]:
    """Return code and label of every scale point, option and missing code of a variable."""
    scale = questionnaire.scale_of(variable)
    found = [(str(point.code), point.label) for point in scale.points] if scale else []
    if scale is None:
        found = [(option.code, option.label) for option in questionnaire.questions[variable].options]
    return found + [(code.code, code.label) for code in questionnaire.missing_of(variable)]
