"""The invariance sequence against lavaan, known truth, and its own criteria."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from satmeter.numerics.cfa_build import Constraints
from satmeter.numerics.cfa_groups import fit_groups
from satmeter.numerics.invariance import Criteria, measurement_invariance, release_scores

HS = ((0, 1, 2), (3, 4, 5), (6, 7, 8))


def columns(case):
    ends = np.cumsum([0, *(len(items) for items in case["factors"].values())])
    return [tuple(range(a, b)) for a, b in pairwise(ends)]


@pytest.fixture(scope="module")
def school(reference):
    case = reference("invariance")["values"]["hs_school"]
    return np.array(case["covariance"]), np.array(case["means"]), np.array(case["n"])


@pytest.mark.parametrize(
    ("part", "constraints"),
    [("loading", Constraints(loadings=True)), ("intercept", Constraints(loadings=True, intercepts=True))],
)
@pytest.mark.parametrize("name", ["hs_school", "bfi_gender", "bfi_education"])
def test_score_tests_of_equality_equal_lavaan(reference, name, part, constraints):
    case = reference("invariance")["values"][name]
    fit = fit_groups(case["covariance"], case["means"], case["n"], columns(case), constraints=constraints)
    found = release_scores(fit.solution, part)
    assert list(found) == list(range(len(case["items"])))
    np.testing.assert_allclose(list(found.values()), case[f"{part}_scores"], rtol=2e-4, atol=2e-5)


def test_school_is_the_published_sequence(school):
    found = measurement_invariance(*school, HS)
    assert [step.level for step in found.steps] == ["configural", "metric", "scalar", "strict"]
    assert [step.holds for step in found.steps] == [True, True, False, True]
    _, metric, scalar, strict = found.steps
    assert (round(metric.chi2_change, 3), metric.df_change, round(metric.p_change, 3)) == (8.192, 6, 0.224)
    assert (round(scalar.chi2_change, 3), scalar.df_change) == (40.059, 6)
    assert scalar.p_change == pytest.approx(4.4346e-7, rel=1e-4)
    assert (round(strict.chi2_change, 3), strict.df_change) == (17.409, 9)
    assert round(metric.cfi_change, 4) == -0.0025
    assert round(scalar.rmsea_change, 4) == 0.0145
    assert scalar.srmr_change == pytest.approx(0.08245 - 0.07165, abs=2e-5)


def test_school_is_partially_invariant_with_its_items_named(school, reference):
    found = measurement_invariance(*school, HS)
    assert found.verdict == "partial"
    assert found.released == (("intercept", 2), ("intercept", 6))  # x3 and x7, as everybody finds
    assert [step.released for step in found.partial] == [found.released[:1], found.released]
    assert [step.holds for step in found.partial] == [False, True]
    partial = reference("invariance")["values"]["hs_school"]["partial"]
    last = found.partial[-1].indices
    assert (last.chi2, last.df) == (pytest.approx(partial["measures"]["chisq"], rel=1e-6), 58)
    assert found.partial[-1].df_change == 4  # against the metric model
    means = found.comparable.estimates[1]
    np.testing.assert_allclose(means.factor_means, partial["last"]["factor_means"], atol=1e-5)
    np.testing.assert_allclose(means.factor_means_se, partial["last"]["factor_means_se"], atol=1e-5)


LOADINGS = np.array([0.8, 0.7, 0.6, 0.75, 0.65, 0.85])
HALVES = ((0, 1, 2), (3, 4, 5))


def group(loadings=LOADINGS, shift=(), means=(0.0, 0.0), variance=1.0):
    """Population moments of a group: 6 items on two factors."""
    lam = np.zeros((6, 2))
    lam[:3, 0], lam[3:, 1] = loadings[:3], loadings[3:]
    cov = variance * lam @ np.array([[1, 0.5], [0.5, 1]]) @ lam.T + np.diag(1 - LOADINGS**2)
    mean = 3 + lam @ np.array(means)
    for item, size in shift:
        mean[item] += size
    return cov, mean


def verdict_of(*groups, factors=HALVES, n=400, **criteria):
    cov, means = zip(*groups, strict=True)
    return measurement_invariance(
        np.array(cov) * n / (n - 1), np.array(means), [n] * len(groups), factors, criteria=Criteria(**criteria)
    )


def test_equal_measurement_with_other_means_and_variances_is_scalar():
    found = verdict_of(group(), group(means=(0.5, -0.3), variance=1.5), group(means=(1.0, 0.0)))
    assert (found.verdict, found.released, found.partial) == ("scalar_holds", (), ())
    assert found.steps[2].indices.chi2 == pytest.approx(0, abs=1e-6)
    np.testing.assert_allclose(found.comparable.estimates[1].factor_means, [0.5, -0.3], atol=1e-6)
    np.testing.assert_allclose(np.diagonal(found.comparable.estimates[1].factor_cov), 1.5, atol=2e-2)
    assert found.comparable.estimates[0].factor_means.tolist() == [0, 0]


def test_a_shifted_item_is_the_one_released():
    found = verdict_of(group(), group(shift=[(4, 0.6)], means=(0.5, 0.2)))
    assert (found.verdict, found.released) == ("partial", (("intercept", 4),))
    assert found.partial[-1].indices.chi2 == pytest.approx(0, abs=1e-6)
    np.testing.assert_allclose(found.comparable.estimates[1].factor_means, [0.5, 0.2], atol=1e-6)


def test_another_loading_is_released_with_its_intercept():
    other = LOADINGS.copy()
    other[1] = -0.2
    found = verdict_of(group(), group(loadings=other, shift=[(1, 0.5)], means=(0.4, 0.1)))
    assert found.verdict == "partial"
    assert found.released == (("loading", 1), ("intercept", 1))
    assert [step.level for step in found.partial] == ["metric", "scalar"]
    np.testing.assert_allclose(found.comparable.estimates[1].factor_means, [0.4, 0.1], atol=1e-5)


def test_too_many_shifts_leave_only_the_loadings():
    found = verdict_of(group(), group(shift=[(0, 0.4), (1, -0.3), (3, 0.4), (4, -0.3)]), rmsea_rise=0.001)
    assert (found.verdict, found.released, found.comparable) == ("metric_only", (), None)
    items = [item for _, item in found.partial[-1].released]
    assert sorted(HALVES.index(half) for half in HALVES for item in items if item in half) == [0, 1]


def test_loadings_that_differ_everywhere_leave_nothing():
    other = np.array([0.2, 0.7, 0.95, 0.95, 0.65, 0.1])
    found = verdict_of(group(), group(loadings=other), n=4000, cfi_drop=0.0001, rmsea_rise=0.0001)
    assert (found.verdict, found.comparable) == ("none", None)
    assert len(found.partial) == 2  # one loading of each factor may go, two must stay
    assert all(step.level == "metric" and not step.holds for step in found.partial)


def test_a_level_without_maximum_does_not_hold_and_says_so():
    """Opposite shifts of two items of three: the likelihood grows as the third one's loading does, without end."""
    found = verdict_of(group(), group(shift=[(0, 0.8), (1, -0.8), (3, 0.9), (4, -0.9)]))
    scalar, strict = found.steps[2:]
    assert [scalar.converged, scalar.holds, strict.converged, strict.holds] == [False] * 4
    assert np.isnan([scalar.indices.chi2, scalar.indices.cfi, scalar.cfi_change, scalar.p_change]).all()
    assert (scalar.indices.df, scalar.indices.n) == (16 + 4 + 4, 800)
    assert (found.verdict, found.partial) == ("metric_only", ())


