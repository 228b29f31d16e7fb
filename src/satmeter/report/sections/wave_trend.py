"""The trend of every score over the waves, as a figure and as a table."""

from __future__ import annotations

from collections.abc import Sequence

from satmeter.report.context import Column, Figure, Part, Table
from satmeter.report.edition import Edition
from satmeter.report.number_text import ABSENT, count
from satmeter.report.results import Row, estimate, matching
from satmeter.report.score_kinds import digits_and_scale, in_tables
from satmeter.report.sections.cells import estimated, ranged
from satmeter.report.sections.differences import figure_name
from satmeter.report.unit_plots import Change, TrendPanel, TrendPlot, TrendPoint

SIDES = {"higher": "▲", "lower": "▼", "undecided": "○", "break": "≠", "": ""}
MOST_PANELS = 8
ORDER = {"satisfaction": 0, "loyalty": 1, "driver": 2, "cost": 3, "other": 4}


def wave_rows(edition: Edition) -> tuple[Row, ...]:
    """Return the rows that a reader looks at: constructs' mean scores and top-box shares, NPS, CSAT and CES."""
    items = edition.results.items
    return tuple(row for row in edition.results.rows("waves") if in_tables(row, items))


def wave_names(edition: Edition) -> tuple[str, ...]:
    """Return the waves, oldest first."""
    return tuple(dict.fromkeys(str(row["wave"]) for row in edition.results.rows("waves")))


def trend_part(edition: Edition) -> Part:
    """Return the trend of the foremost mean scores as a figure, and of all figures as a table."""
    words = edition.words
    panels = _panels(edition)
    return Part(words["trend.title"], figure=_figure(edition, panels), tables=(_values(edition),))


def _panels(edition: Edition) -> tuple[TrendPanel, ...]:
    results = edition.results
    rows = matching(wave_rows(edition), {"group_by": "", "statistic": "mean_score"})
    index = str(results.study.get("index_construct") or "")
    measures = [m for m in dict.fromkeys(str(row["measure"]) for row in rows) if results.role(m) in ORDER]
    measures.sort(key=lambda m: (m != index, ORDER[results.role(m)]))
    return tuple(
        TrendPanel(results.label(m), _points(edition, matching(rows, {"measure": m}))) for m in measures[:MOST_PANELS]
    )


def _points(edition: Edition, rows: Sequence[Row]) -> tuple[TrendPoint, ...]:
    """Return a point a wave; what it is held against is the wave before."""
    points = []
    for wave in wave_names(edition):
        own = [row for row in rows if row["wave"] == wave]
        if own:
            before = next((row for row in own if row["role"] == "previous"), own[0])
            change: Change = before["verdict"] if before["role"] == "previous" else ""
            points.append(TrendPoint(wave, estimate(own[0], wave), change))
    return tuple(points)


def _figure(edition: Edition, panels: tuple[TrendPanel, ...]) -> Figure | None:
    if not panels:
        return None
    words, names = edition.words, wave_names(edition)
    scores = [point.score for panel in panels for point in panel.points]
    ends = [end for e in scores for end in (e.value, e.low, e.high) if end is not None]
    low, high = 10 * (min(ends) // 10), -(-max(ends) // 10) * 10
    told = [
        words.fill("trend.alt_series", {"measure": panel.title, "values": words.join(_told(edition, panel))})
        for panel in panels
    ]
    plot = TrendPlot(
        panels, names, words["trend.axis"], max(0.0, low), min(100.0, high), words["trend.sure"], words["trend.broken"]
    )
    alt = words["list.semicolon"].join(told) + words["list.stop"]
    return edition.figure("trend", edition.caption("trend"), alt, plot)


def _told(edition: Edition, panel: TrendPanel) -> list[str]:
    words = edition.words
    return [
        words.fill(
            "sentence.listed",
            {
                "label": point.wave,
                "value": f"{ranged(point.score.value, point.score.low, point.score.high, 1)} "
                f"{SIDES[point.change]}".strip(),
            },
        )
        for point in panel.points
    ]


def _values(edition: Edition) -> Table:
    """Return a line a figure and a column a wave."""
    words, names = edition.words, wave_names(edition)
    rows = matching(wave_rows(edition), {"group_by": ""})
    lines = []
    for measure, statistic in dict.fromkeys((str(r["measure"]), str(r["statistic"])) for r in rows):
        own = matching(rows, {"measure": measure, "statistic": statistic})
        cells = []
        for wave in names:
            found = matching(own, {"wave": wave})
            cells.append(estimated(found[0], *digits_and_scale(statistic)) if found else ABSENT)
        lines.append((figure_name(edition, own[0]), *cells))
    lines.append((words["column.n"], *(count(_base(rows, wave)) for wave in names)))
    columns = (Column(words["column.measure"]), *(Column(name, "right") for name in names))
    return Table(edition.caption("trend_values"), columns, tuple(lines))


def _base(rows: Sequence[Row], wave: str) -> int:
    return max((int(row.get("n") or 0) for row in rows if row["wave"] == wave), default=0)
