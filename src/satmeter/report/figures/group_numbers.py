"""The numbers behind the figures of groups, answers and losses."""

from __future__ import annotations

from satmeter.report.context import Column
from satmeter.report.figures.number_cells import Body, base, cells, ends, one_digit, right
from satmeter.report.group_plots import (
    NPS_POINTS,
    FunnelPlot,
    GroupHeatPlot,
    GroupPlot,
    MissingPlot,
    NpsPlot,
    RankPlot,
)
from satmeter.report.number_text import ABSENT, count, percent
from satmeter.report.wording import Words


def group_body(plot: GroupPlot, words: Words) -> Body:
    """Return headings of text, columns of numbers and rows of a figure."""
    match plot:
        case RankPlot():
            return _ranks(plot, words)
        case GroupHeatPlot():
            return _group_heat(plot, words)
        case NpsPlot():
            return _nps(plot, words)
        case FunnelPlot():
            return _funnel(plot, words)
        case MissingPlot():
            return _missing(plot, words)


def _ranks(plot: RankPlot, words: Words) -> Body:
    columns = right(words["column.estimate"], *ends(words), words["ranks.all"], words["ranks.own"], words["column.n"])
    rows = [
        [row.score.label, *cells(row.score, one_digit), row.open_ranks, row.own_ranks, base(row.score)]
        for row in plot.rows
    ]
    return [words["ranks.unit"]], columns, rows


def _group_heat(plot: GroupHeatPlot, words: Words) -> Body:
    """Return a row a cell, also where there is no score, so that every mark finds its own."""
    sides = {"above": plot.above_word, "below": plot.below_word, "": ABSENT}
    rows = []
    for row in plot.rows:
        for column, cell in zip(plot.columns, row.cells, strict=True):
            told = [one_digit(cell.score.value), base(cell.score), sides[cell.side]] if cell else [ABSENT] * 3
            rows.append([row.label, column, *told])
    columns = [*right(words["column.estimate"], words["column.n"]), Column(words["differences.rest"])]
    return [words["column.group"], words["column.construct"]], columns, rows


def _nps(plot: NpsPlot, words: Words) -> Body:
    parts = [f"{name} {codes}" for name, codes in zip(plot.words, NPS_POINTS, strict=True)]
    columns = right(*(str(code) for code in range(11)), *parts, plot.score_word, *ends(words), words["column.n"])
    rows = [
        [
            row.label,
            *(percent(share, 1) for share in (*row.shares, *row.parts)),
            *cells(row.score, one_digit),
            base(row.score),
        ]
        for row in plot.rows
    ]
    return [words["column.item"]], columns, rows


def _funnel(plot: FunnelPlot, words: Words) -> Body:
    rows = [[step.label, count(step.n), count(step.lost)] for step in plot.steps]
    return [words["column.step"]], right(words["column.n"], words["losses.lost"]), rows


def _missing(plot: MissingPlot, words: Words) -> Body:
    rows = [
        [item.label, construct, percent(item.share, 1), count(item.n)]
        for construct, items in plot.constructs
        for item in items
    ]
    columns = right(words["column.missing"], words["column.n"])
    return [words["column.item"], words["column.construct"]], columns, rows
