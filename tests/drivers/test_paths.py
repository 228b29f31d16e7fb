"""The path model of a study: the numbers of the satisfaction index tradition, what adds up, and what refuses."""

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from satmeter.drivers.path_assessment import quality_rows
from satmeter.drivers.path_base import path_base
from satmeter.drivers.paths import path_sections
from satmeter.drivers.section import DeepInput
from satmeter.moments import make_resampling
from satmeter.numerics.bca import bca_interval
from satmeter.study.driver_plan import PathOptions

ROOT = Path(__file__).parents[2]
BLOCKS = {
    "image": ("driver", "IMAG"),
    "expectation": ("driver", "CUEX"),
    "quality": ("driver", "PERQ"),
    "value": ("driver", "PERV"),
    "satisfaction": ("satisfaction", "CUSA"),
    "complaints": ("other", "CUSCO"),
    "loyalty": ("loyalty", "CUSL"),
}
MODEL = {
    "expectation": ("image",),
    "quality": ("expectation",),
    "value": ("expectation", "quality"),
    "satisfaction": ("image", "expectation", "quality", "value"),
    "complaints": ("satisfaction",),
    "loyalty": ("image", "satisfaction", "complaints"),
}
# SmartPLS 2.0.M3, seminr 2.3.4 (shared/research/statistics.md 3.4): mode A, path scheme, standardised
R2 = {
    "expectation": 0.254938080,
    "quality": 0.309969407,
    "value": 0.345278942,
    "satisfaction": 0.681078291,
    "complaints": 0.278853960,
    "loyalty": 0.456944455,
}
PATHS = {
    ("image", "expectation"): 0.504913934,
    ("image", "satisfaction"): 0.178739500,
    ("image", "loyalty"): 0.195755333,
    ("expectation", "quality"): 0.556748962,
    ("quality", "satisfaction"): 0.512023940,
    ("quality", "value"): 0.558304379,
}


def run(study, **options):
    study = replace(study, plan=replace(study.plan, paths=PathOptions(**options)))
    return path_sections(DeepInput(study, make_resampling(study), ()))


@pytest.fixture(scope="module")
def mobi_study(study_by_hand):
    path = Path(os.environ.get("SATMETER_DATA", ROOT.parent / "shared" / "data")) / "ecsi-mobile" / "mobi.csv"
    if not path.is_file():
        pytest.skip("no real data: set SATMETER_DATA")
    data = pd.read_csv(path)
    constructs = {
        name: (role, {k: list(data[k]) for k in data if k.startswith(prefix)})
        for name, (role, prefix) in BLOCKS.items()
    }
    half = list(np.random.default_rng(1).permutation(["a", "b"] * 125))
    return study_by_hand(
        constructs,
        scales=dict.fromkeys(data.columns, (1, 10)),
        model=MODEL,
        replicates=300,
        questions={"half": ("choice", half)},
    )


@pytest.fixture(scope="module")
def mobi(mobi_study):
    return run(mobi_study, consistent=True)


def direct(sections, model="pls"):
    rows = sections["path_models"].rows
    return {(row.source, row.target): row.estimate for row in rows if row.model == model}


def test_the_contract_numbers(mobi):
    rows = mobi["path_quality"].rows
    r2 = {row.construct: row.estimate for row in rows if (row.model, row.statistic) == ("pls", "r2")}
    assert r2 == pytest.approx(R2, abs=5e-10)
    found = {(row.source, row.target): row.estimate for row in mobi["paths"].rows if row.effect == "direct"}
    assert {pair: found[pair] for pair in PATHS} == pytest.approx(PATHS, abs=5e-10)
    assert found == direct(mobi)
    assert len(found) == 12


def test_reliability_variance_and_ratios_of_the_blocks(mobi):
    rows = {(r.statistic, r.construct, r.other): r for r in mobi["path_quality"].rows if r.model == "pls"}
    expected = {
        ("rho_a", "image", ""): 0.7403,
        ("rho_c", "quality", ""): 0.9047,
        ("ave", "value", ""): 0.8484,
        ("htmt", "quality", "satisfaction"): 0.9536,
        ("gof", "", ""): 0.47175,
    }
    for key, value in expected.items():
        assert rows[key].estimate == pytest.approx(value, abs=6e-5)
    assert ("rho_a", "complaints", "") not in rows  # one item
    assert rows["rho_a", "image", ""].conf_low < 0.7403 < rows["rho_a", "image", ""].conf_high
    assert rows["srmr", "", ""].estimate > rows["srmr_saturated", "", ""].estimate
    assert rows["d_uls", "", ""].p_value == pytest.approx(1 / 301)


