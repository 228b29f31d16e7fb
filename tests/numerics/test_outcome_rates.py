"""Outcome rates against formulas written out in R, a published example, and what must hold among them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from satmeter.numerics.outcome_rates import ESTIMATED, STATISTICS, eligible_share, outcome_rates

# README of the R package outcomerate 1.1.0 (ropensci.org, CC0), whose printed values these are
EXAMPLE = {"I": 4, "P": 2, "R": 1, "NC": 1, "O": 1, "UH": 1, "UO": 1, "NE": 1}
PRINTED = {
    **{"rr1": 0.364, "rr2": 0.545, "rr3": 0.370, "rr4": 0.556, "rr5": 0.444, "rr6": 0.667},
    **{"coop1": 0.500, "coop2": 0.750, "coop3": 0.571, "coop4": 0.857},
    **{"ref1": 0.091, "ref2": 0.093, "ref3": 0.111, "con1": 0.727, "con2": 0.741, "con3": 0.889},
}
DISPOSITIONS = ["I", "P", "I", "UO", "R", "I", "NC", "I", "O", "P", "UH"]
WEIGHTS = [1.3] * 6 + [2.5] * 5


def estimates(counts, e=None):
    return {name: rate.estimate for name, rate in outcome_rates(counts, e=e).items()}


@pytest.mark.parametrize("sample", ["telephone", "web", "face"])
def test_rates_are_those_of_the_standard_definitions(reference, sample):
    document = reference("nonresponse")
    case = document["values"]["outcomes"][sample]
    e = eligible_share(case["counts"]).estimate
    assert e == pytest.approx(case["e"], rel=document["rtol"])
    for share, expected in ((e, case["cases"]), (0.6, case["stated"])):
        found = estimates(case["counts"], share)
        assert list(found) == list(STATISTICS)
        assert found == pytest.approx(expected, rel=document["rtol"])


def test_a_published_example():
    e = eligible_share(EXAMPLE).estimate
    assert e == 0.9
    assert {name: round(value, 3) for name, value in estimates(EXAMPLE, e).items()} == PRINTED
    weighted = dict.fromkeys(EXAMPLE, 0.0)
    for group, weight in zip(DISPOSITIONS, WEIGHTS, strict=True):
        weighted[group] += weight
    found = estimates(weighted)
    assert (round(found["rr2"], 2), round(found["con1"], 2)) == (0.50, 0.69)


def test_what_needs_e_is_left_out_without_it():
    assert set(STATISTICS) - set(outcome_rates({"I": 3, "R": 1, "UO": 2})) == set(ESTIMATED)
    found = estimates({"I": 3, "R": 1})
    assert found["rr3"] == found["rr1"] == 0.75
    assert found["coop1"] == 0.75


def test_nobody_asked_has_no_rate():
    assert set(estimates({"NE": 5}, 0.5).values()) == {None}
    assert estimates({"UO": 5}, 0.0)["rr3"] is None
    assert eligible_share({}).estimate is None


COUNTS = st.fixed_dictionaries({group: st.integers(0, 500) for group in EXAMPLE})


@given(COUNTS, st.floats(0, 1))
def test_rates_are_ordered_and_add_up(counts, e):
    found = {name: value or 0.0 for name, value in estimates(counts, e).items()}
    assert all(0 <= value <= 1 + 1e-12 for value in found.values())
    for low, middle, high in (("rr1", "rr3", "rr5"), ("rr2", "rr4", "rr6"), ("ref1", "ref2", "ref3")):
        assert found[low] <= found[middle] + 1e-12
        if counts["I"] + counts["P"] + counts["R"] + counts["NC"] + counts["O"]:
            assert found[middle] <= found[high] + 1e-12
    assert found["coop1"] <= found["coop3"] + 1e-12
    if found["con1"]:
        assert found["rr1"] == pytest.approx(found["con1"] * found["coop1"], abs=1e-12)
