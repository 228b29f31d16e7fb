"""Reliability against R psych, and every construct that cannot have it."""

import json
from pathlib import Path

import numpy as np
import pytest

from satmeter.measurement import measure, reliability
from satmeter.moments import make_resampling
from satmeter.numerics.factor import OneFactor

REFERENCE = json.loads((Path(__file__).parents[1] / "reference" / "reliability.json").read_text("utf-8"))["values"]


def exact_sample(covariance, n):
    """Rows whose sample covariance is exactly the one given."""
    target = np.asarray(covariance)
    rows = np.random.default_rng(5).normal(size=(n, len(target)))
    rows -= rows.mean(axis=0)
    rows = rows @ np.linalg.inv(np.linalg.cholesky(rows.T @ rows / (n - 1))).T
    return rows @ np.linalg.cholesky(target).T


def measured(study):
    return measure(study, make_resampling(study))


def notes_of(found, code):
    return [n for n in (*found.item_notes, *found.reliability_notes) if n.code == code]


@pytest.mark.parametrize("name", ["image", "expectations", "quality", "value", "satisfaction", "attitude"])
def test_coefficients_and_item_columns_are_those_of_psych(study_by_hand, name):
    expected = REFERENCE["ecsi"].get(name) or REFERENCE[name]
    rows = exact_sample(expected["covariance"], expected["n"])
    ratings = {item: list(rows[:, j]) for j, item in enumerate(expected["items"])}
    found = measured(study_by_hand({"c": ("driver", ratings)}, replicates=50))
    by_name = {row.coefficient: row for row in found.reliability}
    assert by_name["alpha"].estimate == pytest.approx(expected["alpha"], rel=1e-9)
    assert by_name["alpha_std"].estimate == pytest.approx(expected["alpha_std"], rel=1e-9)
    assert by_name["alpha"].n == expected["n"]
    assert by_name["alpha"].n_items == len(expected["items"])
    assert [i.item_rest_r for i in found.items] == pytest.approx(expected["item_rest_r"], rel=1e-9)
    if len(ratings) == 2:
        assert set(by_name) == {"alpha", "alpha_std", "alpha_feldt", "sem"}
        assert [(i.alpha_if_dropped, i.loading) for i in found.items] == [(None, None)] * 2
        assert [n.about for n in notes_of(found, "M103")] == ["c"]
        return
    assert by_name["omega_total"].estimate == pytest.approx(expected["omega_formula"], abs=1e-5)
    assert [i.alpha_if_dropped for i in found.items] == pytest.approx(expected["alpha_if_dropped"], rel=1e-9)
    assert [i.loading for i in found.items] == pytest.approx(expected["loadings"], abs=2e-5)


def test_replicate_interval_of_alpha_agrees_with_feldt_for_normal_items(study_by_hand):
    """Parallel normal items: Feldt's interval is exact, the bootstrap's must come near it."""
    rng = np.random.default_rng(2)
    true = rng.normal(size=400)
    ratings = {f"i{j}": list(true + rng.normal(size=400)) for j in range(5)}
    row, *others = measured(study_by_hand({"c": ("driver", ratings)}, replicates=1000)).reliability
    exact = next(other for other in others if other.coefficient == "alpha_feldt")
    low, high = reliability_feldt(row.estimate, 400, 5)
    assert (exact.coefficient, exact.estimate, exact.n, exact.std_error) == ("alpha_feldt", row.estimate, 400, None)
    assert (exact.conf_low, exact.conf_high) == pytest.approx((low, high), rel=1e-12)
    assert row.conf_low == pytest.approx(low, abs=0.012)
    assert row.conf_high == pytest.approx(high, abs=0.012)
    assert row.std_error == pytest.approx((high - low) / 3.92, rel=0.15)


def reliability_feldt(alpha, n, n_items):
    from satmeter.numerics.reliability import feldt_interval

    return feldt_interval(alpha, n, n_items)


def test_weights_count_as_repeated_rows_do(study_by_hand):
    ratings = {"a": [1, 2, 4, 5, 3], "b": [2, 2, 5, 4, 3], "c": [1, 3, 4, 4, 1]}
    times = [1, 3, 2, 1, 2]
    repeated = {k: list(np.repeat(v, times)) for k, v in ratings.items()}
    weighted = measured(study_by_hand({"x": ("driver", ratings)}, weights=times, replicates=20))
    long = measured(study_by_hand({"x": ("driver", repeated)}, replicates=20))
    assert weighted.reliability[0].estimate == pytest.approx(long.reliability[0].estimate, rel=1e-12)
    assert "alpha_feldt" not in {row.coefficient for row in weighted.reliability}
    assert weighted.items[0].item_rest_r == pytest.approx(long.items[0].item_rest_r, rel=1e-12)
    assert weighted.items[0].mean == pytest.approx(long.items[0].mean, rel=1e-12)


