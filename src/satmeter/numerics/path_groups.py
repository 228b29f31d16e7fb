"""Path models of two groups: whether their paths and their constructs differ, by permutation tests (MICOM)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import BoolArray, FloatArray, checked_weights
from satmeter.numerics.path_effects import effects
from satmeter.numerics.path_higher_order import AnyModel, estimate_paths, items_model
from satmeter.numerics.path_kernel import MAX_ITER, Scheme
from satmeter.numerics.path_model import PathModel
from satmeter.numerics.path_replicates import sample_moments, unit_sums
from satmeter.numerics.path_weights import PathFit


@dataclass(frozen=True, slots=True, eq=False)
class PermutationTest:
    """A statistic of the sample, and where it stands among those of permuted groups.

    Attributes
    ----------
    value
        shape (...), of the sample.
    low, high
        shape (...), 2.5 % and 97.5 % quantiles over permutations.
    p_value
        shape (...), two-sided: (1 + permutations at least as large in size)/(1 + permutations).
    """

    value: FloatArray
    low: FloatArray
    high: FloatArray
    p_value: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Micom:
    """Invariance of constructs over two groups. Step 1, the same items, model and algorithm, holds by construction.

    Attributes
    ----------
    composition
        shape (m,), step 2: correlation of a construct's scores by the weights of the one and of the other group.
    composition_limit
        shape (m,), 5 % quantile of it over permutations.
    composition_p
        shape (m,), (1 + permutations with a correlation not above it)/(1 + permutations).
    mean_difference
        Step 3: first group − second, in standard deviations of the pooled scores.
    log_variance_ratio
        Step 3: log of the variance in the first group over that in the second.
    """

    composition: FloatArray
    composition_limit: FloatArray
    composition_p: FloatArray
    mean_difference: PermutationTest
    log_variance_ratio: PermutationTest


@dataclass(frozen=True, slots=True, eq=False)
class GroupComparison:
    """Two groups' path models and what tells them apart.

    Attributes
    ----------
    first, second
        Estimates of the two groups, signs as in the pooled sample.
    paths, total
        shape (m, m), differences first − second of direct and of total effects.
    micom
        Whether the constructs may be compared at all.
    permutations
        Permutations in which both groups had a solution.
    """

    first: PathFit
    second: PathFit
    paths: PermutationTest
    total: PermutationTest
    micom: Micom
    permutations: int


def compare_groups(
    rows: npt.ArrayLike,
    group: npt.ArrayLike,
    model: AnyModel,
    *,
    permutations: int,
    rng: np.random.Generator,
    weights: npt.ArrayLike | None = None,
    scheme: Scheme = "path",
) -> GroupComparison:
    """Compare the path models of two groups by dealing the respondents to the groups anew.

    Parameters
    ----------
    rows
        shape (n, p), complete.
    group
        shape (n,), True for the first group.
    model
        Of `path_model` or `two_stage_model`, both stages of which are estimated in every group.
    permutations
        How often respondents are dealt anew.
    rng
        Source of the permutations.
    weights
        shape (n,); a weight goes with its respondent.
    scheme
        As in `pls`.

    Returns
    -------
    GroupComparison

    Raises
    ------
    NumericsError
        N079 where a group has too few respondents for the largest equation or block of mode B; as `pls` for the pooled
        sample; N076 where a group has no solution of its own.

    Notes
    -----
    Chin and Dibbern (2010) for paths; Henseler, Ringle and Sarstedt (2016), International Marketing Review 33, 405–431,
    for MICOM. The test is for respondents who were drawn on their own: with clusters it rejects too often.

    Examples
    --------
    >>> from satmeter.numerics.path_model import path_model
    >>> rng = np.random.default_rng(1)
    >>> rows = rng.normal(size=(80, 4)) + rng.normal(size=(80, 1))
    >>> model = path_model([(0, 1), (2, 3)], {1: (0,)})
    >>> found = compare_groups(rows, np.arange(80) < 40, model, permutations=50, rng=rng)
    >>> bool(found.paths.p_value[1, 0] > 0.05), bool(found.micom.composition[0] > 0.9)
    (True, True)
    """
    member = np.asarray(group, dtype=bool)
    whole = items_model(model)
    _check_sizes(member, whole)
    sums = unit_sums(rows, weights=weights)
    deals = np.stack([member, *(rng.permutation(member) for _ in range(permutations))])
    pooled_corr = sample_moments(sums, np.ones((1, len(member)))).corr[0]
    pooled = estimate_paths(pooled_corr, model, scheme=scheme)
    first, second = (
        estimate_paths(sample_moments(sums, dealt).corr, model, scheme=scheme, reference=pooled.loadings)
        for dealt in (deals, ~deals)
    )
    usable = first.converged & second.converged
    if not usable[0]:
        raise NumericsError(Problem("N076", params={"iterations": MAX_ITER}))
    totals = [effects(fit.paths, whole).total for fit in (first, second)]
    return GroupComparison(
        _at(first, 0),
        _at(second, 0),
        _two_sided((first.paths - second.paths)[usable]),
        _two_sided((totals[0] - totals[1])[usable]),
        _micom(rows, weights, deals[usable], pooled_corr, (pooled, first, second), usable, whole),
        int(usable.sum()) - 1,
    )


def _check_sizes(member: BoolArray, model: PathModel) -> None:
    most = max(map(len, model.predecessors))
    most = max([most, *(len(b) for b, mode in zip(model.blocks, model.modes, strict=True) if mode == "B")])
    problems = []
    for number, n in ((1, int(member.sum())), (2, int((~member).sum()))):
        if n < most + 3:
            problems.append(Problem("N079", got=str(n), params={"sample": number, "minimum": most + 3}))
    if problems:
        raise NumericsError(problems)


def _at(fit: PathFit, index: int) -> PathFit:
    return PathFit(
        fit.weights[index],
        fit.loadings[index],
        fit.cross_loadings[index],
        fit.construct_corr[index],
        fit.paths[index],
        fit.r2[index],
        fit.converged[index],
        fit.iterations[index],
    )


def _two_sided(values: FloatArray) -> PermutationTest:
    """Test index 0 against the others."""
    found, dealt = values[0], values[1:]
    low, high = np.quantile(dealt, [0.025, 0.975], axis=0)
    count = (np.abs(dealt) >= np.abs(found) - 1e-12).sum(axis=0)
    return PermutationTest(found, low, high, (1 + count) / (1 + len(dealt)))


def _micom(
    rows: npt.ArrayLike,
    weights: npt.ArrayLike | None,
    deals: BoolArray,
    corr: FloatArray,
    fits: tuple[PathFit, PathFit, PathFit],
    usable: BoolArray,
    model: PathModel,
) -> Micom:
    pooled, first, second = fits
    composition = np.stack(
        [_agreement(first.weights[usable], second.weights[usable], corr, block) for block in model.blocks], axis=-1
    )
    limit = np.quantile(composition[1:], 0.05, axis=0)
    # a single item agrees with itself up to rounding
    below = (composition[1:] <= composition[0] + 1e-12).sum(axis=0)
    means, variances = zip(*_score_moments(rows, weights, deals, pooled.weights, model), strict=True)
    return Micom(
        composition[0],
        limit,
        (1 + below) / len(composition),
        _two_sided(means[0] - means[1]),
        _two_sided(np.log(variances[0]) - np.log(variances[1])),
    )


def _agreement(first: FloatArray, second: FloatArray, corr: FloatArray, block: tuple[int, ...]) -> FloatArray:
    """Correlate two sets of weights of one block in the pooled sample."""
    chosen = list(block)
    one, two = first[:, chosen], second[:, chosen]
    inside = corr[np.ix_(chosen, chosen)]
    cross = np.einsum("bi,ij,bj->b", one, inside, two)
    own = np.einsum("bi,ij,bj->b", one, inside, one) * np.einsum("bi,ij,bj->b", two, inside, two)
    return np.asarray(cross / np.sqrt(own), dtype=np.float64)


def _score_moments(
    rows: npt.ArrayLike, weights: npt.ArrayLike | None, deals: BoolArray, pooled: FloatArray, model: PathModel
) -> Iterator[tuple[FloatArray, FloatArray]]:
    """Yield means and variances of the pooled scores in the first and in the second group of every deal."""
    table = np.asarray(rows, dtype=np.float64)
    w = checked_weights(weights, len(table))
    share = w / w.sum()
    centred = table - share @ table
    spread = np.zeros((model.n_columns, model.n_constructs))
    for k, block in enumerate(model.blocks):
        spread[list(block), k] = pooled[list(block)]
    n = len(table)
    sd = np.sqrt(share @ centred**2 * n / (n - 1))
    scores = centred / sd @ spread
    for member in (deals, ~deals):
        size = member.sum(axis=1)[:, None]
        mass = member @ w
        mean = member @ (w[:, None] * scores) / mass[:, None]
        square = member @ (w[:, None] * scores**2) / mass[:, None]
        yield mean, (square - mean**2) * size / (size - 1)
