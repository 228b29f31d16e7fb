"""Reliability in depth: main and further coefficients, differences of scores, a second measurement."""

import pytest

from satmeter.report import build_report, report_context
from satmeter.report.sections.retest import grade


def parts(document, language="en"):
    return report_context(document, language=language).reliability.parts


def titled(document, title, language="en"):
    return next((part for part in parts(document, language) if part.title == title), None)


def test_main_and_further_coefficients_stand_apart(measured):
    main, further = parts(measured)[1].tables
    assert [c.label for c in main.columns] == [
        *("Construct", "Items", "n", "Cronbach's α", "McDonald's ω", "ρc", "ωh", "ordinal ω", "SEM")
    ]
    assert main.rows[0] == (
        *("Product value", "3", "470", "0.84 [0.80, 0.88]", "0.85 [0.81, 0.89]", "0.85", "–", "0.88", "8.3"),
    )
    assert main.rows[-1] == ("All items", "16", "455", "0.91 [0.87, 0.95]", "–", "–", "0.66", "–", "–")
    assert [c.label for c in further.columns] == ["Construct", "n", "std. α", "ω groups", "λ4", "GLB"]
    assert further.rows == (
        ("All items", "455", "0.90", "0.94", "–", "–"),
        ("Product value", "470", "–", "–", "0.86", "0.87"),
    )
    assert "ρc is composite reliability" in parts(measured)[1].paragraphs[0]
    assert parts(measured, "zh-CN")[1].tables[0].rows[-1][0] == "全部题项"


def test_a_core_run_has_one_table_and_no_explanation_of_what_is_not_there(document):
    rows = document["reliability"]["rows"]
    rows += [row | {"coefficient": "alpha_std"} for row in rows if row["coefficient"] == "alpha"]
    part = parts(document)[1]
    assert (len(part.tables), part.paragraphs) == (1, ())
    assert [c.label for c in part.tables[0].columns][3:] == ["Cronbach's α", "McDonald's ω", "std. α"]
    assert len(parts(document)) == 2


@pytest.mark.parametrize(
    ("language", "title", "label"),
    [
        ("en", "Differences of two scores", "Product value − Time cost"),
        ("zh-CN", "差值得分的信度", "产品价值 − 时间成本"),
    ],
)
def test_the_difference_of_two_scores(measured, language, title, label):
    (table,) = titled(measured, title, language).tables
    assert table.rows == ((label, "5", "470", "0.58 [0.54, 0.62]"),)


def test_the_second_measurement_in_words(measured):
    part = titled(measured, "Measured again (test–retest)")
    assert part.paragraphs[0] == (
        "118 respondents answered twice. The agreement of their scores (ICC) runs from 0.41 [0.37, 0.45] for Image "
        "value to 0.93 [0.89, 0.97] for Product value."
    )
    assert part.points == (
        "Excellent (ICC from 0.90): Product value.",
        "Good (0.75 to 0.90): Service value.",
        "Moderate (0.50 to 0.75): Staff value.",
        "Low (below 0.50): Image value.",
        "The lower end of the interval falls in a lower class for: Service value and Product value.",
        "The mean score changed, in points: Service value −3.0 [−4.5, −1.5]. ICC of agreement counts such a change, "
        "ICC of consistency does not.",
    )
    (table,) = part.tables
    assert table.rows[1] == (
        *("Service value", "118", "0.79 [0.75, 0.83]", "0.78 [0.74, 0.82]"),
        *("0.79 [0.74, 0.83]", "−3.0 [−4.5, −1.5]"),
    )


def test_the_second_measurement_in_chinese(measured):
    part = titled(measured, "重测信度", "zh-CN")
    assert part.paragraphs[0] == (
        "118 名受访者作答两次。两次得分的一致程度（ICC）介于形象价值的 0.41 [0.37, 0.45] "
        "与产品价值的 0.93 [0.89, 0.97] 之间。"
    )
    assert part.points[:2] == ("优秀（ICC 达到 0.90）：产品价值。", "良好（0.75 至 0.90）：服务价值。")
    assert part.points[4] == "若取区间下限，以下构念属于较低一级：服务价值和产品价值。"


def test_one_construct_alone_has_no_range(measured):
    rows = measured["reliability"]["rows"]
    measured["reliability"]["rows"] = [
        r for r in rows if r["coefficient"] != "icc_agreement" or r["construct"] == "service"
    ]
    told = titled(measured, "Measured again (test–retest)").paragraphs[0]
    assert told.endswith("The agreement of their scores (ICC) on Service value is 0.78 [0.74, 0.82].")


@pytest.mark.parametrize(("icc", "name"), [(0.9, "excellent"), (0.8999, "good"), (0.75, "good"), (0.5, "moderate")])
def test_limits_belong_to_the_better_class(icc, name):
    assert grade(icc) == name
    assert grade(0.4999) == "low"


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_absent_numbers_and_no_second_measurement(measured, document, language):
    for row in measured["reliability"]["rows"]:
        row |= {"estimate": None, "conf_low": None, "conf_high": None}
    assert "None" not in build_report(measured, language=language, figures=False).html
    for title in ("Measured again (test–retest)", "重测信度", "Differences of two scores", "差值得分的信度"):
        assert titled(document, title, language) is None
