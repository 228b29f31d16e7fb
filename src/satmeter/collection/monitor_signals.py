"""Signals of careless and forged responses. Each says what it looked at, its figure and its limit; none is a proof."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

import numpy as np
import numpy.typing as npt

from satmeter.collection.monitor_records import Record
from satmeter.form.layout import lay_out
from satmeter.numerics.arrival_times import densest_window, evenest_hour
from satmeter.numerics.equal_runs import longest_run
from satmeter.numerics.near_duplicates import (
    LEAST_COMPARED,
    honest_answers,
    honest_paces,
    nearest_agreement,
    nearest_pace,
    standard_paces,
)
from satmeter.numerics.order_effects import LEAST_ITEMS, order_effects
from satmeter.numerics.pair_counts import MOST_CATEGORIES
from satmeter.numerics.reliability import alpha, feldt_interval
from satmeter.questionnaire.model import Questionnaire

State = Literal["quiet", "raised", "too_few", "not_possible"]
FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

LEAST_N = 50
NEWEST = 1000
"""Pairs of respondents are compared among the newest; older ones were looked at when they were new."""

ARRIVAL_LEVEL = 0.01
FAST_PART = 0.3
FAST_SHARE = 0.05
LEAST_BLOCK = 5
STRAIGHT_MARGIN = 0.05
NEAR_PART = 0.5
PLAUSIBLE_CORRELATION = 0.8
RELIABILITY_LEVEL = 0.01
LEAST_CARRY_OVER = 0.03
MOST_NAMED = 50


@dataclass(frozen=True, slots=True)
class Signal:
    """One signal.

    Attributes
    ----------
    key
        Its name in the words of the monitor.
    state
        `raised` or `quiet`; `too_few` responses to tell; `not_possible` with this questionnaire.
    n
        Responses that were looked at.
    figure, limit
        The signal is raised beyond the limit; None where there is no figure.
    more
        Further numbers and names for the sentence about it.
    responses
        Those that stand out, at most fifty, by their random names.
    """

    key: str
    state: State
    n: int
    figure: float | None = None
    limit: float | None = None
    more: Mapping[str, str | float] | None = None
    responses: tuple[str, ...] = ()


def signals(
    questionnaire: Questionnaire,
    done: Sequence[Record],
    codes: Mapping[str, FloatArray],
    everyone: Sequence[Record],
) -> tuple[Signal, ...]:
    """Return every signal.

    Parameters
    ----------
    done
        n submitted responses.
    codes
        Their raw ratings, from `monitor_answers.ratings`, shape (n,) each.
    everyone
        All responses, for the times of arrival.

    Returns
    -------
    tuple of Signal
        The same responses give the same figures: what is drawn at random is drawn from their number.
    """
    arrivals = np.array([r.opened for r in everyone if r.mode in ("", "web")])
    return (
        *_answer_signals(questionnaire, done, codes),
        _same_times(done),
        _bursts(arrivals),
        _even_arrivals(arrivals),
        _speeders(done),
        _clean_reliability(questionnaire, codes, len(done)),
        _order_effects(questionnaire, done, codes),
    )


def _named(done: Sequence[Record], found: npt.NDArray[np.bool_]) -> tuple[str, ...]:
    return tuple(done[i].response for i in np.flatnonzero(found)[-MOST_NAMED:])


def _answer_signals(
    questionnaire: Questionnaire, done: Sequence[Record], codes: Mapping[str, FloatArray]
) -> tuple[Signal, Signal]:
    """Hold agreement between respondents, and straight lines, against those of honest sets with the same moments."""
    newest = done[-NEWEST:]
    names = [name for name in questionnaire.items if len(_codes_of(questionnaire, name)) <= MOST_CATEGORIES]
    blocks = _blocks(questionnaire, names)
    keys = ("near_duplicates", "straight_lines")
    possible = len(names) >= LEAST_COMPARED, bool(blocks)
    if len(newest) < LEAST_N or not any(possible):
        states: list[State] = ["too_few" if can else "not_possible" for can in possible]
        return Signal(keys[0], states[0], len(newest)), Signal(keys[1], states[1], len(newest))
    places = np.column_stack([_places(questionnaire, name, codes[name][-NEWEST:]) for name in names])
    nearest, straight = nearest_agreement(places), _straight(places, blocks)
    most_near, most_straight = 0.0, 0.0
    for honest in honest_answers(places, np.random.default_rng(len(done))):
        agreement = nearest_agreement(honest)
        most_near = max(most_near, float(np.nanmax(agreement, initial=0.0)))
        most_straight = max(most_straight, float(_straight(honest, blocks).mean()))
    alike = np.nan_to_num(nearest) > most_near + 1e-9
    first = Signal(keys[0], "not_possible", len(newest))
    if possible[0]:
        figure = float(np.nanmax(nearest, initial=0.0))
        state: State = "raised" if alike.any() else "too_few" if most_near > 1 - 1e-6 else "quiet"
        compared = int((~np.isnan(nearest)).sum())
        first = Signal(keys[0], state, compared, figure, most_near, {"count": alike.sum()}, _named(newest, alike))
    second = Signal(keys[1], "not_possible", len(newest))
    if possible[1]:
        share, limit = float(straight.mean()), most_straight + STRAIGHT_MARGIN
        state = "raised" if share > limit else "quiet"
        second = Signal(keys[1], state, len(newest), share, limit, {"count": straight.sum()}, _named(newest, straight))
    return first, second


def _codes_of(questionnaire: Questionnaire, name: str) -> tuple[int, ...]:
    return questionnaire.scales[questionnaire.items[name].scale].codes


def _places(questionnaire: Questionnaire, name: str, raw: FloatArray) -> IntArray:
    """Return the places of raw codes on their scale, -1 where unanswered."""
    scale = np.array(_codes_of(questionnaire, name), dtype=np.float64)
    there = ~np.isnan(raw)
    return np.where(there, np.searchsorted(scale, np.where(there, raw, scale[0])), -1).astype(np.int64)


def _blocks(questionnaire: Questionnaire, names: Sequence[str]) -> tuple[tuple[int, ...], ...]:
    """Return columns that stand on one page and share a scale, where there are at least five."""
    column = {name: i for i, name in enumerate(names)}
    found = []
    for page in questionnaire.pages:
        by_scale: dict[str, list[int]] = {}
        for member in page.members:
            if member in column:
                by_scale.setdefault(questionnaire.items[member].scale, []).append(column[member])
        found += [tuple(columns) for columns in by_scale.values() if len(columns) >= LEAST_BLOCK]
    return tuple(found)


def _straight(places: IntArray, blocks: Sequence[tuple[int, ...]]) -> npt.NDArray[np.bool_]:
    """Tell who gave one answer throughout a block of which they answered at least five items."""
    found = np.zeros(len(places), dtype=np.bool_)
    for block in blocks:
        values = np.where(places[:, block] >= 0, places[:, block], np.nan).astype(np.float64)
        count = (~np.isnan(values)).sum(axis=1)
        found |= (count >= LEAST_BLOCK) & (longest_run(values) == count)
    return found


def _same_times(done: Sequence[Record]) -> Signal:
    """Compare the times on the pages of those who went the most frequent way through them."""
    key, newest = "same_times", done[-NEWEST:]
    ways = Counter(tuple(sorted(r.seconds)) for r in newest)
    way = ways.most_common(1)[0][0] if ways else ()
    same = [r for r in newest if tuple(sorted(r.seconds)) == way]
    if len(same) < LEAST_N:
        return Signal(key, "too_few", len(same))
    paces = standard_paces([[max(r.seconds[page], 1e-3) for page in way] for r in same])
    if paces.shape[1] < 3:
        return Signal(key, "not_possible", len(same))
    distance = nearest_pace(paces)
    rng = np.random.default_rng(len(done))
    limit = NEAR_PART * min(float(nearest_pace(honest).min()) for honest in honest_paces(paces, rng))
    close = distance < limit
    state: State = "raised" if close.any() else "quiet"
    more = {"count": int(close.sum()), "pages": len(way)}
    return Signal(key, state, len(same), float(distance.min()), limit, more, _named(same, close))


def _bursts(arrivals: FloatArray) -> Signal:
    found = densest_window(arrivals) if len(arrivals) >= LEAST_N else None
    if found is None:
        return Signal("bursts", "too_few", len(arrivals))
    state: State = "raised" if found.p_value < ARRIVAL_LEVEL else "quiet"
    more = {"count": found.count, "hour": found.block_count, "at": found.begins, "blocks": found.blocks}
    return Signal("bursts", state, len(arrivals), found.p_value, ARRIVAL_LEVEL, more)


def _even_arrivals(arrivals: FloatArray) -> Signal:
    found = evenest_hour(arrivals) if len(arrivals) >= LEAST_N else None
    if found is None:
        return Signal("even_arrivals", "too_few", len(arrivals))
    state: State = "raised" if found.p_value < ARRIVAL_LEVEL else "quiet"
    more = {"count": found.count, "at": found.begins, "blocks": found.blocks}
    return Signal("even_arrivals", state, len(arrivals), found.p_value, ARRIVAL_LEVEL, more)


def _speeders(done: Sequence[Record]) -> Signal:
    """Look for those who spent less than 30 % of the median time on their typical page."""
    timed = [r for r in done if r.seconds]
    if len(timed) < LEAST_N:
        return Signal("speeders", "too_few", len(timed))
    pages = sorted({page for r in timed for page in r.seconds})
    usual = {page: float(np.median([r.seconds[page] for r in timed if page in r.seconds])) for page in pages}
    parts = [[s / usual[page] for page, s in r.seconds.items() if usual[page] > 0] for r in timed]
    pace = np.array([median(part) if part else np.nan for part in parts])
    fast = np.nan_to_num(pace, nan=np.inf) < FAST_PART
    share = float(fast.mean())
    state: State = "raised" if share > FAST_SHARE else "quiet"
    return Signal("speeders", state, len(timed), share, FAST_SHARE, {"count": int(fast.sum())}, _named(timed, fast))


def _clean_reliability(questionnaire: Questionnaire, codes: Mapping[str, FloatArray], n: int) -> Signal:
    """Hold alpha against what its number of items gives when they correlate 0.8 on average; the cleanest construct."""
    key, best, excess = "clean_reliability", None, -np.inf
    constructs = [c for c in questionnaire.constructs.values() if len(c.items) > 1 and c.mode == "reflective"]
    if not constructs:
        return Signal(key, "not_possible", n)
    for construct in constructs:
        values = np.column_stack([_keyed(questionnaire, name, codes[name]) for name in construct.items])
        values = values[~np.isnan(values).any(axis=1)]
        k, rows = values.shape[1], len(values)
        value = float(alpha(np.cov(values, rowvar=False))) if rows >= LEAST_N else np.nan
        if np.isnan(value):
            continue
        limit = plausible_alpha(k)
        low, _ = feldt_interval(value, rows, k, 1 - 2 * RELIABILITY_LEVEL / len(constructs))
        if low - limit > excess:
            excess = float(low - limit)
            best = Signal(
                key, "raised" if low > limit else "quiet", rows, value, limit, {"construct": construct.id, "items": k}
            )
    return best or Signal(key, "too_few", n)


def plausible_alpha(n_items: int, correlation: float = PLAUSIBLE_CORRELATION) -> float:
    """Return alpha of so many items that correlate so much on average (Spearman and Brown).

    Examples
    --------
    >>> round(plausible_alpha(3), 3), round(plausible_alpha(5), 3)
    (0.923, 0.952)
    """
    return n_items * correlation / (1 + (n_items - 1) * correlation)


def _keyed(questionnaire: Questionnaire, name: str, raw: FloatArray) -> FloatArray:
    item = questionnaire.items[name]
    scale = questionnaire.scales[item.scale]
    return scale.low + scale.high - raw if item.reverse else raw


def _order_effects(questionnaire: Questionnaire, done: Sequence[Record], codes: Mapping[str, FloatArray]) -> Signal:
    """Look whether the order shown has left nothing at all in the ratings of the largest shuffled group."""
    key = "no_order_effects"
    groups = [group for sheet in lay_out(questionnaire) for group in sheet.shuffle]
    items = tuple(name for name in max(groups, key=len, default=()) if name in questionnaire.items)
    if len(items) < LEAST_ITEMS:
        return Signal(key, "not_possible", len(done), limit=LEAST_CARRY_OVER)
    known = [i for i, r in enumerate(done) if set(items) <= set(r.order)]
    if len(known) < LEAST_N:
        return Signal(key, "too_few", len(known), limit=LEAST_CARRY_OVER)
    ratings = np.column_stack([_keyed(questionnaire, name, codes[name][known]) for name in items])
    shown = np.array([[done[i].order.index(name) for name in items] for i in known])
    found = order_effects(ratings, shown.argsort(axis=1).argsort(axis=1))
    reach = (found.carry_over_high - found.carry_over_low) / 2
    if np.isnan(reach):  # nobody whose ratings differ
        return Signal(key, "too_few", 0, limit=LEAST_CARRY_OVER)
    if reach > LEAST_CARRY_OVER:
        return Signal(key, "too_few", found.n, found.carry_over, LEAST_CARRY_OVER, {"reach": reach})
    absent = found.carry_over_high < LEAST_CARRY_OVER and found.drift_low < 0 < found.drift_high
    more = {"high": found.carry_over_high, "drift": found.drift, "items": len(items)}
    return Signal(key, "raised" if absent else "quiet", found.n, found.carry_over, LEAST_CARRY_OVER, more)
