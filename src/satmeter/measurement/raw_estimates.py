"""Replicates, bases and linearised errors of quantities: from the rows, or from sums by first-stage unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.measurement.degrees import capped_df, is_simple
from satmeter.measurement.quantity import Quantity
from satmeter.moments import Resampling, mean_stack
from satmeter.numerics.domain_sums import DomainSums, domain_sums, linearised
from satmeter.numerics.linearisation import mean_with_se
from satmeter.study.model import Study

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class RawEstimates:
    """What intervals are made from: replicates of q quantities, shape (1 + replicates, q), and arrays of shape (q,).

    `answers` counts the answers in all columns of a quantity, `stands` the members of the population they stand for.
    """

    averaged: FloatArray
    n: IntArray
    n_eff: FloatArray
    df: FloatArray
    deff: FloatArray
    linearised: FloatArray
    constant: BoolArray
    answers: FloatArray
    stands: FloatArray | None = None


def sums_suffice(study: Study, resampling: Resampling) -> bool:
    """Tell whether sums by first-stage unit hold all: whole clusters are drawn again, from a large population."""
    if study.cluster is None or study.calibrated is not None or study.fraction is not None:
        return False
    return study.replicates is None and resampling.units is study.design.unit


def read_rows(
    study: Study,
    resampling: Resampling,
    values: FloatArray,
    quantities: Sequence[Quantity],
    mask: BoolArray,
) -> RawEstimates:
    """Read the rows for the replicates, for the bases and for what is constant."""
    stack = mean_stack(resampling, values, rows=mask)
    n, n_eff, df, deff, linearised = _bases(study, values, quantities, mask, stack[0])
    seen = ~np.isnan(values[mask])
    answers, stands = np.array([seen[:, q.columns].sum() for q in quantities], dtype=np.float64), None
    if study.fraction is not None:
        each = 1 / np.where(study.fraction > 0, study.fraction, np.finfo(np.float64).eps)[mask]
        stands = np.array([each @ seen[:, q.columns].sum(axis=1) for q in quantities])
    constant = _constant(values[mask], quantities)
    return RawEstimates(_averaged(stack, quantities), n, n_eff, df, deff, linearised, constant, answers, stands)


def sum_units(
    study: Study,
    resampling: Resampling,
    values: FloatArray,
    quantities: Sequence[Quantity],
    masks: Sequence[BoolArray],
) -> RawEstimates:
    """Read the rows of every group once, for sums by first-stage unit; quantities of group after group."""
    unit, weights, design = study.design.unit, study.weights, study.design
    rows = [np.flatnonzero(mask) for mask in masks]
    sums = [domain_sums(values, weights, unit, index) for index in rows]
    averaged = [_averaged(s.replicate_means(resampling.multipliers(s.unit)), quantities) for s in sums]
    found = linearised(sums, design)
    first = [q.columns[0] for q in quantities]
    counts = np.stack([s.count for s in sums])
    n, answers = counts[:, first], counts[:, first].astype(np.float64)
    figures = np.stack([found.n_eff, found.df, found.deff, found.std_error])[..., first]
    several = [j for j, q in enumerate(quantities) if len(q.columns) > 1]
    if several:
        more = linearised(
            [_parts(study, values, [quantities[j] for j in several], *pair) for pair in zip(rows, sums, strict=True)],
            design,
        )
        n[:, several] = more.n
        answers[:, several] = np.stack([counts[:, list(quantities[j].columns)].sum(axis=1) for j in several], axis=1)
        figures[..., several] = np.stack([more.n_eff, more.df, more.deff, more.std_error])
    none = np.zeros(len(quantities), dtype=np.bool_)
    constant = [none if s.varies else _constant(values[k], quantities) for k, s in zip(rows, sums, strict=True)]
    n_eff, df, deff, error = figures.reshape(4, -1)
    return RawEstimates(
        np.concatenate(averaged, axis=1), n.ravel(), n_eff, df, deff, error, np.concatenate(constant), answers.ravel()
    )


def _averaged(stack: FloatArray, quantities: Sequence[Quantity]) -> FloatArray:
    """Return the quantities of the sample and of every replicate from the means of the columns."""
    if all(len(q.columns) == 1 for q in quantities):
        single = [q.columns[0] for q in quantities]
        return stack if single == list(range(stack.shape[1])) else stack[:, single]
    return np.stack([stack[:, list(q.columns)].mean(axis=1) for q in quantities], axis=1)


def _parts(
    study: Study, values: FloatArray, quantities: Sequence[Quantity], rows: IntArray, sums: DomainSums
) -> DomainSums:
    """Return the sums of respondents' parts in quantities of several columns."""
    weights, everyone = study.weights[rows], np.ones(len(rows), dtype=np.bool_)
    parts = _contributions(weights, values[rows], quantities, everyone, sums.mean)
    return domain_sums(parts, weights, study.design.unit[rows], np.arange(len(rows)))


def _bases(
    study: Study, values: FloatArray, quantities: Sequence[Quantity], mask: BoolArray, mean: FloatArray
) -> tuple[npt.NDArray[np.int64], FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return n, Kish's n_eff, degrees of freedom, design effect and linearised standard error of every quantity."""
    seen = ~np.isnan(values[mask])
    by_column = seen.sum(axis=0)
    n = np.array([_count(seen, by_column, q.columns) for q in quantities], dtype=np.int64)
    if is_simple(study):
        size = np.where(n > 0, n, np.nan).astype(np.float64)
        return n, size, capped_df(study, size - 1), np.ones(len(n)), np.full(len(n), np.nan)
    parts = _contributions(study.weights, values, quantities, mask, mean)
    found = mean_with_se(parts, study.weights, study.layers, study.cluster, calibration=study.calibration)
    return n, found.n_eff, capped_df(study, found.df), found.deff, found.std_error


def _count(seen: BoolArray, by_column: npt.NDArray[np.int64], columns: tuple[int, ...]) -> int:
    return int(by_column[columns[0]] if len(columns) == 1 else seen[:, list(columns)].any(axis=1).sum())


def _contributions(
    weights: FloatArray, values: FloatArray, quantities: Sequence[Quantity], mask: BoolArray, mean: FloatArray
) -> FloatArray:
    """Return every respondent's part in every quantity, shape (n, q), NaN outside: what its mean is a mean of.

    For one column that is the answer; for the mean of several columns it is the estimate plus the influence.
    """
    seen = ~np.isnan(values) & mask[:, None]
    parts = np.where(seen, values, np.nan)[:, [q.columns[0] for q in quantities]]
    for j, quantity in enumerate(quantities):
        columns = list(quantity.columns)
        if len(columns) == 1:
            continue
        answered = seen[:, columns].any(axis=1)
        total = weights @ seen[:, columns]
        factor = weights[answered].sum() / np.where(total > 0, total, np.inf) / len(columns)
        influence = np.where(seen[:, columns], values[:, columns] - mean[columns], 0.0) @ factor
        parts[:, j] = np.where(answered, np.nan_to_num(mean[columns].mean()) + influence, np.nan)
    return parts


def _constant(block: FloatArray, quantities: Sequence[Quantity]) -> BoolArray:
    """Tell for every quantity whether all its columns have one value only; columns without answers do not count."""
    seen = ~np.isnan(block)
    low = np.where(seen, block, np.inf).min(axis=0, initial=np.inf)
    high = np.where(seen, block, -np.inf).max(axis=0, initial=-np.inf)
    empty, single = low > high, low == high
    return np.array(
        [all(single[c] or empty[c] for c in q.columns) and not all(empty[c] for c in q.columns) for q in quantities],
        dtype=np.bool_,
    )
