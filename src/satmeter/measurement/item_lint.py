"""Which item hurts its construct, why, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from satmeter.errors import Note
from satmeter.measurement.differential_functioning import flagged_items
from satmeter.measurement.items import item_rows
from satmeter.measurement.model import ItemRow
from satmeter.measurement.validity_model import DifRow, LintRow, LoadingRow
from satmeter.moments import Resampling, moment_stack
from satmeter.numerics.arguments import correlation_from
from satmeter.numerics.differential_items import MODERATE
from satmeter.numerics.intervals import percentile_interval
from satmeter.numerics.reliability import alpha, alpha_if_dropped, item_rest_correlation
from satmeter.questionnaire.model import Construct
from satmeter.study.model import Study
from satmeter.study.scores import rescaled

FloatArray = npt.NDArray[np.float64]
Found = Iterator[tuple[LintRow, Note]]

LEAST_COMPLETE = 10
"""Fewer complete respondents say nothing about items that go together."""
LEAST_ITEM_REST = 0.30
"""Nunnally and Bernstein (1994), Psychometric Theory, 8."""
LEAST_ALPHA_RISE = 0.01
"""A rise in the second decimal, where alpha is printed; its interval must lie above 0 besides."""
LEAST_LOADING = 0.50
"""Hair, Black, Babin and Anderson (2019), Multivariate Data Analysis: .5 at least, .7 ideally."""
LEAST_MARGIN = 0.10
"""By how much the own loading must exceed the others: Gefen and Straub (2005), CAIS 16, 91–109."""
MOST_CORRELATION = 0.90
"""Two items that share four fifths of their variance ask one thing."""
MOST_AT_END = 0.50
"""More than half at one end: the median is the end of the scale. (The 15 % of Terwee et al. 2007 are for totals.)"""
MOST_MISSING = 0.10
"""Hair et al. (2019): below a tenth missing answers hardly matter."""
MOST_SKEW = 2.0
"""West, Finch and Curran (1995), in Hoyle, Structural Equation Modeling."""
LIMIT_LOADING = np.sqrt(1 - 0.005)
"""Loadings are searched among solutions with residual variances of at least .005."""


class _Own(NamedTuple):
    """What is known of one construct's items from its complete rows."""

    items: list[str]
    corr: FloatArray
    rest: FloatArray
    rest_high: FloatArray
    alpha: float
    dropped: FloatArray
    rise: FloatArray
    rise_low: FloatArray


def lint_items(
    study: Study, resampling: Resampling, loadings: tuple[LoadingRow, ...], dif: tuple[DifRow, ...]
) -> tuple[tuple[LintRow, ...], tuple[Note, ...]]:
    """Look for items that weaken their construct or hardly inform.

    Parameters
    ----------
    study, resampling
        The study and its replicates.
    loadings
        Those of model `structure` are used.
    dif
        From ``differential_rows``.

    Returns
    -------
    rows
        One finding a row, in the order of the questionnaire; `value` is beyond `limit`.
    notes
        For every row one sentence: the item, the reason, what to do.
    """
    found: list[tuple[LintRow, Note]] = []
    by_item = {row.item: row for row in flagged_items(dif)}
    for construct in study.questionnaire.constructs.values():
        shape = {row.item: row for row in item_rows(study, construct, {})}
        here = [*_consistency(study, resampling, construct), *_loadings(construct, loadings)]
        for row in shape.values():
            here += _shape(row)
        for item in construct.items:
            here += _functioning(by_item.get(item))
        order = {item: place for place, item in enumerate(construct.items)}
        found += sorted(here, key=lambda one: order[one[0].item])
    return tuple(row for row, _ in found), tuple(note for _, note in found)


def _consistency(study: Study, resampling: Resampling, construct: Construct) -> Found:
    own = _own(study, resampling, construct)
    if own is None:
        return
    for j, item in enumerate(own.items):
        r = float(own.rest[j])
        if own.rest_high[j] < 0:
            yield _told("M212", construct.id, item, "negative_item_rest", r, 0.0, {"r": r})
        elif r < LEAST_ITEM_REST:
            yield _told("M211", construct.id, item, "low_item_rest", r, LEAST_ITEM_REST, {"r": r})
        if own.rise[j] > LEAST_ALPHA_RISE and own.rise_low[j] > 0:
            rise, alphas = float(own.rise[j]), {"alpha": own.alpha, "without": float(own.dropped[j])}
            yield _told("M213", construct.id, item, "alpha_rises", rise, LEAST_ALPHA_RISE, alphas)
        for i in range(j):
            if own.corr[i, j] > MOST_CORRELATION:
                r = float(own.corr[i, j])
                words: dict[str, str | float] = {"r": r, "other": own.items[i]}
                yield _told("M216", construct.id, item, "redundant", r, MOST_CORRELATION, words)


