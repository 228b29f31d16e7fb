"""Ratios against R survey."""

from __future__ import annotations

import numpy as np
import pytest

from satmeter.numerics.linearisation import mean_with_se
from satmeter.numerics.ratio import linearised_ratio

COLUMNS = {"stu": ("api_stu", "enroll"), "elementary": ("api_stu", "enroll"), "api": ("api00", "api99")}


@pytest.mark.parametrize("name", ["simple", "stratified", "clustered"])
@pytest.mark.parametrize("ratio", ["stu", "elementary", "api"])
def test_ratios_equal_svyratio(reference, name, ratio):
    document = reference("scores")
    data, expected = document["values"]["data"][name], document["values"]["designs"][name]["ratios"][ratio]
    y, x = (np.array(data[column], float) for column in COLUMNS[ratio])
    if ratio == "elementary":
        y = np.where(np.array(data["elementary"]) == 1, y, np.nan)
    weights = None if name == "simple" else data["pw"]
    found = mean_with_se(linearised_ratio(y, x, weights), weights, data.get("stratum"), data.get("cluster"))
    rtol = document["rtol"]
    np.testing.assert_allclose(
        [found.estimate, found.std_error], [expected["estimate"], expected["std_error"]], rtol=rtol
    )
    assert found.df == expected["df"]


def test_rows_with_one_of_the_two_do_not_count():
    y, x = np.array([[4.0, np.nan], [6.0, 1.0], [np.nan, 5.0]]), np.array([[2.0, 3.0], [8.0, 2.0], [1.0, np.nan]])
    column = linearised_ratio(y, x, [1.0, 3.0, 2.0])
    assert np.isnan(column).tolist() == [[False, True], [False, False], [True, True]]
    assert (column[:2, 0] * [1, 3]).sum() / 4 == pytest.approx((4 + 18) / (2 + 24))
    assert column[1, 1] == pytest.approx(0.5)


def test_a_sum_of_zero_has_no_ratio():
    assert np.isnan(linearised_ratio([1.0, 2.0], [0.0, 0.0])).all()
