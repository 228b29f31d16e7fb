"""Scores of the whole sample and of groups."""

from __future__ import annotations

import math
from collections.abc import Sequence

from satmeter.report.context import Column, Figure, Part, Section, Table
from satmeter.report.edition import Edition
from satmeter.report.estimate import Estimate, known
from satmeter.report.number_text import (
    ABSENT,
    count,
    decimal,
    interval,
    percent,
    percent_interval,
    with_interval,
)
from satmeter.report.plots import DotPlot, Panel, PanelPlot
from satmeter.report.results import Row, estimate, hidden_symbol, matching
from satmeter.report.score_kinds import SHARES, digits_and_scale, in_tables, is_shown
from satmeter.report.sections.cells import based, left_out
from satmeter.report.sections.differences import differences_parts
from satmeter.report.sections.group_heat import heat_parts
from satmeter.report.sections.league import league_parts
from satmeter.report.sections.model_fit import comparability
from satmeter.report.sections.nps import customer_parts, nps_parts, score_and_rate_parts
from satmeter.report.sections.targets import target_parts
from satmeter.report.sentences import extremes_sentence, listing, small_groups_sentence

MAX_PANELS = 8
MAX_GROUP_COLUMNS = 5


def overall_rows(edition: Edition) -> tuple[Row, ...]:
    """Return the rows of scores of the whole sample."""
    return tuple(row for row in edition.results.rows("scores") if not row.get("group_by"))


def index_row(edition: Edition, rows: Sequence[Row]) -> Row | None:
    """Return the index among some rows: the statistic `index`, else the index construct's mean score."""
    construct = str(edition.results.study.get("index_construct") or "")
    found = matching(rows, {"statistic": "index"}) or matching(rows, {"measure": construct, "statistic": "mean_score"})
    return found[0] if found else None


def mean_scores(edition: Edition, rows: Sequence[Row], *, costs: bool) -> tuple[Estimate, ...]:
    """Return the constructs' mean scores, either of costs or of all others."""
    return tuple(
        estimate(row, edition.results.label(str(row["measure"])))
        for row in matching(rows, {"statistic": "mean_score"})
        if (edition.results.role(str(row["measure"])) == "cost") is costs
    )


def axis_range(estimates: Sequence[Estimate]) -> tuple[float, float]:
    """Return the part of 0–100 that holds all intervals, in steps of ten and at least thirty long.

    Examples
    --------
    >>> axis_range([Estimate("a", 74.0, 71.2, 76.8, 9)]), axis_range([])
    ((50.0, 80.0), (0.0, 100.0))
    """
    ends = [end for e in estimates for end in (e.value, e.low, e.high) if end is not None]
    if not ends:
        return 0.0, 100.0
    low = max(0, 10 * math.floor((min(ends) - 1) / 10))
    high = min(100, 10 * math.ceil((max(ends) + 1) / 10))
    if high - low < 30:
        low = max(0, high - 30)
        high = max(high, low + 30)
    return float(low), float(high)


def scores_section(edition: Edition) -> Section:
    """Return the figure, the sentences and the table of the overall scores."""
    words, rows = edition.words, overall_rows(edition)
    values, costs = mean_scores(edition, rows, costs=False), mean_scores(edition, rows, costs=True)
    index_name = edition.results.label(str(edition.results.study.get("index_construct") or ""))
    parts = []
    for name, some in (("scores", values), ("scores-costs", costs)):
        if ranked := known(some):
            compared = _of_drivers(edition, some)
            told = [words["sentence.drivers_only"]] if len(compared) < len(some) else []
            told.append(extremes_sentence(words, compared))
            sentences = [words.paragraph(told)] if name == "scores" else []
            if name != "scores":
                names = words.join([e.label for e in ranked])
                sentences.append(words.fill("sentence.cost_hint", {"costs": names}))
            figure = _dots(edition, name, ranked, index_name)
            parts.append(Part(paragraphs=tuple(sentences), figure=figure))
    if rows:
        parts.append(Part(tables=(_score_table(edition, rows),)))
    parts += [*score_and_rate_parts(edition), *nps_parts(edition), *customer_parts(edition), *target_parts(edition)]
    empty = () if rows else (words["sentence.no_scores"],)
    return Section(empty, tuple(parts), edition.results.notes("scores"))


def scores_figure(edition: Edition) -> Figure | None:
    """Return the figure of all scores but those of costs; None without any."""
    ranked = known(mean_scores(edition, overall_rows(edition), costs=False))
    index_name = edition.results.label(str(edition.results.study.get("index_construct") or ""))
    return _dots(edition, "scores", ranked, index_name) if ranked else None


