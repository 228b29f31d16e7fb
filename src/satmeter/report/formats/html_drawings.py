"""Drawings inside the page: their letters kept once, their colours the page's, their marks named by their numbers."""

from __future__ import annotations

import re
from html import escape

from satmeter.report.context import Figure, Table
from satmeter.report.figures.numbers import figure_table
from satmeter.report.figures.style import VARIABLES
from satmeter.report.wording import Words

_GLYPH = re.compile(r'<path id="([^"]+)"(?: d="([^"]*)")? transform="scale\(0\.015625\)"\s*/>')
_LETTER = re.compile(r'<use xlink:href="#([^"]+)"(?: transform="translate\(([-\d.]+) ([-\d.]+)\)")?\s*/>')
_SPACE = re.compile(r">\s+<")
_GROUP = re.compile(r'<g id="([^"]*)"(/?)>')
_UNSEEN = re.compile(r'<path d="[^"]*"(?: clip-path="[^"]*")? style="fill: none"\s*/>')
_SHEET = re.compile(r"<defs>\s*<style.*?</style>\s*</defs>", re.DOTALL)
_OUTLINE = re.compile(r'\bd="([^"]*)"')
_DIGITS = re.compile(r"-?\d+\.\d{3,}")
_COMMAND = re.compile(r"\s*([A-Za-z])\s*")
_MARK = re.compile(r"mark-(\d+)(?:-(\d+))?$")


class Drawings:
    """Turns the drawings of one page into inline SVG that share their letters.

    A letter is drawn by the same outline in all figures, so that the page carries it once, in `letters`.
    """

    def __init__(self, words: Words) -> None:
        self._words = words
        self._outlines: dict[str, str] = {}

    def inline(self, figure: Figure, svg: str) -> str:
        """Return a figure's drawing for use inside the page.

        Its colours follow the page's, light and dark; every mark has a title with the numbers that it draws.
        """
        for color, variable in VARIABLES.items():
            svg = svg.replace(f": {color}", f": var({variable}, {color})")
        own: dict[str, str] = {}
        svg = _GLYPH.sub(lambda m: self._keep(m[1], m[2] or "", own), _SHEET.sub("", svg))
        svg = _LETTER.sub(lambda m: _letter(m, own), svg)
        svg = re.sub(r' xmlns(:xlink)?="[^"]*"', "", svg).replace("xlink:href", "href")
        svg = _OUTLINE.sub(lambda m: f'd="{_short(m[1])}"', _UNSEEN.sub("", svg)).replace("<defs></defs>", "")
        texts = _MarkTexts(figure_table(figure, self._words), self._words)
        start = len(figure.name) + 1
        svg = _GROUP.sub(lambda m: texts.group(m[1][start:]) + ("</g>" if m[2] else ""), _SPACE.sub("><", svg))
        return _SPACE.sub("><", re.sub(r"<g></g>|<defs>\s*</defs>", "", svg))

    def letters(self) -> str:
        """Return the outlines of all letters that were used so far, as an element that shows nothing."""
        if not self._outlines:
            return ""
        paths = "".join(
            f'<path id="g{number}" d="{outline}" transform="scale(0.015625)"/>'
            for number, outline in enumerate(self._outlines)
        )
        return f'<svg class="letters" aria-hidden="true"><defs>{paths}</defs></svg>'

    def _keep(self, name: str, outline: str, own: dict[str, str]) -> str:
        short = _short(outline)
        own[name] = self._outlines.setdefault(short, f"g{len(self._outlines)}") if short else ""
        return ""


def _letter(found: re.Match[str], own: dict[str, str]) -> str:
    if found[1] not in own:
        return found[0]
    if not own[found[1]]:  # a space
        return ""
    x = f' x="{_rounded(found[2])}"' if found[2] and float(found[2]) else ""
    y = f' y="{_rounded(found[3])}"' if found[3] and float(found[3]) else ""
    return f'<use href="#{own[found[1]]}"{x}{y}/>'


def _short(outline: str) -> str:
    r"""Return an outline without needless spaces, to a hundredth of a point.

    Examples
    --------
    >>> _short("M 93.31234 408.96 \nL 93.312 7.2 \nz\n")
    'M93.31 408.96L93.31 7.2z'
    """
    return _COMMAND.sub(r"\1", _DIGITS.sub(lambda m: _rounded(m[0]), outline)).strip()


def _rounded(number: str) -> str:
    return f"{float(number):.2f}".rstrip("0").rstrip(".")


class _MarkTexts:
    """What a mark says: the name of its row and its numbers; intervals in brackets."""

    def __init__(self, table: Table, words: Words) -> None:
        self._table, self._words = table, words
        aligned = [column.align for column in table.columns]
        self._n_names = aligned.index("right") if "right" in aligned else len(aligned)

    def group(self, name: str) -> str:
        """Return the start of a group of marks: only groups that draw numbers keep a name."""
        found = _MARK.match(name)
        if found is None:
            return "<g>"
        row = self._table.rows[int(found[1])]
        text = self._row(row) if found[2] is None else self._cell(row, self._n_names + int(found[2]))
        return f'<g class="mark" data-row="{found[1]}"><title>{escape(text)}</title>'

    def _row(self, row: tuple[str, ...]) -> str:
        words, said = self._words, list[str]()
        for column, cell in zip(self._table.columns[self._n_names :], row[self._n_names :], strict=True):
            if column.label == words["numbers.low"]:
                said[-1] += f" [{cell}"
            elif column.label == words["numbers.high"]:
                said[-1] += f", {cell}]"
            else:
                said.append(f"{column.label} {cell}" if column.align == "right" else cell)
        return words.tagged(self._name(row), words["list.dot"].join(said))

    def _cell(self, row: tuple[str, ...], at: int) -> str:
        return self._words.tagged(self._name(row), f"{self._table.columns[at].label} {row[at]}")

    def _name(self, row: tuple[str, ...]) -> str:
        return self._words["list.dot"].join(row[: self._n_names])
