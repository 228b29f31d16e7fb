"""One language edition of a report: the results, the words, and whether figures are wanted."""

from __future__ import annotations

import re
from dataclasses import dataclass

from satmeter.report.context import Figure
from satmeter.report.number_text import percent
from satmeter.report.plots import Plot
from satmeter.report.results import Results
from satmeter.report.wording import Words


@dataclass(frozen=True, eq=False)
class Edition:
    """What every section is written from."""

    results: Results
    words: Words
    figures: bool = True

    @property
    def level(self) -> str:
        """The level of every interval as text: ``95%``."""
        level = self.results.conf_level
        return percent(level, 0 if abs(100 * level - round(100 * level)) < 1e-9 else 1)

    def caption(self, key: str, name: str = "", value: str = "") -> str:
        """Return a caption; `name` is the field that it has beside the level."""
        return self.words.fill(f"caption.{key}", {"level": self.level, name or "-": value})

    def figure(self, name: str, caption: str, alt: str, plot: Plot) -> Figure | None:
        """Return a figure; None when the edition has none."""
        plain = re.sub(r"[^A-Za-z0-9_-]+", "-", name)
        return Figure(plain, caption, alt, plot) if self.figures else None
