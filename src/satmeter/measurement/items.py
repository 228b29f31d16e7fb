"""The distribution of every item's ratings."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from satmeter.measurement.model import ItemRow
from satmeter.measurement.plain import plain
from satmeter.measurement.reliability import ItemPart
from satmeter.questionnaire.model import Construct, Scale
from satmeter.study.model import Study

FloatArray = npt.NDArray[np.float64]


def item_rows(study: Study, construct: Construct, parts: Mapping[str, ItemPart]) -> tuple[ItemRow, ...]:
    """Describe the items of one construct.

    Parameters
    ----------
    study
        The study; its weights enter the mean, the standard deviation and the shares, not the missing share.
    construct
        One construct of the study's questionnaire.
    parts
        Item to its part in the reliability of the construct.

    Returns
    -------
    tuple of ItemRow
        In the order of the questionnaire. The standard deviation has the divisor (sum of weights − 1) after scaling to
        mean weight 1; it is absent for fewer than two ratings. Skew and excess kurtosis are G1 and G2 of Joanes and
        Gill (1998, The Statistician 47, 183–189), which SPSS, SAS and Excel print: with weighted central moments m_k,
        G1 = √(n (n − 1)) / (n − 2) · m_3 / m_2^1.5 and
        G2 = (n − 1) / ((n − 2)(n − 3)) · ((n + 1) (m_4 / m_2² − 3) + 6); absent below three and four ratings, and where
        all ratings are equal.
    """
    questionnaire = study.questionnaire
    return tuple(
        _row(
            study,
            construct.id,
            item,
            questionnaire.scales[questionnaire.items[item].scale],
            parts.get(item, ItemPart()),
        )
        for item in construct.items
    )


def _row(study: Study, construct: str, item: str, scale: Scale, part: ItemPart) -> ItemRow:
    ratings = np.asarray(study.frame[item], dtype=np.float64)
    seen = ~np.isnan(ratings)
    n = int(seen.sum())
    asked = seen | np.asarray(study.missing[item] != "not_asked", dtype=bool)
    mean, sd, floor, ceiling = _distribution(ratings[seen], study.weights[seen], scale)
    skew, kurtosis = _shape(ratings[seen], study.weights[seen])
    return ItemRow(
        construct=construct,
        item=item,
        n=n,
        mean=plain(mean),
        sd=plain(sd),
        missing_share=plain(1 - n / asked.sum()) if asked.any() else None,
        item_rest_r=part.item_rest_r,
        alpha_if_dropped=part.alpha_if_dropped,
        loading=part.loading,
        floor_share=plain(floor),
        ceiling_share=plain(ceiling),
        skew=plain(skew),
        kurtosis=plain(kurtosis),
    )


def _distribution(ratings: FloatArray, weights: FloatArray, scale: Scale) -> tuple[float, float, float, float]:
    """Return weighted mean, standard deviation and the shares at the two ends; NaN where they do not exist."""
    n = len(ratings)
    total = float(weights.sum())
    if n == 0 or total <= 0:
        return math.nan, math.nan, math.nan, math.nan
    part = weights / total
    mean = float(weights @ ratings) / total
    variance = float(part @ (ratings - mean) ** 2) * n / (n - 1) if n > 1 else math.nan
    return mean, math.sqrt(variance), float(part @ (ratings == scale.low)), float(part @ (ratings == scale.high))


def _shape(ratings: FloatArray, weights: FloatArray) -> tuple[float, float]:
    """Return skew G1 and excess kurtosis G2; NaN where they do not exist."""
    n, total = len(ratings), float(weights.sum())
    if n < 3 or total <= 0 or np.ptp(ratings) == 0:
        return math.nan, math.nan
    part = weights / total
    centred = ratings - float(part @ ratings)
    square = centred**2
    m2, m3, m4 = float(part @ square), float(part @ (square * centred)), float(part @ square**2)
    if m2 <= 0:  # all weight lies on one rating
        return math.nan, math.nan
    skew = math.sqrt(n * (n - 1)) / (n - 2) * m3 / m2**1.5
    if n < 4:
        return skew, math.nan
    return skew, (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * (m4 / m2**2 - 3) + 6)
