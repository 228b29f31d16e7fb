"""Changes of constructs and items."""

from __future__ import annotations

from collections.abc import Iterator

from satmeter.questionnaire.diff_filter import filter_of, page_of
from satmeter.questionnaire.diff_model import Change
from satmeter.questionnaire.diff_text import languages_of, text_changes, words_of
from satmeter.questionnaire.model import Item, Questionnaire

_NONE = "\N{EN DASH}"


def item_changes(old: Questionnaire, new: Questionnaire) -> Iterator[Change]:
    """Return the changes of constructs and items, in the order of the newer questionnaire."""
    renamed = _renamed(old, new)
    for name, construct in new.constructs.items():
        if name not in old.constructs:
            yield Change("construct_new", ("construct", name), constructs=(name,), line=construct.line)
        else:
            yield from _construct_changes(name, old, new, renamed)
    for name in old.constructs:
        if name not in new.constructs:
            yield Change("construct_gone", ("construct", name), constructs=(name,))
    for name, item in new.items.items():
        if name in old.items:
            yield from _item_changes(old, new, name)
        elif name in renamed:
            yield Change("renamed", ("item", name), renamed[name], name, items=(name,), line=item.line)
        else:
            yield Change("item_new", ("item", name), items=(name,), line=item.line)
    for name in old.items:
        if name not in new.items and name not in renamed.values():
            yield Change("item_gone", ("item", name), items=(name,))


def _renamed(old: Questionnaire, new: Questionnaire) -> dict[str, str]:
    """Return new id to old id of items that say the same in the same construct under another id."""
    languages = languages_of(old, new)
    gone = {_said(item, languages): item.id for item in old.items.values() if item.id not in new.items}
    fresh = [item for item in new.items.values() if item.id not in old.items]
    return {item.id: gone[key] for item in fresh if (key := _said(item, languages)) in gone and any(key[1])}


def _said(item: Item, languages: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    texts = dict(item.text.by_language)
    return item.construct, tuple(words_of(texts.get(language, "")) for language in languages)


def _construct_changes(name: str, old: Questionnaire, new: Questionnaire, renamed: dict[str, str]) -> Iterator[Change]:
    before, after = old.constructs[name], new.constructs[name]
    about, line = ("construct", name), after.line
    had, has = set(before.items), {renamed.get(item, item) for item in after.items}
    if had != has:
        gone, more = (", ".join(sorted(part)) or _NONE for part in (had - has, has - had))
        yield Change("items", about, gone, more, constructs=(name,), line=line)
    for kind, was, now in (("role", before.role, after.role), ("mode", before.mode, after.mode)):
        if was != now:
            yield Change("role" if kind == "role" else "mode", about, was, now, constructs=(name,), line=line)
    for text in text_changes(before.label, after.label, languages_of(old, new)):
        if text.kind == "wording":
            yield Change("label", about, text.before, text.after, text.language, constructs=(name,), line=line)


def _item_changes(old: Questionnaire, new: Questionnaire, name: str) -> Iterator[Change]:
    before, after = old.items[name], new.items[name]
    about, line = ("item", name), after.line
    touched = tuple(dict.fromkeys((before.construct, after.construct)))
    for text in text_changes(before.text, after.text, languages_of(old, new)):
        yield Change(text.kind, about, text.before, text.after, text.language, (name,), touched, line=line)
    if before.reverse != after.reverse:
        was, now = (str(item.reverse).lower() for item in (before, after))
        yield Change("reverse", about, was, now, items=(name,), constructs=touched, line=line)
    was, now = filter_of(old, name), filter_of(new, name)
    if was != now:
        yield Change("filter", about, was, now, items=(name,), constructs=touched, line=line)
    old_page, new_page = page_of(old).get(name), page_of(new).get(name)
    if old_page and new_page:
        was, now = (str(q.required_of(name, page)).lower() for q, page in ((old, old_page), (new, new_page)))
        if was != now:
            yield Change("required", about, was, now, items=(name,), line=line)
