"""Convergent and discriminant validity of the reflective constructs, with intervals by replicates."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from satmeter.errors import Note
from satmeter.measurement.coefficient_rows import corrected_centre
from satmeter.measurement.common_method import marker_rows
from satmeter.measurement.confirmatory import confirm
from satmeter.measurement.confirmatory_ordinal import confirm_ordinal
from satmeter.measurement.construct_ratings import LEAST_RESPONDENTS
from satmeter.measurement.criterion import criterion_rows
from satmeter.measurement.differential_functioning import differential_rows
from satmeter.measurement.invariance import compare_groups
from satmeter.measurement.item_lint import lint_items
from satmeter.measurement.known_groups import known_group_rows
from satmeter.measurement.plain import plain
from satmeter.measurement.repeated_items import without_copies
from satmeter.measurement.validity_model import LoadingRow, Validity, ValidityRow
from satmeter.moments import Resampling, moment_stack, pairwise_stack
from satmeter.numerics.arguments import correlation_from
from satmeter.numerics.discriminant import (
    average_variance,
    factor_correlations,
    first_component_share,
    fornell_larcker,
    htmt,
    structure,
)
from satmeter.numerics.factor import one_factor
from satmeter.numerics.intervals import reliability_interval, replicate_se
from satmeter.numerics.validity_intervals import expanded_percentile_interval
from satmeter.study.model import Study

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
Progress = Callable[[float], None]

LEAST_UNIQUENESS = 0.005
"""Loadings are searched among solutions with at least this residual variance, as psych does."""

LEAST_PAIRS = 10
"""Fewer respondents who answered all items of two constructs say nothing about the two."""

MOST_ERROR = 1.0
"""What is compared here hardly goes beyond 1. A greater spread comes from replicates that divide by nearly nothing."""


@dataclass(frozen=True, eq=False)
class _Base:
    """What the statistics are computed from.

    Attributes
    ----------
    constructs
        Construct to its items, at least two each.
    corr
        shape (1 + replicates, p, p), correlations of all items in this order. Every block of two constructs is over
        the respondents who answered all items of the two.
    pair_n
        shape (m, m), respondents behind every block.
    df
        Degrees of freedom of the design.
    """

    constructs: dict[str, tuple[str, ...]]
    corr: FloatArray
    pair_n: IntArray
    df: int

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.constructs)

    @property
    def slices(self) -> tuple[slice, ...]:
        return tuple(slice(block[0], block[-1] + 1) for block in self.blocks)

    @property
    def blocks(self) -> tuple[tuple[int, ...], ...]:
        sizes = [len(items) for items in self.constructs.values()]
        ends = np.cumsum(sizes)
        return tuple(tuple(range(end - size, end)) for size, end in zip(sizes, ends, strict=True))


def validate(study: Study, resampling: Resampling, *, progress: Progress | None = None) -> Validity:
    """Examine whether the items of every construct go together and whether the constructs are told apart.

    Parameters
    ----------
    study
        The respondents kept, with weights and design.
    resampling
        Replicates of this study, from ``make_resampling``.
    progress
        Called with the share of the work that is done, 0 to 1.

    Returns
    -------
    Validity
        AVE, factor correlations, Fornell–Larcker margins, HTMT and HTMT2 of the reflective constructs of several
        answered items, the share of the first component, and every item's correlation with every factor; the fit and
        loadings of the confirmatory factor model, and of that of ordered answers; measurement invariance over the
        plan's groups; known groups, criteria and marker of the plan; differential item functioning over its groups; and
        items that hurt. What cannot be computed is left out or None, and a note says so.

    Notes
    -----
    Intervals are percentiles of the replicates, further apart where the design has few degrees of freedom; of AVE on
    the scale log(1 − AVE), of the first component's share too, less the bias of the replicates; in the confirmatory
    models normal, of loadings on Fisher's scale. Weights enter through the moments. A construct's own numbers rest on
    the respondents who answered all its items, a pair's on those who answered all items of both, the confirmatory
    model's, the comparison of groups and the first component on those who answered all items of all constructs but
    those that fewer than half as many answered.

    Examples
    --------
    >>> found = validate(study, make_resampling(study))  # doctest: +SKIP
    """
    found = _within(study, resampling, progress)
    outside = [examine(study, resampling) for examine in (known_group_rows, criterion_rows, marker_rows)]
    dif, dif_notes = differential_rows(study)
    lint, lint_notes = lint_items(study, resampling, found.loadings, dif)
    if progress:
        progress(1.0)
    return replace(
        found,
        validity=(*found.validity, *(row for rows, _ in outside for row in rows)),
        validity_notes=(*found.validity_notes, *(note for _, notes in outside for note in notes)),
        dif=dif,
        dif_notes=dif_notes,
        lint=lint,
        lint_notes=lint_notes,
    )


def _within(study: Study, resampling: Resampling, progress: Progress | None) -> Validity:
    """Examine the items by themselves: nothing from outside the constructs is asked."""
    constructs, notes = _eligible(study)
    if not constructs:
        return Validity(validity_notes=tuple(notes))
    base = _base(study, resampling, constructs)
    if progress:
        progress(0.5)
    loadings = np.concatenate([_own_loadings(base.corr[:, b, b]) for b in base.slices], axis=-1)
    rows = [*_construct_rows(study, base, loadings, notes), *_pair_rows(study, base, loadings, notes)]
    together = _together(base, notes)
    rows += _single_factor_rows(study, resampling, together)
    single, copies = without_copies(study, together)
    model, ordinal = confirm(study, single), confirm_ordinal(study, single)
    invariance, comparable = compare_groups(study, single)
    return Validity(
        validity=(*rows, *model.rows, *ordinal.rows),
        loadings=(*_loading_rows(study, base, loadings), *model.loadings, *ordinal.loadings),
        invariance=invariance,
        validity_notes=tuple(notes),
        loading_notes=(*copies, *model.notes, *ordinal.notes),
        invariance_notes=comparable,
    )


def _eligible(study: Study) -> tuple[dict[str, tuple[str, ...]], list[Note]]:
    """Return the reflective constructs of at least two items whose ratings differ, and a note on the others."""
    constructs, left_out = {}, []
    for construct in study.questionnaire.constructs.values():
        values = np.asarray(study.frame[list(construct.items)], dtype=np.float64)
        values = values[study.weights > 0]
        answered = np.asarray(~np.isnan(values).all(axis=0))
        complete = values[np.asarray(~np.isnan(values[:, answered]).any(axis=1))]
        varied = np.array([np.ptp(column) > 0 if len(column) else False for column in complete.T])
        items = tuple(item for item, kept in zip(construct.items, answered & varied, strict=True) if kept)
        if construct.mode == "reflective" and len(items) > 1 and len(complete) >= LEAST_RESPONDENTS:
            constructs[construct.id] = items
        else:
            left_out.append(construct.id)
    return constructs, [Note("M140", "", {"constructs": ", ".join(left_out)})] if left_out else []


def _base(study: Study, resampling: Resampling, constructs: dict[str, tuple[str, ...]]) -> _Base:
    items = [item for names in constructs.values() for item in names]
    values = np.asarray(study.frame[items], dtype=np.float64)
    ends = np.cumsum([len(names) for names in constructs.values()]).tolist()
    blocks = [range(end - len(names), end) for end, names in zip(ends, constructs.values(), strict=True)]
    found = pairwise_stack(resampling, values, blocks)
    return _Base(constructs, found.corr, found.n, resampling.df)


def _own_loadings(corr: FloatArray) -> FloatArray:
    """Return the loadings of a construct's items on its one factor, proper ones; NaN where the search failed."""
    fit = one_factor(corr, min_uniqueness=LEAST_UNIQUENESS)
    return np.where(fit.converged[..., None], fit.loadings, np.nan)


