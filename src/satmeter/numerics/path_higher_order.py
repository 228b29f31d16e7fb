"""Path models with constructs that are made of constructs, in two stages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import FloatArray, correlation_from, square_stack
from satmeter.numerics.path_kernel import Scheme
from satmeter.numerics.path_model import Mode, PathModel, path_model
from satmeter.numerics.path_weights import PathFit, pls


@dataclass(frozen=True, slots=True, eq=False)
class TwoStages:
    """A model with constructs that are made of constructs.

    Attributes
    ----------
    first, second
        Models of the two stages.
    first_fit, second_fit
        Their estimates. In the second stage a higher-order construct's columns are the scores of its parts.
    second_corr
        shape (..., p₂, p₂), correlations of the second stage's columns.
    """

    first: PathModel
    second: PathModel
    first_fit: PathFit
    second_fit: PathFit
    second_corr: FloatArray


def higher_order(
    corr: npt.ArrayLike,
    first: PathModel,
    parts: Sequence[Sequence[int]],
    predecessors: Mapping[int, Sequence[int]],
    *,
    modes: Sequence[Mode] | None = None,
    names: Sequence[str] | None = None,
    scheme: Scheme = "path",
) -> TwoStages:
    """Estimate a path model in which some constructs are made of others, in two disjoint stages.

    Parameters
    ----------
    corr
        shape (..., p, p), correlations of the items.
    first
        Model of the first stage, of `first_stage`: the parts stand in place of what they make up.
    parts
        For every construct of the second stage the constructs of the first: one for an ordinary construct, which keeps
        its items; several for a higher-order one. Together all of them, each once.
    predecessors
        Among the constructs of the second stage.
    modes
        For every construct of the second stage. Of a higher-order one, `A`: its parts reflect it; `B`: they form it.
    names
        Names of the constructs of the second stage.
    scheme
        As in `pls`, in both stages.

    Returns
    -------
    TwoStages
        Both stages are estimated anew in every replicate, so that intervals carry the uncertainty of the first.

    Raises
    ------
    NumericsError
        As `path_model` and `pls`; N073 where `parts` do not name every construct of the first stage once.

    Notes
    -----
    The disjoint two-stage approach: Sarstedt, Hair, Cheah, Becker and Ringle (2019), Australasian Marketing Journal 27,
    197–211. The embedded approach and repeated indicators are not offered: the latter count items twice. Scores are
    never formed: their correlations are WᵀRW.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> rows = rng.normal(size=(200, 6)) + rng.normal(size=(200, 1))
    >>> blocks, parts, arcs = [(0, 1), (2, 3), (4, 5)], [(0, 1), (2,)], {1: (0,)}
    >>> found = higher_order(np.corrcoef(rows.T), first_stage(blocks, parts, arcs), parts, arcs)
    >>> found.second.blocks, found.second_fit.paths.shape
    (((0, 1), (2, 3)), (2, 2))
    """
    stack = square_stack(corr)
    if sorted(j for part in parts for j in part) != list(range(first.n_constructs)):
        constructs = ", ".join(first.names)
        raise NumericsError(Problem("N073", params={"constructs": constructs, "last": first.n_constructs - 1}))
    fit = pls(stack, first, scheme=scheme)
    columns: list[FloatArray] = []
    blocks: list[tuple[int, ...]] = []
    for part in parts:
        start = len(columns)
        for j in part:
            chosen = list(first.blocks[j])
            if len(part) == 1:
                columns += [np.broadcast_to(np.eye(first.n_columns)[c], fit.weights.shape) for c in chosen]
            else:
                columns.append(_only(fit.weights, chosen))
        blocks.append(tuple(range(start, len(columns))))
    turn = np.stack(columns, axis=-1)
    second_corr = correlation_from(np.swapaxes(turn, -1, -2) @ stack @ turn)
    second = path_model(blocks, predecessors, modes=modes, names=names)
    return TwoStages(first, second, fit, pls(second_corr, second, scheme=scheme), second_corr)


def first_stage(
    blocks: Sequence[Sequence[int]],
    parts: Sequence[Sequence[int]],
    predecessors: Mapping[int, Sequence[int]],
    *,
    modes: Sequence[Mode] | None = None,
    names: Sequence[str] | None = None,
) -> PathModel:
    """Return the model of the first stage: every part takes all the paths of the construct that it belongs to.

    Parameters
    ----------
    blocks
        Columns of every construct of the first stage.
    parts, predecessors
        As in `higher_order`.
    modes, names
        Of the constructs of the first stage.

    Returns
    -------
    PathModel

    Raises
    ------
    NumericsError
        As `path_model`.

    Examples
    --------
    >>> first_stage([(0, 1), (2, 3), (4,)], [(0, 1), (2,)], {1: (0,)}).arcs
    ((0, 2), (1, 2))
    """
    arcs = {
        part: tuple(source for j in before for source in parts[j])
        for k, before in predecessors.items()
        for part in parts[k]
    }
    return path_model(blocks, arcs, modes=modes, names=names)


def _only(weights: FloatArray, columns: Sequence[int]) -> FloatArray:
    found = np.zeros(weights.shape)
    found[..., list(columns)] = weights[..., list(columns)]
    return found
