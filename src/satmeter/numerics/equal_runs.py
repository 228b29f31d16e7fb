"""Equal answers in a row."""

from __future__ import annotations

import numpy as np

from satmeter.numerics.arguments import FloatArray, IntArray


def longest_run(answers: FloatArray) -> IntArray:
    """Return the length of the longest run of equal answers in every row; unanswered items are stepped over.

    Parameters
    ----------
    answers
        shape (n, k), raw codes, NaN where unanswered.

    Returns
    -------
    array
        shape (n,), 0 where nothing is answered.

    Examples
    --------
    >>> longest_run(np.array([[3, 3, np.nan, 3, 2], [1, 2, 3, 4, 5]])).tolist()
    [3, 1]

    Notes
    -----
    The index of Johnson (2005), J. Res. Pers. 39, 103-129 ('long string'), within one block.
    """
    n, k = answers.shape
    run = np.zeros(n, dtype=np.int64)
    best = np.zeros(n, dtype=np.int64)
    last = np.full(n, np.nan)
    for j in range(k):
        column = answers[:, j]
        there = ~np.isnan(column)
        run = np.where(there, np.where(column == last, run + 1, 1), run)
        last = np.where(there, column, last)
        best = np.maximum(best, run)
    return best