def _construct_rows(study: Study, base: _Base, loadings: FloatArray, notes: list[Note]) -> Iterator[ValidityRow]:
    average = average_variance(loadings, base.blocks)
    limit = np.sqrt(1 - LEAST_UNIQUENESS) - 1e-9
    for j, name in enumerate(base.names):
        if not (np.abs(loadings[0, base.slices[j]]) < limit).all():
            notes.append(Note("M142", name))
        yield _row(study, ("ave", name, ""), average[:, j], int(base.pair_n[j, j]), base.df)


def _pair_rows(study: Study, base: _Base, loadings: FloatArray, notes: list[Note]) -> Iterator[ValidityRow]:
    factors = factor_correlations(base.corr, base.blocks, loadings)
    stacks = {
        "htmt": htmt(base.corr, base.blocks),
        "htmt2": htmt(base.corr, base.blocks, mean="geometric"),
        "factor_correlation": factors,
        "fornell_larcker": fornell_larcker(average_variance(loadings, base.blocks), factors),
    }
    for a, first in enumerate(base.names):
        for b in range(a + 1, len(base.names)):
            n = int(base.pair_n[a, b])
            if n < LEAST_PAIRS or np.isnan(stacks["htmt"][0, a, b]):
                notes.append(Note("M143", first, {"other": base.names[b], "n": n}))
                continue
            for statistic, stack in stacks.items():
                yield _row(study, (statistic, first, base.names[b]), stack[:, a, b], n, base.df)


