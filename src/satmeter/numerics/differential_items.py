"""Differential item functioning: whether items are answered differently by groups that are matched on the trait."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import FloatArray, IntArray, checked_weights
from satmeter.numerics.matching_error import GroupTest
from satmeter.numerics.ordinal_tables import TableFits, fit_tables
from satmeter.numerics.tails import chi_square_tail

KINDS = ("total", "uniform", "nonuniform")

MODERATE, LARGE = 0.035, 0.070
"""Least growth of Nagelkerke's R² of classes B and C: Jodoin and Gierl (2001)."""


@dataclass(frozen=True, slots=True)
class ItemTests:
    """Tests of p items; the second axis of length 3 is in the order of `KINDS`. NaN where a model has no estimates.

    Attributes
    ----------
    statistic, p_value
        shape (p, 3), chi-square (likelihood ratio, or Wald under a design) and its p.
    df
        shape (3,).
    r2_change
        shape (p, 3), by how much Nagelkerke's R² grows.
    group_effect
        shape (p, G − 1), log odds of a higher category in group 1, 2 … against group 0 among the matched.
    n
        Respondents of positive weight.
    """

    statistic: FloatArray
    p_value: FloatArray
    df: IntArray
    r2_change: FloatArray
    group_effect: FloatArray
    n: int


@dataclass(frozen=True, slots=True)
class _Tables:
    """Items as tables of patterns (matching score and group) by categories.

    Attributes
    ----------
    score, group
        shape (p, m), of every pattern.
    counts
        shape (p, m, K), sums of weights.
    pattern, category
        shape (n, p), place of every respondent.
    """

    score: FloatArray
    group: IntArray
    counts: FloatArray
    pattern: IntArray
    category: IntArray


def item_tests(
    items: npt.ArrayLike,
    matching: npt.ArrayLike,
    group: npt.ArrayLike,
    *,
    pull: npt.ArrayLike | None = None,
    weights: npt.ArrayLike | None = None,
    strata: npt.ArrayLike | None = None,
    cluster: npt.ArrayLike | None = None,
) -> ItemTests:
    """Test items for differential functioning by ordinal logistic regression.

    Parameters
    ----------
    items
        shape (n, p), ratings.
    matching
        shape (n, p), the trait, such as ``rest_matching(…).score``; an item with NaN in it is not tested.
    group
        shape (n,), codes 0 … G − 1, at least two.
    pull
        shape (n, p), from ``rest_matching(…).pull`` where its score is matched on: the groups' levels in that score are
        estimates, and their error is counted. None: the matching score is taken as it stands.
    weights
        shape (n,), probability weights; rows of weight 0 stay in the design only (their values do not matter). None:
        equal.
    strata, cluster
        shape (n,), integer codes, or None.

    Returns
    -------
    ItemTests
        `uniform`: groups beside the matching score; `nonuniform`: their products with it, beside both; `total`: both
        together.

    Raises
    ------
    NumericsError
        N066 for fewer than two groups; N003 for a stratum with one unit, N008 for bad weights, N010 for other shapes.

    Notes
    -----
    Swaminathan and Rogers (1990), Journal of Educational Measurement 27, 361–370; Zumbo (1999). Without weights, strata
    and clusters likelihood ratios; with them Wald's W with the linearised covariance, p from
    F = W (d − q + 1) / (d q) on q and d − q + 1 degrees of freedom, d units less strata (Korn and Graubard 1990,
    American Statistician 44, 270–276). A category that a group did not choose needs no merging: thresholds are common.
    With `pull` the likelihood ratios are multiplied by Wald's statistic with the levels' error over that without.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> group, trait = np.repeat([0, 1], 300), rng.normal(size=600)
    >>> item = np.digitize(trait + group + rng.logistic(size=600), [-1, 0, 1])
    >>> found = item_tests(item[:, None], trait[:, None], group)
    >>> found.df, bool(found.p_value[0, 1] < 0.001)
    (array([2, 1, 1]), True)
    """
    table, score = np.asarray(items, dtype=np.float64), np.asarray(matching, dtype=np.float64)
    member = np.asarray(group)
    drawn = np.zeros(table.shape) if pull is None else np.asarray(pull, dtype=np.float64)
    if table.ndim != 2 or not score.shape == drawn.shape == table.shape or member.shape != table.shape[:1]:
        got = f"{table.shape}, {score.shape}, {member.shape}, {drawn.shape}"
        raise NumericsError(Problem("N010", got=got, params={"expected": "(n, p), (n, p), (n,), (n, p)"}))
    w = checked_weights(weights, len(table))
    used = np.flatnonzero(w > 0)
    _, member = np.unique(member[used], return_inverse=True)
    n_groups = int(member.max(initial=0)) + 1
    if n_groups < 2:
        raise NumericsError(Problem("N066", got=str(n_groups)))
    q, p = n_groups - 1, table.shape[1]
    unknown = np.full((p, 3), np.nan)
    found = ItemTests(
        unknown, unknown.copy(), np.array([2 * q, q, q]), unknown.copy(), np.full((p, q), np.nan), len(used)
    )
    scaled = w[used] * len(used) / w[used].sum()
    level = drawn[used] * (scaled / np.bincount(member, weights=scaled)[member])[:, None]
    for columns in _alike(table[used], score[used]):
        tables = _tables(table[used][:, columns], score[used][:, columns], member, scaled)
        fits = [fit_tables(x, tables.counts) for x in _models(tables, n_groups)]
        r2 = np.stack([_nagelkerke(fit, len(used)) for fit in fits], axis=1)
        found.r2_change[columns] = np.stack([r2[:, 2] - r2[:, 0], r2[:, 1] - r2[:, 0], r2[:, 2] - r2[:, 1]], axis=1)
        found.group_effect[columns] = fits[1].parameters[:, 1 : 1 + q]
        parts = [(fits[2], slice(1, 1 + 2 * q)), (fits[1], slice(1, 1 + q)), (fits[2], slice(1 + q, 1 + 2 * q))]
        tests = [GroupTest(fit, coefficients, member, level[:, columns]) for fit, coefficients in parts]
        if weights is None and strata is None and cluster is None:
            found.statistic[columns] = _likelihood_ratios(fits, tests)
            found.p_value[columns] = chi_square_tail(found.statistic[columns], found.df)
            continue
        for kinds in ((0, 2), (1,)):  # of the same model
            first = tests[kinds[0]]
            for i in np.flatnonzero(first.fits.found):
                slopes = first.fits.scores[i, tables.pattern[:, i], tables.category[:, i]] * scaled[:, None]
                covariance, d = first.design_covariance(int(i), slopes, used, len(w), (strata, cluster))
                for kind in kinds:
                    tested = tests[kind].wald(int(i), covariance, d)
                    found.statistic[columns[i], kind], found.p_value[columns[i], kind] = tested
    return found


