"""Which slides there are, in what order: cover, conclusions, findings by section, method, notes, glossary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from satmeter.report.context import Column, Finding, Section, Table
from satmeter.report.formats.pptx_chart_xml import Axis
from satmeter.report.formats.pptx_charts import Bars, bar_chart
from satmeter.report.formats.pptx_compose import Composer, Said, parted
from satmeter.report.formats.pptx_drivers import driver_slides, path_slides, priority_slides, segment_slides
from satmeter.report.formats.pptx_items import item_slides, nps_slides
from satmeter.report.formats.pptx_scores import group_slides, sample_slides, score_slides
from satmeter.report.formats.pptx_slides import Body, CardsBody, CoverBody, PictureBody, PointsBody, Slide
from satmeter.report.formats.pptx_table import table_bodies
from satmeter.report.formats.pptx_text import pages, text_height
from satmeter.report.formats.pptx_theme import BODY
from satmeter.report.formats.pptx_verbatims import verbatim_slides
from satmeter.report.formats.pptx_waves import adjusted_slides, answer_slides, tree_slides, trend_slides
from satmeter.report.material import Material
from satmeter.report.plots import ScalePlot
from satmeter.report.sections.items import alphas
from satmeter.report.sentences import alpha_range_sentence, points

MOST_CARDS = 6
POINT_SIZE = 16.0


def slides_of(material: Material) -> tuple[Slide, ...]:
    """Return all slides of a report, in the order of its kind; sections without rows leave theirs out."""
    composer = Composer(material)
    made = [_cover(composer), *_read_first(composer)]
    for write in KINDS[material.template.kind]:
        made += write(composer)
    return _told_apart(composer, made)


def _told_apart(composer: Composer, slides: Sequence[Slide]) -> tuple[Slide, ...]:
    """Return slides of which those with the same title are numbered, for a title is how a listener finds a slide."""
    totals, seen = Counter(slide.title for slide in slides), Counter[str]()
    found = []
    for slide in slides:
        seen[slide.title] += 1
        fields = {"title": slide.title, "number": str(seen[slide.title]), "all": str(totals[slide.title])}
        found.append(replace(slide, title=composer.fill("part", fields)) if totals[slide.title] > 1 else slide)
    return tuple(found)


def _cover(composer: Composer) -> Slide:
    report, words = composer.report, composer.words
    body = CoverBody(composer.material.kicker, report.disclosure, report.banner, composer.material.logo)
    made = words.fill("page.made", {"version": composer.material.version})
    return Slide("", report.title, body, notes=(*report.method.paragraphs, made))


def _read_first(composer: Composer) -> list[Slide]:
    said = Said("notes", (composer.words["page.read_first"],))
    return _points(composer, said, composer.report.read_first)


def _conclusions(composer: Composer) -> list[Slide]:
    headline = composer.report.headline
    if headline.index is None:
        return []
    chart, alt = None, ""
    if headline.figure and isinstance(plot := headline.figure.plot, ScalePlot):
        e = plot.estimate
        bars = Bars((" ",), (e,), ("",), Axis("", plot.low, plot.high, 25.0, "0"))
        width = 310.0
        chart = bar_chart(bars, composer.heads, width=width, height=90, language=composer.report.language)
        alt = f"{e.label} {points(e)}"
    said = Said("summary", (headline.sentence,), (composer.intervals, headline.quality), headline.index.definition)
    body = CardsBody(headline.index, chart, alt, headline.cards[:MOST_CARDS])
    made = composer.slides(said, [body], "cards")
    definitions = tuple(
        composer.words.tagged(card.label, card.definition) for card in headline.cards if card.definition
    )
    return [replace(slide, notes=(*slide.notes, *definitions)) for slide in made]


def _found(composer: Composer, found: Sequence[Finding], kind: str) -> list[Slide]:
    """Return the strengths or the weaknesses as a table of drivers and sentences; why there are none otherwise."""
    headline, words = composer.report.headline, composer.words
    if not found:
        reason = headline.no_strength if kind == "strengths" else headline.no_weakness
        said = Said(kind, (words[f"heading.{kind}"],), (headline.ranking,))
        return _points(composer, said, (reason,))
    names = words.join([finding.label for finding in found])
    table = _finding_table(composer, found, words[f"heading.{kind}"])
    said = Said(kind, (composer.fill(kind, {"names": names}), words[f"heading.{kind}"]), (headline.ranking,))
    return composer.slides(said, table_bodies(table), "table")


def _finding_table(composer: Composer, found: Sequence[Finding], caption: str) -> Table:
    """Return drivers with what is said of them, and their telling items where there are any."""
    words = composer.words
    with_items = any(f.example for f in found)
    heads = (words["column.driver"], words["pptx.finding"], *((words["pptx.example"],) if with_items else ()))
    rows = tuple(
        (f.label, words.paragraph([f.sentence, f.hedge, f.caveat]), *((f.example,) if with_items else ()))
        for f in found
    )
    return Table(caption, tuple(Column(head) for head in heads), rows)


def _points(composer: Composer, said: Said, texts: Sequence[str]) -> list[Slide]:
    """Return sentences as bullets, over as many slides as they take."""
    heights = [text_height(text, POINT_SIZE, BODY.width - 16) + 6 for text in texts]
    bodies: list[Body] = [PointsBody(tuple(texts[start:stop])) for start, stop in pages(heights, BODY.height)]
    return composer.slides(said, bodies, "table") if bodies else []


def _strengths(composer: Composer) -> list[Slide]:
    return _found(composer, composer.report.headline.strengths, "strengths")


def _weaknesses(composer: Composer) -> list[Slide]:
    return _found(composer, composer.report.headline.weaknesses, "weaknesses")


def _matters(composer: Composer) -> list[Slide]:
    """Return what matters first as a table of drivers and sentences, then the groups that lie low."""
    summary, words = composer.report.summary, composer.words
    if not summary.matters:
        return _points(composer, Said("matters", (words["heading.matters"],)), (summary.no_matter,))
    table = _finding_table(composer, summary.matters, words["heading.matters"])
    made = composer.slides(
        Said("matters", (words["heading.matters"],), (summary.ranking,)), table_bodies(table), "table"
    )
    return made + _points(composer, Said("matter_groups", (words["heading.matter_groups"],)), summary.groups)


def _next_steps(composer: Composer) -> list[Slide]:
    said = Said("next_steps", (composer.words["heading.next_steps"],))
    return _points(composer, said, composer.report.summary.steps)


def _statement(composer: Composer) -> list[Slide]:
    """Return how a published score is to be read, who asked whom and how, and what is missing."""
    given, words = composer.report.publication, composer.words
    made = _points(composer, Said("statement", (words["heading.statement"],)), given.statement)
    for part in given.asked.parts:
        made += composer.tables(Said("asked", given.asked.paragraphs), part.tables)
    return made + composer.tables(Said("disclosed", (given.missing, words["heading.disclosed"])), [given.disclosed])


def _codebook(composer: Composer) -> list[Slide]:
    made: list[Slide] = []
    for part in composer.report.codebook.parts:
        made += composer.tables(Said("wording", (part.title,), part.paragraphs), part.tables)
    return made


def _reliability(composer: Composer) -> list[Slide]:
    section = composer.report.reliability
    values = [e.value for _, e in alphas(composer.material.edition) if e.value is not None]
    titles = (alpha_range_sentence(composer.words, values), *section.paragraphs)
    made: list[Slide] = []
    for part in section.parts:
        if part.tables:
            own = (*parted(part.paragraphs), part.title) if part.title else titles
            small = (*part.paragraphs, *section.paragraphs)
            made += composer.tables(Said("reliability", own, small, remarks=section.notes), part.tables[:1])
            for table in part.tables[1:]:
                said = Said("reliability", (table.caption, *own), part.paragraphs, remarks=section.notes)
                made += composer.tables(said, [table])
    return made


def _validity(composer: Composer) -> list[Slide]:
    """Return the checks at a glance; the full section is for the report."""
    section = composer.report.validity
    part = next((part for part in section.parts if part.points), None)
    if part is None:
        return []
    said = Said("validity", (part.title, *part.paragraphs), part.paragraphs, remarks=section.notes)
    return _points(composer, said, part.points)


def _quality(composer: Composer) -> list[Slide]:
    section = composer.report.quality
    told = parted(section.paragraphs)
    made: list[Slide] = []
    for part in section.parts:
        if part.figure:
            titles = (*parted(part.paragraphs)[:1], *told[:1], part.figure.caption)
            said = Said("quality", titles, definition=part.figure.caption, remarks=section.notes)
            made += composer.slides(said, [PictureBody(part.figure)], "picture")
    for j, table in enumerate(table for part in section.parts for table in part.tables):
        titles = (*told[min(j, len(told) - 1) :][:1], table.caption)
        made += composer.tables(Said("quality", titles, told, remarks=section.notes), [table])
    return made


def _method(composer: Composer) -> list[Slide]:
    said = Said("method", (composer.words["pptx.method"],))
    return _points(composer, said, composer.report.method.paragraphs)


def _remarks(composer: Composer) -> list[Slide]:
    """Return the notes of all sections, each once."""
    report = composer.report
    sections: tuple[Section, ...] = (
        report.sample,
        report.scores,
        report.drivers,
        report.priorities,
        report.items,
        report.reliability,
    )
    texts = (*report.notes, *(note for section in sections for note in section.notes))
    said = Said("notes", (composer.words["pptx.remarks"],))
    return _points(composer, said, tuple(t for t in dict.fromkeys(texts) if t not in report.read_first))


def _glossary(composer: Composer) -> list[Slide]:
    words = composer.words
    if not composer.report.glossary:
        return []
    rows = tuple((term.word, term.meaning) for term in composer.report.glossary)
    table = Table(words["heading.glossary"], (Column(words["pptx.word"]), Column(words["pptx.meaning"])), rows)
    return composer.slides(Said("glossary", (words["pptx.glossary"],)), table_bodies(table), "table")


_FULL: tuple[Callable[[Composer], list[Slide]], ...] = (
    _conclusions,
    _strengths,
    _weaknesses,
    sample_slides,
    score_slides,
    nps_slides,
    tree_slides,
    group_slides,
    adjusted_slides,
    trend_slides,
    driver_slides,
    priority_slides,
    segment_slides,
    path_slides,
    item_slides,
    answer_slides,
    verbatim_slides,
    _reliability,
    _validity,
    _quality,
    _method,
    _remarks,
    _glossary,
)
KINDS: dict[str, tuple[Callable[[Composer], list[Slide]], ...]] = {
    "satisfaction": _FULL,
    "management": (_conclusions, _matters, score_slides, priority_slides, _next_steps),
    "wave": (_conclusions, trend_slides, score_slides, _method),
    "publication": (_conclusions, _statement, group_slides, _method),
    "reliability": (item_slides, _reliability, _validity, _quality, _method, _remarks),
    "codebook": (_codebook,),
    "method": (_method, _quality),
}
"""Built-in template to its slides, behind the cover."""
