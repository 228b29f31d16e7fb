"""What a report template gets: plain text in the language of the report, ordered for a reader.

Nothing in here is marked up. The template's environment escapes every value for Markdown when it prints it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from satmeter.report.plots import Plot

Align = Literal["left", "right"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its heading and the side that its cells stand on."""

    label: str
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Table:
    """A table: caption, columns, and rows of cells; the first cell of a row is its heading."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure: file name without ending, caption, the sentence that says the same in words, and what to draw."""

    name: str
    caption: str
    alt: str
    plot: Plot


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a section: title (may be empty), paragraphs, a list of single sentences, figure, tables."""

    title: str = ""
    paragraphs: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    figure: Figure | None = None
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A section: sentences first, then parts, then notes about its numbers. A section without content says so.

    `trees`, `adjusted`, `trend`, `segments`, `paths`, `answers` and `verbatims` are the exceptions: where nothing of
    the kind was asked for they are empty, and left out.
    """

    paragraphs: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stat:
    """A figure for the first screen: name, value, interval, base, and the words that define it."""

    label: str
    value: str
    interval: str
    base: str
    definition: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A strength or weakness: the driver, what is said of it, its telling item, whether the intervals settle it.

    `hedge` names the interval that crosses its line, `caveat` says that the construct's reliability is too low.
    """

    label: str
    sentence: str
    example: str
    certain: bool
    hedge: str
    caveat: str


@dataclass(frozen=True, slots=True)
class Headline:
    """The first screen."""

    index: Stat | None
    sentence: str
    figure: Figure | None
    quality: str
    strengths: tuple[Finding, ...]
    weaknesses: tuple[Finding, ...]
    no_strength: str
    no_weakness: str
    ranking: str
    cards: tuple[Stat, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """Two pages for managers.

    `lead` says the index and whether it meets its target. `matters` are the drivers that fall short, ranked by
    distance times importance times certainty; `groups` those that surely lie low, by distance times size.
    """

    lead: str
    matters: tuple[Finding, ...]
    no_matter: str
    groups: tuple[str, ...]
    no_group: str
    ranking: str
    steps: tuple[str, ...]
    scores: Figure | None
    map: Figure | None
    known: str


@dataclass(frozen=True, slots=True)
class Publication:
    """What a published score carries; `missing` names the items of disclosure that are empty, or says that none is."""

    asked: Section
    league: Section
    weighting: Section
    disclosed: Table
    missing: str
    statement: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the glossary and its meaning."""

    word: str
    meaning: str


@dataclass(frozen=True, slots=True)
class ReportContext:
    """Everything that a template may print, under the name `report`."""

    language: str
    title: str
    disclosure: str
    banner: str
    read_first: tuple[str, ...]
    headline: Headline
    summary: Summary
    method: Section
    sample: Section
    reliability: Section
    validity: Section
    scores: Section
    trees: Section
    groups: Section
    adjusted: Section
    trend: Section
    drivers: Section
    priorities: Section
    segments: Section
    paths: Section
    items: Section
    answers: Section
    verbatims: Section
    quality: Section
    wording: Section
    disclosed: Section
    publication: Publication
    codebook: Section
    glossary: tuple[Term, ...]
    notes: tuple[str, ...]
    provenance: Section

    @property
    def figures(self) -> tuple[Figure, ...]:
        """All figures in the order of the sections."""
        driving = (self.drivers, self.priorities, self.segments, self.paths)
        scored = (self.validity, self.scores, self.trees, self.groups, self.adjusted, self.trend)
        sections = (*scored, *driving, self.items, self.answers, self.verbatims, self.quality)
        parts = (part.figure for section in sections for part in section.parts)
        return tuple(figure for figure in (self.headline.figure, *parts) if figure)
