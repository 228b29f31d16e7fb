"""How often the replicates put a driver into its quadrant."""

from dataclasses import replace

import numpy as np
import pytest

from satmeter.drivers import fit_drivers
from satmeter.drivers.paths import path_sections
from satmeter.drivers.priorities import quadrant_probability
from satmeter.drivers.section import DeepInput
from satmeter.moments import make_resampling, moment_stack
from satmeter.numerics.importance import lmg


def customers(n=300, seed=6):
    rng = np.random.default_rng(seed)
    a, b, c = rng.normal(size=(3, n))
    y = 1.0 * a + 0.3 * b + rng.normal(size=n)

    def item(x, middle):
        return list(np.clip(np.round(middle + 3 * x), 0, 20))

    return {"a": item(a, 12), "b": item(b, 6), "c": item(c, 10.9), "y": item(y, 10)}


@pytest.fixture(scope="module")
def study(study_by_hand):
    roles = {"a": "driver", "b": "driver", "c": "cost", "y": "satisfaction"}
    constructs = {name: (roles[name], {f"{name}1": column}) for name, column in customers().items()}
    scales = {f"{name}1": (0, 20) for name in "abcy"}
    return study_by_hand(constructs, scales=scales, model={"y": ("a", "b", "c")}, replicates=400)


def test_it_is_the_share_of_replicates_on_the_same_side_of_both_lines(study):
    resampling = make_resampling(study)
    rows = fit_drivers(study, resampling).priorities
    table = np.column_stack([study.construct_scores[name] for name in "yabc"])
    moments = moment_stack(resampling, table)
    values = lmg(moments.covariance, 0, ((1,), (2,), (3,)))
    share = values / values.sum(axis=1, keepdims=True)
    good = moments.mean[:, 1:] * [1, 1, -1] + [0, 0, 100]  # a cost is turned round
    above = share >= share.mean(axis=1, keepdims=True), good >= good.mean(axis=1, keepdims=True)
    same = np.logical_and(*(side[1:] == side[0] for side in above)).mean(axis=0)
    assert [row.probability for row in rows] == pytest.approx(list(same), abs=1e-12)
    assert [row.quadrant for row in rows] == ["strength", "opportunity", "maintain"]
    assert rows[0].probability > 0.99
    assert rows[0].certain
    assert 0.5 < rows[2].probability < 0.99


def test_a_target_is_one_of_performance(study):
    resampling = make_resampling(study)
    target = replace(study, plan=replace(study.plan, drivers=replace(study.plan.drivers, cut=99.0)))
    rows = fit_drivers(target, resampling).priorities
    assert {row.quadrant for row in rows} == {"improve", "opportunity"}
    assert all(row.probability > 0.95 for row in rows if row.driver != "b")


def test_without_degrees_of_freedom_there_is_none(study):
    clustered = replace(study, cluster=np.arange(300) % 3)
    rows = fit_drivers(clustered, make_resampling(clustered)).priorities
    assert {row.probability for row in rows} == {None}


def test_a_figure_that_is_missing_has_none():
    table = np.array([[0.5, np.nan], [0.4, 0.6], [0.3, 0.7]])
    assert np.isnan(quadrant_probability(table, np.ones((3, 2)), "mean")).all()


def test_along_the_path_model(study):
    rows = path_sections(DeepInput(study, make_resampling(study), ()))["path_importance"].rows
    whole = {row.driver: row for row in rows if not row.item}
    assert whole["a"].probability > 0.99
    assert all(0 < row.probability <= 1 for row in rows)
    sure = [row for row in rows if row.certain]
    assert all(row.probability > 0.95 for row in sure)
    assert sure
