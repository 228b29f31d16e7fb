"""Groups that are made up of the groups of another question, and the policy in the document."""

import dataclasses

from satmeter.record.group_unions import group_unions
from satmeter.record.study_part import study_part
from satmeter.study.policy import Policy

TOWNS = ["a", "a", "b", "b", "c", "c", "d", None]
REGIONS = ["n", "n", "n", "n", "s", "s", "s", "s"]
KINDS = ["x", "y", "x", "y", "x", "y", "x", "y"]


def made(study_by_hand, groups, **questions):
    answers = {name: ("choice", list(values)) for name, values in questions.items()}
    study = study_by_hand({"service": ("driver", {"i1": [1, 2, 3, 4, 5, 1, 2, 3]})}, questions=answers)
    plan = dataclasses.replace(study.plan, groups=groups)
    return dataclasses.replace(study, plan=plan, groups={name: study.frame[name] for name in groups})


def test_a_region_is_made_up_of_its_towns(study_by_hand):
    study = made(study_by_hand, ("region", "town", "kind"), region=REGIONS, town=TOWNS, kind=KINDS)
    assert group_unions(study) == [
        {"group_by": "region", "group": "n", "of": "town", "parts": ["a", "b"]},
        {"group_by": "region", "group": "s", "of": "town", "parts": ["c", "d"]},  # one of them named no town
    ]


def test_few_outside_the_groups_inside_are_told_from_them(study_by_hand):
    """Who is in the region and in no town of its own alone is the region less its towns."""
    towns = ["a", "a", "b", "c", "c", "c", "d", "d"]
    study = made(study_by_hand, ("region", "town"), region=REGIONS, town=towns)
    assert [(u["group"], u["parts"]) for u in group_unions(study)] == []
    plan = dataclasses.replace(study.plan, policy=Policy(min_n=3))
    found = group_unions(dataclasses.replace(study, plan=plan))
    assert [(u["group"], u["parts"]) for u in found] == [("n", ["a", "b"]), ("s", ["d"])]


def test_the_same_groups_by_two_questions_are_told_once(study_by_hand):
    study = made(study_by_hand, ("kind", "again"), kind=KINDS, again=[k + k for k in KINDS])
    found = group_unions(study)
    assert [(u["group_by"], u["group"], u["of"], u["parts"]) for u in found] == [
        ("kind", "x", "again", ["xx"]),
        ("kind", "y", "again", ["yy"]),
    ]


def test_towns_lie_in_regions_whoever_left_one_of_both_blank(study_by_hand):
    regions = [*REGIONS[:-2], None, "s"]
    study = made(study_by_hand, ("region", "town"), region=regions, town=TOWNS)
    assert [(u["group"], u["parts"]) for u in group_unions(study)] == [("n", ["a", "b"]), ("s", ["c"])]


def test_the_document_states_the_policy(study_by_hand):
    study = made(study_by_hand, ("region", "town"), region=REGIONS, town=TOWNS)
    assert study_part(study)["policy"] == {}
    plan = dataclasses.replace(study.plan, policy=Policy(min_n=30, flag_n=100))
    told = study_part(dataclasses.replace(study, plan=plan))["policy"]
    assert (told["name"], told["min_n"], told["test_n"], told["flag_n"], told["min_count"]) == (
        "custom",
        30,
        30,
        100,
        10,
    )
    assert [u["group"] for u in told["unions"]] == ["n", "s"]
    assert told["rules"]["zh-CN"][0] == "样本量不足 30 人的数值不予公布。"