def _own(study: Study, resampling: Resampling, construct: Construct) -> _Own | None:
    """Return the consistency of a reflective construct's varying items; None where it has not two of them."""
    values = {i: np.asarray(study.frame[i], dtype=np.float64) for i in construct.items}
    answered = [i for i in construct.items if not np.isnan(values[i]).all()]
    if construct.mode == "formative" or len(answered) < 2:
        return None
    table = np.stack([rescaled(values[i], study.questionnaire, i) for i in answered], axis=1)
    complete = ~np.isnan(table).any(axis=1) & (study.weights > 0)
    if complete.sum() < LEAST_COMPLETE:
        return None
    varied = np.flatnonzero(np.ptp(table[complete], axis=0) > 0)
    if len(varied) < 2:
        return None
    cov = moment_stack(resampling, table[:, varied], rows=complete).covariance
    whole, dropped, rest = alpha(cov), alpha_if_dropped(cov), item_rest_correlation(cov)
    rise = dropped - whole[:, None]
    level = study.plan.uncertainty.conf_level
    low, _ = percentile_interval(rise[1:], level)
    _, rest_high = percentile_interval(rest[1:], level)
    return _Own(
        items=[answered[j] for j in varied],
        corr=correlation_from(cov[0]),
        rest=rest[0],
        rest_high=rest_high,
        alpha=float(whole[0]),
        dropped=dropped[0],
        rise=rise[0],
        rise_low=low,
    )


def _loadings(construct: Construct, loadings: tuple[LoadingRow, ...]) -> Found:
    """Judge the size of the loadings of constructs of at least three items; of their sign `_consistency` speaks."""
    structure = {
        (row.item, row.construct): row.estimate
        for row in loadings
        if row.model == "structure" and row.item in construct.items and row.estimate is not None
    }
    items = [i for i in construct.items if (i, construct.id) in structure]
    for item in items:
        own = structure[item, construct.id]
        if len(items) >= 3 and abs(own) >= LIMIT_LOADING - 1e-9:
            yield _told("M222", construct.id, item, "heywood", own, float(LIMIT_LOADING), {})
        elif len(items) >= 3 and abs(own) < LEAST_LOADING:
            yield _told("M214", construct.id, item, "low_loading", own, LEAST_LOADING, {"loading": own})
        others = {c: abs(value) for (i, c), value in structure.items() if i == item and c != construct.id}
        if not others:
            continue
        nearest = max(others, key=others.__getitem__)
        limit = abs(own) - LEAST_MARGIN
        if others[nearest] > limit:
            words: dict[str, str | float] = {"loading": own, "cross": others[nearest], "other": nearest}
            yield _told("M215", construct.id, item, "cross_loading", others[nearest], limit, words)


def _shape(row: ItemRow) -> Found:
    """Judge the distribution of one item."""
    for finding, code, share in (("floor", "M217", row.floor_share), ("ceiling", "M218", row.ceiling_share)):
        if share is not None and share > MOST_AT_END:
            yield _told(code, row.construct, row.item, finding, share, MOST_AT_END, {"share": 100 * share})
    if row.missing_share is not None and row.missing_share > MOST_MISSING:
        words = {"share": 100 * row.missing_share}
        yield _told("M219", row.construct, row.item, "many_missing", row.missing_share, MOST_MISSING, words)
    if row.skew is not None and abs(row.skew) > MOST_SKEW:
        limit = MOST_SKEW if row.skew > 0 else -MOST_SKEW
        yield _told("M220", row.construct, row.item, "skewed", row.skew, limit, {"skew": row.skew})


def _functioning(row: DifRow | None) -> Found:
    if row is not None and row.effect is not None:
        words: dict[str, str | float] = {"question": row.group_by, "effect": row.effect, "size": row.size}
        yield _told("M221", row.construct, row.item, "dif", row.effect, MODERATE, words)


def _told(
    code: str,
    construct: str,
    item: str,
    finding: str,
    value: float,
    limit: float,
    words: Mapping[str, str | float],
) -> tuple[LintRow, Note]:
    return LintRow(construct, item, finding, value, limit), Note(code, item, {"construct": construct, **words})
