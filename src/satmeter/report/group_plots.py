"""What the figures of groups, answers and losses show, as plain rows; a part of `satmeter.report.plots`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from satmeter.report.estimate import Estimate


@dataclass(frozen=True, slots=True)
class RankRange:
    """One unit of a league table: its score, the rank of the estimate, and the ranks that the data leave open.

    `low` to `high` holds for all units together, `own_low` to `own_high` for the reader of this unit alone.

    Examples
    --------
    >>> first = RankRange(Estimate("North", 76.2), 1, 1, 6, 2, 4, 1)
    >>> first.open_ranks, first.own_ranks, first.rank_range
    ('1–6', '2–4', '1–6 (2–4)')
    """

    score: Estimate
    rank: int
    low: int
    high: int
    own_low: int
    own_high: int
    tie: int

    @property
    def open_ranks(self) -> str:
        """The ranks that all units together leave open; always a range, never a bare rank."""
        return f"{self.low}–{self.high}"

    @property
    def own_ranks(self) -> str:
        """The ranks that are open to a reader of this unit alone."""
        return f"{self.own_low}–{self.own_high}"

    @property
    def rank_range(self) -> str:
        """The ranks that are open, those of the unit alone in brackets."""
        return f"{self.open_ranks} ({self.own_ranks})"


@dataclass(frozen=True, slots=True)
class RankPlot:
    """Units, best first, with their ranges of ranks on an axis that runs from 1 to their number."""

    rows: tuple[RankRange, ...]
    axis: str
    own_word: str
    all_word: str
    n_units: int


@dataclass(frozen=True, slots=True)
class GroupCell:
    """One group's mean score on one construct, and whether it lies surely above or below the rest."""

    score: Estimate
    side: Literal["above", "below", ""] = ""


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One group: its name, its base, and a cell a construct; None where it has no score."""

    label: str
    n: int
    cells: tuple[GroupCell | None, ...]


@dataclass(frozen=True, slots=True)
class GroupHeatPlot:
    """Groups × constructs; `low` and `high` are the scores of the lightest and of the darkest shade."""

    columns: tuple[str, ...]
    rows: tuple[GroupRow, ...]
    low: float
    high: float
    above_word: str
    below_word: str
    small_word: str


NPS_POINTS = ("0–6", "7–8", "9–10")
"""Points of detractors, passives and promoters."""


@dataclass(frozen=True, slots=True)
class NpsRow:
    """One item on 0–10: share (0–1) of every point, lowest first, and the net promoter score with its base."""

    label: str
    shares: tuple[float, ...]
    score: Estimate

    @property
    def parts(self) -> tuple[float, float, float]:
        """Shares of detractors (0–6), passives (7–8) and promoters (9–10)."""
        return sum(self.shares[:7]), sum(self.shares[7:9]), sum(self.shares[9:])


@dataclass(frozen=True, slots=True)
class NpsPlot:
    """How often each point of 0–10 was chosen; `words` names detractors, passives and promoters."""

    rows: tuple[NpsRow, ...]
    words: tuple[str, str, str]
    score_word: str


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """One step of the way from responses to respondents: how many are left, and how many it took."""

    label: str
    n: int
    lost: int


@dataclass(frozen=True, slots=True)
class FunnelPlot:
    """Responses left after every step."""

    steps: tuple[FunnelStep, ...]


@dataclass(frozen=True, slots=True)
class MissingRow:
    """One item: the share (0–1) of those asked who gave no rating; `n` gave one."""

    label: str
    share: float
    n: int


@dataclass(frozen=True, slots=True)
class MissingPlot:
    """Missing answers item by item: title and items of every construct."""

    constructs: tuple[tuple[str, tuple[MissingRow, ...]], ...]
    axis: str


GroupPlot = RankPlot | GroupHeatPlot | NpsPlot | FunnelPlot | MissingPlot
