"""Calibrated weights against R survey, iterative proportional fitting written out, and what must not matter."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from satmeter.errors import NumericsError
from satmeter.numerics.calibration import calibrate
from satmeter.numerics.calibration_cells import CalibrationFrame, indicator_columns, margin_cells
from satmeter.numerics.linearisation import mean_with_se

MARGINS = np.array([4421.0, 755, 1018, 1072, 5122])
SCORE = np.array([6194.0, 755, 1018, 3914069])
NO_BOUNDS = (np.full(1, -np.inf), np.full(1, np.inf))


@pytest.fixture(scope="module")
def values(reference):
    return reference("calibration")["values"]


def columns(sample):
    return {key: np.asarray(value) for key, value in sample.items() if value}


def by_margins(sample):
    cells = margin_cells([sample["stype"], sample["wide"]], [3, 2])
    return cells, indicator_columns(cells.codes, [3, 2])


def by_score(sample):
    kinds = sample["stype"]
    return np.stack([np.ones(len(kinds)), kinds == 1, kinds == 2, sample["api99"]], axis=1).astype(float)


def frame_of(sample, cells, x, totals, distance="raking", bounds=(-np.inf, np.inf)):
    size = cells.size
    low, high = (np.full(size, side) for side in bounds)
    return CalibrationFrame(cells, x, totals, sample["pw"].astype(float), distance, low, high)


def one_row_cells(n):
    return margin_cells([np.arange(n)], [n])


CASES = {
    "raking": ("apisrs", "margins", "raking", (-np.inf, np.inf)),
    "raking_clusters": ("apiclus1", "margins", "raking", (-np.inf, np.inf)),
    "raking_strata": ("apistrat", "wide", "raking", (-np.inf, np.inf)),
    "linear": ("apisrs", "score", "linear", (-np.inf, np.inf)),
    "bounded_linear": ("apisrs", "margins", "linear", (0.92, 1.1)),
    "logit": ("apisrs", "score", "logit", (0.7, 1.4)),
    "post": ("apisrs", "stype", "linear", (-np.inf, np.inf)),
}


def made(values, case):
    data, kind, distance, bounds = CASES[case]
    sample = columns(values[data])
    if kind == "score":
        return sample, frame_of(sample, one_row_cells(len(sample["pw"])), by_score(sample), SCORE, distance, bounds)
    if kind == "margins":
        cells, x = by_margins(sample)
        return sample, frame_of(sample, cells, x, MARGINS, distance, bounds)
    key, levels, totals = ("wide", 2, MARGINS[3:]) if kind == "wide" else ("stype", 3, MARGINS[:3])
    cells = margin_cells([sample[key]], [levels])
    return sample, frame_of(sample, cells, indicator_columns(cells.codes, [levels]), totals, distance, bounds)


@pytest.mark.parametrize("case", CASES)
def test_weights_means_and_errors_equal_survey(values, case):
    sample, frame = made(values, case)
    found = frame.sample()
    weights = sample["pw"] * found.factors[frame.cells.cell]
    assert found.converged
    assert weights == pytest.approx(values[case]["weights"], rel=1e-9)
    y = np.stack([sample["enroll"], sample["api00"]], axis=1).astype(float)
    mean = mean_with_se(y, weights, sample.get("stratum"), sample.get("cluster"), calibration=frame)
    assert mean.estimate == pytest.approx(values[case]["mean"], rel=1e-9)
    assert mean.std_error == pytest.approx(values[case]["std_error"], rel=1e-9)


@pytest.mark.parametrize("case", ["raking", "raking_clusters"])
def test_domains_of_raked_samples_equal_survey(values, case):
    sample, frame = made(values, case)
    weights = sample["pw"] * frame.sample().factors[frame.cells.cell]
    y = np.where(sample["wide"][:, None] == [0, 1], sample["enroll"][:, None], np.nan)
    mean = mean_with_se(y, weights, None, sample.get("cluster"), calibration=frame)
    assert mean.estimate == pytest.approx(values[f"{case}_domains"]["mean"], rel=1e-9)
    assert mean.std_error == pytest.approx(values[f"{case}_domains"]["std_error"], rel=1e-9)


def test_errors_that_ignore_the_calibration_are_larger_here(values):
    sample, frame = made(values, "raking")
    weights = sample["pw"] * frame.sample().factors[frame.cells.cell]
    naive = mean_with_se(sample["enroll"].astype(float), weights)
    assert naive.std_error > 1.2 * values["raking"]["std_error"][0]


def fitted_in_turn(codes, levels, weights, totals):
    """Return weights by iterative proportional fitting on rows, the textbook's way."""
    w = weights.astype(float).copy()
    for _ in range(500):
        for code, count, total in zip(codes, levels, totals, strict=True):
            w *= (total / np.bincount(code, weights=w, minlength=count))[code]
    return w


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 4), st.integers(2, 5))
def test_raking_is_what_fitting_margins_in_turn_ends_at(seed, first, second):
    rng = np.random.default_rng(seed)
    levels = [first, second]
    n = 30 * first * second
    codes = [rng.integers(0, k, n) for k in levels]
    base = rng.uniform(0.5, 2.0, n)
    totals = [rng.dirichlet(np.full(k, 8.0)) * 1000 for k in levels]
    cells = margin_cells(codes, levels)
    mass = np.bincount(cells.cell, weights=base)
    found = calibrate(indicator_columns(cells.codes, levels), mass, np.concatenate(totals))
    assert found.converged
    ours = base * found.factors[cells.cell]
    assert ours == pytest.approx(fitted_in_turn(codes, levels, base, totals), rel=1e-8)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(["linear", "raking", "logit"]))