GOOD = [1, 2, 3, 4, 5, 2, 4, 3, 5, 1]
NEAR = [1, 2, 4, 4, 5, 1, 4, 3, 4, 2]
THIRD = [2, 2, 3, 5, 4, 2, 5, 3, 5, 1]
NAN = float("nan")


def test_constant_item_is_left_out_and_named(study_by_hand):
    with_it = measured(study_by_hand({"c": ("driver", {"a": GOOD, "b": NEAR, "k": [4] * 10, "d": THIRD})}))
    without = measured(study_by_hand({"c": ("driver", {"a": GOOD, "b": NEAR, "d": THIRD})}))
    kept = {r.coefficient: r.estimate for r in with_it.reliability}
    others = {r.coefficient: r.estimate for r in without.reliability}
    # the score is a mean of four items, one of them without spread
    assert kept.pop("sem") == pytest.approx(0.75 * others.pop("sem"))
    assert kept == others
    assert [(n.about, n.params["items"]) for n in notes_of(with_it, "M101")] == [("c", "k")]
    constant = with_it.items[2]
    assert (constant.mean, constant.sd, constant.item_rest_r, constant.loading) == (4.0, 0.0, None, None)


def test_all_items_constant_or_all_but_one(study_by_hand):
    none = measured(study_by_hand({"c": ("driver", {"a": [3] * 10, "b": [4] * 10})}))
    one = measured(study_by_hand({"c": ("driver", {"a": GOOD, "b": [4] * 10})}))
    assert none.reliability == one.reliability == ()
    assert [n.code for n in none.reliability_notes] == ["M116", "M101"]
    assert [n.code for n in one.reliability_notes] == ["M116", "M101", "M102"]


def test_one_item(study_by_hand):
    found = measured(study_by_hand({"c": ("driver", {"a": GOOD})}))
    assert found.reliability == ()
    assert [n.code for n in found.reliability_notes] == ["M102"]


def test_identical_items(study_by_hand):
    found = measured(study_by_hand({"c": ("driver", {"a": GOOD, "b": NEAR, "d": GOOD})}))
    assert [n.params["items"] for n in notes_of(found, "M104")] == ["a, d"]
    assert found.reliability[0].estimate > 0.9


def test_negative_alpha_is_shown_with_notes(study_by_hand):
    turned = [6 - x for x in GOOD]
    found = measured(study_by_hand({"c": ("driver", {"a": NEAR, "b": turned})}))
    r = float(np.corrcoef(NEAR, turned)[0, 1])
    assert found.reliability[1].estimate == pytest.approx(2 * r / (1 + r))
    assert found.reliability[0].estimate < 0
    assert notes_of(found, "M105")[0].params["alpha"] == found.reliability[0].estimate
    assert [n.about for n in notes_of(found, "M107")] == ["a", "b"]
    assert notes_of(found, "M107")[0].params["r"] == pytest.approx(r)


def test_only_the_reversed_item_is_suspected(study_by_hand):
    turned = [6 - x for x in THIRD]
    found = measured(study_by_hand({"c": ("driver", {"a": GOOD, "b": NEAR, "e": GOOD[::-1], "t": turned})}))
    assert "t" in [n.about for n in notes_of(found, "M107")]
    assert found.items[3].mean == pytest.approx(np.mean(turned))  # nothing was reversed


def test_heywood_case_is_noted(study_by_hand):
    expected = REFERENCE["ecsi"]["loyalty"]
    rows = exact_sample(expected["covariance"], expected["n"])
    found = measured(study_by_hand({"c": ("loyalty", {f"i{j}": list(rows[:, j]) for j in range(3)})}, replicates=50))
    assert [n.about for n in notes_of(found, "M106")] == ["c"]
    assert found.reliability[2].estimate == pytest.approx(expected["omega_total"], abs=5e-3)


def test_fit_that_does_not_converge_is_noted(study_by_hand, monkeypatch):
    def stuck(corr):
        p = corr.shape[-1]
        return OneFactor(np.full(p, 0.5), np.full(p, 0.75), np.False_, np.False_)

    monkeypatch.setattr(reliability, "one_factor", stuck)
    found = measured(study_by_hand({"c": ("driver", {"a": GOOD, "b": NEAR, "d": THIRD})}))
    assert [n.about for n in notes_of(found, "M113")] == ["c"]
    assert [i.loading for i in found.items] == [None, None, None]


