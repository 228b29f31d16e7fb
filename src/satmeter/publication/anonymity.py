"""How many respondents share every combination of profile answers, and what is blanked so that enough of them do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

Mask = npt.NDArray[np.bool_]
BLANK = ""


def rare_rows(profile: Mapping[str, Sequence[str]], k: int) -> Mask:
    """Return which rows share their combination of profile answers with fewer than k rows, themselves counted.

    Parameters
    ----------
    profile
        Question to the answer of every row; without questions nobody stands out.
    k
        Least number of rows.

    Returns
    -------
    array, shape (n,)
        k-anonymity (Samarati and Sweeney 1998) holds when none is True. An absent answer is one of its own kind, like
        no other: whoever knows a rare answer looks for it among the rows that lack one.

    Examples
    --------
    >>> rare_rows({"region": ["n", "n", "s"], "age": ["1", "1", "1"]}, 2).tolist()
    [False, False, True]
    """
    if not profile:
        return np.zeros(0, dtype=np.bool_)
    table = pd.DataFrame({name: np.asarray(list(cells), dtype=object) for name, cells in profile.items()})
    size = table.groupby(list(table.columns), sort=False, dropna=False)[table.columns[0]].transform("size")
    return np.asarray(size < k, dtype=np.bool_)


@dataclass(frozen=True, slots=True)
class Suppression:
    """Profile answers after blanking.

    Attributes
    ----------
    profile
        Question to the answers of all rows.
    blanked
        Question to the number of its answers that were blanked, where there is any.
    """

    profile: Mapping[str, tuple[str, ...]]
    blanked: Mapping[str, int]


def suppressed(profile: Mapping[str, Sequence[str]], k: int, fixed: frozenset[str] = frozenset()) -> Suppression:
    """Blank answers of rare rows, one question after the other, until every combination is shared by k rows.

    Parameters
    ----------
    profile, k
        As for `rare_rows`.
    fixed
        Questions that must stay as they are.

    Returns
    -------
    Suppression
        The question with the most different answers goes first. Where fewer than k rows are left without any answer,
        others that answered alike join them. Rows that stay rare, because of fixed questions or because there are too
        few rows, are left rare, for the caller to refuse.

    Examples
    --------
    >>> found = suppressed({"region": ["n", "n", "n", "s", "w"], "age": ["1", "1", "1", "1", "1"]}, 2)
    >>> found.profile["region"], dict(found.blanked)
    (('n', 'n', 'n', '', ''), {'region': 2})
    """
    cells = {name: np.asarray(list(column), dtype=object) for name, column in profile.items()}
    varied = sorted((name for name in cells if name not in fixed), key=lambda name: (-len(set(cells[name])), name))
    blanked: dict[str, int] = {}
    for name in varied:
        rare = rare_rows({key: list(column) for key, column in cells.items()}, k)
        gone = rare & (cells[name] != BLANK)
        if gone.any():
            cells[name] = np.where(gone, BLANK, cells[name])
            blanked[name] = int(gone.sum())
    for i in _companions(cells, k, fixed):
        for name in varied:
            blanked[name] = blanked.get(name, 0) + int(cells[name][i] != BLANK)
            cells[name][i] = BLANK
    told = {name: blanked[name] for name in cells if blanked.get(name)}
    return Suppression({name: tuple(column) for name, column in cells.items()}, told)


def _companions(cells: Mapping[str, npt.NDArray[np.object_]], k: int, fixed: frozenset[str]) -> list[int]:
    """Return rows to be blanked so that k rows are left without any answer, alike in what is fixed.

    They are taken from the commonest combination that can spare them; nobody's where there is none.
    """
    rows = list(zip(*cells.values(), strict=True))
    names = list(cells)
    sizes = Counter(rows)
    found = []
    for kind in dict.fromkeys(_fixed_part(row, names, fixed) for row in rows):
        values = iter(kind)
        silent = tuple(next(values) if name in fixed else BLANK for name in names)
        lacking = k - sizes[silent]
        alike = {row: n for row, n in sizes.items() if row != silent and _fixed_part(row, names, fixed) == kind}
        if not 0 < lacking < k or not alike:
            continue
        commonest, size = max(alike.items(), key=lambda pair: (pair[1], pair[0]))
        if size - lacking >= k:
            found += [i for i, row in enumerate(rows) if row == commonest][:lacking]
    return found


def _fixed_part(row: tuple[str, ...], names: Sequence[str], fixed: frozenset[str]) -> tuple[str, ...]:
    return tuple(value for name, value in zip(names, row, strict=True) if name in fixed)