def test_total_is_direct_and_indirect_and_routes_sum_to_it(mobi):
    effects = {(r.source, r.target, r.effect): r.estimate for r in mobi["paths"].rows}
    for (source, target, effect), value in effects.items():
        if effect == "total":
            parts = [effects.get((source, target, part), 0.0) for part in ("direct", "indirect")]
            assert value == pytest.approx(sum(parts), abs=1e-12)
    assert effects["quality", "loyalty", "total"] == pytest.approx(0.3233, abs=5e-5)
    assert effects["image", "loyalty", "total"] == pytest.approx(0.3987, abs=5e-5)
    routes = [r.estimate for r in mobi["path_chains"].rows if (r.source, r.target) == ("image", "loyalty")]
    assert sum(routes) == pytest.approx(effects["image", "loyalty", "indirect"], abs=1e-12)
    assert "satisfaction → complaints" in {r.via for r in mobi["path_chains"].rows}


def test_every_effect_has_both_intervals(mobi):
    for row in mobi["paths"].rows:
        assert row.conf_low < row.estimate < row.conf_high
        assert row.bca_low < row.estimate < row.bca_high
        assert (row.f2 is None) == (row.vif is None) == (row.effect != "direct")
    se = {(r.source, r.target): r.std_error for r in mobi["paths"].rows if r.effect == "direct"}
    assert se["image", "expectation"] == pytest.approx(0.0566, rel=0.15)  # seminr, 2,000 replicates


def test_consistent_estimates_are_given_and_called_inadmissible(mobi):
    found = direct(mobi, "plsc")
    assert found["image", "expectation"] == pytest.approx(0.8633, abs=5e-5)
    assert found["satisfaction", "loyalty"] == pytest.approx(0.9615, abs=5e-5)
    (note,) = [n for n in mobi["path_models"].notes if n.code == "D158"]
    assert float(note.params["eigenvalue"]) < 0


def test_without_being_asked_for_there_are_no_consistent_estimates(mobi_study):
    sections = run(mobi_study)
    assert {row.model for row in sections["path_models"].rows} == {"pls", "sem"}


def test_loadings_and_weights(mobi):
    loadings = {r.item: r for r in mobi["loadings"].rows if r.model == "path"}
    assert len(loadings) == 24
    assert loadings["CUSCO"].estimate == pytest.approx(1, abs=1e-12)
    assert loadings["IMAG1"].conf_low < loadings["IMAG1"].estimate < loadings["IMAG1"].conf_high
    assert {r.model for r in mobi["loadings"].rows} == {"path", "path_weight"}


def test_importance_is_the_unstandardised_total_effect(mobi, mobi_study):
    rows = {(r.outcome, r.driver, r.item): r for r in mobi["path_importance"].rows}
    value = rows["loyalty", "value", ""]
    items = [r for r in mobi["path_importance"].rows if (r.outcome, r.driver) == ("loyalty", "value") and r.item]
    assert sum(r.importance for r in items) == pytest.approx(value.importance, rel=1e-9)
    frame = mobi_study.frame[["PERV1", "PERV2"]]
    assert min(100 * (frame.mean() - 1) / 9) <= value.performance <= max(100 * (frame.mean() - 1) / 9)
    assert {r.outcome for r in mobi["path_importance"].rows} == {"satisfaction", "loyalty"}


def test_predictions_are_of_outcomes_items(mobi):
    items = {row.item: row for row in mobi["prediction"].rows}
    assert "IMAG1" not in items
    assert len(items) == 19
    assert 0 < items["CUSA1"].q2 < 1
    assert items["CUSA1"].rmse < 40


def test_halves_of_one_sample_do_not_differ(mobi_study):
    section = run(mobi_study, groups=("half",))["path_groups"]
    paths = [row for row in section.rows if row.statistic == "path"]
    assert len(paths) == 12
    assert min(row.p_adjusted for row in paths) > 0.05
    for row in paths:
        assert row.estimate == pytest.approx(row.first - row.second, abs=1e-9)
    compositions = [row for row in section.rows if row.statistic == "composition"]
    assert all(0.9 < row.estimate <= 1 for row in compositions)
    assert (paths[0].n, paths[0].n_other) == (125, 125)


HIGHER = {
    "higher_order": {"experience": ("quality", "value")},
    "model": {"satisfaction": ("image", "experience"), "loyalty": ("satisfaction", "image")},
}


