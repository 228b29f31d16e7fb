"""How many respondents share every combination of profile answers, and what is blanked so that enough of them do."""

from __future__ import annotations

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
        k-anonymity (Samarati and Sweeney 1998) holds when none is True. An answer that is absent is one of its own
        kind, except that a row without any is like every other.

    Examples
    --------
    >>> rare_rows({"region": ["n", "n", "s"], "age": ["1", "1", "1"]}, 2).tolist()
    [False, False, True]
    """
    if not profile:
        return np.zeros(0, dtype=np.bool_)
    table = pd.DataFrame({name: np.asarray(list(cells), dtype=object) for name, cells in profile.items()})
    size = table.groupby(list(table.columns), sort=False, dropna=False)[table.columns[0]].transform("size")
    silent = (table == BLANK).all(axis=1)
    return np.asarray((size < k) & ~silent, dtype=np.bool_)


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
        The question with the most different answers goes first. Rows that stay rare because of fixed questions are left
        rare, for the caller to refuse.

    Examples
    --------
    >>> found = suppressed({"region": ["n", "n", "s"], "age": ["1", "1", "1"]}, 2)
    >>> found.profile["region"], dict(found.blanked), found.profile["age"]
    (('n', 'n', ''), {'region': 1, 'age': 1}, ('1', '1', ''))
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
    return Suppression({name: tuple(column) for name, column in cells.items()}, blanked)
