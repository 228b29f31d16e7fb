"""Whether the columns belong to this questionnaire at all, and to this version of it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

from satmeter.errors import Note, Problem, ResponsesError
from satmeter.questionnaire.model import Questionnaire
from satmeter.responses.wording import comparable, header_forms

LEAST = 0.5  # share of the scale items that must have a column
_SHOWN, _SHOWN_COLUMNS, _WORDS, _DIGITS = 8, 20, 24, 12


def check_coverage(file: str, questionnaire: Questionnaire, present: Iterable[str], left: Sequence[str]) -> None:
    """Refuse columns that hold too little of the questionnaire.

    Parameters
    ----------
    file
        Name, for messages.
    present
        Variables that have a column.
    left
        Source columns that matched nothing; near ones are suggested.

    Raises
    ------
    ResponsesError
        R021 fewer than half of the scale items have a column, R022 none of satisfaction and loyalty.
    """
    there = set(present)
    lacking = [item for item in questionnaire.items if item not in there]
    outcomes = [item for c in questionnaire.constructs_of_role("satisfaction", "loyalty") for item in c.items]
    total = len(questionnaire.items)
    wrong = []
    if total - len(lacking) < LEAST * total:
        wrong.append(("R021", lacking))
    if outcomes and there.isdisjoint(outcomes):
        wrong.append(("R022", outcomes))
    problems = []
    for code, names in wrong:
        params: dict[str, str | int] = {
            "n": total - len(lacking),
            "total": total,
            "questionnaire": questionnaire.id,
            "missing": with_wordings(questionnaire, names),
            "columns": first_columns(left),
        }
        pairs = ", ".join(f"{column} → {name}" for column, name in _near(questionnaire, names, left)[:_SHOWN])
        problems.append(Problem(code, file, suggestion=pairs, params=params))
    if problems:
        raise ResponsesError(problems)


def with_wordings(questionnaire: Questionnaire, names: Sequence[str]) -> str:
    """Return variables with their wordings in the questionnaire's first language, cut where they are many or long."""
    told = []
    for name in names[:_SHOWN]:
        text = questionnaire.text_of(name).get(questionnaire.language)
        told.append(f"{name} “{text if len(text) <= _WORDS else text[:_WORDS] + '…'}”")
    return ", ".join(told) + (", …" if len(names) > _SHOWN else "")


def first_columns(names: Sequence[str]) -> str:
    """Return the names of the first twenty columns, each cut where it is long.

    Examples
    --------
    >>> first_columns(["p01", "来源"]), first_columns([])
    ('p01, 来源', '–')
    """
    short = [name if len(name) <= 2 * _WORDS else name[: 2 * _WORDS] + "…" for name in names[:_SHOWN_COLUMNS]]
    return (", ".join(short) or "–") + (", …" if len(names) > _SHOWN_COLUMNS else "")


def version_notes(questionnaire: Questionnaire, digests: Iterable[object]) -> list[Note]:
    """Return R109 for every other version of the questionnaire that answers were given under."""
    rows: dict[str, int] = {}
    for digest in digests:
        text = str(digest).strip()
        if text and text != questionnaire.digest:
            rows[text] = rows.get(text, 0) + 1
    own = _start(questionnaire.digest)
    return [Note("R109", questionnaire.id, {"n": n, "given": _start(d), "own": own}) for d, n in rows.items()]


def _start(digest: str) -> str:
    return digest.removeprefix("sha256:")[:_DIGITS]


def _near(questionnaire: Questionnaire, names: Sequence[str], left: Sequence[str]) -> list[tuple[str, str]]:
    """Return pairs of a column that matched nothing and the variable that it may be, each variable once."""
    spellings: dict[str, str] = {}
    for name in names:
        for text in (name, *(text for _, text in questionnaire.text_of(name).by_language)):
            spellings.setdefault(comparable(text), name)
    pairs: dict[str, str] = {}
    for column in left[:200]:
        for form in header_forms(column):
            found = difflib.get_close_matches(form[:80], spellings, 1, 0.7)
            if found and spellings[found[0]] not in pairs:
                pairs[spellings[found[0]]] = column
                break
    return [(column, name) for name, column in pairs.items()]