@pytest.fixture(scope="module")
def two_stages(mobi_study):
    return run(mobi_study, groups=("half",), moderations={"loyalty": (("satisfaction", "experience"),)}, **HIGHER)


def test_a_higher_order_construct_takes_the_place_of_its_parts(two_stages):
    found = {(row.source, row.target) for row in two_stages["paths"].rows if row.effect == "direct"}
    assert found == {
        ("image", "satisfaction"),
        ("experience", "satisfaction"),
        ("image", "loyalty"),
        ("satisfaction", "loyalty"),
    }
    loadings = {r.item for r in two_stages["loadings"].rows if r.construct == "experience"}
    assert loadings == {"quality", "value"}
    codes = {note.code for section in two_stages.values() for note in section.notes}
    assert codes == {"D157"}
    for row in two_stages["paths"].rows:
        assert row.bca_low < row.estimate < row.bca_high


def test_the_map_of_a_higher_order_construct_is_over_the_items_of_its_parts(two_stages, mobi_study):
    rows = {(r.outcome, r.driver, r.item): r for r in two_stages["path_importance"].rows}

    def items_of(construct):
        return [r for (outcome, name, item), r in rows.items() if (outcome, name) == ("loyalty", construct) and item]

    assert {r.item for r in items_of("experience")} == {*(f"PERQ{j}" for j in range(1, 8)), "PERV1", "PERV2"}
    answers = 100 * (mobi_study.frame[[r.item for r in rows.values() if r.item]] - 1) / 9
    index = {}
    for name in ("experience", "satisfaction"):
        whole, items = rows["loyalty", name, ""], items_of(name)
        assert sum(r.importance for r in items) == pytest.approx(whole.importance, rel=1e-9)
        parts = [answers[[r.item]].iloc[:, 0] * r.importance / whole.importance for r in items]
        index[name] = sum(parts)
        assert whole.performance == pytest.approx(index[name].mean(), rel=1e-9)
    # unstandardised: the path times the ratio of the standard deviations of the indices
    total = {(r.source, r.target): r.estimate for r in two_stages["paths"].rows if r.effect == "total"}
    expected = total["experience", "satisfaction"] * index["satisfaction"].std() / index["experience"].std()
    assert rows["satisfaction", "experience", ""].importance == pytest.approx(expected, rel=1e-6)


def test_groups_predictions_and_products_in_two_stages(two_stages):
    paths = [row for row in two_stages["path_groups"].rows if row.statistic == "path"]
    assert {(row.source, row.target) for row in paths} >= {("experience", "satisfaction")}
    assert min(row.p_adjusted for row in paths) > 0.05  # halves at random
    composition = {row.target: row.estimate for row in two_stages["path_groups"].rows if row.statistic == "composition"}
    assert 0.9 < composition["experience"] <= 1
    items = {row.item: row for row in two_stages["prediction"].rows}
    assert set(items) == {f"{block}{j}" for block in ("CUSA", "CUSL") for j in (1, 2, 3)}
    assert 0 < items["CUSA1"].q2 < 1
    (product,) = two_stages["path_moderation"].rows
    assert (product.source, product.moderator) == ("satisfaction", "experience")
    assert product.conf_low < product.estimate < product.conf_high


# what refuses ------------------------------------------------------------------------------------------------------


def made(study_by_hand, n=120, seed=1, **changes):
    """Three constructs of two items each: a → b → y."""
    rng = np.random.default_rng(seed)
    a = rng.normal(size=n)
    b = 0.6 * a + 0.8 * rng.normal(size=n)
    y = 0.6 * b + 0.8 * rng.normal(size=n)

    def item(score):
        return np.clip(np.round(3 + score + 0.6 * rng.normal(size=n)), 1, 5)

    data = {f"{name}{j}": item(score) for name, score in (("a", a), ("b", b), ("y", y)) for j in (1, 2)}
    data |= {name: column(data) for name, column in changes.pop("columns", {}).items()}
    roles = {"a": "driver", "b": "driver", "y": "satisfaction"}
    constructs = {
        name: (role, {f"{name}{j}": list(data[f"{name}{j}"]) for j in (1, 2)}) for name, role in roles.items()
    }
    changes.setdefault("model", {"b": ("a",), "y": ("b",)})
    return study_by_hand(constructs, replicates=100, **changes)


def codes_of(sections):
    return [note.code for section in sections.values() for note in section.notes]


