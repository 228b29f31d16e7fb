"""One step from the maxima of all subsets: exact where nothing changes, third order where something does."""

import numpy as np
import pytest

from satmeter.errors import NumericsError
from satmeter.numerics.importance import shapley
from satmeter.numerics.ordinal_regression import fit_ordinal
from satmeter.numerics.ordinal_subset_steps import null_loglik, stepped_loglik
from satmeter.numerics.ordinal_subsets import fit_subsets, pseudo_r2, subset_loglik

GROUPS = ((0,), (1, 2), (3,))


@pytest.fixture(scope="module")
def answers():
    rng = np.random.default_rng(5)
    x = rng.normal(size=(400, 5))
    z = x @ [0.8, 0.4, -0.3, 0.2, 0.5] + rng.logistic(size=400)
    return x, np.searchsorted([-1.5, 0.0, 1.2], z).astype(float), rng.integers(1, 4, 400).astype(float)


@pytest.mark.parametrize("link", ["logit", "probit"])
def test_the_weights_of_the_sample_give_the_likelihood_of_the_sample(answers, link):
    x, y, w = answers
    table = stepped_loglik(fit_subsets(x, y, GROUPS, weights=w, link=link), np.stack([w, 3 * w]))
    exact = subset_loglik(x, y, GROUPS, weights=w, link=link)
    assert table[:, 0] == pytest.approx(exact[:, 0], rel=1e-12)
    assert table[:, 1] == pytest.approx(exact[:, 0], rel=1e-10)
    assert table[:, 2] == pytest.approx(3 * exact[:, 0], rel=1e-10)


def test_the_error_is_of_third_order(answers):
    x, y, w = answers
    fits = fit_subsets(x, y, GROUPS, weights=w)
    push = np.random.default_rng(1).uniform(-1, 1, len(w))
    again = np.stack([w * (1 + size * push) for size in (0.4, 0.2)])
    gap = np.abs(stepped_loglik(fits, again) - subset_loglik(x, y, GROUPS, weights=w, replicates=again))[:, 1:]
    slopes = np.log2(gap[:, 0] / gap[:, 1])
    assert slopes.min() > 2.6
    assert gap[:, 1].max() < 0.05


def test_bootstrap_shares_are_those_of_the_replicates_own_maxima(answers):
    x, y, _ = answers
    again = np.random.default_rng(2).multinomial(400, np.full(400, 1 / 400), 60).astype(float)
    fits = fit_subsets(x, y, GROUPS)
    null = null_loglik(fits, again)
    near = shapley(pseudo_r2(stepped_loglik(fits, again), 400, null=null))
    exact = shapley(pseudo_r2(subset_loglik(x, y, GROUPS, replicates=again), 400))
    spread = exact[1:].std(axis=0)
    assert near[0] == pytest.approx(exact[0], rel=1e-12)
    assert (np.sqrt(((near - exact)[1:] ** 2).mean(axis=0)) < 0.1 * spread).all()
    assert near[1:].std(axis=0) == pytest.approx(spread, rel=0.03)


def test_controls_are_in_every_model(answers):
    x, y, w = answers
    table = subset_loglik(x, y, ((0,), (3,)), weights=w, always=(4, 1))[:, 0]
    expected = [fit_ordinal(x[:, c], y, weights=w).loglik for c in ([4, 1], [4, 1, 3], [4, 1, 0], [4, 1, 0, 3])]
    assert table == pytest.approx(expected, rel=1e-10)
    fits = fit_subsets(x, y, ((0,), (3,)), weights=w, always=(4, 1))
    full = fit_ordinal(x[:, [4, 1, 0, 3]], y, weights=w)
    assert null_loglik(fits, w[None]) == pytest.approx([full.loglik_null] * 2, rel=1e-12)
    part = shapley(pseudo_r2(table, w.sum(), null=full.loglik_null))
    alone = fit_ordinal(x[:, [4, 1]], y, weights=w).mcfadden
    assert part.sum() == pytest.approx(full.mcfadden - alone, rel=1e-9)
    whole = pseudo_r2(table, w.sum(), "nagelkerke", null=full.loglik_null)
    assert whole[-1] == pytest.approx(full.nagelkerke, rel=1e-9)


def test_what_is_no_weight_of_this_sample_is_refused(answers):
    x, y, w = answers
    left_out = np.where(np.arange(400) < 10, 0.0, w)
    fits = fit_subsets(x, y, GROUPS, weights=left_out)
    for wrong, code in ((w[None], "N008"), (-left_out[None], "N008"), (w[None, :9], "N010"), (w, "N010")):
        with pytest.raises(NumericsError) as error:
            stepped_loglik(fits, wrong)
        assert [p.code for p in error.value.problems] == [code]
    with pytest.raises(NumericsError) as error:
        subset_loglik(x, y, GROUPS, always=(3,))
    assert [p.code for p in error.value.problems] == ["N010"]
