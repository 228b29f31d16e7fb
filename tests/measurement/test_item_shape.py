"""Skew, kurtosis and the distribution over the points of an item: against psych, under weights, in printed codes."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from satmeter.measurement import measure
from satmeter.moments import make_resampling

REFERENCE = json.loads((Path(__file__).parents[1] / "reference" / "validity2.json").read_text("utf-8"))["values"]
NAN = float("nan")


def measured(study):
    return measure(study, make_resampling(study))


def only_item(study_by_hand, ratings, low=1, high=5, **options):
    study = study_by_hand({"c": ("driver", {"a": ratings})}, scales={"a": (low, high)}, replicates=5, **options)
    found = measured(study)
    return found.items[0], found.distributions


@pytest.mark.parametrize("item", ["N1", "A1", "O4"])
def test_skew_and_kurtosis_are_those_of_spss_and_psych(study_by_hand, item):
    expected = REFERENCE["items"][item]
    ratings = np.repeat(np.arange(1.0, 7.0), expected["counts"])
    row, points = only_item(study_by_hand, list(ratings), high=6)
    assert row.skew == pytest.approx(expected["skew"], rel=1e-9)
    assert row.kurtosis == pytest.approx(expected["kurtosis"], rel=1e-9)
    assert [p.n for p in points] == expected["counts"]
    assert [p.share for p in points] == pytest.approx(np.array(expected["counts"]) / len(ratings))


def test_weights_enter_shape_and_shares(study_by_hand):
    ratings, weights = [1.0, 2.0, 2.0, 5.0, NAN], [1.0, 2.0, 1.0, 4.0, 8.0]
    row, points = only_item(study_by_hand, ratings, weights=weights)
    part, x = np.array(weights[:4]) / 8, np.array(ratings[:4])
    centred = x - part @ x
    m2, m3, m4 = (part @ centred**k for k in (2, 3, 4))
    assert row.skew == pytest.approx(np.sqrt(4 * 3) / 2 * m3 / m2**1.5, rel=1e-12)
    assert row.kurtosis == pytest.approx(3 / (2 * 1) * (5 * (m4 / m2**2 - 3) + 6), rel=1e-12)
    assert [(p.code, p.n, p.share) for p in points] == [
        (1, 1, 0.125),
        (2, 2, 0.375),
        (3, 0, 0.0),
        (4, 0, 0.0),
        (5, 1, 0.5),
    ]


def test_a_reversed_item_is_counted_as_it_was_ticked(study_by_hand):
    """The study holds 6 − 4 = 2 for a tick at 4."""
    row, points = only_item(study_by_hand, [2.0, 2.0, 2.0, 1.0], reverse=("a",))
    assert [p.n for p in points] == [0, 0, 0, 3, 1]
    assert row.mean == pytest.approx(1.75)


@pytest.mark.parametrize(
    ("ratings", "skew", "kurtosis"),
    [([3.0] * 9, None, None), ([1.0, 2.0], None, None), ([1.0, 1.0, 4.0], 3**0.5, None), ([NAN, NAN, 2.0], None, None)],
)
def test_where_they_do_not_exist(study_by_hand, ratings, skew, kurtosis):
    row, _ = only_item(study_by_hand, ratings)
    assert row.skew == (None if skew is None else pytest.approx(skew))
    assert row.kurtosis is kurtosis


def test_nobody_rated_and_no_weight(study_by_hand):
    study = study_by_hand(
        {"c": ("driver", {"a": [1.0, 2.0, 4.0, 4.0], "b": [NAN] * 4, "d": [2.0, 3.0, 3.0, 1.0]})},
        weights=[0.0, 0.0, 2.0, 2.0],
        replicates=5,
    )
    found = measured(study)
    shares = {(p.item, p.code): (p.n, p.share) for p in found.distributions}
    assert shares["b", 3] == (0, None)
    assert shares["a", 4] == (2, 1.0)
    assert shares["a", 1] == (1, 0.0)
    assert found.items[0].skew is None  # all weight on one rating
    table = found.to_frame("distributions")
    assert list(table.columns) == ["construct", "item", "code", "n", "share"]


@given(st.lists(st.integers(1, 5), min_size=4, max_size=40).filter(lambda x: len(set(x)) > 1), st.floats(0.1, 50))
def test_turning_an_item_round_turns_its_skew(study_by_hand, ratings, scale):
    x = np.array(ratings, dtype=float)
    weights = scale * (1 + np.arange(len(x)) % 3)
    one, points = only_item(study_by_hand, list(x), weights=list(weights))
    other, turned = only_item(study_by_hand, list(6 - x), weights=list(weights / scale))
    assert other.skew == pytest.approx(-one.skew, rel=1e-9, abs=1e-9)
    assert other.kurtosis == pytest.approx(one.kurtosis, rel=1e-9, abs=1e-9)
    assert [p.share for p in points] == pytest.approx([p.share for p in turned][::-1])
    assert sum(p.share for p in points) == pytest.approx(1)
