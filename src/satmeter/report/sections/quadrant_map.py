"""The plane of importance and performance: places, dividing lines, figure and table of either map."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isclose
from statistics import mean, median
from typing import Literal

from satmeter.report.context import Figure, Table
from satmeter.report.edition import Edition
from satmeter.report.estimate import Estimate
from satmeter.report.number_text import count, decimal, percent_beside
from satmeter.report.plots import QuadrantPlot, QuadrantPoint
from satmeter.report.results import Row
from satmeter.report.sections.cells import columns
from satmeter.report.sections.driver_names import placed_label
from satmeter.report.sentences import points, quadrant_sentence
from satmeter.report.wording import Words

LEAST_DRIVERS = 3
"""Fewer drivers make no map: a line that is their mean parts two drivers whatever they are."""

QUADRANTS = ("strength", "improve", "opportunity", "maintain")

SURE = 0.95
"""Share of the replicates from which a place that is not settled is told all the same."""

Cut = Literal["mean", "median", "target"]


@dataclass(frozen=True, slots=True)
class Kind:
    """What the two maps differ in.

    Attributes
    ----------
    importance
        An estimate of importance as text.
    line
        The dividing line of importance as text.
    unit
        Of importance: a share of R², or points of the outcome.
    axis, column
        Keys of the words that name importance on the axis and above the table's column.
    sentence
        Beginning of the keys of the sentence on the dividing lines.
    """

    importance: Callable[[Estimate], str]
    line: Callable[[float | None], str]
    unit: Literal["share", "points"]
    axis: str
    column: str
    sentence: str


def placed_estimates(edition: Edition, row: Row) -> tuple[Estimate, Estimate]:
    """Return performance (points) and importance of one driver; a cost comes turned round and says so."""
    label, n = placed_label(edition, str(row["driver"])), int(row.get("n") or 0)
    performance = Estimate(label, row.get("performance"), row.get("performance_low"), row.get("performance_high"), n)
    importance = Estimate(label, row.get("importance"), row.get("importance_low"), row.get("importance_high"), n)
    return performance, importance


def settled(value: Estimate, line: float | None) -> bool:
    """Tell whether an interval lies wholly on one side of a line.

    Examples
    --------
    >>> settled(Estimate("Price", 61.5, 58.9, 64.1), 70.3), settled(Estimate("Price", 61.5), 70.3)
    (True, False)
    """
    return line is not None and value.low is not None and value.high is not None and not value.low <= line <= value.high


def surely(value: Estimate, line: float) -> float:
    """Return how surely a number lies on its side of a line, from one half to one: normal, from its 95 % interval.

    Examples
    --------
    >>> round(surely(Estimate("Price", 61.5, 58.9, 64.1), 63.0), 2), surely(Estimate("Price", 61.5), 63.0)
    (0.87, 0.5)
    """
    if value.value is None or value.low is None or value.high is None or value.high <= value.low:
        return 0.5
    return 0.5 * (1 + math.erf(abs(value.value - line) / (value.high - value.low) * 2 * 1.959964 / math.sqrt(2)))


def crossing(edition: Edition, row: Row) -> str:
    """Return which interval holds its dividing line: `score`, `importance` or `both`; empty where none does."""
    performance, importance = placed_estimates(edition, row)
    score = settled(performance, row.get("performance_line"))
    weight = settled(importance, row.get("importance_line"))
    return {(True, True): "", (False, True): "score", (True, False): "importance"}.get((score, weight), "both")


def cut_of(rows: Sequence[Row]) -> Cut:
    """Return what the dividing line of the score is: the drivers' mean or median, else a target.

    Examples
    --------
    >>> cut_of([{"performance": 60.0, "performance_line": 75.0}, {"performance": 70.0, "performance_line": 75.0}])
    'target'
    """
    values = [float(row["performance"]) for row in rows if row.get("performance") is not None]
    line = next((row["performance_line"] for row in rows if row.get("performance_line") is not None), None)
    if line is None or not values or isclose(line, mean(values), abs_tol=1e-9):
        return "mean"
    return "median" if isclose(line, median(values), abs_tol=1e-9) else "target"


def places_text(edition: Edition, rows: Sequence[Row], kind: Kind) -> str:
    """Return which drivers stand where, how sure that is, and what the dividing lines are."""
    words, cut = edition.words, cut_of(rows)
    lines = {
        "performance": f"{rows[0]['performance_line']:g}" if cut == "target" else _score(rows[0]),
        "importance": kind.line(rows[0].get("importance_line")),
    }
    ending = "" if cut == "mean" else f"_{cut}"
    if len(rows) < LEAST_DRIVERS:
        placed = [words["sentence.too_few_to_map" + ("_target" if cut == "target" else "")]]
    else:
        certain = {
            q: [placed_label(edition, str(r["driver"])) for r in rows if r.get("certain") and r["quadrant"] == q]
            for q in QUADRANTS
        }
        open_ones = [placed_label(edition, str(row["driver"])) for row in rows if not row.get("certain")]
        placed = [quadrant_sentence(words, certain, open_ones), *_probability_sentences(edition, rows)]
    return words.paragraph([*placed, words.fill(f"sentence.{kind.sentence}{ending}", lines)])


def _score(row: Row) -> str:
    return decimal(row.get("performance_line"), 1)


def _probability_sentences(edition: Edition, rows: Sequence[Row]) -> list[str]:
    """Return what the probability is, and which places the replicates agree on though an interval crosses a line."""
    words = edition.words
    if all(row.get("probability") is None for row in rows):
        return []
    agreed = [row for row in rows if not row.get("certain") and (row.get("probability") or 0.0) >= SURE]
    told = []
    for row in agreed:
        fields = {
            "driver": placed_label(edition, str(row["driver"])),
            "share": percent_beside(row["probability"], SURE),
        }
        fields["quadrant"] = words.name("quadrant", str(row["quadrant"]))
        told.append(words.fill("sentence.probability_driver", fields))
    sentences = [words["sentence.probability"]]
    if told:
        fields = {"drivers": words.join(told), "least": percent_beside(SURE, SURE)}
        sentences.append(words.fill("sentence.probability_open", fields))
    return sentences


def quadrant_names(words: Words) -> tuple[str, str, str, str]:
    """Return the names of the quadrants: top left, top right, bottom left, bottom right."""
    return (
        words["quadrant.improve"],
        words["quadrant.strength"],
        words["quadrant.opportunity"],
        words["quadrant.maintain"],
    )


def quadrant_figure(edition: Edition, name: str, caption: str, rows: Sequence[Row], kind: Kind) -> Figure | None:
    """Return the map; None below three drivers, or where a line is missing."""
    words = edition.words
    complete = [row for row in rows if row.get("performance") is not None and row.get("importance") is not None]
    if len(rows) < LEAST_DRIVERS or not complete:
        return None
    if rows[0].get("performance_line") is None or rows[0].get("importance_line") is None:
        return None
    drawn, told = [], []
    for row in complete:
        performance, importance = placed_estimates(edition, row)
        drawn.append(QuadrantPoint(performance.label, performance, importance, bool(row.get("certain"))))
        fields = {"label": performance.label, "score": points(performance), "share": kind.importance(importance)}
        place = words.name("quadrant", str(row["quadrant"])) if row.get("certain") else words["mark.uncertain"]
        told.append(words.fill("sentence.point_alt", fields | {"place": place}))
    plot = QuadrantPlot(
        points=tuple(drawn),
        performance_line=float(rows[0]["performance_line"]),
        importance_line=float(rows[0]["importance_line"]),
        x_axis=words["axis.performance"],
        y_axis=words[kind.axis],
        quadrants=quadrant_names(words),
        uncertain_word=words["mark.uncertain"],
        certain_word=words["mark.certain"],
        importance_unit=kind.unit,
    )
    return edition.figure(name, caption, words["list.semicolon"].join(told) + words["list.stop"], plot)


def quadrant_table(edition: Edition, caption: str, rows: Sequence[Row], kind: Kind) -> Table:
    """Return every driver's place, how sure it is, and its two figures, most important first."""
    words = edition.words
    sure = any(row.get("probability") is not None for row in rows)
    lines = []
    for row in sorted(rows, key=lambda r: -(r.get("importance") or 0.0)):
        performance, importance = placed_estimates(edition, row)
        open_end = crossing(edition, row)
        unsettled = words[f"mark.open_{open_end}"] if open_end else words["mark.no"]
        lines.append(
            (
                performance.label,
                words.name("quadrant", str(row["quadrant"])),
                words["mark.yes"] if row.get("certain") else unsettled,
                *((percent_beside(row.get("probability"), SURE),) if sure else ()),
                points(performance),
                kind.importance(importance),
                count(row.get("n")),
            )
        )
    numbers = (*(("quadrant_probability",) if sure else ()), "performance", kind.column, "n")
    return Table(caption, columns(edition, ("driver", "quadrant", "certain"), numbers), tuple(lines))
