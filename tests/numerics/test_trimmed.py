"""Trimmed means against R and against repeated rows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from satmeter.errors import NumericsError
from satmeter.numerics.intervals import t_interval
from satmeter.numerics.linearisation import mean_with_se
from satmeter.numerics.trimmed import linearised_trimmed

CASES = {"enroll10": ("enroll", 0.1), "enroll20": ("enroll", 0.2), "stu05": ("api_stu", 0.05)}


@pytest.mark.parametrize("case", CASES)
def test_trimmed_means_equal_r(reference, case):
    document = reference("scores")
    variable, trim = CASES[case]
    expected = document["values"]["trimmed"][case]
    trimmed = linearised_trimmed(document["values"]["data"]["simple"][variable], None, trim)
    found = mean_with_se(trimmed.column)
    df = min(float(found.df), trimmed.kept - 1)
    assert df == expected["df"]
    rtol = document["rtol"]
    np.testing.assert_allclose(
        [found.estimate, found.std_error], [expected["estimate"], expected["std_error"]], rtol=rtol
    )
    np.testing.assert_allclose(t_interval(found.estimate, found.std_error, df), expected["interval"], rtol=rtol)


def test_nothing_trimmed_is_the_mean():
    x, w = np.array([3.0, 1.0, 8.0, 2.0]), np.array([1.0, 2.0, 0.5, 4.0])
    trimmed = linearised_trimmed(x, w, 0.0)
    np.testing.assert_allclose(trimmed.column, x, rtol=1e-12)
    assert trimmed.kept == 4


def test_a_row_on_the_line_counts_in_part():
    trimmed = linearised_trimmed([1.0, 2.0, 3.0, 4.0, 100.0], None, 0.3)
    assert trimmed.column.mean() == pytest.approx((0.5 * 2 + 3 + 0.5 * 4) / 2)
    assert trimmed.kept == 3


def test_no_values_have_no_trimmed_mean():
    with pytest.raises(NumericsError) as error:
        linearised_trimmed([], None, 0.1)
    assert error.value.problems[0].code == "N001"


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(-5, 50), st.integers(1, 4)), min_size=2, max_size=20),
    st.floats(0, 0.45),
    st.randoms(),
)
def test_weights_are_repeated_rows_and_order_is_nothing(rows, trim, random):
    values, weights = np.array(rows, dtype=float).T
    repeated = np.repeat(values, weights.astype(int))
    few, many = linearised_trimmed(values, weights, trim), linearised_trimmed(repeated, None, trim)
    assert np.average(few.column, weights=weights) == pytest.approx(many.column.mean(), abs=1e-9)
    np.testing.assert_allclose(np.repeat(few.column, weights.astype(int)), many.column, atol=1e-9)
    random.shuffle(rows)
    values, weights = np.array(rows, dtype=float).T
    assert np.average(linearised_trimmed(values, weights, trim).column, weights=weights) == pytest.approx(
        many.column.mean(), abs=1e-9
    )
    assert repeated.min() - 1e-9 <= many.column.mean() <= repeated.max() + 1e-9
