"""Answers, matched to the questionnaire."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from satmeter.errors import Note
from satmeter.questionnaire.model import Questionnaire

PARADATA = ("respondent", "started", "submitted", "seconds", "language", "digest", "order", "simulated")
FIELDWORK = ("mode", "page_reached", "agent", "site")
"""Further columns that a store of answers gives."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A cell whose value is not in the codebook; it was read as missing. The value is kept out of messages."""

    variable: str
    column: str
    row: int
    kind: str  # out_of_range | unknown_label | not_a_number | not_a_date


@dataclass(frozen=True, eq=False)
class Responses:
    """Answers in codes. Frames are copied at the door and never changed.

    Attributes
    ----------
    questionnaire
        The questionnaire that the columns were matched to.
    frame
        One row a respondent, index ``respondent`` (str, unique); one column for every variable of the questionnaire,
        in its order (a variable that the source lacks is a column of missing cells). Items, checks and `number`
        questions: float64 with NaN (raw codes, *not* reversed). `choice`, `text`, `date`, `consent`: str or None
        (option codes). `multiple`: tuple of option codes or None.
    missing
        Same shape and labels; why a cell is missing (a `MissingReason`), '' where there is an answer.
    other
        Same index; source columns that the questionnaire does not know (weights, strata, clusters, paradata),
        untouched text. The paradata names are those of `PARADATA`.
    row
        Line of every respondent in the source (the header is line 1), for messages.
    absent
        Variables of the questionnaire that the source has no column for.
    unknown
        Cells that could not be read; their reason in `missing` is ``no_answer``.
    source
        File names, joined by ', '.
    digest
        ``sha256:…`` of the source files' bytes.
    n_read
        Rows read before anything was dropped (empty lines do not count).
    simulated
        Whether any row says that it was simulated (paradata column ``simulated``).
    """

    questionnaire: Questionnaire
    frame: pd.DataFrame
    missing: pd.DataFrame
    other: pd.DataFrame
    row: pd.Series
    absent: tuple[str, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    source: str = ""
    digest: str = ""
    n_read: int = 0
    simulated: bool = False
    notes: tuple[Note, ...] = ()
