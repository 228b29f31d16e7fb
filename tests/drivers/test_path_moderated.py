"""Products of constructs in the path model of a study: R's figures, and models that cannot have them."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from satmeter.drivers.paths import path_sections
from satmeter.drivers.section import DeepInput
from satmeter.moments import make_resampling
from satmeter.numerics.path_higher_order import higher_order, two_stage_model
from satmeter.study.driver_plan import PathOptions

MODEL = {"c": ("a", "b"), "y": ("b", "c")}


def sections_of(study_by_hand, blocks, model=MODEL, moderations=None, **options):
    roles = dict.fromkeys(blocks, "driver") | {"y": "satisfaction"}
    constructs = {name: (roles[name], items) for name, items in blocks.items()}
    scales = {item: (0, 20) for items in blocks.values() for item in items}
    study = study_by_hand(constructs, scales=scales, model=model, replicates=200)
    paths = PathOptions(moderations=moderations or {"y": (("b", "c"),)}, **options)
    study = replace(study, plan=replace(study.plan, paths=paths))
    return path_sections(DeepInput(study, make_resampling(study), ()))["path_moderation"]


@pytest.fixture(scope="module")
def small():
    values = json.loads((Path(__file__).parents[1] / "reference" / "paths.json").read_text("utf-8"))["values"]["small"]
    table = np.array(values["rows"], dtype=float)
    names = zip(values["constructs"], values["blocks"], strict=True)
    return values, {name: {values["items"][c]: list(table[:, c]) for c in block} for name, block in names}


def test_the_product_is_that_of_r(study_by_hand, small):
    values, blocks = small
    (row,) = sections_of(study_by_hand, blocks).rows
    expected = values["moderation"]
    assert (row.target, row.source, row.moderator, row.n) == ("y", "b", "c", 120)
    assert row.estimate == pytest.approx(expected["coefficients"][2], rel=1e-6)
    assert row.r2_change == pytest.approx(expected["r2"] - expected["r2_without"], rel=1e-6)
    assert row.f2 == pytest.approx(row.r2_change / (1 - expected["r2"]), rel=1e-6)
    assert row.conf_low < row.estimate < row.conf_high
    assert 0.02 < row.std_error < 0.3


def test_both_ways_round_are_one_product(study_by_hand, small):
    section = sections_of(study_by_hand, small[1], moderations={"y": (("b", "c"), ("c", "b"), ("c", "a"))})
    one, other, third = section.rows
    assert other.estimate == pytest.approx(one.estimate, rel=1e-9)
    assert other.conf_low == pytest.approx(one.conf_low, rel=1e-9)
    assert third.estimate != pytest.approx(one.estimate, rel=1e-3)


def test_nothing_is_entered_unasked(study_by_hand, small):
    section = sections_of(study_by_hand, small[1], moderations={"y": ()})
    assert (section.rows, section.notes) == ((), ())


def test_a_product_with_a_higher_order_construct(study_by_hand, small):
    options = {"higher_order": {"v": ("a", "b")}, "model": {"y": ("v", "c")}}
    section = sections_of(study_by_hand, small[1], moderations={"y": (("v", "c"),)}, **options)
    (row,) = section.rows
    blocks = {name: np.column_stack(list(items.values())) for name, items in small[1].items()}
    ends = np.cumsum([blocks[name].shape[1] for name in "abcy"])
    columns = [range(end - blocks[name].shape[1], end) for end, name in zip(ends, "abcy", strict=True)]
    model = two_stage_model(columns, [(0, 1), (2,), (3,)], {2: (0, 1)})
    rows = np.column_stack([blocks[name] for name in "abcy"])
    z = (rows - rows.mean(axis=0)) / rows.std(axis=0, ddof=1)
    weights = higher_order(np.corrcoef(rows.T), model).items.weights
    v, c, y = (z[:, list(block)] @ weights[list(block)] for block in model.items.blocks)
    slopes = np.linalg.lstsq(np.column_stack([np.ones(len(v)), v, c, v * c]), y, rcond=None)[0]
    assert row.estimate == pytest.approx(slopes[3], rel=1e-6)


def test_a_moderator_that_is_a_copy(study_by_hand, small):
    blocks = dict(small[1])
    blocks["b"] = {"b1": blocks["b"]["b1"]}
    blocks["d"] = {"d1": blocks["b"]["b1"]}
    model = {"a": ("d",), "c": ("a", "b"), "y": ("b", "c")}
    section = sections_of(study_by_hand, blocks, model, {"y": (("c", "d"), ("b", "c"))})
    (note,) = section.notes
    assert (note.code, note.about, note.params["source"], note.params["moderator"]) == ("D207", "y", "c", "d")
    assert "可由彼此推出" in note.text("zh-CN")
    assert [row.source for row in section.rows] == ["b"]
