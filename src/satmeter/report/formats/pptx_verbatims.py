"""The slides of open answers: themes as bars with intervals. Quotes and words stay in the report."""

from __future__ import annotations

from satmeter.report.formats.pptx_charts import Bars, share_axis
from satmeter.report.formats.pptx_compose import Composer, Said, parted
from satmeter.report.formats.pptx_slides import Slide
from satmeter.report.plots import BarPlot
from satmeter.report.sentences import base, share


def verbatim_slides(composer: Composer) -> list[Slide]:
    """Return, for every question whose answers were counted by theme, the shares of the themes."""
    section = composer.report.verbatims
    made: list[Slide] = []
    for part in section.parts:
        plot = part.figure.plot if part.figure else None
        if part.figure is None or not isinstance(plot, BarPlot):
            continue
        told = parted(part.paragraphs)
        n = max(e.n for e in plot.estimates)
        small = (composer.fill("respondents", {"base": base(composer.words, n)}), composer.intervals, *told[1:])
        said = Said("verbatims", (told[0], part.title), small, part.figure.caption, section.notes)
        values = [v for e in plot.estimates for v in (e.value, e.high)]
        texts = tuple(share(e) for e in plot.estimates)
        bars = Bars(tuple(e.label for e in plot.estimates), plot.estimates, texts, share_axis(plot.axis, values))
        alt = [f"{e.label} {text}" for e, text in zip(plot.estimates, texts, strict=True)]
        made += composer.slides(said, composer.bars(bars, alt), "bars")
    return made
