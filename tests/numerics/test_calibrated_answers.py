"""Shares, quantiles and ratios under calibrated weights against R survey: the CalibrationFrame goes through all."""

from __future__ import annotations

import numpy as np
import pytest

from satmeter.numerics.calibration_cells import CalibrationFrame, indicator_columns, margin_cells
from satmeter.numerics.linearisation import mean_with_se
from satmeter.numerics.quantiles import weighted_quantile, woodruff_interval
from satmeter.numerics.ratio import linearised_ratio
from satmeter.numerics.share_interval import design_size, korn_graubard_interval

TOTALS = np.array([4421.0, 755.0, 1018.0])


@pytest.fixture(scope="module")
def schools(reference):
    """The clustered sample post-stratified by type of school: columns, weights, what they were calibrated to."""
    values = reference("scores")["values"]
    data = {name: np.asarray(column, float) for name, column in values["data"]["clustered"].items()}
    kind = data["stype"].astype(int)
    cells = margin_cells([kind], [3])
    low, high = (np.full(cells.size, end) for end in (-np.inf, np.inf))
    columns = indicator_columns(cells.codes, [3])
    frame = CalibrationFrame(cells, columns, TOTALS, data["pw"], "linear", low, high)
    weights = data["pw"] * frame.sample().factors[cells.cell]
    np.testing.assert_allclose(np.bincount(kind, weights=weights), TOTALS, rtol=1e-12)
    return data, weights, frame, values["calibrated"]


def under_calibration(schools, column):
    data, weights, frame, _ = schools
    return mean_with_se(column, weights, None, data["cluster"], calibration=frame)


def test_a_share_equals_svyciprop(schools):
    expected = schools[3]["high"]
    found = under_calibration(schools, (schools[0]["api00"] > 700).astype(float))
    np.testing.assert_allclose(
        [found.estimate, found.std_error], [expected["estimate"], expected["std_error"]], rtol=1e-9
    )
    size = design_size(found.estimate, found.std_error, found.n, found.df)
    np.testing.assert_allclose(korn_graubard_interval(found.estimate, size), expected["interval"], rtol=1e-9)


@pytest.mark.parametrize("name", ["stu", "elementary"])
def test_a_ratio_equals_svyratio(schools, name):
    data, weights, _, expected = schools
    y = data["api_stu"] if name == "stu" else np.where(data["elementary"] == 1, data["api_stu"], np.nan)
    found = under_calibration(schools, linearised_ratio(y, data["enroll"], weights))
    expected = expected[name]
    np.testing.assert_allclose(
        [found.estimate, found.std_error], [expected["estimate"], expected["std_error"]], rtol=1e-9
    )


def test_quartiles_equal_svyquantile(schools):
    data, weights, _, expected = schools
    quartiles = weighted_quantile(data["enroll"], weights, [0.25, 0.5, 0.75])
    below = under_calibration(schools, (data["enroll"][:, None] <= quartiles).astype(float))
    size = design_size(below.estimate, below.std_error, len(weights), below.df)
    error, low, high = woodruff_interval(data["enroll"], weights, below.estimate, size, below.df)
    for key, values in {"estimate": quartiles, "low": low, "high": high, "std_error": error}.items():
        np.testing.assert_allclose(values, expected["enroll"][key], rtol=1e-9, err_msg=key)
