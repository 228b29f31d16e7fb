"""What stands in the controls: nothing on the offline page, answers and what is wrong with them on a live one."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping

from markupsafe import Markup

from satmeter.form.layout import Choice, Entry, Run
from satmeter.form.model import FieldProblem, RawAnswer
from satmeter.form.words import word

_NOTHING = Markup("")


class EmptyControls:
    """Controls of the page that needs no server: its script fills them."""

    def tick(self, entry: Entry, choice: Choice) -> Markup:
        """Return the attributes of one thing that can be ticked."""
        return Markup(' name="{}" value="{}"').format(entry.id, choice.code)

    def name(self, entry: Entry) -> Markup:
        """Return the attributes of a field of several lines."""
        return Markup(' name="{}"').format(entry.id)

    def line(self, entry: Entry) -> Markup:
        """Return the attributes of a field of one line."""
        return self.name(entry)

    def text(self, entry: Entry) -> str:
        """Return what is written."""
        return ""

    def hint(self, entry: Entry) -> str:
        """Return what may be written."""
        return ""

    def error(self, entry: Entry) -> str:
        """Return what is wrong."""
        return ""

    def classes(self, entry: Entry) -> str:
        """Return further classes of an entry's box."""
        return ""

    def group(self, entry: Entry, box: str) -> Markup:
        """Return further attributes of the field set of an entry whose answers are ticked."""
        return _NOTHING

    def box(self, entry: Entry) -> Markup:
        """Return further attributes of the box of an entry whose answer is written."""
        return _NOTHING

    def presence(self, entry: Entry) -> Markup:
        """Return what tells the server that the entry was on the page."""
        return _NOTHING

    def run(self, run: Run) -> Markup:
        """Return further attributes of neighbours that stand together."""
        return _NOTHING

    def known(self, entry: Entry) -> Markup:
        """Return a whole question that was made before; empty when it must be made."""
        return _NOTHING


class FilledControls(EmptyControls):
    """Controls of a page that a server makes.

    Parameters
    ----------
    language
        Of hints and errors.
    raw
        Entry to what stands in its controls.
    shown
        Entries that are asked; all others are hidden and switched off, so that they are not posted.
    problems
        Entry to what is wrong with it.
    """

    def __init__(
        self,
        language: str,
        raw: Mapping[str, RawAnswer],
        shown: Collection[str],
        problems: Mapping[str, FieldProblem],
    ) -> None:
        self.language = language
        self.raw = raw
        self.shown = shown
        self.problems = problems

    def tick(self, entry: Entry, choice: Choice) -> Markup:
        """Return the attributes of one thing that can be ticked; a click on an error leads to the first."""
        attributes = Markup(' name="{}.{}" value="{}"').format("m" if entry.written else "v", entry.id, choice.code)
        if not entry.written and choice == (entry.choices or entry.missing)[0]:
            attributes = Markup(' id="{}"').format(first_control(entry)) + attributes
        if choice.code in self._raw(entry).picked:
            attributes += Markup(" checked")
        alone = not entry.written and entry.kind in ("multiple", "consent")
        return attributes + (self._invalid(entry) if alone else _NOTHING) + self._off(entry)

    def name(self, entry: Entry) -> Markup:
        """Return the attributes of a field of several lines."""
        return Markup(' name="v.{}"').format(entry.id) + self._invalid(entry) + self._off(entry)

    def line(self, entry: Entry) -> Markup:
        """Return the attributes of a field of one line."""
        return self.name(entry) + Markup(' value="{}"').format(self.text(entry))

    def text(self, entry: Entry) -> str:
        """Return what is written."""
        return self._raw(entry).text

    def hint(self, entry: Entry) -> str:
        """Return what may be written: the bounds of a number, the length of a text."""
        if entry.kind == "number":
            bounds = {name: plain_number(v) for name, v in (("low", entry.low), ("high", entry.high)) if v is not None}
            key = "both" if len(bounds) == 2 else next(iter(bounds), "any")
            return word(f"range_{key}", self.language, bounds)
        if entry.kind == "text" and entry.max_length is not None:
            return word("live_longest", self.language, {"max": entry.max_length})
        return ""

    def error(self, entry: Entry) -> str:
        """Return what is wrong."""
        problem = self.problems.get(entry.id)
        return word(problem.word, self.language, problem.fields) if problem else ""

    def classes(self, entry: Entry) -> str:
        """Return further classes of an entry's box."""
        return " wrong" if entry.id in self.problems else ""

    def group(self, entry: Entry, box: str) -> Markup:
        """Return further attributes of the field set of an entry whose answers are ticked."""
        invalid = self._invalid(entry) if box == "radio" else _NOTHING
        return invalid + self.box(entry) + self._off(entry)

    def box(self, entry: Entry) -> Markup:
        """Return further attributes of the box of an entry whose answer is written."""
        return _NOTHING if entry.id in self.shown else Markup(" hidden")

    def presence(self, entry: Entry) -> Markup:
        """Return what tells the server that the entry was on the page."""
        return Markup('<input type="hidden" name="q" value="{}"{}>').format(entry.id, self._off(entry))

    def _raw(self, entry: Entry) -> RawAnswer:
        return self.raw.get(entry.id) or RawAnswer()

    def _invalid(self, entry: Entry) -> Markup:
        return Markup(' aria-invalid="true"') if entry.id in self.problems else _NOTHING

    def _off(self, entry: Entry) -> Markup:
        return _NOTHING if entry.id in self.shown else Markup(" disabled")


def first_control(entry: Entry) -> str:
    """Return the id of the control that a summary of errors leads to.

    Examples
    --------
    >>> first_control(Entry("x", "number", 1)), first_control(Entry("x", "choice", 1))
    ('w-x', 'c-x')
    """
    return f"w-{entry.id}" if entry.written else f"c-{entry.id}"


def raw_of(entry: Entry, cell: object) -> RawAnswer | None:
    """Return what a cell looks like in the controls; None for a cell that this question cannot have.

    Examples
    --------
    >>> raw_of(Entry("x", "number", 1), 12.5), raw_of(Entry("x", "number", 1), [1])
    (RawAnswer(picked=(), text='12.5'), None)
    """
    if cell is None:
        return RawAnswer()
    if isinstance(cell, list):
        texts = tuple(code for code in cell if isinstance(code, str))
        return RawAnswer(texts) if entry.kind == "multiple" and len(texts) == len(cell) else None
    if entry.kind == "multiple" or isinstance(cell, bool) or not isinstance(cell, int | float | str):
        return None
    if isinstance(cell, str):
        offered = {choice.code for choice in (*entry.choices, *entry.missing)}
        rated = entry.kind in ("scale", "range") and cell not in {choice.code for choice in entry.missing}
        ticked = not entry.written or cell in offered
        if rated or (entry.kind == "number" and not ticked):
            return None
        return RawAnswer((cell,)) if ticked else RawAnswer(text=cell)
    if entry.kind == "number":
        return RawAnswer(text=plain_number(cell)) if _is_finite(cell) else None
    return RawAnswer((plain_number(cell),)) if entry.kind in ("scale", "range") and _is_finite(cell) else None


def _is_finite(cell: float) -> bool:
    """Tell whether a number fits into a float: whole ones of JSON may have more figures than any float holds."""
    try:
        return math.isfinite(cell)
    except OverflowError:
        return False


def plain_number(value: float) -> str:
    """Return a number as people write it: whole ones without a fraction.

    Examples
    --------
    >>> plain_number(80.0), plain_number(0.5)
    ('80', '0.5')
    """
    return str(int(value)) if float(value).is_integer() else repr(float(value))
