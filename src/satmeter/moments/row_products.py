"""Weighted cross-products of columns over some rows, for the sample and for every replicate."""

from __future__ import annotations

import numpy as np

from satmeter.moments.model import FloatArray, IntArray, Resampling

_CHUNK_NUMBERS = 4_000_000


def cross_products(resampling: Resampling, index: IntArray, z: FloatArray) -> FloatArray:
    """Sum weighted z zᵀ over some rows of every replicate.

    Parameters
    ----------
    resampling
        Weights and draws of the study.
    index
        shape (m,), the rows.
    z
        shape (m, p), their columns, complete.

    Returns
    -------
    array, shape (1 + replicates, p, p)
        Costs the units that the rows belong to × replicates, however many rows the study has.

    Examples
    --------
    >>> draws = np.array([[2, 0, 0], [0, 1, 1]], dtype=np.uint16)
    >>> resampling = Resampling(np.ones(3), np.arange(3), draws, np.full(3, 1.5), 2)
    >>> cross_products(resampling, np.array([0, 2]), np.array([[1.0], [3.0]])).ravel()
    array([10. ,  3. , 13.5])
    """
    width = z.shape[1]
    first, second = np.triu_indices(width)
    units, place = np.unique(resampling.units[index], return_inverse=True)
    order = np.argsort(place.ravel(), kind="stable")
    edges = np.searchsorted(place.ravel()[order], np.arange(len(units)))
    weighted = z[order] * resampling.weights[index][order, None]
    sums = np.zeros((1 + resampling.replicates, len(first)))
    by_unit = np.add.reduceat(weighted[:, first] * z[order][:, second], edges, axis=0)
    step = max(256, _CHUNK_NUMBERS // len(sums))
    for start in range(0, len(units), step):
        part = slice(start, start + step)
        sums += resampling.multipliers(units[part]) @ by_unit[part]
    found = np.empty((len(sums), width, width))
    found[:, first, second] = sums
    found[:, second, first] = sums
    return found
