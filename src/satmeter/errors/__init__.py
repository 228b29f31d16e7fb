"""Errors, warnings and notes: coded, bilingual, and complete.

A `Problem` says what is wrong with an input: code, place, what was got, what was expected, what to do. All problems
of one input travel together in one `SatmeterError`. A `Note` says what a reader must know about a number; it travels
with the result into the report and the release. The sentences of both stand in ``codes/*.toml``, one file a room.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from satmeter.errors.catalogue import render_note, render_problem
from satmeter.errors.language import message_language

__all__ = [
    "CollectionError",
    "DriversError",
    "FormError",
    "JournalError",
    "MeasurementError",
    "Note",
    "NumericsError",
    "Problem",
    "PublicationError",
    "QuestionnaireError",
    "RecordError",
    "ReportError",
    "ResponsesError",
    "SatmeterError",
    "StudyError",
    "UsageError",
    "message_language",
]

Value = str | int | float


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with an input.

    Attributes
    ----------
    code
        Key of the catalogue, e.g. ``Q004``; its first letter is the room.
    file, line
        Where it stands; line 0 means that no line applies.
    about
        The kind of thing and its name, e.g. ``("item", "pv2")``; kinds are translated by the catalogue.
    got
        What stands there, shown as it is. Never a respondent's answer.
    suggestion
        The nearest right word, shown as 'did you mean'.
    params
        Fields of the catalogue's sentences, e.g. ``{"choices": "agree5, nps11"}``.
    severity
        A warning is shown and does not stop the work.
    """

    code: str
    file: str = ""
    line: int = 0
    about: tuple[str, str] | None = None
    got: str = ""
    suggestion: str = ""
    params: Mapping[str, Value] = field(default_factory=dict)
    severity: Literal["error", "warning"] = "error"

    def text(self, language: str | None = None) -> str:
        """Return the whole message, several lines, in one language (default: the user's)."""
        return render_problem(self, language or message_language())


@dataclass(frozen=True, slots=True)
class Note:
    """Something that a reader must know about a result.

    Attributes
    ----------
    code
        Key of the catalogue, e.g. ``M102``.
    about
        Name of the construct, item, driver or group that it concerns; empty for the whole.
    params
        Fields of the catalogue's sentence. `code`, of a problem, gives the field `reason`: that problem's title.
    """

    code: str
    about: str = ""
    params: Mapping[str, Value] = field(default_factory=dict)

    def text(self, language: str | None = None) -> str:
        """Return the note as one sentence in one language (default: the user's)."""
        return render_note(self, language or message_language())


class SatmeterError(Exception):
    """The root of all errors that satmeter raises for its users; holds every problem of one input."""

    def __init__(self, problems: Problem | Sequence[Problem]) -> None:
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__(self.problems)

    def text(self, language: str | None = None) -> str:
        """Return all problems, in line order, separated by empty lines."""
        ordered = sorted(self.problems, key=lambda p: (p.file, p.line))
        return "\n\n".join(problem.text(language) for problem in ordered)

    def __str__(self) -> str:
        return self.text()


class QuestionnaireError(SatmeterError):
    """The questionnaire file is wrong (codes Q)."""


class FormError(SatmeterError):
    """The form cannot be built (codes F)."""


class ResponsesError(SatmeterError):
    """The answers cannot be read (codes R)."""


class JournalError(SatmeterError):
    """The store of answers cannot be opened, written or read (codes K)."""


class CollectionError(SatmeterError):
    """Fieldwork cannot go on: server, sample, invitations, quotas (codes C)."""


class StudyError(SatmeterError):
    """The study file or the study's data are wrong (codes S)."""


class NumericsError(SatmeterError):
    """A number cannot be computed from these arrays (codes N)."""


class MeasurementError(SatmeterError):
    """Reliability or scores cannot be had (codes M)."""


class DriversError(SatmeterError):
    """Drivers cannot be analysed (codes D)."""


class RecordError(SatmeterError):
    """A results file cannot be read (codes J)."""


class ReportError(SatmeterError):
    """The report cannot be made (codes T)."""


class PublicationError(SatmeterError):
    """The study cannot be published, or a release cannot be verified (codes P)."""


class UsageError(SatmeterError):
    """The command line was used wrongly (codes U)."""
