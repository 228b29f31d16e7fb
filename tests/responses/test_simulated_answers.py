"""Simulated answers: the truth is found again in them, skip logic holds, bytes repeat."""

import json
import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from satmeter.errors import ResponsesError
from satmeter.numerics.simulation import general_dominance
from satmeter.questionnaire import asked, read_questionnaire
from satmeter.responses import read_responses, simulate, write_simulation
from satmeter.responses.blueprint import make_blueprint
from satmeter.responses.draws import draw

LARGE = 40_000


@pytest.fixture(scope="module")
def power():
    return read_questionnaire("power-utility")


@pytest.fixture(scope="module")
def ecsi():
    return read_questionnaire("ecsi-mobile")


@pytest.fixture(scope="module")
def large(power):
    return simulate(power, LARGE, seed=11)


def keyed(questionnaire, frame, construct):
    """Ratings of a construct as the analysis has them, reversed where keyed in reverse; written out by hand."""
    columns = {}
    for name in questionnaire.constructs[construct].items:
        values = pd.to_numeric(frame[name]).astype(float)
        scale = questionnaire.scales[questionnaire.items[name].scale]
        columns[name] = scale.low + scale.high - values if questionnaire.items[name].reverse else values
    return pd.DataFrame(columns)


def score(questionnaire, frame, construct):
    rated = keyed(questionnaire, frame, construct)
    parts = []
    for name in rated:
        scale = questionnaire.scales[questionnaire.items[name].scale]
        parts.append(100 * (rated[name] - scale.low) / (scale.high - scale.low))
    return pd.concat(parts, axis=1).mean(axis=1)


def answers_of(questionnaire, row):
    """One row as the evaluator wants it."""
    answers = {}
    for name in questionnaire.variables:
        question = questionnaire.questions.get(name)
        text = row[name]
        if question is not None and question.type == "multiple":
            answers[name] = tuple(text.split(";")) if text else ()
        elif question is None and text:
            answers[name] = float(text)
        else:
            answers[name] = text or None
    return answers


def test_latent_correlations_are_those_of_the_truth(power, large):
    blueprint = make_blueprint(power)
    drawn = draw(
        blueprint,
        np.full(100_000, "en", dtype=object),
        np.random.default_rng(1),
        np.random.default_rng(2),
    )
    truth = np.array(large.truth["latent_correlations"]["matrix"])
    assert large.truth["latent_correlations"]["variables"] == list(blueprint.nodes)
    assert np.abs(np.corrcoef(drawn.latent.T) - truth).max() < 0.012
    assert np.abs(drawn.latent.mean(axis=0)).max() < 0.015
    assert np.abs(drawn.latent.std(axis=0) - 1).max() < 0.015


def test_alpha_is_near_the_expected(power, large):
    found = {}
    for name in set(power.constructs) - {"complaint"}:
        cov = keyed(power, large.frame, name).cov().to_numpy()
        k = len(cov)
        found[name] = k / (k - 1) * (1 - np.trace(cov) / cov.sum())
    expected = large.truth["expected"]["alpha"]
    assert found == pytest.approx({name: expected[name] for name in found}, abs=0.012)  # 4 standard errors at 40,000


def test_scores_have_the_expected_means_spread_and_correlations(power, large):
    expected = large.truth["expected"]
    names = expected["correlations"]["variables"]
    chosen = [name for name in names if name in power.constructs and name != "complaint"]
    scores = pd.DataFrame({name: score(power, large.frame, name) for name in chosen})
    places = [names.index(name) for name in chosen]
    matrix = np.array(expected["correlations"]["matrix"])[np.ix_(places, places)]
    assert scores.mean().to_dict() == pytest.approx({n: expected["mean_score"][n] for n in chosen}, abs=0.5)
    assert scores.std().to_dict() == pytest.approx({n: expected["score_sd"][n] for n in chosen}, rel=0.02)
    assert np.abs(scores.corr().to_numpy() - matrix).max() < 0.02


