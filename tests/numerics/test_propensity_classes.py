"""Response propensities and their classes against R, and what joining small classes must keep."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from satmeter.numerics.propensity_classes import (
    class_rates,
    frame_columns,
    join_small,
    quantile_classes,
    response_propensities,
)


@pytest.fixture(scope="module")
def document(reference):
    return reference("nonresponse")


@pytest.fixture(scope="module")
def sample(document):
    frame = document["values"]["frame"]
    variables = {"stype": np.array(frame["stype"], dtype=object), "meals": np.array(frame["meals"], dtype=float)}
    return frame_columns(variables), np.array(frame["responded"], dtype=bool), np.array(frame["weight"])


@pytest.mark.parametrize("case", ["plain", "weighted"])
def test_propensities_are_those_of_glm(document, sample, case):
    x, responded, weights = sample
    found = response_propensities(x, responded, weights=weights if case == "weighted" else None)
    assert found.method == "likelihood"
    np.testing.assert_allclose(found.probability, document["values"][case]["propensity"], rtol=document["rtol"])


@pytest.mark.parametrize(("case", "classes"), [("five", 5), ("ten", 10)])
def test_classes_and_their_rates_are_those_of_cut(document, sample, case, classes):
    values, (x, responded, weights) = document["values"], sample
    own = weights if case == "five" else np.ones(len(weights))
    code = quantile_classes(response_propensities(x, responded, weights=own).probability, classes)
    assert (code + 1).tolist() == values[case]
    expected = values[f"table_{case}"]
    assert np.bincount(code).tolist() == expected["n"]
    assert np.bincount(code, weights=responded).tolist() == expected["respondents"]
    np.testing.assert_allclose(class_rates(code, responded, own), expected["rate"], rtol=document["rtol"])


def test_adjusted_weights_and_mean_are_those_of_r(document, sample):
    values, (x, responded, weights) = document["values"], sample
    code = quantile_classes(response_propensities(x, responded, weights=weights).probability, 5)
    adjusted = (weights / class_rates(code, responded, weights)[code])[responded]
    np.testing.assert_allclose(adjusted / adjusted.mean(), values["adjusted_weights"], rtol=document["rtol"])
    scores = np.array(values["api00"], dtype=float)[responded]
    assert adjusted @ scores / adjusted.sum() == pytest.approx(values["adjusted_mean"], rel=document["rtol"])
    assert adjusted.sum() == pytest.approx(weights.sum(), rel=1e-12)  # respondents stand for the whole sample


def test_a_category_in_which_nobody_responded_takes_firths_likelihood():
    region = np.repeat(["n", "s", "w"], 20).astype(object)
    responded = np.concatenate([np.arange(20) < 12, np.arange(20) < 5, np.zeros(20)]).astype(bool)
    found = response_propensities(frame_columns({"region": region}), responded)
    assert found.method == "firth"
    means = [found.probability[region == name].mean() for name in ("n", "s", "w")]
    assert 0.5 < means[0] < 0.7
    assert means[0] > means[1] > means[2] > 0


def test_columns_that_say_nothing_new_are_left_out():
    region = np.array(["n", "n", "s", "s", "w", "w"], dtype=object)
    district = np.array(["n1", "n2", "s1", "s1", "w1", "w1"], dtype=object)
    age = np.array([20.0, np.nan, 40, 60, 80, np.nan])
    x = frame_columns(
        {"region": region, "district": district, "same": region, "constant": region[:1].repeat(6), "age": age}
    )
    assert np.linalg.matrix_rank(np.column_stack([np.ones(6), x])) == x.shape[1] + 1
    assert x[:, :2].tolist() == [[0, 0], [0, 0], [1, 0], [1, 0], [0, 1], [0, 1]]
    assert frame_columns({"constant": region[:1].repeat(6)}).shape == (6, 0)
    same = response_propensities(np.empty((4, 0)), [True, False, False, True], weights=[3.0, 1, 1, 1])
    assert same.probability.tolist() == pytest.approx([2 / 3] * 4)
    assert response_propensities([[0.0], [1.0]], [True, True]).probability.tolist() == [1.0, 1.0]


@given(
    st.lists(st.tuples(st.integers(0, 5), st.booleans(), st.floats(0.05, 0.95)), min_size=1, max_size=60),
    st.integers(0, 8),
)
def test_joined_classes_are_neighbours_and_large_enough(cases, least):
    code = np.unique([c for c, _, _ in cases], return_inverse=True)[1].astype(np.int64)
    responded = np.array([r for _, r, _ in cases], dtype=bool)
    propensity = np.array([p for _, _, p in cases])
    target = join_small(code, responded, propensity, least=least)
    assert sorted(set(target)) == list(range(max(target) + 1))
    counts = np.bincount(target[code], weights=responded)
    assert len(counts) == 1 or counts.min() >= least
    means = np.bincount(code, weights=propensity) / np.bincount(code)
    order = np.argsort(np.round(means, 12), kind="stable")
    assert (np.diff(target[order]) >= 0).all()
    if np.bincount(code, weights=responded).min() >= least:
        assert len(set(target)) == len(set(code))


@given(st.lists(st.floats(0.01, 0.99), min_size=1, max_size=80), st.integers(2, 8))
def test_equal_propensities_share_a_class(values, classes):
    p = np.array(values * 2)
    code = quantile_classes(p, classes)
    assert (code[: len(values)] == code[len(values) :]).all()
    assert (np.diff(code[np.argsort(np.round(p, 12), kind="stable")]) >= 0).all()
    assert code.max() < classes