def _likelihood_ratios(fits: list[TableFits], tests: list[GroupTest]) -> FloatArray:
    """Return the ratios of every item, shape (items, 3), less what the error of the groups' levels explains."""
    base, with_groups, full = (fit.loglik for fit in fits)
    ratios = np.maximum(2 * np.stack([full - base, with_groups - base, full - with_groups], axis=1), 0.0)
    for kind, test in enumerate(tests):
        for i in np.flatnonzero(test.fits.found):
            ratios[i, kind] *= test.inflation(int(i))
    return ratios


def size_class(r2_change: float) -> str:
    """Return A (negligible), B (moderate) or C (large), after Jodoin and Gierl.

    Parameters
    ----------
    r2_change
        By how much Nagelkerke's R² grows.

    Notes
    -----
    Jodoin and Gierl (2001), Applied Measurement in Education 14, 329–349.

    Examples
    --------
    >>> size_class(0.02), size_class(0.05), size_class(0.07)
    ('A', 'B', 'C')
    """
    return "A" if r2_change < MODERATE else "B" if r2_change < LARGE else "C"


def _alike(table: FloatArray, score: FloatArray) -> list[list[int]]:
    """Return the columns that can be tested, those with the same number of categories together."""
    together: dict[int, list[int]] = {}
    for j in range(table.shape[1]):
        categories = len(np.unique(table[:, j]))
        if categories > 1 and not np.isnan(score[:, j]).any():
            together.setdefault(categories, []).append(j)
    return list(together.values())


def _tables(table: FloatArray, score: FloatArray, member: IntArray, w: FloatArray) -> _Tables:
    """Take equal respondents together: a fit costs as much as there are different ones."""
    n, p = table.shape
    n_groups = int(member.max()) + 1
    pattern, category = np.empty((n, p), dtype=np.int64), np.empty((n, p), dtype=np.int64)
    parts = []
    for j in range(p):
        scores, place = np.unique(np.round(score[:, j], 9), return_inverse=True)
        seen, pattern[:, j] = np.unique(place * n_groups + member, return_inverse=True)
        category[:, j] = np.unique(table[:, j], return_inverse=True)[1]
        parts.append((scores[seen // n_groups], seen % n_groups))
    m, n_categories = int(pattern.max()) + 1, int(category.max()) + 1
    counts = [
        np.bincount(pattern[:, j] * n_categories + category[:, j], weights=w, minlength=m * n_categories)
        for j in range(p)
    ]
    scores, groups = np.zeros((p, m)), np.zeros((p, m), dtype=np.int64)
    for j, (part, own) in enumerate(parts):
        scores[j, : len(part)], groups[j, : len(part)] = part, own
    table_of_weights = np.stack(counts).reshape(p, m, n_categories).astype(np.float64)
    return _Tables(scores, groups, table_of_weights, pattern, category)


def _models(tables: _Tables, n_groups: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the predictors of the three models: the matching score, groups as well, products as well."""
    weight = tables.counts.sum(axis=2)
    centre = (weight * tables.score).sum(axis=1) / weight.sum(axis=1)
    score = (tables.score - centre[:, None])[:, :, None]
    dummies = (tables.group[:, :, None] == np.arange(1, n_groups)).astype(np.float64)
    with_groups = np.concatenate([score, dummies], axis=2)
    return score, with_groups, np.concatenate([with_groups, dummies * score], axis=2)


def _nagelkerke(fit: TableFits, n: int) -> FloatArray:
    gain = -np.expm1(2 * (fit.loglik_null - fit.loglik) / n)
    return np.asarray(gain / -np.expm1(2 * fit.loglik_null / n), dtype=np.float64)
