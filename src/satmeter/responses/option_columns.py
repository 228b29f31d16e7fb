"""Multiple questions that were exported with one column for every option."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping

from satmeter.questionnaire.model import Question, Questionnaire
from satmeter.responses.codebook import Cell, decoder_of, option_finder
from satmeter.responses.wording import comparable, header_forms

_CUT = re.compile(r"\s*(?:[(（:：]|—+|--+|–)\s*")
_CHOSEN = frozenset({"1", "1.0", "true", "yes", "是", "选中", "已选", "√", "✓", "✔"})
_LEFT = frozenset({"0", "0.0", "false", "no", "否", "未选", "未选中"})
_JOINER = "┋"


class OptionHeaders:
    """Finds the question and option that a header names: ``10、wording（option）``, ``wording:option``, ``id_code``."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        self._stems: dict[str, str] = {}
        self._finders: dict[str, Callable[[str], str | None]] = {}
        self._names: dict[str, tuple[str, str]] = {}
        for question in questionnaire.questions.values():
            if question.type == "multiple":
                self._finders[question.id] = option_finder(question.options)
                for option in question.options:
                    self._names.setdefault(f"{question.id}_{option.code}".casefold(), (question.id, option.code))
                for text in (question.id, *(text for _, text in question.text.by_language)):
                    self._stems.setdefault(comparable(text), question.id)

    def find(self, header: str) -> tuple[str, str] | None:
        """Return question and option code; None for any other header.

        Parameters
        ----------
        header
            Name of a column. It is cut at every bracket, colon and dash in turn.
        """
        if not self._stems:
            return None
        named = self._names.get(header.casefold())
        if named:
            return named
        for cut in _CUT.finditer(header):
            rest = header[cut.end() :].strip()
            if cut.group().strip() in ("(", "（"):
                if not rest.endswith((")", "）")):
                    continue
                rest = rest[:-1]
            question = next((self._stems[f] for f in header_forms(header[: cut.start()]) if f in self._stems), "")
            code = self._finders[question](rest) if question else None
            if code:
                return question, code
        return None


def joined_options(questionnaire: Questionnaire, question: str, columns: Mapping[str, list[str]]) -> list[str]:
    """Return the cells that the question would have in a single column.

    Parameters
    ----------
    question
        Id of a `multiple` question.
    columns
        Option code to cells: 1 or 0, yes or no, the option itself or nothing, a missing code or the platform's mark.

    Returns
    -------
    list of str
        Codes joined by ``┋``. Nothing chosen gives the reason that the cells hold, if any, else an empty text, as
        the form writes it. A cell that is none of these makes the whole answer unreadable.

    Examples
    --------
    >>> from satmeter.questionnaire import read_questionnaire
    >>> cells = {"bill": ["1", "0"], "fault": ["1", "0"]}
    >>> joined_options(read_questionnaire("power-utility"), "matters", cells)
    ['bill┋fault', '']
    """
    asked = questionnaire.questions[question]
    readers = {code: _reader(questionnaire, asked, code) for code in columns}
    looked_up = {code: {text: readers[code](text) for text in set(cells)} for code, cells in columns.items()}
    ordered = [option.code for option in asked.options if option.code in columns]
    return [_one([looked_up[code][columns[code][row]] for code in ordered]) for row in range(_length(columns))]


def _length(columns: Mapping[str, list[str]]) -> int:
    return len(next(iter(columns.values()), []))


def _reader(questionnaire: Questionnaire, question: Question, code: str) -> Callable[[str], str | Cell | None]:
    """Return the function from a cell to: the code, None for not chosen, a cell that is missing, a text with ``?``."""
    decode, find = decoder_of(questionnaire, question.id), option_finder(question.options)

    def read(text: str) -> str | Cell | None:
        bare = unicodedata.normalize("NFKC", text).strip().casefold()
        if not bare or bare in _LEFT:
            return None
        if bare in _CHOSEN or find(text) == code:
            return code
        cell = decode(text)
        return Cell(value=text, missing=cell.missing) if cell.missing else f"?{text}"

    return read


def _one(cells: list[str | Cell | None]) -> str:
    chosen = [cell for cell in cells if isinstance(cell, str)]
    if chosen:
        return _JOINER.join(chosen)
    return next((str(cell.value) for cell in cells if isinstance(cell, Cell)), "")