def test_order_of_the_drivers_is_recovered(power, large):
    drivers = power.model["satisfaction"]
    scores = pd.DataFrame({name: score(power, large.frame, name) for name in (*drivers, "satisfaction")})
    shares = general_dominance(scores.corr(), len(drivers), tuple(range(len(drivers))))
    expected = [large.truth["expected"]["lmg"]["satisfaction"][name] for name in drivers]
    assert shares == pytest.approx(expected, abs=0.01)
    assert [drivers[i] for i in np.argsort(-shares)[:4]] == ["product", "service", "staff", "image"]
    latent = large.truth["lmg"]["satisfaction"]
    assert list(latent) == sorted(latent, key=lambda name: -latent[name]) == list(drivers)
    assert sum(latent.values()) == pytest.approx(large.truth["r2"]["satisfaction"]) == pytest.approx(0.6)


def test_costs_act_against_satisfaction(large):
    paths = large.truth["paths"]["satisfaction"]
    assert [paths[name] > 0 for name in ("product", "service", "staff", "image")] == [True] * 4
    assert [paths[name] < 0 for name in ("money", "time", "effort", "energy")] == [True] * 4


def test_groups_differ_as_stated(power, large):
    group = large.truth["group"]
    assert group["question"] == "ctype"
    gap = {}
    for name in ("product", "money"):
        means = score(power, large.frame, name).groupby(large.frame["ctype"]).mean()
        gap[name] = (means["biz"] - means["res"]) / large.truth["expected"]["score_sd"][name]
        latent = group["latent_means"][name]
        assert np.sign(gap[name]) == np.sign(latent["biz"] - latent["res"])
        assert abs(gap[name]) == pytest.approx(0.93 * abs(latent["biz"] - latent["res"]), abs=0.04)
    assert gap["product"] > 0 > gap["money"]


def test_shares_of_options_and_points(large):
    assert large.frame["region"].value_counts(normalize=True).to_dict() == pytest.approx(
        large.truth["questions"]["region"], abs=0.01
    )
    for name in ("pv1", "pe2", "ly1"):
        assert large.frame[name].value_counts(normalize=True).to_dict() == pytest.approx(
            large.truth["items"][name]["shares"], abs=0.012
        )
    low_end = large.truth["items"]["pe2"]["shares"]
    assert low_end["1"] + low_end["2"] > low_end["4"] + low_end["5"]  # reversed in the raw codes


def test_skip_logic_is_obeyed_in_every_row(power):
    made = simulate(power, 400, seed=5, careless=0.1, missing=0.1)
    hidden = 0
    for _, row in made.frame.iterrows():
        shown = set(asked(power, answers_of(power, row)))
        filled = {name for name in power.variables if row[name]}
        assert filled <= shown
        hidden += len(power.variables) - len(shown)
    assert hidden > 400
    assert (made.frame["cp1"] != "").sum() > 20


@settings(max_examples=25, deadline=None)
@given(
    name=st.sampled_from(["power-utility", "ecsi-mobile"]),
    seed=st.integers(0, 2**63),
    careless=st.floats(0, 0.99),
    missing=st.floats(0, 0.99),
)
def test_every_cell_is_in_the_codebook_whatever_the_shares(name, seed, careless, missing):
    questionnaire = read_questionnaire(name)
    made = simulate(questionnaire, 20, seed=seed, careless=careless, missing=missing)
    assert len(made.truth["careless"]["respondents"]) == round(20 * careless)
    for variable in (*questionnaire.items, *questionnaire.checks):
        allowed = {str(code) for code in questionnaire.scale_of(variable).codes}
        allowed |= {code.code for code in questionnaire.missing_of(variable)} | {""}
        assert set(made.frame[variable]) <= allowed
    for _, row in made.frame.iterrows():
        shown = set(asked(questionnaire, answers_of(questionnaire, row)))
        assert {v for v in questionnaire.variables if row[v]} <= shown
    json.dumps(made.truth, allow_nan=False)


