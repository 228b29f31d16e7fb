"""Modification indices against lavaan, and against fits in which the cell is free."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from satmeter.numerics.cfa import fit_cfa
from satmeter.numerics.modification import modification_indices


def columns(case):
    ends = np.cumsum([0, *(len(items) for items in case["factors"].values())])
    return [tuple(range(a, b)) for a, b in pairwise(ends)]


def table(case):
    """Lavaan's table by the same keys; the two items of a residual covariance in the order of the columns."""
    items, names, theirs = case["items"], list(case["factors"]), case["modification"]
    found = {}
    for lhs, op, rhs, *values in zip(*(theirs[key] for key in ("lhs", "op", "rhs", "mi", "epc", "sepc")), strict=True):
        if op == "=~":
            found[True, items.index(rhs), names.index(lhs)] = values
        else:
            one, other = sorted((items.index(lhs), items.index(rhs)))
            found[False, other, one] = values
    return found


@pytest.mark.parametrize("name", ["hs", "mobi", "neuroticism"])
def test_every_index_and_expected_change_equals_lavaan(reference, name):
    case = reference("cfa")["values"][name]
    found = modification_indices(fit_cfa(case["covariance"], case["n"], columns(case)).solution)
    theirs = table(case)
    keys = list(zip(found.is_loading.tolist(), found.item.tolist(), found.other.tolist(), strict=True))
    assert set(keys) == set(theirs)
    expected = np.array([theirs[key] for key in keys])
    np.testing.assert_allclose(found.index, expected[:, 0], rtol=2e-4, atol=1e-4)
    np.testing.assert_allclose(found.expected_change, expected[:, 1], rtol=2e-4, atol=2e-4)
    np.testing.assert_allclose(found.std_expected_change, expected[:, 2], rtol=2e-4, atol=2e-4)
    assert (np.diff(found.index) <= 1e-8).all()


def test_greatest_of_the_tutorial(reference):
    case = reference("cfa")["values"]["hs"]
    found = modification_indices(fit_cfa(case["covariance"], case["n"], columns(case)).solution)
    assert (found.is_loading[0], found.item[0], found.other[0]) == (True, 8, 0)  # visual =~ x9
    assert round(float(found.index[0]), 3) == 36.411
    assert round(float(found.expected_change[0]), 3) == 0.577


def test_identification_changes_no_index(reference):
    case = reference("cfa")["values"]["mobi"]
    one, other = (
        modification_indices(
            fit_cfa(case["covariance"], case["n"], columns(case), identification=identification).solution
        )
        for identification in ("marker", "unit_variance")
    )
    np.testing.assert_allclose(one.index, other.index, rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(one.std_expected_change, other.std_expected_change, rtol=1e-6, atol=1e-8)


def test_only_item_of_a_factor_has_no_cross_loading_of_its_own(reference):
    case = reference("cfa")["values"]["single_item_factor"]
    found = modification_indices(fit_cfa(case["covariance"], case["n"], columns(case)).solution)
    assert not (found.is_loading & (found.item == 8)).any()
    assert (found.is_loading & (found.other == 2)).any()
    assert np.isfinite(found.index).all()
