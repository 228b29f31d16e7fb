"""What the outcomes go with: importance, regression, and the quadrant of importance and performance."""

from __future__ import annotations

from collections.abc import Sequence

from satmeter.report.context import Column, Figure, Part, Section, Table
from satmeter.report.edition import Edition
from satmeter.report.estimate import Estimate, known
from satmeter.report.number_text import ABSENT, count, decimal, interval, p_value, percent, percent_interval
from satmeter.report.plots import BarPlot, QuadrantPlot, QuadrantPoint
from satmeter.report.results import Row, estimate, matching
from satmeter.report.sentences import (
    explained_sentence,
    importance_sentence,
    listing,
    points,
    quadrant_sentence,
    share,
)

LEAST_DRIVERS = 3
"""Fewer drivers make no map: their lines are means, which part two drivers whatever they are."""

METHODS = ("lmg", "correlation", "beta", "b")
"""What the table of importance shows; other methods stand in a table of their own."""

QUADRANTS = ("strength", "improve", "opportunity", "maintain")


def outcomes_of(rows: Sequence[Row]) -> tuple[str, ...]:
    """Return the outcomes of some rows, each once, in their order."""
    return tuple(dict.fromkeys(str(row["outcome"]) for row in rows))


def importances(edition: Edition, outcome: str) -> tuple[Estimate, ...]:
    """Return every driver's share of the explained variance of one outcome, 0–1."""
    rows = matching(edition.results.rows("drivers"), {"outcome": outcome, "method": "lmg"})
    return tuple(
        Estimate(
            edition.results.label(str(row["driver"])),
            row.get("share"),
            row.get("share_low"),
            row.get("share_high"),
            int(row.get("n") or 0),
        )
        for row in rows
    )


def drivers_section(edition: Edition) -> Section:
    """Return, for every outcome, what its drivers explain: sentences, bars, tables."""
    results, words = edition.results, edition.words
    notes = (*results.notes("drivers"), *results.notes("regression"), *results.notes("fit"))
    names = outcomes_of((*results.rows("drivers"), *results.rows("regression")))
    if not names:
        return Section((words["sentence.no_drivers"],), (), notes)
    parts = tuple(_outcome_part(edition, outcome) for outcome in names)
    return Section((words["sentence.association"],), parts, notes)


def _outcome_part(edition: Edition, outcome: str) -> Part:
    words, results = edition.words, edition.results
    label = results.label(outcome)
    shares = importances(edition, outcome)
    fit = matching(results.rows("fit"), {"outcome": outcome, "statistic": "r2"})
    sentences = [explained_sentence(words, label, estimate(fit[0], label))] if fit else []
    sentences.append(importance_sentence(words, label, shares))
    figure = None
    if ranked := known(shares):
        plot = BarPlot(ranked, words["axis.share"])
        caption = edition.caption("importance", "outcome", label)
        figure = edition.figure(f"importance-{outcome}", caption, listing(words, ranked, as_share=True), plot)
    tables = (_importance_table(edition, outcome), _regression_table(edition, outcome))
    title = words.fill("heading.drivers_of", {"outcome": label})
    return Part(title, (words.paragraph(sentences),), figure=figure, tables=tuple(t for t in tables if t))


def _importance_table(edition: Edition, outcome: str) -> Table | None:
    words = edition.words
    rows = [r for r in matching(edition.results.rows("drivers"), {"outcome": outcome}) if r["method"] in METHODS]
    if not rows:
        return None
    by_method = {(str(row["method"]), str(row["driver"])): row for row in rows}
    drivers = sorted(dict.fromkeys(str(row["driver"]) for row in rows), key=lambda d: -_share(by_method, d))
    columns = (
        Column(words["column.driver"]),
        Column(words["column.importance"], "right"),
        Column(words.fill("column.interval", {"level": edition.level}), "right"),
        Column(words["column.lmg"], "right"),
        Column(words["column.correlation"], "right"),
        Column(words["column.beta"], "right"),
        Column(words["column.n"], "right"),
    )
    cells = []
    for driver in drivers:
        lmg = by_method.get(("lmg", driver), {})
        r, beta = (by_method.get((method, driver), {}).get("estimate") for method in ("correlation", "beta"))
        cells.append(
            (
                edition.results.label(driver),
                percent(lmg.get("share")),
                percent_interval(lmg.get("share_low"), lmg.get("share_high")) or ABSENT,
                decimal(lmg.get("estimate"), 3),
                decimal(r, 2),
                decimal(beta, 2),
                count(lmg.get("n")),
            )
        )
    caption = edition.caption("importance_table", "outcome", edition.results.label(outcome))
    return Table(caption, columns, tuple(cells))


