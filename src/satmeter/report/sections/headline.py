"""The first screen: index, quality in one line, strengths and weaknesses, loyalty and 满意率."""

from __future__ import annotations

from collections.abc import Sequence

from satmeter.report.context import Finding, Headline, Stat
from satmeter.report.edition import Edition
from satmeter.report.estimate import Estimate, known
from satmeter.report.number_text import decimal
from satmeter.report.plots import ScalePlot
from satmeter.report.results import Row, matching
from satmeter.report.sections.drivers import importances, outcomes_of, priority_estimates
from satmeter.report.sections.items import alphas, item_text
from satmeter.report.sections.method import rule_counts
from satmeter.report.sections.scores import (
    index_estimate,
    index_row,
    mean_scores,
    overall_rows,
    value_and_interval,
)
from satmeter.report.sentences import (
    alpha_range_sentence,
    base,
    finding_sentence,
    flagged_sentence,
    importance_sentence,
    index_sentence,
    kept_sentence,
    points,
    score_finding_sentence,
)

MOST = 3


def headline(edition: Edition) -> Headline:
    """Return everything that the first screen shows."""
    words, index = edition.words, index_estimate(edition)
    row = index_row(edition, overall_rows(edition))
    figure = None
    if index.value is not None:
        fields = {"label": index.label, "value": points(index), "low": "0", "high": "100"}
        alt = words.fill("sentence.scale_alt", fields)
        figure = edition.figure("index", edition.caption("index"), alt, ScalePlot(index, 0.0, 100.0))
    strengths, weaknesses, ranking = _findings(edition)
    return Headline(
        index=_stat(edition, row, _index_label(edition, index.label)) if row and index.value is not None else None,
        sentence=index_sentence(words, index, edition.results.conf_level),
        figure=figure,
        quality=_quality(edition),
        strengths=strengths,
        weaknesses=weaknesses,
        no_strength=words["sentence.no_strength" if weaknesses else "sentence.no_finding"],
        no_weakness=words["sentence.no_weakness" if strengths else "sentence.no_finding"],
        ranking=ranking,
        cards=_cards(edition),
    )


def _index_label(edition: Edition, construct: str) -> str:
    words = edition.words
    return words["card.index"] + words["list.open"] + construct + words["list.close"]


def _stat(edition: Edition, row: Row, label: str) -> Stat:
    value, ends = value_and_interval(row)
    definition = edition.results.text(row.get("definition"))
    return Stat(label, value, ends, base(edition.words, int(row.get("n") or 0)), definition)


def _cards(edition: Edition) -> tuple[Stat, ...]:
    """Return the top-two-box share of the index construct, then the scores of loyalty and the NPS."""
    results, rows = edition.results, overall_rows(edition)
    index = str(results.study.get("index_construct") or "")
    wanted = [*matching(rows, {"measure": index, "statistic": "top2"})]
    wanted += [
        r
        for r in matching(rows, {"statistic": "mean_score"})
        if r["measure"] != index and results.role(r["measure"]) == "loyalty"
    ]
    wanted += _nps(edition, rows)
    cards = []
    for row in wanted:
        if row.get("estimate") is None:
            continue
        named_by_statistic = row["statistic"] in ("top2", "nps")
        label = edition.words[f"card.{row['statistic']}"] if named_by_statistic else results.label(str(row["measure"]))
        cards.append(_stat(edition, row, label))
    return tuple(cards)


def _nps(edition: Edition, rows: Sequence[Row]) -> tuple[Row, ...]:
    """Return the one NPS of the first screen: of the item whose scale is named for it, else of the first."""
    found = matching(rows, {"statistic": "nps"})
    items = edition.results.items
    named = [r for r in found if str(items.get(str(r["measure"]), {}).get("scale", "")).startswith("nps")]
    return tuple(named[:1]) or found[:1]


def _quality(edition: Edition) -> str:
    words, study = edition.words, edition.results.study
    kept = kept_sentence(words, int(study.get("n") or 0), int(study.get("n_read") or 0), study.get("rows_read"))
    values = [e.value for _, e in alphas(edition) if e.value is not None]
    return words.paragraph([kept, flagged_sentence(words, rule_counts(edition)), alpha_range_sentence(words, values)])


