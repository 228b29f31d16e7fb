"""The slides of drivers, priorities, segments and the path model."""

from __future__ import annotations

from dataclasses import replace

from satmeter.report.context import Column, Figure, Part, Table
from satmeter.report.formats.pptx_charts import Bars, share_axis
from satmeter.report.formats.pptx_compose import Composer, Said, parted
from satmeter.report.formats.pptx_quadrant import quadrant_chart
from satmeter.report.formats.pptx_slides import MapBody, PictureBody, Slide
from satmeter.report.formats.pptx_table import key_fits, table_bodies
from satmeter.report.plots import BarPlot, PathPlot, QuadrantPlot
from satmeter.report.results import matching
from satmeter.report.sections.driver_names import outcomes_of, placed_label
from satmeter.report.sentences import base, share


def driver_slides(composer: Composer) -> list[Slide]:
    """Return, for every outcome, the drivers' shares of what they explain."""
    section = composer.report.drivers
    made: list[Slide] = []
    for part in section.parts:
        plot = part.figure.plot if part.figure else None
        if part.figure and isinstance(plot, BarPlot):
            told = parted(part.paragraphs)
            n = max((e.n for e in plot.estimates), default=0)
            small = (composer.fill("respondents", {"base": base(composer.words, n)}), composer.intervals)
            said = Said(
                "drivers",
                (*told[::-1], part.title),
                (*small, *told[:-1], *section.paragraphs),
                part.figure.caption,
                section.notes,
            )
            values = [v for e in plot.estimates for v in (e.value, e.high)]
            texts = tuple(share(e) for e in plot.estimates)
            bars = Bars(tuple(e.label for e in plot.estimates), plot.estimates, texts, share_axis(plot.axis, values))
            alt = [f"{e.label} {text}" for e, text in zip(plot.estimates, texts, strict=True)]
            made += composer.slides(said, composer.bars(bars, alt), "bars")
    return made


def priority_slides(composer: Composer) -> list[Slide]:
    """Return, for every outcome, the map of importance and performance and the table of places."""
    section, results = composer.report.priorities, composer.material.results
    outcomes = outcomes_of(results.rows("priorities"))
    made: list[Slide] = []
    placed = [part for part in section.parts if any(_is_places(composer, table) for table in part.tables)]
    for part, outcome in zip(placed, outcomes, strict=False):
        label = results.label(outcome)
        told = parted(part.paragraphs)
        rows = matching(results.rows("priorities"), {"outcome": outcome})
        certain = [row for row in rows if row.get("certain")]
        fields = {"outcome": label, "n": str(len(certain)), "all": str(len(rows))}
        if part.figure and isinstance(part.figure.plot, QuadrantPlot):
            said = Said(
                "priorities",
                (*told[:1], composer.fill("placed", fields)),
                (composer.intervals, *told[1:]),
                part.figure.caption,
                section.notes,
            )
            made += _map(composer, said, part.figure, part.figure.plot)
        improve = [
            placed_label(composer.material.edition, str(r["driver"])) for r in certain if r["quadrant"] == "improve"
        ]
        finding = composer.fill("improve", fields | {"names": composer.words.join(improve)}) if improve else ""
        said = Said(
            "priorities",
            (finding, composer.fill("no_improve", fields), part.title),
            told[-1:],
            composer.words["quadrant_meaning.improve"],
            section.notes,
        )
        made += composer.tables(said, part.tables[:1])
    return made


def _is_places(composer: Composer, table: Table) -> bool:
    return [c.label for c in table.columns[:2]] == [composer.words["column.driver"], composer.words["column.quadrant"]]


def _map(composer: Composer, said: Said, figure: Figure, plot: QuadrantPlot) -> list[Slide]:
    words = composer.words
    columns = (
        Column(words["pptx.number"]),
        Column(words["column.driver"]),
        Column(words["pptx.settled"]),
    )
    marks = {True: words["mark.yes"], False: words["mark.no"]}
    rows = tuple((str(j), point.label, marks[point.certain]) for j, point in enumerate(plot.points, 1))
    key = Table(figure.caption, columns, rows)
    chart = quadrant_chart(plot, composer.heads, language=composer.report.language)
    if key_fits(key):
        return composer.slides(said, [MapBody(chart, figure.alt, key)], "map")
    alone = composer.slides(said, [MapBody(chart, figure.alt, Table(key.caption, key.columns, ()))], "map")
    return [*alone, *composer.slides(said, table_bodies(key), "table")]


def segment_slides(composer: Composer) -> list[Slide]:
    """Return the weights by group as tables; nothing where none were computed."""
    section = composer.report.segments
    made: list[Slide] = []
    for part in section.parts:
        said = Said("segments", (*part.paragraphs, *parted(part.paragraphs), part.title), remarks=section.notes)
        made += composer.tables(said, part.tables)
    return made


def path_slides(composer: Composer) -> list[Slide]:
    """Return the diagram of the path model with its table of effects, and the map along the paths."""
    section = composer.report.paths
    made: list[Slide] = []
    for part in section.parts:
        plot = part.figure.plot if part.figure else None
        if part.figure is None:
            continue
        told = parted(part.paragraphs)
        said = Said(
            "paths", (*told[:1], part.title), (*told[1:], *section.paragraphs), part.figure.caption, section.notes
        )
        if isinstance(plot, PathPlot):
            made += [replace(s, small="") for s in composer.slides(said, [PictureBody(part.figure)], "picture")]
            made += composer.tables(Said("paths", (_table_title(part), part.title), told), part.tables[:1])
        elif isinstance(plot, QuadrantPlot):
            made += _map(
                composer, Said("paths", (*told[1:2], part.title), told, part.figure.caption), part.figure, plot
            )
    return made


def _table_title(part: Part) -> str:
    return part.tables[0].caption if part.tables else part.title
