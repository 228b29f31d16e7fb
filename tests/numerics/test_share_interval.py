"""Korn and Graubard's interval against R survey and against exact binomial limits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from satmeter.errors import NumericsError
from satmeter.numerics.linearisation import mean_with_se
from satmeter.numerics.share_interval import design_size, korn_graubard_interval

LIMITS = {"high": 700, "few": 850, "most": 480}


@pytest.mark.parametrize("name", ["simple", "stratified", "clustered"])
@pytest.mark.parametrize("share", ["high", "few", "most", "elementary"])
def test_intervals_equal_svyciprop(reference, name, share):
    document = reference("scores")
    data, expected = document["values"]["data"][name], document["values"]["designs"][name]
    expected = expected["elementary"] if share == "elementary" else expected["shares"][share]
    y = (np.array(data["api00"]) > LIMITS.get(share, 700)).astype(float)
    if share == "elementary":
        y = np.where(np.array(data["elementary"]) == 1, y, np.nan)
    weights = None if name == "simple" else data["pw"]
    found = mean_with_se(y, weights, data.get("stratum"), data.get("cluster"))
    rtol = document["rtol"]
    np.testing.assert_allclose(
        [found.estimate, found.std_error], [expected["estimate"], expected["std_error"]], rtol=rtol
    )
    assert (found.df, found.n) == (expected["df"], expected["n"])
    size = design_size(found.estimate, found.std_error, found.n, found.df)
    np.testing.assert_allclose(korn_graubard_interval(found.estimate, size), expected["interval"], rtol=rtol)


def test_a_simple_sample_has_the_limits_of_clopper_and_pearson():
    low, high = korn_graubard_interval([0.0, 0.1, 1.0], [30, 10, 10])
    np.testing.assert_allclose(low, [0.0, 0.00252858, 0.69150289], rtol=1e-6)
    np.testing.assert_allclose(high, [1 - 0.025 ** (1 / 30), 0.44501612, 1.0], rtol=1e-6)


def test_without_a_size_there_is_no_interval():
    low, high = korn_graubard_interval([0.0, 0.4, np.nan], [0.0, np.nan, 20.0])
    assert np.isnan(low).all()
    assert np.isnan(high).all()
    assert np.isnan(design_size(0.4, 0.0, 20, 19))
    assert np.isnan(design_size(0.4, 0.1, 20, 0))
    with pytest.raises(NumericsError) as error:
        korn_graubard_interval(0.5, 20, 1.0)
    assert error.value.problems[0].code == "N002"


@settings(max_examples=60, deadline=None)
@given(st.floats(0, 1), st.floats(1, 1e6), st.floats(0.5, 0.99))
def test_the_interval_holds_the_share_and_turns_round_with_it(share, size, level):
    low, high = korn_graubard_interval(share, size, level)
    assert 0 <= low <= share + 1e-9
    assert share - 1e-9 <= high <= 1
    other_low, other_high = korn_graubard_interval(1 - share, size, level)
    np.testing.assert_allclose([1 - other_high, 1 - other_low], [low, high], atol=1e-7)
    wider = korn_graubard_interval(share, size, (1 + level) / 2)
    assert wider[0] <= low + 1e-12
    assert high <= wider[1] + 1e-12
