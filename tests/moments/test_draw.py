"""Which units a study is resampled by, and that random groups give the same standard errors."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from satmeter.errors import NumericsError
from satmeter.moments import make_resampling, mean_stack, moment_stack
from satmeter.moments.draw import random_groups
from satmeter.numerics.design import DesignUnits, design_units
from satmeter.numerics.intervals import percentile_interval, r2_interval, reliability_interval, replicate_se
from satmeter.numerics.linearisation import mean_with_se
from satmeter.numerics.replicate_weights import replicate_set


def small_study(study_by_hand, n=40, **options):
    ratings = np.random.default_rng(5).integers(1, 6, n).astype(float).tolist()
    return study_by_hand({"service": ("driver", {"se1": ratings})}, **options)


def test_units_are_respondents_or_clusters_within_strata(study_by_hand):
    plain = make_resampling(small_study(study_by_hand))
    assert (plain.n_units, plain.replicates, plain.df) == (40, 200, 39)
    np.testing.assert_array_equal(plain.units, np.arange(40))
    strata, cluster = [0] * 20 + [1] * 20, [0, 1, 2, 3] * 10
    design = make_resampling(small_study(study_by_hand, strata=strata, cluster=cluster))
    assert (design.n_units, design.df) == (8, 6)
    assert (design.draws[:, :4].sum(axis=1) == 3).all()
    np.testing.assert_allclose(design.multipliers().sum(axis=1), 8.0)


def test_the_seed_decides_and_the_weights_are_carried(study_by_hand):
    weights = np.linspace(1, 3, 40).tolist()
    one = make_resampling(small_study(study_by_hand, weights=weights))
    same = make_resampling(small_study(study_by_hand, weights=weights))
    other = make_resampling(small_study(study_by_hand, seed=2))
    np.testing.assert_array_equal(one.draws, same.draws)
    assert (one.draws != other.draws).any()
    np.testing.assert_allclose(one.weights, np.array(weights) / 2)


def test_a_lonely_cluster_is_a_coded_error(study_by_hand):
    with pytest.raises(NumericsError) as caught:
        make_resampling(small_study(study_by_hand, n=4, strata=[0, 0, 1, 1], cluster=[0, 1, 2, 2]))
    assert [problem.code for problem in caught.value.problems] == ["N003"]


def test_one_respondent_is_a_study_without_replicates(study_by_hand):
    study = small_study(study_by_hand, n=1)
    resampling = make_resampling(study)
    assert (resampling.replicates, resampling.n_units, resampling.df) == (0, 1, 0)
    score = study.construct_scores.to_numpy()
    means = mean_stack(resampling, score)
    np.testing.assert_allclose(means, score)
    assert np.isnan(percentile_interval(means[1:])).all()
    assert np.isnan(replicate_se(means[1:])).all()
    assert np.isnan(reliability_interval(0.5, np.empty(0), resampling.df)).all()
    assert np.isnan(r2_interval(0.5, np.empty(0), resampling.df)).all()
    moments = moment_stack(resampling, score)
    assert moments.n == 1
    assert np.isnan(moments.covariance).all()


def test_large_studies_are_resampled_by_random_groups(study_by_hand, monkeypatch):
    monkeypatch.setattr("satmeter.moments.draw.MAX_DRAWS", 100_000)
    monkeypatch.setattr("satmeter.moments.draw.N_GROUPS", 300)
    study = small_study(study_by_hand, n=3000, strata=[0, 1, 1] * 1000, replicates=800)
    resampling = make_resampling(study)
    assert resampling.n_units == 300
    size = np.bincount(resampling.units)
    assert set(size) == {10}
    strata = np.array(study.strata)
    for group in range(300):
        assert len(set(strata[resampling.units == group])) == 1
    score = study.construct_scores.to_numpy()
    means = mean_stack(resampling, score)
    linear = mean_with_se(score, study.weights, study.strata)
    assert means[0, 0] == pytest.approx(linear.estimate[0])
    # 300 groups and 800 replicates: relative error about sqrt(1/600 + 1/1600) = 4.8 %; three of them
    assert means[1:, 0].std(ddof=1) == pytest.approx(linear.std_error[0], rel=0.145)


def test_many_clusters_are_grouped_whole():
    cluster = np.repeat(np.arange(50), 3)
    design = design_units(150, None, cluster)
    key = np.random.default_rng(1).integers(0, 2**60, 50).astype(np.uint64)
    grouped = random_groups(design, key, 10)
    assert grouped.n_units == 10
    for c in range(50):
        assert len(set(grouped.unit[cluster == c])) == 1
    assert set(np.bincount(grouped.unit)) == {15}


def test_small_strata_keep_their_units_and_every_stratum_two_groups():
    stratum = np.r_[np.zeros(2), np.ones(1000)].astype(np.int64)
    design = DesignUnits(np.arange(1002), stratum)
    grouped = random_groups(design, np.arange(1002, dtype=np.uint64), 20)
    assert grouped.units_per_stratum.tolist() == [2, 20]


def test_weights_below_zero_are_drawn_towards_the_sample(study_by_hand):
    """Sums depart by `reach` of what they should, so that they can be put right; a bootstrap is left as it is."""
    rng = np.random.default_rng(2)
    study = small_study(study_by_hand)
    plain = make_resampling(study)
    assert plain.tempered()[1] == 1.0
    np.testing.assert_array_equal(plain.tempered()[0], plain.multipliers())
    given = replicate_set(np.ones(40), 1 + 0.7 * rng.choice([-1, 0, 1], (20, 40)), "other", scale=4 / 20)
    mixed = make_resampling(replace(study, replicates=given))
    assert mixed.multipliers().min() < -0.2
    drawn, reach = mixed.tempered()
    assert drawn.min() == 0.0
    assert 0.2 < reach < 0.9
    y = rng.normal(size=40)
    np.testing.assert_allclose((drawn @ y - y.sum()) / reach, mixed.multipliers() @ y - y.sum(), atol=1e-9)


def test_a_finite_population_needs_no_other_kind_of_draws(study_by_hand):
    study = replace(small_study(study_by_hand), fraction=np.full(40, 0.36))
    found, plain = make_resampling(study), make_resampling(replace(study, fraction=None))
    np.testing.assert_array_equal(found.draws, plain.draws)
    np.testing.assert_allclose(found.multipliers() - 1, 0.8 * (plain.multipliers() - 1), atol=1e-12)
    assert (found.exact, found.for_scores) == (None, found)