def _share(by_method: dict[tuple[str, str], Row], driver: str) -> float:
    return float(by_method.get(("lmg", driver), {}).get("share") or 0.0)


def _regression_table(edition: Edition, outcome: str) -> Table | None:
    words, rows = edition.words, matching(edition.results.rows("regression"), {"outcome": outcome, "model": "ols"})
    if not rows:
        return None
    kind = str(rows[0].get("std_error_type") or "")
    error = words["column.se"] + (words["list.open"] + kind + words["list.close"] if kind else "")
    heads = [words["column.b"], error, words.fill("column.interval", {"level": edition.level})]
    heads += [words[f"column.{key}"] for key in ("t", "p", "beta", "vif", "n")]
    columns = (Column(words["column.term"]), *(Column(head, "right") for head in heads))
    cells = tuple(
        (
            term_label(edition, str(row["term"])),
            decimal(row.get("estimate"), 2),
            decimal(row.get("std_error"), 2),
            interval(row.get("conf_low"), row.get("conf_high"), 2) or ABSENT,
            decimal(row.get("statistic"), 2),
            p_value(row.get("p_value")),
            decimal(row.get("beta"), 2),
            decimal(row.get("vif"), 1),
            count(row.get("n")),
        )
        for row in rows
    )
    return Table(edition.caption("regression", "outcome", edition.results.label(outcome)), columns, cells)


def term_label(edition: Edition, term: str) -> str:
    """Return a regression term in words: a driver, ``question: option``, or the intercept."""
    words, results = edition.words, edition.results
    if term == "(intercept)":
        return words["mark.intercept"]
    question, bracket, rest = term.partition("[")
    if bracket and rest.endswith("]"):
        return words.tagged(results.label(question), results.option(question, rest[:-1]))
    return results.label(term)


def priorities_section(edition: Edition) -> Section:
    """Return, for every outcome, the quadrant figure, what it says, and its table."""
    words, results, rows = edition.words, edition.results, edition.results.rows("priorities")
    notes = results.notes("priorities")
    if not rows:
        return Section((words["sentence.no_priorities"],), (), notes)
    parts = tuple(
        _priority_part(edition, outcome, matching(rows, {"outcome": outcome})) for outcome in outcomes_of(rows)
    )
    return Section((), parts, notes)


def _priority_part(edition: Edition, outcome: str, rows: Sequence[Row]) -> Part:
    words = edition.words
    label = edition.results.label(outcome)
    uncertain = [placed_label(edition, str(row["driver"])) for row in rows if not row.get("certain")]
    certain = {
        quadrant: [
            placed_label(edition, str(r["driver"])) for r in rows if r.get("certain") and r["quadrant"] == quadrant
        ]
        for quadrant in QUADRANTS
    }
    lines = {
        "performance": decimal(rows[0].get("performance_line"), 1),
        "importance": percent(rows[0].get("importance_line"), 1),
    }
    few = len(rows) < LEAST_DRIVERS
    placed = words["sentence.too_few_to_map"] if few else quadrant_sentence(words, certain, uncertain)
    sentences = [placed, words.fill("sentence.lines", lines)]
    figure = None if few else _quadrant_figure(edition, outcome, rows)
    title = words.fill("heading.priorities_for", {"outcome": label})
    return Part(title, (words.paragraph(sentences),), figure=figure, tables=(_priority_table(edition, outcome, rows),))


