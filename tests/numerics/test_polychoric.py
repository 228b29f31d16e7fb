"""Polychoric correlations against lavaan, R psych, closed forms, resampling and simulation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from satmeter.errors import NumericsError
from satmeter.numerics.pair_counts import pair_counts
from satmeter.numerics.polychoric import LIMIT, polychoric, respondent_influence
from satmeter.numerics.reliability import alpha

SCALES = ["agreeable", "conscientious", "extravert", "neurotic", "open", "coarse"]


def counts_of(values):
    k = max(len(margin) for margin in values["margins"])
    p = len(values["margins"])
    counts = np.zeros((p, p, k, k))
    for i, margin in enumerate(values["margins"]):
        counts[i, i, : len(margin), : len(margin)] = np.diag(margin)
    for (i, j), table in zip(zip(*np.triu_indices(p, 1), strict=True), values["tables"], strict=True):
        cells = np.array(table)
        counts[i, j, : cells.shape[0], : cells.shape[1]] = cells
        counts[j, i, : cells.shape[1], : cells.shape[0]] = cells.T
    return counts


def answers(seed, n, corr, cuts):
    latent = np.random.default_rng(seed).multivariate_normal(np.zeros(len(corr)), corr, n)
    return np.stack([np.searchsorted(cut, column) for cut, column in zip(cuts, latent.T, strict=True)], axis=1)


@pytest.mark.parametrize("name", SCALES)
def test_estimates_are_those_of_lavaan_and_psych(reference, name):
    document = reference("polychoric")
    values = document["values"][name]
    found = polychoric(counts_of(values))
    upper = np.triu_indices(len(values["items"]), 1)
    np.testing.assert_allclose(found.corr[upper], values["lavaan"], rtol=document["rtol"], atol=2e-8)
    np.testing.assert_allclose(found.corr[upper], values["psych"], atol=1e-4)
    np.testing.assert_allclose(found.thresholds[np.isfinite(found.thresholds)], values["thresholds"], rtol=1e-9)
    np.testing.assert_allclose(alpha(found.corr), values["alpha_ordinal"], atol=1e-4)
    by_scores = polychoric(counts_of(values), information="scores", n_eff=values["n"] - 1)
    np.testing.assert_allclose(by_scores.std_error[upper], values["lavaan_se"], rtol=1e-5)
    assert (found.n[upper] == values["n"]).all()
    assert not found.at_limit.any()


@settings(deadline=None)
@given(st.floats(-0.95, 0.95))
def test_medians_give_the_sine_law(r):
    inside = 0.25 + np.arcsin(r) / (2 * np.pi)
    table = 1000 * np.array([[inside, 0.5 - inside], [0.5 - inside, inside]])
    margin = np.diag([500.0, 500])
    found = polychoric([[margin, table], [table, margin]])
    np.testing.assert_allclose(found.corr[0, 1], r, atol=1e-8)


def test_expected_tables_give_back_their_correlation():
    """Counts in proportion to the probabilities of a correlation that the search cannot start from."""
    cuts = np.array([-1.2, -0.3, 0.4, 1.6])
    codes = answers(5, 400_000, np.array([[1, -0.965], [-0.965, 1]]), (cuts, cuts[1:]))
    found = polychoric(pair_counts(codes, 5))
    assert abs(found.corr[0, 1] + 0.965) < 4 * found.std_error[0, 1]
    assert found.std_error[0, 1] < 0.001


def test_standard_errors_are_those_of_resampling_also_where_answers_are_not_normal():
    """Mixing two kinds of respondents: the score products promise an error a third too small."""
    rng = np.random.default_rng(3)
    cuts = np.array([-1.5, -0.5, 0.5, 1.5])
    n, half = 600, 300
    one, two = (answers(seed, half, np.array([[1, r], [r, 1]]), (cuts, cuts)) for seed, r in ((1, 0.9), (2, -0.2)))
    codes = np.concatenate([one, two])
    found = polychoric(pair_counts(codes, 5))
    again = [polychoric(pair_counts(codes[rng.integers(0, n, n)], 5)).corr[0, 1] for _ in range(300)]
    assert found.std_error[0, 1] == pytest.approx(np.std(again), rel=0.12)
    assert polychoric(pair_counts(codes, 5), information="scores").std_error[0, 1] < 0.85 * np.std(again)


def test_influence_tells_what_reweighting_does():
    corr = np.array([[1, 0.5, 0.3], [0.5, 1, 0.4], [0.3, 0.4, 1]])
    codes = answers(9, 3000, corr, (np.array([-1, 0, 1.0]),) * 3)
    found = polychoric(pair_counts(codes, 4))
    moves = respondent_influence(found, codes)
    upper = np.triu_indices(3, 1)
    np.testing.assert_allclose(moves.mean(axis=0), 0, atol=1e-7)
    np.testing.assert_allclose(moves.std(axis=0) / np.sqrt(3000), found.std_error[upper], rtol=1e-6)
    weights = 1 + 1e-4 * np.random.default_rng(2).normal(size=3000)
    exact = polychoric(pair_counts(codes, 4, weights)).corr[upper] - found.corr[upper]
    np.testing.assert_allclose(weights / weights.sum() @ moves, exact, rtol=2e-3, atol=1e-10)
    np.testing.assert_array_equal(respondent_influence(found, codes, slice(1, 3)), moves[:, 1:])


def test_weights_scale_of_weights_and_order_of_items():
    codes = answers(4, 500, np.array([[1, 0.6, 0.2], [0.6, 1, 0.3], [0.2, 0.3, 1]]), (np.array([-0.5, 1.0]),) * 3)
    times = np.random.default_rng(1).integers(1, 4, 500)
    long = polychoric(pair_counts(np.repeat(codes, times, axis=0), 3))
    short = polychoric(pair_counts(codes, 3, 7.0 * times), n_eff=float(times.sum()))
    np.testing.assert_allclose(short.corr, long.corr, atol=1e-9)
    np.testing.assert_allclose(short.std_error, long.std_error, rtol=1e-7)
    turned = polychoric(pair_counts(codes[:, ::-1], 3, times))
    np.testing.assert_allclose(turned.corr[::-1, ::-1], long.corr, atol=1e-9)
    reversed_codes = codes.copy()
    reversed_codes[:, 0] = 2 - codes[:, 0]
    np.testing.assert_allclose(
        polychoric(pair_counts(reversed_codes, 3, times)).corr[0, 1:], -long.corr[0, 1:], atol=1e-8
    )


def test_unused_places_change_nothing():
    codes = answers(6, 400, np.array([[1, 0.5], [0.5, 1]]), (np.array([-0.5, 0.7]),) * 2)
    plain = polychoric(pair_counts(codes, 3))
    gaps = polychoric(pair_counts(np.array([1, 2, 5])[codes], 7))
    np.testing.assert_allclose(gaps.corr, plain.corr, atol=1e-9)
    np.testing.assert_allclose(gaps.std_error, plain.std_error, rtol=1e-7)
    assert gaps.zero_cells[0, 1] == plain.zero_cells[0, 1] == 0
    assert np.isneginf(gaps.thresholds[:, 0]).all()
    assert np.isposinf(gaps.thresholds[:, 5]).all()


def test_perfect_agreement_is_at_the_limit_and_an_empty_corner_too():
    codes = np.array([[0, 0, 1], [1, 1, 0], [2, 2, 1], [1, 1, 1], [0, 0, 0], [2, 2, 1]])
    found = polychoric(pair_counts(codes, 3))
    assert found.corr[0, 1] == LIMIT
    np.testing.assert_array_equal(found.at_limit[0], [False, True, False])
    assert np.isnan(found.std_error[0, 1])
    assert found.zero_cells[0, 1] == 6
    corner = polychoric(pair_counts(np.array([[0, 0], [0, 0], [0, 1], [1, 1], [1, 1]]), 2))
    assert corner.at_limit[0, 1]


def test_pairs_without_a_table_are_nan():
    codes = np.array([[0, -1, 0], [1, -1, 1], [-1, 0, 1], [-1, 1, 0], [0, -1, 1], [1, -1, 0], [0, -1, 0]])
    found = polychoric(pair_counts(codes, 2))
    assert np.isnan(found.corr[0, 1])
    assert np.isfinite(found.corr[0, 2])
    single = polychoric(pair_counts(np.array([[0, 0], [0, 1], [0, 1]]), 2))
    assert np.isnan(single.corr[0, 1])
    assert np.isnan(single.std_error[0, 1])


@pytest.mark.parametrize(
    "counts", [np.zeros((2, 3, 4, 4)), np.zeros((2, 2, 4)), -np.ones((2, 2, 2, 2)), np.ones((1, 1, 2, 2))]
)
def test_counts_of_another_form(counts):
    with pytest.raises(NumericsError) as caught:
        polychoric(counts)
    assert [problem.code for problem in caught.value.problems] == ["N014"]
    assert "pair_counts" not in caught.value.text("en")
