"""What forbids publication: every item of a public results document, named at once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from satmeter.errors import Problem
from satmeter.publication.compare import row_name
from satmeter.typography import missing_glyphs

SHARES = ("top1", "top2", "top3", "csat", "ces_share", "share_cases", "share_answers")
"""Statistics that are percentages."""

INTERVALS = ("scores", "answers", "comparisons")
"""Sections whose intervals are those of a sample that was drawn."""

SEVERE = ("R109", "M105")
"""Notes that forbid publication: answers to another version of the questionnaire; a construct of negative alpha."""

FROM_SAMPLING = ("sampling", "precision")
"""Keys of disclosure that follow from how the sample was drawn, of which P004 speaks."""

_MOST = 5


def refusals(document: Mapping[str, Any], *, simulated: bool = False) -> tuple[Problem, ...]:
    """Return everything that forbids the publication of a results document.

    Parameters
    ----------
    document
        The public document: what readers would see.
    simulated
        Whether simulated answers are allowed.

    Returns
    -------
    tuple of Problem
        P001 to P009; empty when nothing forbids it.
    """
    checks = (_disclosure, _bases, _ranks, _sampling, _small_cells, _severe, _glyphs)
    found = [problem for check in checks for problem in check(document)]
    if document["study"].get("simulated") and not simulated:
        found.append(Problem("P007"))
    return tuple(found)


def _rows(document: Mapping[str, Any], section: str) -> Sequence[Mapping[str, Any]]:
    found: Sequence[Mapping[str, Any]] = (document.get(section) or {"rows": ()})["rows"]
    return found


def _named(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return the first rows by name, and how many there are more."""
    names = [f"[{row_name(row)}]" for row in rows[:_MOST]]
    return ", ".join([*names, *([f"… +{len(rows) - _MOST}"] if len(rows) > _MOST else [])])


def _about(
    code: str, section: str, rows: Sequence[Mapping[str, Any]], params: Mapping[str, Any] | None = None
) -> Iterator[Problem]:
    if rows:
        more = {"rows": _named(rows)} | dict(params or {})
        yield Problem(code, about=("section", section), got=str(len(rows)), params=more)


def _disclosure(document: Mapping[str, Any]) -> Iterator[Problem]:
    """Tell of every key that is empty, once, with the numbers that it has in the standards."""
    empty: dict[str, list[str]] = {}
    for row in _rows(document, "disclosure"):
        if row.get("complete") is False and row.get("key") not in FROM_SAMPLING:
            empty.setdefault(str(row["key"]), []).append(f"{str(row['standard']).upper()} {row['number']}")
    for key, numbers in empty.items():
        yield Problem("P001", about=("disclosure", f"{key} ({', '.join(numbers)})"), params={"key": key})


def _bases(document: Mapping[str, Any]) -> Iterator[Problem]:
    for section in ("scores", "answers", "verbatims"):
        shares = [r for r in _rows(document, section) if section == "verbatims" or r.get("statistic") in SHARES]
        yield from _about("P002", section, [r for r in shares if r.get("estimate") is not None and not r.get("n")])


def _ranks(document: Mapping[str, Any]) -> Iterator[Problem]:
    bounds = ("conf_low", "conf_high", "rank_low", "rank_high")
    bare = [r for r in _rows(document, "ranks") if r.get("rank") is not None and any(r.get(b) is None for b in bounds)]
    yield from _about("P003", "ranks", bare)


def _sampling(document: Mapping[str, Any]) -> Iterator[Problem]:
    sampling = document["study"].get("sampling") or ""
    if not sampling:
        yield Problem("P004", about=("key", "publication.sampling"))
    if sampling == "nonprobability":
        for section in INTERVALS:
            bounds = ("std_error", "conf_low", "conf_high")
            yield from _about(
                "P005", section, [r for r in _rows(document, section) if any(r.get(b) is not None for b in bounds)]
            )


def _small_cells(document: Mapping[str, Any]) -> Iterator[Problem]:
    policy = document["study"].get("policy") or {}
    least = policy.get("min_n") or 0
    for section in ("scores", "answers"):
        small = [r for r in _rows(document, section) if r.get("estimate") is not None and (r.get("n") or 0) < least]
        yield from _about("P008", section, small, {"min_n": least})


def _severe(document: Mapping[str, Any]) -> Iterator[Problem]:
    notes = [note for section in document.values() for note in _notes(section)]
    for note in notes:
        if note.get("code") in SEVERE:
            about = ("construct", str(note["about"])) if note.get("about") else None
            yield Problem("P009", about=about, got=str(note["code"]), params={"told": str(note["code"])})


def _notes(section: Any) -> Sequence[Mapping[str, Any]]:
    notes = section.get("notes") if isinstance(section, Mapping) else None
    return notes if isinstance(notes, Sequence) and not isinstance(notes, str) else ()


def _glyphs(document: Mapping[str, Any]) -> Iterator[Problem]:
    places: dict[str, list[str]] = {}
    for place, text in _texts(document):
        for character in missing_glyphs(text):
            places.setdefault(character, []).append(place)
    if places:
        where = list(dict.fromkeys(place for found in places.values() for place in found))
        shown = ", ".join(where[:_MOST]) + (", …" if len(where) > _MOST else "")
        points = " ".join(f"U+{ord(character):04X}" for character in places)
        yield Problem("P006", got=points, params={"places": shown})


def _texts(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Return every text of a document with the place where it stands; a text is looked at once."""
    seen: set[str] = set()

    def walk(part: Any, path: str) -> Iterator[tuple[str, str]]:
        if isinstance(part, str):
            if part not in seen:
                seen.add(part)
                yield path, part
        elif isinstance(part, Mapping):
            for key, inner in part.items():
                yield from walk(inner, f"{path}.{key}" if path else str(key))
        elif isinstance(part, Sequence):
            for i, inner in enumerate(part):
                yield from walk(inner, re.sub(r"\.rows$", "", path) + f"[{i}]")

    return walk(value, place)
