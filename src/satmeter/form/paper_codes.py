"""The numbers printed beside the boxes of a sheet, to be typed by whoever keys it."""

from __future__ import annotations

from collections.abc import Mapping

from satmeter.form.layout import Entry


def paper_codes(entry: Entry) -> Mapping[str, str]:
    """Return number on paper → code in the data, of everything that can be ticked, in the order of the sheet.

    Codes that are figures stand as they are. Where a code is a word, all substantive answers are numbered from 1; ways
    not to answer whose code is a word, or is taken, are numbered on.

    Examples
    --------
    >>> from satmeter.form.layout import Choice
    >>> dict(paper_codes(Entry("x", "choice", 1, (Choice("res"), Choice("biz")), (Choice("98"), Choice("none")))))
    {'1': 'res', '2': 'biz', '98': '98', '3': 'none'}
    """
    own = [choice.code for choice in entry.choices]
    plain = all(code.isascii() and code.isdigit() for code in own)
    found = {code: code for code in own} if plain else {str(place): code for place, code in enumerate(own, start=1)}
    next_free = max((int(number) for number in found), default=0) + 1
    for choice in entry.missing:
        number = choice.code
        if not (number.isascii() and number.isdigit()) or number in found:
            number, next_free = str(next_free), next_free + 1
        found[number] = choice.code
    return found
