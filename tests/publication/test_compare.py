"""Two documents held against each other."""

import pytest

from satmeter.publication.compare import Comparison, compare_values, numbers_in, row_name, same_number


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [(75.0, 75.0 * (1 + 5e-10), True), (75.0, 75.0 * (1 + 2e-9), False), (0.0, 5e-10, True), (0.0, 2e-9, False),
     (1e12, 1e12 + 500, True), (3, 4, False)],
)  # fmt: skip
def test_numbers_may_differ_by_a_billionth(one, other, same):
    assert same_number(one, other) is same


def test_places_name_the_column():
    published = {"measure": "image", "estimate": 70.0, "n": 12, "of": [1, {"b": 2}]}
    found = compare_values("scores", published, published | {"estimate": 71.0, "of": [1, {"b": 3}]})
    places = [(d.place, d.published, d.computed) for d in found.differences]
    assert places == [("scores.estimate", 70.0, 71.0), ("scores.of[1].b", 2, 3)]
    assert found.agree == 2
    assert row_name(published) == "image"


def test_a_hidden_number_is_no_number():
    assert compare_values("a", {"x": None}, {"x": 1.0}).differences[0].computed == 1.0
    assert compare_values("a", {"x": None}, {"x": None}) == Comparison()
    assert compare_values("a", [1, 2], [1]).differences[0].place == "a.length"
    assert numbers_in([{"a": True, "b": 2}, None, "3"]) == 1
