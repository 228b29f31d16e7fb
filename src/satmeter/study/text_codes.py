"""Columns as codes: a number for every different value, in the order in which values appear."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

_BUCKETS = 1 << 10


def value_codes(values: pd.Series) -> tuple[npt.NDArray[np.integer[Any]], list[Any]]:
    """Return a code for every row and the value that each code stands for.

    Parameters
    ----------
    values
        Any column.

    Returns
    -------
    codes, distinct
        Codes of shape (rows,), −1 where the value is missing. Values in the order of their appearance, of a categorical
        column in the order of its categories; some of these may not appear.

    Notes
    -----
    pandas keeps texts that pyarrow does not hold as Python objects and looks for each in a table of objects. Its table
    of C strings does the same in a fifth of the time; it compares texts up to a NUL, which no reader lets in.

    Examples
    --------
    >>> codes, distinct = value_codes(pd.Series(["b", None, "a", "b"], dtype="str"))
    >>> codes.tolist(), list(distinct)
    ([0, -1, 1, 0], ['b', 'a'])
    """
    kind = values.dtype
    if isinstance(kind, pd.CategoricalDtype):
        return values.cat.codes.to_numpy(), list(values.cat.categories)
    table = getattr(import_module("pandas._libs.hashtable"), "StringHashTable", None)
    if table is None or not isinstance(kind, pd.StringDtype) or kind.storage != "python":
        codes, distinct = pd.factorize(values)
        return codes, list(distinct)
    texts, places = table(_BUCKETS).factorize(values.to_numpy(object))
    return places, list(texts)