def test_a_model_that_fits_nobody_has_no_verdict_to_give():
    cov, mean = group()
    cov[0, 5] = cov[5, 0] = 0.75
    found = verdict_of((cov, mean), (cov, mean))
    assert found.steps[0].indices.cfi < 0.9
    assert (found.verdict, found.steps[0].holds, found.partial) == ("none", False, ())


def test_criteria_decide(school):
    strict = measurement_invariance(*school, HS, criteria=Criteria(cfi_drop=0.05))
    assert strict.verdict == "scalar_holds"
    assert measurement_invariance(*school, HS, criteria=Criteria(least_cfi=0.95)).verdict == "none"


def test_factor_of_one_item_and_of_two():
    found = verdict_of(group(), group(shift=[(1, 0.7)]), factors=((0, 1), (2,), (3, 4, 5)))
    assert found.steps[2].df_change == 6 - 3
    # a factor of two items cannot lose one: nothing may be released there
    assert found.verdict == "metric_only"
    assert not any(item in (0, 1, 2) for step in found.partial for _, item in step.released)


@settings(deadline=None, max_examples=10)
@given(
    st.permutations(range(9)),
    st.lists(st.floats(0.05, 20), min_size=9, max_size=9),
    st.lists(st.floats(-50, 50), min_size=9, max_size=9),
    st.booleans(),
)
def test_order_units_and_origin_change_no_verdict(school, order, scale, shift, swap):
    cov, means, n = school
    plain = measurement_invariance(cov, means, n, HS)
    order, scale, shift = np.array(order), np.array(scale), np.array(shift)
    back = np.argsort(order)
    turned = (cov * scale * scale[:, None])[:, order][:, :, order]
    moved = (means * scale + shift)[:, order]
    groups = [1, 0] if swap else [0, 1]
    factors = [tuple(int(back[i]) for i in items) for items in HS]
    other = measurement_invariance(turned[groups], moved[groups], n[groups], factors)
    assert other.verdict == plain.verdict
    assert {(kind, int(order[item])) for kind, item in other.released} == set(plain.released)
    for one, two in zip(other.steps, plain.steps, strict=True):
        assert one.indices.chi2 == pytest.approx(two.indices.chi2, rel=1e-7)