def _of_drivers(edition: Edition, scores: tuple[Estimate, ...]) -> tuple[Estimate, ...]:
    """Return the scores of drivers, which can be compared with each other; all scores where drivers are too few."""
    labels = {edition.results.label(str(c["id"])) for c in edition.results.constructs if c.get("role") == "driver"}
    drivers = tuple(e for e in scores if e.label in labels)
    return drivers if len(drivers) > 1 else scores


def _dots(edition: Edition, name: str, ranked: tuple[Estimate, ...], highlight: str) -> Figure | None:
    low, high = axis_range(ranked)
    plot = DotPlot(ranked, edition.words["axis.points"], low, high, highlight)
    return edition.figure(name, edition.caption("scores"), listing(edition.words, ranked), plot)


def _score_table(edition: Edition, rows: Sequence[Row]) -> Table:
    words = edition.words
    weighted = bool(edition.results.study.get("weighted"))
    columns = [
        Column(words["column.measure"]),
        Column(words["column.statistic"]),
        Column(words["column.estimate"], "right"),
        Column(words.fill("column.interval", {"level": edition.level}), "right"),
        Column(words["column.n"], "right"),
    ]
    if weighted:
        columns.append(Column(words["column.n_eff"], "right"))
    cells = []
    for row in rows:
        if not is_shown(str(row["statistic"]), of_item=row["measure"] in edition.results.items):
            continue
        measure = str(row["measure"])
        value, ends = value_and_interval(row)
        name = words.name("statistic", str(row["statistic"]))
        if edition.results.role(measure) == "cost":
            name += words["list.open"] + words["mark.cost"] + words["list.close"]
        line = (
            edition.results.label(measure),
            name,
            value,
            ends or hidden_symbol(row) or ABSENT,
            based(row),
            hidden_symbol(row) or count(row.get("n_eff")),
        )
        cells.append(line[: len(columns)])
    return Table(edition.caption("score_table"), tuple(columns), tuple(cells))


def value_and_interval(row: Row) -> tuple[str, str]:
    """Return a score and its interval in the way its statistic is read: points, percent or scale units."""
    if symbol := hidden_symbol(row):
        return symbol, ""
    low, high, value = row.get("conf_low"), row.get("conf_high"), row.get("estimate")
    if row["statistic"] in SHARES:
        return percent(value, 1), percent_interval(low, high, 1)
    digits, _ = digits_and_scale(str(row["statistic"]))
    return decimal(value, digits), interval(low, high, digits)


def groups_section(edition: Edition) -> Section:
    """Return, for every grouping question, small multiples and a table, the heat map, what differs, league tables."""
    results, parts = edition.results, list[Part]()
    rows = [row for row in results.rows("scores") if row.get("group_by")]
    for question in dict.fromkeys(str(row["group_by"]) for row in (*rows, *results.rows("ranks"))):
        if own := matching(rows, {"group_by": question}):
            parts.append(_group_part(edition, question, own))
        parts += [*heat_parts(edition, question), *differences_parts(edition, question)]
        parts += league_parts(edition, question)
    notes = (*results.notes("comparisons"), *results.notes("ranks"))
    return Section(() if parts else (edition.words["sentence.no_groups"],), tuple(parts), notes)


def _group_part(edition: Edition, question: str, rows: Sequence[Row]) -> Part:
    words, results = edition.words, edition.results
    codes = tuple(dict.fromkeys(str(row["group"]) for row in rows))
    panels = _panels(edition, question, rows)
    compared = panels[0].estimates if panels else ()
    secret = left_out(edition, [e for panel in panels for e in panel.estimates])
    label = results.label(question)
    low, high = axis_range([e for panel in panels for e in panel.estimates])
    drawn = tuple(panel for panel in panels if not all(e.hidden for e in panel.estimates))
    plot = PanelPlot(drawn, words["axis.points"], low, high)
    alt = words.paragraph(
        [
            words.fill("sentence.panel", {"title": p.title, "values": listing(words, shown)})
            for p in drawn
            if (shown := [e for e in p.estimates if not e.hidden])
        ]
    )
    caption = edition.caption("groups", "question", label)
    figure = edition.figure(f"groups-{question}", caption, alt, plot) if drawn else None
    measure = panels[0].title if panels else ""
    sentences = (extremes_sentence(words, compared, measure), small_groups_sentence(words, compared), secret)
    paragraph = words.paragraph(sentences)
    title = words.fill("heading.by", {"question": label})
    table = _group_table(edition, question, codes, rows)
    told = (*comparability(edition, question), *((paragraph,) if paragraph else ()))
    return Part(title, told, figure=figure, tables=(table,))


