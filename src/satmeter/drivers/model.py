"""Results of driver analysis: tuples of plain-number rows. Column names are those of results.json."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

import pandas as pd

from satmeter.errors import Note

Section = Literal["drivers", "regression", "fit", "priorities"]

_LINES = {
    "en": {
        "fit": "{outcome}: R² {r2:.3f} (n = {n})",
        "lmg": "  {driver}: {share:.0%} of the explained variance{interval}",
        "interval": ", {level:g} % interval {low:.0%} to {high:.0%}",
        "priority": "  {driver}: {quadrant}{doubt}",
        "doubt": " (not certain)",
        "strength": "strength (high importance, high performance)",
        "improve": "improve (high importance, low performance)",
        "opportunity": "opportunity (low importance, low performance)",
        "maintain": "maintain (low importance, high performance)",
    },
    "zh-CN": {
        "fit": "{outcome}：R² {r2:.3f}（n = {n}）",
        "lmg": "  {driver}：占已解释方差的 {share:.0%}{interval}",
        "interval": "，{level:g}% 置信区间 {low:.0%} 至 {high:.0%}",
        "priority": "  {driver}：{quadrant}{doubt}",
        "doubt": "（不确定）",
        "strength": "优势区（重要性高、表现好）",
        "improve": "修补区（重要性高、表现差）",
        "opportunity": "机会区（重要性低、表现差）",
        "maintain": "维持区（重要性低、表现好）",
    },
}


@dataclass(frozen=True, slots=True)
class DriverRow:
    """One importance figure of one driver of one outcome."""

    outcome: str
    driver: str
    method: str  # correlation | beta | b | lmg ; a categorical driver has lmg only
    estimate: float | None
    std_error: float | None
    conf_low: float | None
    conf_high: float | None
    share: float | None  # part of the sum of all drivers' lmg, with its own interval
    share_low: float | None
    share_high: float | None
    n: int


@dataclass(frozen=True, slots=True)
class RegressionRow:
    """One coefficient of one regression, in points of 0–100.

    `term` is a driver, `question[option]` or `(intercept)`.
    """

    outcome: str
    term: str
    model: str  # ols
    std_error_type: str  # HC3 | replicate
    estimate: float | None
    std_error: float | None
    conf_low: float | None
    conf_high: float | None
    statistic: float | None
    df: float | None
    p_value: float | None
    beta: float | None
    vif: float | None
    n: int


@dataclass(frozen=True, slots=True)
class FitRow:
    """How well one regression fits."""

    outcome: str
    statistic: str  # r2 | r2_adjusted
    estimate: float | None
    std_error: float | None
    conf_low: float | None
    conf_high: float | None
    n: int


@dataclass(frozen=True, slots=True)
class PriorityRow:
    """One driver in the importance–performance plane of one outcome.

    `quadrant`: `strength` (high importance, high performance; 优势区), `improve` (high, low; 修补区),
    `opportunity` (low, low; 机会区), `maintain` (low, high; 维持区). `certain` is False when an interval
    crosses its line: the point is drawn grey.
    """

    outcome: str
    driver: str
    importance: float | None  # LMG share
    importance_low: float | None
    importance_high: float | None
    performance: float | None  # mean score 0–100; 100 less it for a cost, so that higher is better
    performance_low: float | None
    performance_high: float | None
    importance_line: float | None
    performance_line: float | None
    quadrant: str
    certain: bool
    probability: float | None  # share of the replicates that put the driver into its quadrant
    n: int


@dataclass(frozen=True, slots=True)
class DriverResult:
    """Drivers of every outcome of one study."""

    drivers: tuple[DriverRow, ...]
    regression: tuple[RegressionRow, ...]
    fit: tuple[FitRow, ...]
    priorities: tuple[PriorityRow, ...]
    conf_level: float
    notes: tuple[Note, ...] = ()

    def to_frame(self, section: Section = "drivers") -> pd.DataFrame:
        """Return one section as a table, a row a row, unrounded; figures that cannot be had are missing."""
        rows: dict[Section, tuple[DriverRow | RegressionRow | FitRow | PriorityRow, ...]] = {
            "drivers": self.drivers,
            "regression": self.regression,
            "fit": self.fit,
            "priorities": self.priorities,
        }
        return pd.DataFrame([asdict(row) for row in rows[section]])

    def summary(self, language: Literal["zh-CN", "en"] = "en") -> str:
        """Return fit, importance and quadrants of every outcome, and the notes, as readable lines."""
        words = _LINES[language]
        lines = []
        for fit in self.fit:
            if fit.statistic != "r2" or fit.estimate is None:
                continue
            lines.append(words["fit"].format(outcome=fit.outcome, r2=fit.estimate, n=fit.n))
            lines += [
                self._share(row, words) for row in self.drivers if row.outcome == fit.outcome and row.share is not None
            ]
            lines += [
                words["priority"].format(
                    driver=row.driver, quadrant=words[row.quadrant], doubt="" if row.certain else words["doubt"]
                )
                for row in self.priorities
                if row.outcome == fit.outcome
            ]
        return "\n".join(lines + [f"- {note.text(language)}" for note in self.notes])

    def _share(self, row: DriverRow, words: dict[str, str]) -> str:
        interval = ""
        if row.share_low is not None and row.share_high is not None:
            interval = words["interval"].format(level=100 * self.conf_level, low=row.share_low, high=row.share_high)
        return words["lmg"].format(driver=row.driver, share=row.share, interval=interval)
