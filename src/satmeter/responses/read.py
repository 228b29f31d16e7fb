"""Answers in: files read, columns matched, cells decoded, reasons of missing cells found."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from satmeter.errors import Note, ResponsesError
from satmeter.questionnaire.model import Questionnaire
from satmeter.responses.codebook import unguarded
from satmeter.responses.columns import Matching, count_matching, match_columns, variable_finder
from satmeter.responses.coverage import check_coverage, version_notes, with_wordings
from satmeter.responses.decoding import Decoded, decode_column, is_numeric
from satmeter.responses.files import read_sources
from satmeter.responses.labels import known_labels
from satmeter.responses.missingness import asked_cells, break_offs, reasons_of_blanks
from satmeter.responses.model import PARADATA, Responses
from satmeter.responses.option_columns import joined_options
from satmeter.responses.store_url import store_url
from satmeter.responses.table import Progress, Sources, Table

_STORE_SOURCE = "satmeter.responses.store_source"
_YES = frozenset({"1", "1.0", "true", "yes", "是"})


def read_responses(
    paths: str | Path | Sequence[str | Path],
    questionnaire: Questionnaire,
    *,
    columns: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> Responses:
    """Read answers and match them to a questionnaire.

    Parameters
    ----------
    paths
        One file or several (.csv, .tsv, .txt, .xlsx, .sav, .zsav, .dta), or URLs of stores (``sqlite:///…``,
        ``postgresql+psycopg://…``); rows are put one under the other, columns joined by name.
    questionnaire
        Says what the columns and codes mean.
    columns
        Source column to variable of the questionnaire or paradata name, where the names do not match by themselves.
    progress
        Called with the share that is done, 0 to 1.

    Returns
    -------
    Responses
        Raw codes (nothing reversed) with the reason of every missing cell. An answer to a question that the skip logic
        hides is kept and noted. A cell whose value is not in the codebook is missing and listed in `unknown`.

    Raises
    ------
    ResponsesError
        With all problems at once (codes R001 to R033; docs/errors.md).

    Notes
    -----
    Reasons, in this order: the missing code's own; ``not_asked`` by skip logic, by the platform's mark or because the
    source has no such column; ``break_off`` behind the point where the respondent stopped; ``no_answer``.
    """
    mapping = dict(columns or {})
    sources = read_table(paths, questionnaire, mapping, progress=progress)
    return decode_table(sources, questionnaire, mapping, progress=progress)


def read_table(
    paths: str | Path | Sequence[str | Path],
    questionnaire: Questionnaire,
    columns: Mapping[str, str],
    *,
    pii_key: Path | None = None,
    progress: Progress | None = None,
) -> Sources:
    """Read the files as text, before the answers are decoded; see `read_responses`.

    Parameters
    ----------
    pii_key
        Key file that opens the sealed answers of a store; None leaves their questions out.
    """
    given = [paths] if isinstance(paths, str | Path) else list(paths)
    files = [store_url(path) or Path(path) if isinstance(path, str) else path for path in given]
    variable_of = variable_finder(questionnaire, columns)

    def worded(column: str, labels: Mapping[str, str]) -> Mapping[str, str]:
        variable = variable_of(column)
        return known_labels(questionnaire, variable, labels) if variable else {}

    def read_store(url: str) -> Sources:
        reader: Callable[..., Sources] = import_module(_STORE_SOURCE).read_store  # a database's library is not cheap
        return reader(url, questionnaire, pii_key=pii_key)

    return read_sources(
        files,
        matching=lambda header: count_matching(header, questionnaire, dict(columns)),
        progress=None if progress is None else lambda done: progress(0.7 * done),
        worded=worded,
        read_store=read_store,
    )


def decode_table(
    sources: Sources,
    questionnaire: Questionnaire,
    columns: Mapping[str, str],
    *,
    progress: Progress | None = None,
) -> Responses:
    """Match the columns of a table to a questionnaire and decode its cells; see `read_responses`."""
    mapping, table = dict(columns), sources.table
    matching = match_columns(table.file, table.names, questionnaire, mapping)
    left = [source for name, source in matching.others.items() if name not in PARADATA]
    check_coverage(table.file, questionnaire, {*matching.variables, *matching.options}, left)
    decoded = _decode(questionnaire, table, matching)
    cells = dict(zip(table.names, table.columns, strict=True))
    other = {name: np.asarray(cells[source], dtype=object) for name, source in matching.others.items()}
    ids, id_notes = _respondents(other.get("respondent"), len(table.lines))
    index = pd.Index(ids, name="respondent", dtype=object)
    answered = tuple(v for v in questionnaire.variables if v in decoded)
    missing, asked_notes = _reasons(questionnaire, answered, decoded, other.get("submitted"))
    frame, reasons = _frames(questionnaire, decoded, answered, missing, index)
    absent = tuple(v for v in questionnaire.variables if v not in decoded)
    notes = [*table.notes, *id_notes, *(d.note for d in decoded.values() if d.note), *asked_notes]
    lacking = [variable for variable in absent if variable not in sources.told]
    if lacking:
        params: dict[str, str | int] = {"variables": with_wordings(questionnaire, lacking), "n": len(lacking)}
        notes.append(Note("R103", questionnaire.id, params))
    unknown = [digest for digest in other.get("digest", ()) if str(digest).strip() not in sources.versions]
    notes += version_notes(questionnaire, unknown)
    if progress:
        progress(1.0)
    return Responses(
        questionnaire=questionnaire,
        frame=frame,
        missing=reasons,
        other=pd.DataFrame(other, index=index, dtype=object),
        row=pd.Series(table.lines, index=index, dtype="int64", name="row"),
        absent=absent,
        unknown=tuple(cell for d in decoded.values() for cell in d.unknown),
        source=table.file,
        digest=sources.digest,
        n_read=len(table.lines),
        simulated=any(str(mark).strip().casefold() in _YES for mark in other.get("simulated", ())),
        notes=tuple(notes),
    )


def _decode(questionnaire: Questionnaire, table: Table, matching: Matching) -> dict[str, Decoded]:
    cells = dict(zip(table.names, table.columns, strict=True))
    lines = np.asarray(table.lines, dtype=np.int64)
    sources = {variable: (column, cells[column]) for variable, column in matching.variables.items()}
    for question, columns in matching.options.items():
        texts = joined_options(questionnaire, question, {code: cells[column] for code, column in columns.items()})
        sources[question] = (next(iter(columns.values())), texts)
    decoded = {
        variable: decode_column(questionnaire, variable, *sources[variable], lines, file=table.file)
        for variable in questionnaire.variables
        if variable in sources
    }
    problems = [d.problem for d in decoded.values() if d.problem]
    if problems:
        raise ResponsesError(problems)
    return decoded


def _respondents(given: npt.NDArray[np.object_] | None, n: int) -> tuple[list[str], list[Note]]:
    """Return unique ids: those given, r1, r2, … where there is none, a repeated one with a suffix."""
    texts = [""] * n if given is None else [unguarded(str(value).strip()) for value in given]
    taken = {text for text in texts if text}
    used: set[str] = set()
    ids: list[str] = []
    for number, text in enumerate(texts, start=1):
        base = name = text or f"r{number}"
        k = 1
        while name in used or (name in taken and name != text):
            k += 1
            name = f"{base}~{k}"
        used.add(name)
        ids.append(name)
    repeated = sum(1 for text in texts if text) - len({text for text in texts if text})
    return ids, [Note("R105", "respondent", {"n": repeated})] if repeated else []


def _reasons(
    questionnaire: Questionnaire,
    variables: tuple[str, ...],
    decoded: Mapping[str, Decoded],
    submitted: npt.NDArray[np.object_] | None,
) -> tuple[npt.NDArray[np.object_], list[Note]]:
    blank = np.column_stack([decoded[v].blank for v in variables])
    given = np.column_stack([decoded[v].missing for v in variables])
    asked = asked_cells(questionnaire, variables, {v: decoded[v].values for v in variables})
    finished = np.zeros(len(blank), dtype=bool)
    if submitted is not None:
        finished = np.array([bool(str(value).strip()) for value in submitted])
    broken = break_offs(questionnaire, variables, blank, asked & (given != "not_asked"), finished)
    strays = ((given == "") & ~asked).sum(axis=0)
    notes = [Note("R107", v, {"n": int(k)}) for v, k in zip(variables, strays, strict=True) if k]
    return reasons_of_blanks(blank, asked, broken, given), notes


def _frames(
    questionnaire: Questionnaire,
    decoded: Mapping[str, Decoded],
    variables: tuple[str, ...],
    missing: npt.NDArray[np.object_],
    index: pd.Index,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    values: dict[str, pd.Series] = {}
    reasons: dict[str, pd.Series] = {}
    place = {variable: i for i, variable in enumerate(variables)}
    for variable in questionnaire.variables:
        kind = "float64" if is_numeric(questionnaire, variable) else "object"
        if variable in place:
            values[variable] = pd.Series(decoded[variable].values, index=index, dtype=kind)
            reasons[variable] = pd.Series(missing[:, place[variable]], index=index, dtype=object)
        else:
            nothing = np.nan if kind == "float64" else None
            values[variable] = pd.Series([nothing] * len(index), index=index, dtype=kind)
            reasons[variable] = pd.Series(["not_asked"] * len(index), index=index, dtype=object)
    return pd.DataFrame(values, index=index), pd.DataFrame(reasons, index=index)
