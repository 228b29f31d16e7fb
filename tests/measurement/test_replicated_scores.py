"""Scores from replicate weights and of finite populations against R survey; jackknives that we make."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from satmeter.drivers import fit_drivers
from satmeter.measurement import measure
from satmeter.measurement.degrees import design_df, is_simple
from satmeter.measurement.estimates import estimate
from satmeter.measurement.quantity import Quantity
from satmeter.moments import make_resampling, mean_stack
from satmeter.moments.calibrated import calibrated_again
from satmeter.numerics.calibration_cells import CalibrationFrame, indicator_columns, margin_cells
from satmeter.numerics.linearisation import mean_with_se
from satmeter.numerics.replicate_weights import replicate_set
from satmeter.study.plan import Comparisons, Ranks

KINDS = {"jk1": "jk1", "jkn": "jkn", "jkn_fpc": "jkn", "bootstrap": "bootstrap", "brr": "brr", "fay": "fay"}
WHOLE = Quantity((0,), "mean", -1e9, 1e9)
SHARE = Quantity((0,), "share", 0.0, 1.0)


REFERENCE = Path(__file__).parents[1] / "reference" / "design.json"


@pytest.fixture(scope="module")
def reference():
    """What R survey gives."""
    return json.loads(REFERENCE.read_text("utf-8"))


@pytest.fixture
def replicated(study_by_hand, reference):
    """Make a study of one column with the replicate weights of a reference."""

    def replicated(name):
        values = reference["values"][name]
        weights = np.array(values["weights"], dtype=float)
        n = len(weights)
        table = weights * np.array(values["factor"])[:, np.array(values["unit"]) - 1]
        found = replicate_set(
            weights,
            table,
            KINDS[name],
            rscales=values["rscales"] if name == "jkn_fpc" else None,
            rho=0.3 if name == "fay" else None,
        )
        study = study_by_hand({"a": ("satisfaction", {"a1": [3.0] * n})}, weights=(weights / weights.mean()).tolist())
        units = found.unit if found.factor.shape[1] < n else None
        return replace(study, replicates=found, cluster=units), values

    return replicated


@pytest.mark.parametrize("name", KINDS)
def test_means_domains_and_contrasts_equal_survey(replicated, reference, name):
    rtol = reference["rtol"]
    study, values = replicated(name)
    resampling = make_resampling(study)
    y, group = np.array(values["y"], dtype=float)[:, None], np.array(values["group"])
    found = estimate(study, resampling, y, [WHOLE])
    for key in ("estimate", "std_error", "df", "deff"):
        np.testing.assert_allclose(getattr(found, key)[0], values["mean"][key], rtol=rtol, err_msg=key)
    for number, expected in zip((1, 2), zip(*values["groups"].values(), strict=True), strict=True):
        one = estimate(study, resampling, y, [WHOLE], rows=group == number)
        np.testing.assert_allclose([one.estimate[0], one.std_error[0]], expected[1:], rtol=rtol)
    exact = resampling.for_scores
    stacks = [mean_stack(exact, y, rows=group == number) for number in (1, 2)]
    np.testing.assert_allclose(exact.std_error(stacks[0] - stacks[1])[0], values["contrast"]["std_error"], rtol=rtol)
    joint = exact.covariance(np.concatenate(stacks, axis=1))
    np.testing.assert_allclose(np.array([1, -1]) @ joint @ [1, -1], values["contrast"]["std_error"] ** 2, rtol=rtol)
    domain = group == (2 if "jk" in name or name == "bootstrap" else 1)
    assert design_df(study, domain) == values["df_domain"]


def test_replicates_are_calibrated_like_the_sample(replicated, reference):
    study, values = replicated("jk1")
    stype = np.array(values["stype"]) - 1
    n = len(stype)
    cells = margin_cells([stype], [3])
    low, high = np.full(3, -np.inf), np.full(3, np.inf)
    totals = np.array(values["shares"]) / np.sum(values["shares"]) * n
    base = study.weights
    frame = CalibrationFrame(cells, indicator_columns(cells.codes, [3]), totals, base, "raking", low, high)
    weights = base * frame.sample().factors[cells.cell]
    study = replace(study, weights=weights / weights.mean())
    resampling = calibrated_again(make_resampling(study), frame)
    found = estimate(study, resampling, np.array(values["y"], dtype=float)[:, None], [WHOLE])
    np.testing.assert_allclose(found.estimate[0], values["raked"]["estimate"], rtol=1e-9)
    np.testing.assert_allclose(found.std_error[0], values["raked"]["std_error"], rtol=1e-9)


@pytest.mark.parametrize("name", KINDS)
def test_the_bootstrap_beside_has_the_same_standard_errors(replicated, name):
    """Combinations of replicates spread as the exact formula says; those of fifteen clusters as linearisation says, for
    the jackknife of a ratio is larger.
    """
    study, values = replicated(name)
    study = replace(study, plan=replace(study.plan, uncertainty=replace(study.plan.uncertainty, replicates=4000)))
    resampling = make_resampling(study)
    assert resampling.replicates == (4000 if "jk" in name else len(values["factor"]))
    stack = mean_stack(resampling, np.array(values["y"], dtype=float)[:, None])
    expected = values["mean"]["std_error"]
    if name == "jk1":
        expected = float(mean_with_se(values["y"], study.weights, None, values["unit"]).std_error)
    assert resampling.std_error(stack)[0] == pytest.approx(expected, rel=0.06)
    assert resampling.first(10).replicates == 10


def with_method(study, method, groups=80):
    return replace(
        study, plan=replace(study.plan, uncertainty=replace(study.plan.uncertainty, method=method, groups=groups))
    )


def test_the_jackknife_that_we_make_equals_survey(study_by_hand, reference):
    values = reference["values"]["jkn_fpc"]
    stratum = np.array(values["stype"]) - 1
    weights = np.array(values["weights"])
    share = np.bincount(stratum) / np.array([4421, 755, 1018])
    study = study_by_hand(
        {"a": ("satisfaction", {"a1": [3.0] * len(stratum)})},
        weights=(weights / weights.mean()).tolist(),
        strata=stratum.tolist(),
    )
    study = replace(with_method(study, "jackknife"), fraction=share[stratum])
    found = estimate(study, make_resampling(study), np.array(values["y"])[:, None], [WHOLE])
    np.testing.assert_allclose(found.std_error[0], values["mean"]["std_error"], rtol=1e-9)
    assert found.df[0] == values["mean"]["df"]


def test_groups_are_left_out_one_by_one(study_by_hand):
    rng = np.random.default_rng(4)
    y = rng.normal(size=(600, 1))
    study = with_method(study_by_hand({"a": ("satisfaction", {"a1": [3.0] * 600})}), "groups", groups=60)
    resampling = make_resampling(study)
    exact = resampling.for_scores
    assert (exact.replicates, exact.n_units, resampling.n_units) == (60, 60, 60)
    assert np.bincount(exact.units).tolist() == [10] * 60
    means = np.array([np.delete(y, np.flatnonzero(exact.units == g)).mean() for g in range(60)])
    expected = np.sqrt(59 / 60 * ((means - y.mean()) ** 2).sum())
    np.testing.assert_allclose(exact.std_error(mean_stack(exact, y))[0], expected, rtol=1e-9)
    found = estimate(study, resampling, y, [WHOLE])
    assert (found.df[0], design_df(study, np.ones(600, dtype=bool))) == (59, 59)
    assert exact.std_error(mean_stack(exact, y))[0] == pytest.approx(y.std(ddof=1) / np.sqrt(600), rel=0.2)


def test_everybody_was_asked(study_by_hand):
    """Of a census nothing is left to chance; half of a population leaves the root of a half."""
    y = np.repeat([0.0, 1.0], [60, 140])[:, None]
    study = study_by_hand({"a": ("satisfaction", {"a1": [3.0] * 200})}, replicates=2000)
    assert is_simple(study)
    one = estimate(study, make_resampling(study), y, [SHARE])
    census = replace(study, fraction=np.ones(200))
    assert not is_simple(census)
    found = estimate(census, make_resampling(census), y, [SHARE])
    assert (found.std_error[0], found.conf_low[0], found.conf_high[0]) == (0.0, 0.7, 0.7)
    half = replace(study, fraction=np.full(200, 0.5))
    found = estimate(half, make_resampling(half), y, [SHARE])
    assert found.std_error[0] == pytest.approx(one.std_error[0] * np.sqrt(0.5), rel=0.06)
    assert found.conf_high[0] - found.conf_low[0] == pytest.approx(
        (one.conf_high[0] - one.conf_low[0]) * np.sqrt(0.5), rel=0.09
    )
    assert found.deff[0] == pytest.approx(1.0, rel=1e-9)


def test_clusters_that_agree_by_chance_are_no_census(study_by_hand):
    """Ten clusters of half a population with the same share: the error is 0, the share is not known for sure."""
    y = np.tile([0.0, 1.0, 1.0, 1.0], 10)[:, None]
    study = study_by_hand({"a": ("satisfaction", {"a1": [3.0] * 40})}, cluster=np.repeat(range(10), 4).tolist())
    for fraction, point in ((0.5, False), (1.0, True)):
        asked = replace(study, fraction=np.full(40, fraction))
        found = estimate(asked, make_resampling(asked), y, [SHARE])
        assert bool(found.conf_low[0] == found.conf_high[0] == 0.75) is point
        assert found.conf_low[0] <= 0.75 <= found.conf_high[0]


def test_frames_of_names_do_not_change_groups(study_by_hand):
    """Groups are dealt by the respondents' names, so that the order of rows says nothing."""
    study = with_method(study_by_hand({"a": ("satisfaction", {"a1": [3.0] * 40})}), "groups", groups=10)
    order = np.random.default_rng(1).permutation(40)
    turned = replace(study, frame=study.frame.iloc[order])
    one, other = make_resampling(study).units, make_resampling(turned).units
    pd.testing.assert_series_equal(
        pd.Series(one, study.frame.index).sort_index(), pd.Series(other, turned.frame.index).sort_index()
    )


