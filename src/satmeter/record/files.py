"""results.json: written whole or not at all, read with its kind and version checked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

from satmeter.errors import Problem, RecordError
from satmeter.record.document import DEEP_SECTIONS, KIND, SCHEMA_VERSION, plain_value
from satmeter.writing import write_whole

NAME = "results.json"
SECTIONS = (
    "sample",
    "questions",
    "disposition",
    "weighting",
    "margins",
    "contacts",
    "response",
    "nonresponse",
    "quality",
    "items",
    "distributions",
    "reliability",
    "validity",
    "loadings",
    "communalities",
    "scree",
    "invariance",
    "dif",
    "lint",
    "scores",
    "comparisons",
    "ranks",
    "tree",
    "adjusted",
    "case_mix",
    "case_mix_checks",
    "waves",
    "wave_changes",
    "answers",
    "verbatims",
    "words",
    "quotes",
    "drivers",
    "regression",
    "fit",
    "priorities",
    *DEEP_SECTIONS,
    "disclosure",
)
FIRST_SECTIONS = (
    "sample",
    "disposition",
    "quality",
    "items",
    "reliability",
    "scores",
    "drivers",
    "regression",
    "fit",
    "priorities",
)
"""Sections that documents of every release have."""


def results_file(document: Mapping[str, Any]) -> str:
    r"""Return the text of results.json.

    Parameters
    ----------
    document
        From ``results_document``.

    Returns
    -------
    str
        JSON with one key a line, Chinese as it is, floats at full precision (the shortest text that reads back as the
        same number), null for numbers that do not exist. The same document gives the same text.

    Examples
    --------
    >>> results_file({"estimate": 0.1, "share": float("nan")})
    '{\n "estimate": 0.1,\n "share": null\n}\n'
    """
    return json.dumps(plain_value(dict(document)), ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def write_results(document: Mapping[str, Any], folder: Path) -> Path:
    """Write results.json into a folder, which is made; the old file stands until the new one is whole.

    Parameters
    ----------
    document
        From ``results_document``.
    folder
        Where to write.

    Returns
    -------
    Path
        The file.
    """
    path = Path(folder) / NAME
    write_whole(path, results_file(document))
    return path


def read_results(path: Path | str) -> dict[str, Any]:
    """Read a results.json.

    Parameters
    ----------
    path
        The file, or the folder that holds it.

    Returns
    -------
    dict
        The document.

    Raises
    ------
    RecordError
        J001 when there is no such file, J002 when it is no JSON, J003 when it is JSON of another kind, J004
        for a schema version that this satmeter does not know, J005 naming every section that is missing or
        damaged.
    """
    file = Path(path)
    if file.is_dir():
        file = file / NAME
    document = _parse(file, _read_text(file))
    if not isinstance(document, dict) or document.get("kind") != KIND:
        kind = document.get("kind", "") if isinstance(document, dict) else type(document).__name__
        raise RecordError(Problem("J003", file=str(file), got=str(kind)[:80], params={"kind": KIND}))
    if document.get("schema_version") != SCHEMA_VERSION:
        got = str(document.get("schema_version"))[:80]
        raise RecordError(Problem("J004", file=str(file), got=got, params={"version": SCHEMA_VERSION}))
    damaged = _damaged(document)
    if damaged:
        raise RecordError([Problem("J005", file=str(file), about=("section", name)) for name in damaged])
    return document


def _read_text(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        problem = Problem("J001", file=str(file), got=error.strerror or type(error).__name__)
        raise RecordError(problem) from None
    except UnicodeDecodeError as error:
        params = {"detail": f"byte {error.start}: not UTF-8"}
        raise RecordError(Problem("J002", file=str(file), params=params)) from None


def _parse(file: Path, text: str) -> Any:
    try:
        return json.loads(text, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        problem = Problem("J002", file=str(file), line=error.lineno, params={"detail": error.msg})
        raise RecordError(problem) from None
    except (ValueError, RecursionError) as error:
        detail = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise RecordError(Problem("J002", file=str(file), params={"detail": detail})) from None


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no JSON number")


def _damaged(document: Mapping[str, Any]) -> list[str]:
    """Return the sections that are missing or have the wrong shape."""
    damaged = [name for name in ("provenance", "study", "questionnaire") if not isinstance(document.get(name), dict)]
    for name in SECTIONS:
        if name not in FIRST_SECTIONS and name not in document:
            continue
        section = document.get(name)
        rows = section.get("rows") if isinstance(section, dict) else None
        notes = section.get("notes") if isinstance(section, dict) else None
        if not _list_of_maps(rows) or not _list_of_maps(notes):
            damaged.append(name)
    return damaged


def _list_of_maps(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(part, dict) for part in value)
