"""Whether a regression holds: out of sample, its form, overlapping drivers, single respondents."""

from __future__ import annotations

from collections.abc import Sequence

from satmeter.report.context import Part
from satmeter.report.edition import Edition
from satmeter.report.number_text import count, decimal, decimal_beside, percent
from satmeter.report.results import Row, matching
from satmeter.report.sections.cells import p_text
from satmeter.report.sections.driver_names import term_label

STRICT = 0.01
"""Level of the tests of form: there are many of them."""

HIGH_CONDITION = 30.0
LARGE_COOK = 1.0
OFTEN, NEARLY_ALWAYS = 0.05, 0.95


def diagnosis_part(edition: Edition, outcome: str) -> Part:
    """Return the checks of one regression as a list of sentences; an empty part where there are none."""
    words, results = edition.words, edition.results
    rows = matching(results.rows("diagnostics"), {"outcome": outcome})
    if not rows:
        return Part()
    whole = {str(row["statistic"]): row for row in rows if not row["term"]}
    points = (
        _out_of_sample(edition, outcome, whole),
        *_form_points(edition, rows),
        _condition_point(edition, whole),
        _influence_point(edition, whole),
        _sign_point(edition, rows, "reversed", OFTEN),
        _sign_point(edition, rows, "suppressor", NEARLY_ALWAYS),
    )
    title = words.fill("heading.diagnosis", {"outcome": results.label(outcome)})
    return Part(title, points=tuple(point for point in points if point))


def _out_of_sample(edition: Edition, outcome: str, whole: dict[str, Row]) -> str:
    row = next(iter(matching(edition.results.rows("fit"), {"outcome": outcome, "statistic": "r2"})), {})
    if "r2_cv" not in whole:
        return ""
    fields = {"inside": percent(row.get("estimate")), "outside": percent(whole["r2_cv"].get("estimate"))}
    fields |= {"rmse": decimal(whole.get("rmse_cv", {}).get("estimate"), 1), "n": count(whole["r2_cv"]["n"])}
    return edition.words.fill("sentence.out_of_sample", fields)


def _form_points(edition: Edition, rows: Sequence[Row]) -> list[str]:
    """Return which tests of form fail and which do not; those of single drivers are adjusted for their number."""
    words = edition.words
    lines = [row for row in rows if row["statistic"] == "linearity" and row.get("p_value") is not None]
    failing: list[str] = []
    passing: list[str] = []
    for row in rows:
        name, p = str(row["statistic"]), row.get("p_value")
        if name in ("variance", "reset") and p is not None:
            told = words.fill("sentence.test_p", {"test": words[f"form_test.{name}"], "p": p_text(p)})
            (failing if p < STRICT else passing).append(told)
    bent = [row for row in lines if row["p_value"] * len(lines) < STRICT]
    for row in bent:
        test = words.fill("sentence.straight_line", {"driver": term_label(edition, str(row["term"]))})
        failing.append(words.fill("sentence.test_p", {"test": test, "p": p_text(row["p_value"])}))
    if lines and not bent:
        passing.append(words["form_test.linearity"])
    points = []
    for key, tests in (("tests_fail", failing), ("tests_hold", passing)):
        if tests:
            fields = {"tests": words["list.semicolon"].join(tests), "level": percent(STRICT)}
            points.append(words.fill(f"sentence.{key}", fields))
    return points


def _condition_point(edition: Edition, whole: dict[str, Row]) -> str:
    value = whole.get("condition_index", {}).get("estimate")
    if value is None:
        return ""
    key = "condition_high" if value >= HIGH_CONDITION else "condition_low"
    return edition.words.fill(f"sentence.{key}", {"index": decimal_beside(value, 1, least=[HIGH_CONDITION])})


def _influence_point(edition: Edition, whole: dict[str, Row]) -> str:
    share, largest = (whole.get(name, {}).get("estimate") for name in ("influential_share", "cook_max"))
    if share is None or largest is None:
        return ""
    key = "influence_high" if largest >= LARGE_COOK else "influence_low"
    return edition.words.fill(
        f"sentence.{key}", {"share": percent(share), "largest": decimal_beside(largest, 2, least=[LARGE_COOK])}
    )


def _sign_point(edition: Edition, rows: Sequence[Row], statistic: str, least: float) -> str:
    words = edition.words
    told = [
        words.fill("sentence.listed", {"label": term_label(edition, str(r["term"])), "value": percent(r["estimate"])})
        for r in matching(rows, {"statistic": statistic})
        if (r.get("estimate") or 0.0) >= least
    ]
    return words.fill(f"sentence.weight_{statistic}", {"drivers": words.join(told)}) if told else ""
