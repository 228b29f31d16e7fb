"""The slides of sample, scores and groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from satmeter.report.context import Column, Part, Table
from satmeter.report.estimate import Estimate
from satmeter.report.formats.pptx_chart_xml import Axis
from satmeter.report.formats.pptx_charts import Bars, share_axis
from satmeter.report.formats.pptx_compose import Composer, Said, bases, parted
from satmeter.report.formats.pptx_slides import Body, PictureBody, Slide
from satmeter.report.formats.pptx_table import table_bodies
from satmeter.report.group_plots import GroupHeatPlot
from satmeter.report.number_text import count, decimal, percent
from satmeter.report.plots import DotPlot, Panel, PanelPlot
from satmeter.report.results import matching
from satmeter.report.sections.scores import overall_rows
from satmeter.report.sections.targets import target_parts
from satmeter.report.sentences import base, extremes_sentence, points, small_groups_sentence


def sample_slides(composer: Composer) -> list[Slide]:
    """Return one slide a choice question: the shares of its options; then tables of numbers and open questions."""
    results, words, section = composer.material.results, composer.words, composer.report.sample
    asked = {str(row["question"]): row for row in results.rows("questions")}
    weighted = bool(results.study.get("weighted"))
    made: list[Slide] = []
    for question in dict.fromkeys(str(row["question"]) for row in results.rows("sample")):
        rows = [r for r in matching(results.rows("sample"), {"question": question}) if r.get("share") is not None]
        n = int(asked[question]["n"]) if question in asked else sum(int(row.get("n") or 0) for row in rows)
        if not rows or not n:
            continue
        key = "weighted_share" if weighted and rows[0].get("weighted_share") is not None else "share"
        shares = tuple(Estimate(results.option(question, str(r["option"])), r[key], n=int(r["n"])) for r in rows)
        most = max(shares, key=lambda e: e.value or 0.0)
        fields = {"question": results.label(question), "option": most.label, "share": percent(most.value, 1)}
        said = Said(
            "sample",
            (composer.fill("sample_most", fields), results.label(question)),
            (composer.fill("respondents", {"base": base(words, n)}), *section.paragraphs[:1]),
            words["column.weighted_share"] if key == "weighted_share" else words["column.share"],
            section.notes,
        )
        texts = tuple(f"{percent(e.value, 1)}{words['list.open']}{count(e.n)}{words['list.close']}" for e in shares)
        axis = share_axis(composer.fill("share_of", {}), [e.value for e in shares])
        bars = Bars(tuple(e.label for e in shares), shares, texts, axis)
        alt = [f"{e.label} {text}" for e, text in zip(shares, texts, strict=True)]
        made += composer.slides(said, composer.bars(bars, alt), "bars")
    return made


def score_slides(composer: Composer) -> list[Slide]:
    """Return the constructs' scores with intervals; costs have a slide of their own."""
    section, made = composer.report.scores, []
    definition = _definition(composer, "mean_score")
    for part in section.parts:
        plot = part.figure.plot if part.figure else None
        if isinstance(plot, DotPlot):
            told = parted(part.paragraphs)
            said = Said(
                "scores",
                (*part.paragraphs, *told[::-1]),
                (composer.intervals, _base_range(composer, plot.estimates), *told[:-1]),
                definition,
                section.notes,
            )
            made += composer.slides(said, _score_bars(composer, plot), "bars")
    if not made:
        tables = [table for part in section.parts for table in part.tables]
        return composer.tables(Said("scores", parted(section.paragraphs), remarks=section.notes), tables)
    return [*made, *_target_slides(composer)]


def _target_slides(composer: Composer) -> list[Slide]:
    """Return the scores beside their targets; nothing where there are none."""
    made: list[Slide] = []
    for part in target_parts(composer.material.edition):
        said = Said("scores", (*part.points[:1], part.title), (*part.paragraphs, *part.points[1:]))
        made += composer.tables(said, part.tables)
    return made


def _score_bars(composer: Composer, plot: DotPlot) -> list[Body]:
    some = plot.estimates
    bars = Bars(
        tuple(e.label for e in some),
        some,
        tuple(points(e) for e in some),
        Axis(plot.axis, 0.0, 100.0, 20.0, "0"),
        frozenset(j for j, e in enumerate(some) if e.label == plot.highlight),
        frozenset(j for j, e in enumerate(some) if e.is_small),
    )
    return composer.bars(bars, [f"{e.label} {points(e)}" for e in some])


