"""Path models: order, circles, and the ways through them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from satmeter.errors import NumericsError
from satmeter.numerics.structural_paths import checked_paths, ways

ECSI = {1: (0,), 2: (1,), 3: (1, 2), 4: (0, 1, 2, 3), 5: (4,), 6: (0, 4, 5)}


def codes(paths, n):
    with pytest.raises(NumericsError) as caught:
        checked_paths(paths, n)
    return [(problem.code, problem.got or problem.params["circle"]) for problem in caught.value.problems]


def test_outcomes_come_after_what_they_depend_on():
    paths = checked_paths({2: (1, 3), 1: (0,), 3: (0, 1)}, 5)
    assert paths.outcomes == (1, 3, 2)
    assert paths.exogenous == (0, 4)
    assert paths.last == (2,)
    assert set(paths.cells) == {(2, 1), (2, 3), (1, 0), (3, 0), (3, 1)}
    assert np.argwhere(paths.mask).tolist() == [[1, 0], [2, 1], [2, 3], [3, 0], [3, 1]]


def test_ways_of_the_satisfaction_index():
    paths = checked_paths(ECSI, 7)
    found = ways(paths, 1, 4)
    assert found == ((1, 4), (1, 2, 4), (1, 3, 4), (1, 2, 3, 4))
    assert len(ways(paths, 0, 6)) == 11
    assert ways(paths, 6, 0) == ()


@given(st.lists(st.booleans(), min_size=15, max_size=15))
def test_as_many_ways_as_the_powers_of_the_adjacency_count(drawn):
    mask = np.zeros((6, 6), dtype=int)
    mask[np.tril_indices(6, -1)] = drawn
    paths = {k: tuple(np.flatnonzero(mask[k])) for k in range(6) if mask[k].any()}
    if not paths:
        return
    model = checked_paths(paths, 6)
    count = sum(np.linalg.matrix_power(mask, k) for k in range(1, 6))
    assert [[len(ways(model, j, i)) for j in range(6)] for i in range(6)] == count.tolist()


def test_circles_are_named():
    assert codes({0: (1,), 1: (2,), 2: (0,)}, 3)[0][0] == "N090"
    assert codes({1: (1,)}, 2) == [("N090", "1 → 1")]
    circle = codes({3: (2,), 2: (1, 0), 1: (3,)}, 4)[0][1].split(" → ")
    assert circle[0] == circle[-1]
    assert set(circle) == {"1", "2", "3"}


def test_all_wrong_regressions_are_named_at_once():
    assert codes({1: (), 2: (7,), 0: (1, 1), 9: (0,)}, 3) == [
        ("N091", "1: []"),
        ("N091", "2: [7]"),
        ("N091", "0: [1, 1]"),
        ("N091", "9: [0]"),
    ]
    assert codes({}, 3) == [("N091", "{}")]
