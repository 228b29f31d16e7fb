"""The error of the groups' levels in the matching score: its derivatives, and that it makes tests weaker."""

import numpy as np
import pytest

from satmeter.numerics.differential_items import item_tests
from satmeter.numerics.matching import rest_matching
from satmeter.numerics.matching_error import GroupTest
from satmeter.numerics.ordinal_tables import fit_tables


def answers(n=400, p=3, groups=2, seed=1):
    rng = np.random.default_rng(seed)
    group = np.arange(n) % groups
    trait = rng.normal(size=n) + 0.4 * group
    rows = trait[:, None] * 0.75 + rng.normal(size=(n, p)) * 0.66
    return np.clip(np.round(3 + rows), 1, 5), group


def fitted(score, item, group, products):
    """One item as a table of one respondent a pattern."""
    dummies = (group[:, None] == np.arange(1, group.max() + 1)).astype(float)
    x = np.column_stack([score, dummies, *([dummies * score[:, None]] if products else [])])
    counts = np.zeros((len(item), 5))
    counts[np.arange(len(item)), item.astype(int) - 1] = 1
    return fit_tables(x[None], counts[None])


@pytest.mark.parametrize("products", [False, True])
def test_effects_follow_the_levels_as_derived(products):
    values, group = answers(300, groups=3)
    score = values[:, 1:].mean(axis=1)
    q = 2
    stop = 1 + 2 * q if products else 1 + q
    fit = fitted(score, values[:, 0], group, products)
    derived = GroupTest(fit, slice(1, stop), group, np.zeros((300, 1))).shift(0)
    for g in range(3):
        step = 1e-4
        more, less = (fitted(score + sign * step * (group == g), values[:, 0], group, products) for sign in (1, -1))
        slope = (more.parameters[0] - less.parameters[0]) / (2 * step)
        np.testing.assert_allclose(derived[1:stop, g], slope[1:stop], rtol=1e-5, atol=1e-6)


def test_only_tests_of_levels_get_weaker():
    values, group = answers()
    matching = rest_matching(values, group)
    naive = item_tests(values, matching.score, group)
    found = item_tests(values, matching.score, group, pull=matching.pull)
    assert (found.statistic[:, :2] < naive.statistic[:, :2]).all()
    np.testing.assert_array_equal(found.statistic[:, 2], naive.statistic[:, 2])
    np.testing.assert_array_equal(found.r2_change, naive.r2_change)
    known = item_tests(values, matching.score, group, pull=np.zeros(values.shape))
    np.testing.assert_allclose(known.statistic, naive.statistic, rtol=1e-12)
    for pull, expected in ((None, naive), (matching.pull, found)):
        wald = item_tests(values, matching.score, group, pull=pull, weights=np.full(400, 3.0))
        np.testing.assert_allclose(wald.statistic, expected.statistic, rtol=0.1, atol=0.05)


def test_its_standard_error_is_the_spread_over_samples():
    """Estimate over the root of the statistic, against the spread of the estimate."""
    effects, naive, right = [], [], []
    for seed in range(150):
        values, group = answers(300, seed=seed)
        matching = rest_matching(values, group)
        plain = item_tests(values, matching.score, group)
        counted = item_tests(values, matching.score, group, pull=matching.pull)
        effects.append(plain.group_effect[0, 0])
        naive.append(effects[-1] ** 2 / plain.statistic[0, 1])
        right.append(effects[-1] ** 2 / counted.statistic[0, 1])
    spread = np.std(effects)
    assert np.sqrt(np.median(right)) == pytest.approx(spread, rel=0.15)
    assert np.sqrt(np.median(naive)) < np.sqrt(np.median(right))


def test_reliable_companions_leave_nothing_to_count():
    values, group = answers(p=2)
    values = np.column_stack([values[:, :1], *[values[:, 1:]] * 3])
    matching = rest_matching(values, group)
    np.testing.assert_allclose(matching.pull[:, 0], 0, atol=1e-12)
