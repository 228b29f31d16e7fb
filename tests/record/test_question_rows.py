"""Bases and statistics of the questions, by hand."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from satmeter.record.questions import question_rows, weighted_median


def study_of(study_by_hand, **more):
    return study_by_hand(
        {"c": ("driver", {"a": [1, 2, 3, 4]})},
        questions={
            "years": ("number", [2.0, 4.0, 9.0, float("nan")]),
            "why": ("text", ["secret one", None, "secret two", None]),
        },
        **more,
    )


def test_numbers_are_described_and_texts_only_counted(study_by_hand):
    years, why = question_rows(study_of(study_by_hand))
    assert years == {
        "question": "years",
        "type": "number",
        "n": 3,
        "asked": 4,
        "mean": 5.0,
        "sd": pytest.approx(13**0.5),
        "median": 4.0,
        "low": 2.0,
        "high": 9.0,
    }
    assert why == {"question": "why", "type": "text", "n": 2, "asked": 4} | dict.fromkeys(
        ("mean", "sd", "median", "low", "high")
    )


def test_who_was_skipped_is_not_counted_as_asked(study_by_hand):
    study = study_of(study_by_hand)
    study.missing.loc["r4", "years"] = "not_asked"
    assert [(row["n"], row["asked"]) for row in question_rows(study)] == [(3, 3), (2, 4)]


def test_weights_count(study_by_hand):
    years = question_rows(study_of(study_by_hand, weights=[1, 1, 4, 2]))[0]
    assert years["mean"] == pytest.approx((2 + 4 + 4 * 9) / 6)
    assert years["median"] == 9.0


def test_a_number_that_identifies_somebody_is_not_described(study_by_hand):
    study = study_of(study_by_hand)
    questions = study.questionnaire.questions
    questions["years"] = dataclasses.replace(questions["years"], pii="yes")
    assert question_rows(study)[0]["high"] is None


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=30))
def test_the_median_with_equal_weights_is_numpys(values):
    numbers = np.array(values, dtype=float)
    assert weighted_median(numbers, np.ones(len(numbers))) == np.median(numbers)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 4)), min_size=1, max_size=12))
def test_the_median_under_whole_weights_is_that_of_the_rows_repeated(pairs):
    values = np.array([v for v, _ in pairs], dtype=float)
    weights = np.array([w for _, w in pairs])
    assert weighted_median(values, weights.astype(float)) == np.median(np.repeat(values, weights))
