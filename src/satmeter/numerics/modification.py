"""Modification indices: by how much the fit would improve if a cell that is fixed at zero were free."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from satmeter.numerics.arguments import BoolArray, FloatArray, IntArray
from satmeter.numerics.cfa_build import cell_scale
from satmeter.numerics.cfa_model import (
    LOADING,
    RESIDUAL_COV,
    Cells,
    Directions,
    cells,
    directions,
    gradient,
    products,
)
from satmeter.numerics.cfa_solution import Solution

_KNOWN = 1e-8


@dataclass(frozen=True, slots=True)
class ModificationIndices:
    """Cells fixed at zero, the greatest index first.

    Attributes
    ----------
    is_loading
        shape (c,). True: `item` would load on factor `other`; False: the residuals of `item` and item `other` would
        covary.
    item, other
        shape (c,), column numbers, and factor or column numbers.
    index
        shape (c,), expected fall of chi-square (score test, one degree of freedom).
    expected_change
        shape (c,), value that the cell is expected to take, in raw units.
    std_expected_change
        shape (c,), the same when items and factors have variance 1 (for residual covariances: as a correlation of
        the residuals; NaN in a Heywood case).
    """

    is_loading: BoolArray
    item: IntArray
    other: IntArray
    index: FloatArray
    expected_change: FloatArray
    std_expected_change: FloatArray


def modification_indices(solution: Solution) -> ModificationIndices:
    """Return the modification indices of all cross-loadings and residual covariances of a model of one group.

    Parameters
    ----------
    solution
        `CfaFit.solution`.

    Returns
    -------
    ModificationIndices
        Cells that the data cannot tell from free parameters are left out, and so is the only item of a factor,
        which has no loading beside its own.

    Notes
    -----
    Score test with expected information: Sörbom (1989) Psychometrika 54, 371–384; equal to lavaan's
    ``modindices``. Computed for a simple random sample of normal answers.

    Examples
    --------
    >>> from satmeter.numerics.cfa import fit_cfa
    >>> cov = [[1, 0.5, 0.4, 0.4], [0.5, 1, 0.4, 0.4], [0.4, 0.4, 1, 0.5], [0.4, 0.4, 0.5, 1]]
    >>> found = modification_indices(fit_cfa(cov, 100, [(0, 1, 2, 3)]).solution)
    >>> sorted(zip(found.item.tolist(), found.other.tolist(), found.index.round(3).tolist()))[:3]
    [(1, 0, 4.152), (2, 0, 1.038), (2, 1, 1.038)]
    """
    model, n = solution.model, float(solution.moments.n.sum())
    own = model.factor_of
    alone = np.bincount(own)[own] == 1
    rows = [(LOADING, 0, i, k) for i in range(model.n_items) for k in range(model.n_factors)]
    rows = [row for row in rows if own[row[2]] != row[3] and not alone[row[2]]]
    rows += [(RESIDUAL_COV, 0, i, j) for i in range(model.n_items) for j in range(i)]
    listed = cells(rows, list(range(len(rows))))
    scores, cross, along = cell_scores(solution, listed)
    own_information = (along.a**2).sum(axis=0) * (along.b**2).sum(axis=0) + (along.a * along.b).sum(axis=0) ** 2
    left = own_information - np.einsum("cq,qr,cr->c", cross, solution.covariance, cross, optimize=True)
    known = left > _KNOWN * own_information
    scores, left = scores[known], left[known]
    kept = cells([row for row, keep in zip(rows, known, strict=True) if keep], list(range(int(known.sum()))))
    index, change = n * scores**2 / left, scores / left
    order = np.argsort(-index.round(8), kind="stable")  # equal models tie and keep their order
    return ModificationIndices(
        is_loading=np.asarray(kept.kind == LOADING)[order],
        item=kept.row[order],
        other=kept.column[order],
        index=index[order],
        expected_change=(change * cell_scale(model, solution.sd, kept))[order],
        std_expected_change=(change / _standard_unit(solution, kept))[order],
    )


def cell_scores(solution: Solution, listed: Cells) -> tuple[FloatArray, FloatArray, Directions]:
    """Return what score tests of cells need.

    Parameters
    ----------
    solution
        A model at its minimum.
    listed
        Cells of one group, each with its own parameter number, that are to be free.

    Returns
    -------
    scores, cross, along
        shape (c,), slopes of the log-likelihood of one respondent of the whole sample; shape (c, q), expected
        information between the cells and the free parameters; and the derivatives by the cells.
    """
    model, moments = solution.model, solution.moments
    found = model.matrices(solution.x)
    group = int(listed.group[0])
    freed = replace(model, free=listed, fixed=model.flat(found))
    scores = -gradient(freed, moments, freed.parameters(found)) / 2
    along, free = (directions(model, found, some, group) for some in (listed, model.free))
    cross = np.zeros((len(scores), len(solution.x)))
    cross[np.ix_(along.parameter, free.parameter)] = moments.share[group] * products(along, free)
    order = np.argsort(along.parameter)
    return (
        scores,
        cross,
        Directions(along.a[:, order], along.b[:, order], along.mean[:, order], listed.parameter),
    )


def _standard_unit(solution: Solution, listed: Cells) -> FloatArray:
    """Return the size of a cell in which its standardised value is 1."""
    found = solution.model.matrices(solution.x)
    sd = np.sqrt(np.diagonal(found.cov[0]))
    spread = np.diagonal(found.factor_cov[0])
    factor_sd = np.sqrt(np.where(spread > 0, spread, np.nan))
    residual = np.diagonal(found.residual_cov[0])
    residual_sd = np.sqrt(np.where(residual > 0, residual, np.nan))
    loading = listed.kind == LOADING
    unit = np.empty(len(listed.row))
    unit[loading] = sd[listed.row[loading]] / factor_sd[listed.column[loading]]
    unit[~loading] = residual_sd[listed.row[~loading]] * residual_sd[listed.column[~loading]]
    return unit
