"""A real survey with weights, strata and clusters against R survey: the airport's passengers of 2017."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from satmeter.numerics.design import design_units
from satmeter.numerics.linearisation import mean_with_se
from satmeter.numerics.resampling import rao_wu_draws, rao_wu_scale

ROOT = Path(__file__).parents[2]
FOLDER = Path(os.environ.get("SATMETER_DATA", ROOT.parent / "shared" / "data")) / "sfo-airport"
DATA = FOLDER / "sfo_customer_survey_2017.csv"
pytestmark = pytest.mark.skipif(not DATA.is_file(), reason="sfo_customer_survey_2017.csv is not in SATMETER_DATA")


@pytest.fixture(scope="module")
def passengers() -> pd.DataFrame:
    table = pd.read_csv(DATA, dtype={"BAREA": str}, low_memory=False)
    rating = pd.to_numeric(table["Q7ALL"], errors="coerce")
    table["rating"] = rating.where(rating.isin([1, 2, 3, 4, 5]))
    table["top2"] = (table["rating"] >= 4).astype(float).where(table["rating"].notna())
    likely = pd.to_numeric(table["NETPRO"], errors="coerce")
    likely = likely.where(likely.between(0, 10))
    table["nps"] = np.where(likely.isna(), np.nan, 100.0 * (likely >= 9) - 100.0 * (likely <= 6))
    return table


def assert_equal(found, expected, rtol):
    np.testing.assert_allclose(found.estimate, expected["estimate"], rtol=rtol)
    np.testing.assert_allclose(found.std_error, expected["std_error"], rtol=rtol)
    assert (found.df, found.n) == (expected["df"], expected["n"])


@pytest.mark.parametrize("name", ["rating", "top2", "nps"])
def test_figures_equal_survey(reference, passengers, name):
    document = reference("airport")
    design = (passengers["WEIGHT"], passengers["STRATA"], passengers["RUNID"])
    assert_equal(mean_with_se(passengers[name], *design), document["values"][name], document["rtol"])


def test_boarding_areas_equal_survey(reference, passengers):
    document = reference("airport")
    design = (passengers["WEIGHT"], passengers["STRATA"], passengers["RUNID"])
    assert len(document["values"]["areas"]) == 2
    for area, expected in document["values"]["areas"].items():
        rating = passengers["rating"].where(passengers["BAREA"] == area)
        assert_equal(mean_with_se(rating, *design), expected, document["rtol"])


def test_replicates_give_the_same_error(reference, passengers):
    design = design_units(len(passengers), passengers["STRATA"], passengers["RUNID"])
    draws = rao_wu_draws(design.stratum, 2000, np.random.default_rng(5)) * rao_wu_scale(design.stratum)
    seen = passengers["nps"].notna().to_numpy()
    weights = passengers["WEIGHT"].to_numpy()[seen]
    replicate = draws[:, design.unit[seen]] * weights
    means = replicate @ passengers["nps"].to_numpy()[seen] / replicate.sum(axis=1)
    # 2,000 replicates: relative error 1.6 %; three of them
    assert means.std(ddof=1) == pytest.approx(reference("airport")["values"]["nps"]["std_error"], rel=0.048)
