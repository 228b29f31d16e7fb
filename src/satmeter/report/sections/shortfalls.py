"""How far drivers and groups fall short of a target, of a dividing line or of the others, and how surely."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from satmeter.report.edition import Edition
from satmeter.report.estimate import SMALL_BASE, Estimate
from satmeter.report.results import Row, estimate, matching
from satmeter.report.sections.quadrant_map import cut_of, placed_estimates, settled, surely
from satmeter.report.sections.scores import overall_rows

Below = Literal["target", "mean", "median", "line", "rest", "apart"]


@dataclass(frozen=True, slots=True)
class Shortfall:
    """One driver or group that lies low.

    Attributes
    ----------
    name
        Id of the driver; question and option of a group.
    score
        Its score, a cost turned round.
    below
        What it lies below: its target, the drivers' mean, median or common target, the other groups, or the whole.
    line, gap
        That value, in points, and how far the score lies below it.
    certain
        Whether the intervals settle that it lies below.
    importance
        Share of what the drivers explain; unknown of a group.
    share
        Part of all respondents: 1 of a driver.
    """

    name: tuple[str, ...]
    score: Estimate
    below: Below
    line: float
    gap: float
    certain: bool
    importance: Estimate | None = None
    share: float = 1.0

    @property
    def weight(self) -> float:
        """Distance times importance times size times how surely the score lies below: what the order goes by."""
        known = self.importance is not None and self.importance.value is not None
        importance = self.importance.value or 0.0 if known and self.importance else 1.0
        return self.gap * importance * self.share * surely(self.score, self.line)


def target_row(edition: Edition, measure: str, group_by: str = "", group: str = "") -> Row | None:
    """Return the comparison of a score with its target; None of costs, where a high score is no success."""
    wanted = {"method": "target", "statistic": "mean_score", "measure": measure, "group_by": group_by, "group": group}
    found = [r for r in matching(edition.results.rows("comparisons"), wanted) if r.get("estimate") is not None]
    return found[0] if found and edition.results.role(measure) != "cost" else None


def driver_shortfalls(edition: Edition, rows: Sequence[Row]) -> tuple[Shortfall, ...]:
    """Return the drivers of one outcome that lie below their target, else below the dividing line, gravest first.

    Parameters
    ----------
    edition
        Results and words.
    rows
        The rows of ``priorities`` of the outcome, all with a performance.
    """
    cut = cut_of(rows)
    found = []
    for row in rows:
        score, importance = placed_estimates(edition, row)
        name, line = (str(row["driver"]),), row.get("performance_line")
        aimed = target_row(edition, name[0])
        if aimed:
            gap, sure = -float(aimed["estimate"]), aimed.get("verdict") == "not_met"
            below: Below = "target"
            line = float(aimed["other"])
        elif line is not None:
            gap, sure = line - (score.value or 0.0), settled(score, line)
            below = "line" if cut == "target" else cut
        else:
            continue
        if gap > 0:
            found.append(Shortfall(name, score, below, float(line), gap, sure, importance))
    return tuple(sorted(found, key=lambda s: -s.weight))


def group_shortfalls(edition: Edition, measure: str) -> tuple[Shortfall, ...]:
    """Return the groups of at least 30 that surely lie low on a measure, by distance times size.

    A target decides where there is one, then the test against all others; without tests a group counts when its whole
    interval lies below that of the whole sample.
    """
    results, everybody = edition.results, _whole(edition, measure)
    n, turned = int(results.study.get("n") or 0), results.role(measure) == "cost"
    if not n or turned or everybody is None:
        return ()
    found = []
    for row in matching(results.rows("scores"), {"measure": measure, "statistic": "mean_score"}):
        question, code = str(row.get("group_by") or ""), str(row.get("group") or "")
        score = estimate(row, results.option(question, code))
        if question and score.value is not None and score.n >= SMALL_BASE:
            below = _group_below(edition, (question, code), measure, score, everybody)
            if below:
                kind, line, gap = below
                found.append(Shortfall((question, code), score, kind, line, gap, certain=True, share=score.n / n))
    return tuple(sorted(found, key=lambda s: -s.weight))


def _whole(edition: Edition, measure: str) -> Estimate | None:
    found = matching(overall_rows(edition), {"measure": measure, "statistic": "mean_score"})
    return estimate(found[0], "") if found and found[0].get("estimate") is not None else None


def _group_below(
    edition: Edition, group: tuple[str, str], measure: str, score: Estimate, everybody: Estimate
) -> tuple[Below, float, float] | None:
    """Return what a group surely lies below, that value, and by how much."""
    value = score.value or 0.0
    aimed = target_row(edition, measure, *group)
    if aimed and aimed.get("verdict") == "not_met":
        return "target", float(aimed["other"]), -float(aimed["estimate"])
    where = {"method": "rest", "statistic": "mean_score", "measure": measure, "group_by": group[0], "group": group[1]}
    tested = matching(edition.results.rows("comparisons"), where)
    if tested:
        gap = -float(tested[0].get("estimate") or 0.0)
        return ("rest", value + gap, gap) if tested[0].get("verdict") == "lower" else None
    if score.high is None or everybody.low is None or score.high >= everybody.low:
        return None
    return "apart", everybody.value or 0.0, (everybody.value or 0.0) - value
