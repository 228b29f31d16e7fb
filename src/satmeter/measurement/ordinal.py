"""Polychoric correlations of a construct's items, for the sample and for every replicate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.errors import Note
from satmeter.moments import Resampling, mean_stack
from satmeter.numerics.pair_counts import pair_counts
from satmeter.numerics.polychoric import Polychoric, polychoric, respondent_influence

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

MOST_POINTS = 11
"""Items with more different ratings are taken as continuous."""

_BLOCK_NUMBERS = 5_000_000


@dataclass(frozen=True, eq=False)
class OrdinalStack:
    """Polychoric correlations of one construct.

    Attributes
    ----------
    corr
        shape (1 + replicates, p, p), None where they cannot be had.
    notes
        Why not, or what to beware of.
    """

    corr: FloatArray | None
    notes: tuple[Note, ...]


def ordinal_stack(
    resampling: Resampling, values: FloatArray, rows: BoolArray, *, construct: str, items: list[str]
) -> OrdinalStack:
    """Estimate polychoric correlations and their replicates.

    Parameters
    ----------
    resampling
        Weights and draws of the study.
    values
        shape (n, p), ratings.
    rows
        shape (n,), respondents with complete ratings and a weight above 0.
    construct, items
        For the notes.

    Returns
    -------
    OrdinalStack
        Without correlations where an item has one rating only, more than 11 different ones (M130), or a pair's
        likelihood has no maximum (M131).

    Notes
    -----
    Index 0 is the estimate from the weighted tables. A replicate is not estimated again: its correlations are those of
    the sample plus its weighted mean of the respondents' influence, which is right to first order and gives the
    linearised standard error under the design (Davison and Hinkley 1997, Bootstrap Methods and their Application, 2.7).
    """
    codes, narrowest, widest = _codes(values[rows])
    if widest > MOST_POINTS:
        return OrdinalStack(None, (Note("M130", construct, {"points": widest, "most": MOST_POINTS}),))
    if narrowest < 2:
        return OrdinalStack(None, ())
    found = polychoric(pair_counts(codes, widest, resampling.weights[rows]))
    if found.at_limit.any():
        return OrdinalStack(None, (Note("M131", construct, {"pairs": _pair_names(found.at_limit, items)}),))
    return OrdinalStack(_replicates(resampling, found, codes, rows), tuple(_notes(found, construct)))


def _codes(block: FloatArray) -> tuple[IntArray, int, int]:
    """Return the place of every rating among the item's ratings, and the least and greatest number of them."""
    found = [np.unique(column, return_inverse=True) for column in block.T]
    sizes = [len(seen) for seen, _ in found]
    return np.stack([code for _, code in found], axis=1).astype(np.int64), min(sizes), max(sizes)


def _replicates(resampling: Resampling, found: Polychoric, codes: IntArray, rows: BoolArray) -> FloatArray:
    first, second = np.triu_indices(len(found.corr), 1)
    stack = np.repeat(found.corr[None], 1 + resampling.replicates, axis=0)
    step = max(1, _BLOCK_NUMBERS // len(rows))
    for start in range(0, len(first), step):
        part = slice(start, start + step)
        influence = np.full((len(rows), len(first[part])), np.nan)
        influence[rows] = respondent_influence(found, codes, part)
        moved = mean_stack(resampling, influence, rows=rows)[1:]
        stack[1:, first[part], second[part]] += moved
        stack[1:, second[part], first[part]] += moved
    return stack


def _pair_names(chosen: BoolArray, items: list[str]) -> str:
    return ", ".join(f"{items[i]}–{items[j]}" for i, j in zip(*np.nonzero(np.triu(chosen, 1)), strict=True))


def _notes(found: Polychoric, construct: str) -> list[Note]:
    notes = []
    smallest = float(np.linalg.eigvalsh(found.corr)[0])
    if smallest <= 0:
        notes.append(Note("M132", construct, {"eigenvalue": smallest}))
    categories = np.isfinite(found.thresholds).sum(axis=1) + 1
    first, second = np.triu_indices(len(categories), 1)
    cells, empty = int((categories[first] * categories[second]).sum()), int(found.zero_cells[first, second].sum())
    if 2 * empty > cells:
        notes.append(Note("M133", construct, {"empty": empty, "cells": cells}))
    return notes
