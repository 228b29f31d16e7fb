"""Changes of questions that are no scale items, and of attention checks."""

from __future__ import annotations

from collections.abc import Iterator

from satmeter.questionnaire.diff_filter import filter_of
from satmeter.questionnaire.diff_model import Change
from satmeter.questionnaire.diff_scales import missing_shown
from satmeter.questionnaire.diff_text import languages_of, text_changes
from satmeter.questionnaire.model import Question, Questionnaire

_NONE = "\N{EN DASH}"


def question_changes(old: Questionnaire, new: Questionnaire) -> Iterator[Change]:
    """Return the changes of questions and checks, in the order of the newer questionnaire."""
    for name, question in new.questions.items():
        if name in old.questions:
            yield from _question_changes(old, new, name)
        else:
            yield Change("question_new", ("question", name), line=question.line)
    for name in old.questions:
        if name not in new.questions:
            yield Change("question_gone", ("question", name), groups=((name, ""),))
    for name in (*new.checks, *(check for check in old.checks if check not in new.checks)):
        was, now = ((q.checks[name].text, q.checks[name].expect) if name in q.checks else None for q in (old, new))
        if was != now:
            line = new.checks[name].line if name in new.checks else 0
            yield Change("check", ("check", name), line=line)


def _question_changes(old: Questionnaire, new: Questionnaire, name: str) -> Iterator[Change]:
    before, after = old.questions[name], new.questions[name]
    about, every, line = ("question", name), ((name, ""),), after.line
    if before.type != after.type:
        yield Change("type", about, before.type, after.type, groups=every, line=line)
    for text in text_changes(before.text, after.text, languages_of(old, new)):
        yield Change(text.kind, about, text.before, text.after, text.language, groups=every, line=line)
    was, now = filter_of(old, name), filter_of(new, name)
    if was != now:
        yield Change("filter", about, was, now, groups=every, line=line)
    yield from _option_changes(before, after, languages_of(old, new))
    was, now = missing_shown(before.missing), missing_shown(after.missing)
    if was != now:
        yield Change("missing_codes", about, was, now, line=line)
    was, now = (f"{_bound(q.low)} … {_bound(q.high)}" for q in (before, after))
    if was != now:
        yield Change("bounds", about, was, now, line=line)


def _option_changes(before: Question, after: Question, languages: tuple[str, ...]) -> Iterator[Change]:
    name, line = after.id, after.line
    had, has = ({option.code: option.label for option in q.options} for q in (before, after))
    for code in has:
        about, group = ("option", f"{name}[{code}]"), ((name, code),)
        if code not in had:
            yield Change("option_new", about, groups=group, line=line)
            continue
        for text in text_changes(had[code], has[code], languages):
            kind = "option" if text.kind == "wording" else text.kind
            yield Change(kind, about, text.before, text.after, text.language, groups=group, line=line)
    for code in had:
        if code not in has:
            yield Change("option_gone", ("option", f"{name}[{code}]"), groups=((name, code),), line=line)


def _bound(value: float | None) -> str:
    return _NONE if value is None else f"{value:g}"
