"""League tables: units with their scores and the ranks that the data leave open; never a bare rank."""

from __future__ import annotations

from collections.abc import Sequence

from satmeter.report.context import Column, Figure, Part, Table
from satmeter.report.edition import Edition
from satmeter.report.estimate import Estimate
from satmeter.report.group_plots import RankPlot, RankRange
from satmeter.report.number_text import count
from satmeter.report.results import Row, estimate, hidden_symbol, matching
from satmeter.report.sections.cells import based, estimated, left_out
from satmeter.report.sections.control import control_parts
from satmeter.report.sentences import small_groups_sentence

MOST_NAMED = 6


def league_parts(edition: Edition, question: str) -> tuple[Part, ...]:
    """Return a measure's part on what is sure about the order, with ranges of ranks, and its funnel plot."""
    rows = matching(edition.results.rows("ranks"), {"group_by": question, "statistic": "mean_score"})
    parts: list[Part] = []
    for measure in dict.fromkeys(str(row["measure"]) for row in rows):
        parts.append(_part(edition, question, measure, matching(rows, {"measure": measure})))
        parts += control_parts(edition, question, measure)
    return tuple(parts)


def _part(edition: Edition, question: str, measure: str, rows: Sequence[Row]) -> Part:
    words, results = edition.words, edition.results
    fields = {"measure": results.label(measure), "question": results.label(question), "level": edition.level}
    units = tuple(_range(edition, question, row) for row in rows)
    told = [_settled(edition, units), _first(edition, units), _ties(edition, units)]
    if results.role(measure) == "cost":
        told.append(words["ranks.cost"])
    told.append(small_groups_sentence(words, tuple(unit.score for unit in units)))
    told.append(left_out(edition, _hidden_units(edition, question, measure)))
    return Part(
        words.fill("ranks.title", fields),
        (words.paragraph(told), words.fill("ranks.reading", fields)),
        figure=_figure(edition, f"ranks-{question}-{measure}", words.fill("ranks.caption", fields), units),
        tables=(_table(edition, words.fill("ranks.table", fields), rows, units),),
    )


def _hidden_units(edition: Edition, question: str, measure: str) -> list[Estimate]:
    """Return the units of a table that are not published."""
    rows = matching(edition.results.every_row("ranks"), {"group_by": question, "measure": measure})
    return [estimate(row, edition.results.option(question, str(row["unit"]))) for row in rows if hidden_symbol(row)]


def _range(edition: Edition, question: str, row: Row) -> RankRange:
    return RankRange(
        estimate(row, edition.results.option(question, str(row["unit"]))),
        int(row["rank"]),
        int(row["rank_low"]),
        int(row["rank_high"]),
        int(row["marginal_low"]),
        int(row["marginal_high"]),
        int(row["tie_group"]),
    )


def _settled(edition: Edition, units: Sequence[RankRange]) -> str:
    """Return how many units lie surely above or below others."""
    above = sum(unit.high < len(units) for unit in units)
    below = sum(unit.low > 1 for unit in units)
    fields = {"n": count(len(units)), "above": count(above), "below": count(below)}
    return edition.words.fill("ranks.some" if above else "ranks.none", fields)


def _first(edition: Edition, units: Sequence[RankRange]) -> str:
    """Return which units may be first; nothing where all may."""
    words = edition.words
    names = [unit.score.label for unit in units if unit.low == 1]
    if len(names) == len(units):
        return ""
    fields = {"names": words.join(names), "n": count(len(names))}
    if len(names) == 1:
        return words.fill("ranks.first_sure", fields)
    return words.fill("ranks.first_open" if len(names) <= MOST_NAMED else "ranks.first_many", fields)


def _ties(edition: Edition, units: Sequence[RankRange]) -> str:
    groups = len({unit.tie for unit in units})
    return edition.words.plural("ranks.ties", groups, {"n": count(groups)})


def _figure(edition: Edition, name: str, caption: str, units: tuple[RankRange, ...]) -> Figure | None:
    words = edition.words
    told = [words.fill("sentence.listed", {"label": u.score.label, "value": u.rank_range}) for u in units]
    alt = words["ranks.alt"] + words["list.semicolon"].join(told) + words["list.stop"]
    plot = RankPlot(units, words["ranks.axis"], words["ranks.own"], words["ranks.all"], len(units))
    return edition.figure(name, caption, alt, plot)


def _table(edition: Edition, caption: str, rows: Sequence[Row], units: Sequence[RankRange]) -> Table:
    words = edition.words
    columns = (
        Column(words["ranks.unit"]),
        Column(words["ranks.ranks"], "right"),
        Column(words.fill("column.estimate_interval", {"level": edition.level}), "right"),
        Column(words["column.n"], "right"),
        Column(words["ranks.tie"], "right"),
    )
    cells = tuple(
        (_name(edition, unit), unit.rank_range, estimated(row, 1), based(row), count(unit.tie))
        for row, unit in zip(rows, units, strict=True)
    )
    return Table(caption, columns, cells)


def _name(edition: Edition, unit: RankRange) -> str:
    words = edition.words
    small = words["list.open"] + words["mark.small"] + words["list.close"] if unit.score.is_small else ""
    return unit.score.label + small
