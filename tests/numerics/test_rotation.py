"""Rotations against R stats, psych and GPArotation; what rotation must leave alone."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from satmeter.errors import NumericsError
from satmeter.numerics.rotation import oblimin, oblimin_near, promax, varimax

CASES = {
    "varimax": varimax,
    "varimax_raw": lambda x: varimax(x, normalise=False),
    "promax": promax,
    "promax_raw": lambda x: promax(x, normalise=False),
    "oblimin_kaiser": lambda x: oblimin(x, normalise=True),
}


@pytest.mark.parametrize("data", ["bfi", "school"])
@pytest.mark.parametrize("name", list(CASES))
def test_given_loadings_turn_as_in_r(reference, data, name):
    values = reference("factors")["values"][data]
    found = CASES[name](values["solutions"]["minres none"]["loadings"])
    assert found.converged
    expected = values["rotated"][name]
    expected = expected if isinstance(expected, dict) else {"loadings": expected}
    theirs = np.array(expected["loadings"])
    match = np.abs(theirs.T @ found.loadings).argmax(axis=0)
    sign = np.sign((theirs[:, match] * found.loadings).sum(axis=0))
    assert sorted(match) == list(range(theirs.shape[1]))
    tolerance = 5e-6 if name == "oblimin_kaiser" else 1e-6  # GPArotation stops at a gradient of 1e-6
    np.testing.assert_allclose(found.loadings, theirs[:, match] * sign, atol=tolerance)
    if "phi" in expected:
        phi = np.array(expected["phi"])[np.ix_(match, match)] * np.outer(sign, sign)
        np.testing.assert_allclose(found.phi, phi, atol=1e-6)


def random_loadings(seed, p=8, m=3):
    return np.random.default_rng(seed).uniform(-0.6, 0.6, (p, m))


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10_000), st.sampled_from(list(CASES)))
def test_rotation_leaves_the_fitted_correlations(seed, name):
    loadings = random_loadings(seed)
    found = CASES[name](loadings)
    fitted = found.loadings @ found.phi @ found.loadings.T
    np.testing.assert_allclose(fitted, loadings @ loadings.T, atol=1e-8)
    np.testing.assert_allclose(np.diag(found.phi), 1.0, atol=1e-10)
    assert (found.loadings.sum(axis=0) >= 0).all()
    variance = np.diag(found.phi @ found.loadings.T @ found.loadings)
    assert (np.diff(variance) <= 1e-9).all()


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10_000), st.sampled_from(["varimax", "promax"]))
def test_items_in_another_order_have_their_loadings_in_that_order(seed, name):
    loadings = random_loadings(seed)
    order = np.random.default_rng(seed + 1).permutation(8)
    once, twice = CASES[name](loadings), CASES[name](loadings[order])
    np.testing.assert_allclose(twice.loadings, once.loadings[order], atol=1e-6)


def test_no_plane_rotation_raises_varimax():
    loadings = random_loadings(7)
    found = varimax(loadings, normalise=False).loadings

    def criterion(x):
        return (x**2).var(axis=0).sum()

    for angle in np.linspace(-3, 3, 50):
        turn = np.eye(3)
        turn[:2, :2] = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
        assert criterion(found @ turn) <= criterion(found) + 1e-12


def test_a_stack_is_its_members_and_nan_stays_alone():
    stack = np.stack([random_loadings(1), random_loadings(2), np.full((8, 3), np.nan)])
    for turn in (varimax, promax, oblimin):
        found = turn(stack)
        np.testing.assert_array_equal(found.converged, [True, True, False])
        for k in range(2):
            np.testing.assert_allclose(found.loadings[k], turn(stack[k]).loadings, atol=1e-9)
        assert np.isnan(found.loadings[2]).all()


def test_simple_structure_is_left_as_it_is_and_gamma_turns_less_oblique():
    simple = np.kron(np.eye(3), np.array([[0.8], [0.7], [0.6]]))
    np.testing.assert_allclose(oblimin(simple).loadings, simple, atol=1e-6)
    np.testing.assert_allclose(varimax(simple).loadings, simple, atol=1e-8)
    crossed = np.array([[0.8, 0.3], [0.7, 0.2], [0.3, 0.8], [0.2, 0.7]])
    assert abs(oblimin(crossed, gamma=-2).phi[0, 1]) < abs(oblimin(crossed).phi[0, 1])


@pytest.mark.parametrize(
    "call",
    [
        lambda: varimax([0.1, 0.2]),
        lambda: oblimin(random_loadings(1), gamma=0.5),
        lambda: promax(random_loadings(1), power=1),
    ],
)
def test_what_makes_no_sense(call):
    with pytest.raises(NumericsError) as caught:
        call()
    assert caught.value.problems[0].code == "N010"


def test_a_replicate_of_fewer_factors_does_no_harm_to_the_others():
    whole = np.array([[0.8, 0.3, 0.1], [0.7, 0.2, 0.0], [0.3, 0.8, 0.2], [0.2, 0.7, 0.5], [0.1, 0.3, 0.7]])
    pattern = oblimin(whole).loadings
    poor = whole * [1.0, 1.0, 0.0]
    found = oblimin_near(np.stack([poor, whole]), pattern)
    np.testing.assert_allclose(found.loadings[1], oblimin_near(whole, pattern).loadings, atol=1e-12)
    fitted = found.loadings @ found.phi @ found.loadings.swapaxes(1, 2)
    np.testing.assert_allclose(fitted[0], poor @ poor.T, atol=1e-9)
