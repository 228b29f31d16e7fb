"""Intraclass correlations against Shrout and Fleiss, psych and pingouin."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from satmeter.errors import NumericsError
from satmeter.numerics.intraclass import agreement_interval, consistency_interval, intraclass


def moments(scores):
    scores = np.asarray(scores, float)
    return scores.mean(axis=0), np.cov(scores.T), len(scores)


def six(found):
    return [
        float(x)
        for x in (
            found.one_way,
            found.agreement,
            found.consistency,
            found.one_way_mean,
            found.agreement_mean,
            found.consistency_mean,
        )
    ]


def test_table_of_shrout_and_fleiss(reference):
    scores = reference("reliability2")["values"]["icc"]["shrout_fleiss"]["scores"]
    published = [0.1657, 0.2898, 0.7148, 0.4428, 0.6201, 0.9093]
    assert [round(x, 4) for x in six(intraclass(*moments(scores)))] == published


@pytest.mark.parametrize("name", ["shrout_fleiss", "panel"])
def test_equal_to_psych(reference, name):
    expected = reference("reliability2")["values"]["icc"][name]
    given_moments = moments(expected["scores"])
    assert six(intraclass(*given_moments)) == pytest.approx(expected["icc"], abs=1e-12)
    low, high = agreement_interval(*given_moments)
    assert (float(low), float(high)) == pytest.approx((expected["low"][1], expected["high"][1]), abs=1e-9)
    low, high = consistency_interval(*given_moments)
    assert (float(low), float(high)) == pytest.approx((expected["low"][2], expected["high"][2]), abs=1e-9)


def test_equal_to_pingouin():
    """pingouin 0.7.0, intraclass_corr of these eight persons."""
    first = [-2.3, 1.4, 0.2, 1.8, -2.3, -0.1, -0.6, -2.0]
    second = [0.1, 0.6, 4.4, 0.8, -1.8, 2.0, -1.0, 0.3]
    third = [0.6, 1.3, 0.7, 0.8, -0.3, -0.8, 1.2, 1.4]
    expected = [
        0.18053677997955742,
        0.20335601125081126,
        0.22189287025864318,
        0.3979287790697673,
        0.4336836708536271,
        0.461064680232558,
    ]
    assert six(intraclass(*moments(np.column_stack([first, second, third])))) == pytest.approx(expected, abs=1e-12)


@given(st.integers(0, 10_000), st.floats(0.1, 10), st.floats(-50, 50))
def test_affine_change_of_all_scores_and_a_shift_between_occasions(seed, slope, shift):
    rng = np.random.default_rng(seed)
    scores = rng.normal(size=(20, 1)) + rng.normal(size=(20, 2))
    plain = intraclass(*moments(scores))
    assert six(intraclass(*moments(slope * scores + shift))) == pytest.approx(six(plain), abs=1e-9)
    moved = intraclass(*moments(scores - scores.mean(axis=0) + [0, shift]))
    assert moved.consistency == pytest.approx(plain.consistency, abs=1e-9)
    assert six(intraclass(*moments(scores[::-1, ::-1]))) == pytest.approx(six(plain), abs=1e-12)


def test_equal_scores_agree_wholly_and_a_stack_is_its_matrices():
    scores = np.repeat(np.arange(10.0)[:, None], 2, axis=1)
    same = intraclass(*moments(scores))
    assert (float(same.agreement), float(same.consistency)) == (1.0, 1.0)
    other = scores + np.array([[0.0, 1.0]])
    mean, cov = np.stack([scores.mean(0), other.mean(0)]), np.stack([np.cov(scores.T), np.cov(other.T)])
    both = intraclass(mean, cov, 10)
    assert both.consistency == pytest.approx([1, 1])
    assert both.agreement[1] == pytest.approx(float(intraclass(*moments(other)).agreement))
    assert both.agreement[1] < 1
    constant = intraclass([1.0, 1.0], np.zeros((2, 2)), 10)
    assert np.isnan(six(constant)).all()


def test_bad_input():
    for arguments, code in (
        (([1.0], [[1.0]], 5), "N001"),
        (([1.0, 2.0], np.eye(2), 1), "N058"),
        (([1.0, 2.0, 3.0], np.eye(2), 5), "N010"),
    ):
        with pytest.raises(NumericsError) as caught:
            intraclass(*arguments)
        assert [p.code for p in caught.value.problems] == [code]
    for function in (agreement_interval, consistency_interval):
        with pytest.raises(NumericsError) as caught:
            function([1.0, 2.0], np.eye(2), 9, 1.5)
        assert [p.code for p in caught.value.problems] == ["N002"]
