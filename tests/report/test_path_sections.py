"""The path model in the report: diagram, fit, effects, mediation, map, groups, methods, prediction."""

import importlib.util
from pathlib import Path

import pytest

from satmeter.report import report_context
from satmeter.report.context import Figure
from satmeter.report.figures import draw_svg
from satmeter.report.figures.path_model import _rows
from satmeter.report.plots import Arrow, Node, PathPlot
from satmeter.report.sections.path_diagram import layers_of


@pytest.fixture
def full(document):
    spec = importlib.util.spec_from_file_location("drivers", Path(__file__).with_name("synthetic_drivers.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.with_drivers(document)


def part(document, title, language="en"):
    parts = report_context(document, language=language).paths.parts
    return next((p for p in parts if p.title.startswith(title)), None)


def statistic(document, model, name):
    return next(r for r in document["path_quality"]["rows"] if (r["model"], r["statistic"]) == (model, name))


def test_layers_follow_the_longest_path():
    arrows = [("a", "d"), ("a", "b"), ("b", "c"), ("c", "d"), ("e", "d")]
    assert layers_of(arrows) == (("a", "e"), ("b",), ("c",), ("d",))


def test_the_diagram_has_the_direct_effects(full):
    figure = part(full, "Model, fit").figure
    assert [[n.name for n in layer] for layer in figure.plot.layers] == [
        ["product", "service", "staff", "image", "time"],
        ["satisfaction"],
        ["loyalty"],
    ]
    assert figure.plot.layers[1][0] == Node("satisfaction", "Overall satisfaction", "R² 0.61")
    assert Arrow("staff", "satisfaction", 0.04, False) in figure.plot.arrows
    assert Arrow("time", "satisfaction", -0.20, True) in figure.plot.arrows
    assert "Image value → Loyalty 0.25 [0.19, 0.31]" in figure.alt
    assert draw_svg(figure).startswith("<svg")


def test_of_many_predecessors_those_with_far_arrows_stand_last(full):
    rows = _rows(part(full, "Model, fit").figure.plot)
    assert [[n.name for n in row] for row in rows] == [
        ["product", "service"],
        ["staff", "time"],
        ["image"],
        ["satisfaction"],
        ["loyalty"],
    ]


def test_a_wide_layer_below_others_can_be_drawn():
    wide = tuple(Node(f"m{j}", f"Mediator {j}") for j in range(4))
    arrows = [Arrow("x", n.name, 0.3, True) for n in wide] + [Arrow(n.name, "y", -0.2, False) for n in wide]
    plot = PathPlot(((Node("x", "X"),), wide, (Node("y", "Y"),)), tuple(arrows), "sure", "not sure")
    assert draw_svg(Figure("wide", "c", "a 1", plot)).startswith("<svg")


def test_fit_and_the_strongest_path(full):
    told = part(full, "Model, fit").paragraphs[0]
    assert told.startswith(
        "The intervals of 6 of 7 direct paths leave zero out; the strongest is Overall satisfaction → Loyalty with "
        "0.48 [0.42, 0.54]. The model reproduces the correlations of the items with an SRMR of 0.046"
    )
    assert "Exact fit is rejected (bootstrap: p < 0.001 for d_ULS, p = 0.030 for d_G)" in told
    assert (
        "精确拟合被拒绝（自助法检验：d_ULS p < 0.001；d_G p = 0.030）"
        in part(full, "模型、拟合", "zh-CN").paragraphs[0]
    )


@pytest.mark.parametrize(
    ("uls", "g", "words"),
    [(0.3, 0.4, "Exact fit is not rejected"), (0.01, 0.4, "two tests of exact fit do not agree"), (None, 0.4, None)],
)
def test_the_verdicts_on_exact_fit(full, uls, g, words):
    for name, p in (("d_uls", uls), ("d_g", g)):
        statistic(full, "pls", name)["p_value"] = p
    told = part(full, "Model, fit").paragraphs[0]
    assert words in told if words else "xact fit" not in told


def test_a_poor_srmr_and_paths_that_hold_zero(full):
    statistic(full, "pls", "srmr")["estimate"] = 0.093
    for row in full["paths"]["rows"]:
        row |= {"conf_low": -0.5, "conf_high": 0.5}
    told = part(full, "Model, fit").paragraphs[0]
    assert told.startswith("The intervals of all 7 direct paths hold zero.")
    assert "an SRMR of 0.093, above the 0.08" in told


def test_a_total_stands_only_where_it_has_two_parts(full):
    rows = part(full, "Model, fit").tables[0].rows
    assert [row[:3] for row in rows if row[1] == "total"] == [("Image value → Loyalty", "total", "0.32 [0.29, 0.35]")]
    assert rows[0] == (
        *("Product value → Overall satisfaction", "direct", "0.31 [0.24, 0.38]", "[0.23, 0.38]", "0.12", "1.4", "470"),
    )
    assert next(row for row in rows if row[1] == "indirect")[3:6] == ("–", "–", "–")


def test_mediation_gives_a_share_only_where_it_means_something(full):
    found = part(full, "Direct or over others? Loyalty")
    told = found.paragraphs[0]
    assert told.startswith(
        "29% of what goes with Image value in Loyalty runs over Overall satisfaction: 0.10 [0.06, 0.15] of "
        "0.35 [0.26, 0.44] points per point."
    )
    assert "For Time cost the direct part and the part over Overall satisfaction (−0.06 [−0.10, −0.01] points" in told
    assert "Whether any of what goes with Staff value in Loyalty runs over Overall satisfaction is not settled" in told
    assert "For Product value the model has no direct path to Loyalty" in told
    assert {row[0]: row[5] for row in found.tables[0].rows} == {
        "Image value": "29%",
        "Product value": "–",
        "Time cost": "–",
        "Staff value": "3%",
    }
    assert "的关联有 29% 经由总体满意度" in part(full, "直接还是经由其他构念", "zh-CN").paragraphs[0]


def test_mediation_stands_without_a_path_model(full):
    for section in (
        "paths",
        "path_chains",
        "path_models",
        "path_quality",
        "path_groups",
        "path_importance",
        "prediction",
    ):
        full[section] = {"rows": [], "notes": []}
    assert [p.title for p in report_context(full, language="en").paths.parts] == ["Direct or over others? Loyalty"]


def test_routes_strongest_first(full):
    found = part(full, "Indirect routes")
    assert found.paragraphs[0].endswith("runs Service value → Overall satisfaction → Loyalty, with 0.17 [0.13, 0.21].")
    assert [row[1] for row in found.tables[0].rows] == ["0.17 [0.13, 0.21]", "0.07 [0.03, 0.11]", "0.02 [−0.02, 0.06]"]
    for row in full["path_chains"]["rows"]:
        row["conf_low"] = -0.1
    assert part(full, "Indirect routes").paragraphs == ("The intervals of all indirect routes hold zero.",)


def test_the_map_counts_in_points(full):
    found = part(full, "Importance and performance along")
    assert found.figure.plot.importance_unit == "points"
    assert (
        "Staff value: score 75.2 [73.4, 77.0], importance −0.03 [−0.11, 0.05], interval crosses a line"
        in found.figure.alt
    )
    assert "Time cost (reversed)" in found.paragraphs[0]
    assert [len(table.rows) for table in found.tables] == [4, 4]
    assert found.tables[0].rows[0] == (
        "Service value",
        "To improve",
        "yes",
        "69.1 [67.3, 70.9]",
        "0.35 [0.27, 0.43]",
        "470",
    )
    assert draw_svg(found.figure).startswith("<svg")


def test_two_constructs_make_no_map(full):
    rows = full["path_importance"]["rows"]
    full["path_importance"]["rows"] = [row for row in rows if row["driver"] in ("product", "service")]
    found = part(full, "Importance and performance along")
    assert found.figure is None
    assert "fewer than three drivers" in found.paragraphs[0]


def test_groups_that_differ_and_groups_that_cannot_be_compared(full):
    found = part(full, "Paths compared: “Household” and “Business”")
    assert "The constructs are composed alike in both groups (smallest p 0.400)" in found.paragraphs[0]
    assert (
        "Product value → Overall satisfaction (0.40 for “Household”, 0.12 for “Business”; p < 0.001)"
        in found.paragraphs[0]
    )
    assert [c.label for c in found.tables[0].columns][1:3] == ["Household (n = 372)", "Business (n = 98)"]
    assert found.tables[1].rows[0] == ("Product value", "0.998", "0.990", "0.400", "0.31", "0.002", "0.10", "0.500")
    for row in full["path_groups"]["rows"]:
        row |= {"p_value": 0.01} if row["statistic"] == "composition" else {"p_adjusted": 0.5, "p_value": 0.5}
    told = part(full, "路径比较：“居民”与“企业”", "zh-CN").paragraphs[0]
    assert "两组中以下构念的组成不同（p 小于 0.05）：产品价值和总体满意度。" in told
    assert "Holm 校正后最小的 p：0.500" in told


def test_methods_compared_with_their_warning(full):
    found = part(full, "The same paths by other methods")
    assert found.paragraphs[0].startswith(
        "The methods do not agree on the sign, or on whether the interval leaves zero out"
    )
    assert (
        "for: Staff value → Overall satisfaction. Fit of the covariance-based model: scaled χ² = 512.4, df = 210, p < "
        in (found.paragraphs[0])
    )
    assert found.paragraphs[1] == "The consistent estimates are inadmissible."
    assert [c.label for c in found.tables[0].columns][1:4] == ["PLS", "Consistent PLS", "Covariance-based (ML)"]
    full["path_models"]["rows"] = [r for r in full["path_models"]["rows"] if r["source"] != "staff"]
    assert part(full, "The same paths").paragraphs[0].startswith("The methods agree on every path")


def test_one_method_makes_no_comparison(full):
    full["path_models"]["rows"] = [r for r in full["path_models"]["rows"] if r["model"] == "pls"]
    assert part(full, "The same paths").tables == ()
    full["path_models"]["notes"] = []
    assert part(full, "The same paths") is None


def test_quality_names_the_weak_constructs(full):
    assert "AVE below 0.50 for Loyalty" in part(full, "Quality of the constructs").paragraphs[0]
    full["path_quality"]["rows"] = [r for r in full["path_quality"]["rows"] if r["construct"] != "loyalty"]
    assert part(full, "Quality").paragraphs[0].startswith("ρA is at least 0.70 and AVE at least 0.50")


def test_prediction_against_the_mean_and_a_linear_regression(full):
    told = part(full, "Prediction").paragraphs[0]
    assert "(10 parts), 2 of 3 items are predicted better than by their mean" in told
    assert "for only 1 of 3 items: for prediction alone the model gains little." in told
    for row in full["prediction"]["rows"]:
        row["linear_rmse"] = 30.0
    assert "a linear regression on the items for 3 of 3 items." in part(full, "Prediction").paragraphs[0]
    assert "3 个题项中有 3 个的误差小于" in part(full, "样本外预测", "zh-CN").paragraphs[0]
