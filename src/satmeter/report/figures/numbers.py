"""The numbers behind a figure, as a table: for those who read rows, and for whom a picture is none."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from satmeter.report.context import Column, Figure, Table
from satmeter.report.estimate import Estimate
from satmeter.report.figures.group_numbers import group_body
from satmeter.report.figures.number_cells import Body, Number, base, cells, digits_for, ends, right, two_digits
from satmeter.report.figures.unit_numbers import unit_body
from satmeter.report.group_plots import FunnelPlot, GroupHeatPlot, MissingPlot, NpsPlot, RankPlot
from satmeter.report.number_text import ABSENT, count, decimal, percent
from satmeter.report.plots import (
    BarPlot,
    DotPlot,
    HeatPlot,
    MeasurementPlot,
    PanelPlot,
    PathPlot,
    Plot,
    QuadrantPlot,
    ScalePlot,
    ScreePlot,
    StackPlot,
)
from satmeter.report.wording import Words


def figure_table(figure: Figure, words: Words) -> Table:
    """Return the numbers that a figure draws, in the order in which it draws them.

    Ends of intervals stand in columns of their own, so that the table can be sorted and pasted into a sheet; columns
    that no row fills are left out.

    Parameters
    ----------
    figure
        Any figure of a report; its caption becomes the table's.
    words
        The report's own words.
    """
    names, columns, rows = _body(figure.plot, words)
    heads = [*(Column(name) for name in names), *columns]
    keep = [j for j in range(len(heads)) if j < len(names) or any(row[j] not in ("", ABSENT) for row in rows)]
    return Table(
        figure.caption, tuple(heads[j] for j in keep), tuple(tuple(row[j] or ABSENT for j in keep) for row in rows)
    )


def _body(plot: Plot, words: Words) -> Body:
    match plot:
        case ScalePlot():
            return _estimates([plot.estimate], words, digits_for(plot.low, plot.high))
        case DotPlot():
            return _estimates(plot.estimates, words, digits_for(plot.low, plot.high))
        case BarPlot():
            return _estimates(plot.estimates, words, percent)
        case PanelPlot():
            return _panels(plot, words)
        case QuadrantPlot():
            return _quadrant(plot, words)
        case HeatPlot():
            return _heat(plot, words)
        case StackPlot():
            return _stacks(plot, words)
        case ScreePlot():
            return _scree(plot, words)
        case MeasurementPlot():
            return _measurement(plot, words)
        case PathPlot():
            return _paths(plot, words)
        case RankPlot() | GroupHeatPlot() | NpsPlot() | FunnelPlot() | MissingPlot():
            return group_body(plot, words)
        case _:
            return unit_body(plot, words)


def _estimates(estimates: Sequence[Estimate], words: Words, number: Number) -> Body:
    columns = right(words["column.estimate"], *ends(words), words["column.n"])
    return [words["column.what"]], columns, [[e.label, *cells(e, number), base(e)] for e in estimates]


def _panels(plot: PanelPlot, words: Words) -> Body:
    number = digits_for(plot.low, plot.high)
    columns = right(words["column.estimate"], *ends(words), words["column.n"])
    rows = [[e.label, panel.title, *cells(e, number), base(e)] for panel in plot.panels for e in panel.estimates]
    return [words["column.group"], words["numbers.panel"]], columns, rows


def _quadrant(plot: QuadrantPlot, words: Words) -> Body:
    importance: Number = percent if plot.importance_unit == "share" else two_digits
    columns = right(words["column.performance"], *ends(words), words["column.importance"], *ends(words))
    rows = [
        [
            p.label,
            *cells(p.performance, lambda value: decimal(value, 1)),
            *cells(p.importance, importance),
            plot.certain_word if p.certain else plot.uncertain_word,
        ]
        for p in plot.points
    ]
    return [words["column.driver"]], [*columns, Column(words["column.certain"])], rows


def _heat(plot: HeatPlot, words: Words) -> Body:
    rows = [
        [row.label, block.title, *(two_digits(value) for value in row.values)]
        for block in plot.blocks
        for row in block.rows
    ]
    return [words["column.item"], words["column.construct"]], right(*plot.columns), rows


def _stacks(plot: StackPlot, words: Words) -> Body:
    rows = [[row.label, *(percent(share, 1) for share in row.shares), count(row.n)] for row in plot.rows]
    return [words["column.item"]], right(*plot.points, words["column.n"]), rows


def _scree(plot: ScreePlot, words: Words) -> Body:
    rows = [
        [
            str(number),
            two_digits(value),
            two_digits(reference),
            words["mark.yes" if number <= plot.counted else "mark.no"],
        ]
        for number, (value, reference) in enumerate(zip_longest(plot.values, plot.reference), start=1)
    ]
    return [plot.x_axis], [*right(plot.value_word, plot.reference_word), Column(words["numbers.counted"])], rows


def _measurement(plot: MeasurementPlot, words: Words) -> Body:
    rows = [
        [item.label, construct, *cells(item.loading, two_digits)]
        for construct, items in plot.constructs
        for item in items
    ]
    return [words["column.item"], words["column.construct"]], right(words["column.loading"], *ends(words)), rows


def _paths(plot: PathPlot, words: Words) -> Body:
    nodes = {node.name: node for layer in plot.layers for node in layer}
    rows = [
        [
            nodes[arrow.source].label,
            nodes[arrow.target].label,
            two_digits(arrow.value),
            plot.certain_word if arrow.certain else plot.uncertain_word,
            nodes[arrow.target].value,
        ]
        for arrow in plot.arrows
    ]
    columns = [*right(words["column.effect"]), Column(words["numbers.zero"]), Column(words["numbers.target_value"])]
    return [words["column.source"], words["numbers.target"]], columns, rows
