"""Moments that are shipped: the same bytes, no more than is published, and no way back to the answers."""

from dataclasses import asdict, replace

import numpy as np
import pytest

from satmeter.measurement import measure
from satmeter.moments import make_resampling, mean_stack
from satmeter.publication.secret_draws import secret_draws
from satmeter.publication.stack_rows import computed_rows
from satmeter.publication.stacks import collect_stacks, read_stacks
from satmeter.study.plan import Comparisons, Ranks
from satmeter.study.policy import Policy


@pytest.fixture(scope="module")
def study(study_by_hand):
    rng = np.random.default_rng(3)
    mood = rng.normal(3.3, 0.9, 60)
    ratings = {
        name: np.clip(np.round(mood + rng.normal(0, 0.7, 60)), 1, 5).tolist() for name in ("a1", "a2", "a3", "b1")
    }
    constructs = {
        "value": ("driver", {k: ratings[k] for k in ("a1", "a2", "a3")}),
        "satisfaction": ("satisfaction", {"b1": ratings["b1"]}),
    }
    region = {"region": ("choice", ["n", "s"] * 30)}
    return study_by_hand(constructs, questions=region, groups=("region",), replicates=120)


def document(study, sampling="probability"):
    """Return as much of a results document as the moments ask for."""
    found = measure(study, make_resampling(study))
    rows = [{f: getattr(r, f) for f in r.__dataclass_fields__} for r in found.scores]
    return {
        "study": {"sampling": sampling},
        "scores": {"rows": rows},
        "reliability": {"rows": [{"construct": "value", "coefficient": "alpha", "estimate": 0.8}]},
        "provenance": {"seed": 1},
        "questionnaire": {"constructs": []},
    }


def solved(stack, resampling):
    """Solve for every respondent's score what the means of all replicates say, if the draws are these."""
    multipliers = resampling.multipliers()
    return np.linalg.lstsq(multipliers / multipliers.sum(axis=1, keepdims=True), stack, rcond=None)[0]


def test_known_draws_would_give_every_answer_away(study):
    scores = study.construct_scores["value"].to_numpy()
    public = make_resampling(study)
    known = mean_stack(public, scores[:, None])[:, 0]
    np.testing.assert_allclose(solved(known, public), scores, atol=1e-6)
    shipped = mean_stack(secret_draws(study), scores[:, None])[:, 0]
    assert np.abs(solved(shipped, public) - scores).mean() > np.abs(scores.mean() - scores).mean()


def test_draws_are_the_same_for_the_same_answers_and_for_no_others(study, study_by_hand):
    one, two = secret_draws(study), secret_draws(study)
    assert (one.draws == two.draws).all()
    assert (one.draws != make_resampling(study).draws).any()
    changed = {"value": ("driver", {k: study.frame[k].tolist() for k in ("a1", "a2", "a3")})}
    changed["value"][1]["a1"][0] = 6 - changed["value"][1]["a1"][0] or 1.0
    region = {"region": ("choice", ["n", "s"] * 30)}
    other = study_by_hand(changed, questions=region, groups=("region",), replicates=120)
    assert (secret_draws(other).draws != one.draws).any()


def test_the_files_are_the_same_and_read_back(study):
    stacks = collect_stacks(study, secret_draws(study), document(study))
    files = stacks.files()
    assert files == collect_stacks(study, secret_draws(study), document(study)).files()
    again = read_stacks(files)
    assert again.index == stacks.index
    for name, array in stacks.arrays.items():
        np.testing.assert_array_equal(again.arrays[name], array)
    assert len(stacks.arrays) < len(stacks.index["scores"])  # the index is the mean score of its construct


