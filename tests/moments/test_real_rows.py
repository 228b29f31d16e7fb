"""The rows of the ECSI mobile data, where they are at hand, against R psych and R lm."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from satmeter.moments import Resampling, moment_stack
from satmeter.numerics.factor import omega_total
from satmeter.numerics.importance import lmg
from satmeter.numerics.intervals import reliability_interval
from satmeter.numerics.reliability import alpha, feldt_interval
from satmeter.numerics.resampling import rao_wu_draws, rao_wu_scale

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("SATMETER_DATA", ROOT.parent / "shared" / "data")) / "ecsi-mobile" / "mobi.csv"
pytestmark = pytest.mark.skipif(not DATA.is_file(), reason="mobi.csv is not in SATMETER_DATA")


def reference(name):
    return json.loads((ROOT / "tests" / "reference" / f"{name}.json").read_text("utf-8"))["values"]


@pytest.fixture(scope="module")
def resampling() -> Resampling:
    stratum = np.zeros(250, dtype=np.int64)
    draws = rao_wu_draws(stratum, 1000, np.random.default_rng(20261121))
    return Resampling(np.ones(250), np.arange(250), draws, rao_wu_scale(stratum), 249)


@pytest.mark.parametrize("construct", ["image", "expectations", "quality", "value", "satisfaction", "loyalty"])
def test_rows_give_the_covariances_and_coefficients_of_psych(resampling, construct):
    values = reference("reliability")["ecsi"][construct]
    stack = moment_stack(resampling, pd.read_csv(DATA)[values["items"]].to_numpy(dtype=float))
    np.testing.assert_allclose(stack.covariance[0], values["covariance"], rtol=1e-12)
    coefficients = alpha(stack.covariance)
    assert coefficients[0] == pytest.approx(values["alpha"], rel=1e-12)
    low, high = reliability_interval(coefficients[0], coefficients[1:], 249)
    feldt_low, feldt_high = feldt_interval(coefficients[0], 250, len(values["items"]))
    # real ratings have heavier tails than Feldt's formula assumes: about as long or longer, in the same place
    assert 0.9 < (high - low) / (feldt_high - feldt_low) < 1.6
    assert abs((low + high) - (feldt_low + feldt_high)) < 0.05
    if "omega_formula" in values:
        omega = omega_total(stack.covariance)
        assert np.isfinite(omega).all()
        assert omega[0] == pytest.approx(values["omega_formula"], abs=1e-4)


def test_drivers_of_satisfaction_have_the_intervals_of_the_literature(resampling):
    items = pd.read_csv(DATA)
    columns = {"CUSA": 3, "IMAG": 5, "CUEX": 3, "PERQ": 7, "PERV": 2}
    scores = [100 * (items[[f"{c}{i + 1}" for i in range(k)]].mean(axis=1) - 1) / 9 for c, k in columns.items()]
    stack = moment_stack(resampling, np.column_stack(scores))
    values = reference("drivers")["ecsi_satisfaction"]
    np.testing.assert_allclose(stack.covariance[0], values["covariance"], rtol=1e-12)
    found = lmg(stack.covariance, 0, ((1,), (2,), (3,), (4,)))
    np.testing.assert_allclose(found[0], values["lmg"], rtol=1e-9)
    # R relaimpo, 1,000 bootstrap samples: image .1296–.2046, quality .2345–.3667 (two other seeds differ by .01)
    low, high = np.quantile(found[1:], [0.025, 0.975], axis=0)
    np.testing.assert_allclose([low[0], high[0], low[2], high[2]], [0.1296, 0.2046, 0.2345, 0.3667], atol=0.015)
