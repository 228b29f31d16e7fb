"""Trees: properties that hold for any tree, weights after sharing out, the weakest."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from satmeter.errors import NumericsError
from satmeter.numerics.tree_values import TreeShape, surely_lowest, tree_values


def shape(parent, weight, leaf, stop=None):
    stops = np.zeros(len(parent), dtype=bool) if stop is None else np.array(stop)
    return TreeShape(np.array(parent), np.array(weight, dtype=float), np.array(leaf), stops)


@st.composite
def trees(draw):
    """Grow a tree from its root; inner nodes get weights that sum to 1."""
    parent, inner, leaves = [-1], [0], []
    for _ in range(draw(st.integers(1, 5))):
        at = inner.pop(draw(st.integers(0, len(inner) - 1)))
        for _ in range(draw(st.integers(1, 4))):
            parent.append(at)
            inner.append(len(parent) - 1)
    weight = np.ones(len(parent))
    for node in set(parent[1:]):
        children = [c for c, p in enumerate(parent) if p == node]
        raw = np.array([draw(st.floats(0.1, 1)) for _ in children])
        weight[children] = raw / raw.sum()
    leaves = [c for c in range(len(parent)) if c not in parent]
    leaf = [leaves.index(c) if c in leaves else -1 for c in range(len(parent))]
    values = [draw(st.floats(0, 100)) for _ in leaves]
    return shape(parent, weight, leaf), np.array([values])


@settings(max_examples=40)
@given(trees())
def test_the_whole_is_the_sum_of_what_the_leaves_contribute(tree):
    form, values = tree
    found = tree_values(values, form)
    leaves = form.leaf >= 0
    assert found.share[leaves].sum() == pytest.approx(1)
    assert (found.share * found.value[0])[leaves].sum() == pytest.approx(found.value[0, 0], abs=1e-9)
    assert values.min() - 1e-9 <= found.value[0, 0] <= values.max() + 1e-9
    for node in np.flatnonzero(~leaves):
        children = form.parent == node
        parts = (form.weight * found.value[0])[children]
        assert found.value[0, node] == pytest.approx(parts.sum(), abs=1e-9)


@settings(max_examples=40)
@given(trees(), st.floats(0.1, 3), st.floats(-50, 50))
def test_a_tree_keeps_units_and_origin(tree, scale, origin):
    form, values = tree
    plain, moved = tree_values(values, form), tree_values(origin + scale * values, form)
    np.testing.assert_allclose(moved.value, origin + scale * plain.value, rtol=1e-9, atol=1e-9)


def test_equal_weights_are_the_mean():
    form = shape([-1, 0, 0, 0, 0], [1, 0.25, 0.25, 0.25, 0.25], [-1, 0, 1, 2, 3])
    assert tree_values([[10.0, 20, 40, 90]], form).value[0, 0] == 40


def test_missing_leaves_share_out_their_weight_or_stop_their_node():
    parent, weight, leaf = [-1, 0, 0, 2, 2], [1, 0.6, 0.4, 0.5, 0.5], [-1, 0, -1, 1, 2]
    values = [[50.0, np.nan, 80], [52, 70, 82], [54, np.nan, np.nan]]
    found = tree_values(values, shape(parent, weight, leaf))
    np.testing.assert_allclose(found.value[0, [0, 2]], [62, 80])
    np.testing.assert_allclose(found.value[1, [0, 2]], [64, 82])  # a replicate has the sample's leaves and no more
    assert np.isnan(found.value[2, [0, 2]]).all()
    np.testing.assert_allclose(found.share, [1, 0.6, 0.4, np.nan, 0.4])
    found = tree_values(values, shape(parent, weight, leaf, [False, False, True, False, False]))
    np.testing.assert_allclose(found.value[0], [50, 50, np.nan, np.nan, 80])
    np.testing.assert_allclose(found.share, [1, 1, np.nan, np.nan, 0])
    found = tree_values(values, shape(parent, weight, leaf, [True, False, True, False, False]))
    assert np.isnan(found.value[0, 0])
    assert np.isnan(found.share).all()


def test_a_leaf_of_weight_0_is_not_asked():
    form = shape([-1, 0, 0], [1, 1.0, 0.0], [-1, 0, 1], [True, False, False])
    found = tree_values([[40.0, np.nan]], form)
    assert found.value[0, 0] == 40
    assert np.isnan(tree_values([[np.nan, 40.0]], shape([-1, 0, 0], [1, 1.0, 0.0], [-1, 0, 1])).value[0, 0])


@pytest.mark.parametrize(
    ("parent", "values"), [([-1, 2, 0], [[1.0, 2.0]]), ([-1, 0, 0], [1.0, 2.0]), ([-1, 0, 0], [[1.0]])]
)
def test_what_is_no_tree_is_refused(parent, values):
    with pytest.raises(NumericsError) as error:
        tree_values(values, shape(parent, [1, 0.5, 0.5], [-1, 0, 1]))
    assert error.value.problems[0].code == "N010"


def test_the_lowest_must_be_below_every_other_one():
    wide = np.diag([1.0, 1.0, 400.0])
    assert surely_lowest([50.0, 60.0, 95.0], np.eye(3), 100)
    assert not surely_lowest([50.0, 60.0, 75.0], wide, 100)
    together = np.array([[4.0, 3.9], [3.9, 4.0]])  # the same people like both: the difference is known well
    assert surely_lowest([50.0, 52.0], together, 100)
    assert not surely_lowest([50.0, 52.0], np.diag([4.0, 4.0]), 100)
    assert not surely_lowest([50.0], [[1.0]], 100)
    assert not surely_lowest([50.0, 60.0], np.eye(2), np.nan)
    assert not surely_lowest([50.0, np.nan], np.eye(2), 10)