def test_rows_come_out_as_they_were_computed(study):
    draws = secret_draws(study)
    shown = document(study)
    found = measure(study, draws)
    shown["scores"]["rows"] = [{f: getattr(r, f) for f in r.__dataclass_fields__} for r in found.scores]
    stacks = read_stacks(collect_stacks(study, draws, shown).files())
    rows = {(r["measure"], r["statistic"], r["group"]): r for s, r in computed_rows(stacks, shown) if s == "scores"}
    for row in found.scores:
        again = rows[row.measure, row.statistic, row.group]
        assert again["estimate"] == pytest.approx(row.estimate, rel=1e-12)
        assert again["std_error"] == pytest.approx(row.std_error, rel=1e-12)
    (alpha,) = [r for s, r in computed_rows(stacks, shown) if s == "reliability"]
    (published,) = [r for r in found.reliability if (r.construct, r.coefficient) == ("value", "alpha")]
    assert alpha["conf_low"] == pytest.approx(published.conf_low, rel=1e-12)


@pytest.mark.parametrize("within", ["", "area"])
def test_league_tables_come_out_as_they_were_computed(study_by_hand, within):
    rng = np.random.default_rng(6)
    towns = [f"t{i % 8}" for i in range(240)]
    areas = ["xyxxyyxy"[i % 8] for i in range(240)]
    ratings = np.clip(np.round(rng.normal(3.2, 1.0, 240) + np.arange(240) % 8 / 8), 1, 5).tolist()
    questions = {"town": ("choice", towns), "area": ("choice", areas)}
    made = study_by_hand(
        {"satisfaction": ("satisfaction", {"b1": ratings})},
        questions=questions,
        groups=("area", "town"),
        replicates=120,
    )
    made = replace(made, plan=replace(made.plan, ranks=Ranks(("town",), (), within)))
    draws, shown = secret_draws(made), document(made)
    found = measure(made, draws)
    for section, rows in (("scores", found.scores), ("ranks", found.ranks)):
        shown[section] = {"rows": [asdict(row) for row in rows]}
    shown["provenance"]["seed"] = made.plan.uncertainty.seed
    stacks = read_stacks(collect_stacks(made, draws, shown).files())
    again = {row["unit"]: row for section, row in computed_rows(stacks, shown) if section == "ranks"}
    assert len(again) == len(found.ranks) == 8
    for row in found.ranks:
        for key, value in asdict(row).items():
            assert again[row.unit][key] == (value if isinstance(value, str) else pytest.approx(value, rel=1e-12)), key


def test_league_tables_and_differences_with_units_of_which_the_sample_alone_is_shipped(study_by_hand):
    rng = np.random.default_rng(8)
    names = tuple(f"c{j}" for j in range(9))
    ratings = {c: rng.integers(1, 6, 90).astype(float).tolist() for c in names}
    made = study_by_hand(
        {c: ("satisfaction", {f"{c}_1": ratings[c]}) for c in names},
        questions={"region": ("choice", ["w"] * 12 + ["n"] * 38 + ["s"] * 40)},
        groups=("region",),
        replicates=120,
    )
    plan = replace(made.plan, ranks=Ranks(("region",), names), comparisons=Comparisons(("pairs", "rest"), "none"))
    made = replace(made, plan=plan)
    draws, shown = secret_draws(made), document(made)
    found = measure(made, draws)
    sections = {"scores": found.scores, "comparisons": found.comparisons, "ranks": found.ranks}
    shown |= {section: {"rows": [asdict(row) for row in rows]} for section, rows in sections.items()}
    shown["provenance"]["seed"] = made.plan.uncertainty.seed
    stacks = read_stacks(collect_stacks(made, draws, shown).files())
    means = {e["measure"]: e for e in stacks.index["scores"] if (e["group"], e["statistic"]) == ("w", "mean_score")}
    whole = {c for c in names if len(stacks.arrays[means[c]["stack"]]) > 1}
    assert 0 < len(whole) <= 6 < len(names)  # half as many figures as respondents have replicates
    again = list(computed_rows(stacks, shown))
    assert {row["measure"] for section, row in again if section == "ranks"} == whole
    gaps = {
        tuple(row[key] for key in ("measure", "statistic", "group", "other", "method")): row
        for section, row in again
        if section == "comparisons"
    }
    told = [row for row in found.comparisons if row.statistic == "mean_score"]
    assert {row.measure for row in told} == set(names)
    for row in told:
        gap = gaps[row.measure, row.statistic, row.group, row.other, row.method]
        assert gap["estimate"] == pytest.approx(row.estimate, rel=1e-9)
        error = gap["std_error"]
        assert error is None or error == pytest.approx(row.std_error, rel=1e-9)
        if row.measure not in whole and row.method == "pair" and "w" in (row.group, row.other):
            assert error is None


