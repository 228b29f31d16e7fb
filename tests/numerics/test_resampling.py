"""The Rao–Wu bootstrap: its moments are those that theory gives, and its draws depend on the seed only."""

from __future__ import annotations

import numpy as np
import pytest

from satmeter.errors import NumericsError
from satmeter.numerics.linearisation import mean_with_se
from satmeter.numerics.resampling import rao_wu_draws, rao_wu_multipliers, rao_wu_scale


def test_every_stratum_draws_one_less_than_it_has():
    stratum = np.array([0, 1, 0, 1, 1, 2, 2])
    draws = rao_wu_draws(stratum, 50, np.random.default_rng(1))
    for layer, size in enumerate([2, 3, 2]):
        assert (draws[:, stratum == layer].sum(axis=1) == size - 1).all()
    np.testing.assert_allclose(rao_wu_scale(stratum), [2, 1.5, 2, 1.5, 1.5, 2, 2])


def test_multipliers_have_the_mean_and_covariance_of_rao_and_wu():
    n, replicates = 6, 40_000
    multipliers = rao_wu_multipliers(None, None, replicates, np.random.default_rng(2), n=n)
    # n − 1 multinomial draws, scaled: mean 1, variance 1, covariance −1/(n − 1)
    error = 5 / np.sqrt(replicates)
    np.testing.assert_allclose(multipliers.mean(axis=0), 1.0, atol=error)
    expected = np.full((n, n), -1 / (n - 1))
    np.fill_diagonal(expected, 1.0)
    np.testing.assert_allclose(np.cov(multipliers.T), expected, atol=3 * error)


@pytest.mark.parametrize("clustered", [False, True])
def test_bootstrap_variance_of_a_mean_is_the_linearised_one(reference, clustered):
    values = reference("svymean")["values"]["apistrat"]
    strata, weights = np.array(values["stratum"]), np.array(values["pw"])
    y = np.array(values["api00"], dtype=float)
    cluster = np.array(values["cluster"]) if clustered else None
    multipliers = rao_wu_multipliers(strata, cluster, 6000, np.random.default_rng(3), n=len(y))
    pairs = strata * 100_000 + (np.arange(len(y)) if cluster is None else cluster)
    unit = np.unique(pairs, return_inverse=True)[1] if clustered else np.arange(len(y))
    w = multipliers[:, unit] * weights
    replicates = w @ y / w.sum(axis=1)
    expected = values["clustered_mean" if clustered else "mean"]["std_error"]
    # relative error of a standard deviation from 6000 replicates: 0.9 %; four of them
    assert replicates.std(ddof=1) == pytest.approx(expected, rel=0.037)
    linear = mean_with_se(y, weights, strata, cluster)
    assert float(linear.std_error) == pytest.approx(expected, rel=1e-10)


def test_a_replicate_depends_on_the_seed_and_its_number_only():
    stratum = np.zeros(30, dtype=int)
    few = rao_wu_draws(stratum, 70, np.random.default_rng(7))
    many = rao_wu_draws(stratum, 200, np.random.default_rng(7))
    np.testing.assert_array_equal(few, many[:70])
    assert (rao_wu_draws(stratum, 70, np.random.default_rng(8)) != few).any()
    assert (many[:64] != many[64:128]).any()


def test_draws_are_the_same_on_every_machine():
    draws = rao_wu_draws(np.zeros(5, dtype=int), 3, np.random.default_rng(20261121))
    assert draws.tolist() == [[2, 1, 0, 1, 0], [3, 0, 1, 0, 0], [0, 0, 1, 1, 2]]


@pytest.mark.parametrize(("strata", "n"), [(None, 1), (None, 0), ([0, 0, 1], None)])
def test_a_lonely_unit_is_an_error(strata, n):
    with pytest.raises(NumericsError) as caught:
        rao_wu_multipliers(strata, None, 10, np.random.default_rng(1), n=n)
    assert caught.value.problems[0].code == "N003"
    with pytest.raises(NumericsError) as caught:
        rao_wu_draws([0, 1, 1], 10, np.random.default_rng(1))
    assert caught.value.problems[0].params["strata"] == "0"


def test_no_replicates_is_an_error():
    with pytest.raises(NumericsError) as caught:
        rao_wu_draws([0, 0], 0, np.random.default_rng(1))
    assert caught.value.problems[0].code == "N010"
