"""Which units are resampled, and the draws; or replicate weights that came with the data."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from satmeter.moments.calibrated import calibrated_again
from satmeter.moments.model import IntArray, Resampling
from satmeter.numerics.design import DesignUnits
from satmeter.numerics.replicate_weights import ReplicateSet, balanced_factors, delete_one, mixing
from satmeter.numerics.resampling import rao_wu_draws, rao_wu_floor, rao_wu_scale
from satmeter.study.model import Study

MAX_DRAWS = 100_000_000
N_GROUPS = 2_000


def make_resampling(study: Study) -> Resampling:
    """Draw the replicates of a study, once for all its numbers.

    Parameters
    ----------
    study
        Its weights, strata, clusters, sampling fractions, replicate weights and `plan.uncertainty` are used.

    Returns
    -------
    Resampling
        Units are clusters within strata, or else respondents. When units × replicates exceed 10⁸, the units
        of every stratum are dealt by a hash into random groups, about 2,000 in all, and the groups are
        resampled, so that the cost no longer grows with n. The draws depend on the seed, not on the machine
        or on chunks. Calibrated weights are calibrated anew in every replicate; one that cannot be, for want of a
        category, is left out. With given replicate weights, and with the methods `jackknife` and `groups`, `exact`
        holds the replicates for scores (docs/methods/replicate-weights.md).

    Raises
    ------
    NumericsError
        N003 for a stratum with one unit. A study of one respondent has no replicates, hence no intervals.

    Examples
    --------
    >>> resampling = make_resampling(study)  # doctest: +SKIP
    """
    if study.n == 1:  # nothing can be drawn again: every interval is absent
        return Resampling(study.weights, np.zeros(1, dtype=np.int64), np.empty((0, 1), dtype=np.uint16), np.ones(1), 0)
    drawn = _made(study) if study.replicates is None else _given(study, study.replicates)
    return drawn if study.calibrated is None else calibrated_again(drawn, study.calibrated.frame)


def _made(study: Study) -> Resampling:
    """Draw units of the design again, and leave them out one by one where the plan says so."""
    plan = study.plan.uncertainty
    design = study.design
    most = N_GROUPS
    if plan.method == "groups":
        design = _dealt(study, design, plan.groups)
        most = max(N_GROUPS, design.n_units)
    if design.n_units * plan.replicates > MAX_DRAWS or (plan.method != "bootstrap" and design.n_units > most):
        design = _dealt(study, design, N_GROUPS)
    sizes, fraction = design.units_per_stratum, design.fraction
    rng = np.random.default_rng(plan.seed)
    drawn = Resampling(
        weights=study.weights,
        units=design.unit,
        draws=rao_wu_draws(design.stratum, plan.replicates, rng, fraction=fraction, centre=design.centre),
        scale=rao_wu_scale(design.stratum, fraction),
        df=int(sizes.sum() - len(sizes)),
        floor=None if fraction is None else rao_wu_floor(design.stratum, fraction),
    )
    if plan.method == "bootstrap":
        return drawn
    factor, coefficient = delete_one(design.stratum, fraction, centre=design.centre)
    ones = np.ones(design.n_units)
    return replace(drawn, exact=replace(drawn, draws=factor, scale=ones, floor=None, coefficient=coefficient))


def _dealt(study: Study, design: DesignUnits, n_groups: int) -> DesignUnits:
    names = study.frame.index if study.cluster is None else pd.RangeIndex(design.n_units)
    return random_groups(design, pd.util.hash_array(names.to_numpy()), n_groups)


def _given(study: Study, found: ReplicateSet) -> Resampling:
    """Take replicate weights as they are for scores, and as a bootstrap, or combinations of them, for the rest."""
    plan = study.plan.uncertainty
    ones = np.ones(found.factor.shape[1])
    exact = Resampling(study.weights, found.unit, found.factor, ones, found.df, coefficient=found.coefficient)
    if found.balanced:
        return replace(exact, draws=balanced_factors(found), coefficient=None, exact=exact)
    drawn = mixing(found, plan.replicates, np.random.default_rng(plan.seed))
    return replace(exact, draws=drawn, mixture=found.factor - 1, coefficient=None, exact=exact)


def random_groups(design: DesignUnits, key: np.typing.NDArray[np.uint64], n_groups: int) -> DesignUnits:
    """Deal the units of every stratum into random groups of nearly equal size.

    Parameters
    ----------
    design
        The units.
    key
        shape (n_units,), a hash of every unit's name; ties keep the order of the units.
    n_groups
        Groups in all, shared out over the strata by their number of units, at least two in each.

    Returns
    -------
    DesignUnits
        The groups as units.

    Examples
    --------
    >>> one = DesignUnits(np.arange(6), np.zeros(6, dtype=np.int64))
    >>> random_groups(one, np.arange(6, dtype=np.uint64), 2).unit
    array([0, 1, 0, 1, 0, 1])
    """
    size = design.units_per_stratum
    groups = np.minimum(size, np.maximum(2, np.round(n_groups * size / size.sum()).astype(np.int64)))
    order = np.lexsort((key, design.stratum))
    rank: IntArray = np.empty(design.n_units, dtype=np.int64)
    rank[order] = np.arange(design.n_units) - np.repeat(np.cumsum(size) - size, size)
    first = np.cumsum(groups) - groups
    group = first[design.stratum] + rank % groups[design.stratum]
    return DesignUnits(group[design.unit], np.repeat(np.arange(len(size)), groups), design.fraction, design.centre)
