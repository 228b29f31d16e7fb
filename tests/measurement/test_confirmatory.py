"""The confirmatory model of a study: lavaan's figures as rows, and every way in which there is none."""

import json
from pathlib import Path

import numpy as np
import pytest

from satmeter.measurement import confirmatory
from satmeter.measurement.validity import validate
from satmeter.moments import make_resampling
from satmeter.numerics.cfa_robust import fit_cfa_robust

REFERENCE = json.loads((Path(__file__).parents[1] / "reference" / "discriminant.json").read_text("utf-8"))["values"]


def exact_sample(correlation, n):
    target = np.asarray(correlation)
    rows = np.random.default_rng(5).normal(size=(n, len(target)))
    rows -= rows.mean(axis=0)
    rows = rows @ np.linalg.inv(np.linalg.cholesky(rows.T @ rows / (n - 1))).T
    return rows @ np.linalg.cholesky(target).T


def study_of(study_by_hand, rows, blocks, **options):
    constructs = {name: ("driver", {f"i{j}": list(rows[:, j]) for j in columns}) for name, columns in blocks.items()}
    return study_by_hand(constructs, **{"replicates": 20} | options)


def validated(study):
    return validate(study, make_resampling(study))


def model_rows(found):
    return {row.statistic: row for row in found.validity if not row.construct}


BLOCKS = {"visual": (0, 1, 2), "textual": (3, 4, 5), "speed": (6, 7, 8)}


def test_holzinger_and_swineford_are_the_figures_of_lavaan(study_by_hand):
    rows = exact_sample(REFERENCE["holzinger"]["correlation"], 301)
    found = validated(study_of(study_by_hand, rows, BLOCKS))
    fit = model_rows(found)
    assert (fit["chi2"].estimate, fit["chi2"].df) == (pytest.approx(85.3055, abs=1e-4), 24)
    assert fit["chi2"].p_value == pytest.approx(8.503e-9, rel=1e-3)
    published = {"cfi": 0.93056, "tli": 0.89584, "rmsea": 0.09212, "srmr": 0.06521}
    assert {name: round(fit[name].estimate, 5) for name in published} == published
    assert (fit["rmsea"].conf_low, fit["rmsea"].conf_high) == (
        pytest.approx(0.0714, abs=1e-4),
        pytest.approx(0.1137, abs=1e-4),
    )
    pairs = {(r.construct, r.other): r.estimate for r in found.validity if r.statistic == "cfa_correlation"}
    assert [round(value, 4) for value in pairs.values()] == [0.4585, 0.4705, 0.2830]
    averages = [r.estimate for r in found.validity if r.statistic == "ave_cfa"]
    assert [round(value, 4) for value in averages] == [0.3710, 0.7195, 0.4298]
    loadings = {r.item: r for r in found.loadings if r.model == "cfa"}
    assert [round(r.estimate, 3) for r in loadings.values()] == [
        0.772, 0.424, 0.581, 0.852, 0.855, 0.838, 0.570, 0.723, 0.665,
    ]  # fmt: skip
    for row in loadings.values():
        reach = 1.959964 * row.std_error / (1 - row.estimate**2)
        ends = np.arctanh([row.conf_low, row.conf_high])
        np.testing.assert_allclose(ends, np.arctanh(row.estimate) + np.array([-reach, reach]), rtol=1e-6)
    for row in found.validity:
        if row.statistic == "cfa_correlation":
            assert row.conf_high - row.estimate == pytest.approx(1.959964 * row.std_error, rel=1e-6)


def test_the_corrected_figures_and_the_weights_go_into_the_rows(study_by_hand):
    rng = np.random.default_rng(3)
    rows = np.clip(np.round(3 + exact_sample(REFERENCE["holzinger"]["correlation"], 301)), 1, 5)
    rows[0, 4] = np.nan
    weights = rng.uniform(0.5, 2, 301)
    found = validated(study_of(study_by_hand, rows, BLOCKS, weights=list(weights)))
    fit = model_rows(found)
    expected = fit_cfa_robust(rows[1:], list(BLOCKS.values()), weights=weights[1:])
    assert fit["chi2_scaled"].estimate == pytest.approx(expected.scaled.chi2, rel=1e-7)
    assert fit["chi2_scaled"].p_value == pytest.approx(expected.scaled.p_value, rel=1e-6)
    assert fit["cfi_robust"].estimate == pytest.approx(expected.scaled.cfi, rel=1e-7)
    assert fit["rmsea_robust"].conf_high == pytest.approx(expected.scaled.rmsea_high, rel=1e-7)
    assert fit["aic"].estimate == pytest.approx(expected.normal.indices.aic, rel=1e-9)
    errors = [r.std_error for r in found.loadings if r.model == "cfa"]
    observed = fit_cfa_robust(rows[1:], list(BLOCKS.values()), weights=weights[1:], correction="yuan_bentler")
    np.testing.assert_allclose(errors, observed.estimates.std_loadings_se, rtol=1e-6)
    assert fit["chi2"].n == 300


def notes_of(found, code):
    return [note for note in found.loading_notes if note.code == code]


def texts(note):
    return note.text("en"), note.text("zh-CN")


def test_a_construct_of_two_items_alone_is_not_identified(study_by_hand):
    rows = exact_sample([[1, 0.5], [0.5, 1]], 150)
    found = validated(study_of(study_by_hand, rows, {"alone": (0, 1)}))
    assert [note.code for note in found.loading_notes] == ["M144", "M170"]
    english, chinese = texts(found.loading_notes[0])
    assert "do not identify it" in english
    assert "无法识别模型" in chinese
    assert "chi2" not in model_rows(found)


