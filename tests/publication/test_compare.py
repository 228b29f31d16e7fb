"""Two documents held against each other."""

import pytest

from satmeter.publication.compare import Comparison, compare_rows, compare_values, numbers_in, same_number


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [(75.0, 75.0 * (1 + 5e-10), True), (75.0, 75.0 * (1 + 2e-9), False), (0.0, 5e-10, True), (0.0, 2e-9, False),
     (1e12, 1e12 + 500, True), (3, 4, False)],
)  # fmt: skip
def test_numbers_may_differ_by_a_billionth(one, other, same):
    assert same_number(one, other) is same


def test_places_name_section_row_and_column():
    published = {"measure": "image", "estimate": 70.0, "n": 12, "definition": {"en": "x"}}
    computed = published | {"estimate": 71.0, "n": 12}
    found = compare_rows("scores", [published], [computed])
    assert [(d.place, d.published, d.computed) for d in found.differences] == [("scores: image.estimate", 70.0, 71.0)]
    assert found.agree == 1


def test_rows_that_are_missing_and_rows_that_cannot_be_checked():
    rows = [{"group": "n", "estimate": 1.0}, {"group": "s", "estimate": 2.0}]
    assert compare_rows("scores", rows, rows[:1]).differences[0].place == "scores.rows"
    found = compare_rows("scores", rows, rows[:1], checkable=lambda row: row["group"] == "n")
    assert (found.agree, found.unchecked, found.differences) == (1, 1, ())


def test_a_hidden_number_is_no_number():
    assert compare_values("a", {"x": None}, {"x": 1.0}).differences[0].computed == 1.0
    assert compare_values("a", {"x": None}, {"x": None}) == Comparison()
    assert compare_values("a", [1, 2], [1]).differences[0].place == "a.length"
    assert numbers_in([{"a": True, "b": 2}, None, "3"]) == 1
