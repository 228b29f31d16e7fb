"""Effects by segment against R: car's linearHypothesis with HC3, survey's regTermTest."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from satmeter.errors import NumericsError
from satmeter.numerics.cluster_covariance import robust_regression
from satmeter.numerics.segment_effects import segment_effects

DRIVERS = ("extraverted", "neurotic")


def fitted(people, **design):
    x = np.column_stack([people[name] for name in DRIVERS])
    return segment_effects(x, people["agreeable"], people["education"], people["age"][:, None], **design)


def equal(test, expected, rtol):
    for what, value in expected.items():
        assert getattr(test, what) == pytest.approx(value, rel=rtol), what


@pytest.mark.parametrize("prefix", ["", "design_"])
def test_effects_and_tests_equal_r(reference, people, prefix):
    values = reference("diagnostics")["values"]["segments"]
    design = {name: people[name] for name in ("weights", "strata", "cluster")} if prefix else {}
    found = fitted(people, **design)
    assert found.n.tolist() == values["n"]
    assert found.segments.tolist() == [1, 2, 3, 4, 5]
    for j, driver in enumerate(DRIVERS):
        np.testing.assert_allclose(found.b[:, j], values[prefix + driver]["b"], rtol=1e-9)
        np.testing.assert_allclose(found.std_error[:, j], values[prefix + driver]["std_error"], rtol=1e-9)
        equal(found.tests[j], values[prefix + "tests"][driver], 1e-8)
    if not prefix:
        equal(found.overall, values["tests"]["overall"], 1e-8)
        np.testing.assert_allclose(found.p_holm, values["p_holm"], rtol=1e-8)


def test_without_controls_each_segment_is_its_own_regression(people):
    x = np.column_stack([people[name] for name in DRIVERS])
    found = segment_effects(x, people["agreeable"], people["education"])
    for g, code in enumerate(found.segments):
        rows = people["education"] == code
        alone = robust_regression(x[rows], people["agreeable"][rows])
        np.testing.assert_allclose(np.r_[found.intercept[g], found.b[g]], alone.b, rtol=1e-9)
        np.testing.assert_allclose(found.std_error[g], np.sqrt(np.diag(alone.covariance))[1:], rtol=1e-9)


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 1000), st.permutations(range(3)))
def test_names_of_segments_change_nothing(seed, order):
    rng = np.random.default_rng(seed)
    x, y, segment = rng.standard_normal((90, 2)), rng.standard_normal(90), np.repeat(range(3), 30)
    one, other = segment_effects(x, y, segment), segment_effects(x, y, np.array(order)[segment])
    np.testing.assert_allclose(other.b[list(order)], one.b, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose([t.f for t in other.tests], [t.f for t in one.tests], rtol=1e-8)
    assert other.overall.p_value == pytest.approx(one.overall.p_value, rel=1e-7)


def test_a_planted_difference_is_found_and_the_other_driver_left_alone():
    rng = np.random.default_rng(4)
    x, segment = rng.standard_normal((600, 2)), rng.integers(0, 3, 600)
    y = x[:, 0] * np.array([0.2, 0.2, 0.8])[segment] + 0.5 * x[:, 1] + rng.standard_normal(600)
    found = segment_effects(x, y, segment)
    assert found.p_holm[0] < 1e-4
    assert found.p_holm[1] > 0.05
    assert (found.conf_low[:, 1] < 0.5).all()
    assert (found.conf_high[:, 1] > 0.5).all()


def test_segments_that_cannot_be_compared():
    rng = np.random.default_rng(1)
    x, y, segment = rng.standard_normal((40, 2)), rng.standard_normal(40), np.repeat([0, 1], [37, 3])
    with pytest.raises(NumericsError, match="N093") as caught:
        segment_effects(x, y, segment)
    assert caught.value.problems[0].params == {"segments": "1", "minimum": 4}
    with pytest.raises(NumericsError, match="N094"):
        segment_effects(x, y, np.zeros(40))
    constant = x.copy()
    constant[:20, 1] = 3.0
    constant[20:, 0] = constant[20:, 1]
    with pytest.raises(NumericsError, match="N096") as caught:
        segment_effects(constant, y, np.repeat([0, 1], 20))
    assert [p.params["columns"] for p in caught.value.problems] == ["1", "0, 1"]
