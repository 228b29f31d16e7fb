"""Means and shares against the design-based reference and closed formulas."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from satmeter.measurement.estimates import estimate
from satmeter.measurement.quantity import Quantity
from satmeter.moments import make_resampling

REFERENCE = json.loads((Path(__file__).parents[1] / "reference" / "svymean.json").read_text("utf-8"))["values"]
MEAN = Quantity((0,), "mean", 0.0, 1000.0)
SHARE = Quantity((0,), "share", 0.0, 1.0)


def one_column(study_by_hand, values, **options):
    study = study_by_hand({"c": ("driver", {"a": list(values)})}, **options)
    return study, make_resampling(study), np.asarray(values, float)[:, None]


def test_share_has_the_wilson_interval_of_the_airport_survey(study_by_hand):
    found = estimate(*one_column(study_by_hand, [1.0] * 2206 + [0.0] * 482), [SHARE])
    assert found.estimate[0] == pytest.approx(2206 / 2688)
    assert (found.conf_low[0], found.conf_high[0]) == (
        pytest.approx(0.80573, abs=5e-6),
        pytest.approx(0.83473, abs=5e-6),
    )
    assert (found.n[0], found.n_eff[0], found.deff[0]) == (2688, 2688, 1)


def test_mean_of_a_simple_sample(study_by_hand):
    values = np.random.default_rng(3).integers(1, 6, 300)
    found = estimate(*one_column(study_by_hand, values, replicates=4000), [MEAN])
    assert found.estimate[0] == pytest.approx(values.mean())
    assert found.std_error[0] == pytest.approx(values.std(ddof=1) / 300**0.5, rel=0.04)
    assert found.df[0] == 299
    reach = 1.96793 * found.std_error[0]  # t quantile with 299 degrees of freedom
    assert found.conf_high[0] - found.estimate[0] == pytest.approx(reach, rel=1e-5)


@pytest.mark.parametrize(("design", "name", "group"), [
    ("apistrat", "mean", False),
    ("apistrat", "mean_awards", True),
    ("apistrat", "clustered_mean", False),
    ("apiclus1", "mean", False),
    ("apiclus1", "mean_awards", True),
])  # fmt: skip
def test_complex_designs_agree_with_r_survey(study_by_hand, design, name, group):
    data = REFERENCE[design]
    clustered = "cluster" in name or design == "apiclus1"
    study, resampling, values = one_column(
        study_by_hand,
        data["api00"],
        weights=data["pw"],
        strata=data.get("stratum"),
        cluster=data["cluster"] if clustered else None,
        replicates=4000,
    )
    rows = np.asarray(data["awards"]) == 1 if group else None
    found = estimate(study, resampling, values, [MEAN], rows=rows)
    assert found.estimate[0] == pytest.approx(data[name]["estimate"], rel=1e-10)
    assert found.std_error[0] == pytest.approx(data[name]["std_error"], rel=0.08)
    assert found.df[0] == data[name]["df"]
    assert found.n[0] == (sum(data["awards"]) if group else len(data["api00"]))


def test_design_effect_and_effective_size(study_by_hand):
    data = REFERENCE["apiclus1"]
    values = np.asarray(data["api00"], float)
    found = estimate(*one_column(study_by_hand, values, cluster=data["cluster"]), [MEAN])
    variance = values.var(ddof=1) / len(values)
    assert found.deff[0] == pytest.approx(23.7790107208869**2 / variance, rel=1e-9)
    assert found.n_eff[0] == pytest.approx(len(values))  # Kish: the weights are equal


def test_share_under_clusters_is_wider_than_wilson_of_n(study_by_hand):
    data = REFERENCE["apiclus1"]
    share = (np.asarray(data["api00"]) > 650).astype(float)
    clustered = estimate(*one_column(study_by_hand, share, cluster=data["cluster"], replicates=2000), [SHARE])
    simple = estimate(*one_column(study_by_hand, share), [SHARE])
    assert clustered.estimate[0] == simple.estimate[0]
    assert clustered.conf_high[0] - clustered.conf_low[0] > 2 * (simple.conf_high[0] - simple.conf_low[0])


def test_balance_has_the_multinomial_variance(study_by_hand):
    balance = np.repeat([100.0, 0.0, -100.0], [90, 60, 50])
    found = estimate(*one_column(study_by_hand, balance, replicates=4000), [Quantity((0,), "mean", -100.0, 100.0)])
    promoters, detractors = 90 / 200, 50 / 200
    variance = (promoters + detractors - (promoters - detractors) ** 2) / 199
    assert found.estimate[0] == pytest.approx(20.0)
    assert found.std_error[0] == pytest.approx(100 * variance**0.5, rel=0.04)


def test_mean_of_means_counts_every_column_alike(study_by_hand):
    a, b = [1.0, 2.0, 3.0, 4.0], [5.0, np.nan, np.nan, 1.0]
    study = study_by_hand({"c": ("driver", {"a": a, "b": b})})
    found = estimate(study, make_resampling(study), np.array([a, b]).T, [Quantity((0, 1), "mean", 1.0, 5.0)])
    assert found.estimate[0] == pytest.approx((2.5 + 3.0) / 2)
    assert found.n[0] == 4


def test_single_respondent_and_equal_answers_have_no_standard_error(study_by_hand):
    study, resampling, values = one_column(study_by_hand, [3.0, 3.0, 3.0, 5.0])
    alone = estimate(study, resampling, values, [MEAN], rows=np.array([False, False, False, True]))
    equal = estimate(study, resampling, values, [MEAN], rows=np.array([True, True, True, False]))
    empty = estimate(study, resampling, np.full((4, 1), np.nan), [MEAN, SHARE])
    assert (alone.estimate[0], alone.n[0], bool(alone.constant[0])) == (5.0, 1, False)
    assert (equal.estimate[0], equal.n[0], bool(equal.constant[0])) == (3.0, 3, True)
    for found in (alone, equal, empty):
        assert np.isnan([found.std_error[0], found.conf_low[0], found.conf_high[0], found.df[0]]).all()
    assert list(empty.n) == [0, 0]


def test_respondents_of_weight_zero_do_not_count(study_by_hand):
    found = estimate(*one_column(study_by_hand, [1.0, 3.0, 5.0, 4.0], weights=[1, 1, 1, 0]), [MEAN])
    assert (found.estimate[0], found.n[0], found.n_eff[0]) == (pytest.approx(3.0), 3, pytest.approx(3.0))


def test_share_of_zero_keeps_an_interval(study_by_hand):
    found = estimate(*one_column(study_by_hand, [0.0] * 20), [SHARE])
    assert found.conf_low[0] == pytest.approx(0.0, abs=1e-12)
    assert found.conf_high[0] == pytest.approx(1.959964**2 / (20 + 1.959964**2), rel=1e-5)


def test_interval_stays_on_the_scale(study_by_hand):
    found = estimate(*one_column(study_by_hand, [5.0, 5.0, 5.0, 1.0]), [Quantity((0,), "mean", 1.0, 5.0)])
    assert (found.conf_low[0], found.conf_high[0]) == (1.0, 5.0)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(1, 5), min_size=6, max_size=30), st.floats(0.01, 100), st.randoms())
def test_weights_on_any_scale_and_respondents_in_any_order(study_by_hand, values, factor, random):
    n = len(values)
    weights = [1 + (i % 3) for i in range(n)]
    order = list(range(n))
    random.shuffle(order)
    base = estimate(*one_column(study_by_hand, values, weights=weights), [MEAN])
    scaled = estimate(*one_column(study_by_hand, values, weights=[w * factor for w in weights]), [MEAN])
    mixed = estimate(
        *one_column(study_by_hand, [values[i] for i in order], weights=[weights[i] for i in order]), [MEAN]
    )
    for field in ("estimate", "std_error", "conf_low", "conf_high", "deff"):
        assert getattr(scaled, field) == pytest.approx(getattr(base, field), rel=1e-7, nan_ok=True)
    for field in ("estimate", "n", "n_eff", "deff"):
        assert getattr(mixed, field) == pytest.approx(getattr(base, field), rel=1e-9, nan_ok=True)
