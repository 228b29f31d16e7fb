"""Checks of arguments, and the sentences of every code of the room."""

from __future__ import annotations

import numpy as np
import pytest

from satmeter.errors import NumericsError
from satmeter.numerics.arguments import check_conf_level, checked_weights, correlation_from, square_stack
from satmeter.numerics.reliability import alpha


def test_correlations_and_constant_columns():
    cov = np.array([[4.0, 2.0, 0.0], [2.0, 9.0, 0.0], [0.0, 0.0, 0.0]])
    corr = correlation_from(cov)
    assert corr[0, 1] == pytest.approx(1 / 3)
    assert corr[0, 0] == 1.0
    assert np.isnan(corr[2]).all()


@pytest.mark.parametrize("matrix", [[1.0, 2.0], [[1.0, 2.0]], np.ones((3, 2, 4))])
def test_what_is_not_square_is_refused(matrix):
    with pytest.raises(NumericsError) as caught:
        square_stack(matrix)
    assert caught.value.problems[0].code == "N010"


def test_messages_in_both_languages():
    with pytest.raises(NumericsError) as caught:
        alpha([[1.0]])
    assert caught.value.text("en").splitlines()[:3] == [
        "N001: there are too few items",
        "  got:      1",
        "  expected: at least 2 items",
    ]
    assert caught.value.text("zh-CN").splitlines()[0] == "N001: 题项数量不足"
    with pytest.raises(NumericsError) as caught:
        check_conf_level(95)
    assert caught.value.text("zh-CN").splitlines()[0] == "N002: 置信水平不在 0 与 1 之间"


def test_weights_of_none_are_ones_and_infinite_ones_refused():
    assert checked_weights(None, 2).tolist() == [1.0, 1.0]
    with pytest.raises(NumericsError) as caught:
        checked_weights([1.0, np.inf], 2)
    assert caught.value.problems[0].code == "N008"