def priority_estimates(edition: Edition, row: Row) -> tuple[Estimate, Estimate]:
    """Return performance (points) and importance (share) of one driver; a cost comes turned round and says so."""
    label, n = placed_label(edition, str(row["driver"])), int(row.get("n") or 0)
    performance = Estimate(label, row.get("performance"), row.get("performance_low"), row.get("performance_high"), n)
    importance = Estimate(label, row.get("importance"), row.get("importance_low"), row.get("importance_high"), n)
    return performance, importance


def placed_label(edition: Edition, driver: str) -> str:
    """Return a driver's label in the quadrant, where higher is better even for a cost."""
    label = edition.results.label(driver)
    if edition.results.role(driver) != "cost":
        return label
    words = edition.words
    return label + words["list.open"] + words["mark.turned"] + words["list.close"]


def _place(edition: Edition, row: Row) -> str:
    if not row.get("certain"):
        return edition.words["mark.uncertain"]
    return edition.words.name("quadrant", str(row["quadrant"]))


def crossing(edition: Edition, row: Row) -> str:
    """Return which interval holds its dividing line: `score`, `importance` or `both`; empty where none does."""
    performance, importance = priority_estimates(edition, row)
    score = settled(performance, row.get("performance_line"))
    weight = settled(importance, row.get("importance_line"))
    return {(True, True): "", (False, True): "score", (True, False): "importance"}.get((score, weight), "both")


def settled(value: Estimate, line: float | None) -> bool:
    """Tell whether an interval lies wholly on one side of a line.

    Examples
    --------
    >>> settled(Estimate("Price", 61.5, 58.9, 64.1), 70.3), settled(Estimate("Price", 61.5), 70.3)
    (True, False)
    """
    return line is not None and value.low is not None and value.high is not None and not value.low <= line <= value.high


def _quadrant_figure(edition: Edition, outcome: str, rows: Sequence[Row]) -> Figure | None:
    words = edition.words
    complete = [row for row in rows if row.get("performance") is not None and row.get("importance") is not None]
    if not complete or rows[0].get("performance_line") is None or rows[0].get("importance_line") is None:
        return None
    drawn, told = [], []
    for row in complete:
        performance, importance = priority_estimates(edition, row)
        drawn.append(QuadrantPoint(performance.label, performance, importance, bool(row.get("certain"))))
        fields = {"label": performance.label, "score": points(performance), "share": share(importance)}
        told.append(words.fill("sentence.point_alt", fields | {"place": _place(edition, row)}))
    plot = QuadrantPlot(
        points=tuple(drawn),
        performance_line=float(rows[0]["performance_line"]),
        importance_line=float(rows[0]["importance_line"]),
        x_axis=words["axis.performance"],
        y_axis=words["axis.importance"],
        quadrants=tuple(words[f"quadrant.{q}"] for q in ("improve", "strength", "opportunity", "maintain")),  # type: ignore[arg-type]
        uncertain_word=words["mark.uncertain"],
        certain_word=words["mark.certain"],
    )
    caption = edition.caption("priorities", "outcome", edition.results.label(outcome))
    return edition.figure(
        f"priorities-{outcome}", caption, words["list.semicolon"].join(told) + words["list.stop"], plot
    )


def _priority_table(edition: Edition, outcome: str, rows: Sequence[Row]) -> Table:
    words = edition.words
    columns = (
        Column(words["column.driver"]),
        Column(words["column.quadrant"]),
        Column(words["column.certain"]),
        Column(words["column.performance"], "right"),
        Column(words["column.importance"], "right"),
        Column(words["column.n"], "right"),
    )
    cells = []
    for row in sorted(rows, key=lambda r: -(r.get("importance") or 0.0)):
        performance, importance = priority_estimates(edition, row)
        cells.append(
            (
                performance.label,
                words.name("quadrant", str(row["quadrant"])),
                words[f"mark.open_{open_end}"] if (open_end := crossing(edition, row)) else words["mark.yes"],
                points(performance),
                share(importance),
                count(row.get("n")),
            )
        )
    caption = edition.caption("priority_table", "outcome", edition.results.label(outcome))
    return Table(caption, columns, tuple(cells))
