"""Item lint: every finding by an item made to have it, its sentence in both languages, and silence about good items."""

import numpy as np
import pytest

from satmeter.measurement.differential_functioning import differential_rows
from satmeter.measurement.item_lint import lint_items
from satmeter.measurement.reliability import consistency
from satmeter.measurement.validity_model import DifRow, LoadingRow
from satmeter.moments import make_resampling

NAN = float("nan")
CODES = {
    "low_item_rest": "M211",
    "negative_item_rest": "M212",
    "alpha_rises": "M213",
    "low_loading": "M214",
    "cross_loading": "M215",
    "redundant": "M216",
    "floor": "M217",
    "ceiling": "M218",
    "many_missing": "M219",
    "skewed": "M220",
    "dif": "M221",
    "heywood": "M222",
}


def good(rng, n, p=4, loading=0.8):
    trait = rng.normal(size=n)
    rows = trait[:, None] * loading + rng.normal(size=(n, p)) * np.sqrt(1 - loading**2)
    return np.clip(np.round(3 + rows), 1, 5)


def study_of(study_by_hand, rows, **options):
    return study_by_hand(
        {"staff": ("driver", {f"pe{j}": list(rows[:, j]) for j in range(rows.shape[1])})}, replicates=200, **options
    )


def linted(study, loadings=(), dif=()):
    rows, notes = lint_items(study, make_resampling(study), tuple(loadings), tuple(dif))
    assert [(row.item, CODES[row.finding]) for row in rows] == [(note.about, note.code) for note in notes]
    return {(row.item, row.finding): (row, note) for row, note in zip(rows, notes, strict=True)}


def loading(item, construct, estimate, model="structure"):
    return LoadingRow(model, construct, item, estimate, None, None, None, 100)


def test_good_items_are_not_spoken_of(study_by_hand):
    study = study_of(study_by_hand, good(np.random.default_rng(1), 300))
    own = [loading(f"pe{j}", "staff", 0.8) for j in range(4)]
    others = [loading(f"pe{j}", "price", 0.4) for j in range(4)]
    assert linted(study, [*own, *others]) == {}


def test_an_item_that_weakens_its_construct(study_by_hand):
    rng = np.random.default_rng(2)
    rows = good(rng, 300)
    rows[:, 2] = rng.integers(1, 6, 300)
    study = study_of(study_by_hand, rows)
    found = linted(study)
    assert set(found) == {("pe2", "low_item_rest"), ("pe2", "alpha_rises")}
    part = dict(consistency(study, make_resampling(study), study.questionnaire.constructs["staff"]).parts)["pe2"]
    row, note = found["pe2", "low_item_rest"]
    assert row.value == pytest.approx(part.item_rest_r, rel=1e-9)
    assert (row.construct, row.limit) == ("staff", 0.3)
    assert f"item–rest correlation {row.value:.2f}, .30 is the usual least" in note.text("en")
    assert f"题总相关 {row.value:.2f}，通常至少为 .30" in note.text("zh-CN")
    row, note = found["pe2", "alpha_rises"]
    assert note.params["without"] == pytest.approx(part.alpha_if_dropped, rel=1e-9)
    assert row.value == pytest.approx(part.alpha_if_dropped - note.params["alpha"], rel=1e-9)
    assert note.text("en").startswith(
        f"pe2 weakens staff: alpha rises from {note.params['alpha']:.2f} to {note.params['without']:.2f} without it."
    )
    assert f"删除后 α 由 {note.params['alpha']:.2f} 升至 {note.params['without']:.2f}" in note.text("zh-CN")


def test_a_rise_of_alpha_that_chance_explains_is_not_told(study_by_hand):
    rng = np.random.default_rng(3)
    rows = good(rng, 30, loading=0.7)
    rows[:, 2] = np.clip(np.round(3 + 0.45 * (rows[:, 0] - 3) + rng.normal(size=30)), 1, 5)
    found = linted(study_of(study_by_hand, rows))
    study = study_of(study_by_hand, rows)
    part = dict(consistency(study, make_resampling(study), study.questionnaire.constructs["staff"]).parts)["pe2"]
    assert part.alpha_if_dropped is not None
    assert ("pe2", "alpha_rises") not in found


