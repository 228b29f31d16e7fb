"""The slides of waves, indicator trees, adjusted scores and single questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from satmeter.report.context import Part, Section
from satmeter.report.formats.pptx_compose import Composer, Said, parted
from satmeter.report.formats.pptx_slides import PictureBody, Slide


def trend_slides(composer: Composer) -> list[Slide]:
    """Return the figure of all waves, then the changes of the newest one."""
    section = composer.report.trend
    lead = section.paragraphs[:1]
    made: list[Slide] = []
    for number, part in enumerate(section.parts):
        titles = composer.named(part.title, parted(part.paragraphs))
        made += _part_slides(composer, "trend", section, part, titles if number else lead)
    return made


def tree_slides(composer: Composer) -> list[Slide]:
    """Return every tree as a figure and a table."""
    return _slides(composer, "trees", composer.report.trees)


def adjusted_slides(composer: Composer) -> list[Slide]:
    """Return raw and adjusted scores, and the coefficients behind them."""
    return _slides(composer, "adjusted", composer.report.adjusted)


def answer_slides(composer: Composer) -> list[Slide]:
    """Return the answers to single questions."""
    return _slides(composer, "given", composer.report.answers)


def _slides(composer: Composer, name: str, section: Section) -> list[Slide]:
    made: list[Slide] = []
    for part in section.parts:
        told = parted(part.paragraphs)
        titles = (*told, part.title) if name == "trees" else composer.named(part.title, told)
        made += _part_slides(composer, name, section, part, titles)
    return made


def _part_slides(composer: Composer, name: str, section: Section, part: Part, titles: Sequence[str]) -> list[Slide]:
    """Return the part's figure, then its tables."""
    made: list[Slide] = []
    small = (*part.paragraphs, *section.paragraphs)
    if part.figure:
        said = Said(name, (*titles, part.title), small, part.figure.caption, section.notes)
        made += [replace(slide, small="") for slide in composer.slides(said, [PictureBody(part.figure)], "picture")]
    for table in part.tables:
        own = (table.caption,) if part.figure or len(part.tables) > 1 else (*titles, table.caption)
        made += composer.tables(Said(name, own, small, remarks=section.notes), [table])
    return made