def test_construct_and_item_that_nobody_answered(study_by_hand):
    gone = [NAN] * 10
    found = measured(
        study_by_hand({"x": ("driver", {"a": gone, "b": gone}), "y": ("driver", {"c": GOOD, "d": gone, "e": NEAR})})
    )
    assert [n.about for n in notes_of(found, "M108")] == ["x"]
    assert [(n.about, n.params["construct"]) for n in notes_of(found, "M114")] == [("d", "y")]
    assert {r.construct for r in found.reliability} == {"y"}
    assert found.reliability[0].n_items == 2
    assert (found.items[0].n, found.items[0].mean, found.items[0].missing_share) == (0, None, 1.0)


def test_too_few_complete_rows_and_fewer_than_half(study_by_hand):
    a, b = [1, 2, 3, 4, 5, *[NAN] * 5], [*[NAN] * 3, 4, 5, 2, 4, 3, 5, 1]
    few = measured(study_by_hand({"c": ("driver", {"a": a, "b": b})}))
    assert notes_of(few, "M109")[0].params == {"n": 2, "needed": 3}
    assert few.reliability == ()
    half = measured(study_by_hand({"c": ("driver", {"a": [1, 2, 3, 4, *[NAN] * 6], "b": NEAR})}))
    assert notes_of(half, "M112")[0].params == {"n": 4, "answered": 10}
    assert half.reliability[0].n == 4


def test_complete_rows_of_one_cluster_show_no_error(study_by_hand):
    """Every replicate that holds the cluster gives the same alpha: a standard error of 0 would be no error at all."""
    b = [*NEAR[:4], *[NAN] * (len(NEAR) - 4)]
    cluster = [1] * 4 + [2 + i for i in range(len(NEAR) - 4)]
    (row, *_) = measured(study_by_hand({"c": ("driver", {"a": GOOD, "b": b})}, cluster=cluster)).reliability
    assert (row.n, row.std_error, row.conf_low, row.conf_high) == (4, None, None, None)
    assert row.estimate is not None


def test_formative_construct_has_no_consistency(study_by_hand):
    found = measured(study_by_hand({"c": ("driver", {"a": GOOD, "b": NEAR})}, modes={"c": "formative"}))
    assert found.reliability == ()
    assert [n.code for n in found.reliability_notes] == ["M110"]


def test_scales_of_different_length(study_by_hand):
    study = study_by_hand({"c": ("driver", {"a": GOOD, "b": [2 * x for x in NEAR]})}, scales={"b": (1, 10)})
    found = measured(study)
    assert [n.about for n in notes_of(found, "M111")] == ["c"]
    first, second = (np.array(GOOD) - 1) / 4, (2 * np.array(NEAR) - 1) / 9
    apart = np.var(first, ddof=1) + np.var(second, ddof=1)
    assert found.reliability[0].estimate == pytest.approx(2 * (1 - apart / np.var(first + second, ddof=1)), rel=1e-12)


def test_alpha_is_that_of_the_score_when_scales_differ(study_by_hand):
    """Of n respondents' scores, alpha is p/(p − 1)·(1 − Σ var(item)/var(p·score)), items as they are in the score."""
    ratings = {"a": GOOD, "b": [2 * x for x in NEAR], "e": THIRD}
    study = study_by_hand({"c": ("driver", ratings)}, scales={"b": (0, 10)})
    parts = np.column_stack([25 * (np.array(GOOD) - 1), 20 * np.array(NEAR), 25 * (np.array(THIRD) - 1)])
    assert study.construct_scores["c"].to_numpy() == pytest.approx(parts.mean(axis=1))
    expected = 1.5 * (1 - parts.var(axis=0, ddof=1).sum() / (3 * study.construct_scores["c"]).var(ddof=1))
    found = measured(study)
    assert found.reliability[0].estimate == pytest.approx(expected, rel=1e-12)
    rest = np.corrcoef(parts[:, 0], parts[:, 1:].sum(axis=1))[0, 1]
    assert found.items[0].item_rest_r == pytest.approx(rest, rel=1e-12)


def test_items_that_share_out_a_fixed_total_have_no_alpha(study_by_hand):
    rng = np.random.default_rng(3)
    a, b = rng.dirichlet([1, 1, 1], 50)[:, :2].T.round(3) * 4 + 1
    weights = list(rng.uniform(0.5, 2, 50))
    found = measured(
        study_by_hand({"c": ("driver", {"a": list(a), "b": list(b), "d": list(7 - a - b)})}, weights=weights)
    )
    assert (found.reliability[0].coefficient, found.reliability[0].estimate) == ("alpha", None)
    assert (found.reliability[0].std_error, found.reliability[0].conf_low) == (None, None)
    assert [n.about for n in notes_of(found, "M115")] == ["c"]
    assert [i.item_rest_r for i in found.items] == pytest.approx([-1, -1, -1])
