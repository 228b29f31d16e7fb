"""Answers as a file of any kind that can be written."""

from __future__ import annotations

from pathlib import Path

from satmeter.errors import Note, Problem, ResponsesError
from satmeter.questionnaire.model import Questionnaire
from satmeter.responses.data_set import DataSet
from satmeter.responses.write_statistics import statistics_file
from satmeter.responses.write_table import csv_file, xlsx_file

ENDINGS = (".csv", ".xlsx", ".sav", ".dta")


def check_export(path: Path, questionnaire: Questionnaire, language: str | None, *, source: Path | None = None) -> None:
    """Refuse, before answers are read, what cannot be written.

    Parameters
    ----------
    source
        The file that the answers come from; None for a store.

    Raises
    ------
    ResponsesError
        R034 an ending that is not one of `ENDINGS`, R036 a language that the questionnaire does not have, R037 the file
        that the answers come from.
    """
    problems = []
    if source is not None and path.exists() and source.exists() and path.samefile(source):
        problems.append(Problem("R037", path.name))
    if path.suffix.lower() not in ENDINGS:
        problems.append(Problem("R034", path.name, got=path.suffix, params={"choices": ", ".join(ENDINGS)}))
    if language is not None and language not in questionnaire.languages:
        params = {"language": language, "choices": ", ".join(questionnaire.languages)}
        problems.append(Problem("R036", questionnaire.id, params=params))
    if problems:
        raise ResponsesError(problems)


def exported(data: DataSet, ending: str, *, language: str) -> tuple[bytes, tuple[Note, ...]]:
    """Return the content of a file, and what could not be written as it is.

    Parameters
    ----------
    ending
        One of `ENDINGS`, in small letters.
    language
        Of labels and codebook.

    Raises
    ------
    ResponsesError
        R033 when a library is missing.
    """
    if ending == ".csv":
        return csv_file(data), ()
    if ending == ".xlsx":
        return xlsx_file(data, language=language)
    return statistics_file(data, to="SPSS" if ending == ".sav" else "Stata", language=language)
