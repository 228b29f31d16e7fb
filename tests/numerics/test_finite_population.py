"""Finite population correction: linearised means against R survey, and Rao–Wu multipliers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from satmeter.errors import NumericsError
from satmeter.numerics.binary_regression import fit_logistic
from satmeter.numerics.cluster_covariance import robust_regression
from satmeter.numerics.design import SampledStrata, design_units
from satmeter.numerics.group_difference import mean_difference
from satmeter.numerics.linearisation import mean_with_se
from satmeter.numerics.replicate_weights import delete_one
from satmeter.numerics.resampling import rao_wu_draws, rao_wu_floor, rao_wu_scale


@pytest.fixture
def schools(reference):
    """The stratified sample of schools: answers and design of `svymean.json`, sizes and results of `design.json`."""
    return (
        reference("svymean")["values"]["apistrat"],
        reference("design")["values"]["apistrat"],
        reference("design")["rtol"],
    )


def fractions(stratum, size):
    """Return units over population for every row, without clusters."""
    count = np.bincount(stratum)
    return (count / size)[stratum]


def simple(share):
    """Return one stratum with sampling fractions."""
    return SampledStrata(np.zeros(len(share), dtype=np.int64), share)


def equals(found, expected, rtol):
    np.testing.assert_allclose(found.estimate, expected["estimate"], rtol=rtol)
    np.testing.assert_allclose(found.std_error, expected["std_error"], rtol=rtol)
    if "df" in expected:
        assert found.df == expected["df"]
    if "deff" in expected:
        np.testing.assert_allclose(found.deff, expected["deff"], rtol=rtol)


def test_stratified_means_equal_svymean(schools):
    answers, results, rtol = schools
    stratum = np.unique(results["stype"], return_inverse=True)[1]
    share = fractions(stratum, np.array([results["sizes"][name] for name in "EHM"]))
    y, awarded = np.array(answers["api00"], dtype=float), np.array(answers["awards"]) == 1
    found = mean_with_se(y, answers["pw"], SampledStrata(stratum, share))
    equals(found, results["mean"], rtol)
    equals(
        mean_with_se(np.where(awarded, y, np.nan), answers["pw"], SampledStrata(stratum, share)),
        results["awarded"],
        rtol,
    )
    enroll = np.array(results["enroll"], dtype=float)
    columns = np.stack([np.where(stratum == h, enroll, np.nan) for h in range(3)], axis=1)
    equals(mean_with_se(columns, answers["pw"], SampledStrata(stratum, share)), results["stypes"], rtol)
    columns = np.stack([np.where(awarded == group, y, np.nan) for group in (False, True)], axis=1)
    equals(mean_with_se(columns, answers["pw"], SampledStrata(stratum, share)), results["groups"], rtol)
    assert found.std_error < mean_with_se(y, answers["pw"], stratum).std_error


def test_a_domain_may_have_one_unit_in_a_stratum(schools):
    """The whole design stays behind it: no choice about strata of one unit is asked for."""
    answers, results, rtol = schools
    stratum = np.unique(results["stype"], return_inverse=True)[1]
    few = np.array(results["few"]) == 1
    assert (few & (stratum == 2)).sum() == 1
    share = fractions(stratum, np.array([results["sizes"][name] for name in "EHM"]))
    found = mean_with_se(np.where(few, answers["api00"], np.nan), answers["pw"], SampledStrata(stratum, share))
    equals(found, results["domain"], rtol)


def test_clusters_within_strata_equal_svymean(schools):
    answers, results, rtol = schools
    stratum = np.unique(results["stype"], return_inverse=True)[1]
    units = design_units(len(stratum), stratum, answers["cluster"])
    share = units.units_per_stratum[stratum] / np.array(results["clusters"])
    y, awarded = np.array(answers["api00"], dtype=float), np.array(answers["awards"]) == 1
    equals(
        mean_with_se(y, answers["pw"], SampledStrata(stratum, share), answers["cluster"]), results["clustered"], rtol
    )
    found = mean_with_se(np.where(awarded, y, np.nan), answers["pw"], SampledStrata(stratum, share), answers["cluster"])
    equals(found, results["clustered_awarded"], rtol)


def test_one_stage_of_clusters_and_a_simple_sample_equal_svymean(reference):
    document = reference("design")
    clus, results = reference("svymean")["values"]["apiclus1"], document["values"]["apiclus1"]
    share = np.full(len(clus["api00"]), 15 / results["districts"])
    y, awarded = np.array(clus["api00"], dtype=float), np.array(clus["awards"]) == 1
    equals(mean_with_se(y, None, simple(share), clus["cluster"]), results["mean"], document["rtol"])
    found = mean_with_se(np.where(awarded, y, np.nan), None, simple(share), clus["cluster"])
    equals(found, results["awarded"], document["rtol"])
    srs = document["values"]["apisrs"]
    found = mean_with_se(srs["api00"], None, simple(np.full(200, 200 / srs["fpc"])))
    equals(found, srs["mean"], document["rtol"])  # its design effect is 1: drawn without replacement, too


def test_a_unit_that_is_all_there_is_adds_nothing(reference):
    document = reference("design")
    lone = document["values"]["certain"]
    stratum = np.array(lone["stratum"]) - 1
    alone = np.bincount(stratum)[stratum] == 1
    assert alone.sum() == 1
    equals(mean_with_se(lone["api00"], lone["pw"], SampledStrata(stratum, alone * 1.0)), lone["mean"], document["rtol"])
    with pytest.raises(NumericsError, match="N003"):
        mean_with_se(lone["api00"], lone["pw"], SampledStrata(stratum, np.full(len(stratum), 0.5)))


@given(st.integers(0, 2**32), st.lists(st.floats(0.05, 1.0), min_size=1, max_size=4))
def test_multipliers_of_a_finite_population_give_its_variance(seed, share):
    """Never below 0, mean 1 over the units of a stratum; on average the variance of a total with 1 − f."""
    rng = np.random.default_rng(seed)
    stratum = np.repeat(np.arange(len(share)), rng.integers(2, 6, len(share)))
    drawn = rao_wu_draws(stratum, 1000, rng, fraction=share)
    factor = rao_wu_floor(stratum, share) + drawn * rao_wu_scale(stratum, share)
    assert factor.min() >= 0
    count = np.bincount(stratum)
    np.testing.assert_allclose([np.bincount(stratum, weights=row) for row in factor], np.tile(count, (1000, 1)))
    y = rng.normal(size=len(stratum))
    units = design_units(len(y), SampledStrata(stratum, np.array(share)[stratum]), None)
    deviation, scale = units.centred(y[:, None])
    expected = float(scale @ deviation[:, 0] ** 2)
    assert (factor @ y).var() == pytest.approx(expected, rel=0.35, abs=1e-12)


def test_without_fractions_nothing_changes():
    stratum = [0, 0, 0, 1, 1]
    one = rao_wu_draws(stratum, 70, np.random.default_rng(3))
    np.testing.assert_array_equal(one, rao_wu_draws(stratum, 70, np.random.default_rng(3), fraction=[0.2, 0.7]))
    np.testing.assert_array_equal(rao_wu_scale(stratum), rao_wu_scale(stratum, [0.0, 0.0]))


@pytest.mark.parametrize("clustered", [False, True])
def test_regressions_and_differences_have_the_correction(schools, clustered):
    answers, results, _ = schools
    stratum = np.unique(results["stype"], return_inverse=True)[1]
    cluster = answers["cluster"] if clustered else None
    units = design_units(len(stratum), stratum, cluster)
    sizes = np.array([results["sizes"][name] for name in "EHM"])[stratum]
    share = units.units_per_stratum[stratum] / (np.array(results["clusters"]) if clustered else sizes)
    layers = SampledStrata(stratum, share)
    expected = results["clustered_regression" if clustered else "regression"]
    x = np.stack([results["ell"], results["meals"]], axis=1).astype(np.float64)
    y, awarded = np.array(answers["api00"], dtype=float), np.array(answers["awards"]) == 1
    fit = robust_regression(x, y, answers["pw"], layers, cluster)
    np.testing.assert_allclose(fit.b, expected["linear"], rtol=1e-9)
    np.testing.assert_allclose(np.sqrt(np.diagonal(fit.covariance)), expected["linear_se"], rtol=1e-9)
    logistic = fit_logistic(x, awarded, weights=answers["pw"], strata=layers, cluster=cluster)
    np.testing.assert_allclose([logistic.intercept, *logistic.coefficients], expected["logistic"], rtol=1e-6)
    np.testing.assert_allclose(np.sqrt(np.diagonal(logistic.sandwich)), expected["logistic_se"], rtol=1e-6)
    found = mean_difference(y, awarded, ~awarded, answers["pw"], layers, cluster)
    assert found.statistic == pytest.approx(expected["t"], rel=1e-9)
    assert found.df == expected["t_df"]


def test_a_unit_alone_may_be_held_against_the_mean_of_all(reference):
    """R survey's options(survey.lonely.psu = "adjust")."""
    document = reference("design")
    lone = document["values"]["certain"]
    expected, rtol = lone["centred"], document["rtol"]
    stratum = np.array(lone["stratum"]) - 1
    none = SampledStrata(stratum, np.zeros(len(stratum)), centre=True)
    y, awarded = np.array(lone["api00"], dtype=float), np.array(lone["awards"]) == 1
    equals(mean_with_se(y, lone["pw"], none), expected["mean"], rtol)
    equals(mean_with_se(np.where(awarded, y, np.nan), lone["pw"], none), expected["awarded"], rtol)
    finite = SampledStrata(stratum, np.bincount(stratum)[stratum] / np.array(lone["fpc"]), centre=True)
    equals(mean_with_se(y, lone["pw"], finite), expected["finite"], rtol)
    x = np.stack([lone["ell"], lone["meals"]], axis=1).astype(np.float64)
    fit = robust_regression(x, y, lone["pw"], none)
    np.testing.assert_allclose(np.sqrt(np.diagonal(fit.covariance)), expected["linear_se"], rtol=rtol)
    with pytest.raises(NumericsError, match="N003"):
        design_units(1, SampledStrata(np.zeros(1, dtype=np.int64), np.zeros(1), centre=True), None)


