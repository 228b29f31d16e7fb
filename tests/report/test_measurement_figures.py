"""Distributions, scree and the diagram of the measurement model: numbers in words, drawn without a missing glyph."""

import importlib.util
from pathlib import Path

import pytest

from satmeter.report import report_context
from satmeter.report.context import Figure
from satmeter.report.figures import draw_svg
from satmeter.report.figures.path_model import BOX, _bend, _box_height, _hits
from satmeter.report.figures.stacks import shades
from satmeter.report.plots import Arrow, Node, PathPlot


@pytest.fixture
def full(document):
    spec = importlib.util.spec_from_file_location("more", Path(__file__).with_name("synthetic_measurement.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.with_measurement(document)


def figures_of(document, language="en"):
    return {figure.name: figure for figure in report_context(document, language=language).figures}


def test_every_construct_has_its_distributions(full):
    figures = {name: f for name, f in figures_of(full).items() if name.startswith("distribution-")}
    assert len(figures) == 7
    product = next(f for name, f in figures.items() if name.startswith("distribution-product"))
    assert product.alt.startswith("pr1 The voltage is stable: ")
    assert "5%, " in product.alt
    assert " 40% and " in product.alt
    assert product.plot.rows[0].n == 480
    assert all(draw_svg(f).startswith("<svg") for f in figures.values())


def test_a_reversed_item_says_so_because_its_bars_are_as_printed(full):
    staff = next(f for name, f in figures_of(full).items() if name.startswith("distribution-staff"))
    chinese = next(f for name, f in figures_of(full, "zh-CN").items() if name.startswith("distribution-staff"))
    labels = [row.label for row in staff.plot.rows]
    assert [("revers" in label) for label in labels] == [False, True, False]
    assert "反向" in chinese.plot.rows[1].label


def test_items_that_nobody_rated_have_no_bar(full):
    for row in full["distributions"]["rows"]:
        if row["construct"] == "product":
            row["share"] = None
    assert not any(name.startswith("distribution-product") for name in figures_of(full))


def test_the_middle_point_is_grey_and_the_ends_are_strongest():
    colours = shades(5)
    assert [opacity for _, opacity in colours] == [0.85, 0.425, 0.3, 0.425, 0.85]
    assert len({colour for colour, _ in colours}) == 3
    assert len({colour for colour, _ in shades(4)}) == 2


def test_the_scree_counts_what_parallel_analysis_counts(full):
    figure = figures_of(full)["scree"]
    assert (figure.plot.counted, figure.plot.values[0], figure.plot.reference[-1]) == (2, 5.1, 1.0)
    assert figure.alt.endswith("5.10 / 1.40, 1.90 / 1.30, 1.30 / 1.25, 0.90 / 1.10 and 0.60 / 1.00.")
    assert draw_svg(figure).startswith("<svg")


def test_the_measurement_model_shows_every_loading_with_its_interval(full):
    for language in ("en", "zh-CN"):
        figure = figures_of(full, language)["measurement-model"]
        assert [len(items) for _, items in figure.plot.constructs] == [3, 3, 3, 2, 2, 3, 2]
        assert "0.71" in figure.alt
        assert draw_svg(figure).startswith("<svg")


def test_without_the_sections_there_are_no_such_figures(document):
    assert not {"scree", "measurement-model"} & set(figures_of(document))


def chain(n):
    layers = tuple((Node(f"c{j}", f"Construct number {j}", "R² 0.50" if j else ""),) for j in range(n))
    arrows = tuple(Arrow(f"c{j}", f"c{j + 1}", 0.5, True) for j in range(n - 1))
    return layers, (*arrows, Arrow("c0", f"c{n - 1}", -0.2, True), Arrow("c0", "c2", 0.05, False))


def test_arrows_pass_the_boxes_of_others():
    layers, arrows = chain(5)
    svg = draw_svg(Figure("paths", "c", "a 1", PathPlot(layers, arrows, "certain", "not certain")))
    assert svg.startswith("<svg")
    box = (0.5 - BOX / 2, -3.0, 0.5 + BOX / 2, -2.0)
    assert _hits((0.5, 0.0), (0.5, -5.0), 0.0, [box]) > 0
    assert _hits((0.5, 0.0), (0.5, -5.0), _bend((0.5, 0.0), (0.5, -5.0), [box]), [box]) < 4
    assert _box_height(Node("a", "one line")) < _box_height(Node("a", "one line", "R² 0.5"))


def test_many_drivers_stand_three_abreast_in_both_languages():
    names = tuple(Node(f"d{j}", "供电可靠性与电压质量" if j % 2 else "A long name of a driver") for j in range(8))
    arrows = tuple(Arrow(node.name, "y", 0.1 * j, j > 2) for j, node in enumerate(names))
    plot = PathPlot((names, (Node("y", "总体满意度", "R² 0.61"),)), arrows, "区间不含零", "区间含零")
    assert draw_svg(Figure("paths", "c", "a 1", plot)).startswith("<svg")