def _definition(composer: Composer, statistic: str) -> str:
    rows = matching(overall_rows(composer.material.edition), {"statistic": statistic})
    return composer.material.results.text(rows[0].get("definition")) if rows else ""


def _base_range(composer: Composer, some: Sequence[Estimate]) -> str:
    low, high = bases(some)
    return (
        composer.fill("respondents", {"base": base(composer.words, high)})
        if low == high
        else composer.fill("base_range", {"low": count(low), "high": count(high)})
    )


def group_slides(composer: Composer) -> list[Slide]:
    """Return, for every grouping question, the index by group as a chart and all scores as a table; then what else."""
    made: list[Slide] = []
    results, words = composer.material.results, composer.words
    asked = [results.label(str(row["group_by"])) for row in results.rows("scores") if row.get("group_by")]
    questions = {words.fill("heading.by", {"question": question}): question for question in asked}
    for part in composer.report.groups.parts:
        figure = part.figure
        if figure and isinstance(figure.plot, PanelPlot) and figure.plot.panels:
            made += _index_by_group(composer, part, figure.plot)
            made += _all_by_group(composer, questions[part.title], figure.caption, figure.plot)
            continue
        told = parted(part.paragraphs)
        said = Said("groups", composer.named(part.title, told), told, remarks=composer.report.groups.notes)
        if figure:
            titles = (figure.caption, part.title) if isinstance(figure.plot, GroupHeatPlot) else said.titles
            drawn = replace(said, titles=titles, definition=figure.caption)
            made += [replace(s, small="") for s in composer.slides(drawn, [PictureBody(figure)], "picture")]
        made += composer.tables(said, part.tables)
    return made


def _index_by_group(composer: Composer, part: Part, plot: PanelPlot) -> list[Slide]:
    panel = plot.panels[0]
    some = tuple(e for e in panel.estimates if e.value is not None)
    small = frozenset(j for j, e in enumerate(some) if e.is_small)
    finding = extremes_sentence(composer.words, panel.estimates, panel.title)
    of_dots = parted([small_groups_sentence(composer.words, panel.estimates)])
    told = [sentence for sentence in parted(part.paragraphs) if sentence not in of_dots]
    said = Said(
        "groups",
        (finding, part.title),
        (composer.intervals, composer.fill("hollow", {}) if small else "", *told),
        _definition(composer, "mean_score"),
    )
    names = tuple(composer.with_base(e) for e in some)
    axis = Axis(plot.axis, 0.0, 100.0, 20.0, "0")
    bars = Bars(names, some, tuple(points(e) for e in some), axis, hollow=small)
    alt = [f"{name} {points(e)}" for name, e in zip(names, some, strict=True)]
    return composer.slides(said, composer.bars(bars, alt), "bars")


def _all_by_group(composer: Composer, question: str, caption: str, plot: PanelPlot) -> list[Slide]:
    """Return the scores of all panels side by side; intervals stand in the full report."""
    if len(plot.panels) < 2:
        return []
    apart = [panel for panel in plot.panels if _keeps_apart(panel)]
    fields = {"question": question, "n": str(len(apart)), "all": str(len(plot.panels))}
    columns = (
        Column(composer.words["column.group"]),
        Column(composer.words["column.n"], "right"),
        *(Column(panel.title, "right") for panel in plot.panels),
    )
    rows = tuple(
        (e.label, e.hidden or count(e.n), *(_value(panel, j) for panel in plot.panels))
        for j, e in enumerate(plot.panels[0].estimates)
    )
    table = Table(caption, columns, rows)
    said = Said("groups", (composer.fill("apart", fields), question), (composer.fill("full_intervals", {}),))
    return composer.slides(said, table_bodies(table), "table")


def _value(panel: Panel, j: int) -> str:
    return panel.estimates[j].hidden or decimal(panel.estimates[j].value, 1)


def _keeps_apart(panel: Panel) -> bool:
    ranked = sorted((e for e in panel.estimates if e.value is not None), key=lambda e: e.value or 0.0)
    return len(ranked) > 1 and not ranked[0].overlaps(ranked[-1])
