"""Items that look reverse-keyed are suggested, and nothing is turned round."""

import numpy as np
import pytest

from satmeter.measurement import measure
from satmeter.measurement.keying import keying_notes
from satmeter.moments import make_resampling


def one_factor_cov(loadings):
    load = np.asarray(loadings)
    return np.outer(load, load) + np.diag(1 - load**2)


def test_the_smaller_side_is_suggested():
    (note,) = keying_notes("c", list("abcd"), one_factor_cov([0.7, -0.6, 0.8, 0.7]))
    assert (note.code, note.about, note.params) == ("M194", "c", {"items": "b"})
    assert "b" in note.text("zh-CN")
    assert "reverse: true" in note.text("en")


def test_half_of_the_items():
    """Their correlation with the rest is about 0: only the component shows it."""
    (note,) = keying_notes("c", list("abcd"), one_factor_cov([-0.7, 0.7, -0.7, 0.7]))
    assert (note.code, note.params) == ("M195", {"items": "a, c", "others": "b, d"})
    (two,) = keying_notes("c", list("ab"), np.array([[4.0, -1.0], [-1.0, 1.0]]))
    assert (two.code, two.params) == ("M195", {"items": "a", "others": "b"})


def test_more_than_half_reversed_names_the_fewer():
    (note,) = keying_notes("c", list("abc"), one_factor_cov([-0.7, 0.7, -0.7]))
    assert note.params == {"items": "b"}


@pytest.mark.parametrize(
    "cov",
    [
        one_factor_cov([0.7, 0.6, 0.5]),
        one_factor_cov([0.9, 0.9, 0.9, -0.05]),  # an item that hardly belongs says nothing of its direction
        np.diag([1.0, 2.0, 0.0]),
    ],
)
def test_no_suggestion_without_reason(cov):
    assert keying_notes("c", list("abcd")[: len(cov)], cov) == ()


def test_in_a_study_the_ratings_stay_as_they_are(study_by_hand):
    rng = np.random.default_rng(1)
    true = rng.normal(size=300)
    block = np.clip(np.round(3 + true[:, None] * [1, -1, 1, -1] + 0.8 * rng.normal(size=(300, 4))), 1, 5)
    study = study_by_hand({"c": ("driver", {f"i{j}": list(block[:, j]) for j in range(4)})}, replicates=20)
    found = measure(study, make_resampling(study))
    (note,) = [n for n in found.reliability_notes if n.code == "M195"]
    assert note.params == {"items": "i0, i2", "others": "i1, i3"}
    assert found.items[1].mean == pytest.approx(block[:, 1].mean())
    assert found.reliability[0].estimate == pytest.approx(
        4 / 3 * (1 - np.cov(block.T).trace() / np.cov(block.T).sum()), rel=1e-9
    )