def test_complete_answers_without_losses(power, large):
    required = [name for name in power.variables if name in power.items and power.show_if_of(name) is None]
    assert (large.frame[required] != "").all(axis=None)
    assert (large.frame["ac1"] == "4").all()
    assert large.truth["careless"]["respondents"] == {}
    assert large.truth["missing"]["break_offs"] == []


def test_careless_share_is_exact_and_only_they_fail_the_check(power):
    made = simulate(power, 1000, seed=2, careless=0.1)
    careless = made.truth["careless"]["respondents"]
    kinds = pd.Series(careless).value_counts().to_dict()
    assert kinds == {"straightliner": 40, "random": 40, "speeder": 20}
    failed = set(made.frame.loc[made.frame["ac1"] != "4", "respondent"])
    assert failed <= set(careless)
    assert len(failed) > 50
    straight = [r for r, kind in careless.items() if kind == "straightliner"]
    grid = [name for name in power.items if power.items[name].scale == "agree5"]
    rows = made.frame.set_index("respondent")
    assert (rows.loc[straight, grid].nunique(axis=1) == 1).all()
    seconds = rows["seconds"].astype(int)
    speeders = [r for r, kind in careless.items() if kind == "speeder"]
    assert seconds[speeders].median() < 0.2 * seconds.drop(list(careless)).median()


def test_attentive_answers_do_not_depend_on_the_careless(power):
    clean, mixed = simulate(power, 300, seed=4), simulate(power, 300, seed=4, careless=0.2)
    attentive = ~clean.frame["respondent"].isin(mixed.truth["careless"]["respondents"])
    items = [name for name in power.items if power.show_if_of(name) is None]
    assert clean.frame.loc[attentive, items].equals(mixed.frame.loc[attentive, items])


def test_missing_share_is_about_what_was_asked_for(power):
    made = simulate(power, 4000, seed=3, missing=0.08)
    names = [name for name in power.items if power.show_if_of(name) is None]
    cells = made.frame[names]
    coded = cells.isin(["98", "99"]).to_numpy().mean()
    blank = (cells == "").to_numpy().mean()
    broken = set(made.truth["missing"]["break_offs"])
    assert coded == pytest.approx(0.02, abs=0.003)
    assert blank + coded == pytest.approx(0.08, abs=0.01)
    assert len(broken) / 4000 == pytest.approx(0.04, abs=0.01)
    assert set(made.frame.loc[made.frame["submitted"] == "", "respondent"]) == broken
    assert (made.frame["consent"] == "yes").all()


def test_same_seed_same_bytes_other_seed_other_answers(ecsi, tmp_path):
    paths = [
        write_simulation(simulate(ecsi, 50, seed=seed, careless=0.1, missing=0.1), tmp_path / f"{name}.csv")
        for name, seed in (("a", 9), ("b", 9), ("c", 10))
    ]
    (a, a_truth), (b, b_truth), (c, _) = paths
    assert a.read_bytes() == b.read_bytes() != c.read_bytes()
    assert a_truth.read_bytes() == b_truth.read_bytes()
    assert a.read_bytes().startswith(
        b"\xef\xbb\xbfrespondent,started,submitted,seconds,language,digest,simulated,IMAG1,"
    )
    assert a_truth.name == "a.truth.json"
    assert json.loads(a_truth.read_text("utf-8"))["paths"]["expectation"]["image"] == pytest.approx(0.4**0.5)
    assert sorted(p.name for p in tmp_path.iterdir()) == [f"{n}{e}" for n in "abc" for e in (".csv", ".truth.json")]


