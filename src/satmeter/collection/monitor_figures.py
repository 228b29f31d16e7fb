"""The figures of the monitor: how fieldwork stands, and the live index."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt

from satmeter.collection.fieldwork_file import Counts
from satmeter.collection.monitor_answers import construct_scores
from satmeter.collection.monitor_records import Record
from satmeter.numerics.intervals import t_interval
from satmeter.numerics.linearisation import mean_with_se
from satmeter.questionnaire.model import Questionnaire

FloatArray = npt.NDArray[np.float64]

MIN_CELL = 30
"""Respondents that a figure of the live index needs when no policy says otherwise."""

ACTIVE_SECONDS = 3600.0
"""Who did something within this time may still go on; others who have not submitted have dropped out."""

MOST_DAYS = 42
CONF_LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Moment:
    """One bar over time: begins at `label` (a date, or date and hour), responses opened and submitted within it."""

    label: str
    opened: int
    submitted: int
    total: int


@dataclass(frozen=True, slots=True)
class Stratum:
    """Submitted responses with one answer against what is wanted (`plan`) and what there is room for (`quota`)."""

    question: str
    option: str
    n: int
    plan: int | None
    quota: int | None


@dataclass(frozen=True, slots=True)
class PageLoss:
    """Of those who came to a page, how many passed it, left the survey there, or are there now."""

    page: int
    came: int
    left: int
    there: int
    median_seconds: float | None


@dataclass(frozen=True, slots=True)
class Score:
    """Mean score 0-100 of one construct.

    None throughout when fewer respondents than the minimum cell have one; without an interval when all are equal.
    """

    construct: str
    is_index: bool
    n: int
    estimate: float | None = None
    conf_low: float | None = None
    conf_high: float | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """All that the monitor's page shows.

    Attributes
    ----------
    made
        Seconds since 1970.
    opened, submitted, active, dropped
        Responses: all, finished, at work within the last hour, neither.
    wanted
        Sum of the plan, of its first question; None without one.
    median_seconds
        From opening to submitting, by the server's clock.
    """

    made: float
    opened: int
    submitted: int
    active: int
    dropped: int
    wanted: int | None
    median_seconds: float | None
    moments: tuple[Moment, ...]
    strata: tuple[Stratum, ...]
    pages: tuple[PageLoss, ...]
    scores: tuple[Score, ...]


def make_figures(
    questionnaire: Questionnaire,
    records: Sequence[Record],
    codes: Mapping[str, FloatArray],
    *,
    plan: Counts,
    quotas: Counts,
    min_cell: int = MIN_CELL,
    now: float,
) -> Figures:
    """Work out every figure.

    Parameters
    ----------
    questionnaire
        The one that is fielded now.
    records
        From `Records.now`.
    codes
        Ratings of those among them that are submitted, from `monitor_answers.ratings`.
    plan, quotas
        Question to option to number.
    min_cell
        Fewest respondents of whom a score is shown.
    now
        Seconds since 1970.

    Returns
    -------
    Figures
    """
    done = [r for r in records if r.submitted is not None]
    active = [r for r in records if r.submitted is None and now - r.last <= ACTIVE_SECONDS]
    lengths = [r.submitted - r.opened for r in done if r.submitted is not None]
    return Figures(
        made=now,
        opened=len(records),
        submitted=len(done),
        active=len(active),
        dropped=len(records) - len(done) - len(active),
        wanted=sum(next(iter(plan.values())).values()) if plan else None,
        median_seconds=float(np.median(lengths)) if lengths else None,
        moments=_moments(records, now),
        strata=_strata(questionnaire, done, plan, quotas),
        pages=_pages(questionnaire, records, now),
        scores=scores(questionnaire, construct_scores(questionnaire, codes), min_cell),
    )


def scores(questionnaire: Questionnaire, found: Mapping[str, FloatArray], min_cell: int) -> tuple[Score, ...]:
    """Return the mean score of every construct with its interval, the satisfaction index first.

    Parameters
    ----------
    found
        Construct to scores, shape (n,), NaN where there is none.
    min_cell
        Fewest respondents.

    Returns
    -------
    tuple of Score
        The numbers of `satmeter run` without weights, strata and clusters: t intervals with n - 1 degrees of freedom,
        cut at 0 and 100.
    """
    index = next((c.id for c in questionnaire.constructs_of_role("satisfaction")), "")
    rows = []
    for name in sorted(questionnaire.constructs, key=lambda name: name != index):
        values = found[name]
        n = int((~np.isnan(values)).sum())
        if n < max(min_cell, 2):
            rows.append(Score(name, name == index, n))
            continue
        mean = mean_with_se(values)
        low, high = t_interval(mean.estimate, mean.std_error, mean.df, CONF_LEVEL)
        varies = float(mean.std_error) > 0
        bounds = (max(float(low), 0.0), min(float(high), 100.0)) if varies else (None, None)
        rows.append(Score(name, name == index, n, float(mean.estimate), *bounds))
    return tuple(rows)


def _moments(records: Sequence[Record], now: float) -> tuple[Moment, ...]:
    """Return days, or hours where fieldwork is younger than two days, without gaps, at most forty-two."""
    if not records:
        return ()
    first = min(r.opened for r in records)
    shape = "%m-%d %H:00" if now - first < 2 * 86400 else "%Y-%m-%d"
    step = 3600.0 if now - first < 2 * 86400 else 86400.0
    opened = Counter(_label(r.opened, shape) for r in records)
    submitted = Counter(_label(r.submitted, shape) for r in records if r.submitted is not None)
    ends = np.arange(first, max(now, first) + step, step).tolist()
    labels = list(dict.fromkeys([*(_label(end, shape) for end in ends if end <= now), _label(now, shape)]))
    total, rows = 0, []
    for label in labels:
        total += submitted[label]
        rows.append(Moment(label, opened[label], submitted[label], total))
    return tuple(rows[-MOST_DAYS:])


def _label(at: float, shape: str) -> str:
    return datetime.fromtimestamp(at).astimezone().strftime(shape)


def _strata(questionnaire: Questionnaire, done: Sequence[Record], plan: Counts, quotas: Counts) -> tuple[Stratum, ...]:
    rows = []
    for name in dict.fromkeys([*plan, *quotas]):
        given = Counter(cell for r in done for cell in _cells(r.values.get(name)))
        wanted, room = plan.get(name, {}), quotas.get(name, {})
        for option in questionnaire.questions[name].options:
            if option.code in wanted or option.code in room:
                code = option.code
                rows.append(Stratum(name, code, given[code], wanted.get(code), room.get(code)))
    return tuple(rows)


def _cells(cell: object) -> list[str]:
    if isinstance(cell, list):
        return [str(part) for part in cell]
    return [] if cell is None else [str(cell)]


def _pages(questionnaire: Questionnaire, records: Sequence[Record], now: float) -> tuple[PageLoss, ...]:
    """Return the pages; who has not submitted stands on the page after the furthest that was passed."""
    last = len(questionnaire.pages)
    stands = [(min(r.page + 1, last), now - r.last <= ACTIVE_SECONDS) for r in records if r.submitted is None]
    done = [r for r in records if r.submitted is not None]
    rows = []
    for page in range(1, last + 1):
        came = len(done) + sum(at >= page for at, _ in stands)
        left = sum(at == page and not active for at, active in stands)
        there = sum(at == page and active for at, active in stands)
        spent = [r.seconds[page] for r in done if page in r.seconds]
        rows.append(PageLoss(page, came, left, there, float(np.median(spent)) if spent else None))
    return tuple(rows)
