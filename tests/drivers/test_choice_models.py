"""Multinomial regression of a choice question: against statsmodels, and what it leaves out."""

from dataclasses import replace

import numpy as np
import pytest
import statsmodels.api as sm

from satmeter.drivers.choice_models import choice_sections
from satmeter.drivers.section import DeepInput
from satmeter.moments import make_resampling


def customers(n=500, seed=3):
    rng = np.random.default_rng(seed)
    a, b = rng.integers(1, 6, (2, n))
    x = np.column_stack([0.5 * (a - 3.0), 0.4 * (b - 3.0) + 0.3, np.zeros(n)]) + rng.gumbel(size=(n, 3))
    return a, b, np.array(["bank", "desk", "web"])[x.argmax(axis=1)]


def sections_of(study_by_hand, a, b, channel, names=("a", "b"), **options):
    constructs = {"a": ("driver", {"a1": list(a)}), "b": ("driver", {"b1": list(b)})}
    questions = {"channel": ("choice", list(channel))} | options.pop("questions", {})
    study = study_by_hand(constructs, questions=questions, replicates=100, **options)
    drivers = replace(study.plan.drivers, multinomial={"channel": names})
    study = replace(study, plan=replace(study.plan, drivers=drivers))
    return choice_sections(DeepInput(study, make_resampling(study), ()))


def codes_of(sections):
    return [note.code for note in sections["regression"].notes]


def test_coefficients_are_those_of_statsmodels(study_by_hand):
    a, b, channel = customers()
    sections = sections_of(study_by_hand, a, b, channel)
    x = sm.add_constant(np.column_stack([25.0 * (a - 1), 25.0 * (b - 1)]))
    fit = sm.MNLogit(np.unique(channel, return_inverse=True)[1], x).fit(disp=0, tol=1e-12)
    rows = sections["regression"].rows
    terms = [f"{term}|{code}" for code in ("desk", "web") for term in ("(intercept)", "a", "b")]
    assert [row.term for row in rows] == terms
    assert [row.estimate for row in rows] == pytest.approx(list(fit.params.T.ravel()), rel=1e-6)
    assert [row.std_error for row in rows] == pytest.approx(list(fit.bse.T.ravel()), rel=1e-6)
    assert [row.p_value for row in rows] == pytest.approx(list(fit.pvalues.T.ravel()), rel=1e-4, abs=1e-12)
    assert {(r.outcome, r.model, r.std_error_type, r.n) for r in rows} == {
        ("channel", "multinomial", "information", 500)
    }
    (fitted,) = sections["fit"].rows
    assert (fitted.outcome, fitted.statistic) == ("channel", "mcfadden_multinomial")
    assert fitted.estimate == pytest.approx(fit.prsquared, rel=1e-8)
    (note,) = sections["regression"].notes
    assert (note.code, note.about, note.params["reference"]) == ("D202", "channel", "bank")


def test_under_a_design_the_errors_are_linearised(study_by_hand):
    a, b, channel = customers()
    plain = sections_of(study_by_hand, a, b, channel)["regression"].rows
    runs = [j // 10 for j in range(500)]
    weighted = sections_of(
        study_by_hand, a, b, channel, weights=list(np.random.default_rng(1).uniform(0.5, 2, 500)), cluster=runs
    )["regression"].rows
    assert {(row.std_error_type, row.df) for row in weighted} == {("linearised", 50 - 1 - 6 + 1)}
    for one, other in zip(plain, weighted, strict=True):
        assert other.std_error == pytest.approx(one.std_error, rel=0.5)
        assert other.estimate != one.estimate


@pytest.mark.parametrize(("alone", "sure"), [("zoo", {"a|desk", "a|web"}), ("agent", set())])
def test_an_option_that_one_cluster_alone_chose_has_no_test(study_by_hand, alone, sure):
    a, b, channel = customers()
    runs = np.arange(500) // 20
    channel = np.where(runs == 3, alone, channel)
    rows = sections_of(study_by_hand, a, b, channel, ("a",), cluster=list(runs))["regression"].rows
    assert len(rows) == 6
    # agent comes first, so that all others are compared with it
    assert {r.term for r in rows if r.std_error is not None and r.term.startswith("a|")} == sure
    assert all(row.estimate is not None for row in rows)


@pytest.mark.parametrize(("lived_in", "unsure"), [("w", {"city[w]"}), ("b", {"(intercept)", "city[n]", "city[s]"})])
def test_a_category_of_one_cluster_has_no_test(study_by_hand, lived_in, unsure):
    a, b, channel = customers()
    runs = np.arange(500) // 20
    city = np.where(runs == 5, lived_in, np.where(np.arange(500) % 2, "n", "s"))
    questions = {"city": ("choice", list(city))}
    found = sections_of(study_by_hand, a, b, channel, ("a", "city"), questions=questions, cluster=list(runs))
    rows = found["regression"].rows
    assert len(rows) == 8
    assert {r.term.split("|")[0] for r in rows if r.std_error is None} == unsure
    assert all(row.estimate is not None for row in rows)


def test_controls_and_choices_are_columns(study_by_hand):
    a, b, channel = customers()
    rng = np.random.default_rng(1)
    questions = {
        "years": ("number", list(rng.integers(1, 30, 500).astype(float))),
        "city": ("choice", list(rng.permutation(["n", "s"] * 250))),
    }
    sections = sections_of(
        study_by_hand, a, b, channel, ("a", "city"), questions=questions, controls=("years", "channel")
    )
    assert [r.term.split("|")[0] for r in sections["regression"].rows[:4]] == ["(intercept)", "a", "city[s]", "years"]
    assert codes_of(sections) == ["D110", "D202"]


def test_options_that_few_chose_are_left_out(study_by_hand):
    a, b, channel = customers()
    channel = np.where(np.arange(500) < 8, "agent", channel)
    sections = sections_of(study_by_hand, a, b, channel)
    few, reference = sections["regression"].notes
    assert (few.code, few.params["options"], reference.params["reference"]) == ("D198", "agent", "bank")
    assert {row.n for row in sections["regression"].rows} == {492}
    again = sections_of(study_by_hand, a[8:], b[8:], channel[8:])
    assert [r.estimate for r in sections["regression"].rows] == pytest.approx(
        [r.estimate for r in again["regression"].rows], rel=1e-9
    )


def test_one_option_that_nearly_all_chose(study_by_hand):
    a, b, _ = customers()
    sections = sections_of(study_by_hand, a, b, ["web"] * 495 + ["bank"] * 5)
    assert codes_of(sections) == ["D197"]
    assert (sections["regression"].rows, sections["fit"].rows) == ((), ())


def test_nothing_to_explain_it_by(study_by_hand):
    _, b, channel = customers()
    sections = sections_of(study_by_hand, [np.nan] * 500, b, channel, ("a",))
    assert codes_of(sections) == ["D109", "D199"]


def test_drivers_that_tell_the_options_apart_are_named(study_by_hand):
    a, b, _ = customers()
    sections = sections_of(study_by_hand, a, b, np.where(a >= 4, "web", np.where(a >= 2, "desk", "bank")))
    (note,) = sections["regression"].notes
    assert (note.code, note.params["drivers"]) == ("D200", "a")
    assert "无误地区分" in note.text("zh-CN")


def test_copies_among_the_drivers(study_by_hand):
    a, _, channel = customers()
    sections = sections_of(study_by_hand, a, a, channel)
    (note,) = sections["regression"].notes
    assert (note.code, note.params["code"]) == ("D201", "N005")