def _panels(edition: Edition, question: str, rows: Sequence[Row]) -> tuple[Panel, ...]:
    """Return one panel a construct: index first, then loyalty, then what drives them; costs stand in the table."""
    results = edition.results
    order = {"satisfaction": 0, "loyalty": 1, "driver": 2, "other": 3}
    index = str(results.study.get("index_construct") or "")
    measures = dict.fromkeys(str(row["measure"]) for row in matching(rows, {"statistic": "mean_score"}))
    wanted = sorted(
        (m for m in measures if results.role(m) in order), key=lambda m: (m != index, order[results.role(m)])
    )
    return tuple(
        Panel(
            results.label(measure),
            tuple(
                estimate(row, results.option(question, str(row["group"])))
                for row in matching(rows, {"statistic": "mean_score", "measure": measure})
            ),
        )
        for measure in wanted[:MAX_PANELS]
    )


def _group_table(edition: Edition, question: str, codes: Sequence[str], rows: Sequence[Row]) -> Table:
    """Return a line a figure and a column a group, or the other way round when the groups are many."""
    words, results = edition.words, edition.results
    figures = _group_figures(edition, rows)
    heads = [words["column.n"], *(_figure_name(edition, *figure) for figure in figures)]
    columns = [_group_column(edition, question, code, matching(rows, {"group": code}), figures) for code in codes]
    caption = edition.caption("group_table", "question", results.label(question))
    if len(codes) <= MAX_GROUP_COLUMNS:
        titles = [words["column.measure"], *(name for name, _ in columns)]
        lines = [(head, *(cells[i] for _, cells in columns)) for i, head in enumerate(heads)]
    else:
        titles = [words["column.group"], *heads]
        lines = [(name, *cells) for name, cells in columns]
    shown = (Column(titles[0]), *(Column(title, "right") for title in titles[1:]))
    return Table(caption, shown, tuple(lines))


def _group_figures(edition: Edition, rows: Sequence[Row]) -> tuple[tuple[str, str], ...]:
    """Return measure and statistic of everything that is compared: scores, constructs' top boxes, NPS, CSAT, CES."""
    items = edition.results.items
    wanted = [row for row in rows if in_tables(row, items)]
    wanted.sort(key=lambda row: row["measure"] in items)
    return tuple(dict.fromkeys((str(r["measure"]), str(r["statistic"])) for r in wanted))


def _figure_name(edition: Edition, measure: str, statistic: str) -> str:
    words, label = edition.words, edition.results.label(measure)
    if statistic == "mean_score":
        return label
    name = words[f"statistic.{statistic}"]
    return words.tagged(label, name) if measure not in edition.results.items else words.tagged(name, label)


def _group_column(
    edition: Edition, question: str, code: str, rows: Sequence[Row], figures: Sequence[tuple[str, str]]
) -> tuple[str, list[str]]:
    """Return a group's name and its cells: base, then every figure with its interval."""
    words = edition.words
    n = max((int(row.get("n") or 0) for row in rows), default=0)
    name = edition.results.option(question, code)
    if n and Estimate(name, None, n=n).is_small:
        name += words["list.open"] + words["mark.small"] + words["list.close"]
    largest = max(rows, key=lambda row: int(row.get("n") or 0), default={"n": 0})
    cells = [based(largest)]
    for measure, statistic in figures:
        found = matching(rows, {"measure": measure, "statistic": statistic})
        cells.append(_marked(found[0], largest) if found else ABSENT)
    return name, cells


def _marked(row: Row, largest: Row) -> str:
    """Return a score with its interval, and with the mark of a low base that the group as a whole does not have."""
    own = "" if row.get("symbol") == largest.get("symbol") else str(row.get("symbol") or "")
    return with_interval(*value_and_interval(row)) + (f" {own}" if own and not hidden_symbol(row) else "")


def index_estimate(edition: Edition) -> Estimate:
    """Return the index of the whole sample under its construct's label."""
    row = index_row(edition, overall_rows(edition))
    label = edition.results.label(str(edition.results.study.get("index_construct") or ""))
    return estimate(row, label) if row else Estimate(label, None)
