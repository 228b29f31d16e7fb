"""Rows of a tracking study: every figure of every wave with its change, and what was changed between waves."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from satmeter.errors import Note

WaveRole = Literal["", "previous", "baseline"]
WaveVerdict = Literal["", "higher", "lower", "undecided", "break"]


@dataclass(frozen=True, slots=True)
class WaveRow:
    """One figure of one wave, overall or in one group, held against one earlier wave.

    `estimate` to `n` are of `wave` alone, as in `scores`. `change` is `wave` less `against`, in the unit of the
    statistic; with `paired` it is that of the `n_pairs` respondents who answered both times, which need not equal the
    difference of the two estimates. `t` has `df` degrees of freedom; for shares `change_std_error`, interval and `t`
    are those of the change drawn towards zero. `p_adjusted` is over the groups of one measure, statistic, grouping and
    pair of waves. `effect_size` is Cohen's d for means and NPS, Cohen's h for shares.

    `role` says what `against` is; both are empty in the first wave. A row whose `broken` names reasons is no series:
    `change` and all that hangs on it are None and the verdict is `break`. Without a break the verdict is `higher`,
    `lower` or `undecided` by the adjusted p-value.
    """

    measure: str
    statistic: str
    wave: str
    against: str
    role: WaveRole
    group_by: str
    group: str
    estimate: float | None
    std_error: float | None
    conf_low: float | None
    conf_high: float | None
    n: int
    change: float | None = None
    change_std_error: float | None = None
    change_conf_low: float | None = None
    change_conf_high: float | None = None
    t: float | None = None
    df: float | None = None
    p_value: float | None = None
    p_adjusted: float | None = None
    effect_size: float | None = None
    n_other: int | None = None
    n_pairs: int | None = None
    paired: bool = False
    broken: tuple[str, ...] = ()
    verdict: WaveVerdict = ""


@dataclass(frozen=True, slots=True)
class WaveChangeRow:
    """Something that was changed between two waves.

    `reason` is a word of `WaveRow.broken` where `breaks`, else what kind of harmless change it is. `about` is the item,
    construct, scale or question that was changed, empty for the whole study; `text` says it in words, by language.
    """

    wave: str
    against: str
    reason: str
    about: str
    breaks: bool
    text: dict[str, str]


@dataclass(frozen=True, slots=True)
class WaveRecord:
    """One wave: its respondents, its way of asking, and where it comes from."""

    wave: str
    n: int
    mode: str
    source: str
    questionnaire_digest: str
    data_digest: str
    plan_digest: str


@dataclass(frozen=True, slots=True)
class Waves:
    """The waves of a tracking study, oldest first: figures with changes, what was changed between waves, and notes."""

    records: tuple[WaveRecord, ...] = ()
    rows: tuple[WaveRow, ...] = ()
    changes: tuple[WaveChangeRow, ...] = ()
    notes: tuple[Note, ...] = field(default=())
