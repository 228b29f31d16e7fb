"""Changes of the form as a whole: languages, order, pages, texts around the questions, the model."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from satmeter.questionnaire.diff_filter import page_of
from satmeter.questionnaire.diff_model import Change
from satmeter.questionnaire.diff_text import languages_of, text_changes
from satmeter.questionnaire.model import Page, Questionnaire, Text

_NONE = "\N{EN DASH}"
_MOST = 12  # ids shown of a list


def form_changes(old: Questionnaire, new: Questionnaire) -> Iterator[Change]:
    """Return the changes that concern no single question."""
    yield from _lead_ins(old, new)
    whole = ("questionnaire", new.id)
    for language in new.languages:
        if language not in old.languages:
            yield Change("language_new", whole, after=language)
    for language in old.languages:
        if language not in new.languages:
            yield Change("language_gone", whole, before=language)
    moved = _moved(old, new)
    if moved:
        yield Change("order", whole, after=_shown(moved), items=tuple(m for m in moved if m in new.items))
    paged = _paged(old, new)
    if paged:
        yield Change("page", whole, after=_shown(paged), items=tuple(m for m in paged if m in new.items))
    for part in ("title", "intro", "privacy", "thanks"):
        for text in text_changes(getattr(old, part), getattr(new, part), languages_of(old, new)):
            yield Change("frame", ("key", part), text.before, text.after, text.language)
    models = [{outcome: tuple(sorted(names)) for outcome, names in q.model.items()} for q in (old, new)]
    changed = [o for o in dict.fromkeys((*models[1], *models[0])) if models[0].get(o) != models[1].get(o)]
    for outcome in changed:
        before, after = (", ".join(model.get(outcome, ())) or _NONE for model in models)
        yield Change("model", ("model", outcome), before, after)


def _lead_ins(old: Questionnaire, new: Questionnaire) -> Iterator[Change]:
    """Compare the text that stands above items, once for every pair of an old and a new page."""
    pages = page_of(old), page_of(new)
    seen: dict[tuple[Text, Text], list[str]] = {}
    lines: dict[tuple[Text, Text], int] = {}
    for member in new.variables:
        if member in pages[0] and member not in new.checks:
            key = pages[0][member].text, pages[1][member].text
            seen.setdefault(key, []).append(member)
            lines.setdefault(key, pages[1][member].line)
    for (was, now), members in seen.items():
        items = tuple(m for m in members if m in new.items)
        owners = tuple(dict.fromkeys(q.items[i].construct for i in items for q in (old, new) if i in q.items))
        groups = tuple((m, "") for m in members if m in new.questions)
        for text in text_changes(was, now, languages_of(old, new)):
            kind = "lead_in" if text.kind == "wording" else text.kind
            line = lines[was, now]
            about = ("page", _shown(members))
            yield Change(kind, about, text.before, text.after, text.language, items, owners, groups, line)


def _moved(old: Questionnaire, new: Questionnaire) -> list[str]:
    """Return the fewest variables that must be moved to bring the old order into the new one."""
    place = {name: number for number, name in enumerate(old.variables)}
    shared = [name for name in new.variables if name in place]
    stay = _longest_rise([place[name] for name in shared])
    return [name for number, name in enumerate(shared) if number not in stay]


def _longest_rise(numbers: list[int]) -> set[int]:
    """Return the positions of a longest increasing subsequence.

    Examples
    --------
    >>> sorted(_longest_rise([3, 1, 2, 4]))
    [1, 2, 3]
    """
    tails: list[int] = []
    places: list[int] = []
    before: list[int] = []
    for place, number in enumerate(numbers):
        length = bisect_left(tails, number)
        tails[length:] = [number, *tails[length + 1 :]]
        places[length:] = [place, *places[length + 1 :]]
        before.append(places[length - 1] if length else -1)
    found: set[int] = set()
    last = places[-1] if places else -1
    while last >= 0:
        found.add(last)
        last = before[last]
    return found


def _paged(old: Questionnaire, new: Questionnaire) -> list[str]:
    """Return variables whose page has other neighbours or is shown in another way."""
    pages = page_of(old), page_of(new)
    shared = [name for name in new.variables if name in pages[0]]
    known = set(shared)

    def shape(page: Page) -> tuple[frozenset[str], bool, bool]:
        return frozenset(page.members) & known, page.grid, page.shuffle

    return [name for name in shared if shape(pages[0][name]) != shape(pages[1][name])]


def _shown(names: list[str]) -> str:
    return ", ".join(names[:_MOST]) + (", …" if len(names) > _MOST else "")
