"""Effects, loadings and weights of the path model, with intervals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.drivers.path_base import PathBase
from satmeter.drivers.path_rows import ChainRow, PathRow
from satmeter.drivers.section import ARROW
from satmeter.errors import Note, NumericsError
from satmeter.measurement.plain import plain
from satmeter.measurement.validity_model import LoadingRow
from satmeter.numerics.arguments import correlation_from
from satmeter.numerics.bca import acceleration, bca_interval, delete_one_moments
from satmeter.numerics.intervals import percentile_interval, replicate_se
from satmeter.numerics.path_effects import effects, inner_quality, specific_effects
from satmeter.numerics.path_higher_order import estimate_paths

FloatArray = npt.NDArray[np.float64]

"""Between the constructs of a route."""

EFFECTS = ("direct", "indirect", "total")


@dataclass(frozen=True, slots=True)
class PathEstimates:
    """Rows of the sections `paths`, `path_chains` and `loadings`, and what is to be noted about them."""

    paths: tuple[PathRow, ...]
    chains: tuple[ChainRow, ...]
    loadings: tuple[LoadingRow, ...]
    notes: tuple[Note, ...]


def path_estimates(base: PathBase) -> PathEstimates:
    """Return the effects of constructs on constructs, the indirect ones route by route, loadings and weights.

    Parameters
    ----------
    base
        The estimated model.

    Returns
    -------
    PathEstimates
        Indirect and total effects where a route of two or more steps exists. Percentile intervals of the replicates,
        whose signs agree with the sample's; BCa intervals with the jackknife over sampling units. Without replicates
        there are none.
    """
    level = base.study.plan.uncertainty.conf_level
    found = effects(base.fit.paths, base.model)
    stacks = {name: getattr(found, name) for name in EFFECTS}
    corrected = _corrected(base, stacks, level)
    quality = inner_quality(base.fit, base.model, base.n)
    rows = []
    for source, target, which in _shown(base):
        values = stacks[which][:, target, source]
        low, high = percentile_interval(values[1:], level)
        ends = corrected.get(which)
        direct = which == "direct"
        rows.append(
            PathRow(
                source=base.names[source],
                target=base.names[target],
                effect=which,
                estimate=plain(values[0]),
                std_error=plain(replicate_se(values[1:])),
                conf_low=plain(low),
                conf_high=plain(high),
                bca_low=None if ends is None else plain(ends[0][target, source]),
                bca_high=None if ends is None else plain(ends[1][target, source]),
                f2=plain(quality.f2[0, target, source]) if direct else None,
                vif=plain(quality.vif[0, target, source]) if direct else None,
                n=base.n,
            )
        )
    chains, notes = _chains(base, level)
    return PathEstimates(tuple(rows), chains, tuple(_loadings(base, level)), notes)


def _shown(base: PathBase) -> Iterator[tuple[int, int, str]]:
    """Yield source, target and kind of the effects that exist by the model."""
    reach = np.zeros((len(base.names),) * 2, dtype=np.bool_)
    for target in base.model.order:
        before = base.model.predecessors[target]
        over = np.zeros(len(base.names), dtype=np.bool_)
        for source in before:
            over |= reach[source]
        for source in range(len(base.names)):
            if source in before:
                yield source, target, "direct"
            if over[source]:
                yield source, target, "indirect"
            if source in before or over[source]:
                yield source, target, "total"
                reach[target, source] = True


def _corrected(base: PathBase, stacks: dict[str, FloatArray], level: float) -> dict[str, tuple[FloatArray, FloatArray]]:
    """Return BCa intervals of the three kinds of effects."""
    if len(base.fit.paths) < 3:
        return {}
    study, kept = base.study, base.kept
    strata, cluster = (None if codes is None else codes[kept] for codes in (study.layers, study.cluster))
    try:
        _, covariances = delete_one_moments(base.rows, study.weights[kept], strata, cluster)
    except NumericsError:
        return {}  # a stratum of which one unit is left: the percentiles stand alone
    scheme = study.plan.paths.scheme
    reference = base.items_fit.loadings[0]
    left = estimate_paths(correlation_from(covariances), base.stages, scheme=scheme, reference=reference)
    without = effects(left.paths, base.model)
    return {
        name: bca_interval(stack[0], stack[1:], acceleration(getattr(without, name)), level)
        for name, stack in stacks.items()
    }


def _chains(base: PathBase, level: float) -> tuple[tuple[ChainRow, ...], tuple[Note, ...]]:
    try:
        routes, values = specific_effects(base.fit.paths, base.model)
    except NumericsError as error:
        return (), tuple(Note("D152", "", {"maximum": str(p.params["maximum"])}) for p in error.problems)
    rows = []
    for j, route in enumerate(routes):
        low, high = percentile_interval(values[1:, j], level)
        rows.append(
            ChainRow(
                source=base.names[route[0]],
                target=base.names[route[-1]],
                via=ARROW.join(base.names[k] for k in route[1:-1]),
                estimate=plain(values[0, j]),
                std_error=plain(replicate_se(values[1:, j])),
                conf_low=plain(low),
                conf_high=plain(high),
                n=base.n,
            )
        )
    return tuple(rows), ()


def _loadings(base: PathBase, level: float) -> Iterator[LoadingRow]:
    for model, stack in (("path", base.fit.loadings), ("path_weight", base.fit.weights)):
        low, high = percentile_interval(stack[1:], level)
        error = replicate_se(stack[1:])
        for name, block in zip(base.names, base.model.blocks, strict=True):
            for column in block:
                yield LoadingRow(
                    model=model,
                    construct=name,
                    item=base.columns[column],
                    estimate=plain(stack[0, column]),
                    std_error=plain(error[column]),
                    conf_low=plain(low[column]),
                    conf_high=plain(high[column]),
                    n=base.n,
                )