def _together(base: _Base, notes: list[Note]) -> dict[str, tuple[str, ...]]:
    """Return the constructs for models of all of them, without those that only some respondents were asked."""
    own = np.diagonal(base.pair_n)
    few = [name for name, n in zip(base.names, own, strict=True) if 2 * n < own.max()]
    if few:
        notes.append(Note("M146", "", {"constructs": ", ".join(few)}))
    return {name: items for name, items in base.constructs.items() if name not in few}


def _single_factor_rows(
    study: Study, resampling: Resampling, constructs: dict[str, tuple[str, ...]]
) -> Iterator[ValidityRow]:
    items = [item for names in constructs.values() for item in names]
    stack = moment_stack(resampling, np.asarray(study.frame[items], dtype=np.float64))
    share = first_component_share(correlation_from(stack.covariance))
    if np.isfinite(share[0]) and len(constructs) > 1 and stack.n >= LEAST_PAIRS:
        yield _row(study, ("single_factor_share", "", ""), share, stack.n, resampling.df)


def _loading_rows(study: Study, base: _Base, loadings: FloatArray) -> Iterator[LoadingRow]:
    found = structure(base.corr, base.blocks, loadings)
    few = (base.pair_n < LEAST_PAIRS) & ~np.eye(len(base.names), dtype=np.bool_)
    found[:, np.repeat(few, [len(block) for block in base.blocks], axis=0)] = np.nan
    error = replicate_se(found[1:])
    error = np.where(error <= MOST_ERROR, error, np.nan)
    low, high = expanded_percentile_interval(found[1:], base.df, study.plan.uncertainty.conf_level)
    for own, block in enumerate(base.blocks):
        items = base.constructs[base.names[own]]
        for i, item in zip(block, items, strict=True):
            for j, construct in enumerate(base.names):
                yield LoadingRow(
                    model="structure",
                    construct=construct,
                    item=item,
                    estimate=plain(found[0, i, j]),
                    std_error=plain(error[i, j]),
                    conf_low=plain(low[i, j]),
                    conf_high=plain(high[i, j]),
                    n=int(base.pair_n[own, j]),
                )


def _row(study: Study, key: tuple[str, str, str], values: FloatArray, n: int, df: int) -> ValidityRow:
    statistic, construct, other = key
    exists, level = np.isfinite(values[0]), study.plan.uncertainty.conf_level
    error = float(replicate_se(values[1:]))
    if statistic == "ave":
        low, high = reliability_interval(values[0], values[1:], df, level)
        low = np.maximum(low, 0.0)
    elif statistic == "single_factor_share":  # the largest of many makes the most of chance, in every replicate again
        low, high = reliability_interval(corrected_centre(values), values[1:], df, level)
        low, high = np.fmin(low, values[0]), np.fmax(high, values[0])
    else:
        low, high = expanded_percentile_interval(values[1:], df, level)
    return ValidityRow(
        statistic=statistic,
        construct=construct,
        other=other,
        estimate=plain(values[0]),
        std_error=plain(error) if exists and error <= MOST_ERROR else None,
        conf_low=plain(low) if exists else None,
        conf_high=plain(high) if exists else None,
        df=None,
        p_value=None,
        n=n,
    )
