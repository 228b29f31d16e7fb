"""How deep a change of a questionnaire goes: what a live survey may take over, and which answers belong together."""

from __future__ import annotations

from typing import Literal

from satmeter.questionnaire.diff import QuestionnaireDiff
from satmeter.questionnaire.diff_model import Change

DefinitionChange = Literal["cosmetic", "wording", "coding"]

_CODING = frozenset({"scale", "reverse", "type", "missing_codes", "option_gone", "renamed"})
_COSMETIC = frozenset(
    {
        "typography",
        "required",
        "order",
        "page",
        "language_new",
        "language_gone",
        "frame",
        "role",
        "mode",
        "label",
        "model",
    }
)


def kind_of_change(diff: QuestionnaireDiff) -> DefinitionChange:
    """Return the deepest kind of change between two versions of a questionnaire.

    Parameters
    ----------
    diff
        From `compare_questionnaires`, older version first.

    Returns
    -------
    str
        ``cosmetic``: a respondent is asked the same. ``wording``: a respondent is asked something else (other words,
        another filter or other bounds, a question or option more, a question less), and every code means what it
        meant. ``coding``: a code stands for something else or is gone (scale, keying, type, missing codes, an option
        left out, an item under another id, another right answer to an attention check).

    Examples
    --------
    >>> from satmeter.questionnaire import read_questionnaire
    >>> from satmeter.questionnaire.diff import compare_questionnaires
    >>> same = read_questionnaire("power-utility")
    >>> kind_of_change(compare_questionnaires(same, same))
    'cosmetic'
    """
    if any(change.kind in _CODING or _is_other_answer(diff, change) for change in diff.changes):
        return "coding"
    return "cosmetic" if all(change.kind in _COSMETIC for change in diff.changes) else "wording"


def _is_other_answer(diff: QuestionnaireDiff, change: Change) -> bool:
    """Tell whether another answer to an attention check is right now."""
    if change.kind != "check":
        return False
    was, now = (questionnaire.checks.get(change.about[1]) for questionnaire in (diff.old, diff.new))
    return was is not None and now is not None and was.expect != now.expect
