"""What the pages of interviewers show of sampled units."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from satmeter.collection.calls import CALL_RESULTS, CallUnit
from satmeter.collection.interviews import PATH, unit_path
from satmeter.collection.staff_pages import staff_word
from satmeter.questionnaire.model import Text

_PER_PAGE = 50
_MOST_VALUES = 30
_TO_DO = ("due", "open", "later")
_SHOWN = ("due", "later", "open", "elsewhere", "ended", "over", "done")


def list_context(units: Sequence[CallUnit], query: Mapping[str, str], language: str) -> dict[str, Any]:
    """Return what the list shows.

    Parameters
    ----------
    units
        From `call_list`.
    query
        ``show=all`` for those who need no call, too; ``stratum=column:value``; ``page``.
    language
        Of the page.
    """
    everybody, stratum = query.get("show", "") == "all", query.get("stratum", "")[:200]
    strata = _strata(units)
    column, _, value = stratum.partition(":")
    chosen = stratum if (column, value) in strata else ""
    wanted = [unit for unit in units if not chosen or unit.strata.get(column) == value]
    listed = wanted if everybody else [unit for unit in wanted if unit.standing in _TO_DO]
    last = max(1, -(-len(listed) // _PER_PAGE))
    asked = query.get("page", "")
    page = min(max(int(asked), 1), last) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    kept = {name: text for name, text in (("show", "all" if everybody else ""), ("stratum", chosen)) if text}
    counts = Counter[str](unit.standing for unit in wanted)
    names = list(dict.fromkeys(name for unit in units for name in unit.strata))
    return {
        "path": _address(kept | ({"page": page} if page > 1 else {})),
        "rows": [_row(unit, names, language) for unit in listed[(page - 1) * _PER_PAGE : page * _PER_PAGE]],
        "names": names,
        "counts": [(staff_word(f"standing_{name}", language), counts[name]) for name in _SHOWN],
        "strata": [(f"{name}:{text}", f"{name}: {text}", f"{name}:{text}" == chosen) for name, text in strata],
        "everybody": everybody,
        "page": page,
        "last": last,
        "before": _address(kept | {"page": page - 1, "language": language}) if page > 1 else "",
        "after": _address(kept | {"page": page + 1, "language": language}) if page < last else "",
    }


def unit_context(unit: CallUnit, contacts: Mapping[str, str], script: Text, language: str) -> dict[str, Any]:
    """Return what the page of one unit shows."""
    return {
        "unit": unit,
        "contacts": list(contacts.items()),
        "script": script.get(language),
        "standing": staff_word(f"standing_{unit.standing}", language),
        "attempts": [
            (call.at[:16].replace("T", " "), staff_word(f"result_{call.result}", language), call.agent)
            for call in unit.attempts
        ],
        "results": [(name, staff_word(f"result_{name}", language)) for name in CALL_RESULTS],
        "appointment": unit.appointment.replace("T", " "),
        "begins": unit.standing in ("due", "later", "ended"),
        "goes_on": unit.standing == "open",
    }


def _row(unit: CallUnit, names: Sequence[str], language: str) -> dict[str, Any]:
    last = unit.attempts[-1] if unit.attempts else None
    return {
        "id": unit.id,
        "href": f"{unit_path(unit.number)}?language={language}",
        "strata": [unit.strata.get(name, "") for name in names],
        "n": len(unit.attempts),
        "last": f"{last.at[:16].replace('T', ' ')} {staff_word(f'result_{last.result}', language)}" if last else "",
        "appointment": unit.appointment.replace("T", " "),
        "standing": staff_word(f"standing_{unit.standing}", language),
        "urgent": unit.standing == "due" and bool(unit.appointment),
    }


def _strata(units: Sequence[CallUnit]) -> list[tuple[str, str]]:
    """Return columns and values by which the list can be narrowed: no weights, and none of many values."""
    values: dict[str, set[str]] = {}
    for unit in units:
        for name, text in unit.strata.items():
            values.setdefault(name, set()).add(text)
    groups = {name: found for name, found in values.items() if name != "weight" and len(found) <= _MOST_VALUES}
    return [(name, text) for name, found in groups.items() for text in sorted(found) if text]


def _address(query: Mapping[str, object]) -> str:
    return f"{PATH}?{urlencode(query)}" if query else PATH
