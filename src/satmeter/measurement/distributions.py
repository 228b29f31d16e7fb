"""How often every point of every item's scale was chosen."""

from __future__ import annotations

import numpy as np

from satmeter.measurement.model import DistributionRow
from satmeter.measurement.plain import plain
from satmeter.study.model import Study


def distribution_rows(study: Study) -> tuple[DistributionRow, ...]:
    """Count the ratings of every item.

    Parameters
    ----------
    study
        The study. Its weights enter the shares, not `n`.

    Returns
    -------
    tuple of DistributionRow
        Items in the order of the questionnaire, points in ascending order, those that nobody chose too. Codes are
        those of the printed scale: where `Study.frame` holds low + high − code of a reversed item, the code is turned
        back, so that it goes with the point's label.
    """
    questionnaire = study.questionnaire
    rows = []
    for construct in questionnaire.constructs.values():
        for name in construct.items:
            item = questionnaire.items[name]
            scale = questionnaire.scales[item.scale]
            ratings = np.asarray(study.frame[name], dtype=np.float64)
            printed = scale.low + scale.high - ratings if item.reverse else ratings
            codes = np.asarray(scale.codes, dtype=np.float64)
            place = np.minimum(np.searchsorted(codes, printed), len(codes) - 1)
            on = codes[place] == printed  # not where the rating is missing
            counts = np.bincount(place[on], minlength=len(codes))
            weights = np.bincount(place[on], weights=study.weights[on], minlength=len(codes))
            total = float(weights.sum())
            for code, n, weight in zip(scale.codes, counts, weights, strict=True):
                share = plain(weight / total) if total > 0 else None
                rows.append(DistributionRow(construct.id, name, code, int(n), share))
    return tuple(rows)
