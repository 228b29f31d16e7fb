"""Items that look keyed against the others of their construct: found and suggested, never turned round."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from satmeter.errors import Note
from satmeter.numerics.arguments import correlation_from

FloatArray = npt.NDArray[np.float64]

LEAST_LOADING = 0.3
"""An item that goes less with the first component than this says nothing about its direction."""


def keying_notes(construct: str, items: Sequence[str], cov: FloatArray) -> tuple[Note, ...]:
    """Suggest which items of a construct to declare as reverse-keyed.

    Parameters
    ----------
    construct
        For the note.
    items
        Those of the matrix.
    cov
        shape (p, p), their covariance.

    Returns
    -------
    tuple of Note
        M194 names the items of the smaller side of the first principal component, M195 both sides where they are
        equally large. None where all items point the same way.

    Notes
    -----
    The signs of the first principal component of the correlations, as ``psych::alpha(check.keys = TRUE)`` looks for
    them, among items that go with it by 0.3 or more. It finds reversed items also where they are half of all, so that
    the correlation of an item with the rest says nothing.
    """
    corr = correlation_from(cov)
    if not np.isfinite(corr).all():
        return ()
    values, vectors = np.linalg.eigh(corr)
    loadings = vectors[:, -1] * np.sqrt(values[-1])
    up = [item for item, loading in zip(items, loadings, strict=True) if loading >= LEAST_LOADING]
    down = [item for item, loading in zip(items, loadings, strict=True) if loading <= -LEAST_LOADING]
    if not up or not down:
        return ()
    if len(up) == len(down):
        first, second = sorted((up, down), key=lambda side: items.index(side[0]))
        return (Note("M195", construct, {"items": ", ".join(first), "others": ", ".join(second)}),)
    return (Note("M194", construct, {"items": ", ".join(up if len(up) < len(down) else down)}),)
