"""Log-likelihoods of all subsets, and Shapley shares of pseudo-R²."""

from __future__ import annotations

import numpy as np
import pytest

from satmeter.errors import NumericsError
from satmeter.numerics.importance import shapley
from satmeter.numerics.ordinal_regression import fit_ordinal
from satmeter.numerics.ordinal_subsets import pseudo_r2, subset_loglik


def survey(seed, n=250):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, 5))
    x[:, 1] += 0.6 * x[:, 0]
    latent = x @ [0.8, 0.4, 0.5, 0.0, 0.3] + rng.logistic(size=n)
    return x, np.searchsorted([-1.5, -0.5, 0.5, 1.5], latent), rng


@pytest.mark.parametrize("link", ["logit", "probit"])
def test_every_subset_is_the_fit_of_its_columns(link):
    x, y, rng = survey(1)
    w = rng.uniform(0.5, 2, 250)
    again = rng.multinomial(250, np.ones(250) / 250, size=3) * w
    groups = ((0,), (1, 2), (4,))
    table = subset_loglik(x, y, groups, weights=w, replicates=again, link=link)
    assert table.shape == (8, 4)
    for subset in range(8):
        columns = [c for i, group in enumerate(groups) if subset >> (2 - i) & 1 for c in group]
        for place, weights in enumerate([w, *again]):
            alone = fit_ordinal(x[:, columns], y, weights=weights, link=link)
            assert table[subset, place] == pytest.approx(alone.loglik, rel=1e-8)


def test_shares_sum_to_the_pseudo_r2_and_follow_the_drivers():
    x, y, rng = survey(2)
    again = rng.multinomial(250, np.ones(250) / 250, size=4).astype(float)
    groups = ((0,), (1,), (2,), (3,), (4,))
    table = subset_loglik(x, y, groups, replicates=again)
    fit = fit_ordinal(x, y)
    for kind in ("mcfadden", "nagelkerke"):
        r2 = pseudo_r2(table, np.r_[250, again.sum(axis=1)], kind)
        shares = shapley(r2)
        np.testing.assert_allclose(shares.sum(axis=1), r2[-1], rtol=1e-10)
        assert r2[-1, 0] == pytest.approx(getattr(fit, kind), rel=1e-9)
        turned = shapley(pseudo_r2(subset_loglik(x, y, groups[::-1]), 250, kind))
        np.testing.assert_allclose(turned[0, ::-1], shares[0], rtol=1e-7, atol=1e-10)
        assert shares[0].argmin() == 3
        assert set(shares[0].argsort()[-2:]) == {0, 1}


def test_a_subset_never_explains_more_than_a_larger_one():
    x, y, _ = survey(3)
    table = subset_loglik(x, y, ((0, 1), (2,), (3,), (4,)))[:, 0]
    for subset in range(16):
        for bit in range(4):
            assert table[subset | 1 << bit] >= table[subset] - 1e-9


def test_a_replicate_without_a_predictor_is_nan_where_that_is_used():
    x, y, _ = survey(4)
    x[:, 0] = x[:, 0] > 1
    again = np.ones((2, 250))
    again[1, x[:, 0] == 1] = 0
    table = subset_loglik(x, y, ((0,), (1,)), replicates=again)
    assert np.isnan(table[:, 2]).tolist() == [False, False, True, True]
    np.testing.assert_allclose(table[:, 1], table[:, 0], rtol=1e-12)


def test_what_cannot_be_shared_is_refused():
    x, y, _ = survey(5)
    for arguments, code in [
        ((x, y, ()), "N010"),
        ((x, y, ((0,), (0, 1))), "N010"),
        ((x, y, ((5,),)), "N010"),
        ((x, y, tuple((i,) for i in range(11))), "N007"),
        ((x, np.ones(250), ((0,),)), "N040"),
        ((np.column_stack([x, x[:, 0]]), y, ((0,), (5,))), "N005"),
    ]:
        with pytest.raises(NumericsError) as caught:
            subset_loglik(*arguments)
        assert caught.value.problems[0].code == code
