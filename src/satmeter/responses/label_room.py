"""Labels cut to the room that a file format has, so that none is cut in silence and none is taken for another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from satmeter.responses.labels import CUT
from satmeter.responses.statistics_fields import Field


@dataclass(frozen=True, slots=True)
class Cut:
    """Value labels as a format takes them, and the codes whose labels were cut."""

    labels: dict[float, str]
    cut: tuple[str, ...]


def cut_text(text: str, *, octets: int | None = None, letters: int | None = None) -> str:
    """Return a text that is no longer than allowed; a cut one ends in ``…``.

    Parameters
    ----------
    octets
        Bytes in UTF-8; a Chinese character takes three.
    letters
        Characters.

    Examples
    --------
    >>> cut_text("非常不同意", octets=12), cut_text("Strongly", letters=5), cut_text("Yes", octets=3)
    ('非常不…', 'Stro…', 'Yes')
    """
    if letters is not None and len(text) > letters:
        text = text[: letters - 1] + CUT
    if octets is not None and len(text.encode()) > octets:
        room = octets - len(CUT.encode())
        text = text.removesuffix(CUT).encode()[:room].decode(errors="ignore") + CUT
    return text


def cut_labels(field: Field, cut: Callable[[str], str]) -> Cut:
    """Return the value labels of a field, cut; where two would be alike, the code stands in front.

    Parameters
    ----------
    cut
        Cuts one label.
    """
    short = {code: cut(label) for code, label in field.value_labels.items()}
    seen = Counter(short.values())
    for code, label in field.value_labels.items():
        if short[code] != label and seen[short[code]] > 1:
            short[code] = cut(f"{field.codes[code]}: {label}")
    return Cut(short, tuple(field.codes[c] for c, label in field.value_labels.items() if short[c] != label))