def test_no_construct_leads_to_another(study_by_hand):
    sections = run(made(study_by_hand, model={}))
    assert codes_of(sections) == ["D140"]
    assert sections["paths"].rows == ()


def test_questions_are_left_out_and_named(study_by_hand):
    study = made(study_by_hand, model={"y": ("a", "age")}, questions={"age": ("number", [30.0] * 120)})
    (note,) = run(study)["paths"].notes
    assert (note.code, note.about) == ("D145", "age")


def test_a_construct_that_nobody_answered(study_by_hand):
    gone = {"a1": lambda d: d["a1"] * np.nan, "a2": lambda d: d["a2"] * np.nan}
    (note,) = run(made(study_by_hand, columns=gone))["paths"].notes
    assert (note.code, note.params["constructs"]) == ("D141", "a")


def test_too_few_respondents(study_by_hand):
    (note,) = run(made(study_by_hand, n=25))["paths"].notes
    assert (note.code, note.params["n"], note.params["needed"]) == ("D142", 25, 30)


def test_an_item_that_all_answered_alike(study_by_hand):
    (note,) = run(made(study_by_hand, columns={"b2": lambda d: np.full(120, 4.0)}))["paths"].notes
    assert (note.code, note.params["items"]) == ("D143", "b2")


def test_missing_answers_are_filled_with_the_score(study_by_hand):
    def holes(data):
        return np.where(np.arange(120) % 10 == 0, np.nan, data["a2"])

    study = made(study_by_hand, columns={"a2": holes})
    sections = run(study)
    (note,) = sections["paths"].notes
    assert (note.code, note.params["cells"], note.params["rule"]) == ("D144", 12, "person_mean")
    filled = made(study_by_hand, columns={"a2": lambda d: np.where(np.isnan(holes(d)), d["a1"], d["a2"])})
    assert direct(sections) == pytest.approx(direct(run(filled)), abs=1e-12)
    complete = run(made(study_by_hand, columns={"a2": holes}, missing_rule="complete"))
    assert complete["paths"].rows[0].n == 108


def test_replicates_without_a_solution_are_counted(study_by_hand):
    study = made(study_by_hand, columns={"b2": lambda d: np.where(np.arange(120) == 0, 5.0, 4.0)})
    (note,) = [n for n in run(study)["paths"].notes if n.code == "D146"]
    assert 20 < note.params["n"] < 60  # the one answer is not drawn in about 37 of 100 replicates
    assert note.params["of"] == 100


def test_a_construct_without_neighbours(study_by_hand):
    # by the study file it cannot come about: only constructs of the model are in it
    from satmeter.drivers.path_base import _failure
    from satmeter.errors import Problem

    note = _failure(Problem("N072", params={"constructs": "a"}))
    assert (note.code, note.params["constructs"]) == ("D148", "a")
    assert _failure(Problem("N078", params={"routes": 5})).code == "D147"


def test_copies_in_a_formative_construct(study_by_hand):
    study = made(study_by_hand, columns={"a2": lambda d: d["a1"]}, modes={"a": "formative"})
    (note,) = run(study)["paths"].notes
    assert (note.code, note.params["constructs"]) == ("D149", "a")


def test_predecessors_that_are_copies(study_by_hand):
    copies = {"b1": lambda d: d["a1"], "b2": lambda d: d["a2"]}
    (note,) = run(made(study_by_hand, columns=copies, model={"y": ("a", "b")}))["paths"].notes
    assert (note.code, note.params["outcome"]) == ("D150", "y")
    assert "a" in note.params["constructs"]


def test_weights_that_do_not_settle(study_by_hand, monkeypatch):
    from satmeter.drivers import path_base
    from satmeter.numerics.path_weights import pls

    monkeypatch.setattr(path_base, "pls", lambda corr, model, scheme: pls(corr, model, scheme=scheme, max_iter=1))
    (note,) = run(made(study_by_hand))["paths"].notes
    assert note.code == "D151"


def test_too_many_routes(study_by_hand, monkeypatch):
    from satmeter.drivers import path_estimates
    from satmeter.errors import NumericsError, Problem

    def refuse(*_):
        raise NumericsError(Problem("N078", got="12000", params={"routes": 12000, "maximum": 10000}))

    monkeypatch.setattr(path_estimates, "specific_effects", refuse)
    sections = run(made(study_by_hand))
    assert codes_of(sections) == ["D152"]
    assert sections["path_chains"].rows == ()


def test_too_few_for_so_many_parts(study_by_hand):
    sections = run(made(study_by_hand, n=40), folds=41)
    assert [n.code for n in sections["prediction"].notes] == ["D154"]


