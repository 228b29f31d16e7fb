"""Shapley shares of McFadden's R²: against statsmodels' likelihoods of all orders, with controls, and what refuses."""

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
import statsmodels.api as sm
from statsmodels.miscmodels.ordinal_model import OrderedModel

from satmeter.drivers import pseudo_shares
from satmeter.drivers.deepen import usable_regressions
from satmeter.drivers.pseudo_shares import pseudo_share_sections
from satmeter.drivers.section import DeepInput
from satmeter.moments import make_resampling
from satmeter.numerics.replicate_weights import replicate_set


def customers(n=400, seed=2):
    rng = np.random.default_rng(seed)
    a, b, c = rng.integers(1, 6, (3, n))
    b = np.clip(b + (a - 3) // 2, 1, 5)
    z = 0.8 * (a - 3) + 0.4 * (b - 3) + rng.logistic(size=n)
    return {"a1": a, "b1": b, "c1": c, "y1": 1 + np.searchsorted([-2.2, -1.0, 0.3, 1.8], z)}


def sections_of(study_by_hand, data, **options):
    constructs = {name[0]: ("driver", {name: list(column)}) for name, column in data.items() if name != "y1"}
    constructs["y"] = ("satisfaction", {"y1": list(data["y1"])})
    options.setdefault("model", {"y": tuple(name[0] for name in data if name != "y1")})
    study = study_by_hand(constructs, **{"replicates": 100, **options})
    resampling = make_resampling(study)
    return pseudo_share_sections(DeepInput(study, resampling, usable_regressions(study, resampling)))["drivers"]


def mean_gains(loglik, null, names):
    """McFadden's R² shared out by going through all orders."""
    gains = dict.fromkeys(names, 0.0)
    orders = list(permutations(names))
    for order in orders:
        for j, name in enumerate(order):
            step = loglik(frozenset(order[: j + 1])) - loglik(frozenset(order[:j]))
            gains[name] += step / -null / len(orders)
    return gains


def test_shares_of_the_logistic_model_are_those_of_all_orders_in_statsmodels(study_by_hand):
    data = customers()
    top = (data["y1"] >= 4).astype(float)
    known = {}

    def loglik(names):
        if names not in known:
            x = np.column_stack([np.ones(400), *(data[f"{n}1"] for n in sorted(names))])
            known[names] = sm.Logit(top, x).fit(disp=0, tol=1e-12).llf
        return known[names]

    expected = mean_gains(loglik, loglik(frozenset()), "abc")
    rows = {r.driver: r for r in sections_of(study_by_hand, data).rows if r.method == "shapley_logistic"}
    assert {name: row.estimate for name, row in rows.items()} == pytest.approx(expected, rel=1e-8)
    assert sum(row.share for row in rows.values()) == pytest.approx(1, abs=1e-12)
    assert rows["a"].conf_low < rows["a"].estimate < rows["a"].conf_high
    assert rows["a"].share_low > rows["c"].share_high
    assert rows["a"].n == 400


def test_shares_of_the_ordinal_model_are_those_of_all_orders_in_statsmodels(study_by_hand):
    data = customers()
    counts = np.unique(data["y1"], return_counts=True)[1]
    null = float(counts @ np.log(counts / 400))
    known = {frozenset(): null}

    def loglik(names):
        if names not in known:
            x = np.column_stack([data[f"{n}1"] - 3.0 for n in sorted(names)])
            known[names] = OrderedModel(data["y1"], x, distr="logit").fit(method="bfgs", disp=0, gtol=1e-7).llf
        return known[names]

    expected = mean_gains(loglik, null, "abc")
    rows = {r.driver: r for r in sections_of(study_by_hand, data).rows if r.method == "shapley_ordinal"}
    assert {name: row.estimate for name, row in rows.items()} == pytest.approx(expected, rel=1e-6, abs=1e-8)


def test_controls_stay_in_every_model(study_by_hand):
    data = customers()
    years = np.random.default_rng(1).integers(1, 30, 400) + 3.0 * data["a1"]
    questions = {"years": ("number", list(years))}
    found = sections_of(study_by_hand, data, questions=questions, controls=("years",))
    rows = {r.driver: r for r in found.rows if r.method == "shapley_logistic"}
    assert set(rows) == {"a", "b", "c"}
    top = (data["y1"] >= 4).astype(float)
    x = [sm.add_constant(years), sm.add_constant(np.column_stack([years, data["a1"], data["b1"], data["c1"]]))]
    alone, whole = (sm.Logit(top, columns).fit(disp=0, tol=1e-12).prsquared for columns in x)
    assert sum(row.estimate for row in rows.values()) == pytest.approx(whole - alone, rel=1e-8)


def test_a_choice_question_is_one_driver(study_by_hand):
    data = customers()
    city = [["n", "s", "w"][j % 3] for j in range(400)]
    model = {"y": ("a", "city")}
    found = sections_of(study_by_hand, data, questions={"city": ("choice", city)}, model=model)
    assert [(r.method, r.driver) for r in found.rows] == [
        (f"shapley_{kind}", name) for kind in ("ordinal", "logistic") for name in ("a", "city")
    ]


def test_three_points_have_no_top_two_and_twelve_no_categories(study_by_hand):
    data = customers()
    few = data | {"y1": np.clip(data["y1"], 2, 4) - 1}
    found = sections_of(study_by_hand, few, scales={"y1": (1, 3)})
    assert {row.method for row in found.rows} == {"shapley_ordinal"}
    assert sections_of(study_by_hand, data, scales={"y1": (0, 20)}).rows == ()


def test_a_weighted_sample_has_wider_intervals(study_by_hand):
    data = customers()
    weights = list(np.random.default_rng(3).lognormal(0, 0.9, 400))
    plain, weighted = (
        {r.driver: r for r in found.rows if r.method == "shapley_ordinal"}
        for found in (sections_of(study_by_hand, data), sections_of(study_by_hand, data, weights=weights))
    )
    assert weighted["a"].std_error > 1.2 * plain["a"].std_error


def test_without_degrees_of_freedom_there_are_no_intervals(study_by_hand):
    data = customers()
    found = sections_of(study_by_hand, data, cluster=[j % 4 for j in range(400)])
    assert {row.conf_low for row in found.rows} == {None}
    assert {row.std_error for row in found.rows} == {None}
    assert found.notes == ()


def test_more_than_ten_drivers_are_refused(study_by_hand):
    rng = np.random.default_rng(1)
    data = {f"{letter}1": rng.integers(1, 6, 100) for letter in "abcdefghijk"} | {"y1": rng.integers(1, 6, 100)}
    found = sections_of(study_by_hand, data)
    assert [(n.code, n.params["k"]) for n in found.notes] == [("D193", 11)]
    assert found.rows == ()


def test_separation_leaves_one_model_out(study_by_hand):
    data = customers()
    data["y1"] = np.where(data["a1"] >= 3, 4 + data["b1"] % 2, 1 + data["b1"] % 3)
    found = sections_of(study_by_hand, data)
    assert [(n.code, n.params["model"], n.params["code"]) for n in found.notes] == [("D194", "logistic", "N041")]
    assert {row.method for row in found.rows} == {"shapley_ordinal"}


def test_replicates_are_fewer_where_they_cost_much(study_by_hand, monkeypatch):
    data = customers()
    whole = {(r.driver, r.method): r for r in sections_of(study_by_hand, data).rows}
    # 8 models × 400 respondents × 7 (ordinal) or 4 (logistic) parameters
    monkeypatch.setattr(pseudo_shares, "MOST_NUMBERS", 8 * 400 * 7 * 40)
    found = sections_of(study_by_hand, data)
    assert [(n.code, n.params["model"], n.params["n"], n.params["of"]) for n in found.notes] == [
        ("D196", "ordinal", 40, 100),
        ("D196", "logistic", 70, 100),
    ]
    for row in found.rows:
        other = whole[row.driver, row.method]
        assert row.estimate == other.estimate
        assert row.std_error == pytest.approx(other.std_error, rel=0.35)
        assert row.std_error != other.std_error
    monkeypatch.setattr(pseudo_shares, "MOST_NUMBERS", 8 * 400 * 7 * 20)
    found = sections_of(study_by_hand, data)
    assert [(n.code, n.params["model"]) for n in found.notes] == [("D195", "ordinal"), ("D196", "logistic")]
    assert {row.conf_low for row in found.rows if row.method == "shapley_ordinal"} == {None}
    bare = [replace(row, std_error=None) for row in found.rows if row.method == "shapley_ordinal"]
    assert [row.estimate for row in bare] == [whole[row.driver, row.method].estimate for row in bare]
    for note in found.notes:
        assert "伪 R²" in note.text("zh-CN")


def test_replicates_with_weights_below_zero_have_the_errors_of_a_jackknife(study_by_hand):
    """A jackknife turned by a rotation is the same set for every total; its combinations fall below zero."""
    data = customers()
    constructs = {name[0]: ("driver", {name: list(column)}) for name, column in data.items() if name != "y1"}
    constructs["y"] = ("satisfaction", {"y1": list(data["y1"])})
    study = study_by_hand(constructs, model={"y": ("a", "b", "c")}, replicates=400)
    groups = np.arange(400) % 40
    jackknife = np.where(groups == np.arange(40)[:, None], 0.0, 40 / 39)
    turned = 1 + np.linalg.qr(np.random.default_rng(6).normal(size=(40, 40)))[0] @ (jackknife - 1)
    errors = []
    for table, negative in ((jackknife, False), (turned, True)):
        given = replicate_set(np.ones(400), table, "other", scale=39 / 40)
        one = replace(study, replicates=given)
        resampling = make_resampling(one)
        assert bool(resampling.multipliers().min() < -0.3) is negative
        parts = DeepInput(one, resampling, usable_regressions(one, resampling))
        rows = pseudo_share_sections(parts)["drivers"].rows
        # the share of c is next to nothing, where it is no linear function of weights
        errors.append({r.driver: r.std_error for r in rows if r.method == "shapley_ordinal" and r.driver != "c"})
    assert errors[1] == pytest.approx(errors[0], rel=0.2)
