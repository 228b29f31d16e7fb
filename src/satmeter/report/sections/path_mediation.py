"""What of a driver's association with an outcome runs over others, on the scores."""

from __future__ import annotations

from collections.abc import Sequence

from satmeter.report.context import Part, Table
from satmeter.report.edition import Edition
from satmeter.report.number_text import ABSENT, count, interval, percent
from satmeter.report.results import Row, matching
from satmeter.report.sections.cells import columns, estimated, excludes_zero
from satmeter.report.sections.driver_names import outcomes_of
from satmeter.report.sections.path_diagram import ARROW

EFFECTS = ("direct", "indirect", "total")


def mediation_parts(edition: Edition) -> tuple[Part, ...]:
    """Return, for every outcome, direct and indirect effects of its sources in points; nothing without rows."""
    rows = edition.results.rows("mediation")
    return tuple(_part(edition, outcome, matching(rows, {"outcome": outcome})) for outcome in outcomes_of(rows))


def lacks_bca(rows: Sequence[Row]) -> bool:
    """Tell whether an effect has an interval of percentiles but none of BCa.

    Examples
    --------
    >>> lacks_bca([{"conf_low": 0.1, "bca_low": 0.1}, {"conf_low": 0.1, "bca_low": None}])
    True
    """
    return any(row.get("conf_low") is not None and row.get("bca_low") is None for row in rows)


def _part(edition: Edition, outcome: str, rows: Sequence[Row]) -> Part:
    words, label = edition.words, edition.results.label
    sources = tuple(dict.fromkeys(str(row["source"]) for row in rows))
    told: list[str] = []
    whole: list[str] = []
    lines = []
    for source in sources:
        own = matching(rows, {"source": source})
        by_effect = {str(row["effect"]): row for row in own if row["effect"] in EFFECTS}
        lines.append(_line(edition, source, own, by_effect))
        if "direct" not in by_effect:
            whole.append(label(source))
        elif sentence := _share_sentence(edition, source, outcome, own, by_effect):
            told.append(sentence)
    if whole:
        fields = {"sources": words.join(whole), "outcome": label(outcome)}
        told.append(words.fill("sentence.mediated_by_model", fields))
    heads = ("direct_points", "indirect_points", "indirect_bca", "total_points", "mediated_share", "n")
    caption = edition.caption("mediation", "outcome", label(outcome))
    table = Table(caption, columns(edition, ("source",), heads), tuple(lines))
    title = words.fill("heading.mediation", {"outcome": label(outcome)})
    beside = [words["sentence.mediation_model"]] if edition.results.rows("paths") else []
    beside += [words["sentence.bca_missing"]] if lacks_bca(matching(rows, {"effect": "indirect"})) else []
    paragraphs = (words.paragraph(told), words.paragraph(beside))
    return Part(title, tuple(text for text in paragraphs if text), tables=(table,))


def _via(edition: Edition, rows: Sequence[Row]) -> str:
    """Return the constructs that any of the routes passes, each once."""
    names = dict.fromkeys(n for r in rows if r["effect"] == "specific" for n in str(r["via"]).split(ARROW))
    return edition.words.join([edition.results.label(name) for name in names])


def mediated_share(by_effect: dict[str, Row]) -> float | None:
    """Return the indirect part of the total effect; None where direct and indirect effects have opposite signs.

    Examples
    --------
    >>> mediated_share({"indirect": {"share": 0.25}}), mediated_share({"indirect": {"share": -0.4}})
    (0.25, None)
    """
    share = by_effect.get("indirect", {}).get("share")
    return share if share is not None and 0 <= share <= 1 else None


def _share_sentence(edition: Edition, source: str, outcome: str, rows: Sequence[Row], by_effect: dict[str, Row]) -> str:
    words, label = edition.words, edition.results.label
    indirect, total = (by_effect.get(name, {}) for name in ("indirect", "total"))
    fields = {"source": label(source), "outcome": label(outcome), "via": _via(edition, rows)}
    fields |= {"indirect": estimated(indirect), "total": estimated(total)}
    if not excludes_zero(indirect):
        return words.fill("sentence.mediated_open", fields)
    share = mediated_share(by_effect)
    if share is None:
        return words.fill("sentence.mediated_against", fields)
    return words.fill("sentence.mediated", fields | {"share": percent(share)})


def _line(edition: Edition, source: str, rows: Sequence[Row], by_effect: dict[str, Row]) -> tuple[str, ...]:
    direct, indirect, total = (by_effect.get(name, {}) for name in EFFECTS)
    return (
        edition.results.label(source),
        estimated(direct),
        estimated(indirect),
        interval(indirect.get("bca_low"), indirect.get("bca_high"), 2) or ABSENT,
        estimated(total),
        percent(mediated_share(by_effect)) if direct else ABSENT,
        count(next(iter(rows))["n"]),
    )
