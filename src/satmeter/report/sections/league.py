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

TOGETHER = ("ranks.title", "ranks.reading", "ranks.caption", "ranks.table")
WITHIN = ("ranks.title_within", "ranks.reading_within", "ranks.caption_within", "ranks.table_within")


def league_parts(edition: Edition, question: str) -> tuple[Part, ...]:
    """Return a measure's parts on what is sure about the order, one a stratum, and its funnel plot."""
    rows = matching(edition.results.rows("ranks"), {"group_by": question, "statistic": "mean_score"})
    parts: list[Part] = []
    for measure in dict.fromkeys(str(row["measure"]) for row in rows):
        own = matching(rows, {"measure": measure})
        tables: dict[tuple[str, str], list[Row]] = {}
        for row in own:
            tables.setdefault(_stratum(row), []).append(row)
        for place, (stratum, some) in enumerate(tables.items(), 1):
            name = f"ranks-{question}-{measure}" + (f"-{place}" if stratum[0] else "")
            parts.append(_part(edition, name, (question, measure, *stratum), some))
        parts += control_parts(edition, question, measure)
    return tuple(parts)


def _stratum(row: Row) -> tuple[str, str]:
    """Return the question and the option that the row's unit is ranked within; both empty where all are together."""
    return str(row.get("within") or ""), str(row.get("stratum") or "")


def _part(edition: Edition, name: str, about: tuple[str, str, str, str], rows: Sequence[Row]) -> Part:
    words, results = edition.words, edition.results
    question, measure, within, stratum = about
    fields = {"measure": results.label(measure), "question": results.label(question), "level": edition.level}
    fields |= {"within": results.label(within), "stratum": results.option(within, stratum)} if within else {}
    title, reading, caption, table = WITHIN if within else TOGETHER
    units = tuple(_range(edition, question, row) for row in rows)
    told = [_settled(edition, units), _first(edition, units), _ties(edition, units)]
    if results.role(measure) == "cost":
        told.append(words["ranks.cost"])
    told.append(small_groups_sentence(words, tuple(unit.score for unit in units)))
    told.append(left_out(edition, _hidden_units(edition, about)))
    return Part(
        words.fill(title, fields),
        (words.paragraph(told), words.fill(reading, fields)),
        figure=_figure(edition, name, words.fill(caption, fields), units),
        tables=(_table(edition, words.fill(table, fields), rows, units),),
    )


def _hidden_units(edition: Edition, about: tuple[str, str, str, str]) -> list[Estimate]:
    """Return the units of a table that are not published."""
    question, measure, *stratum = about
    rows = matching(edition.results.every_row("ranks"), {"group_by": question, "measure": measure})
    own = [row for row in rows if hidden_symbol(row) and _stratum(row) == tuple(stratum)]
    return [estimate(row, edition.results.option(question, str(row["unit"]))) for row in own]


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