def test_an_item_with_a_negative_weight_is_left_out_of_the_index(study_by_hand):
    turned = made(study_by_hand, n=300, columns={"a2": lambda d: 6 - d["y1"]}, modes={"a": "formative"})
    notes = [n for n in run(turned)["path_importance"].notes if n.code == "D156"]
    assert [n.params["items"] for n in notes] == ["a2"]


def test_consistent_estimates_that_often_fail(study_by_hand):
    rng = np.random.default_rng(4)
    weak = {"a2": lambda d: np.clip(np.round(0.25 * d["a1"] + rng.normal(2.2, 1.1, 120)), 1, 5)}
    notes = [n.code for n in run(made(study_by_hand, columns=weak), consistent=True)["path_models"].notes]
    assert set(notes) & {"D158", "D159"}


def test_formative_constructs_are_not_for_maximum_likelihood(study_by_hand):
    sections = run(made(study_by_hand, modes={"a": "formative"}))
    assert [n.code for n in sections["path_models"].notes] == ["D160"]


def test_paths_that_the_data_do_not_tell_apart_are_named(study_by_hand):
    """Both predecessors measure the same thing."""
    rng = np.random.default_rng(5)
    truth, n = rng.normal(size=150), 150
    columns = {
        name: lambda d: np.clip(np.round(3 + truth + 0.7 * rng.normal(size=n)), 1, 5)
        for name in ("a1", "a2", "b1", "b2", "y1", "y2")
    }
    model = {"y": ("a", "b")}
    notes = run(made(study_by_hand, n=n, columns=columns, model=model))["path_models"].notes
    (note,) = [note for note in notes if note.code == "D216"]
    assert note.params["paths"] == "a–y, b–y"
    assert note.text("en").endswith("Do not interpret them one by one.")
    assert "请勿逐一解释" in note.text("zh-CN")


def test_maximum_likelihood_needs_a_hundred(study_by_hand):
    assert [n.code for n in run(made(study_by_hand, n=80))["path_models"].notes] == ["D161"]


def test_a_covariance_based_model_that_cannot_be_fitted(study_by_hand):
    sections = run(made(study_by_hand, columns={"y2": lambda d: d["y1"]}))
    assert [n.code for n in sections["path_models"].notes] == ["D162"]


def test_an_improper_covariance_based_solution(study_by_hand):
    rng = np.random.default_rng(8)
    noise = {f"{c}{j}": (lambda d: rng.integers(1, 6, 120).astype(float)) for c in "ab" for j in (1, 2)}
    codes = [
        n.code for seed in range(6) for n in run(made(study_by_hand, seed=seed, columns=noise))["path_models"].notes
    ]
    assert "D163" in codes


def test_strata_and_clusters_are_named_where_they_are_not_used(study_by_hand):
    half = ["a" if j % 2 else "b" for j in range(120)]
    study = made(study_by_hand, cluster=list(np.arange(120) // 3), questions={"half": ("choice", half)})
    sections = run(study, groups=("half",))
    assert [n.code for n in sections["path_models"].notes] == ["D164"]
    assert [n.code for n in sections["path_groups"].notes] == ["D167"]


def test_groups_too_small_to_compare(study_by_hand):
    few = ["a" if j < 2 else "b" for j in range(120)]
    study = made(study_by_hand, questions={"few": ("choice", few)})
    section = run(study, groups=("few",))["path_groups"]
    assert section.rows == ()
    assert [(n.code, n.about) for n in section.notes] == [("D166", "few")]


def test_all_sentences_exist_in_both_languages(mobi):
    for section in mobi.values():
        for note in section.notes:
            assert note.text("en") != note.text("zh-CN")


def test_intervals_of_the_blocks_are_bias_corrected(mobi_study):
    resampling = make_resampling(mobi_study)
    base, _ = path_base(mobi_study, resampling)
    rows = {(r.statistic, r.construct): r for r in quality_rows(base) if not r.other}
    j = base.names.index("satisfaction")
    r2, plain = base.fit.r2[:, j], np.nanquantile(base.fit.r2[1:, j], [0.025, 0.975])
    row = rows["r2", "satisfaction"]
    assert (row.conf_low, row.conf_high) == pytest.approx(bca_interval(r2[0], r2[1:]), rel=1e-12)
    assert np.median(r2[1:]) > r2[0]  # weights are fitted to every replicate anew
    assert row.conf_low < plain[0]
    assert row.conf_high < plain[1]
