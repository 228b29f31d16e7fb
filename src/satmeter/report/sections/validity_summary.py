"""The methodologist's summary: every question about the measurement with a verdict in words and its figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Literal

from satmeter.report.context import Part
from satmeter.report.edition import Edition
from satmeter.report.estimate import Estimate
from satmeter.report.number_text import count, decimal, decimal_beside, percent_beside
from satmeter.report.results import Row, estimate, matching
from satmeter.report.sections.cells import excludes_zero
from satmeter.report.sections.differential import works_differently
from satmeter.report.sections.known_groups import verdict
from satmeter.report.sections.model_fit import fit_grade, fit_texts
from satmeter.report.sections.separation import CLOSE, SAME, counted, separation

Light = Literal["good", "care", "poor"]
LIGHTS: tuple[Light, ...] = ("good", "care", "poor")
"""From the best to the worst."""

Told = tuple[Light, str, bool] | None
"""Verdict, its figures in words, and whether the intervals leave no other verdict."""

ALPHA = (0.7, 0.6)
AVERAGE = (0.5, 0.4)
"""At least: in order, with care. AVE from .4 will do where reliability is high (Fornell and Larcker 1981)."""
HALF = 0.5
LOST = "M208"
"""Code of the note that correlations do not differ from 0 any more, once the marker is taken off."""

INVARIANCE: dict[str, Light] = {"scalar_holds": "good", "partial": "care", "metric_only": "poor", "none": "poor"}
FIT: dict[str, Light] = {"good": "good", "acceptable": "care", "poor": "poor"}
SEPARATION: dict[str, Light] = {"apart": "good", "open": "care", "close": "care", "same": "poor"}


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
            light, detail, sure = told
            verdict = words[f"light.{light}" if sure else f"light_open.{light}"]
            fields = {"topic": words[f"topic.{topic}"], "light": verdict, "detail": detail}
            points.append(words.fill("sentence.summary_point", fields))
    return Part(words["heading.at_a_glance"], (words["sentence.summary"],), tuple(points)) if points else Part()


def _values(edition: Edition, section: str, wanted: dict[str, str]) -> list[tuple[float, Row]]:
    """Return the figures of the constructs, lowest first."""
    rows = matching(edition.results.rows(section), wanted)
    found = [(float(row["estimate"]), row) for row in rows if row.get("estimate") is not None and row["construct"]]
    return sorted(found, key=lambda pair: pair[0])


def _light(value: float, limits: tuple[float, float]) -> Light:
    return "good" if value >= limits[0] else "care" if value >= limits[1] else "poor"


def _worst(lights: Iterable[Light]) -> Light:
    return max(lights, key=LIGHTS.index)


def _graded(found: Sequence[tuple[float, Row]], limits: tuple[float, float]) -> tuple[Light, bool]:
    """Return the verdict on the lowest figure, and whether both ends of all intervals lead to the same one."""
    verdicts = [
        _worst(_light(value if row.get(end) is None else float(row[end]), limits) for value, row in found)
        for end in ("estimate", "conf_low", "conf_high")
    ]
    return verdicts[0], len(set(verdicts)) == 1


def _below(edition: Edition, key: str, found: Sequence[tuple[float, Row]], limit: float) -> str:
    """Return the range, which constructs lie below the limit, and whose interval holds it."""
    words, label, values = edition.words, edition.results.label, [value for value, _ in found]
    names = [label(str(row["construct"])) for value, row in found if value < limit]
    open_ = [label(str(row["construct"])) for _, row in found if _holds(row, limit)]
    ends = (decimal_beside(end, 2, least=[limit]) for end in (values[0], values[-1]))
    fields = dict(zip(("low", "high"), ends, strict=True)) | {"constructs": words.join(names)}
    fields |= {"n": count(len(names)), "all": count(len(values))}
    told = [words.fill(f"summary.{key}_below" if names else f"summary.{key}", fields)]
    if open_:
        told.append(words.fill("summary.holds", {"limit": decimal(limit, 2), "constructs": words.join(open_)}))
    return words.paragraph(told)


def _holds(row: Row, limit: float) -> bool:
    """Tell whether the interval of a row parts at a limit; its lower end lies below, its upper end does not."""
    low, high = row.get("conf_low"), row.get("conf_high")
    return low is not None and high is not None and low < limit <= high


def _reliability(edition: Edition) -> Told:
    found = _values(edition, "reliability", {"coefficient": "alpha"})
    if not found:
        return None
    light, sure = _graded(found, ALPHA)
    detail = _below(edition, "alpha", found, ALPHA[0])
    copies = [edition.results.label(str(row["construct"])) for value, row in found if decimal(value, 2) == "1.00"]
    if copies:
        copied = edition.words.fill("summary.alpha_copied", {"constructs": edition.words.join(copies)})
        return _worst((light, "care")), edition.words.paragraph([detail, copied]), sure
    return light, detail, sure


def _average(edition: Edition) -> Told:
    found = _values(edition, "validity", {"statistic": "ave"})
    if not found:
        return None
    light, sure = _graded(found, AVERAGE)
    return light, _below(edition, "ave", found, AVERAGE[0]), sure


def _ratio(edition: Edition) -> Told:
    words, label = edition.words, edition.results.label
    found = _values(edition, "validity", {"statistic": "htmt"})
    if not found:
        return None
    ratios = [estimate(row, "") for _, row in found]
    row, counts = found[-1][1], counted(ratios)
    light = _worst(SEPARATION[name] for name, n in counts.items() if n)
    sure = light == "good" or any(_is_sure(ratio) for ratio in ratios if SEPARATION[separation(ratio)] == light)
    pair = words.fill("sentence.pair", {"a": label(str(row["construct"])), "b": label(str(row["other"]))})
    fields = {name: count(n) for name, n in counts.items()}
    fields |= {"value": decimal_beside(ratios[-1].value, 2, (CLOSE, SAME)), "pair": pair, "all": count(len(found))}
    return light, words.fill("summary.htmt" if light == "good" else "summary.htmt_some", fields), sure


def _is_sure(ratio: Estimate) -> bool:
    """Tell whether the whole interval of a pair that is close, or not told apart, lies in its class."""
    if ratio.low is None or ratio.high is None or separation(ratio) == "open":
        return False
    return ratio.low >= SAME or (ratio.low >= CLOSE and ratio.high < SAME)


def _fit(edition: Edition) -> Told:
    found = []
    for statistic in ("cfi_robust", "rmsea_robust", "srmr"):
        rows = matching(edition.results.rows("validity"), {"statistic": statistic})
        if not rows or rows[0].get("estimate") is None:
            return None
        found.append(estimate(rows[0], ""))
    rmsea = found[1]
    cfi, middle, srmr = (float(e.value or 0.0) for e in found)
    ends = (middle, *(middle if end is None else end for end in (rmsea.low, rmsea.high)))
    grades = [fit_grade(cfi, end, srmr) for end in ends]
    fields = fit_texts(cfi, replace(rmsea, low=None, high=None), srmr)
    return FIT[grades[0]], edition.words.fill("summary.fit", fields), len(set(grades)) == 1


def _known_groups(edition: Edition) -> Told:
    rows = matching(edition.results.rows("validity"), {"statistic": "known_groups"})
    if not rows:
        return None
    counts = {name: sum(verdict(row) == name for row in rows) for name in ("supported", "undecided", "contradicted")}
    light: Light = "poor" if counts["contradicted"] else "care" if counts["undecided"] else "good"
    fields = {name: count(n) for name, n in counts.items()} | {"all": count(len(rows))}
    return light, edition.words.plural("summary.known_groups", len(rows), fields), True


def _invariance(edition: Edition) -> Told:
    words = edition.words
    verdicts = {str(r["group_by"]): str(r["verdict"]) for r in edition.results.rows("invariance") if r.get("verdict")}
    if not verdicts:
        return None
    lights = [INVARIANCE.get(one, "care") for one in verdicts.values()]
    worst = _worst(lights)
    told = [
        words.fill(
            "summary.invariance",
            {"question": edition.results.label(question), "verdict": words[f"invariance_verdict.{one}"]},
        )
        for question, one in verdicts.items()
    ]
    return worst, words["list.semicolon"].join(told) + words["list.stop"], True


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
    return light, edition.words.fill(key, fields), True


def _method(edition: Edition) -> Told:
    words, rows = edition.words, edition.results.rows("validity")
    part = matching(rows, {"statistic": "single_factor_share"})
    adjusted = matching(rows, {"statistic": "marker_adjusted"})
    share = part[0].get("estimate") if part else None
    told = [] if share is None else [words.fill("summary.harman", {"share": percent_beside(share, HALF)})]
    kept = sum(excludes_zero(row) for row in adjusted)
    if adjusted:
        told.append(words.fill("summary.marker", {"n": count(kept), "all": count(len(adjusted))}))
    if not told:
        return None
    lost = bool(adjusted and edition.results.notes("validity", LOST.__eq__))
    light: Light = "care" if lost or (share or 0.0) >= HALF else "good"
    return light, words["list.semicolon"].join(told) + words["list.stop"], lost or not (part and _holds(part[0], HALF))
