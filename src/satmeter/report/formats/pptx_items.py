"""The slides of single items: how the points of the scales were chosen, and the net promoter score."""

from __future__ import annotations

from collections.abc import Sequence

from satmeter.report.context import Stat
from satmeter.report.figures.style import MAIN, OPEN, STRESS
from satmeter.report.formats.pptx_charts import column_chart, fitted, legend_lines, stack_chart
from satmeter.report.formats.pptx_compose import Composer, Said
from satmeter.report.formats.pptx_slides import Body, ChartBody, Slide
from satmeter.report.formats.pptx_text import pages
from satmeter.report.formats.pptx_theme import BODY
from satmeter.report.number_text import count, percent
from satmeter.report.plots import StackPlot, StackRow
from satmeter.report.results import Row, matching
from satmeter.report.sections.scores import overall_rows, value_and_interval

PROMOTERS, DETRACTORS = 9, 6
"""The lowest point of promoters and the highest of detractors, on the scale 0–10."""


def item_slides(composer: Composer) -> list[Slide]:
    """Return one slide a construct and scale: its items as stacked bars."""
    section = composer.report.items
    made: list[Slide] = []
    for part in section.parts:
        plot = part.figure.plot if part.figure else None
        if part.figure and isinstance(plot, StackPlot):
            low, high = min(r.n for r in plot.rows), max(r.n for r in plot.rows)
            bases = composer.fill("bases", {"low": count(low), "high": count(high)})
            said = Said("items", (_most_above(composer, plot),), (bases,), remarks=section.notes)
            made += composer.slides(said, _stacks(composer, plot), "stacks")
    return made


def _stacks(composer: Composer, plot: StackPlot) -> list[Body]:
    names = [row.label for row in plot.rows]
    foot = 34.0 + 15.0 * legend_lines(plot.points, BODY.width)
    size, row = fitted(names, BODY.width, BODY.height - foot)
    found: list[Body] = []
    for start, stop in pages([row] * len(names), BODY.height - foot):
        some = StackPlot(plot.points, plot.rows[start:stop])
        height = foot + row * (stop - start)
        chart = stack_chart(
            some,
            names[start:stop],
            composer.heads,
            width=BODY.width,
            height=height,
            language=composer.report.language,
            size=size,
        )
        found.append(ChartBody(chart, _stated(composer, some), height))
    return found


def _stated(composer: Composer, plot: StackPlot) -> str:
    words = composer.words
    told = []
    for row in plot.rows:
        values = words.join([f"{p} {percent(s)}" for p, s in zip(plot.points, row.shares, strict=True)])
        told.append(words.fill("sentence.panel", {"title": row.label, "values": values}))
    return words["list.semicolon"].join(told) + words["list.stop"]


def above_middle(shares: Sequence[float]) -> float:
    """Return the share of answers above the middle of the scale.

    Examples
    --------
    >>> above_middle((0.1, 0.2, 0.3, 0.25, 0.15)), above_middle((0.5, 0.5))
    (0.4, 0.5)
    """
    return sum(shares[(len(shares) + 1) // 2 :])


def _most_above(composer: Composer, plot: StackPlot) -> str:
    """Return which item was answered above the middle most and least often; reversed items are left aside."""
    items = composer.material.results.items
    named = [(row.label.split(" ")[0], row) for row in plot.rows]
    straight = [pair for pair in named if not items.get(pair[0], {}).get("reverse")] or named
    construct = str(items.get(straight[0][0], {}).get("construct") or "") or _construct(composer, straight[0][0])
    ranked = sorted(straight, key=lambda pair: -above_middle(pair[1].shares))
    (high, best), (low, worst) = ranked[0], ranked[-1]
    fields = {"construct": composer.material.results.label(construct)}
    if len(ranked) == 1:
        return composer.fill("above_one", fields | {"item": high, "share": percent(above_middle(best.shares))})
    fields |= {"high": high, "high_share": percent(above_middle(best.shares))}
    fields |= {"low": low, "low_share": percent(above_middle(worst.shares))}
    return composer.fill("above_most", fields)


def _construct(composer: Composer, item: str) -> str:
    rows = matching(composer.material.results.rows("distributions"), {"item": item})
    return str(rows[0]["construct"]) if rows else ""


def nps_slides(composer: Composer) -> list[Slide]:
    """Return the net promoter score of the first screen with the answers that it comes from."""
    words = composer.words
    stat = next((card for card in composer.report.headline.cards if card.label == words["card.nps"]), None)
    row = _nps_row(composer, stat)
    if stat is None or row is None:
        return []
    item = str(row["measure"])
    rows = [r for r in matching(composer.material.results.rows("distributions"), {"item": item})]
    if [int(r["code"]) for r in rows] != list(range(11)) or any(r.get("share") is None for r in rows):
        return []
    shares = tuple(float(r["share"]) for r in rows)
    codes = tuple(str(code) for code in range(11))
    colours = [MAIN if code >= PROMOTERS else STRESS if code <= DETRACTORS else OPEN for code in range(11)]
    drawn = StackRow(item, shares, sum(int(r.get("n") or 0) for r in rows))
    chart = column_chart(
        drawn, codes, colours, composer.heads, composer.fill("share_of", {}), language=composer.report.language
    )
    fields = {
        "value": f"{stat.value} {stat.interval}".strip(),
        "promoters": percent(sum(shares[PROMOTERS:])),
        "detractors": percent(sum(shares[: DETRACTORS + 1])),
    }
    bases = composer.fill("respondents", {"base": stat.base})
    wording = composer.material.results.label(item)
    said = Said(
        "scores", (composer.fill("nps", fields), stat.label), (bases, wording, stat.definition), stat.definition
    )
    body = ChartBody(chart, _stated(composer, StackPlot(codes, (drawn,))), BODY.height)
    return composer.slides(said, [body], "columns")


def _nps_row(composer: Composer, stat: Stat | None) -> Row | None:
    """Return the row that the card of the first screen was made from."""
    rows = matching(overall_rows(composer.material.edition), {"statistic": "nps"})
    return next((r for r in rows if stat and value_and_interval(r) == (stat.value, stat.interval)), None)
