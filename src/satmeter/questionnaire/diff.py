"""What was changed between two questionnaires, and which series of figures that breaks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from satmeter.questionnaire.diff_form import form_changes
from satmeter.questionnaire.diff_items import item_changes
from satmeter.questionnaire.diff_model import Change
from satmeter.questionnaire.diff_questions import question_changes
from satmeter.questionnaire.diff_scales import scale_changes
from satmeter.questionnaire.diff_words import reason_of, sentence_of
from satmeter.questionnaire.model import Questionnaire

Language = Literal["zh-CN", "en"]
_PARTS: tuple[Callable[[Questionnaire, Questionnaire], Iterator[Change]], ...] = (
    item_changes,
    scale_changes,
    question_changes,
    form_changes,
)


@dataclass(frozen=True, eq=False)
class QuestionnaireDiff:
    """Every change from an older questionnaire to a newer one, those that break a series first.

    Attributes
    ----------
    old, new
        The questionnaires.
    changes
        What was changed; ids tie the two together.
    """

    old: Questionnaire
    new: Questionnaire
    changes: tuple[Change, ...]

    @property
    def breaks(self) -> bool:
        """Whether any series is broken."""
        return any(change.breaks for change in self.changes)

    def broken(self) -> dict[str, tuple[str, ...]]:
        """Return the items and constructs whose series is broken, each with the kinds of change that break it.

        A construct is broken with any of its items, and by a change of its set of items.
        """
        found: dict[str, list[str]] = {}
        for change in self.changes:
            for name in (*change.items, *change.constructs) if change.breaks else ():
                kinds = found.setdefault(name, [])
                if change.kind not in kinds:
                    kinds.append(change.kind)
        return {name: tuple(kinds) for name, kinds in found.items()}

    def broken_groups(self) -> frozenset[tuple[str, str]]:
        """Return pairs of a choice question and an option's code (empty: all of them) that mean something else now."""
        return frozenset(pair for change in self.changes if change.breaks for pair in change.groups)

    def to_dict(self) -> dict[str, Any]:
        """Return the whole comparison as plain values, with sentences in both languages."""
        ends = {"old": self.old, "new": self.new}
        return {
            **{key: {"id": q.id, "version": q.version, "digest": q.digest} for key, q in ends.items()},
            "breaks": self.breaks,
            "broken": {name: list(kinds) for name, kinds in self.broken().items()},
            "changes": [_plain(change) for change in self.changes],
        }


def compare_questionnaires(old: Questionnaire, new: Questionnaire) -> QuestionnaireDiff:
    """Compare two versions of a questionnaire.

    Parameters
    ----------
    old, new
        Matched by the ids of items, constructs, questions and options. Texts are compared in the languages that both
        have.

    Returns
    -------
    QuestionnaireDiff

    Notes
    -----
    A series is broken by other words of an item (in any language that both have) or of the text above it, another
    range, number or wording of its scale's points, keying, a filter, and, for a construct, by another set of items. It
    is not broken by punctuation, white space, capitals or width of letters, by the order of questions, an added
    language, labels that nobody is shown, or codes of missing answers.

    Examples
    --------
    >>> from satmeter.questionnaire import read_questionnaire
    >>> same = read_questionnaire("power-utility")
    >>> compare_questionnaires(same, same).changes
    ()
    """
    found = [change for part in _PARTS for change in part(old, new)]
    return QuestionnaireDiff(old, new, tuple(sorted(found, key=lambda change: not change.breaks)))


def _plain(change: Change) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "about": list(change.about),
        "language": change.language,
        "before": change.before,
        "after": change.after,
        "breaks": change.breaks,
        "items": list(change.items),
        "constructs": list(change.constructs),
        "line": change.line,
        "text": {language: sentence_of(change, language) for language in ("en", "zh-CN")},
        "reason": {language: reason_of(change, language) for language in ("en", "zh-CN")},
    }
