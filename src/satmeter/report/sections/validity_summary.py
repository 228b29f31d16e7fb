"""The methodologist's summary: every question about the measurement with a verdict in words and its figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from satmeter.report.context import Part
from satmeter.report.edition import Edition
from satmeter.report.number_text import count, decimal, percent
from satmeter.report.results import Row, matching
from satmeter.report.sections.differential import works_differently
from satmeter.report.sections.known_groups import verdict
from satmeter.report.sections.marker import holds_zero
from satmeter.report.sections.model_fit import fit_grade

Light = Literal["good", "care", "poor"]
Told = tuple[Light, str] | None

ALPHA = (0.7, 0.6)
AVERAGE = (0.5, 0.4)
"""At least: in order, with care. AVE from .4 will do where reliability is high (Fornell and Larcker 1981)."""
RATIO = (0.85, 0.90)
"""HTMT below: in order, with care."""
HALF = 0.5

INVARIANCE: dict[str, Light] = {"scalar_holds": "good", "partial": "care", "metric_only": "poor", "none": "poor"}
FIT: dict[str, Light] = {"good": "good", "acceptable": "care", "poor": "poor"}


def summary_part(edition: Edition) -> Part:
    """Return one point for every question that was examined; nothing where none was."""
    words = edition.words
    topics: tuple[tuple[str, Callable[[Edition], Told]], ...] = (
        ("reliability", _reliability),
        ("ave", _average),
        ("htmt", _ratio),
        ("fit", _fit),
        ("known_groups", _known_groups),
        ("invariance", _invariance),
        ("dif", _differential),
        ("method", _method),
    )
    points = []
    for topic, examine in topics:
        told = examine(edition)
        if told:
            fields = {"topic": words[f"topic.{topic}"], "light": words[f"light.{told[0]}"], "detail": told[1]}
            points.append(words.fill("sentence.summary_point", fields))
    return Part(words["heading.at_a_glance"], (words["sentence.summary"],), tuple(points)) if points else Part()


def _values(edition: Edition, section: str, wanted: dict[str, str]) -> list[tuple[float, Row]]:
    """Return the figures of the constructs, lowest first."""
    rows = matching(edition.results.rows(section), wanted)
    found = [(float(row["estimate"]), row) for row in rows if row.get("estimate") is not None and row["construct"]]
    return sorted(found, key=lambda pair: pair[0])


def _light(value: float, limits: tuple[float, float]) -> Light:
    return "good" if value >= limits[0] else "care" if value >= limits[1] else "poor"


def _below(edition: Edition, key: str, found: Sequence[tuple[float, Row]], limit: float) -> str:
    """Return the range, and which constructs lie below the limit."""
    words, values = edition.words, [value for value, _ in found]
    names = [edition.results.label(str(row["construct"])) for value, row in found if value < limit]
    near = bool(names) and decimal(values[0], 2) == decimal(limit, 2)
    fields = {
        "low": decimal(values[0], 3 if near else 2),
        "high": decimal(values[-1], 2),
        "constructs": words.join(names),
    }
    fields |= {"n": count(len(names)), "all": count(len(values))}
    return words.fill(f"summary.{key}_below" if names else f"summary.{key}", fields)


def _reliability(edition: Edition) -> Told:
    found = _values(edition, "reliability", {"coefficient": "alpha"})
    return (_light(found[0][0], ALPHA), _below(edition, "alpha", found, ALPHA[0])) if found else None


def _average(edition: Edition) -> Told:
    found = _values(edition, "validity", {"statistic": "ave"})
    return (_light(found[0][0], AVERAGE), _below(edition, "ave", found, AVERAGE[0])) if found else None


def _ratio(edition: Edition) -> Told:
    words, label = edition.words, edition.results.label
    found = _values(edition, "validity", {"statistic": "htmt"})
    if not found:
        return None
    value, row = found[-1]
    light: Light = "good" if value < RATIO[0] else "care" if value < RATIO[1] else "poor"
    high = sum(one >= RATIO[0] for one, _ in found)
    pair = words.fill("sentence.pair", {"a": label(str(row["construct"])), "b": label(str(row["other"]))})
    fields = {"value": decimal(value, 2), "pair": pair, "n": count(high), "all": count(len(found))}
    return light, words.fill("summary.htmt_high" if high else "summary.htmt", fields)


def _fit(edition: Edition) -> Told:
    values = []
    for statistic in ("cfi_robust", "rmsea_robust", "srmr"):
        rows = matching(edition.results.rows("validity"), {"statistic": statistic})
        if not rows or rows[0].get("estimate") is None:
            return None
        values.append(float(rows[0]["estimate"]))
    cfi, rmsea, srmr = values
    fields = {"cfi": decimal(cfi, 2), "rmsea": decimal(rmsea, 3), "srmr": decimal(srmr, 2)}
    return FIT[fit_grade(cfi, rmsea, srmr)], edition.words.fill("summary.fit", fields)


def _known_groups(edition: Edition) -> Told:
    rows = matching(edition.results.rows("validity"), {"statistic": "known_groups"})
    if not rows:
        return None
    counts = {name: sum(verdict(row) == name for row in rows) for name in ("supported", "undecided", "contradicted")}
    light: Light = "poor" if counts["contradicted"] else "care" if counts["undecided"] else "good"
    fields = {name: count(n) for name, n in counts.items()} | {"all": count(len(rows))}
    return light, edition.words.plural("summary.known_groups", len(rows), fields)


def _invariance(edition: Edition) -> Told:
    words = edition.words
    verdicts = {str(r["group_by"]): str(r["verdict"]) for r in edition.results.rows("invariance") if r.get("verdict")}
    if not verdicts:
        return None
    lights = [INVARIANCE.get(one, "care") for one in verdicts.values()]
    worst: Light = next((light for light in ("poor", "care") if light in lights), "good")
    told = [
        words.fill(
            "summary.invariance",
            {"question": edition.results.label(question), "verdict": words[f"invariance_verdict.{one}"]},
        )
        for question, one in verdicts.items()
    ]
    return worst, words["list.semicolon"].join(told) + words["list.stop"]


def _differential(edition: Edition) -> Told:
    rows = matching(edition.results.rows("dif"), {"kind": "total"})
    if not rows:
        return None
    differing = [row for row in rows if works_differently(row)]
    light: Light = "good" if not differing else "poor" if any(row["size"] == "C" for row in differing) else "care"
    items = list(dict.fromkeys(str(row["item"]) for row in differing))
    fields = {"n": count(len(items)), "all": count(len({row["item"] for row in rows}))}
    fields |= {"items": edition.words.join(items)}
    key = "summary.dif_some" if differing else "summary.dif_none"
    return light, edition.words.fill(key, fields)


def _method(edition: Edition) -> Told:
    words, rows = edition.words, edition.results.rows("validity")
    part = matching(rows, {"statistic": "single_factor_share"})
    adjusted = matching(rows, {"statistic": "marker_adjusted"})
    share = part[0].get("estimate") if part else None
    sentences = [] if share is None else [words.fill("summary.harman", {"share": percent(share)})]
    lost = sum(holds_zero(row) for row in adjusted)
    if adjusted:
        sentences.append(words.fill("summary.marker", {"n": count(len(adjusted) - lost), "all": count(len(adjusted))}))
    if not sentences:
        return None
    return ("care" if (share or 0.0) >= HALF else "good"), words["list.semicolon"].join(sentences) + words["list.stop"]