@pytest.mark.parametrize("method", ["bootstrap", "jackknife", "groups"])
def test_a_stratum_of_one_unit_that_is_all_there_is_goes_through(study_by_hand, method):
    """Scores, comparisons, ranks, targets and drivers of a design with a cluster that was sure to be in."""
    rng = np.random.default_rng(8)
    n = 240
    cluster = np.repeat(np.arange(30), 8)
    level = rng.normal(0, 0.6, 30)[cluster] + rng.normal(size=n)
    ratings = {
        i: np.clip(np.rint(3 + level + rng.normal(0, 0.7, n)), 1, 5).tolist() for i in ("a1", "a2", "a3", "b1", "b2")
    }
    study = study_by_hand(
        {
            "a": ("satisfaction", {i: ratings[i] for i in ("a1", "a2", "a3")}),
            "b": ("driver", {i: ratings[i] for i in ("b1", "b2")}),
        },
        questions={"region": ("choice", list(rng.choice(["n", "s", "w"], n)))},
        model={"a": ("b",)},
        groups=("region",),
        strata=np.where(cluster == 29, 2, cluster // 15).tolist(),
        cluster=cluster.tolist(),
    )
    fraction = np.where(cluster == 29, 1.0, 0.4)
    plan = replace(
        with_method(study, method, groups=12).plan,
        comparisons=Comparisons(against=("rest",), targets={"a": 50.0}),
        ranks=Ranks(units=("region",), measures=("a",)),
    )
    study = replace(study, plan=plan, fraction=fraction)
    resampling = make_resampling(study)
    assert set(resampling.multipliers()[:, resampling.units[cluster == 29]].ravel().tolist()) == {1.0}
    found = measure(study, resampling)
    plain = {(r.measure, r.statistic, r.group): r for r in found.scores}
    assert plain["a", "mean_score", ""].df == {"groups": 9}.get(method, 27)
    assert len(found.comparisons) > 3
    assert len(found.ranks) == 3
    whole = replace(study, fraction=np.where(cluster == 29, 1.0, 1e-9))
    other = {(r.measure, r.statistic, r.group): r for r in measure(whole, make_resampling(whole)).scores}
    ratio = plain["a", "mean_score", ""].std_error / other["a", "mean_score", ""].std_error
    assert ratio == pytest.approx(np.sqrt(0.6), rel=1e-6)
    (slope,) = [row for row in fit_drivers(study, resampling).regression if row.term == "b"]
    (larger,) = [row for row in fit_drivers(whole, make_resampling(whole)).regression if row.term == "b"]
    assert slope.std_error / larger.std_error == pytest.approx(np.sqrt(0.6), rel=0.05)
