"""The cells of a results document: who is measured on what, and which rows speak of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Row = Mapping[str, Any]
Document = Mapping[str, Any]

REST = "|"
"""Stands between two questions in the name of respondents who are in a group of one and in no group inside it."""

_KNOWN_GROUPS = re.compile(r"(\w+)\[(.+)\]>\[(.+)\]")


class Cell(NamedTuple):
    """A group of one question, or everybody where both are empty, measured on something, in one wave.

    `wave` is empty for the study itself. All statistics of one measure in one group share a base and are one cell.
    """

    wave: str
    group_by: str
    group: str
    measure: str

    @property
    def unit(self) -> tuple[str, str, str]:
        """The group, whatever is measured."""
        return self.wave, self.group_by, self.group


@dataclass(slots=True)
class Facts:
    """What the document says of a cell: its smallest base, and its figures by statistic."""

    n: float = float("inf")
    n_eff: float = float("inf")
    figures: dict[str, float] = field(default_factory=dict)

    def add(self, row: Row) -> None:
        """Take in a row of the cell."""
        if row.get("n") is not None:
            self.n = min(self.n, row["n"])
        if row.get("n_eff") is not None:
            self.n_eff = min(self.n_eff, row["n_eff"])
        if row.get("estimate") is not None and row.get("method", "raw") == "raw":
            self.figures.setdefault(str(row.get("statistic", "")), float(row["estimate"]))


def rows_of(document: Document, section: str) -> list[dict[str, Any]]:
    """Return the rows of a section; none where it is absent."""
    part = document.get(section)
    return list(part.get("rows") or ()) if isinstance(part, dict) else []


def sections_of(document: Document) -> tuple[str, ...]:
    """Return the names of all sections that hold rows."""
    return tuple(
        name for name, part in document.items() if isinstance(part, dict) and isinstance(part.get("rows"), list)
    )


def newest_wave(document: Document) -> str:
    """Return the wave that the rest of the document is about: the one that no other is held against."""
    rows = rows_of(document, "waves")
    against = {row.get("against") for row in rows}
    return next((str(row["wave"]) for row in rows if row["wave"] not in against), "")


class Mentions(NamedTuple):
    """The cells of a row: those whose figure it gives, and those that only its change rests on."""

    own: tuple[Cell, ...]
    change: tuple[Cell, ...] = ()


def mentions(section: str, row: Row, newest: str) -> Mentions:
    """Return the cells that a row speaks of.

    Parameters
    ----------
    section, row
        A row of a results document.
    newest
        The wave that the rest of the document is about.
    """
    by, measure = str(row.get("group_by") or ""), str(row.get("measure") or "")
    group = str(row.get("group") or row.get("unit") or "")
    if section == "waves":
        names = [str(row[key]) for key in ("wave", "against")]
        cells = [Cell("" if name == newest else name, by, group, measure) for name in names if name]
        return Mentions(tuple(cells[:1]), tuple(cells[1:]))
    if section in ("answers", "verbatims"):
        return Mentions((Cell("", by, group, f"{section}:{row['question']}"),))
    if section == "tree":
        node = str(row["node"])
        return Mentions((Cell("", by, group, node if row.get("leaf") else f"tree:{row['root']}/{node}"),))
    if section in ("items", "distributions"):
        return Mentions((Cell("", "", "", str(row["item"])),))
    if section == "potential":
        return Mentions((Cell("", by, str(row.get("best") or ""), str(row.get("driver") or "")),))
    return Mentions(tuple(_others(section, row, by, group, measure)))


def _others(section: str, row: Row, by: str, group: str, measure: str) -> Iterator[Cell]:
    other = str(row.get("other") or "")
    if section in ("scores", "comparisons", "ranks", "adjusted"):  # coefficients tell adjusted scores from raw ones
        yield Cell("", by, group, measure)
        if row.get("method") == "pair":
            yield Cell("", by, other, measure)
    elif match := _KNOWN_GROUPS.fullmatch(other):
        yield from (Cell("", match[1], name, str(row.get("construct") or "")) for name in (match[2], match[3]))
    elif by and group:
        yield from (Cell("", by, name, f"{section}:") for name in (group, other) if name)


MEASURED = ("scores", "answers", "verbatims", "tree", "adjusted", "waves", "items", "ranks", "comparisons")
"""Sections whose rows give the base and the figure of a cell."""


def cells_of(document: Document) -> dict[Cell, Facts]:
    """Return every cell of a document with its base and its figures.

    Differences give a base only: their estimate is not the cell's.
    """
    newest, found = newest_wave(document), dict[Cell, Facts]()
    for section in MEASURED:
        for row in rows_of(document, section):
            if section == "adjusted" and row["method"] != "raw":
                continue
            own = mentions(section, row, newest).own
            facts = found.setdefault(own[0], Facts())
            facts.add(row if section not in ("comparisons", "items", "tree") else {"n": row.get("n")})
            if len(own) > 1:
                found.setdefault(own[1], Facts()).add({"n": row.get("n_other")})
    return found


def units_of(document: Document, cells: Mapping[Cell, Facts]) -> dict[tuple[str, str, str], float]:
    """Return every group with how many respondents it has: in the sample, or the largest base of its figures."""
    found: dict[tuple[str, str, str], float] = {}
    for cell, facts in cells.items():
        if cell.group_by and facts.n < float("inf"):
            found[cell.unit] = max(found.get(cell.unit, 0), facts.n)
    for row in rows_of(document, "sample"):
        unit = ("", str(row["question"]), str(row["option"]))
        if unit in found and row.get("n"):
            found[unit] = row["n"]
    return found


def silent_units(
    document: Document, units: Mapping[tuple[str, str, str], float], cells: Mapping[Cell, Facts]
) -> dict[tuple[str, str, str], float]:
    """Return, for every wave and grouping by a choice question, how many respondents are in none of its groups.

    Everybody's figures less those of the groups are theirs. They go by a group without a name. Of an earlier wave they
    are counted by the bases of its figures.
    """
    choices = {str(row["question"]) for row in rows_of(document, "questions") if row.get("type") == "choice"}
    answered: dict[str, float] = {}
    for (wave, by, _), n in units.items():
        if by in choices and not wave:
            answered[by] = answered.get(by, 0.0) + n
    total = float((document.get("study") or {}).get("n") or 0)
    found = {("", by, ""): total - n for by, n in answered.items() if n < total}
    earlier = {(wave, by, "") for wave, by, _ in units if wave and by in choices}
    for cell, facts in silent_cells(cells, sorted(earlier)).items():
        found[cell.unit] = max(found.get(cell.unit, 0.0), facts.n)
    return found


def silent_cells(cells: Mapping[Cell, Facts], silent: Iterable[tuple[str, str, str]]) -> dict[Cell, Facts]:
    """Return what is measured of respondents in no group, worked out as a reader would."""
    parts: dict[tuple[str, str, str], list[Facts]] = {}
    for cell, facts in cells.items():
        if cell.group_by:
            parts.setdefault((cell.wave, cell.group_by, cell.measure), []).append(facts)
    found = {}
    for wave, by, _ in silent:
        for cell, whole in cells.items():
            some = parts.get((wave, by, cell.measure), ())
            n = whole.n - sum(part.n for part in some)
            if cell.wave == wave and not cell.group_by and some and 0 < n < whole.n:
                shared = [s for s in whole.figures if all(s in part.figures for part in some)]
                sums = {s: whole.n * whole.figures[s] - sum(p.n * p.figures[s] for p in some) for s in shared}
                found[cell._replace(group_by=by)] = Facts(n, figures={s: value / n for s, value in sums.items()})
    return found


def unions_of(document: Document) -> list[dict[str, Any]]:
    """Return the groups that are made up of groups of another question, but for few respondents."""
    found = ((document.get("study") or {}).get("policy") or {}).get("unions")
    return list(found or ())


def rest_of(wave: str, union: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return the name of the respondents by which a group differs from the groups inside it."""
    return wave, f"{union['of']}{REST}{union['group_by']}", str(union["group"])


