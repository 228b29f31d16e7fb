"""Measurement invariance of a study's groups: the sentence follows from the truth that was put in."""

import numpy as np
import pytest

from satmeter.measurement.invariance import compare_groups
from satmeter.measurement.validity import validate
from satmeter.moments import make_resampling
from satmeter.numerics.invariance import measurement_invariance

BLOCKS = {"first": (0, 1, 2, 3), "second": (4, 5, 6, 7)}
CONSTRUCTS = {name: tuple(f"i{j}" for j in columns) for name, columns in BLOCKS.items()}


def answers(rng, n, *, shift=None, slopes=None, mean=0.0):
    """Items of two constructs; the shift moves single items at an equal level of the construct."""
    latent = rng.normal(size=(n, 2)) @ np.linalg.cholesky(np.array([[1, 0.5], [0.5, 1]])).T + mean
    rows = np.repeat(latent, 4, axis=1) * (0.8 if slopes is None else slopes) + rng.normal(size=(n, 8)) * 0.6
    return 3 + rows + (0 if shift is None else shift)


def study_of(study_by_hand, parts, **options):
    rows = np.concatenate(parts)
    codes = [code for code, part in zip("abcdefgh", parts, strict=False) for _ in part]
    constructs = {name: ("driver", {f"i{j}": list(rows[:, j]) for j in columns}) for name, columns in BLOCKS.items()}
    options = {"replicates": 10, "groups": ("region",), "questions": {"region": ("choice", codes)}} | options
    return study_by_hand(constructs, **options)


def compared(study_by_hand, parts, **options):
    return compare_groups(study_of(study_by_hand, parts, **options), CONSTRUCTS)


def only_note(notes, code):
    assert [note.code for note in notes] == [code]
    assert notes[0].about == "region"
    return notes[0].text("en"), notes[0].text("zh-CN")


def test_equal_items_let_means_be_compared_even_when_the_means_differ(study_by_hand):
    rng = np.random.default_rng(1)
    parts = [answers(rng, 600), answers(rng, 500, mean=0.5)]
    rows, notes = compared(study_by_hand, parts)
    english, chinese = only_note(notes, "M155")
    assert english.startswith("Means of these groups may be compared, because the items measure alike in all of them")
    assert chinese.startswith("这些组的均值可以比较，因为题项在各组的测量方式一致")
    assert [row.step for row in rows] == ["configural", "metric", "scalar", "strict"]
    assert {(row.verdict, row.n, row.freed, row.group_by) for row in rows} == {("scalar_holds", 1100, "", "region")}
    expected = measurement_invariance(
        [np.cov(part.T) for part in parts], [part.mean(axis=0) for part in parts], [600, 500], list(BLOCKS.values())
    )
    for row, step in zip(rows, expected.steps, strict=True):
        assert row.chi2 == pytest.approx(step.indices.chi2, rel=1e-6)
        assert (row.df, row.holds) == (step.indices.df, step.holds)
    assert (rows[0].df_change, rows[0].chi2_change, rows[0].p_change) == (None, None, None)
    assert rows[2].cfi_change == pytest.approx(expected.steps[2].cfi_change, abs=1e-8)


def test_one_shifted_item_is_found_and_named(study_by_hand):
    rng = np.random.default_rng(2)
    shift = np.array([0, 0, 0, 0, 0, 1.2, 0, 0])
    rows, notes = compared(study_by_hand, [answers(rng, 300), answers(rng, 300, shift=shift)])
    english, chinese = only_note(notes, "M156")
    assert "with caution, because the items measure alike in all of them except i5;" in english
    assert "除 i5 外" in chinese
    assert [(row.step, row.freed) for row in rows[4:]] == [("scalar", "intercept i5")]


def test_many_shifted_items_forbid_the_comparison(study_by_hand):
    rng = np.random.default_rng(3)
    shift = np.array([1.0, -1.0, 0.6, -0.6, 1.0, -1.0, 0.6, -0.6])
    _, notes = compared(study_by_hand, [answers(rng, 300), answers(rng, 300, shift=shift)])
    english, chinese = only_note(notes, "M157")
    assert english.startswith("Means of these groups are not to be compared, because at the same level of a construct")
    assert chinese.startswith("这些组的均值不宜比较，因为在构念水平相同时")


def test_other_loadings_forbid_the_comparison(study_by_hand):
    rng = np.random.default_rng(4)
    slopes = np.array([0.9, 0.1, -0.4, 0.4, 0.9, 0.1, -0.4, 0.4])
    _, notes = compared(study_by_hand, [answers(rng, 400), answers(rng, 400, slopes=slopes)])
    english, chinese = only_note(notes, "M158")
    assert "do not belong to their constructs equally closely" in english
    assert "题项与所属构念的关联程度各组不一" in chinese


def test_a_model_that_does_not_fit_settles_nothing(study_by_hand):
    rng = np.random.default_rng(5)
    parts = [answers(rng, 300), answers(rng, 300)]
    for part in parts:
        extra = rng.normal(size=(300, 2))
        part[:, [0, 4]] += extra[:, :1]
        part[:, [1, 5]] += extra[:, 1:]
    rows, notes = compared(study_by_hand, parts)
    english, chinese = only_note(notes, "M159")
    assert "is not settled, because the measurement model does not fit well enough" in english
    assert "测量模型的拟合不足以作为衡量依据" in chinese
    assert not rows[0].holds


