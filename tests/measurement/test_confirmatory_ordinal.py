"""The ordinal factor model of a study: lavaan's figures as rows, when it is fitted, and what is told about it."""

import json
from pathlib import Path

import numpy as np
import pytest

from satmeter.measurement.confirmatory_ordinal import confirm_ordinal
from satmeter.measurement.validity import validate
from satmeter.moments import make_resampling
from satmeter.numerics.validity_intervals import loading_interval

REFERENCE = json.loads((Path(__file__).parents[1] / "reference" / "cfa_ordinal.json").read_text("utf-8"))["values"]
BLOCKS = {"visual": (0, 1, 2), "textual": (3, 4, 5), "speed": (6, 7, 8)}


def answers_of(name):
    case = REFERENCE[name]
    times = np.array(case["answers"]["times"], dtype=int)
    codes = np.repeat([[float(digit) for digit in row] for row in case["answers"]["codes"]], times, axis=0)
    weight = case["answers"].get("weight")
    return case, codes, None if weight is None else list(np.repeat(weight, times))


def study_of(study_by_hand, rows, blocks, **options):
    constructs = {name: ("driver", {f"i{j}": list(rows[:, j]) for j in columns}) for name, columns in blocks.items()}
    return study_by_hand(constructs, **{"replicates": 20} | options)


def confirmed(study):
    constructs = {construct.id: construct.items for construct in study.questionnaire.constructs.values()}
    return confirm_ordinal(study, constructs)


@pytest.mark.parametrize("name", ["hs4", "hs_weighted"])
def test_rows_are_the_figures_of_lavaan(study_by_hand, name):
    case, rows, weights = answers_of(name)
    rows = np.concatenate([rows, np.full((1, 9), np.nan)])
    rows[-1, :8] = 2.0
    study = study_of(study_by_hand, rows, BLOCKS, weights=None if weights is None else [*weights, 1.0])
    found = validate(study, make_resampling(study))
    fit = {row.statistic: row for row in found.validity if not row.construct}
    published = case["measures"]
    for ours, theirs in {
        "chi2_wlsmv": "chisq_scaled",
        "cfi_wlsmv": "cfi_scaled",
        "tli_wlsmv": "tli_scaled",
        "rmsea_wlsmv": "rmsea_scaled",
        "srmr_wlsmv": "srmr",
    }.items():
        assert fit[ours].estimate == pytest.approx(published[theirs], rel=1e-5), ours
        assert fit[ours].n == 301
    assert (fit["chi2_wlsmv"].df, fit["chi2_wlsmv"].p_value) == (
        24,
        pytest.approx(published["pvalue_scaled"], rel=1e-4),
    )
    assert fit["rmsea_wlsmv"].conf_low == pytest.approx(published["rmsea_ci_lower_scaled"], rel=1e-5)
    assert fit["rmsea_wlsmv"].conf_high == pytest.approx(published["rmsea_ci_upper_scaled"], rel=1e-5)
    pairs = [row for row in found.validity if row.statistic == "cfa_ordinal_correlation"]
    assert [(r.construct, r.other) for r in pairs] == [("visual", "textual"), ("visual", "speed"), ("textual", "speed")]
    corr, error = np.array(case["factor_corr"]), np.array(case["factor_corr_se"])
    lower = np.triu_indices(3, 1)
    np.testing.assert_allclose([r.estimate for r in pairs], corr[lower], atol=1e-6)
    np.testing.assert_allclose([r.conf_high for r in pairs], (corr + 1.959964 * error)[lower], atol=1e-6)
    loadings = [row for row in found.loadings if row.model == "cfa_ordinal"]
    assert [(row.construct, row.item) for row in loadings][3] == ("textual", "i3")
    np.testing.assert_allclose([r.estimate for r in loadings], case["loadings"], atol=1e-6)
    np.testing.assert_allclose([r.std_error for r in loadings], case["loadings_se"], rtol=1e-5)
    low, high = loading_interval(case["loadings"], case["loadings_se"])
    np.testing.assert_allclose([r.conf_low for r in loadings], low, atol=1e-6)
    np.testing.assert_allclose([r.conf_high for r in loadings], high, atol=1e-6)


def test_interval_follows_the_level_of_the_plan(study_by_hand):
    case, rows, _ = answers_of("hs4")
    found = confirmed(study_of(study_by_hand, rows, BLOCKS, conf_level=0.8))
    row = found.loadings[0]
    low, high = loading_interval(case["loadings"][0], case["loadings_se"][0], 0.8)
    assert (row.conf_low, row.conf_high) == (pytest.approx(low, abs=1e-6), pytest.approx(high, abs=1e-6))
    row = found.rows[-1]
    assert row.conf_high - row.estimate == pytest.approx(1.281552 * row.std_error, rel=1e-6)


def note(found, code):
    (one,) = (note for note in found.notes if note.code == code)
    return one.text("en"), one.text("zh-CN"), one.params


