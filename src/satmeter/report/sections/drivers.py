"""What the outcomes go with: importance and regression."""

from __future__ import annotations

from satmeter.report.context import Column, Part, Section, Table
from satmeter.report.edition import Edition
from satmeter.report.estimate import Estimate, known
from satmeter.report.number_text import ABSENT, count, decimal, interval, p_value, percent, percent_interval
from satmeter.report.plots import BarPlot
from satmeter.report.results import Row, estimate, matching
from satmeter.report.sections.choice import REFERENCE_NOTE, choice_parts
from satmeter.report.sections.driver_methods import method_parts
from satmeter.report.sections.driver_models import model_parts
from satmeter.report.sections.driver_names import outcomes_of, term_label
from satmeter.report.sentences import explained_sentence, importance_sentence, listing

METHODS = ("lmg", "correlation", "beta", "b")
"""What the table of importance shows; other methods stand in a table of their own."""


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
    told = ("drivers", "regression", "fit", "stated", "moderation")
    notes = tuple(note for section in told for note in results.notes(section, REFERENCE_NOTE.__ne__))
    choices = choice_parts(edition)
    names = outcomes_of((*results.rows("drivers"), *matching(results.rows("regression"), {"model": "ols"})))
    if not names:
        return Section((words["sentence.no_drivers"],), choices, notes)
    parts = [
        part
        for outcome in names
        for part in (_outcome_part(edition, outcome), *method_parts(edition, outcome), *model_parts(edition, outcome))
    ]
    return Section((words["sentence.association"],), (*parts, *choices), notes)


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