def test_small_groups_are_left_out_and_named(study_by_hand):
    rng = np.random.default_rng(6)
    parts = [answers(rng, 200), answers(rng, 150), answers(rng, 101)]
    parts[2][:2, 0] = np.nan
    codes = ["a"] * 200 + ["b"] * 149 + [None] + ["c"] * 101
    rows, notes = compared(study_by_hand, parts, questions={"region": ("choice", codes)})
    assert [note.code for note in notes] == ["M152", "M155"]
    assert (notes[0].params["groups"], rows[0].n) == ("c", 349)
    assert "fewer than 100 complete respondents" in notes[0].text("en")
    assert "未纳入测量不变性检验：c" in notes[0].text("zh-CN")
    rows, notes = compared(study_by_hand, [parts[0], parts[2]])
    english, chinese = only_note(notes, "M153")
    assert rows == ()
    assert "because fewer than two of them have 100 respondents" in english
    assert "达到 100 人的组不足两个" in chinese


def test_an_item_without_variation_in_a_group(study_by_hand):
    rng = np.random.default_rng(7)
    parts = [answers(rng, 150), answers(rng, 150), answers(rng, 150)]
    parts[1][:, 2] = 4.0
    parts[2][:, 7] = parts[2][:, 5]
    rows, notes = compared(study_by_hand, parts)
    english, chinese = only_note(notes, "M231")
    assert rows == ()
    assert english.endswith("because within b, c these items do not vary or repeat each other: i2, i5, i7.")
    assert chinese.endswith("因为在 b、c 中以下题项没有变化或互相重复：i2、i5、i7。")


def test_a_model_without_minimum_in_a_group(study_by_hand):
    """Three items with a negative product of correlations: the likelihood has no maximum."""
    rng = np.random.default_rng(7)
    corr = np.array([[1, 0.3, -0.3], [0.3, 1, 0.3], [-0.3, 0.3, 1.0]])
    rows = rng.normal(size=(400, 3)) @ np.linalg.cholesky(corr).T
    constructs = {"only": ("driver", {f"i{j}": list(rows[:, j]) for j in range(3)})}
    study = study_by_hand(
        constructs, replicates=10, groups=("region",), questions={"region": ("choice", ["a", "b"] * 200)}
    )
    found, notes = compare_groups(study, {"only": ("i0", "i1", "i2")})
    english, chinese = only_note(notes, "M154")
    assert found == ()
    assert "could not be fitted in every group" in english
    assert "未能在每个组内拟合" in chinese


def test_a_construct_that_a_group_was_not_asked_is_left_out(study_by_hand):
    rng = np.random.default_rng(11)
    parts = [answers(rng, 200), answers(rng, 200)]
    parts[1][:, :4] = np.nan
    rows, notes = compared(study_by_hand, parts)
    assert [note.code for note in notes] == ["M232", "M155"]
    assert notes[0].text("en").startswith("first: not part of the comparison of groups, because nobody in b answered")
    assert notes[0].text("zh-CN").startswith("first：b 中无人完整作答，未纳入组间比较")
    alone = measurement_invariance(
        [np.cov(part[:, 4:].T) for part in parts],
        [part[:, 4:].mean(axis=0) for part in parts],
        [200, 200],
        [(0, 1, 2, 3)],
    )
    assert rows[0].chi2 == pytest.approx(alone.steps[0].indices.chi2, rel=1e-6)
    assert {row.n for row in rows} == {400}


def test_too_many_groups_for_the_models(study_by_hand, monkeypatch):
    monkeypatch.setattr("satmeter.measurement.invariance.MOST_CELLS", 15)
    rng = np.random.default_rng(8)
    rows, notes = compared(study_by_hand, [answers(rng, 120), answers(rng, 120)])
    english, chinese = only_note(notes, "M151")
    assert rows == ()
    assert "8 items times groups exceed 15" in english
    assert "8 个题项乘以组数超过 15" in chinese


def test_weights_count_as_rows_do(study_by_hand):
    rng = np.random.default_rng(9)
    rows = answers(rng, 400)
    doubled = compared(study_by_hand, [np.repeat(rows[:200], 2, axis=0), np.repeat(rows[200:], 2, axis=0)])[0]
    weighted, notes = compared(study_by_hand, [rows[:200], rows[200:]], weights=[3.0] * 400)
    assert [note.code for note in notes] == ["M155"]  # equal weights are none
    _, notes = compared(study_by_hand, [rows[:200], rows[200:]], cluster=np.repeat(np.arange(40), 10))
    assert [note.code for note in notes] == ["M234", "M155"]
    assert "p-values of the comparison of models between these groups are those of a simple random sample" in notes[
        0
    ].text("en")
    assert "请以 CFI 与 RMSEA 的变化为准" in notes[0].text("zh-CN")
    plain = compared(study_by_hand, [rows[:200], rows[200:]])[0]
    assert [row.chi2 for row in weighted] == pytest.approx([row.chi2 for row in plain], rel=1e-6)
    assert doubled[0].chi2 > 1.9 * plain[0].chi2


def test_all_of_it_comes_with_the_study(study_by_hand):
    rng = np.random.default_rng(10)
    study = study_of(study_by_hand, [answers(rng, 150), answers(rng, 150)])
    found = validate(study, make_resampling(study))
    assert (found.invariance, found.invariance_notes) == compare_groups(study, CONSTRUCTS)
    assert list(found.to_frame("invariance")["step"]) == ["configural", "metric", "scalar", "strict"]
