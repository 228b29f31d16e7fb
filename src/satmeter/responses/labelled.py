"""One source of answers that holds several waves, told apart by the text of a column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from satmeter.responses.table import Sources, Table


@dataclass(frozen=True, eq=False)
class LabelledSources:
    """All answers with the label of every row.

    Attributes
    ----------
    sources
        All rows.
    labels
        The label of every row, stripped; empty where there is none.
    """

    sources: Sources
    labels: tuple[str, ...]

    def count(self, label: str) -> int:
        """Return how many rows have a label."""
        return self.labels.count(label)

    def part(self, label: str) -> Sources:
        """Return the rows of one label as a source of their own.

        A column that is blank in all of them and filled in others counts as one that this part does not have: what was
        not asked then was not left out by anybody.
        """
        rows = [row for row, found in enumerate(self.labels) if found == label]
        table = self.sources.table
        names: list[str] = []
        columns: list[list[str]] = []
        for name, cells in zip(table.names, table.columns, strict=True):
            kept = [cells[row] for row in rows]
            if any(cell.strip() for cell in kept) or not any(cell.strip() for cell in cells):
                names.append(name)
                columns.append(kept)
        lines = [table.lines[row] for row in rows]
        part = Table(f"{table.file} [{label}]", tuple(names), tuple(columns), lines, table.notes)
        return replace(self.sources, table=part)


def label_rows(sources: Sources, variable: str, columns: Mapping[str, str]) -> LabelledSources | None:
    """Return the label of every row; None where the sources have no such column.

    Parameters
    ----------
    sources
        From `read_table`.
    variable
        A column of the source, or the variable that `columns` makes of one.
    columns
        Source column to variable.
    """
    names = sources.table.names
    named: Sequence[str] = [name for name in names if columns.get(name, name) == variable]
    place = names.index(named[0] if named else variable) if named or variable in names else None
    if place is None:
        return None
    return LabelledSources(sources, tuple(cell.strip() for cell in sources.table.columns[place]))
