"""Which part of the design answers come from, and the degrees of freedom that this leaves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.measurement.degrees import capped_df
from satmeter.study.model import Study

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Reach:
    """Which part of the design some answers come from, by quantity.

    Attributes
    ----------
    units
        shape (units, q), clusters with an answer; None where respondents are the units.
    strata
        shape (strata, q), strata with an answer.
    n
        shape (q,), respondents who answered.
    """

    units: BoolArray | None
    strata: BoolArray
    n: IntArray

    def joined(self, other: Reach) -> Reach:
        """Return what these answers and those of other respondents reach together."""
        units = None if self.units is None or other.units is None else self.units | other.units
        return Reach(units, self.strata | other.strata, self.n + other.n)


def reach_of(study: Study, answered: BoolArray) -> Reach:
    """Return which part of the design some answers come from.

    Parameters
    ----------
    study
        The study.
    answered
        shape (n, q), who answered what every quantity is made of.
    """
    design, columns = study.design, answered.T
    units = None
    if study.cluster is not None:
        units = np.stack([np.bincount(design.unit[c], minlength=design.n_units) > 0 for c in columns], axis=1)
    layers = len(design.units_per_stratum)
    if layers == 1:
        strata = np.atleast_2d(answered.any(axis=0))
    else:
        place = design.stratum[design.unit]
        strata = np.stack([np.bincount(place[c], minlength=layers) > 0 for c in columns], axis=1)
    return Reach(units, strata, answered.sum(axis=0).astype(np.int64))


def reached_df(study: Study, reach: Reach) -> FloatArray:
    """Return degrees of freedom as of `design_df`, of those who answered each quantity: shape (q,)."""
    units = reach.n if reach.units is None else reach.units.sum(axis=0)
    return capped_df(study, units - reach.strata.sum(axis=0).astype(np.float64))