@pytest.mark.parametrize("hidden", ["n", "s"])
def test_what_is_hidden_is_not_shipped(study, hidden):
    shown = document(study)
    for row in shown["scores"]["rows"]:
        if row["group"] == hidden:
            row["estimate"] = None
    stacks = collect_stacks(study, secret_draws(study), shown)
    assert hidden not in {entry["group"] for entry in stacks.index["scores"]}


def test_errors_that_are_not_published_cannot_be_had(study):
    stacks = collect_stacks(study, secret_draws(study), document(study, "nonprobability"))
    assert {len(array) for array in stacks.arrays.values()} == {1}
    rows = [row for section, row in computed_rows(stacks, document(study, "nonprobability")) if section == "scores"]
    assert {row["std_error"] for row in rows} == {None}


def test_replicates_that_leave_out_one_respondent_each_are_not_shipped(study):
    plan = replace(study.plan, uncertainty=replace(study.plan.uncertainty, method="jackknife"))
    jackknife = replace(study, plan=plan)
    stacks = collect_stacks(jackknife, secret_draws(jackknife), document(study))
    assert {len(stacks.arrays[entry["stack"]]) for entry in stacks.index["scores"]} == {1}
    assert len(stacks.arrays[stacks.index["reliability"][0]["covariance"]]) == 121


def test_there_is_an_end_to_what_is_shipped(study, monkeypatch):
    monkeypatch.setattr("satmeter.publication.stacks.MOST_BYTES", 20_000)
    stacks = collect_stacks(study, secret_draws(study), document(study))
    assert stacks.size <= 20_000
    assert stacks.index["left_out"] > 0
    assert {"mean_score"} <= {entry["statistic"] for entry in stacks.index["scores"]}


ITEMS = tuple(f"i{j}" for j in range(14))


def few_in_a_group(study_by_hand):
    """A study of 14 items, and a group of 12 that a policy would show."""
    rng = np.random.default_rng(4)
    mood = rng.normal(3.3, 0.9, 90)
    ratings = {i: np.clip(np.round(mood + rng.normal(0, 0.8, 90)), 1, 5).tolist() for i in ITEMS}
    region = {"region": ("choice", ["w"] * 12 + ["n"] * 78)}
    return study_by_hand(
        {"satisfaction": ("satisfaction", ratings)}, questions=region, groups=("region",), replicates=200
    )


def means_shipped(stacks, group):
    entries = [e for e in stacks.index["scores"] if e["group"] == group and e["statistic"] == "mean_rating"]
    return {e["measure"]: stacks.arrays[e["stack"]] for e in entries}


def distance_from_hull(means, answers):
    """Return how far answers are from where the replicates of their means lie."""
    stack = np.stack(list(means.values()), axis=1)
    _, singular, rows = np.linalg.svd(stack[1:] - stack[0])
    across = rows[(singular > 1e-9 * singular[0]).sum() :]
    return np.linalg.norm((answers - stack[0]) @ across.T, axis=1)


