"""Results of measurement: tuples of plain-number rows. Column names are those of results.json."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Literal

import pandas as pd

from satmeter.errors import Note
from satmeter.measurement.comparison_rows import ComparisonRow, RankRow
from satmeter.measurement.verbatim_rows import Verbatims

Section = Literal["items", "distributions", "reliability", "scores"]

_WORDS = {
    "en": {
        "score": "{measure}: {statistic} {estimate} (n = {n}{interval})",
        "reliability": "{construct}: {coefficient} {estimate} (n = {n}, {n_items} items{interval})",
        "interval": ", {level} % interval {low} to {high}",
        "none": "not available",
        "statistic": {
            "index": "satisfaction index (0–100)",
            "mean_score": "mean score (0–100)",
            "top1": "top-box share",
            "top2": "top-two-box share",
            "top3": "top-three-box share",
            "csat": "CSAT, share of the two highest of five",
            "ces_mean": "CES, mean on 1–7",
            "ces_share": "CES, share of 5–7",
            "ces_net": "CES, net share",
            "nps": "net promoter score",
        },
    },
    "zh-CN": {
        "score": "{measure}：{statistic} {estimate}（n = {n}{interval}）",
        "reliability": "{construct}：{coefficient} {estimate}（n = {n}，{n_items} 个题项{interval}）",
        "interval": "，{level}% 置信区间 {low} 至 {high}",
        "none": "无法得出",
        "statistic": {
            "index": "满意度指数（0–100）",
            "mean_score": "平均得分（0–100）",
            "top1": "前一档占比",
            "top2": "前两档占比",
            "top3": "前三档占比",
            "csat": "CSAT（五档中最高两档的占比）",
            "ces_mean": "CES（均值式，1–7）",
            "ces_share": "CES（占比式，5–7 分）",
            "ces_net": "CES（净值式）",
            "nps": "净推荐值",
        },
    },
}

SHARES = ("top1", "top2", "top3", "csat", "ces_share")


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One item: distribution and its part in the construct's scale. Ratings in scale units, reversed items reversed.

    `mean`, `sd`, `floor_share`, `ceiling_share`, `skew` and `kurtosis` are weighted and over all who rated the item;
    `item_rest_r`, `alpha_if_dropped` and `loading` are weighted and over the construct's complete rows;
    `missing_share` is unweighted.
    """

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
    skew: float | None = None  # G1
    kurtosis: float | None = None  # G2, excess: 0 for a normal variable


@dataclass(frozen=True, slots=True)
class DistributionRow:
    """One point of one item's scale, as it was printed: a reversed item is turned back to what respondents ticked.

    `share` is the weighted part of the item's ratings; None where nobody rated the item.
    """

    construct: str
    item: str
    code: int
    n: int
    share: float | None


@dataclass(frozen=True, slots=True)
class ReliabilityRow:
    """One reliability coefficient of one construct, over its complete rows.

    `alpha`, `lambda1` to `lambda6`, `split_half`, `glb` (greatest lower bound) are of the sum of the ratings,
    `alpha_std`, `omega_total` (one minres factor), `rho_c` (maximum likelihood), `rho_a`, `omega_hierarchical` and
    `omega_groups` (all factors of Schmid and Leiman) of the sum of the standardised ones, `alpha_ordinal` and
    `omega_ordinal` of the normal variables behind the ratings (polychoric correlations). `alpha_feldt` is alpha with
    Feldt's interval, in a simple random sample of complete rows. `split_half` is the mean over the splits, `lambda4`
    the best. `sem` is the standard error of measurement of the score, in points. Two items have `alpha`, `alpha_std`,
    `sem` and `alpha_ordinal` only; the others would repeat them. `test_retest`, `icc_agreement`, `icc_consistency` and
    `mean_change` (points) compare the scores with those of a second time; `difference_reliability` belongs to the two
    constructs in `construct`, joined by a minus sign. An empty `construct`
    means all items.
    """

    construct: str
    coefficient: str
    estimate: float | None
    std_error: float | None
    conf_low: float | None
    conf_high: float | None
    n: int
    n_items: int


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One published figure, overall (`group_by` and `group` empty) or in one group.

    `mean_score`, `index`: points 0–100. `top1`, `top2`, `top3`: share of ratings in the one, two or three highest
    points, 0–1; for a construct the mean of its items' shares. `csat`, `ces_share`: 0–1. `nps`, `ces_net`: −100 to 100.
    `mean_rating`, `ces_mean`: scale units.
    `n_eff` is Kish's, from the weights alone; `deff` is the variance over that of a simple random sample of the same n.
    """

    measure: str
    statistic: (
        str  # mean_score | index | top1 | top2 | top3 | csat | ces_mean | ces_share | ces_net | nps | mean_rating
    )
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
    """Items with their distributions, reliability and scores of one study."""

    items: tuple[ItemRow, ...]
    reliability: tuple[ReliabilityRow, ...]
    scores: tuple[ScoreRow, ...]
    conf_level: float
    item_notes: tuple[Note, ...] = ()
    reliability_notes: tuple[Note, ...] = ()
    score_notes: tuple[Note, ...] = ()
    distributions: tuple[DistributionRow, ...] = ()
    comparisons: tuple[ComparisonRow, ...] = ()
    comparison_notes: tuple[Note, ...] = ()
    ranks: tuple[RankRow, ...] = ()
    rank_notes: tuple[Note, ...] = ()
    verbatims: Verbatims = field(default_factory=Verbatims)

    def to_frame(self, section: Section = "scores") -> pd.DataFrame:
        """Return one section as a table, a row a row, unrounded; figures that cannot be had are missing."""
        rows: dict[Section, tuple[ItemRow | DistributionRow | ReliabilityRow | ScoreRow, ...]] = {
            "items": self.items,
            "distributions": self.distributions,
            "reliability": self.reliability,
            "scores": self.scores,
        }
        return pd.DataFrame([asdict(row) for row in rows[section]])

    def summary(self, language: Literal["zh-CN", "en"] = "en") -> str:
        """Return the overall scores, the reliability and the notes as readable lines."""
        words = _WORDS[language]
        names = words["statistic"]
        lines = [
            self._line("score", row, language, measure=row.measure, statistic=names[row.statistic])  # type: ignore[index]
            for row in self.scores
            if not row.group_by and row.statistic in names
        ]
        lines += [
            self._line("reliability", row, language, construct=row.construct, coefficient=row.coefficient)
            for row in self.reliability
        ]
        notes = self.item_notes + self.reliability_notes + self.score_notes
        return "\n".join(lines + [f"- {note.text(language)}" for note in notes])

    def _line(
        self,
        key: str,
        row: ScoreRow | ReliabilityRow,
        language: str,
        *,
        measure: str = "",
        statistic: str = "",
        construct: str = "",
        coefficient: str = "",
    ) -> str:
        words = _WORDS[language]
        digits = 3 if isinstance(row, ReliabilityRow) or row.statistic in SHARES else 1
        interval = ""
        if row.conf_low is not None and row.conf_high is not None:
            interval = str(words["interval"]).format(
                level=f"{100 * self.conf_level:g}",
                low=f"{row.conf_low:.{digits}f}",
                high=f"{row.conf_high:.{digits}f}",
            )
        return str(words[key]).format(
            measure=measure,
            statistic=statistic,
            construct=construct,
            coefficient=coefficient,
            estimate=str(words["none"]) if row.estimate is None else f"{row.estimate:.{digits}f}",
            n=row.n,
            n_items=row.n_items if isinstance(row, ReliabilityRow) else 0,
            interval=interval,
        )
