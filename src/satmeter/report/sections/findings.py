"""Strengths and weaknesses: the drivers that stand apart from the line, those that matter most first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from satmeter.report.context import Finding
from satmeter.report.edition import Edition
from satmeter.report.estimate import SMALL_BASE, Estimate, known
from satmeter.report.number_text import decimal, decimal_beside
from satmeter.report.results import Row, matching
from satmeter.report.sections.driver_names import outcomes_of
from satmeter.report.sections.drivers import importances
from satmeter.report.sections.items import alphas, item_text
from satmeter.report.sections.quadrant_map import crossing, cut_of, placed_estimates, settled, surely
from satmeter.report.sections.scores import mean_scores, overall_rows
from satmeter.report.sentences import finding_sentence, importance_sentence, score_finding_sentence

MOST = 3
"""Strengths, and weaknesses, that the first screen names."""

TOO_WIDE = 30.0
"""Points: a score whose interval is wider says too little to be called strong or weak."""

LOW_ALPHA = 0.6


@dataclass(frozen=True, slots=True)
class Findings:
    """Strengths and weaknesses, the sentence that says how they were ordered, and why there are none at all."""

    strengths: tuple[Finding, ...] = ()
    weaknesses: tuple[Finding, ...] = ()
    ranking: str = ""
    reason: str = ""


def findings(edition: Edition) -> Findings:
    """Return what the first screen says of the drivers; nothing below 30 respondents or with wide intervals."""
    if reason := few_reason(edition):
        return Findings(reason=reason)
    index = str(edition.results.study.get("index_construct") or "")
    priorities = edition.results.rows("priorities")
    names = outcomes_of(priorities)
    outcome = index if index in names else next(iter(names), "")
    rows = [r for r in matching(priorities, {"outcome": outcome}) if r.get("performance") is not None]
    return _by_place(edition, outcome, rows) if rows else _by_score(edition)


def few_reason(edition: Edition) -> str:
    """Return why nothing is said of few respondents, or of few that the weights leave; else nothing."""
    study = edition.results.study
    n, effective = int(study.get("n") or 0), study.get("n_eff")
    if n < SMALL_BASE:
        return edition.words.fill("sentence.few_to_find", {"n": str(n), "min": str(SMALL_BASE)})
    if effective is not None and effective < SMALL_BASE:
        fields = {"n_eff": decimal_beside(effective, 0, least=[SMALL_BASE]), "min": str(SMALL_BASE)}
        return edition.words.fill("sentence.few_effective", fields)
    return ""


def _unknown(edition: Edition, scores: Sequence[Estimate]) -> str:
    """Return why nothing is said of scores that are all the same, or of which half or more are hardly known."""
    levels = {decimal(e.value, 1) for e in scores if e.value is not None}
    if len(levels) == 1 and len(scores) > 1:
        return edition.words.fill("sentence.alike_to_find", {"score": levels.pop()})
    if scores and 2 * sum(not e.has_interval for e in scores) >= len(scores):
        return edition.words["sentence.unknown_to_find"]
    wide = [e for e in scores if e.low is not None and e.high is not None and e.high - e.low > TOO_WIDE]
    if 2 * len(wide) < len(scores) or not wide:
        return ""
    return edition.words.fill("sentence.wide_to_find", {"width": decimal(TOO_WIDE, 0)})


def _by_place(edition: Edition, outcome: str, rows: Sequence[Row]) -> Findings:
    """Order by distance from the line, times importance, times how surely the score lies on its side."""
    if reason := _unknown(edition, [placed_estimates(edition, row)[0] for row in rows]):
        return Findings(reason=reason)

    def rank(row: Row) -> float:
        score, line = placed_estimates(edition, row)[0], float(row.get("performance_line") or 0.0)
        return -abs((score.value or 0.0) - line) * (row.get("importance") or 0.0) * surely(score, line)

    ranked = sorted(rows, key=rank)
    strong = [row for row in ranked if row["quadrant"] in ("strength", "maintain")]
    weak = [row for row in ranked if row["quadrant"] in ("improve", "opportunity")]
    words, line = edition.words, {"line": f"{rows[0].get('performance_line') or 0.0:g}"}
    ranking = words.paragraph(
        [
            words.fill("sentence.ranked_by_importance", {"outcome": edition.results.label(outcome)}),
            words.fill(f"sentence.line_is_{cut_of(rows)}", line),
        ]
    )
    return Findings(_placed(edition, strong, best=True), _placed(edition, weak, best=False), ranking)


def _placed(edition: Edition, rows: Sequence[Row], *, best: bool) -> tuple[Finding, ...]:
    words, found = edition.words, []
    for row in rows[:MOST]:
        performance, importance = placed_estimates(edition, row)
        outcome = edition.results.label(str(row["outcome"]))
        place = crossing(edition, row)
        unweighed = "above_open" if best else "below_open"
        kind = unweighed if place in ("importance", "both") else str(row["quadrant"])
        sentence = finding_sentence(words, kind, outcome, performance, importance, row.get("performance_line"))
        hedge = words[f"mark.tendency_{place}"] if place else ""
        driver = str(row["driver"])
        example = telling_item(edition, driver, best=best)
        found.append(Finding(performance.label, sentence, example, not place, hedge, driver_caveat(edition, driver)))
    return tuple(found)


def _by_score(edition: Edition) -> Findings:
    """Return the best and the worst half of the drivers' scores; for costs nothing is said."""
    results = edition.results
    drivers = {results.label(str(c["id"])) for c in results.constructs if c.get("role") == "driver"}
    scores = [e for e in known(mean_scores(edition, overall_rows(edition), costs=False)) if e.label in drivers]
    if reason := _unknown(edition, scores):
        return Findings(reason=reason)
    half = min(MOST, len(scores) // 2)
    if not half:
        return Findings(ranking=_most_important(edition), reason=edition.words["sentence.no_finding"])
    mean = sum(e.value or 0.0 for e in scores) / len(scores)
    strong = sorted(scores[:half], key=lambda e: not settled(e, mean))
    weak = sorted(scores[::-1][:half], key=lambda e: not settled(e, mean))
    return Findings(
        tuple(_score_finding(edition, e, mean, best=True) for e in strong),
        tuple(_score_finding(edition, e, mean, best=False) for e in weak),
        edition.words["sentence.ranked_by_score"],
    )


def _most_important(edition: Edition) -> str:
    """Return what the index goes with most closely, where no driver can be called strong or weak; else nothing."""
    index = str(edition.results.study.get("index_construct") or "")
    shares = importances(edition, index)
    return importance_sentence(edition.words, edition.results.label(index), shares) if shares else ""


def _score_finding(edition: Edition, score: Estimate, mean: float, *, best: bool) -> Finding:
    ids = {edition.results.label(str(c["id"])): str(c["id"]) for c in edition.results.constructs}
    sentence = score_finding_sentence(edition.words, "strength" if best else "weakness", score)
    driver, certain = ids[score.label], settled(score, mean)
    hedge = "" if certain else edition.words["mark.tendency_mean"]
    example = telling_item(edition, driver, best=best)
    return Finding(score.label, sentence, example, certain, hedge, driver_caveat(edition, driver))


def driver_caveat(edition: Edition, construct: str) -> str:
    """Return a warning for a construct whose items do not go together; else nothing."""
    found = [e.value for row, e in alphas(edition) if row["construct"] == construct and e.value is not None]
    if not found or found[0] >= LOW_ALPHA:
        return ""
    return edition.words.fill("mark.low_alpha", {"alpha": decimal(found[0], 2)})


def telling_item(edition: Edition, construct: str, *, best: bool) -> str:
    """Return the construct's telling item: the best of a strength, the worst of a weakness.

    Empty below two items, and for a cost: its items run against its place, where higher is better.
    """
    if edition.results.role(construct) == "cost":
        return ""
    rated = []
    for row in matching(edition.results.rows("items"), {"construct": construct}):
        ends = _scale_ends(edition, str(row["item"]))
        if row.get("mean") is not None and ends:
            rated.append(((row["mean"] - ends[0]) / (ends[1] - ends[0]), row, ends))
    if len(rated) < 2:
        return ""
    _, row, (low, high) = (max if best else min)(rated, key=lambda entry: entry[0])
    fields = {
        "item": item_text(edition, str(row["item"]), turned=True),
        "mean": decimal(row["mean"], 1),
        "low": str(low),
        "high": str(high),
    }
    return edition.words.fill("sentence.highest_item" if best else "sentence.lowest_item", fields)


def _scale_ends(edition: Edition, item: str) -> tuple[int, int] | None:
    scale = edition.results.scales.get(str(edition.results.items.get(item, {}).get("scale")), {})
    codes = [int(point["code"]) for point in scale.get("points") or ()]
    return (min(codes), max(codes)) if len(codes) > 1 else None
