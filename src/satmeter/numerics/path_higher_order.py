"""Path models with constructs that are made of constructs, in two stages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import FloatArray, correlation_from, square_stack
from satmeter.numerics.path_kernel import Scheme
from satmeter.numerics.path_model import Mode, PathModel, path_model
from satmeter.numerics.path_weights import PathFit, pls


@dataclass(frozen=True, slots=True)
class TwoStageModel:
    """A checked model in which some constructs are made of others; make it with `two_stage_model`.

    Attributes
    ----------
    first
        Stage one: every part takes all the paths of the construct that it belongs to.
    second
        Stage two: the columns of a higher-order construct are the scores of its parts.
    parts
        For every construct of the second stage the constructs of the first that it is made of.
    """

    first: PathModel
    second: PathModel
    parts: tuple[tuple[int, ...], ...]

    @property
    def items(self) -> PathModel:
        """The constructs of the second stage over items; a higher-order construct has those of its parts."""
        blocks = tuple(tuple(c for j in part for c in self.first.blocks[j]) for part in self.parts)
        return replace(self.second, blocks=blocks, anchors=(None,) * len(blocks))


AnyModel = PathModel | TwoStageModel


@dataclass(frozen=True, slots=True, eq=False)
class TwoStages:
    """Estimates of a model in two stages.

    Attributes
    ----------
    first, second
        Of the stages. In the second a higher-order construct's columns are the scores of its parts.
    second_corr
        shape (..., p₂, p₂), correlations of the second stage's columns.
    items
        The second stage over items: a part's weights times its weight in the higher-order construct.
    """

    first: PathFit
    second: PathFit
    second_corr: FloatArray
    items: PathFit


def two_stage_model(
    blocks: Sequence[Sequence[int]],
    parts: Sequence[Sequence[int]],
    predecessors: Mapping[int, Sequence[int]],
    *,
    modes: Sequence[Mode] | None = None,
    names: Sequence[str] | None = None,
    part_modes: Sequence[Mode] | None = None,
    part_names: Sequence[str] | None = None,
) -> TwoStageModel:
    """Check a model with higher-order constructs and make its two stages.

    Parameters
    ----------
    blocks
        Columns of every construct of the first stage.
    parts
        For every construct of the second stage the constructs of the first: one for an ordinary construct, which keeps
        its items; several for a higher-order one. Together all of them, each once.
    predecessors
        Among the constructs of the second stage.
    modes, names
        Of the constructs of the second stage. Mode of a higher-order one: `A`, its parts reflect it; `B`, they form it.
    part_modes, part_names
        Of the constructs of the first stage.

    Returns
    -------
    TwoStageModel

    Raises
    ------
    NumericsError
        As `path_model`; N073 where `parts` do not name every construct of the first stage once.

    Examples
    --------
    >>> model = two_stage_model([(0, 1), (2, 3), (4,)], [(0, 1), (2,)], {1: (0,)})
    >>> model.first.arcs, model.second.blocks, model.items.blocks
    (((0, 2), (1, 2)), ((0, 1), (2,)), ((0, 1, 2, 3), (4,)))
    """
    if sorted(j for part in parts for j in part) != list(range(len(blocks))):
        called = map(str, range(len(blocks))) if part_names is None else part_names
        raise NumericsError(Problem("N073", params={"constructs": ", ".join(called), "last": len(blocks) - 1}))
    arcs = {
        part: tuple(source for j in before for source in parts[j])
        for k, before in predecessors.items()
        for part in parts[k]
    }
    first = path_model(blocks, arcs, modes=part_modes, names=part_names)
    sizes = [len(blocks[part[0]]) if len(part) == 1 else len(part) for part in parts]
    ends = np.cumsum(sizes).tolist()
    columns = [tuple(range(end - size, end)) for size, end in zip(sizes, ends, strict=True)]
    second = path_model(columns, predecessors, modes=modes, names=names)
    return TwoStageModel(first, second, tuple(tuple(part) for part in parts))


def higher_order(
    corr: npt.ArrayLike, model: TwoStageModel, *, scheme: Scheme = "path", reference: npt.ArrayLike | None = None
) -> TwoStages:
    """Estimate a path model in which some constructs are made of others, in two disjoint stages.

    Parameters
    ----------
    corr
        shape (..., p, p), correlations of the items.
    model
        Of `two_stage_model`.
    scheme
        As in `pls`, in both stages.
    reference
        shape (p,), correlations of the items with the constructs of the second stage, which fix the signs of `items`.

    Returns
    -------
    TwoStages
        Both stages are estimated anew in every replicate, so that intervals carry the uncertainty of the first.

    Raises
    ------
    NumericsError
        As `pls`; with a `reference` a matrix without a solution is NaN.

    Notes
    -----
    The disjoint two-stage approach: Sarstedt, Hair, Cheah, Becker and Ringle (2019), Australasian Marketing Journal 27,
    197–211. The embedded approach and repeated indicators are not offered: the latter count items twice. Scores are
    never formed: their correlations are WᵀRW.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> rows = rng.normal(size=(200, 6)) + rng.normal(size=(200, 1))
    >>> model = two_stage_model([(0, 1), (2, 3), (4, 5)], [(0, 1), (2,)], {1: (0,)})
    >>> found = higher_order(np.corrcoef(rows.T), model)
    >>> found.second.paths.shape, found.items.weights.shape
    ((2, 2), (6,))
    """
    stack = square_stack(corr)
    # the direction of a part changes nothing behind it, and that of a construct is turned to the reference in the end
    signs = (None, None) if reference is None else (np.ones(model.first.n_columns), np.ones(model.second.n_columns))
    first = pls(stack, model.first, scheme=scheme, reference=signs[0])
    columns: list[FloatArray] = []
    for part in model.parts:
        for j in part:
            chosen = list(model.first.blocks[j])
            if len(part) == 1:
                columns += [np.broadcast_to(np.eye(model.first.n_columns)[c], first.weights.shape) for c in chosen]
            else:
                columns.append(_only(first.weights, chosen))
    turn = np.stack(columns, axis=-1)
    second_corr = correlation_from(np.swapaxes(turn, -1, -2) @ stack @ turn)
    second = pls(second_corr, model.second, scheme=scheme, reference=signs[1])
    items = _over_items(stack, model, first, second, turn)
    if reference is not None:
        items = _turned(items, model.items, np.asarray(reference, dtype=np.float64))
    return TwoStages(first, second, second_corr, items)


def estimate_paths(
    corr: npt.ArrayLike, model: AnyModel, *, scheme: Scheme = "path", reference: npt.ArrayLike | None = None
) -> PathFit:
    """Estimate a path model in as many stages as it has; the weights and loadings are always those of the items.

    Parameters
    ----------
    corr
        shape (..., p, p).
    model
        Of `path_model` or `two_stage_model`.
    scheme, reference
        As in `pls`.

    Returns
    -------
    PathFit
        Of `items_model(model)`.

    Raises
    ------
    NumericsError
        As `pls`.

    Examples
    --------
    >>> corr = np.full((5, 5), 0.5) + 0.5 * np.eye(5)
    >>> estimate_paths(corr, two_stage_model([(0, 1), (2, 3), (4,)], [(0, 1), (2,)], {1: (0,)})).weights.round(4)
    array([0.3162, 0.3162, 0.3162, 0.3162, 1.    ])
    """
    if isinstance(model, PathModel):
        return pls(corr, model, scheme=scheme, reference=reference)
    return higher_order(corr, model, scheme=scheme, reference=reference).items


def items_model(model: AnyModel) -> PathModel:
    """Return the model of the constructs over items.

    Parameters
    ----------
    model
        Of `path_model`, which is returned as it is, or of `two_stage_model`.

    Returns
    -------
    PathModel

    Examples
    --------
    >>> items_model(two_stage_model([(0, 1), (2, 3), (4,)], [(0, 1), (2,)], {1: (0,)})).blocks
    ((0, 1, 2, 3), (4,))
    """
    return model if isinstance(model, PathModel) else model.items


def _only(weights: FloatArray, columns: Sequence[int]) -> FloatArray:
    found = np.zeros(weights.shape)
    found[..., list(columns)] = weights[..., list(columns)]
    return found


def _over_items(stack: FloatArray, model: TwoStageModel, first: PathFit, second: PathFit, turn: FloatArray) -> PathFit:
    """Write the scores of the second stage as weighted sums of items; `turn` makes its columns of them."""
    whole = model.items
    weights = np.einsum("...ij,...j->...i", turn, second.weights)
    member = np.zeros((whole.n_columns, whole.n_constructs))
    for k, block in enumerate(whole.blocks):
        member[list(block), k] = 1.0
    cross = stack @ (weights[..., :, None] * member)
    loadings = (cross * member).sum(axis=-1)
    return replace(
        second,
        weights=weights,
        loadings=loadings,
        cross_loadings=cross,
        converged=np.asarray(first.converged & second.converged),
    )


def _turned(fit: PathFit, model: PathModel, reference: FloatArray) -> PathFit:
    """Turn the constructs whose loadings disagree with those that fix the signs."""
    sign = np.ones(fit.r2.shape)
    by_item = np.ones(fit.weights.shape)
    for k, block in enumerate(model.blocks):
        chosen = list(block)
        sign[..., k] = np.where(fit.loadings[..., chosen] @ reference[chosen] < 0, -1.0, 1.0)
        by_item[..., chosen] = sign[..., k, None]
    both = sign[..., :, None] * sign[..., None, :]
    return replace(
        fit,
        weights=fit.weights * by_item,
        loadings=fit.loadings * by_item,
        cross_loadings=fit.cross_loadings * sign[..., None, :],
        construct_corr=fit.construct_corr * both,
        paths=fit.paths * both,
    )