def _findings(edition: Edition) -> tuple[tuple[Finding, ...], tuple[Finding, ...], str]:
    """Return strengths, weaknesses, and the sentence that says how they were ordered."""
    index = str(edition.results.study.get("index_construct") or "")
    priorities = edition.results.rows("priorities")
    names = outcomes_of(priorities)
    outcome = index if index in names else next(iter(names), "")
    rows = [r for r in matching(priorities, {"outcome": outcome}) if r.get("performance") is not None]
    if rows:
        ranked = sorted(rows, key=lambda r: -(r.get("importance") or 0.0))
        strong = [row for row in ranked if row["quadrant"] in ("strength", "maintain")]
        weak = [row for row in ranked if row["quadrant"] in ("improve", "opportunity")]
        label = edition.results.label(outcome)
        ranking = edition.words.fill("sentence.ranked_by_importance", {"outcome": label})
        return _placed(edition, strong, best=True), _placed(edition, weak, best=False), ranking
    return _by_score(edition)


def _placed(edition: Edition, rows: Sequence[Row], *, best: bool) -> tuple[Finding, ...]:
    words, found = edition.words, []
    for row in rows[:MOST]:
        performance, importance = priority_estimates(edition, row)
        outcome = edition.results.label(str(row["outcome"]))
        line = row.get("performance_line")
        sentence = finding_sentence(words, str(row["quadrant"]), outcome, performance, importance, line)
        example = _example(edition, str(row["driver"]), best=best)
        certain = bool(row.get("certain"))
        hedge = "" if certain else words["mark.tendency"]
        found.append(Finding(performance.label, sentence, example, certain, hedge))
    return tuple(found)


def _by_score(edition: Edition) -> tuple[tuple[Finding, ...], tuple[Finding, ...], str]:
    """Return the best and the worst half of the drivers' scores; for costs nothing is said."""
    results = edition.results
    drivers = {results.label(str(c["id"])) for c in results.constructs if c.get("role") == "driver"}
    ranked = [e for e in known(mean_scores(edition, overall_rows(edition), costs=False)) if e.label in drivers]
    half = min(MOST, len(ranked) // 2)
    strong = tuple(_score_finding(edition, e, "strength", True) for e in ranked[:half])
    weak = tuple(_score_finding(edition, e, "weakness", False) for e in ranked[::-1][:half])
    if half:
        return strong, weak, edition.words["sentence.ranked_by_score"]
    return (), (), _most_important(edition)


def _most_important(edition: Edition) -> str:
    """Return what the index goes with most closely, where no driver can be called strong or weak; else nothing."""
    index = str(edition.results.study.get("index_construct") or "")
    shares = importances(edition, index)
    return importance_sentence(edition.words, edition.results.label(index), shares) if shares else ""


def _score_finding(edition: Edition, score: Estimate, kind: str, best: bool) -> Finding:
    ids = {edition.results.label(str(c["id"])): str(c["id"]) for c in edition.results.constructs}
    sentence = score_finding_sentence(edition.words, kind, score)
    example = _example(edition, ids[score.label], best=best)
    return Finding(score.label, sentence, example, True, "")


def _example(edition: Edition, construct: str, *, best: bool) -> str:
    """Return the construct's telling item: the best of a strength, the worst of a weakness; empty below two items."""
    rated = []
    for row in matching(edition.results.rows("items"), {"construct": construct}):
        ends = _scale_ends(edition, str(row["item"]))
        if row.get("mean") is not None and ends:
            rated.append(((row["mean"] - ends[0]) / (ends[1] - ends[0]), row, ends))
    if len(rated) < 2:
        return ""
    highest = best != (edition.results.role(construct) == "cost")
    _, row, (low, high) = (max if highest else min)(rated, key=lambda entry: entry[0])
    fields = {
        "item": item_text(edition, str(row["item"])),
        "mean": decimal(row["mean"], 1),
        "low": str(low),
        "high": str(high),
    }
    return edition.words.fill("sentence.highest_item" if highest else "sentence.lowest_item", fields)


def _scale_ends(edition: Edition, item: str) -> tuple[int, int] | None:
    scale = edition.results.scales.get(str(edition.results.items.get(item, {}).get("scale")), {})
    codes = [int(point["code"]) for point in scale.get("points") or ()]
    return (min(codes), max(codes)) if len(codes) > 1 else None