def test_many_samples_at_once_equal_one_after_the_other(seed, distance):
    rng = np.random.default_rng(seed)
    codes = np.stack([np.repeat([0, 1, 2], 2), np.tile([0, 1], 3)], axis=1)
    x = indicator_columns(codes, [3, 2])
    weights = rng.uniform(8, 12, (5, 6))
    totals = np.array([20.0, 21, 19, 31, 29])
    bounds = (0.2, 5.0) if distance == "logit" else None
    together = calibrate(x, weights, totals, distance=distance, bounds=bounds)
    assert together.converged.all()
    for row, factors in zip(weights, together.factors, strict=True):
        alone = calibrate(x, row, totals, distance=distance, bounds=bounds)
        assert factors == pytest.approx(alone.factors, rel=1e-9)
    assert (together.factors * weights) @ x == pytest.approx(np.tile(totals, (5, 1)), rel=1e-10)


def test_rows_and_cells_give_the_same_weights():
    rng = np.random.default_rng(5)
    codes = [rng.integers(0, k, 500) for k in (2, 3, 4)]
    cells = margin_cells(codes, [2, 3, 4])
    totals = np.array([240.0, 260, 150, 170, 180, 100, 120, 130, 150])
    by_cell = calibrate(indicator_columns(cells.codes, [2, 3, 4]), np.bincount(cells.cell), totals)
    by_row = calibrate(indicator_columns(np.stack(codes, axis=1), [2, 3, 4]), np.ones(500), totals)
    assert by_cell.factors[cells.cell] == pytest.approx(by_row.factors, rel=1e-9)
    assert (cells.codes[cells.cell] == np.stack(codes, axis=1)).all()


def test_a_cube_too_large_to_lay_out_is_sorted_instead():
    rng = np.random.default_rng(5)
    codes = [rng.integers(0, 300, 1000) for _ in range(4)]
    cells = margin_cells(codes, [300] * 4)
    assert (cells.codes[cells.cell] == np.stack(codes, axis=1)).all()
    assert cells.size == len(np.unique(np.stack(codes, axis=1), axis=0))


def test_bounds_by_row_keep_every_weight_between_them():
    rng = np.random.default_rng(9)
    code = rng.integers(0, 2, 400)
    base = rng.uniform(0.2, 4.0, 400)
    x = indicator_columns(code[:, None], [2])
    low, high = 0.6 / base, 1.6 / base
    found = calibrate(x, base, [150.0, 250.0], bounds=(low, high))
    weights = base * found.factors
    assert found.converged
    assert weights @ x == pytest.approx([150.0, 250.0], rel=1e-10)
    assert weights.min() >= 0.6 - 1e-12
    assert weights.max() <= 1.6 + 1e-12
    assert (weights > 1.6 - 1e-9).sum() > 10


def test_totals_that_cannot_be_met_are_said_so():
    impossible = calibrate([[1.0, 1], [1, 0]], [1.0, 0.0], [2.0, 1.0])
    assert not impossible.converged
    assert impossible.gap > 0.1


def code_of(call):
    with pytest.raises(NumericsError) as caught:
        call()
    return caught.value.problems[0].code


def test_bad_input_is_refused():
    x = [[1.0, 0, 1], [1, 0, 0], [0, 1, 1]]
    assert code_of(lambda: calibrate([[1.0, 1], [1, 1]], [1.0, 1], [1.0, 2.0])) == "N100"
    assert code_of(lambda: calibrate(x, np.ones(3), np.ones(3), distance="logit")) == "N101"
    assert code_of(lambda: calibrate(x, np.ones(3), np.ones(3), bounds=(2.0, 1.0))) == "N101"
    assert code_of(lambda: calibrate(x, -np.ones(3), np.ones(3))) == "N008"
    assert code_of(lambda: calibrate(x, np.ones(2), np.ones(3))) == "N010"
    assert code_of(lambda: margin_cells([[0, 2]], [2])) == "N010"
