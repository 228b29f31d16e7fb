"""Known groups, criteria, marker and the model of ordered answers, in both languages."""

import pytest

from satmeter.report import build_report, report_context


def parts(document, language="en"):
    return {part.title: part for part in report_context(document, language=language).validity.parts if part.title}


def test_known_groups_as_expected_undecided_and_against(measured):
    part = parts(measured)["Do known groups differ as expected?"]
    assert part.points == (
        "Overall satisfaction, “Customer type”: as expected, “Household” stands above “Business”, "
        "d = 0.62 [0.42, 0.82], a medium difference (n = 470).",
        "Loyalty, “Where do you live?”: undecided whether “North” stands above “West”, d = 0.10 [−0.10, 0.30]; "
        "the interval holds 0 (n = 470).",
        "Image value, “Where do you live?”: against the expectation, “New eastern coast district” stands below "
        "“South”, d = −0.31 [−0.51, −0.11], a small difference (n = 470). Check reverse-keyed items first.",
    )
    (table,) = part.tables
    assert table.rows[0] == (
        *("Overall satisfaction", "Customer type: Household", "Business"),
        *("0.62 [0.42, 0.82]", "0.012", "470", "as expected"),
    )
    assert [row[-1] for row in table.rows] == ["as expected", "undecided", "against expectation"]


def test_known_groups_in_chinese(measured):
    part = parts(measured, "zh-CN")["已知组别的差异是否符合预期？"]
    assert part.points[0] == (
        "总体满意度，“客户类型”：符合预期，“居民”高于“企业”，d = 0.62 [0.42, 0.82]，差异中等（n = 470）。"
    )
    assert [row[-1] for row in part.tables[0].rows] == ["符合预期", "未定", "与预期相反"]


def test_an_interval_that_is_not_known_decides_nothing(measured):
    for row in measured["validity"]["rows"]:
        if row["statistic"] == "known_groups":
            row |= {"conf_low": None, "conf_high": None}
    assert {row[-1] for row in parts(measured)["Do known groups differ as expected?"].tables[0].rows} == {"undecided"}


def test_the_criterion_with_its_rank_and_disattenuated_correlation(measured):
    part = parts(measured)["Criterion validity"]
    assert [point.split(":")[0] for point in part.points] == [
        "Overall satisfaction rises with “I would recommend it”",
        "Image value and “I would recommend it”",
    ]
    assert part.points[0].endswith("r = 0.31 [0.23, 0.39].")
    assert part.points[1].endswith("r = 0.02 [−0.06, 0.10]; the interval holds 0.")
    (table,) = part.tables
    assert [c.label for c in table.columns][2:] == [
        "Correlation r",
        "Rank correlation",
        "r free of error in the score",
        "n",
    ]
    assert table.rows[0][2:] == ("0.31 [0.23, 0.39]", "0.28 [0.20, 0.36]", "0.35 [0.27, 0.43]", "470")
    assert table.rows[1][2:] == ("0.02 [−0.06, 0.10]", "–", "–", "470")


def test_what_the_marker_leaves(measured):
    part = parts(measured)["Common method: a marker variable"]
    assert part.paragraphs[1:] == (
        "Marker: “st3 Staff know their job”. Its smallest correlation above 0 is 0.12 [0.04, 0.20], with "
        "Service value.",
        "All 3 correlations still differ from 0.",
    )
    assert part.tables[0].rows == (
        ("1 Product value", "", ""),
        ("2 Service value", "0.50", ""),
        ("3 Image value", "(0.03)", "0.40"),
    )
    chinese = parts(measured, "zh-CN")["共同方法偏差：标记变量"]
    assert chinese.paragraphs[1] == (
        "标记变量：“st3 工作人员业务熟练”。其大于 0 的最小相关为 0.12 [0.04, 0.20]，对应服务价值。"
    )
    assert "（n = 470）" in chinese.tables[0].caption


def test_the_model_of_ordered_answers_is_a_third_line(measured):
    for language, title, name in (
        ("en", "Confirmatory factor analysis", "ordered answers (WLSMV)"),
        ("zh-CN", "验证性因子分析", "有序作答（WLSMV）"),
    ):
        part = parts(measured, language)[title]
        fit, square, loadings = part.tables
        assert fit.rows[2] == (
            *(name, "301.2", "114", "<0.001", "0.971", "0.966", "0.048 [0.042, 0.054]", "0.041", "470"),
        )
        assert [row[1:] for row in square.rows] == [
            ("–", "", "0.85", "0.35"),
            ("–", "0.80", "", "0.45"),
            ("–", "0.30", "0.40", ""),
        ]
        assert loadings.rows[0][2:] == ("0.71 [0.65, 0.77]", "0.76 [0.65, 0.77]", "470")
        assert len(loadings.rows) == 18
    assert parts(measured)["Confirmatory factor analysis"].paragraphs[1] == "Two confirmatory models are given."


def test_sentences_that_stand_in_a_part_are_not_told_again(measured):
    assert report_context(measured, language="en").validity.notes == (
        "No validity statistics for one.",
        "cp1 not tested.",
    )


def test_figures_of_whole_models_have_names(measured):
    for language, names in (
        ("en", ("AIC, confirmatory model", "Bartlett's test of sphericity, χ²")),
        ("zh-CN", ("验证性模型 AIC", "Bartlett 球形检验 χ²")),
    ):
        (table,) = report_context(measured, language=language).validity.parts[-1].tables
        assert table.rows[0] == (names[0], "18234.6", "–", "–", "470")
        assert (names[1], "2210.4", "153", "<0.001", "470") in table.rows


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_without_rows_there_are_no_parts(document, measured, language):
    found = set(parts(document, language))
    assert not found & {"Do known groups differ as expected?", "Criterion validity", "Common method: a marker variable"}
    assert not found & {"已知组别的差异是否符合预期？", "效标效度", "共同方法偏差：标记变量"}
    for row in measured["validity"]["rows"] + measured["loadings"]["rows"]:
        row |= {"estimate": None, "conf_low": None, "conf_high": None, "df": None, "p_value": None}
    assert "None" not in build_report(measured, language=language, figures=False).html
