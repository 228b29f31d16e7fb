"""Answers as one table of canonical texts, to be written to a file: codes, missing codes and marks, in one spelling."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from satmeter.errors import Note
from satmeter.questionnaire.model import Questionnaire
from satmeter.responses.codebook import Cell, decoder_of, unguarded
from satmeter.responses.columns import match_columns
from satmeter.responses.model import PARADATA, Responses
from satmeter.responses.option_columns import joined_options
from satmeter.responses.read import decode_table, read_table
from satmeter.responses.table import Sources

JOINT = "┋"
SKIPPED = "(跳过)"
"""How the cell of a question that was not asked is written where the skip logic does not say so."""


@dataclass(frozen=True, eq=False)
class DataSet:
    """A rectangle of texts with its meaning.

    Attributes
    ----------
    questionnaire
        Says what the columns mean.
    columns
        Name to cells: paradata, columns that the questionnaire does not know, then its variables in the order of
        asking. Codes and missing codes as in the questionnaire, several codes joined by ``┋``, numbers in plain
        digits, dates in ISO form, nothing where there is no answer.
    responses
        The same answers, decoded.
    notes
        What is left out.
    """

    questionnaire: Questionnaire
    columns: dict[str, list[str]]
    responses: Responses
    notes: tuple[Note, ...] = ()

    @property
    def n(self) -> int:
        """Number of respondents."""
        return len(next(iter(self.columns.values()), []))


def read_data_set(
    paths: str | Path | Sequence[str | Path],
    questionnaire: Questionnaire,
    *,
    columns: Mapping[str, str] | None = None,
    pii_key: Path | None = None,
    with_pii: bool = False,
) -> DataSet:
    """Read answers to write them again with their meaning.

    Parameters
    ----------
    paths
        Files or the URL of a store, as for `read_responses`.
    questionnaire, columns
        As for `read_responses`.
    with_pii
        Whether answers that may identify a person (``pii:`` of the questionnaire) are kept; else their columns are
        left out, with a note (R123).
    pii_key
        The key file that opens them, for a store.

    Raises
    ------
    ResponsesError, JournalError
        As `read_responses`; K050 to K056 for the key.
    """
    mapping = dict(columns or {})
    sources = read_table(paths, questionnaire, mapping, pii_key=pii_key if with_pii else None)
    responses = decode_table(sources, questionnaire, mapping)
    hidden = () if with_pii else tuple(q.id for q in questionnaire.questions.values() if q.pii)
    left_out = [name for name in hidden if name not in responses.absent]
    notes = [Note("R123", "", {"variables": ", ".join(left_out)})] if left_out else []
    return DataSet(questionnaire, _columns(sources, questionnaire, mapping, left_out), responses, tuple(notes))


def _columns(
    sources: Sources, questionnaire: Questionnaire, mapping: Mapping[str, str], hidden: Collection[str]
) -> dict[str, list[str]]:
    table = sources.table
    matching = match_columns(table.file, table.names, questionnaire, dict(mapping))
    cells = dict(zip(table.names, table.columns, strict=True))
    others = {name: cells[source] for name, source in matching.others.items()}
    if "respondent" in others:
        others["respondent"] = [unguarded(cell.strip()) for cell in others["respondent"]]
    found = {name: others[name] for name in PARADATA if name in others}
    found |= {name: column for name, column in others.items() if name not in found}
    for variable in questionnaire.variables:
        if variable in hidden:
            continue
        if variable in matching.variables:
            found[variable] = canonical(questionnaire, variable, cells[matching.variables[variable]])
        elif variable in matching.options:
            parts = {code: cells[source] for code, source in matching.options[variable].items()}
            found[variable] = canonical(questionnaire, variable, joined_options(questionnaire, variable, parts))
    return found


def canonical(questionnaire: Questionnaire, variable: str, texts: Sequence[str]) -> list[str]:
    """Return the cells of one variable in one spelling; every distinct text is looked up once.

    Examples
    --------
    >>> from satmeter.questionnaire import read_questionnaire
    >>> canonical(read_questionnaire("power-utility"), "pv1", ["4.0", "４", "不了解", "", "(跳过)"])
    ['4', '4', '98', '', '(跳过)']
    """
    decode = decoder_of(questionnaire, variable)
    codes, distinct = pd.factorize(pd.Series(list(texts), dtype=object), use_na_sentinel=False)
    written = [spelled(decode(str(text))) for text in distinct]
    return [written[code] for code in codes]


def spelled(cell: Cell) -> str:
    """Return the text of a decoded cell; nothing for one that is blank or that nobody knows."""
    if cell.value is None:
        return cell.code or (SKIPPED if cell.missing == "not_asked" else "")
    if isinstance(cell.value, tuple):
        return JOINT.join(cell.value)
    if isinstance(cell.value, float):
        return repr(int(cell.value)) if cell.value.is_integer() and abs(cell.value) < 2**53 else repr(cell.value)
    return cell.value
