"""Figures of a release computed again, from its microdata or its moments, and held against those published."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from satmeter.publication.compare import Comparison, compare_values, numbers_in, row_name
from satmeter.publication.implied import implied_numbers
from satmeter.publication.stack_rows import computed_rows
from satmeter.publication.stacks import read_stacks
from satmeter.record.disclosure import disclosure_rows
from satmeter.record.files import SECTIONS

Document = Mapping[str, Any]
Row = Mapping[str, Any]

WITHOUT_ANSWERS = frozenset(
    {
        *("disposition", "quality", "response", "contacts", "nonresponse"),
        *("verbatims", "words", "quotes", "waves", "wave_changes"),
    }
)
"""Sections that rest on what is never released: respondents left out, sampled cases, texts, earlier waves."""

RETEST = frozenset({"test_retest", "icc_agreement", "icc_consistency", "mean_change"})
"""Coefficients that rest on a second measurement."""

COMPARED_OF_STUDY = ("n", "n_eff", "deff", "weighted", "design", "index_construct", "groups", "controls", "model")

_WORD = re.compile(r"\w+")
_SHOWN_ONLY = ("definition", "symbol")


def compare_microdata(published: Document, computed: Document, facts: Mapping[str, Any]) -> dict[str, Comparison]:
    """Hold published results against those computed from the microdata.

    Parameters
    ----------
    published, computed
        Public documents.
    facts
        What the manifest says of the microdata: their columns.

    Returns
    -------
    dict
        Section to what came out. Rows that name a question which is not among the microdata are counted as unchecked.
    """
    lost = unreleased_questions(published, facts["columns"])
    found = {"study": _study(published["study"], computed["study"])}
    for section in sections_of(published):
        rows = _rows(published, section)
        if section in WITHOUT_ANSWERS:
            unchecked = Comparison(unchecked=max(1, numbers_in(rows)))
            found |= {section: unchecked} if rows else {}
            continue
        told = _rows(computed, section)
        if rows or told:
            found[section] = _matched(section, rows, told, lost)
    return found


def unreleased_questions(document: Document, columns: Iterable[str]) -> frozenset[str]:
    """Return the questions that are not among the columns of the microdata."""
    asked = {str(q.get("id")) for q in (document.get("questionnaire") or {}).get("questions") or ()}
    return frozenset(asked.difference(columns))


def compare_stacks(files: Mapping[str, bytes], published: Document) -> dict[str, Comparison]:
    """Hold published results against what the moments of a release give, and against each other.

    Parameters
    ----------
    files
        The two files of the moments.
    published
        The public document.

    Returns
    -------
    dict
        Section to what came out; numbers that follow neither from the moments nor from others are counted as unchecked.
    """
    found = {name: Comparison() for name in sections_of(published) if _rows(published, name)}
    places = {name: _by_place(_rows(published, name)) for name in found}
    checked: set[tuple[str, int, str]] = set()

    def hold(section: str, place: int, computed: Row) -> None:
        own = _rows(published, section)[place]
        keys = [k for k, v in computed.items() if numbers_in(v) and own.get(k) is not None]
        new = [key for key in keys if (section, place, key) not in checked]
        checked.update((section, place, key) for key in new)
        told = {key: own[key] for key in new}
        found[section] += compare_values(f"{section}: {row_name(own)}", told, {key: computed[key] for key in new})

    stacks = read_stacks(files)
    for section, row in computed_rows(stacks, published):
        for place in places.get(section, {}).get(_name(row), ())[:1]:
            hold(section, place, row)
    level, simple = float(stacks.index["conf_level"]), bool(stacks.index["simple"])
    for section, place, numbers in implied_numbers(published, simple=simple, conf_level=level):
        hold(section, place, numbers)
    total = {name: numbers_in(_rows(published, name)) for name in found}
    return {
        name: Comparison(part.agree, part.differences, total[name] - part.agree - len(part.differences))
        for name, part in found.items()
    }


def _by_place(rows: Iterable[Row]) -> dict[tuple[tuple[str, str], ...], list[int]]:
    found: dict[tuple[tuple[str, str], ...], list[int]] = {}
    for place, row in enumerate(rows):
        found.setdefault(_name(row), []).append(place)
    return found


def sections_of(document: Document) -> tuple[str, ...]:
    """Return the sections whose figures are computed from answers: all but what is disclosed, which tells of them."""
    return tuple(name for name in SECTIONS if name in document and name != "disclosure")


def compare_disclosure(published: Document) -> Comparison:
    """Hold what is disclosed against what the other sections and the study file say."""
    told = [{k: v for k, v in row.items() if k != "symbol"} for row in _rows(published, "disclosure")]
    return compare_values("disclosure", told, disclosure_rows(published))


def _rows(document: Document, section: str) -> Sequence[Row]:
    rows: Sequence[Row] = (document.get(section) or {"rows": ()})["rows"]
    return rows


def _name(row: Row) -> tuple[tuple[str, str], ...]:
    """Return what names a row: its texts, without those that only explain."""
    return tuple(sorted((k, v) for k, v in row.items() if isinstance(v, str) and k not in _SHOWN_ONLY))


def _by_name(rows: Iterable[Row]) -> dict[tuple[tuple[str, str], ...], list[Row]]:
    found: dict[tuple[tuple[str, str], ...], list[Row]] = {}
    for row in rows:
        found.setdefault(_name(row), []).append(row)
    return found


def _matched(section: str, published: Sequence[Row], computed: Sequence[Row], lost: frozenset[str]) -> Comparison:
    """Compare rows of the same name; one that the other side lacks is a difference."""
    told = _by_name(computed)
    result = Comparison()
    for name, rows in _by_name(published).items():
        others = told.pop(name, [])
        for i, row in enumerate(rows):
            if names_question(row, lost) or row.get("coefficient") in RETEST:
                result += Comparison(unchecked=numbers_in(row))
            else:
                other = others[i] if i < len(others) else None
                result += compare_values(f"{section}: {row_name(row)}", _figures(row), other and _figures(other))
    for rows in told.values():
        for row in rows:
            if not names_question(row, lost):
                result += compare_values(f"{section}: {row_name(row)}", None, _figures(row))
    return result


def _figures(row: Row) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key not in _SHOWN_ONLY}


def names_question(row: Row, questions: frozenset[str]) -> bool:
    """Tell whether a row names one of some questions."""
    texts = (value for key, value in row.items() if isinstance(value, str) and key not in _SHOWN_ONLY)
    return any(questions.intersection(_WORD.findall(text)) for text in texts)


def _study(published: Mapping[str, Any], computed: Mapping[str, Any]) -> Comparison:
    keys = [key for key in COMPARED_OF_STUDY if key in published]
    return compare_values("study", {k: published[k] for k in keys}, {k: computed.get(k) for k in keys})