def rest_cells(document: Document, cells: Mapping[Cell, Facts]) -> dict[Cell, Facts]:
    """Return what is measured of the respondents by whom groups differ from the groups inside them, in every wave.

    Figures of a group less those of the groups inside it are those of the rest: who left the other question blank, or
    the few of another group.
    """
    found = {}
    for wave, measure in sorted({(cell.wave, cell.measure) for cell in cells}):
        for union in unions_of(document):
            whole = cells.get(Cell(wave, union["group_by"], union["group"], measure))
            parts = [cells.get(Cell(wave, union["of"], part, measure)) for part in union["parts"]]
            n = sum(part.n for part in parts if part is not None)
            if whole is not None and 0 < n < float("inf") and whole.n < float("inf") and whole.n != n:
                found[Cell(*rest_of(wave, union), measure)] = Facts(abs(whole.n - n))
    return found


def rest_units(cells: Mapping[Cell, Facts], rests: Mapping[Cell, Facts]) -> dict[tuple[str, str, str], float]:
    """Return by how many respondents groups differ from those inside them: by whom they do, whatever is measured."""
    measures: dict[str, set[str]] = {}
    for cell in cells:
        measures.setdefault(cell.wave, set()).add(cell.measure)
    found: dict[tuple[str, str, str], list[float]] = {}
    for cell, facts in rests.items():
        found.setdefault(cell.unit, []).append(facts.n)
    return {unit: max(bases) for unit, bases in found.items() if len(bases) == len(measures[unit[0]])}
