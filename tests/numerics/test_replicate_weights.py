"""Sets of replicate weights: their coefficients and degrees of freedom against R survey, and combinations of them."""

from __future__ import annotations

import numpy as np
import pytest

from satmeter.errors import NumericsError
from satmeter.numerics.replicate_weights import (
    balanced_factors,
    delete_one,
    mixing,
    replicate_set,
    replicate_variance,
)

KINDS = {"jk1": "jk1", "jkn": "jkn", "jkn_fpc": "jkn", "bootstrap": "bootstrap", "brr": "brr", "fay": "fay"}


def columns(values):
    """Return weights and replicate weights as they would stand in a file."""
    weights = np.array(values["weights"], dtype=float)
    return weights, weights * np.array(values["factor"])[:, np.array(values["unit"]) - 1]


def read(values, kind, **options):
    weights, replicates = columns(values)
    if kind == "fay":
        options["rho"] = 0.3
    return replicate_set(weights, replicates, kind, **options)


@pytest.mark.parametrize("name", KINDS)
def test_scales_and_degrees_of_freedom_are_those_of_survey(reference, name):
    values = reference("design")["values"][name]
    given = {"rscales": values["rscales"]} if name == "jkn_fpc" else {}
    found = read(values, KINDS[name], **given)
    np.testing.assert_allclose(found.coefficient, values["scale"] * np.array(values["rscales"]), rtol=1e-12)
    assert found.df == values["mean"]["df"]
    assert found.balanced is (name in ("bootstrap", "brr", "fay"))


@pytest.mark.parametrize("name", KINDS)
def test_units_are_the_rows_whose_weights_change_alike(reference, name):
    values = reference("design")["values"][name]
    found = read(values, KINDS[name], rscales=values["rscales"] if name == "jkn_fpc" else None)
    unit = np.array(values["unit"])
    assert found.factor.shape[1] == unit.max()
    same = found.unit[:, None] == found.unit
    np.testing.assert_array_equal(same, unit[:, None] == unit)


def test_strata_of_a_jackknife_are_read_off_the_weights(reference):
    values = reference("design")["values"]
    assert np.bincount(read(values["jkn"], "jkn").group).tolist() == [10, 10, 10]
    assert np.bincount(read(values["jk1"], "jk1").group).tolist() == [15]


def test_scales_that_cannot_be_known():
    weights = np.ones(4)
    moved = np.abs(np.random.default_rng(1).normal(1, 0.2, (3, 4)))  # as calibration does: weights change everywhere
    with pytest.raises(NumericsError, match="N102"):
        replicate_set(weights, moved, "jkn")
    with pytest.raises(NumericsError, match="N102"):
        replicate_set(weights, moved, "other", rscales=[0.5, 0.5])
    assert replicate_set(weights, moved, "other", scale=0.25).coefficient.tolist() == [0.25] * 3
    np.testing.assert_allclose(replicate_set(weights, moved, "jkn", rscales=[1, 2, 3], scale=2).coefficient, [2, 4, 6])


def test_delete_one_is_the_jackknife_of_survey(reference):
    values = reference("design")["values"]["jkn_fpc"]
    stratum = np.array(values["stype"]) - 1
    sizes = np.array([4421, 755, 1018])
    factor, coefficient = delete_one(stratum, np.bincount(stratum) / sizes)
    np.testing.assert_allclose(factor, values["factor"], rtol=1e-12)
    np.testing.assert_allclose(coefficient, values["scale"] * np.array(values["rscales"]), rtol=1e-9)
    factor, coefficient = delete_one([0, 0, 1], [0.0, 1.0])
    assert (factor.tolist(), coefficient.tolist()) == ([[0, 2, 1], [2, 0, 1]], [0.5, 0.5])


@pytest.mark.parametrize("name", ["jk1", "jkn", "jkn_fpc"])
def test_combinations_of_a_jackknife_are_a_bootstrap(reference, name):
    """No weight is negative, sums of strata stay, and the variance of totals is the jackknife's."""
    values = reference("design")["values"][name]
    found = read(values, KINDS[name], rscales=values["rscales"])
    drawn = mixing(found, 20_000, np.random.default_rng(5))
    factor = 1 + drawn @ (found.factor - 1)
    assert factor.min() > -1e-12
    np.testing.assert_allclose(factor.sum(axis=1), factor.shape[1], rtol=1e-9)
    weights, _ = columns(values)
    totals = np.bincount(found.unit, weights=weights * np.array(values["y"]))
    exact = replicate_variance(totals.sum(), found.factor @ totals, found.coefficient)
    assert (factor @ totals).var() == pytest.approx(exact, rel=0.04)
    np.testing.assert_array_equal(drawn[:70], mixing(found, 70, np.random.default_rng(5)))


def test_one_replicate_a_stratum_is_turned_to_both_sides():
    """Paired jackknife: one of the two units of every stratum is left out once."""
    replicates = np.array([[0, 2, 1, 1], [1, 1, 2, 0]], dtype=float)
    found = replicate_set(np.ones(4), replicates, "jkn")
    assert (found.coefficient.tolist(), sorted(found.group), found.df) == ([1, 1], [0, 1], 1)
    factor = 1 + mixing(found, 500, np.random.default_rng(2)) @ (found.factor - 1)
    assert set(np.unique(factor.round(12))) == {0, 2}
    assert set(map(tuple, factor.round(12)[:, [0, 2]].tolist())) == {(0, 0), (0, 2), (2, 0), (2, 2)}


@pytest.mark.parametrize("name", ["brr", "fay", "bootstrap"])
def test_balanced_replicates_spread_as_the_standard_error(reference, name):
    values = reference("design")["values"][name]
    found = read(values, KINDS[name])
    weights, _ = columns(values)
    totals = np.bincount(found.unit, weights=weights * np.array(values["y"]))
    exact = replicate_variance(totals.sum(), found.factor @ totals, found.coefficient)
    apart = balanced_factors(found)
    spread = ((apart @ totals - totals.sum()) ** 2).sum() / (len(apart) - 1)
    np.testing.assert_allclose(spread, exact, rtol=1e-9)
    assert apart.min() > -1e-12


def test_a_replicate_without_the_statistic_is_left_to_the_others():
    c = np.full(4, 0.75)
    whole = replicate_variance(0.0, [1.0, -1.0, 1.0, -1.0], c)
    assert replicate_variance(0.0, [1.0, -1.0, 1.0, np.nan], c) == pytest.approx(whole)
    assert np.isnan(replicate_variance(0.0, [1.0, np.nan, np.nan, np.nan], c))
