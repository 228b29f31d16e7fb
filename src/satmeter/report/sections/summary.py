"""Two pages for managers: what matters, ranked; where; what to do next; how it is known."""

from __future__ import annotations

from collections.abc import Sequence

from satmeter.report.context import Finding, Summary
from satmeter.report.edition import Edition
from satmeter.report.estimate import SMALL_BASE
from satmeter.report.number_text import count, decimal, percent
from satmeter.report.results import Row, matching
from satmeter.report.sections.driver_names import outcomes_of, placed_label
from satmeter.report.sections.findings import driver_caveat, few_reason, findings, telling_item
from satmeter.report.sections.method import weights_sentence
from satmeter.report.sections.priorities import priority_map
from satmeter.report.sections.sampling import sampling_sentence
from satmeter.report.sections.scores import index_estimate, scores_figure
from satmeter.report.sections.shortfalls import Shortfall, driver_shortfalls, group_shortfalls, target_row
from satmeter.report.sentences import index_sentence, points, share

MOST_MATTERS, MOST_GROUPS = 3, 2
"""Drivers and groups that the first page names."""


def summary(edition: Edition) -> Summary:
    """Return the manager's summary; nothing is named where there are too few answers."""
    results, words = edition.results, edition.words
    index = str(results.study.get("index_construct") or "")
    outcome, rows = _rows(edition, index)
    reason = few_reason(edition)
    low = () if reason else driver_shortfalls(edition, rows)
    groups = () if reason else group_shortfalls(edition, index)
    by_score = () if reason or rows else findings(edition).weaknesses
    ranked = "matter.ranked" if any(s.importance and s.importance.value for s in low) else "matter.ranked_score"
    return Summary(
        lead=words.paragraph([index_sentence(words, index_estimate(edition), results.conf_level), _target(edition)]),
        matters=tuple(_matter(edition, s, outcome) for s in low[:MOST_MATTERS]) or by_score,
        no_matter=reason or words["matter.none"],
        groups=tuple(_group_sentence(edition, s, index) for s in groups[:MOST_GROUPS]),
        no_group=reason or _no_group(edition),
        ranking=words[ranked] if low or by_score else "",
        steps=_steps(edition, low[:MOST_MATTERS], groups[:MOST_GROUPS], rows, outcome),
        scores=scores_figure(edition),
        map=priority_map(edition, outcome),
        known=words.paragraph([*_known(edition), sampling_sentence(edition), words["known.more"]]),
    )


def _no_group(edition: Edition) -> str:
    """Return why no group is named: none was compared, or none lies surely low."""
    if not any(row.get("group_by") for row in edition.results.rows("scores")):
        return edition.words["sentence.no_groups"]
    return edition.words.fill("matter.no_group", {"least": str(SMALL_BASE)})


def _rows(edition: Edition, index: str) -> tuple[str, tuple[Row, ...]]:
    """Return the outcome that importance is about, the index where it can be, and its rows."""
    priorities = edition.results.rows("priorities")
    names = outcomes_of(priorities)
    outcome = index if index in names else next(iter(names), index)
    return outcome, tuple(r for r in matching(priorities, {"outcome": outcome}) if r.get("performance") is not None)


def _target(edition: Edition) -> str:
    """Return whether the index meets its target; nothing without one."""
    row = target_row(edition, str(edition.results.study.get("index_construct") or ""))
    if row is None:
        return ""
    gap = float(row["estimate"])
    fields = {"target": str(row["other"]), "gap": decimal(abs(gap), 1)}
    settled = {"met": "target_met", "not_met": "target_missed"}
    return edition.words.fill(
        f"matter.{settled.get(str(row.get('verdict')), 'target_above' if gap >= 0 else 'target_below')}", fields
    )


def _matter(edition: Edition, low: Shortfall, outcome: str) -> Finding:
    """Return one driver: how far it falls short, how much goes with it, and the group that is worst off."""
    words, driver = edition.words, low.name[0]
    fields = {
        "score": points(low.score),
        "gap": decimal(low.gap, 1),
        "target": f"{low.line:g}",
        "line": f"{low.line:g}" if low.below == "line" else decimal(low.line, 1),
    }
    told = [words.fill(f"matter.below_{low.below}", fields)]
    if low.importance is not None and low.importance.value is not None:
        weight = {"share": share(low.importance), "outcome": edition.results.label(outcome)}
        told.append(words.fill("matter.importance", weight))
    told += [_lowest_group(edition, s) for s in group_shortfalls(edition, driver)[:1]]
    hedge = "" if low.certain else words["matter.open_target" if low.below == "target" else "matter.open_score"]
    example = telling_item(edition, driver, best=False)
    return Finding(low.score.label, words.paragraph(told), example, low.certain, hedge, driver_caveat(edition, driver))


def _size(low: Shortfall) -> dict[str, str]:
    return {
        "group": low.score.label,
        "score": points(low.score),
        "gap": decimal(low.gap, 1),
        "target": f"{low.line:g}",
        "n": count(low.score.n),
        "share": percent(low.share),
    }


def _lowest_group(edition: Edition, low: Shortfall) -> str:
    return edition.words.fill("matter.lowest_group", _size(low))


def _group_sentence(edition: Edition, low: Shortfall, measure: str) -> str:
    fields = _size(low) | {"measure": edition.results.label(measure)}
    return edition.words.fill(f"matter.group_{low.below}", fields)


def _steps(
    edition: Edition, low: Sequence[Shortfall], groups: Sequence[Shortfall], rows: Sequence[Row], outcome: str
) -> tuple[str, ...]:
    """Return what to do next: look, ask, find out, keep, try; never that a change would bring something about."""
    words, label = edition.words, {"outcome": edition.results.label(outcome)}
    if few_reason(edition):
        return (words["next.too_few"],)
    steps = [_first_step(edition, s, label) for s in low if s.certain][:1]
    uncertain = [words.fill("matter.named", {"name": s.score.label}) for s in low if not s.certain]
    if uncertain:
        steps.append(words.plural("next.open", len(uncertain), {"drivers": words.join(uncertain)}))
    if groups:
        named = [words.fill("matter.named", {"name": s.score.label}) for s in groups]
        steps.append(words.plural("next.groups", len(named), {"groups": words.join(named)}))
    good = [r for r in rows if r["quadrant"] == "strength" and r.get("certain") and not _short(low, r)]
    if good:
        kept = [words.fill("matter.named", {"name": placed_label(edition, str(r["driver"]))}) for r in good]
        steps.append(words.plural("next.keep", len(kept), {"drivers": words.join(kept)} | label))
    return (*steps, words.fill("next.try", label))


def _short(low: Sequence[Shortfall], row: Row) -> bool:
    return any(s.name == (str(row["driver"]),) for s in low)


def _first_step(edition: Edition, low: Shortfall, label: dict[str, str]) -> str:
    words = edition.words
    with_weight = low.importance is not None and bool(low.importance.value)
    return words.fill("next.first" if with_weight else "next.first_alone", {"driver": low.score.label} | label)


def _known(edition: Edition) -> tuple[str, ...]:
    words, study = edition.words, edition.results.study
    fields = {"n": count(study.get("n")), "read": count(study.get("n_read")), "level": edition.level}
    return words.fill("known.base", fields), weights_sentence(edition)
