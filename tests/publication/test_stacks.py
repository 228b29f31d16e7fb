"""Moments that are shipped: the same bytes, no more than is published, and no way back to the answers."""

from dataclasses import replace

import numpy as np
import pytest

from satmeter.measurement import measure
from satmeter.moments import make_resampling, mean_stack
from satmeter.publication.secret_draws import secret_draws
from satmeter.publication.stack_rows import computed_rows
from satmeter.publication.stacks import collect_stacks, read_stacks


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
