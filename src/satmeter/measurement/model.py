"""Results of measurement: tuples of plain-number rows. Column names are those of results.json."""

from __future__ import annotations

from dataclasses import dataclass

from satmeter.errors import Note


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One item: distribution and its part in the construct's scale. Ratings in scale units, reversed items reversed."""

    construct: str
    item: str
    n: int
    mean: float | None
    sd: float | None
    missing_share: float | None  # of the respondents who were asked
    item_rest_r: float | None
    alpha_if_dropped: float | None
    loading: float | None  # one-factor minres, standardised
    floor_share: float | None
    ceiling_share: float | None


@dataclass(frozen=True, slots=True)
class ReliabilityRow:
    """One reliability coefficient of one construct."""

    construct: str
    coefficient: str  # alpha | alpha_std | omega_total
    estimate: float | None
    std_error: float | None
    conf_low: float | None
    conf_high: float | None
    n: int
    n_items: int


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One published figure, overall (`group_by` and `group` empty) or in one group.

    `mean_score`, `index`: points 0–100. `top2`: share of ratings in the two highest points, 0–1;
    for a construct the mean of its items' shares. `nps`: −100 to 100. `mean_rating`: scale units.
    """

    measure: str
    statistic: str  # mean_score | index | top2 | nps | mean_rating
    group_by: str
    group: str
    definition: dict[str, str]  # language to words
    estimate: float | None
    std_error: float | None
    conf_low: float | None
    conf_high: float | None
    df: float | None
    n: int
    n_eff: float | None
    deff: float | None


@dataclass(frozen=True, slots=True)
class Measurement:
    """Items, reliability and scores of one study."""

    items: tuple[ItemRow, ...]
    reliability: tuple[ReliabilityRow, ...]
    scores: tuple[ScoreRow, ...]
    conf_level: float
    item_notes: tuple[Note, ...] = ()
    reliability_notes: tuple[Note, ...] = ()
    score_notes: tuple[Note, ...] = ()
