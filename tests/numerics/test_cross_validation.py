"""Cross-validation on moments against fitting every part in R, and against plain loops."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from satmeter.errors import NumericsError
from satmeter.numerics.cross_validation import cross_validate, deal, validated


@pytest.mark.parametrize("name", ["plain", "weighted"])
def test_out_of_sample_fit_equals_lm(reference, prestige, name):
    expected = reference("diagnostics")["values"]["prestige"]["cross_validation"][name]
    weights = np.resize([1, 2, 0.5], 102) if name == "weighted" else np.ones(102)
    cuts = (np.arange(1, 103) * 5 % 7)[None]
    found = validated(prestige[:, 1:], prestige[:, 0], weights, cuts, 7)
    assert found.r2 == pytest.approx(expected["r2"], rel=1e-9)
    assert found.rmse == pytest.approx(expected["rmse"], rel=1e-9)


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10_000), st.booleans())
def test_leaving_one_out_equals_the_leverage_formula(seed, shifted):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((30, 3)) + (1000 if shifted else 0)
    y = x.sum(axis=1) + rng.standard_normal(30)
    found = cross_validate(x, y, folds=30, repeats=2, seed=seed)
    design = np.column_stack([np.ones(30), x - x.mean(axis=0)])
    hat = design @ np.linalg.solve(design.T @ design, design.T)
    error = (y - hat @ y) / (1 - np.diag(hat))
    assert found.rmse == pytest.approx(np.sqrt(np.mean(error**2)), rel=1e-7)
    around = (y - y.mean()) * 30 / 29
    np.testing.assert_allclose(found.by_repeat, 1 - error @ error / (around @ around), rtol=1e-6)


def test_the_seed_decides_and_units_change_nothing(prestige):
    x, y = prestige[:, 1:], prestige[:, 0]
    one = cross_validate(x, y, seed=3)
    assert cross_validate(x, y, seed=3).r2 == one.r2
    assert cross_validate(x, y, seed=4).r2 != one.r2
    other = cross_validate(x * [1, 1000, 1], 5 * y + 3, seed=3)
    assert other.r2 == pytest.approx(one.r2, rel=1e-9)
    assert one.r2 < one.r2_in_sample


def test_clusters_stay_together_and_strata_are_spread():
    rng = np.random.default_rng(1)
    part = deal(np.repeat([0, 1], [10, 20]), 5, rng)
    assert np.bincount(part[:10]).tolist() == [2] * 5
    assert np.bincount(part[10:]).tolist() == [4] * 5
    cluster = np.repeat(np.arange(20), 5)
    level = rng.standard_normal(20)[cluster]
    marks = np.eye(20)[cluster][:, :12] + 0.01 * rng.standard_normal((100, 12))
    split = cross_validate(marks, level)
    kept = cross_validate(marks, level, cluster=cluster)
    assert split.r2 > 0.2
    assert kept.r2 < 0


def test_noise_predicts_nothing():
    rng = np.random.default_rng(5)
    found = cross_validate(rng.standard_normal((80, 8)), rng.standard_normal(80))
    assert found.r2_in_sample > 0.03
    assert found.r2 < 0


def test_samples_that_cannot_be_cut():
    x, y = np.arange(12.0)[:, None], np.arange(12.0) ** 2
    with pytest.raises(NumericsError, match="N095"):
        cross_validate(x, y, folds=1)
    with pytest.raises(NumericsError, match="N095"):
        cross_validate(x, y, folds=13)
    with pytest.raises(NumericsError, match="N095"):
        cross_validate(np.column_stack([x, np.arange(12) == 3]), y, folds=12)
    with pytest.raises(NumericsError, match="N004"):
        cross_validate(np.ones((12, 1)), y, folds=3)
    with pytest.raises(NumericsError, match="N009"):
        cross_validate(np.where(x == 3, np.nan, x), y, folds=3)