def test_a_model_of_fewer_than_half_of_those_who_answered_says_so(study_by_hand):
    rows = exact_sample(REFERENCE["holzinger"]["correlation"], 301)
    rows[:100, 0] = rows[100:151, 3] = np.nan
    (note,) = notes_of(validated(study_of(study_by_hand, rows, BLOCKS)), "M141")
    assert "rests on 150 of the 301 respondents" in note.text("en")
    assert "只有 150 位用于验证性因子模型" in note.text("zh-CN")
    rows[0, 0] = 0.5
    assert notes_of(validated(study_of(study_by_hand, rows, BLOCKS)), "M141") == []
    weighted = validated(study_of(study_by_hand, rows, BLOCKS, weights=np.linspace(0.5, 1.5, 301)))
    (note,) = notes_of(weighted, "M236")
    assert "leave out 150 of the 301 respondents" in note.text("en")
    assert "其余 151 位受访者的权重未作相应调整" in note.text("zh-CN")


def test_a_copied_item_is_named(study_by_hand):
    rows = exact_sample(REFERENCE["holzinger"]["correlation"], 301)
    rows[:, 4] = rows[:, 3]
    found = validated(study_of(study_by_hand, rows, BLOCKS))
    (note,) = notes_of(found, "M233")
    assert "to the two items of i3–i4. The factor models are fitted without the second one" in note.text("en")
    assert "i3–i4 两个题项的答案完全相同" in note.text("zh-CN")
    fitted = {row.item for row in found.loadings if row.model == "cfa"}
    assert fitted == {f"i{j}" for j in range(9)} - {"i4"}
    rows[:, 4] = rows[:, 3] + rows[:, 5]  # no copy, but determined by two others
    found = validated(study_of(study_by_hand, rows, BLOCKS))
    (note,) = notes_of(found, "M145")
    assert "i4" in note.params["items"]
    assert "do not vary or repeat each other" in note.text("en")
    assert "没有差异或相互重复" in note.text("zh-CN")


def test_too_few_complete_respondents(study_by_hand):
    rows = exact_sample(REFERENCE["holzinger"]["correlation"], 301)
    rows[:101, 0] = rows[101:202, 3] = np.nan
    (note,) = notes_of(validated(study_of(study_by_hand, rows, BLOCKS)), "M147")
    assert (note.params["n"], note.params["needed"]) == (99, 100)
    assert "at least 100 are needed" in note.text("en")
    assert "至少需要 100 位" in note.text("zh-CN")


def test_a_search_that_does_not_end_is_told(study_by_hand, monkeypatch):
    problem = confirmatory.Problem("N033", params={"steps": 300})

    def fail(*_, **__):
        raise confirmatory.NumericsError(problem)

    monkeypatch.setattr(confirmatory, "fit_cfa_robust", fail)
    rows = exact_sample(REFERENCE["holzinger"]["correlation"], 301)
    found = validated(study_of(study_by_hand, rows, BLOCKS))
    assert [note.code for note in found.loading_notes] == ["M144", "M170"]
    assert {row.model for row in found.loadings} == {"structure"}


def test_a_construct_that_few_were_asked_stays_out_of_the_joint_models(study_by_hand):
    rows = exact_sample(REFERENCE["holzinger"]["correlation"], 301)
    rows[:151, 6:] = np.nan
    found = validated(study_of(study_by_hand, rows, BLOCKS))
    (note,) = found.validity_notes
    assert (note.code, note.params["constructs"]) == ("M146", "speed")
    assert note.text("en").startswith("speed: not part of the models of all constructs together")
    assert note.text("zh-CN").startswith("speed：完整作答的人数不足")
    fit = model_rows(found)
    assert (fit["chi2"].n, fit["chi2"].df, fit["single_factor_share"].n) == (301, 8, 301)
    assert {r.construct for r in found.validity if r.statistic == "ave"} == set(BLOCKS)
    assert {r.construct for r in found.loadings if r.model == "cfa"} == {"visual", "textual"}
    rows[0, 6:] = 0.5
    assert validated(study_of(study_by_hand, rows, BLOCKS)).validity_notes == ()


def test_heywood_and_perfectly_correlated_factors_are_shown_with_a_note(study_by_hand):
    corr = np.array([[1, 0.9, 0.8, 0.2], [0.9, 1, 0.6, 0.2], [0.8, 0.6, 1, 0.2], [0.2, 0.2, 0.2, 1]])
    found = validated(study_of(study_by_hand, exact_sample(corr[:3, :3], 200), {"c": (0, 1, 2)}))
    (note,) = notes_of(found, "M148")
    assert note.params["items"] == "i0"
    assert "the residual variance of i0 is negative" in note.text("en")
    assert "i0 的残差方差为负" in note.text("zh-CN")
    assert max(r.estimate for r in found.loadings if r.model == "cfa") > 1
    assert [r for r in found.validity if r.statistic == "ave_cfa"] == []
    same = np.full((6, 6), 0.5) + 0.1 * np.kron(1 - np.eye(2), np.ones((3, 3)))
    np.fill_diagonal(same, 1.0)
    blocks = {"a": (0, 1, 2), "b": (3, 4, 5)}
    (note,) = notes_of(validated(study_of(study_by_hand, exact_sample(same, 200), blocks)), "M149")
    assert "some constructs correlate perfectly" in note.text("en")
    assert "部分构念完全相关" in note.text("zh-CN")


def test_clusters_are_not_seen_and_this_is_told(study_by_hand):
    rows = exact_sample(REFERENCE["holzinger"]["correlation"], 300)
    study = study_of(study_by_hand, rows, BLOCKS, cluster=list(np.arange(300) // 10))
    (note,) = notes_of(validated(study), "M150")
    assert "do not see strata and clusters" in note.text("en")
    assert "未考虑分层与整群" in note.text("zh-CN")
