"""What goes with a choice: multinomial regressions of choice questions, as odds ratios."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp

from satmeter.report.context import Figure, Part, Table
from satmeter.report.edition import Edition
from satmeter.report.estimate import Estimate
from satmeter.report.number_text import count, decimal, p_value
from satmeter.report.plots import Panel
from satmeter.report.results import Row, matching
from satmeter.report.sections.cells import columns, excludes_zero, ranged
from satmeter.report.sections.driver_names import outcomes_of, term_label
from satmeter.report.sections.panels import panels_around_zero

MODEL = "multinomial"
REFERENCE_NOTE = "D202"
"""Sentence of the results that names the option of reference; the sentences of this part name it too."""

TEN = 10.0


def choice_parts(edition: Edition) -> tuple[Part, ...]:
    """Return, for every choice question that was explained, odds ratios of its options; nothing without rows."""
    rows = matching(edition.results.rows("regression"), {"model": MODEL})
    return tuple(_part(edition, question, matching(rows, {"outcome": question})) for question in outcomes_of(rows))


def split_term(row: Row) -> tuple[str, str]:
    """Return the term and the option of a row.

    Examples
    --------
    >>> split_term({"term": "region[town]|hotline"})
    ('region[town]', 'hotline')
    """
    term, _, option = str(row["term"]).rpartition("|")
    return term, option


def odds_ratio(row: Row, step: float) -> Estimate:
    """Return the odds ratio for so many units of a term.

    Examples
    --------
    >>> odds_ratio({"estimate": 0.02, "conf_low": 0.0, "conf_high": 0.04, "n": 90}, 10.0).value
    1.2214027581601699
    """
    value, low, high = (
        None if row.get(key) is None else exp(step * row[key]) for key in ("estimate", "conf_low", "conf_high")
    )
    return Estimate("", value, low, high, int(row.get("n") or 0))


def _part(edition: Edition, question: str, rows: Sequence[Row]) -> Part:
    words, label = edition.words, edition.results.label(question)
    slopes = [row for row in rows if split_term(row)[0] != "(intercept)"]
    if not slopes:
        return Part()
    fields = {"question": label, "reference": _reference(edition, question, slopes), "level": edition.level}
    fields["n"] = count(slopes[0]["n"])
    fit = matching(edition.results.rows("fit"), {"outcome": question, "statistic": f"mcfadden_{MODEL}"})
    told = [_ratios_sentence(edition, question, slopes)]
    if fit and fit[0].get("estimate") is not None:
        told.append(words.fill("sentence.choice_fit", {"r2": decimal(fit[0]["estimate"], 3)}))
    return Part(
        words.fill("heading.choice", fields),
        (words.fill("sentence.choice", fields), words.paragraph(told)),
        figure=_figure(edition, question, slopes, fields),
        tables=(_table(edition, question, slopes, fields),),
    )


def _reference(edition: Edition, question: str, rows: Sequence[Row]) -> str:
    """Return the option that the others are held against: one without coefficients, which the results' note names.

    Options that hardly anybody chose have no coefficients either.
    """
    explained = {split_term(row)[1] for row in rows}
    options = next((q.get("options") or () for q in edition.results.questions if q["id"] == question), ())
    labels = [edition.results.option(question, o["code"]) for o in options if str(o["code"]) not in explained]
    note = "".join(edition.results.notes("regression", REFERENCE_NOTE.__eq__, about=question))
    return max(labels, key=note.rfind, default="–")


def _counts(edition: Edition, question: str) -> tuple[Row, ...]:
    return matching(edition.results.rows("sample"), {"question": question})


def _step(edition: Edition, term: str) -> float:
    """Return the units that an odds ratio is given for: ten points of a construct, one unit of anything else."""
    return TEN if edition.results.role(term) else 1.0


def _ratio(edition: Edition, row: Row) -> str:
    ratio = odds_ratio(row, _step(edition, split_term(row)[0]))
    return ranged(ratio.value, ratio.low, ratio.high)


def _ratios_sentence(edition: Edition, question: str, rows: Sequence[Row]) -> str:
    """Return which odds ratios leave 1 out, beside how many of them would do so by chance."""
    words = edition.words
    apart = [row for row in rows if excludes_zero(row)]
    fields = {"n": count(len(apart)), "all": count(len(rows))}
    if not apart:
        return words.fill("sentence.choice_none", fields)
    told = []
    for row in apart:
        term, option = split_term(row)
        names = {"term": term_label(edition, term), "option": edition.results.option(question, option)}
        told.append(words.fill("sentence.choice_ratio", names | {"ratio": _ratio(edition, row)}))
    fields["chance"] = decimal((1 - edition.results.conf_level) * len(rows), 1)
    fields["ratios"] = words["list.semicolon"].join(told)
    return words.plural("sentence.choice_some", len(apart), fields)


def _figure(edition: Edition, question: str, rows: Sequence[Row], fields: dict[str, str]) -> Figure | None:
    """Return the log odds of every option, a panel for each construct; the bases are those who gave the answer."""
    words, results = edition.words, edition.results
    given = {str(row["option"]): int(row.get("n") or 0) for row in _counts(edition, question)}
    panels: dict[str, list[Estimate]] = {}
    for row in rows:
        term, option = split_term(row)
        if row.get("estimate") is None or not results.role(term):
            continue
        value, low, high = (None if row.get(k) is None else TEN * row[k] for k in ("estimate", "conf_low", "conf_high"))
        one = Estimate(results.option(question, option), value, low, high, given.get(option, int(row["n"])))
        panels.setdefault(results.label(term), []).append(one)
    drawn = tuple(Panel(title, tuple(own)) for title, own in panels.items())
    axis, caption = words.fill("axis.log_odds", fields), words.fill("caption.choice_figure", fields)
    return panels_around_zero(edition, f"choice-{question}", caption, axis, drawn)


def _table(edition: Edition, question: str, rows: Sequence[Row], fields: dict[str, str]) -> Table:
    words = edition.words
    cells = []
    for row in rows:
        term, option = split_term(row)
        error = words["list.open"] + decimal(row.get("std_error"), 4) + words["list.close"]
        numbers = (_ratio(edition, row), decimal(row.get("estimate"), 4) + error, p_value(row.get("p_value")))
        cells.append(
            (edition.results.option(question, option), term_label(edition, term), *numbers, count(row.get("n")))
        )
    heads = columns(edition, ("answer_option", "term"), ("odds_ratio", "log_odds", "p", "n"))
    return Table(words.fill("caption.choice", fields), heads, tuple(cells))
