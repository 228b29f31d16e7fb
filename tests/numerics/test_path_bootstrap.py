"""Replicates straight from rows: correlations, HTMT, bootstrap and jackknife against the long way round."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from satmeter.errors import NumericsError
from satmeter.numerics.bca import acceleration, bca_interval
from satmeter.numerics.path_bootstrap import bootstrap_paths, htmt_last, jackknife_paths
from satmeter.numerics.path_model import path_model
from satmeter.numerics.path_quality import path_htmt
from satmeter.numerics.path_replicates import (
    bootstrap_correlations,
    draw_units,
    jackknife_correlations,
    unit_sums,
    weighted_correlations,
)
from satmeter.numerics.path_solve import back_substitute, cholesky_last, inverse_diagonal_last, regress_last
from satmeter.numerics.path_weights import pls
from satmeter.numerics.resampling import rao_wu_multipliers

MODEL = path_model([(0, 3), (1, 2), (4, 5), (6,)], {1: (0,), 2: (0, 1), 3: (2,)})


def answers(seed=1, n=90):
    rng = np.random.default_rng(seed)
    common = rng.normal(size=(n, 1))
    own = rng.normal(size=(n, 4))[:, [0, 1, 1, 0, 2, 2, 3]]
    return np.clip(np.round(4 + common + own + 0.7 * rng.normal(size=(n, 7))), 1, 7)


def weighted_corr(rows, w):
    cov = np.cov(rows.T, aweights=w, bias=True)
    sd = np.sqrt(np.diagonal(cov))
    return cov / np.outer(sd, sd)


@pytest.mark.parametrize("clustered", [False, True])
def test_correlations_equal_those_of_weighted_rows(clustered):
    rows = answers()
    rng = np.random.default_rng(2)
    weights = rng.uniform(0.5, 2, 90)
    strata = np.repeat([0, 1, 2], 30)
    cluster = np.arange(90) // 3 if clustered else None
    units = unit_sums(rows, weights=weights, strata=strata, cluster=cluster)
    draws = draw_units(units, 12, np.random.default_rng(3))
    chunks = list(bootstrap_correlations(units, draws, chunk=5))
    assert [chunk.shape[-1] for chunk in chunks] == [5, 5, 3]
    found = np.moveaxis(np.concatenate(chunks, axis=-1), -1, 0)
    np.testing.assert_allclose(found[0], weighted_corr(rows, weights), rtol=1e-12, atol=1e-14)
    multipliers = rao_wu_multipliers(strata, cluster, 12, np.random.default_rng(3))
    unit = np.arange(90) if cluster is None else cluster
    for r in range(12):
        np.testing.assert_allclose(found[r + 1], weighted_corr(rows, weights * multipliers[r, unit]), atol=1e-12)


def test_delete_one_correlations_are_those_without_the_respondent():
    rows = answers(n=25)
    found = np.concatenate(list(jackknife_correlations(unit_sums(rows), chunk=10)), axis=-1)
    for i in range(25):
        np.testing.assert_allclose(found[..., i], np.corrcoef(np.delete(rows, i, axis=0).T), atol=1e-12)


def test_delete_one_leaves_out_clusters_and_groups():
    rows = answers(n=30)
    cluster = np.arange(30) // 5
    found = np.concatenate(list(jackknife_correlations(unit_sums(rows, cluster=cluster))), axis=-1)
    assert found.shape[-1] == 6
    np.testing.assert_allclose(found[..., 2], np.corrcoef(rows[cluster != 2].T), atol=1e-12)
    many = answers(n=2500)[:, :3]
    grouped = np.concatenate(list(jackknife_correlations(unit_sums(many))), axis=-1)
    assert grouped.shape[-1] == 2000
    kept = np.ones(2500, dtype=bool)
    kept[[7, 2007]] = False
    np.testing.assert_allclose(grouped[..., 7], np.corrcoef(many[kept].T), atol=1e-12)


def test_an_item_that_does_not_vary_in_a_sample_is_nan():
    rows = answers(n=20)
    rows[:, 2] = 1e6
    rows[0, 2] += 3
    factors = np.ones((2, 20))
    factors[1, 0] = 0
    found = next(weighted_correlations(unit_sums(rows), factors))
    assert np.isfinite(found[..., 0]).all()
    assert np.isnan(found[2, :, 1]).all()
    assert np.isnan(found[:, 2, 1]).all()
    assert np.isfinite(np.delete(np.delete(found[..., 1], 2, 0), 2, 1)).all()


def test_missing_answers_are_refused():
    rows = answers()
    rows[3, 1] = np.nan
    with pytest.raises(NumericsError) as error:
        unit_sums(rows)
    assert [p.code for p in error.value.problems] == ["N009"]


def test_bootstrap_is_the_algorithm_on_every_replicate():
    rows = answers()
    found = bootstrap_paths(rows, MODEL, replicates=30, rng=np.random.default_rng(5))
    units = unit_sums(rows)
    draws = draw_units(units, 30, np.random.default_rng(5))
    stack = np.moveaxis(np.concatenate(list(bootstrap_correlations(units, draws)), axis=-1), -1, 0)
    again = pls(stack, MODEL)
    for name in ("weights", "loadings", "paths", "r2", "cross_loadings"):
        np.testing.assert_allclose(getattr(found.fit, name), getattr(again, name), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(found.htmt, path_htmt(stack, MODEL), rtol=1e-10)
    assert np.isnan(found.htmt[:, 3]).all()
    np.testing.assert_allclose(found.effects.total[:, 3, 0], found.effects.indirect[:, 3, 0])
    same = bootstrap_paths(units, MODEL, replicates=10, rng=np.random.default_rng(5))
    np.testing.assert_allclose(same.fit.paths, found.fit.paths[:11], rtol=1e-9, atol=1e-12)


def test_rows_of_another_width_are_refused():
    with pytest.raises(NumericsError) as error:
        bootstrap_paths(answers()[:, :5], MODEL, replicates=3, rng=np.random.default_rng(1))
    assert [p.code for p in error.value.problems] == ["N010"]


def test_intervals_from_bootstrap_and_jackknife():
    rows = answers(n=200)
    found = bootstrap_paths(rows, MODEL, replicates=999, rng=np.random.default_rng(5))
    left_out = jackknife_paths(rows, MODEL, found.fit)
    total = found.effects.total
    low, high = bca_interval(total[0], total[1:], acceleration(left_out.effects.total))
    plain_low, plain_high = np.quantile(total[1:], [0.025, 0.975], axis=0)
    outcome, source = 2, 0
    assert low[outcome, source] < total[0, outcome, source] < high[outcome, source]
    assert low[outcome, source] == pytest.approx(plain_low[outcome, source], abs=0.05)
    assert high[outcome, source] == pytest.approx(plain_high[outcome, source], abs=0.05)
    # the jackknife's standard error is another way to the bootstrap's
    jack = left_out.fit.paths[:, outcome, source]
    spread = np.sqrt(199 / 200 * ((jack - jack.mean()) ** 2).sum())
    assert spread == pytest.approx(found.fit.paths[1:, outcome, source].std(), rel=0.15)


def test_htmt_of_absolute_correlations():
    corr = np.corrcoef(answers().T)
    signs = np.array([1, -1, 1, 1, 1, -1, 1.0])
    turned = corr * np.outer(signs, signs)
    np.testing.assert_allclose(htmt_last(turned[..., None], MODEL)[..., 0], path_htmt(corr, MODEL), rtol=1e-12)


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
