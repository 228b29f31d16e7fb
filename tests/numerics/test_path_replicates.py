"""Replicates straight from rows: moments, HTMT and intervals against the long way round."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from satmeter.errors import NumericsError
from satmeter.numerics.arguments import correlation_from
from satmeter.numerics.bca import acceleration, bca_interval, delete_one_moments
from satmeter.numerics.discriminant import htmt
from satmeter.numerics.path_effects import effects
from satmeter.numerics.path_model import path_model
from satmeter.numerics.path_quality import path_htmt
from satmeter.numerics.path_replicates import sample_moments, unit_sums
from satmeter.numerics.path_solve import back_substitute, cholesky_last, inverse_diagonal_last, regress_last
from satmeter.numerics.path_weights import pls
from satmeter.numerics.resampling import rao_wu_draws, rao_wu_multipliers, rao_wu_scale

MODEL = path_model([(0, 3), (1, 2), (4, 5), (6,)], {1: (0,), 2: (0, 1), 3: (2,)})


def answers(seed=1, n=90):
    rng = np.random.default_rng(seed)
    common = rng.normal(size=(n, 1))
    own = rng.normal(size=(n, 4))[:, [0, 1, 1, 0, 2, 2, 3]]
    return np.clip(np.round(4 + common + own + 0.7 * rng.normal(size=(n, 7))), 1, 7)


def weighted_cov(rows, w):
    return np.cov(rows.T, aweights=w, bias=True) * len(rows) / (len(rows) - 1)


@pytest.mark.parametrize("clustered", [False, True])
def test_moments_equal_those_of_weighted_rows(clustered):
    rows = answers()
    weights = np.random.default_rng(2).uniform(0.5, 2, 90)
    strata = np.repeat([0, 1, 2], 30)
    unit = np.arange(90) // 3 if clustered else np.arange(90)
    stratum = strata[::3] if clustered else strata
    sums = unit_sums(rows, weights=weights, units=unit if clustered else None)
    draws = rao_wu_draws(stratum, 12, np.random.default_rng(3)) * rao_wu_scale(stratum)
    found = sample_moments(sums, np.vstack([np.ones(len(stratum)), draws]))
    np.testing.assert_allclose(found.covariance[0], weighted_cov(rows, weights), rtol=1e-12, atol=1e-14)
    multipliers = rao_wu_multipliers(strata, unit, 12, np.random.default_rng(3))
    for r in range(12):
        w = weights * multipliers[r, unit]
        expected = weighted_cov(rows, w)
        np.testing.assert_allclose(found.covariance[r + 1], expected, atol=1e-12)
        np.testing.assert_allclose(found.mean[r + 1], w @ rows / w.sum(), rtol=1e-12)
        np.testing.assert_allclose(found.corr[r + 1], correlation_from(expected), atol=1e-12)


def test_chunks_change_nothing():
    rows = answers()
    factors = np.random.default_rng(4).integers(0, 3, (2500, 90))
    both = sample_moments(unit_sums(rows), factors)
    part = sample_moments(unit_sums(rows), lambda part: factors[2400:, part])
    np.testing.assert_allclose(both.corr[2400:], part.corr, rtol=1e-12, atol=1e-14)
    wide = sample_moments(unit_sums(np.tile(rows, (20, 1))), np.tile(factors, (1, 20)))
    np.testing.assert_allclose(wide.corr, both.corr, rtol=1e-10, atol=1e-12)
    big = np.tile(rows, (60, 1))
    many = sample_moments(unit_sums(big, units=np.tile(np.arange(90), 60)), factors[:3])
    np.testing.assert_allclose(many.corr, sample_moments(unit_sums(rows), factors[:3]).corr, atol=1e-12)
    shuffled = np.random.default_rng(5).permutation(5400)
    again = sample_moments(unit_sums(big[shuffled], units=np.tile(np.arange(90), 60)[shuffled]), factors[:3])
    np.testing.assert_allclose(many.corr, again.corr, atol=1e-12)


def test_units_without_rows_count_for_nothing():
    rows = answers(n=6)
    sums = unit_sums(rows, units=[0, 0, 2, 2, 4, 4], n_units=6)
    assert sums.sums.shape[1] == 6
    factors = np.array([[1, 9, 2, 9, 1, 9]])
    expected = sample_moments(unit_sums(rows), np.array([[1, 1, 2, 2, 1, 1]]))
    np.testing.assert_allclose(sample_moments(sums, factors).corr, expected.corr, atol=1e-12)


def test_delete_one_leaves_out_groups_of_units():
    many = answers(n=2500)[:, :3]
    mean, cov = delete_one_moments(many)
    assert len(cov) == 2000
    kept = np.ones(2500, dtype=bool)
    kept[[7, 2007]] = False
    np.testing.assert_allclose(cov[7], np.cov(many[kept].T), atol=1e-12)
    np.testing.assert_allclose(mean[7], many[kept].mean(axis=0), rtol=1e-12)


def test_an_item_that_does_not_vary_in_a_sample_is_nan():
    rows = answers(n=20)
    rows[:, 2] = 1e6
    rows[0, 2] += 3
    factors = np.ones((3, 20))
    factors[2, 0] = 0
    found = sample_moments(unit_sums(rows), factors)
    assert np.isfinite(found.corr[:2]).all()
    assert np.isnan(found.corr[2, 2]).all()
    assert np.isnan(found.corr[2, :, 2]).all()
    assert np.isnan(found.sd[2]).tolist() == [False, False, True, *[False] * 4]
    assert np.isfinite(np.delete(np.delete(found.corr[2], 2, 0), 2, 1)).all()
    rows[:, 2] = 0.1
    assert np.isnan(sample_moments(unit_sums(rows), factors).corr[:, 2]).all()


def test_missing_answers_are_refused():
    rows = answers()
    rows[3, 1] = np.nan
    with pytest.raises(NumericsError) as error:
        unit_sums(rows)
    assert [p.code for p in error.value.problems] == ["N009"]


def test_memory_order_of_a_stack_changes_nothing():
    corr = sample_moments(unit_sums(answers()), np.random.default_rng(5).integers(0, 3, (30, 90))).corr
    found, again = pls(corr, MODEL), pls(np.ascontiguousarray(corr), MODEL)
    for name in ("weights", "loadings", "paths", "r2", "cross_loadings"):
        np.testing.assert_allclose(getattr(found, name), getattr(again, name), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(path_htmt(corr, MODEL), path_htmt(np.ascontiguousarray(corr), MODEL), rtol=1e-10)


def test_intervals_from_bootstrap_and_jackknife():
    rows = answers(n=200)
    drawn = rao_wu_multipliers(None, None, 999, np.random.default_rng(5), n=200)
    found = pls(sample_moments(unit_sums(rows), np.vstack([np.ones(200), drawn])).corr, MODEL)
    left_out = pls(correlation_from(delete_one_moments(rows)[1]), MODEL, reference=found.loadings[0])
    total = effects(found.paths, MODEL).total
    low, high = bca_interval(total[0], total[1:], acceleration(effects(left_out.paths, MODEL).total))
    plain_low, plain_high = np.quantile(total[1:], [0.025, 0.975], axis=0)
    outcome, source = 2, 0
    assert low[outcome, source] < total[0, outcome, source] < high[outcome, source]
    assert low[outcome, source] == pytest.approx(plain_low[outcome, source], abs=0.05)
    assert high[outcome, source] == pytest.approx(plain_high[outcome, source], abs=0.05)
    # the jackknife's standard error is another way to the bootstrap's
    jack = left_out.paths[:, outcome, source]
    spread = np.sqrt(199 / 200 * ((jack - jack.mean()) ** 2).sum())
    assert spread == pytest.approx(found.paths[1:, outcome, source].std(), rel=0.15)


def test_htmt_is_that_of_the_discriminant_validity():
    corr = np.stack([np.corrcoef(answers(seed).T) for seed in (1, 2)])
    signs = np.array([1, -1, 1, 1, 1, -1, 1.0])
    found = path_htmt(corr * np.outer(signs, signs), MODEL)
    np.testing.assert_allclose(found[:, :3, :3], htmt(corr, MODEL.blocks[:3]), rtol=1e-12)
    assert np.isnan(found[:, 3]).all()


@settings(max_examples=30)
@given(st.integers(1, 6), st.integers(0, 1000))
def test_small_systems_are_solved_like_lapack(k, seed):
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(5, 20, k + 1))
    stack = np.stack([np.corrcoef(one.T).reshape(k + 1, k + 1) for one in rows])
    last = np.moveaxis(stack, 0, -1)
    before = tuple(range(k))
    expected = np.linalg.solve(stack[:, :k, :k], stack[:, :k, k:])[..., 0]
    np.testing.assert_allclose(regress_last(last, k, before).T, expected, rtol=1e-8, atol=1e-12)
    inverse = np.diagonal(np.linalg.inv(stack[:, :k, :k]), axis1=1, axis2=2)
    np.testing.assert_allclose(inverse_diagonal_last(last[:k, :k]).T, inverse, rtol=1e-8)
    right = rng.normal(size=(k, 3, 5))
    found = back_substitute(cholesky_last(last[:k, :k]), right)
    np.testing.assert_allclose(np.moveaxis(found, -1, 0), np.linalg.solve(stack[:, :k, :k], np.moveaxis(right, -1, 0)))


def test_singular_systems_are_nan():
    singular = np.ones((2, 2, 1))
    assert np.isnan(cholesky_last(singular)[1, 1, 0])
    assert np.isnan(regress_last(np.ones((3, 3, 1)), 2, (0, 1))).all()
