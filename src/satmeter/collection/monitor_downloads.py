"""The data as files: made when they are asked for, handed over at once, kept nowhere."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from satmeter.questionnaire.model import Questionnaire
from satmeter.responses.data_set import DataSet, read_data_set
from satmeter.responses.write_statistics import statistics_file
from satmeter.responses.write_table import csv_file, xlsx_file

FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "sav": "application/x-spss-sav",
}


@dataclass(frozen=True, slots=True)
class Made:
    """A file: its name, its media type, its bytes."""

    name: str
    media_type: str
    content: bytes


class Downloads:
    """Makes files of the answers that a store holds.

    Parameters
    ----------
    questionnaire
        The one that is fielded; answers under a definition with another coding are not in the files.
    url
        Of the store, opened once more for reading.
    pii_key
        Key file that opens answers which may identify a person; None: nobody gets them.
    """

    def __init__(self, questionnaire: Questionnaire, url: str, *, pii_key: Path | None = None) -> None:
        self._questionnaire = questionnaire
        self._url = url
        self._key = pii_key
        self._turn = asyncio.Lock()  # one file at a time: each holds all answers in memory

    @property
    def may_open(self) -> bool:
        """Whether answers that may identify a person can be asked for."""
        return self._key is not None

    async def make(self, kind: str, *, language: str, with_pii: bool) -> Made:
        """Make a file beside the respondents' requests.

        Parameters
        ----------
        kind
            One of `FORMATS`.
        language
            Of the codebook; where the questionnaire lacks it, its first.
        with_pii
            Whether answers that may identify a person are wanted; without a key they are not given.

        Raises
        ------
        ResponsesError, JournalError
            When there are no answers yet, or the store cannot be read.
        """
        async with self._turn:
            content = await asyncio.to_thread(self._content, kind, language, with_pii and self.may_open)
        return Made(f"{self._questionnaire.id}.{kind}", FORMATS[kind], content)

    def _content(self, kind: str, language: str, with_pii: bool) -> bytes:
        data = read_data_set(self._url, self._questionnaire, pii_key=self._key, with_pii=with_pii)
        spoken = language if language in self._questionnaire.languages else self._questionnaire.language
        return _written(data, kind, spoken)


def _written(data: DataSet, kind: str, language: str) -> bytes:
    if kind == "csv":
        return csv_file(data)
    if kind == "xlsx":
        return xlsx_file(data, language=language)[0]
    return statistics_file(data, to="SPSS", language=language)[0]
