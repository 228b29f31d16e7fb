"""The confirmatory model and the comparability of groups in the report."""

import pytest

from satmeter.report import build_report, report_context


def parts(document, language="en"):
    return {part.title: part for part in report_context(document, language=language).validity.parts if part.title}


def set_fit(document, **values):
    for row in document["validity"]["rows"]:
        if row["statistic"] in values:
            row["estimate"] = values[row["statistic"]]


def test_the_fit_in_words_and_as_a_table(document):
    part = parts(document)["Confirmatory factor analysis"]
    assert part.paragraphs[0].startswith(
        "The model in which every item measures its own construct only fits acceptably: CFI 0.94, "
        "RMSEA 0.057 [0.051, 0.063], SRMR 0.05. CFI from 0.95"
    )
    (table,) = part.tables
    assert table.rows == (
        ("maximum likelihood", "318.4", "114", "<0.001", "0.932", "0.921", "0.062 [0.056, 0.068]", "0.047", "470"),
        (
            "robust (Satorra–Bentler)",
            "284.1",
            "114",
            "<0.001",
            "0.941",
            "0.930",
            "0.057 [0.051, 0.063]",
            "0.047",
            "470",
        ),
    )


@pytest.mark.parametrize(
    ("cfi", "rmsea", "srmr", "word"),
    [
        (0.95, 0.06, 0.08, "fits well"),
        (0.9499, 0.06, 0.08, "fits acceptably"),
        (0.97, 0.061, 0.05, "fits acceptably"),
        (0.90, 0.08, 0.10, "fits acceptably"),
        (0.99, 0.02, 0.11, "does not fit well"),
        (0.89, 0.02, 0.02, "does not fit well"),
        (0.99, 0.081, 0.02, "does not fit well"),
    ],
)
def test_the_worst_index_decides(document, cfi, rmsea, srmr, word):
    set_fit(document, cfi_robust=cfi, rmsea_robust=rmsea, srmr=srmr)
    assert f"only {word}" in parts(document)["Confirmatory factor analysis"].paragraphs[0]


def test_the_models_across_groups(document):
    part = parts(document)["Measured alike in the groups? Customer type"]
    assert part.paragraphs == ("Means may be compared with caution, because of se2.",)
    (table,) = part.tables
    assert [row[0] for row in table.rows] == [
        "nothing (configural)",
        "loadings (metric)",
        "and intercepts (scalar)",
        "and residual variances (strict)",
        "and intercepts (scalar) (free: se2)",
    ]
    assert table.rows[0][1:] == ("512.3", "228", "0.941", "0.055", "–", "–", "–", "yes")
    assert table.rows[2][1:] == ("512.3", "228", "0.921", "0.060", "−0.018", "0.006", "0.043", "no")
    assert part.title not in parts(document, "zh-CN")
    assert "各组测量是否一致：客户类型" in parts(document, "zh-CN")


def test_only_the_last_of_several_partial_models_is_shown(document):
    rows = document["invariance"]["rows"]
    rows.append(rows[-1] | {"freed": "loading se2, intercept se2, intercept st1"})
    (table,) = parts(document)["Measured alike in the groups? Customer type"].tables
    assert [row[0] for row in table.rows][4:] == ["and intercepts (scalar) (free: se2 and st1)"]


def test_the_groups_section_says_first_whether_means_may_be_compared(document):
    by_title = {part.title: part for part in report_context(document, language="en").groups.parts}
    assert by_title["Customer type"].paragraphs[0] == "Means may be compared with caution, because of se2."
    assert by_title["Where do you live?"].paragraphs[0] == "Whether means may be compared is not known."
    del document["invariance"]
    without = {part.title: part for part in report_context(document, language="en").groups.parts}
    assert without["Customer type"].paragraphs[0].startswith("“Overall satisfaction” is highest")


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_without_a_model_there_is_no_part(document, language):
    document["validity"]["rows"] = [row for row in document["validity"]["rows"] if row["construct"]]
    document["invariance"] = {"rows": [], "notes": []}
    titles = {"en": "Confirmatory factor analysis", "zh-CN": "验证性因子分析"}
    assert titles[language] not in parts(document, language)
    assert len(parts(document, language)) == 2, "the summary and the verdict"
    assert "None" not in build_report(document, language=language, figures=False).html


def test_a_model_that_did_not_converge_has_dashes(document):
    for key in ("chi2", "cfi", "rmsea", "srmr", "cfi_change", "rmsea_change", "p_change"):
        document["invariance"]["rows"][2][key] = None
    (table,) = parts(document)["Measured alike in the groups? Customer type"].tables
    assert table.rows[2][1:] == ("–", "228", "–", "–", "–", "–", "–", "no")