def test_an_item_keyed_the_wrong_way(study_by_hand):
    rows = good(np.random.default_rng(4), 300)
    rows[:, 1] = 6 - rows[:, 1]
    found = linted(study_of(study_by_hand, rows))
    row, note = found["pe1", "negative_item_rest"]
    assert row.value < row.limit == 0.0
    assert ("pe1", "low_item_rest") not in found
    assert "declare `reverse: true`" in note.text("en")
    assert "请声明 `reverse: true`" in note.text("zh-CN")


def test_a_copy_is_redundant_once(study_by_hand):
    rows = good(np.random.default_rng(5), 300)
    rows[:, 3] = rows[:, 0]
    rows[:5, 3] = 3
    found = linted(study_of(study_by_hand, rows))
    assert set(found) == {("pe3", "redundant")}
    row, note = found["pe3", "redundant"]
    assert row.value == pytest.approx(np.corrcoef(rows[:, 0], rows[:, 3])[0, 1], rel=1e-9)
    assert "pe3 repeats pe0 (correlation 1.00)" in note.text("en")
    assert "pe3 与 pe0 重复" in note.text("zh-CN")


def test_the_ends_of_the_scale_missing_answers_and_skew(study_by_hand):
    rng = np.random.default_rng(6)
    rows = good(rng, 400)
    rows[:, 0] = np.where(np.arange(400) < 210, 5, rows[:, 0])
    rows[:, 1] = np.where(np.arange(400) < 230, 1, rows[:, 1])
    rows[:60, 2] = NAN
    rows[:, 3] = np.where(np.arange(400) < 375, 2, 5)
    found = linted(study_of(study_by_hand, rows, modes={"staff": "formative"}))
    assert set(found) == {("pe0", "ceiling"), ("pe1", "floor"), ("pe2", "many_missing"), ("pe3", "skewed")}
    row, note = found["pe0", "ceiling"]
    assert (row.value, row.limit) == (pytest.approx(np.mean(rows[:, 0] == 5)), 0.5)
    assert "stand at the highest end of staff" in note.text("en")
    assert "处于staff的最高一端" in note.text("zh-CN")
    assert "最低一端" in found["pe1", "floor"][1].text("zh-CN")
    row, note = found["pe2", "many_missing"]
    assert (row.value, row.limit) == (pytest.approx(0.15), 0.1)
    assert "15 % of those asked gave no rating" in note.text("en")
    assert "15% 的被问者未作评分" in note.text("zh-CN")
    row, note = found["pe3", "skewed"]
    assert row.value > row.limit == 2.0
    assert "beyond ±2" in note.text("en")
    assert "评分严重偏斜" in note.text("zh-CN")
    mirrored = rows.copy()
    mirrored[:, 3] = 6 - rows[:, 3]
    row, _ = linted(study_of(study_by_hand, mirrored))["pe3", "skewed"]
    assert row.value < row.limit == -2.0


def test_loadings(study_by_hand):
    study = study_of(study_by_hand, good(np.random.default_rng(7), 300))
    own = {"pe0": 0.45, "pe1": 0.9975, "pe2": 0.8, "pe3": 0.7}
    cross = {"pe0": 0.2, "pe1": 0.3, "pe2": -0.72, "pe3": 0.59}
    found = linted(
        study,
        [
            *(loading(item, "staff", value) for item, value in own.items()),
            *(loading(item, "price", value) for item, value in cross.items()),
            loading("pe3", "price", 0.99, model="efa"),
        ],
    )
    assert set(found) == {("pe0", "low_loading"), ("pe1", "heywood"), ("pe2", "cross_loading")}
    row, note = found["pe0", "low_loading"]
    assert (row.value, row.limit) == (0.45, 0.5)
    assert "loads low on staff (0.45" in note.text("en")
    assert "在staff上的载荷偏低（0.45" in note.text("zh-CN")
    row, note = found["pe2", "cross_loading"]
    assert (row.value, row.limit) == (0.72, pytest.approx(0.7))
    assert "pe2 goes as closely with price (0.72) as with its own staff (0.80), or nearly so" in note.text("en")
    assert "与price的关联（0.72）几乎不低于与所属staff的关联（0.80）" in note.text("zh-CN")
    assert "Heywood case" in found["pe1", "heywood"][1].text("en")
    assert "到达上限（Heywood 情形）" in found["pe1", "heywood"][1].text("zh-CN")