def test_replicates_of_a_unit_alone_spread_as_its_departure():
    stratum, share = np.array([0, 0, 0, 1, 2, 2]), np.array([0.0, 0.36, 0.0])
    drawn = rao_wu_draws(stratum, 20_000, np.random.default_rng(7), fraction=share, centre=True)
    factor = rao_wu_floor(stratum, share) + drawn * rao_wu_scale(stratum, share)
    assert set(np.unique(factor[:, 3]).round(12)) == {0.2, 1.8}
    np.testing.assert_array_equal(
        drawn[:90], rao_wu_draws(stratum, 90, np.random.default_rng(7), fraction=share, centre=True)
    )
    y = np.random.default_rng(1).normal(size=6)
    deviation, scale = design_units(6, SampledStrata(stratum, share[stratum], centre=True), None).centred(y[:, None])
    expected = float(scale @ deviation[:, 0] ** 2)
    assert (factor @ y).var() == pytest.approx(expected, rel=0.05)
    left, coefficient = delete_one(stratum, share, centre=True)
    assert float(coefficient @ (left @ y - y.sum()) ** 2) == pytest.approx(expected, rel=1e-12)
    others = np.delete(np.arange(6), 3)
    plain = rao_wu_draws(stratum, 90, np.random.default_rng(7), fraction=[0, 1, 0])
    np.testing.assert_array_equal(drawn[:90, others], plain[:, others])
