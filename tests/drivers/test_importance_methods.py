"""Relative weights, dominance and Owen values of the mobile phone customers against R and against one another."""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from satmeter.drivers import fit_drivers
from satmeter.drivers.deepen import deepen_drivers
from satmeter.moments import make_resampling

ROOT = Path(__file__).parents[2]
BLOCKS = {"image": "IMAG", "expectations": "CUEX", "quality": "PERQ", "value": "PERV", "complaints": "CUSCO"}
MODEL = {
    "satisfaction": ("image", "expectations", "quality", "value"),
    "loyalty": ("image", "satisfaction", "complaints"),
}


@pytest.fixture(scope="module")
def mobi(study_by_hand):
    path = Path(os.environ.get("SATMETER_DATA", ROOT.parent / "shared" / "data")) / "ecsi-mobile" / "mobi.csv"
    if not path.is_file():
        pytest.skip("no real data: set SATMETER_DATA")
    data = pd.read_csv(path)

    def items(prefix):
        return {k: list(data[k]) for k in data if k.startswith(prefix)}

    constructs = {name: ("driver", items(prefix)) for name, prefix in BLOCKS.items()}
    constructs["satisfaction"] = ("satisfaction", items("CUSA"))
    constructs["loyalty"] = ("loyalty", items("CUSL"))
    study = study_by_hand(constructs, scales=dict.fromkeys(data.columns, (1, 10)), model=MODEL, replicates=400)
    resampling = make_resampling(study)
    return fit_drivers(study, resampling), deepen_drivers(study, resampling), data


def values(rows, outcome, method):
    return [row.estimate for row in rows if (row.outcome, row.method) == (outcome, method)]


def test_relative_weights_are_those_of_r(mobi):
    _, deep, _ = mobi  # R: shared/research/statistics.md 3.3, made with relativeimp and the eigenvalues written out
    found = values(deep["drivers"].rows, "satisfaction", "johnson")
    assert found == pytest.approx([0.1656, 0.0815, 0.2815, 0.1408], abs=5e-5)
    assert values(deep["drivers"].rows, "loyalty", "johnson") == pytest.approx([0.1114, 0.1723, 0.0546], abs=5e-5)


@pytest.mark.parametrize("outcome", ["satisfaction", "loyalty"])
def test_general_dominance_is_lmg_and_shares_sum_to_r2(mobi, outcome):
    core, deep, _ = mobi
    lmg = values(core.drivers, outcome, "lmg")
    assert values(deep["drivers"].rows, outcome, "dominance") == pytest.approx(lmg, abs=1e-12)
    r2 = next(row.estimate for row in core.fit if (row.outcome, row.statistic) == (outcome, "r2"))
    for method in ("johnson", "dominance"):
        rows = [row for row in deep["drivers"].rows if (row.outcome, row.method) == (outcome, method)]
        assert sum(row.estimate for row in rows) == pytest.approx(r2, abs=1e-10)
        assert sum(row.share for row in rows) == pytest.approx(1, abs=1e-12)
        assert all(row.conf_low < row.estimate < row.conf_high for row in rows)


def test_items_share_the_r2_of_all_items(mobi):
    _, deep, data = mobi
    rows = [row for row in deep["drivers"].rows if (row.outcome, row.method) == ("satisfaction", "owen")]
    items = [name for prefix in ("IMAG", "CUEX", "PERQ", "PERV") for name in data if name.startswith(prefix)]
    assert [row.driver for row in rows] == items
    x = np.column_stack([np.ones(len(data)), data[items]])
    y = data[[name for name in data if name.startswith("CUSA")]].mean(axis=1).to_numpy()
    left = y - x @ np.linalg.lstsq(x, y, rcond=None)[0]
    assert sum(row.estimate for row in rows) == pytest.approx(1 - left @ left / ((y - y.mean()) ** 2).sum(), abs=1e-10)


def test_pairs_mirror_one_another(mobi):
    _, deep, _ = mobi
    pairs = {(row.driver, row.other): row for row in deep["dominance"].rows if row.outcome == "satisfaction"}
    assert len(pairs) == 12
    for (driver, other), row in pairs.items():
        mirror = pairs[other, driver]
        assert row.complete + mirror.complete == pytest.approx(1)
        assert row.probability + mirror.probability == pytest.approx(1)
        assert row.general == pytest.approx(-mirror.general, abs=1e-15)
    first = pairs["quality", "expectations"]
    assert (first.complete, first.conditional) == (1.0, 1.0)
    assert first.general == pytest.approx(0.2954 - 0.0769, abs=1e-4)
    assert first.probability == 1.0
    alone = {row.driver: row.estimate for row in deep["conditional_dominance"].rows if row.size == 0}
    r = next(row.estimate for row in mobi[0].drivers if (row.driver, row.method) == ("satisfaction", "correlation"))
    assert alone["satisfaction"] == pytest.approx(r**2, abs=1e-12)


def small(study_by_hand, n, **columns):
    rng = np.random.default_rng(7)
    base = {name: rng.integers(1, 6, n) for name in ("a1", "a2", "b1", "b2", "y1")}
    data = base | {name: base[copy] for name, copy in columns.items()}
    constructs = {
        "a": ("driver", {"a1": data["a1"], "a2": data["a2"]}),
        "b": ("driver", {"b1": data["b1"], "b2": data["b2"]}),
        "y": ("satisfaction", {"y1": data["y1"]}),
    }
    study = study_by_hand(constructs, model={"y": ("a", "b")}, replicates=100)
    return deepen_drivers(study, make_resampling(study))


def test_items_that_are_copies_are_named_and_the_rest_goes_on(study_by_hand):
    deep = small(study_by_hand, 60, b2="a1")
    (note,) = deep["drivers"].notes
    assert (note.code, note.about) == ("D131", "y")
    assert "a1" in note.text("en")
    assert "b2" in note.text("zh-CN")
    assert not values(deep["drivers"].rows, "y", "owen")
    assert len(values(deep["drivers"].rows, "y", "johnson")) == 2


def test_too_few_respondents_for_single_items(study_by_hand):
    (note,) = small(study_by_hand, 9)["drivers"].notes
    assert note.code == "D130"
    assert "9" in note.text("en")