def test_an_item_that_loads_high_the_wrong_way_round_does_not_load_low(study_by_hand):
    study = study_of(study_by_hand, good(np.random.default_rng(7), 300))
    own = [loading("pe0", "staff", -0.87), *(loading(f"pe{j}", "staff", 0.8) for j in (1, 2, 3))]
    assert linted(study, [*own, loading("pe0", "price", 0.47)]) == {}
    row, _ = linted(study, [*own, loading("pe0", "price", 0.79)])["pe0", "cross_loading"]
    assert row.limit == pytest.approx(0.77)


def test_two_items_have_no_loading_to_be_judged(study_by_hand):
    study = study_of(study_by_hand, good(np.random.default_rng(8), 300, p=2))
    assert linted(study, [loading("pe0", "staff", 0.4), loading("pe1", "staff", 0.4)]) == {}


def test_differential_functioning_is_told_once_an_item(study_by_hand):
    study = study_of(study_by_hand, good(np.random.default_rng(9), 300))
    rows = [
        DifRow("sex", "staff", "pe1", kind, 40.0, 2, 1e-6, 1e-5, effect, "B", 300)
        for kind, effect in (("total", 0.05), ("uniform", 0.04))
    ]
    found = linted(study, dif=rows)
    assert set(found) == {("pe1", "dif")}
    row, note = found["pe1", "dif"]
    assert (row.value, row.limit) == (0.05, 0.035)
    assert (
        "groups of sex answer it differently at the same standing on staff (R² grows by 0.050, class B)"
        in note.text("en")
    )
    assert "在staff水平相同时，sex 各组的作答仍有差异（R² 增加 0.050，B 级）" in note.text("zh-CN")


def test_a_planted_item_reaches_the_lint(study_by_hand):
    rng = np.random.default_rng(10)
    group = np.arange(800) % 2
    trait = rng.normal(size=800)
    rows = trait[:, None] * 0.75 + rng.normal(size=(800, 5)) * 0.66
    rows[:, 0] += 0.9 * group
    study = study_of(
        study_by_hand,
        np.clip(np.round(3 + rows), 1, 5),
        questions={"sex": ("choice", [f"g{g}" for g in group])},
        groups=("sex",),
    )
    found = linted(study, dif=differential_rows(study)[0])
    assert set(found) == {("pe0", "dif")}


@pytest.mark.parametrize("n", [0, 3, 9])
def test_hardly_anybody_answered(study_by_hand, n):
    rows = np.full((40, 3), NAN)
    rows[:n] = good(np.random.default_rng(11), max(n, 1), p=3)[:n]
    assert {finding for _, finding in linted(study_of(study_by_hand, rows))} <= {"many_missing", "floor", "ceiling"}


def test_weights_and_constant_items(study_by_hand):
    rows = good(np.random.default_rng(12), 300)
    rows[:, 1] = 4.0
    counts = np.random.default_rng(13).integers(1, 4, 300)
    weighted = linted(study_of(study_by_hand, rows, weights=list(counts.astype(float))))
    repeated = linted(study_of(study_by_hand, np.repeat(rows, counts, axis=0)))
    assert set(weighted) == set(repeated) == set()
    rows[:, 3] = np.random.default_rng(15).integers(1, 6, 300)
    weighted = linted(study_of(study_by_hand, rows, weights=list(counts.astype(float))))
    repeated = linted(study_of(study_by_hand, np.repeat(rows, counts, axis=0)))
    row, other = weighted["pe3", "low_item_rest"][0], repeated["pe3", "low_item_rest"][0]
    assert row.value == pytest.approx(other.value, rel=1e-9)
