"""What the plan asks of validity reaches the results of `validate`, and the sections of the document."""

import dataclasses

import numpy as np

from satmeter.measurement.validity import validate
from satmeter.moments import make_resampling
from satmeter.record.wording import note_row
from satmeter.study.plan import KnownGroups, ValidityPlan


def made(study_by_hand):
    rng = np.random.default_rng(1)
    group = np.arange(400) % 2
    first, second = rng.normal(size=(2, 400)) + 0.5 * group
    rows = np.column_stack([first] * 4 + [second] * 4) * 0.75 + rng.normal(size=(400, 8)) * 0.66
    rows[:, 0] += 1.2 * group
    rows[:, 5] = rng.normal(size=400)
    ratings = np.clip(np.round(3 + rows), 1, 5)
    return study_by_hand(
        {
            "first": ("driver", {f"a{j}": list(ratings[:, j]) for j in range(4)}),
            "second": ("driver", {f"b{j}": list(ratings[:, 4 + j]) for j in range(4)}),
        },
        questions={
            "sex": ("choice", [f"g{g}" for g in group]),
            "spent": ("number", list(np.round(50 + 10 * first, 1))),
        },
        groups=("sex",),
        replicates=60,
    )


def test_everything_asked_is_there(study_by_hand):
    study = made(study_by_hand)
    wishes = ValidityPlan((KnownGroups("second", "sex", "g1", "g0"),), (("first", "spent"),), ("b1",))
    found = validate(
        dataclasses.replace(study, plan=dataclasses.replace(study.plan, validity=wishes)), make_resampling(study)
    )
    statistics = {row.statistic for row in found.validity}
    assert {"known_groups", "criterion", "criterion_rank", "criterion_disattenuated", "htmt"} <= statistics
    assert {"M200"} <= {note.code for note in found.validity_notes}
    assert {(row.item, row.finding) for row in found.lint} >= {("a0", "dif"), ("b1", "alpha_rises")}
    assert len(found.lint) == len(found.lint_notes)
    assert len(found.to_frame("dif")) == 3 * 8
    assert list(found.to_frame("lint").columns) == ["construct", "item", "finding", "value", "limit"]
    note = next(note for note in found.validity_notes if note.code == "M200")
    assert note_row(note, study.questionnaire)["en"].startswith("“sex”: the scores on second support")


def test_nothing_asked_nothing_there(study_by_hand):
    study = made(study_by_hand)
    found = validate(dataclasses.replace(study, groups={}), make_resampling(study))
    assert not {row.statistic for row in found.validity} & {"known_groups", "criterion", "marker_r", "marker_adjusted"}
    assert found.dif == found.dif_notes == ()


def test_a_single_item_construct_can_still_be_held_against_a_criterion(study_by_hand):
    rng = np.random.default_rng(2)
    study = study_by_hand(
        {"only": ("driver", {"a": list(rng.integers(1, 6, 80).astype(float))})},
        questions={"x": ("number", list(rng.normal(size=80)))},
        replicates=40,
    )
    wishes = ValidityPlan(criterion=(("only", "x"),))
    found = validate(
        dataclasses.replace(study, plan=dataclasses.replace(study.plan, validity=wishes)), make_resampling(study)
    )
    assert [row.statistic for row in found.validity] == ["criterion", "criterion_rank"]
    assert [note.code for note in found.validity_notes] == ["M140"]
