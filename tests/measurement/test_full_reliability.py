"""Omega hierarchical, all items, differences and the retest of a study."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from satmeter.measurement import measure
from satmeter.measurement.full_reliability import add_full_reliability
from satmeter.measurement.hierarchy import REPLICATES
from satmeter.moments import make_resampling
from satmeter.numerics.composite import difference_reliability
from satmeter.numerics.reliability import alpha
from satmeter.study.plan import Missing

REFERENCE = Path(__file__).parents[1] / "reference"
VALUES = json.loads((REFERENCE / "reliability2.json").read_text("utf-8"))["values"]
NAN = float("nan")


def exact_sample(covariance, n):
    target = np.asarray(covariance)
    rows = np.random.default_rng(5).normal(size=(n, len(target)))
    rows -= rows.mean(axis=0)
    rows = rows @ np.linalg.inv(np.linalg.cholesky(rows.T @ rows / (n - 1))).T
    return rows @ np.linalg.cholesky(target).T


def five_points(n, loadings, seed=1):
    rng = np.random.default_rng(seed)
    load = np.asarray(loadings)
    latent = rng.normal(size=(n, 1)) * load + rng.normal(size=(n, len(load))) * np.sqrt(1 - load**2)
    return 1.0 + np.searchsorted([-1.5, -0.5, 0.5, 1.5], latent)


def constructs_of(block, sizes, roles=None):
    names, start, found = "abcdefgh", 0, {}
    for k, size in enumerate(sizes):
        items = {f"{names[k]}{j}": list(block[:, start + j]) for j in range(size)}
        found[names[k]] = ((roles or {}).get(names[k], "driver"), items)
        start += size
    return found


def full(study, retest=None):
    resampling = make_resampling(study)
    return add_full_reliability(study, resampling, measure(study, resampling), retest=retest)


def rows_of(found, construct):
    return {row.coefficient: row for row in found.reliability if row.construct == construct}


def notes_of(found, code):
    return [n for n in found.reliability_notes if n.code == code]


def test_omega_hierarchical_of_a_construct_is_that_of_psych(study_by_hand):
    """Perceived quality of the mobile phone study: .7783 and .9084."""
    values = json.loads((REFERENCE / "reliability.json").read_text("utf-8"))["values"]["ecsi"]["quality"]
    rows = exact_sample(values["covariance"], values["n"])
    found = full(study_by_hand(constructs_of(rows, [7]), replicates=300))
    of_a = rows_of(found, "a")
    assert round(of_a["omega_hierarchical"].estimate, 4) == 0.7783
    assert round(of_a["omega_groups"].estimate, 4) == 0.9084
    assert of_a["omega_hierarchical"].conf_low < 0.7783 < of_a["omega_hierarchical"].conf_high
    assert notes_of(found, "M181")[0].params == {"n": REPLICATES, "all": 300}
    assert not notes_of(found, "M183")
    assert list(of_a)[-2:] == ["omega_hierarchical", "omega_groups"]
    assert "omega_hierarchical" not in rows_of(full(study_by_hand(constructs_of(rows[:, :5], [5]))), "a")


def test_an_improper_solution_is_noted(study_by_hand):
    """One factor only: three group factors are asked for that are not there."""
    found = full(study_by_hand(constructs_of(five_points(200, [0.8] * 6, seed=3), [6]), replicates=20))
    assert [n.about for n in notes_of(found, "M183")] == ["a"]
    assert rows_of(found, "a")["omega_hierarchical"].estimate is not None


def test_factors_that_are_not_found_are_noted(study_by_hand, monkeypatch):
    monkeypatch.setattr("satmeter.numerics.rotation._OBLIMIN_ROUNDS", 1)
    found = full(study_by_hand(constructs_of(five_points(200, [0.7] * 6), [6]), replicates=20))
    assert [n.about for n in notes_of(found, "M182")] == ["a"]
    assert "omega_hierarchical" not in rows_of(found, "a")


def test_all_items_are_those_of_psych(study_by_hand):
    expected = VALUES["all_items"]["ecsi"]
    rows = exact_sample(expected["correlation"], expected["n"])
    sizes = [5, 3, 7, 3, 3]
    assert sum(sizes) == rows.shape[1]
    found = full(study_by_hand(constructs_of(rows, sizes), replicates=20))
    whole = rows_of(found, "")
    assert whole["alpha"].estimate == pytest.approx(expected["alpha_std"], rel=1e-9)  # items of equal spread
    assert whole["alpha_std"].estimate == pytest.approx(expected["alpha_std"], rel=1e-9)
    assert whole["omega_hierarchical"].estimate == pytest.approx(expected["omega_h"], abs=1e-4)
    assert whole["omega_groups"].estimate == pytest.approx(expected["omega_t"], abs=1e-4)
    assert (whole["alpha"].n, whole["alpha"].n_items) == (250, 21)
    assert found.reliability[-4:] == tuple(whole.values())


def test_what_does_not_belong_in_a_total_is_left_out_and_named(study_by_hand):
    block = five_points(300, [0.7] * 13)
    block[:, 3:6] = 6 - block[:, 3:6]  # b runs against the others
    block[:200, 9:11] = NAN  # d was asked of few
    sizes = [3, 3, 3, 2, 2]
    found = full(study_by_hand(constructs_of(block, sizes, {"e": "cost"}), replicates=20))
    assert [n.params["constructs"] for n in notes_of(found, "M185")] == ["b, d, e"]
    assert rows_of(found, "")["alpha"].n_items == 6
    assert notes_of(found, "M197")[0].params == {"factors": 2, "n_items": 6}
    assert "omega_groups" not in rows_of(found, "")
    expected = float(alpha(np.cov(block[:, [0, 1, 2, 6, 7, 8]].T)))
    assert rows_of(found, "")["alpha"].estimate == pytest.approx(expected, rel=1e-9)


def test_more_items_than_complete_answers(study_by_hand):
    block = five_points(40, [0.7] * 6)
    block[:20, 0] = NAN
    block[20:, 3] = NAN
    found = full(study_by_hand(constructs_of(block, [3, 3]), replicates=20))
    assert notes_of(found, "M186")[0].params == {"n": 0, "n_items": 6}
    assert rows_of(found, "") == {}
    alone = full(study_by_hand(constructs_of(block, [3]), replicates=20))
    assert rows_of(alone, "") == {}
    assert not notes_of(alone, "M186")


def with_differences(study, *pairs):
    return replace(study, plan=replace(study.plan, differences=pairs))


def test_reliability_of_a_difference(study_by_hand):
    block = five_points(400, [0.8, 0.7, 0.6, 0.7, 0.8], seed=4)
    block[0, 0] = NAN
    study = with_differences(study_by_hand(constructs_of(block, [3, 2]), replicates=200), ("a", "b"))
    found = full(study)
    row = rows_of(found, "a-b")["difference_reliability"]
    kept = block[1:]
    first, second = kept[:, :3].mean(axis=1), kept[:, 3:].mean(axis=1)
    expected = difference_reliability(
        (alpha(np.cov(kept[:, :3].T)), alpha(np.cov(kept[:, 3:].T))),
        (first.std(ddof=1), second.std(ddof=1)),
        np.corrcoef(first, second)[0, 1],
    )
    assert row.estimate == pytest.approx(float(expected), rel=1e-9)
    assert (row.n, row.n_items) == (399, 5)
    assert row.conf_low < row.estimate < row.conf_high
    assert notes_of(found, "M193")[0].params == {"estimate": row.estimate}
    assert "a-b" in notes_of(found, "M193")[0].text("en")


def test_a_reliable_difference_has_no_warning(study_by_hand):
    block = np.column_stack([five_points(300, [0.95] * 4, seed=1), five_points(300, [0.95] * 4, seed=2)])
    found = full(with_differences(study_by_hand(constructs_of(block, [4, 4]), replicates=100), ("a", "b")))
    assert rows_of(found, "a-b")["difference_reliability"].estimate > 0.8
    assert not notes_of(found, "M193")


def test_differences_that_cannot_be_had(study_by_hand):
    block = five_points(40, [0.7] * 5)
    apart = block.copy()
    apart[:20, :2] = NAN
    apart[20:, 2:4] = NAN
    one = study_by_hand(constructs_of(block, [2, 2, 1]), replicates=20)
    other = study_by_hand(constructs_of(apart, [2, 2, 1]), replicates=20)
    assert [n.about for n in notes_of(full(with_differences(one, ("a", "c"))), "M196")] == ["a-c"]
    for rule in ("complete", "em"):
        study = with_differences(other, ("a", "b"))
        study = replace(study, plan=replace(study.plan, missing=Missing(rule)))
        assert [n.about for n in notes_of(full(study), "M196")] == ["a-b"]


def test_difference_under_em_uses_all_who_have_both_scores(study_by_hand):
    block = five_points(300, [0.8, 0.7, 0.6, 0.7, 0.8, 0.6], seed=4)
    gaps = np.random.default_rng(1).random(block.shape) < 0.1
    gappy = np.where(gaps, NAN, block)
    study = with_differences(study_by_hand(constructs_of(gappy, [3, 3]), replicates=20, missing_rule="em"), ("a", "b"))
    row = rows_of(full(study), "a-b")["difference_reliability"]
    scored = (~gaps[:, :3]).sum(axis=1) >= 2
    scored &= (~gaps[:, 3:]).sum(axis=1) >= 2
    assert row.n == scored.sum() > (~gaps.any(axis=1)).sum()
    whole = full(with_differences(study_by_hand(constructs_of(block, [3, 3]), replicates=20), ("a", "b")))
    assert row.estimate == pytest.approx(rows_of(whole, "a-b")["difference_reliability"].estimate, abs=0.08)


def identified(study, ids):
    other = pd.DataFrame({"respondent": ids}, index=study.frame.index)
    return replace(study, responses=replace(study.responses, other=other))


def panel(study_by_hand, n=40, shift=3.0, **options):
    scores = np.array(VALUES["icc"]["panel"]["scores"])[:n]
    points = {"a": (0, 100), "b": (0, 100)}
    first, second = (
        study_by_hand({"c": ("driver", {"a": list(s), "b": list(s)})}, scales=points, replicates=300, **options)
        for s in scores.T
    )
    return first, second, scores


def test_retest_is_that_of_psych(study_by_hand):
    first, second, scores = panel(study_by_hand)
    ids = [f"p{i}" for i in range(40)]
    order = np.random.default_rng(2).permutation(40)
    second = replace(
        second,
        frame=second.frame.iloc[order],
        construct_scores=second.construct_scores.iloc[order],
    )
    second = identified(second, [ids[i] for i in order])
    found = full(identified(first, ids), second)
    rows = rows_of(found, "c")
    expected = VALUES["icc"]["panel"]
    assert rows["icc_agreement"].estimate == pytest.approx(expected["icc"][1], abs=1e-12)
    assert rows["icc_consistency"].estimate == pytest.approx(expected["icc"][2], abs=1e-12)
    assert rows["icc_agreement"].conf_low == pytest.approx(expected["low"][1], abs=1e-9)
    assert rows["icc_consistency"].conf_high == pytest.approx(expected["high"][2], abs=1e-9)
    r = np.corrcoef(scores.T)[0, 1]
    assert rows["test_retest"].estimate == pytest.approx(r, abs=1e-12)
    half = 1.96 / np.sqrt(37)  # Fisher's interval for normal scores
    assert rows["test_retest"].conf_low == pytest.approx(np.tanh(np.arctanh(r) - half), abs=0.05)
    change = scores[:, 1] - scores[:, 0]
    assert rows["mean_change"].estimate == pytest.approx(change.mean(), abs=1e-9)
    assert rows["mean_change"].std_error == pytest.approx(change.std(ddof=1) / np.sqrt(40), rel=0.15)
    assert rows["test_retest"].n == 40
    assert not [n for n in found.reliability_notes if n.code in ("M189", "M190", "M191", "M192", "M198")]


def test_a_complex_design_takes_the_replicates(study_by_hand):
    first, second, _ = panel(study_by_hand, weights=list(np.linspace(0.5, 1.5, 40)))
    ids = [f"p{i}" for i in range(40)]
    rows = rows_of(full(identified(first, ids), identified(second, ids)), "c")
    simple = rows_of(full(*(identified(x, ids) for x in panel(study_by_hand)[:2])), "c")
    for name in ("icc_agreement", "icc_consistency"):
        assert rows[name].conf_low < rows[name].estimate < rows[name].conf_high
        assert rows[name].conf_low != pytest.approx(simple[name].conf_low, abs=1e-6)
        assert rows[name].conf_low == pytest.approx(simple[name].conf_low, abs=0.2)


def test_respondents_without_a_counterpart_and_repeated_ids(study_by_hand):
    first, second, scores = panel(study_by_hand)
    ids = [f"p{i}" for i in range(40)]
    later = ["", "x1", "p5", *ids[3:]]  # p5 twice, one id blank, one unknown
    found = full(identified(first, ids), identified(second, later))
    assert rows_of(found, "c")["test_retest"].n == 36
    assert notes_of(found, "M191")[0].params == {"n": 1}
    assert notes_of(found, "M190")[0].params == {"first": 3, "second": 2}
    kept = [i for i in range(3, 40) if i != 5]
    assert rows_of(found, "c")["test_retest"].estimate == pytest.approx(np.corrcoef(scores[kept].T)[0, 1])


def test_few_pairs_none_and_no_ids(study_by_hand):
    first, second, _ = panel(study_by_hand, n=20)
    ids = [f"p{i}" for i in range(20)]
    few = full(identified(first, ids), identified(second, ids))
    assert notes_of(few, "M189")[0].params == {"n": 20, "constructs": "c"}
    none = full(identified(first, ids), identified(second, [f"q{i}" for i in range(20)]))
    assert notes_of(none, "M190")[0].params == {"first": 20, "second": 20}
    assert not rows_of(none, "c").keys() & {"test_retest"}
    assert [n.code for n in full(first, second).reliability_notes if n.code == "M192"] == ["M192"]
    two = full(identified(first, ids), identified(second, [*ids[:2], *(f"q{i}" for i in range(18))]))
    assert [n.about for n in notes_of(two, "M198")] == ["c"]


@settings(max_examples=8)
@given(st.integers(0, 1000))
def test_order_of_respondents_and_items_and_affine_change(study_by_hand, seed):
    rng = np.random.default_rng(seed)
    block = five_points(150, rng.uniform(0.5, 0.8, 5), seed)
    study = study_by_hand(constructs_of(block, [5]), replicates=2)
    plain = {r.coefficient: r.estimate for r in full(study).reliability}
    turned = study_by_hand(constructs_of(rng.permutation(block)[:, rng.permutation(5)], [5]), replicates=2)
    moved = study_by_hand(constructs_of(2 * block + 1, [5]), scales={f"a{j}": (3, 11) for j in range(5)}, replicates=2)
    weighted = study_by_hand(constructs_of(block, [5]), weights=[3.0] * 150, replicates=2)
    for other in (turned, moved, weighted):
        found = {r.coefficient: r.estimate for r in full(other).reliability}
        assert found.keys() == plain.keys()
        for name, value in plain.items():
            assert found[name] == pytest.approx(value, abs=1e-6), name
    assert plain["glb"] >= plain["lambda4"] - 1e-9
    assert plain["lambda1"] <= plain["alpha"] <= plain["lambda2"]
    assert plain["sem"] == pytest.approx(25 * block.mean(axis=1).std(ddof=1) * np.sqrt(1 - plain["alpha"]), rel=1e-9)


def test_omega_exceeds_alpha_where_loadings_differ(study_by_hand):
    load = np.array([0.9, 0.8, 0.5, 0.3])
    rows = exact_sample(np.outer(load, load) + np.diag(1 - load**2), 300)
    found = rows_of(measure_of(study_by_hand(constructs_of(rows, [4]), replicates=20)), "a")
    truth = load.sum() ** 2 / (load.sum() ** 2 + (1 - load**2).sum())
    assert found["omega_total"].estimate == pytest.approx(truth, abs=1e-9)
    assert found["alpha"].estimate < truth - 0.01
    assert found["glb"].estimate >= truth - 1e-9
    assert found["rho_a"].estimate > truth  # of the best weights, not of the plain sum


def measure_of(study):
    return measure(study, make_resampling(study))