def test_the_rule_which_model_to_read_is_told(study_by_hand):
    _, rows, _ = answers_of("hs4")
    english, chinese, params = note(confirmed(study_of(study_by_hand, rows, BLOCKS)), "M176")
    assert params["points"] == "5"
    assert "items of 5 points" in english
    assert "from 7 points that by robust maximum likelihood" in english
    assert "题项为 5 级量表" in chinese
    assert "7 级及以上宜采用稳健最大似然模型" in chinese


def test_points_that_nobody_chose_are_named(study_by_hand):
    _, rows, _ = answers_of("hs4")
    rows[0, 2] = 5.0
    english, chinese, params = note(confirmed(study_of(study_by_hand, rows, BLOCKS)), "M175")
    assert params["items"] == "i0, i1, i3, i4, i5, i6, i7, i8"
    assert "nobody chose" in english
    assert "无人选择的等级" in chinese
    five = np.random.default_rng(2).integers(1, 6, (250, 4)).astype(float)
    five[:, 1:] = np.where(np.random.default_rng(3).uniform(size=(250, 3)) < 0.7, five[:, [0]], five[:, 1:])
    codes = [one.code for one in confirmed(study_of(study_by_hand, five, {"c": (0, 1, 2, 3)})).notes]
    assert "M176" in codes
    assert "M175" not in codes


def test_it_is_fitted_for_up_to_eleven_points_and_from_two_hundred_respondents(study_by_hand):
    _, rows, _ = answers_of("hs4")
    rows[:101, 0] = np.nan
    assert confirmed(study_of(study_by_hand, rows, BLOCKS)).rows
    rows[101, 3] = np.nan
    found = confirmed(study_of(study_by_hand, rows, BLOCKS))
    assert found.rows == found.loadings == ()
    english, chinese, params = note(found, "M170")
    assert (params["n"], params["needed"], params["points"], params["most_points"]) == (199, 200, 4, 11)
    assert "at least 200 complete respondents" in english
    assert "受访者 199 位" in chinese
    _, rows, _ = answers_of("hs4")
    rows[:8, 4] = np.arange(4.0, 12.0)
    assert confirmed(study_of(study_by_hand, rows, BLOCKS)).rows
    rows[8, 4] = 12.0
    assert note(confirmed(study_of(study_by_hand, rows, BLOCKS)), "M170")[2]["points"] == 12


def test_nobody_answered_everything(study_by_hand):
    rows = np.full((30, 3), 2.0)
    rows[:15, 0] = rows[15:, 1] = np.nan
    assert note(confirmed(study_of(study_by_hand, rows, {"c": (0, 1, 2)})), "M170")[2]["n"] == 0


def test_a_copied_item_is_named_with_its_pair(study_by_hand):
    _, rows, _ = answers_of("hs4")
    rows[:, 4] = rows[:, 3]
    found = confirmed(study_of(study_by_hand, rows, BLOCKS))
    english, chinese, params = note(found, "M171")
    assert params["pairs"] == "i3–i4"
    assert "has no finite estimate" in english
    assert "没有有限的估计值" in chinese
    assert found.rows == ()


def test_a_model_that_cannot_be_had(study_by_hand):
    _, rows, _ = answers_of("hs4")
    for block, constant in (((0, 1), None), ((0, 1, 2), 2)):
        part = rows.copy()
        if constant is not None:
            part[:, constant] = 3.0
        english, chinese, _ = note(confirmed(study_of(study_by_hand, part, {"c": block})), "M172")
        assert "do not identify the model" in english
        assert "无法识别模型" in chinese


def test_improper_solutions_are_shown_and_named(study_by_hand):
    case, rows, _ = answers_of("heywood")
    found = confirmed(study_of(study_by_hand, rows, {"h": (0, 1, 2), "k": (3, 4, 5)}))
    english, chinese, params = note(found, "M173")
    assert params["names"] == "i0"
    assert "improper" in english
    assert "有序因子解不恰当" in chinese
    assert found.loadings[0].estimate == pytest.approx(case["loadings"][0], abs=1e-6)
    rng = np.random.default_rng(5)
    latent = rng.standard_normal((300, 1)) + 0.8 * rng.standard_normal((300, 6))
    latent[:, [0, 3]] += 0.8 * rng.standard_normal((300, 1))
    latent[:, [1, 4]] += 0.8 * rng.standard_normal((300, 1))
    codes = np.digitize(latent, [-1, 0, 1]).astype(float)
    found = confirmed(study_of(study_by_hand, codes, {"a": (0, 1, 2), "b": (3, 4, 5)}))
    assert note(found, "M173")[2]["names"] == "a, b"


def test_a_matrix_that_is_not_positive_definite_is_told(study_by_hand):
    rng = np.random.default_rng(0)
    rows = (rng.standard_normal((200, 1)) + 0.4 * rng.standard_normal((200, 24)) > 0) + 1.0
    found = confirmed(study_of(study_by_hand, rows, {"c": range(12), "d": range(12, 24)}))
    english, chinese, params = note(found, "M174")
    assert -0.1 < params["eigenvalue"] < 0
    assert "was not smoothed" in english
    assert "未作平滑" in chinese
    assert found.rows