def test_what_is_written_is_read_again_without_complaint(power, tmp_path):
    made = simulate(power, 200, seed=6, careless=0.05, missing=0.05)
    answers, _ = write_simulation(made, tmp_path / "answers.csv")
    read = read_responses(answers, power)
    assert read.unknown == ()
    assert read.absent == ()
    assert list(read.frame.index) == list(made.frame["respondent"])
    for name in ("pv1", "pe2", "ly1", "years"):
        text = made.frame[name].where(~made.frame[name].isin(["", "98", "99"]))
        assert read.frame[name].to_numpy() == pytest.approx(pd.to_numeric(text).to_numpy(float), nan_ok=True)
    several = {text for text in made.frame["matters"] if ";" in text}
    assert several
    matters = made.frame.set_index("respondent")["matters"]
    assert all(read.frame.loc[r, "matters"] == tuple(t.split(";")) for r, t in matters.items() if t)
    assert list(read.other["seconds"]) == list(made.frame["seconds"])
    off = made.truth["missing"]["break_offs"]
    assert off
    assert (read.missing.loc[off] == "break_off").any(axis=1).mean() > 0.9


def test_ten_thousand_respondents_in_three_seconds(power):
    start = time.process_time()
    simulate(power, 10_000, seed=1, careless=0.05, missing=0.03)
    assert time.process_time() - start < 3


WITH_QUESTIONS = """
satmeter: 1
id: small
version: "1"
title: Small
languages: [en]
scales:
  s: {points: {1: low, 2: mid, 3: high}}
constructs:
  sat: {role: satisfaction, label: Satisfaction, scale: s, items: {a: One, b: Two}}
questions:
  kind: {type: choice, text: Kind, options: {x: X, y: Y, z: Z}}
  age: {type: number, text: Age, min: 18, max: 90}
  day: {type: date, text: Day}
  several: {type: multiple, text: Several, options: {p: P, q: Q}}
model:
  sat: [kind, age]
pages:
  - [kind, age, day, several]
  - [a, b]
"""


def test_questions_act_as_the_model_says(tmp_path):
    path = tmp_path / "small.yaml"
    path.write_text(WITH_QUESTIONS, "utf-8")
    small = read_questionnaire(path)
    made = simulate(small, 20_000, seed=8)
    truth = made.truth
    assert truth["group"] == {}
    assert truth["r2"]["sat"] == pytest.approx(0.6)
    assert truth["paths"]["sat"]["age"] / truth["paths"]["sat"]["kind"] == pytest.approx(0.75)
    place = made.frame["kind"].map({"x": 0, "y": 1, "z": 2})
    age = made.frame["age"].astype(float)
    assert age.between(18, 90).all()
    data = pd.DataFrame({"kind": place, "age": age, "sat": made.frame[["a", "b"]].astype(float).mean(axis=1)})
    shares = general_dominance(data.corr(), 2, (0, 1))
    expected = truth["expected"]["lmg"]["sat"]
    assert shares == pytest.approx([expected["kind"], expected["age"]], abs=0.03)
    assert made.frame["day"].str.fullmatch(r"2025-\d\d-\d\d").all()
    assert set(made.frame["several"]) == {"p", "q", "p;q"}


def codes(error):
    return [problem.code for problem in error.value.problems]


def test_bad_arguments_are_refused_together(power):
    with pytest.raises(ResponsesError) as error:
        simulate(power, 0, seed=-1, careless=1.0, missing=-0.1)
    assert codes(error) == ["R201", "R202", "R202", "R203"]
    english, chinese = error.value.text("en"), error.value.text("zh-CN")
    assert "below 1" in english
    assert "at least 0 and below 1" in english
    assert "随机种子为负数" in chinese


def test_not_a_number_is_no_share(power):
    with pytest.raises(ResponsesError) as error:
        simulate(power, 5, seed=1, missing=float("nan"))
    assert codes(error) == ["R202"]


def test_one_respondent_is_enough(power):
    assert simulate(power, 1, seed=1, careless=0.5, missing=0.5).frame.shape == (1, 7 + len(power.variables))


def test_a_model_that_cannot_be_simulated_is_named(tmp_path):
    path = tmp_path / "small.yaml"
    path.write_text(WITH_QUESTIONS, "utf-8")
    small = read_questionnaire(path)
    small.model["sat"] = ("kind", "several")
    with pytest.raises(ResponsesError) as error:
        simulate(small, 5, seed=1)
    assert codes(error) == ["R204"]
    assert "several" in error.value.text("en")
    assert "无法模拟" in error.value.text("zh-CN")
