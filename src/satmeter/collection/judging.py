"""One posted page against what is known of its respondent: what is new, what is wrong, what must still be asked."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from satmeter.collection.answers import Cell, posted, saved
from satmeter.collection.steps import asked_now
from satmeter.form.model import FieldProblem, RawAnswer
from satmeter.questionnaire.model import Questionnaire

_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Judged:
    """What a post brings.

    Attributes
    ----------
    changes
        Variable to cell where it differs from what was known; None where an answer was taken back.
    values
        All answers after the post.
    problems, raw
        What is wrong with questions that are asked, and what stood in the controls.
    further
        Variables of the page that are asked now and were not on it, or were answered elsewhere.
    elsewhere
        Variables left blank on a page that was made before they were answered in another window: the answers stay.
    unsound
        Whether something was given that cannot be stored, so that it stands in the browser only.
    digest
        Fingerprint of what was posted, whatever was known before.
    """

    changes: dict[str, Cell]
    values: dict[str, Any]
    problems: dict[str, FieldProblem]
    raw: dict[str, RawAnswer]
    further: frozenset[str]
    unsound: bool
    digest: str
    elsewhere: frozenset[str] = frozenset()

    @property
    def passes(self) -> bool:
        """Whether the page is done with."""
        return not self.problems and not self.further


def judge_page(
    questionnaire: Questionnaire,
    page: int,
    fields: Mapping[str, Sequence[str]],
    *,
    on_page: Collection[str],
    known: Mapping[str, Any],
) -> Judged:
    """Judge a posted form.

    Parameters
    ----------
    questionnaire
        The one under which the response was opened.
    page
        Its number, from 1.
    fields
        Names to values, as posted.
    on_page
        Variables that stood on the page when it was made. What was answered then is named by the field ``had``: only
        that can be taken back, so that a window left open does not empty what was answered in another one.
    known
        Variable to cell, as it was before.
    """
    members = questionnaire.pages[page - 1].members
    stood = frozenset(on_page)
    found = posted(questionnaire, page, fields, members)
    given = {name[2:] for name in fields if name.startswith(("v.", "m."))}
    heard = {**known, **{name: cell for name, cell in found.values.items() if name in given or name in stood}}
    asked = asked_now(questionnaire, heard)
    further = frozenset(name for name in members if name in asked and name not in stood and name not in given)
    told = [name for name in members if name in given or (name in asked and name not in further)]
    elsewhere = frozenset(name for name in told if _is_elsewhere(name, found.values, fields, known))
    told = [name for name in told if name not in elsewhere]
    changes = {name: found.values[name] for name in told if _differs(found.values, known, name)}
    problems = {name: found.problems[name] for name in told if name in asked and name in found.problems}
    return Judged(
        changes=changes,
        values={**known, **changes},
        problems=problems,
        raw={name: found.raw[name] for name in told},
        further=further | elsewhere,
        unsound=any(name not in found.values for name in problems),
        digest=_digest({name: found.values.get(name) for name in told}),
        elsewhere=elsewhere,
    )


def judge_cells(
    questionnaire: Questionnaire, page: int, cells: Mapping[str, object], *, known: Mapping[str, Any]
) -> Judged:
    """Judge cells that the page's script sends while the respondent goes on; what is not sent is not missed."""
    found = saved(questionnaire, page, cells)
    changes = {name: cell for name, cell in found.values.items() if _differs(found.values, known, name)}
    unsound = {name: problem for name, problem in found.problems.items() if name not in found.values}
    return Judged(
        changes, {**known, **changes}, unsound, found.raw, frozenset(), bool(unsound), _digest(dict(found.values))
    )


def _is_elsewhere(
    name: str, values: Mapping[str, Cell], fields: Mapping[str, Sequence[str]], known: Mapping[str, Any]
) -> bool:
    is_emptied = name in values and values[name] is None and known.get(name) is not None
    return is_emptied and "had" in fields and name not in " ".join(fields["had"]).split()


def _differs(values: Mapping[str, Cell], known: Mapping[str, Any], name: str) -> bool:
    return name in values and values[name] != known.get(name)


def _digest(values: Mapping[str, Cell]) -> str:
    text = _encode(values)
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:22]
