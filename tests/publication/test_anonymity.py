"""Who stands out among profile answers, and what blanking does about it."""

from collections import Counter

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from satmeter.publication.anonymity import rare_rows, suppressed

PROFILES = st.integers(1, 40).flatmap(
    lambda n: st.fixed_dictionaries(
        {name: st.lists(st.sampled_from(["a", "b", "c", ""]), min_size=n, max_size=n) for name in ("x", "y")}
    )
)


def test_rows_are_counted_by_combination():
    profile = {"region": ["n", "n", "n", "s", "s"], "age": ["1", "1", "2", "2", "2"]}
    assert rare_rows(profile, 2).tolist() == [False, False, True, False, False]
    assert rare_rows(profile, 3).all()
    assert rare_rows({}, 3).tolist() == []


@settings(max_examples=30)
@given(PROFILES, st.integers(2, 6))
def test_what_is_rare_is_what_counting_says(profile, k):
    rows = list(zip(profile["x"], profile["y"], strict=True))
    sizes = Counter(rows)
    assert rare_rows(profile, k).tolist() == [sizes[row] < k for row in rows]


@settings(max_examples=30)
@given(PROFILES, st.integers(2, 5))
def test_blanking_only_blanks_and_leaves_nobody_alone_where_it_can(profile, k):
    found = suppressed(profile, k)
    for name, cells in profile.items():
        changed = [(a, b) for a, b in zip(cells, found.profile[name], strict=True) if a != b]
        assert all(b == "" for _, b in changed)
        assert len(changed) == found.blanked.get(name, 0)
    rare = rare_rows(found.profile, k)
    silent = [all(not found.profile[name][i] for name in profile) for i in range(len(rare))]
    assert all(silent[i] for i in np.flatnonzero(rare))  # only too few rows altogether can be left
    rows = list(zip(*found.profile.values(), strict=True))
    spare = [size for row, size in Counter(rows).items() if any(row)]
    lacking = k - sum(silent)
    assert not rare.any() or all(size - lacking < k for size in spare)


def test_questions_that_weights_rest_on_are_left_alone():
    profile = {"region": ["n", "n", "n", "s"], "age": ["1", "1", "2", "2"]}
    found = suppressed(profile, 2, fixed=frozenset({"region"}))
    assert found.profile["region"] == ("n", "n", "n", "s")
    assert found.profile["age"] == ("1", "1", "", "")
    assert rare_rows(found.profile, 2).tolist() == [False, False, True, True]


def test_companions_are_taken_from_the_commonest_combination():
    profile = {"region": ["n"] * 6 + ["s"] * 2 + ["w"]}
    found = suppressed(profile, 2)
    assert Counter(found.profile["region"]) == {"n": 5, "s": 2, "": 2}
    assert found.blanked == {"region": 2}