def test_replicates_of_more_figures_than_respondents_would_tell_their_answers(study_by_hand):
    study = few_in_a_group(study_by_hand)
    draws, own = secret_draws(study), study.frame["region"].to_numpy() == "w"
    answers = study.frame[list(ITEMS)].to_numpy(float)
    means = dict(zip(ITEMS, mean_stack(draws, answers, rows=own).T, strict=True))
    assert distance_from_hull(means, answers[own]).max() < 1e-9  # whoever is in the group is known by their answers
    assert distance_from_hull(means, answers[~own]).min() > 0.1
    stacks = collect_stacks(study, draws, document(study))
    assert set(means_shipped(stacks, "w")) == set(ITEMS)
    assert {len(stack) for stack in means_shipped(stacks, "n").values()} == {201}
    shipped = {e["stack"] for e in stacks.index["scores"] if e["group"] == "w"}
    kept = {name: stacks.arrays[name] for name in shipped if len(stacks.arrays[name]) > 1}
    assert len(kept) == 6  # half as many as respondents: they fill their space, and nobody's answers stand out
    replicates = np.stack(list(kept.values()), axis=1)[1:]
    assert np.linalg.matrix_rank(replicates - replicates.mean(axis=0)) == 6


def test_moments_of_all_find_room_together(study_by_hand):
    study = few_in_a_group(study_by_hand)
    shown = document(study) | {"reliability": {"rows": [{"construct": "satisfaction", "estimate": 0.8}]}}
    stacks = collect_stacks(study, secret_draws(study), shown)
    (reliability,) = stacks.index["reliability"]
    assert len(stacks.arrays[reliability["covariance"]]) == 1  # 105 moments of 90 respondents
    assert {len(stack) for stack in means_shipped(stacks, "").values()} == {201}


def test_regressions_on_hidden_options_are_not_shipped(study_by_hand):
    rng = np.random.default_rng(5)
    service, satisfaction = (rng.integers(1, 6, 90).astype(float).tolist() for _ in range(2))
    study = study_by_hand(
        {"service": ("driver", {"s1": service}), "satisfaction": ("satisfaction", {"c1": satisfaction})},
        questions={"region": ("choice", ["w"] * 4 + ["n"] * 86)},
        model={"satisfaction": ("service",)},
        controls=("region",),
        replicates=50,
    )
    draws = secret_draws(study)
    shown = document(study) | {"drivers": {"rows": [{"outcome": "satisfaction", "estimate": 0.3}]}}
    shown |= {"regression": {"rows": [{"outcome": "satisfaction", "term": "region[w]", "estimate": 4.0}]}}
    stacks = collect_stacks(study, draws, shown)
    (entry,) = stacks.index["drivers"]
    mean, moment = stacks.arrays[entry["mean"]][0], stacks.arrays[entry["covariance"]][0]
    dummy = entry["terms"].index("region[w]") + 1
    told = mean[0] + moment[dummy] * 89 / 90 / mean[dummy]  # the covariance with being in a group tells its mean
    assert told == pytest.approx(study.construct_scores["satisfaction"][:4].mean(), abs=1e-9)
    shown["regression"]["rows"][0]["estimate"] = None
    assert collect_stacks(study, draws, shown).index["drivers"] == []


def test_regressions_on_all_but_few_are_not_shipped(study_by_hand):
    rng = np.random.default_rng(5)
    service, satisfaction = (rng.integers(1, 6, 90).astype(float).tolist() for _ in range(2))
    service[0] = float("nan")
    study = study_by_hand(
        {"service": ("driver", {"s1": service}), "satisfaction": ("satisfaction", {"c1": satisfaction})},
        model={"satisfaction": ("service",)},
        replicates=50,
    )
    shown = document(study) | {"drivers": {"rows": [{"outcome": "satisfaction", "estimate": 0.3}]}}
    assert len(collect_stacks(study, secret_draws(study), shown).index["drivers"]) == 1
    careful = replace(study, plan=replace(study.plan, policy=Policy(min_n=10)))
    assert collect_stacks(careful, secret_draws(study), shown).index["drivers"] == []
