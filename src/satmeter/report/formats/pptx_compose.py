"""From material to slides, what all sections share: titles that fit, small print, speaker notes, numbered parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from satmeter.report.context import Table
from satmeter.report.estimate import Estimate
from satmeter.report.formats.pptx_charts import Bars, Heads, bar_chart, fitted
from satmeter.report.formats.pptx_slides import Body, ChartBody, Slide
from satmeter.report.formats.pptx_table import table_bodies
from satmeter.report.formats.pptx_text import LEAST, pages, sentences, text_height, title_size
from satmeter.report.formats.pptx_theme import BODY, SMALL, TITLE
from satmeter.report.material import Material
from satmeter.report.number_text import count

NUMBER_ROOM = " (88/88)"
"""Kept free at the end of a title for the number of its part."""

FOOT = 50.0


@dataclass(frozen=True, slots=True)
class Said:
    """What a slide says beside its body.

    Attributes
    ----------
    section
        Key of the section's heading.
    titles
        Sentences that may be the title; the first that fits is taken.
    small
        Sentences for the small print, most needed first.
    definition
        What the numbers are.
    remarks
        Notes about the numbers.
    """

    section: str
    titles: tuple[str, ...]
    small: tuple[str, ...] = ()
    definition: str = ""
    remarks: tuple[str, ...] = ()


class Composer:
    """Makes slides of one edition from titles, bodies and notes."""

    def __init__(self, material: Material) -> None:
        self.material, self.report, self.words = material, material.report, material.words
        self.level = material.edition.level

    def fill(self, key: str, fields: Mapping[str, str]) -> str:
        """Return one of the deck's own sentences."""
        return self.words.fill(f"pptx.{key}", fields)

    @property
    def heads(self) -> Heads:
        """Headings of the workbooks inside charts."""
        names = ("label", "estimate", "low", "high", "minus", "plus", "n", "text", "text_at")
        return Heads(*(self.words[f"pptx.sheet.{name}"] for name in names))

    @property
    def intervals(self) -> str:
        """The sentence that says what lines and brackets are."""
        return self.fill("intervals", {"level": self.level})

    def slides(self, said: Said, bodies: Sequence[Body], reading: str) -> list[Slide]:
        """Return one slide a body; where there are several, their titles are numbered."""
        section = self.words[f"heading.{said.section}"]
        title = self.title((*said.titles, section), numbered=len(bodies) > 1)
        small, notes = self._small(said.small, title), self._notes(said, reading)
        made = []
        for j, body in enumerate(bodies, 1):
            fields = {"title": title, "number": str(j), "all": str(len(bodies))}
            name = self.fill("part", fields) if len(bodies) > 1 else title
            spoken = (*notes, self._labelled("numbers", body.alt)) if isinstance(body, ChartBody) else notes
            made.append(Slide(section, name, body, small, spoken))
        return made

    def title(self, wanted: Sequence[str], *, numbered: bool = False) -> str:
        """Return the first sentence that fits into a title without its stop; else the last."""
        room = NUMBER_ROOM if numbered else ""
        found = [_unstopped(sentence) for sentence in wanted if sentence]
        return next((text for text in found if title_size(text + room, TITLE.width)), found[-1])

    def named(self, title: str, told: Sequence[str]) -> tuple[str, ...]:
        """Return titles for a part: what is found under its name, or the name where both do not fit."""
        return (*(self.words.tagged(title, text) for text in told[:1]), title)

    def _small(self, wanted: Sequence[str], title: str) -> str:
        """Return as many sentences as the small print holds; what the title says is not said again."""
        text = ""
        for sentence in dict.fromkeys(s for s in wanted if s and _unstopped(s) not in title):
            between = self.words["list.sentence" if text.endswith((".", "。")) else "list.dot"]
            longer = text + between + sentence if text else sentence
            if text_height(longer, LEAST, SMALL.width) <= SMALL.height:
                text = longer
        return text

    def _notes(self, said: Said, reading: str) -> tuple[str, ...]:
        method = self.report.method.paragraphs
        lines = [self._labelled("finding", said.titles[0] if said.titles else "")]
        lines += [self._labelled("remark", text) for text in said.small]
        lines.append(self._labelled("definition", said.definition))
        lines.append(self._labelled("reading", self.words[f"pptx.read.{reading}"]))
        lines.append(self._labelled("background", method[-1] if len(method) > 1 else ""))
        lines += [self._labelled("remark", text) for text in said.remarks]
        return tuple(dict.fromkeys(line for line in lines if line))

    def _labelled(self, key: str, text: str) -> str:
        return self.words[f"pptx.{key}"] + self.words["list.colon"] + text if text else ""

    def bars(self, bars: Bars, alt: Sequence[str]) -> list[Body]:
        """Return a bar chart in as many parts as its rows take; `alt` says the numbers of every row."""
        size, row = fitted(bars.names, BODY.width, BODY.height - FOOT)
        found: list[Body] = []
        for start, stop in pages([row] * len(bars.names), BODY.height - FOOT):
            some = bars.part(start, stop)
            height = FOOT + row * (stop - start)
            chart = bar_chart(
                some, self.heads, width=BODY.width, height=height, language=self.report.language, size=size
            )
            stated = self.words["list.semicolon"].join(alt[start:stop]) + self.words["list.stop"]
            found.append(ChartBody(chart, stated, height))
        return found

    def tables(self, said: Said, tables: Sequence[Table]) -> list[Slide]:
        """Return tables as slides, each with its caption in the small print."""
        made = []
        for table in tables:
            own = Said(said.section, said.titles, (table.caption, *said.small), said.definition, said.remarks)
            made += self.slides(own, table_bodies(table), "table")
        return made

    def with_base(self, e: Estimate) -> str:
        """Return a label with its base in brackets."""
        return self.fill("with_base", {"label": e.label, "n": count(e.n)})


def parted(paragraphs: Sequence[str]) -> tuple[str, ...]:
    """Return all sentences of some paragraphs."""
    return tuple(sentence for paragraph in paragraphs for sentence in sentences(paragraph))


def _unstopped(sentence: str) -> str:
    """Return a title: one sentence goes without its stop, several keep theirs."""
    return sentence if len(sentences(sentence)) > 1 else sentence.removesuffix(".").removesuffix("。")


def bases(estimates: Sequence[Estimate]) -> tuple[int, int]:
    """Return the smallest and the largest base."""
    found = [e.n for e in estimates] or [0]
    return min(found), max(found)
