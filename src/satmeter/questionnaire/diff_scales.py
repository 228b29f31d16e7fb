"""Changes of the scales that items are rated on."""

from __future__ import annotations

from collections.abc import Iterator

from satmeter.questionnaire.diff_model import Change, ChangeKind
from satmeter.questionnaire.diff_text import languages_of, text_changes
from satmeter.questionnaire.model import MissingCode, Questionnaire, Scale

_NONE = "\N{EN DASH}"
_TOLD: dict[ChangeKind, str] = {"labels": "wording", "typography": "typography"}


def scale_changes(old: Questionnaire, new: Questionnaire) -> Iterator[Change]:
    """Compare the scales of all items that both have, once for every pair of an old and a new scale.

    Another name of a scale with the same points is no change.
    """
    pairs: dict[tuple[str, str], list[str]] = {}
    for name, item in new.items.items():
        if name in old.items:
            pairs.setdefault((old.items[name].scale, item.scale), []).append(name)
    for (was, now), items in pairs.items():
        owners = tuple(dict.fromkeys(q.items[i].construct for i in items for q in (old, new)))
        for kind, before, after, language in _compared(old.scales[was], new.scales[now], languages_of(old, new)):
            line = new.scales[now].line
            yield Change(kind, ("scale", now), before, after, language, tuple(items), owners, line=line)


def missing_shown(codes: tuple[MissingCode, ...]) -> str:
    """Return missing codes with their reasons, as one text."""
    return ", ".join(f"{code.code} ({code.reason})" for code in sorted(codes, key=lambda c: c.code)) or _NONE


def _compared(old: Scale, new: Scale, languages: tuple[str, ...]) -> Iterator[tuple[ChangeKind, str, str, str]]:
    if old.codes != new.codes:
        yield "scale", _codes(old), _codes(new), ""
    else:
        for language in languages:
            for kind, told in _TOLD.items():
                before, after = _labels(old, new, language, told)
                if before or after:
                    yield kind, before, after, language
    was, now = missing_shown(old.missing), missing_shown(new.missing)
    if was != now:
        yield "missing_codes", was, now, ""


def _labels(old: Scale, new: Scale, language: str, told: str) -> tuple[str, str]:
    """Return the labels of the points that were changed in one way, before and after."""
    changed = [
        (point.code, change)
        for was, point in zip(old.points, new.points, strict=True)
        for change in text_changes(was.label, point.label, (language,))
        if change.kind == told
    ]
    before = ", ".join(f"{code} {change.before or _NONE}" for code, change in changed)
    return before, ", ".join(f"{code} {change.after or _NONE}" for code, change in changed)


def _codes(scale: Scale) -> str:
    whole = scale.codes == tuple(range(scale.low, scale.high + 1))
    return f"{scale.low}\N{EN DASH}{scale.high}" if whole else ", ".join(str(code) for code in scale.codes)
