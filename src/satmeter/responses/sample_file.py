"""The sample file: one row for every case that was drawn, with its final disposition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from satmeter.errors import Note, Problem, ResponsesError
from satmeter.questionnaire.spec import listed, nearest
from satmeter.responses.files import read_sources
from satmeter.responses.model import Responses
from satmeter.responses.table import Table, first_few

_SHOWN_LABELS = 12  # more different labels than this are no dispositions, and are not repeated in a message
INTERVIEWED = ("I", "P")

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class SampleFile:
    """The cases that were drawn.

    Attributes
    ----------
    keys, labels, groups
        Of every case: its key, its disposition as it stands in the file, and the group that this belongs to.
    weights
        shape (cases,), design weights; None where the file has none.
    columns
        The frame variables that were asked for, name to text of every case.
    lines
        Line of every case in the file.
    source, digest
        Name of the file, and ``sha256:…`` of its bytes.
    notes
        How it was read.
    """

    keys: tuple[str, ...]
    labels: tuple[str, ...]
    groups: tuple[str, ...]
    weights: FloatArray | None
    columns: dict[str, tuple[str, ...]]
    lines: tuple[int, ...]
    source: str
    digest: str
    notes: tuple[Note, ...] = ()


def read_sample_file(
    path: Path,
    *,
    key: str,
    disposition: str,
    codes: Mapping[str, str],
    weight: str | None = None,
    frame: Sequence[str] = (),
) -> SampleFile:
    """Read a sample file.

    Parameters
    ----------
    path
        .csv, .tsv, .txt or .xlsx, read like answers.
    key, disposition, weight
        Columns with the key, the final disposition and the design weight of every case.
    codes
        Label of a disposition to its group.
    frame
        Further columns that are wanted.

    Returns
    -------
    SampleFile

    Raises
    ------
    ResponsesError
        With all problems at once: those of `read_sources`; R040 no such column; R041 a blank key or disposition; R042 a
        key that stands twice; R043 a disposition without a group; R044 a weight that is not above 0. Messages name
        lines, and labels of dispositions, never a key.
    """
    wanted = dict.fromkeys([key, disposition, *([weight] if weight else []), *frame])
    sources = read_sources([path], matching=lambda header: sum(name in wanted for name in header))
    table = sources.table
    absent = [name for name in wanted if name not in table.names]
    if absent:
        raise ResponsesError([_no_column(name, table) for name in absent])
    cells = {name: tuple(text.strip() for text in table.columns[table.names.index(name)]) for name in wanted}
    problems = [*_blank(cells[key], key, table), *_blank(cells[disposition], disposition, table)]
    problems += [*_repeated(cells[key], key, table), *_without_group(cells[disposition], disposition, codes, table)]
    weights = _weights(cells[weight], weight, table, problems) if weight else None
    if problems:
        raise ResponsesError(problems)
    return SampleFile(
        keys=cells[key],
        labels=cells[disposition],
        groups=tuple(codes[label] for label in cells[disposition]),
        weights=weights,
        columns={name: cells[name] for name in frame},
        lines=tuple(table.lines),
        source=table.file,
        digest=sources.digest,
        notes=table.notes,
    )


def place_respondents(sample: SampleFile, responses: Responses, *, key: str) -> IntArray:
    """Find the case of every respondent.

    Parameters
    ----------
    sample
        The cases.
    responses
        The answers: their keys stand in the column `key`, else in the paradata column ``respondent``.
    key
        As in the sample file.

    Returns
    -------
    ndarray
        shape (rows of the responses,), position among the cases. Two rows may be of one case.

    Raises
    ------
    ResponsesError
        With all problems at once: R045 respondents who were not drawn; R046 completed cases without answers; R047
        respondents whose disposition is neither complete nor partial.
    """
    texts = _answer_keys(responses, key)
    where = {name: position for position, name in enumerate(sample.keys)}
    place = np.array([where.get(text, -1) for text in texts], dtype=np.int64)
    rows = responses.row.to_numpy()
    problems = []
    if (place < 0).any():
        params = _lines(rows[place < 0].tolist()) | {"key": key}
        problems.append(Problem("R045", responses.source, about=("column", key), params=params))
    found = place[place >= 0]
    answered = np.zeros(len(sample.keys), dtype=bool)
    answered[found] = True
    groups = np.array(sample.groups, dtype=object)
    silent = np.flatnonzero((groups == "I") & ~answered)
    if len(silent) and len(found):  # where no key at all is found, R045 says what is wrong
        params = _lines([sample.lines[i] for i in silent])
        problems.append(Problem("R046", sample.source, about=("column", key), params=params))
    strange = (place >= 0) & ~np.isin(groups[place], INTERVIEWED)
    if strange.any():
        params = _lines(rows[strange].tolist())
        problems.append(Problem("R047", responses.source, about=("column", key), params=params))
    if problems:
        raise ResponsesError(problems)
    return place


def _answer_keys(responses: Responses, key: str) -> list[str]:
    for name in (key, "respondent"):
        if name in responses.other.columns:
            return [str(text).strip() for text in responses.other[name]]
    return [str(name) for name in responses.frame.index]


def _lines(lines: list[int]) -> dict[str, str | int | float]:
    return {"n": len(lines), "rows": first_few(lines)}


def _no_column(name: str, table: Table) -> Problem:
    near, params = nearest(name, table.names), {"choices": listed(table.names)}
    return Problem("R040", table.file, about=("column", name), suggestion=near, params=params)


def _blank(cells: Sequence[str], name: str, table: Table) -> list[Problem]:
    lines = [line for cell, line in zip(cells, table.lines, strict=True) if not cell]
    return [Problem("R041", table.file, lines[0], ("column", name), params=_lines(lines))] if lines else []


def _repeated(keys: Sequence[str], name: str, table: Table) -> list[Problem]:
    again = pd.Series(keys, dtype=object).duplicated().to_numpy()
    lines = [line for key, line, twice in zip(keys, table.lines, again, strict=True) if twice and key]
    return [Problem("R042", table.file, lines[0], ("column", name), params=_lines(lines))] if lines else []


def _without_group(labels: Sequence[str], name: str, codes: Mapping[str, str], table: Table) -> list[Problem]:
    """Return the labels that no group is given for; a column with many of them is another one, and is not shown."""
    lines = [line for label, line in zip(labels, table.lines, strict=True) if label and label not in codes]
    if not lines:
        return []
    strange = sorted({label for label in labels if label and label not in codes})
    shown = listed([f"'{label[:40]}'" for label in strange]) if len(strange) <= _SHOWN_LABELS else ""
    near = nearest(strange[0], codes) if shown else ""
    params = _lines(lines) | {"choices": listed(codes)}
    return [Problem("R043", table.file, lines[0], ("column", name), shown, near, params)]


def _weights(cells: Sequence[str], name: str, table: Table, problems: list[Problem]) -> FloatArray:
    numbers = np.asarray(pd.to_numeric(pd.Series(cells, dtype=object), errors="coerce"), dtype=np.float64)
    wrong = ~((numbers > 0) & np.isfinite(numbers))
    if wrong.any():
        lines = np.asarray(table.lines)[wrong].tolist()
        problems.append(Problem("R044", table.file, lines[0], ("column", name), params=_lines(lines)))
    return numbers
