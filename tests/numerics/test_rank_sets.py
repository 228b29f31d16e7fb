"""Confidence sets for ranks: the published example, what must not matter, and how often they hold the truth."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from satmeter.errors import NumericsError
from satmeter.numerics.rank_sets import best_set, rank_sets


def rng(seed=1):
    return np.random.default_rng(seed)


@pytest.fixture(scope="module")
def pisa(reference):
    values = reference("rank_sets")["values"]
    kept = [i for i, unit in enumerate(values["unit"]) if unit not in values["left_out"]]
    units = [values["unit"][i] for i in kept]
    score, error = (np.array(values[key])[kept] for key in ("score", "std_error"))
    return values, units, score, error**2, rank_sets(score, error**2, rng=rng())


def test_the_published_sets_of_pisa_2018(pisa):
    values, units, _, _, found = pisa
    for kind, low, high in (
        ("marginal", found.marginal_low, found.marginal_high),
        ("simultaneous", found.low, found.high),
    ):
        for unit, (first, last) in values[kind].items():
            i = units.index(unit)
            assert (int(low[i]), int(high[i])) == (first, last), (kind, unit)
    assert (found.high - found.low).sum() == values["total_width"]["simultaneous"]
    assert abs((found.marginal_high - found.marginal_low).sum() - values["total_width"]["marginal"]) <= 1


def test_the_countries_that_may_be_among_the_five_best(pisa):
    values, units, score, variance, _ = pisa
    best = best_set(score, variance, 5, rng=rng())
    assert best.sum() == values["five_best"]
    assert {"Japan", "Korea", "Estonia"} <= {unit for unit, inside in zip(units, best, strict=True) if inside}


def test_sets_hold_the_rank_and_lie_within_each_other(pisa):
    found = pisa[-1]
    assert (found.low <= found.marginal_low).all()
    assert (found.marginal_low <= found.rank).all()
    assert (found.rank <= found.marginal_high).all()
    assert (found.marginal_high <= found.high).all()


def test_strata_rank_their_own_units_and_hold_together():
    theta, variance = [80.0, 79.9, 70.0, 69.8, 50.0, 50.1], np.full(6, 0.01)
    found = rank_sets(theta, variance, strata=list("xyxyxy"), rng=rng())
    assert found.rank.tolist() == [1, 1, 2, 2, 3, 3]
    assert found.low.tolist() == found.high.tolist() == [1, 1, 2, 2, 3, 3]
    assert found.tie_group.tolist() == [1, 1, 2, 2, 3, 3]
    score = np.array([1.0, 0.9, 0.62, 0.58, 0.3, 0.2, 0.1, 0.0])
    strata, variance = np.repeat(["a", "b"], 4), np.full(8, 0.02)
    own = rank_sets(score[:4], variance[:4], rng=rng())
    both = rank_sets(score, variance, strata=strata, rng=rng())
    whole = rank_sets(score, variance, rng=rng())
    assert (both.low[:4] <= own.low).all()
    assert (both.high[:4] >= own.high).all()
    assert both.marginal_low[:4].tolist() == own.marginal_low.tolist()
    assert both.marginal_high[:4].tolist() == own.marginal_high.tolist()
    assert (both.high - both.low).sum() < (whole.high - whole.low).sum()


def test_one_stratum_is_no_stratum(pisa):
    _, units, score, variance, found = pisa
    again = rank_sets(score, variance, strata=["all"] * len(units), rng=rng())
    for name in ("rank", "low", "high", "marginal_low", "marginal_high", "tie_group"):
        assert getattr(again, name).tolist() == getattr(found, name).tolist()


@pytest.mark.parametrize("strata", [["a", "a", "b"], ["a", "a"]])
def test_a_stratum_needs_two_units(strata):
    with pytest.raises(NumericsError) as error:
        rank_sets([1.0, 2.0, 3.0], np.ones(3), strata=strata, rng=rng())
    assert error.value.problems[0].code == "N010"


def test_sets_of_all_strata_hold_all_true_ranks_at_the_level():
    """Three strata of four equal units: the sets of all of them are full ranges together in 95 % of samples."""
    dealt, strata = np.random.default_rng(8), np.repeat(np.arange(3), 4)
    full, own = 0, 0
    for _ in range(300):
        found = rank_sets(dealt.standard_normal(12), np.ones(12), strata=strata, rng=dealt, draws=1500)
        full += bool((found.high - found.low == 3).all())
        own += bool((found.high - found.low == 3)[:4].all())
    assert 0.95 - 3 * 0.0126 < full / 300 < 0.95 + 3 * 0.0126
    assert full < own


def test_tie_groups_start_where_a_unit_is_surely_below_the_leader():
    found = rank_sets([80.0, 79.9, 70.0, 69.8, 50.0], np.full(5, 0.01), rng=rng())
    assert found.tie_group.tolist() == [1, 1, 2, 2, 3]


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 1000), st.integers(2, 7))
def test_order_place_and_unit_of_the_scores_do_not_matter(seed, p):
    random = rng(seed)
    theta, root = random.normal(size=p), random.normal(size=(p, p))
    sigma = 0.1 * (root @ root.T) + 0.05 * np.eye(p)
    one = rank_sets(theta, sigma, rng=rng(), draws=4000)
    stretched = rank_sets(50 + 7 * theta, 49 * sigma, rng=rng(), draws=4000)
    assert (one.low == stretched.low).all()
    assert (one.marginal_high == stretched.marginal_high).all()
    shared = rank_sets(theta, sigma + 3.0, rng=rng(), draws=4000)  # an error that all share says nothing of ranks
    assert (abs(one.low - shared.low) <= 1).all()


def test_correlated_estimates_are_told_apart_more_easily():
    theta, sigma = [1.0, 0.0], np.array([[0.2, 0.0], [0.0, 0.2]])
    assert rank_sets(theta, sigma, rng=rng()).high[0] == 2
    assert rank_sets(theta, sigma + np.array([[0, 0.19], [0.19, 0]]), rng=rng()).high[0] == 1


def test_sets_hold_all_true_ranks_as_often_as_they_say():
    random = rng(7)
    theta = np.array([0.0, 0.3, 0.5, 1.0, 1.2, 2.0])
    truth = 1 + (theta[None] > theta[:, None]).sum(axis=1)
    variance = np.array([0.04, 0.09, 0.01, 0.04, 0.04, 0.09])
    together, own = [], []
    for _ in range(400):
        found = rank_sets(theta + np.sqrt(variance) * random.normal(size=6), variance, rng=random, draws=1000)
        together.append(((found.low <= truth) & (truth <= found.high)).all())
        own.append((found.marginal_low <= truth) & (truth <= found.marginal_high))
    assert np.mean(together) >= 0.95 - 3 * 0.011
    assert np.mean(own, axis=0).min() >= 0.95 - 3 * 0.011


def test_equal_units_are_all_left_open():
    random = rng(3)
    wide = [
        rank_sets(random.normal(size=8), np.ones(8), rng=random, draws=1000) for _ in range(300)
    ]  # under equality, sets are the whole range in 95 of 100 samples
    share = np.mean([((found.low == 1) & (found.high == 8)).all() for found in wide])
    assert abs(share - 0.95) < 3 * 0.0126


def code_of(call):
    with pytest.raises(NumericsError) as caught:
        call()
    return caught.value.problems[0].code


def test_bad_input_is_refused():
    assert code_of(lambda: rank_sets([1.0], [1.0], rng=rng())) == "N010"
    assert code_of(lambda: rank_sets([1.0, 2.0], [1.0], rng=rng())) == "N010"
    assert code_of(lambda: rank_sets([1.0, np.nan], [1.0, 1.0], rng=rng())) == "N010"
    assert code_of(lambda: rank_sets([1.0, 2.0], [0.0, 0.0], rng=rng())) == "N010"
    assert code_of(lambda: rank_sets([1.0, 2.0], [1.0, 1.0], rng=rng(), conf_level=1.0)) == "N002"
    assert code_of(lambda: best_set([1.0, 2.0], [1.0, 1.0], 3, rng=rng())) == "N010"


def test_variances_from_few_respondents_do_not_tell_equal_units_apart():
    """Eight equal units of five: full sets in 95 % of 200 tables; in far fewer where the variances pass for known."""
    source = np.random.default_rng(21)
    full = {"known": 0, "estimated": 0}
    for _ in range(200):
        answers = source.normal(size=(8, 5))
        mean, variance = answers.mean(axis=1), answers.var(axis=1, ddof=1) / 5
        for name, df in (("known", None), ("estimated", np.full(8, 4.0))):
            found = rank_sets(mean, variance, df=df, rng=source, draws=1000)
            full[name] += bool((found.low == 1).all() and (found.high == 8).all())
    assert full["estimated"] / 200 >= 0.95 - 3 * 0.0154
    assert full["known"] / 200 < 0.8


def test_degrees_of_freedom_must_be_positive():
    with pytest.raises(NumericsError) as caught:
        rank_sets([1.0, 2.0], [0.1, 0.1], df=[3.0, 0.0], rng=rng())
    assert caught.value.problems[0].code == "N010"


def test_units_without_error_are_in_the_order_of_their_estimates():
    """Everybody was asked in the first four; what is open between the others stays as it is without them."""
    theta, exact = [5.0, 4.0, 4.0, 1.0], [True] * 4
    found = rank_sets(theta, np.zeros(4), df=[np.nan] * 4, exact=exact, rng=rng())
    for low, high in ((found.low, found.high), (found.marginal_low, found.marginal_high)):
        assert (low.tolist(), high.tolist()) == ([1, 2, 2, 4], [1, 3, 3, 4])
    assert found.rank.tolist() == [1, 2, 2, 4]
    assert found.tie_group.tolist() == [1, 2, 2, 3]
    mixed = rank_sets(
        [5.0, 4.9, 4.0, 3.9], [0.0, 0.0, 0.01, 0.01], df=[np.nan, 9, 99, 99], exact=[1, 1, 0, 0], rng=rng()
    )
    assert (mixed.low.tolist(), mixed.high.tolist()) == ([1, 2, 3, 3], [1, 2, 4, 4])
    assert (mixed.marginal_low.tolist(), mixed.marginal_high.tolist()) == ([1, 2, 3, 3], [1, 2, 4, 4])
    score, variance = np.arange(5) / 10, np.full(5, 0.01)
    plain, told = (rank_sets(score, variance, df=np.full(5, 30.0), exact=e, rng=rng()) for e in (None, [False] * 5))
    assert (plain.low.tolist(), plain.marginal_high.tolist()) == (told.low.tolist(), told.marginal_high.tolist())
    assert code_of(lambda: rank_sets([1.0, 2.0], [0.0, 0.0], exact=[True, False], rng=rng())) == "N010"
