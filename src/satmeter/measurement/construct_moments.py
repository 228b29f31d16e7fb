"""From a construct's ratings to the moments that its coefficients are computed from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.errors import Note
from satmeter.measurement.construct_ratings import ConstructRatings
from satmeter.measurement.degrees import design_df
from satmeter.moments import MomentStack, Resampling, em_stack, moment_stack
from satmeter.study.model import Study

BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class ConstructMoments:
    """Moments of one construct's items.

    Attributes
    ----------
    moments, df
        Of the respondents who count.
    notes
        M188 where EM did not settle, so that only complete answers count.
    """

    moments: MomentStack
    df: float
    notes: tuple[Note, ...] = ()


def construct_moments(
    study: Study, resampling: Resampling, construct: str, ratings: ConstructRatings
) -> ConstructMoments:
    """Reduce the ratings of one construct to moments.

    Parameters
    ----------
    study, resampling
        The study and its replicates.
    construct
        For the note.
    ratings
        From `construct_ratings`.

    Returns
    -------
    ConstructMoments
        By EM where somebody who counts left an item out, which happens under ``missing: {items: em}`` only.
    """
    notes: tuple[Note, ...] = ()
    if (ratings.rows & ~ratings.complete).any():
        moments = em_stack(resampling, ratings.values, rows=ratings.rows)
        if np.isfinite(moments.covariance[0]).all():
            return ConstructMoments(moments, design_df(study, ratings.rows))
        notes = (Note("M188", construct),)
    moments = moment_stack(resampling, ratings.values, rows=ratings.complete)
    return ConstructMoments(moments, design_df(study, ratings.complete), notes)
