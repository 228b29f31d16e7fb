"""Items that carry the same answers as another one: factor models are fitted without the copy."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from satmeter.errors import Note
from satmeter.study.model import Study

Constructs = Mapping[str, tuple[str, ...]]


def without_copies(study: Study, constructs: Constructs) -> tuple[dict[str, tuple[str, ...]], tuple[Note, ...]]:
    """Leave out items whose answers are those of an earlier item, as far as their constructs keep two items.

    Parameters
    ----------
    study
        The study.
    constructs
        Construct to its items.

    Returns
    -------
    constructs
        Without the copies. Answers are compared among the respondents who gave all of them.
    notes
        The pairs, the item that stays first.
    """
    items = [item for names in constructs.values() for item in names]
    values = np.asarray(study.frame[items], dtype=np.float64)
    complete = values[~np.isnan(values).any(axis=1) & (study.weights > 0)]
    if len(complete) < 2:
        return dict(constructs), ()
    first: dict[bytes, str] = {}
    copy_of: dict[str, str] = {}
    for item, column in zip(items, complete.T, strict=True):
        original = first.setdefault(np.ascontiguousarray(column).tobytes(), item)
        if original != item and np.ptp(column) > 0:
            copy_of[item] = original
    kept, pairs = {}, []
    for name, names in constructs.items():
        single = tuple(item for item in names if item not in copy_of)
        kept[name] = single if len(single) > 1 else names
        pairs += [f"{copy_of[item]}–{item}" for item in names if item not in kept[name]]
    return kept, (Note("M233", "", {"pairs": ", ".join(pairs)}),) if pairs else ()
