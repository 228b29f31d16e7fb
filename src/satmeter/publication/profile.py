"""What a reader may know of a respondent before reading the microdata: profile answers, and what was not asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from satmeter.publication.anonymity import BLANK

SKIPPED, EMPTY = "(跳过)", "(空)"
"""Cells that `read_responses` takes for a question that was not asked, and for one that was not answered."""

ROUTE = "show_if"
"""Name of the part of a profile that says which of all other questions were not asked."""

_UNSENT = "(break-off)"


def kind_of(cell: str) -> str:
    """Return an answer as k-anonymity takes it: blanks, questions not asked and break-offs are a kind each.

    Examples
    --------
    >>> [kind_of(cell) for cell in ("north", "(空)", "(跳过)", "")]
    ['north', '', '(跳过)', '(break-off)']
    """
    return {EMPTY: BLANK, "": _UNSENT}.get(cell, cell)


def profile_of(columns: Mapping[str, Sequence[str]], names: Sequence[str]) -> dict[str, list[str]]:
    """Return the profile of every row.

    Parameters
    ----------
    columns
        Column to the cells of all rows, as they are released.
    names
        Columns of the profile.

    Returns
    -------
    dict
        Column to kinds. Whoever was not asked a question is told by the filter before it, which may not be released:
        where the other columns lack questions that were not asked, `ROUTE` says which, row by row.

    Examples
    --------
    >>> profile_of({"region": ["n", "s"], "s1": ["4", "(跳过)"]}, ["region"])
    {'region': ['n', 's'], 'show_if': ['0', '1']}
    """
    found = {name: [kind_of(cell) for cell in columns[name]] for name in names}
    others = [cells for name, cells in columns.items() if name not in names and SKIPPED in cells]
    if others:
        found[ROUTE] = ["".join(str(int(cell == SKIPPED)) for cell in row) for row in zip(*others, strict=True)]
    return found
