"""Columns that scores are adjusted for."""

import numpy as np
import pytest

from satmeter.measurement.adjusters import adjusters_of, unit_filled


@pytest.fixture
def study(study_by_hand):
    return study_by_hand(
        {"quality": ("satisfaction", {"q1": [1.0, 2, 3, 4, 5]})},
        questions={
            "kind": ("choice", ["b", "c", None, "c", "a"]),
            "age": ("number", [30.0, np.nan, 40, 50, 90]),
        },
        weights=[1, 1, 2, 1, 1],
    )


def test_choices_are_dummies_against_the_first_option_that_occurs(study):
    used = np.array([True, True, True, True, False])  # whoever chose the first option is not used
    (kind,) = adjusters_of(study, ("kind",), used)
    assert (kind.terms, kind.reference) == (("kind[c]",), "b")
    assert kind.columns[:, 0].tolist() == [0, 1, 0, 1, 0]
    assert kind.answered.tolist() == [True, True, False, True, True]
    (all_of_them,) = adjusters_of(study, ("kind",), np.ones(5, dtype=bool))
    assert (all_of_them.terms, all_of_them.reference) == (("kind[b]", "kind[c]"), "a")


def test_numbers_are_centred_at_the_weighted_mean_of_those_used(study):
    used = np.array([True, True, True, True, False])
    (age,) = adjusters_of(study, ("age",), used)
    assert (age.terms, age.reference) == (("age",), "")
    np.testing.assert_allclose(age.columns[:, 0], [-10, 0, 0, 10, 50])  # (30 + 2 * 40 + 50) / 4 = 40
    assert age.answered.tolist() == [True, False, True, True, True]


def test_a_question_that_nobody_answered_has_no_say(study):
    study.frame["age"] = np.nan
    study.frame["kind"] = None
    kind, age = adjusters_of(study, ("kind", "age"), np.ones(5, dtype=bool))
    assert (kind.terms, kind.reference, kind.columns.shape) == ((), "", (5, 0))
    assert (age.columns == 0).all()


def test_a_unit_without_answers_keeps_zeros():
    x = np.array([[2.0, 1.0], [4.0, 0.0], [0.0, 0.0]])
    found = unit_filled(x, np.array([True, True, False]), np.array([0, 0, 1]), np.ones(3))
    np.testing.assert_allclose(found, x)
