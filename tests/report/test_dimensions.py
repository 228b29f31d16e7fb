"""How many dimensions: a sentence for KMO and the numbers, and the exploratory loadings as a heat map."""

import pytest

from satmeter.report import report_context
from satmeter.report.figures import draw_svg


def part_of(document, language="en"):
    parts = report_context(document, language=language).validity.parts
    return next((p for p in parts if p.title in ("How many dimensions?", "有多少个维度")), None)


def figure_of(document, name, language="en"):
    return next((f for f in report_context(document, language=language).figures if f.name == name), None)


def test_adequacy_and_numbers(document):
    english, chinese = (part_of(document, language).paragraphs[0] for language in ("en", "zh-CN"))
    assert english.startswith("The items have enough in common for dimensions to be looked for (KMO 0.91). Number of ")
    assert "parallel analysis: 2, by minimum average partial: 1; the items stand for 2 constructs (n = 470 " in english
    assert chinese.startswith("题项之间的共同部分足以探索维度（KMO 0.91）。平行分析得出的维度数为 2，")
    assert "最小平均偏相关法为 1；题项分属 2 个构念（答完全部题项者 n = 470）" in chinese


@pytest.mark.parametrize(
    ("kmo", "words"), [(0.8, "enough in common"), (0.7999, "just enough"), (0.6, "just enough"), (0.59, "too little")]
)
def test_the_grades_of_adequacy(document, kmo, words):
    next(row for row in document["validity"]["rows"] if row["statistic"] == "kmo")["estimate"] = kmo
    assert part_of(document).paragraphs[0].startswith(f"The items have {words}")


def test_the_exploratory_loadings_have_no_column_of_their_own(document):
    figure = figure_of(document, "exploratory")
    assert figure.alt == "Product value: pr1 0.71 / −0.02; Staff value: st1 0.11 / 0.64."
    assert figure.plot.columns == ("F1", "F2")
    assert [(b.title, b.own) for b in figure.plot.blocks] == [("Product value", None), ("Staff value", None)]
    assert draw_svg(figure).startswith("<svg")


def test_without_exploratory_loadings_there_is_no_figure_and_without_kmo_no_part(document):
    document["loadings"]["rows"] = [row for row in document["loadings"]["rows"] if row["model"] != "efa"]
    assert figure_of(document, "exploratory") is None
    document["validity"]["rows"] = [row for row in document["validity"]["rows"] if row["statistic"] != "kmo"]
    assert part_of(document) is None
