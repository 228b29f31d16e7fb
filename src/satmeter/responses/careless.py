"""Respondents who do not read: straightliners, random answerers and speeders."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
import numpy.typing as npt

from satmeter.questionnaire.model import Questionnaire

Kind = Literal["straightliner", "random", "speeder"]
KINDS: dict[Kind, float] = {"straightliner": 0.4, "random": 0.4, "speeder": 0.2}  # parts of the careless
PACE: dict[str, float] = {"": 1.0, "straightliner": 0.3, "random": 0.5, "speeder": 0.1}  # of the usual time
SPEEDER_GUESSES = 0.5  # share of a speeder's ratings that are random

ObjectArray = npt.NDArray[np.object_]


def pick_careless(n: int, share: float, rng: np.random.Generator) -> ObjectArray:
    """Choose who is careless, and how.

    Parameters
    ----------
    n
        Number of respondents.
    share
        Part of them that is careless; exactly ``round(n * share)`` are chosen.
    rng
        Source of randomness.

    Returns
    -------
    array, shape (n,)
        A kind, or '' for attentive respondents. The kinds keep the parts of `KINDS` to within one respondent.

    Examples
    --------
    >>> kinds = pick_careless(100, 0.1, np.random.default_rng(1))
    >>> [int((kinds == kind).sum()) for kind in KINDS]
    [4, 4, 2]
    """
    count = round(n * share)
    ends = [round(count * part) for part in np.cumsum(list(KINDS.values()))]
    labels = np.repeat(np.array(list(KINDS), dtype=object), np.diff([0, *ends]))
    kinds = np.full(n, "", dtype=object)
    kinds[rng.permutation(n)[:count]] = labels
    return kinds


def answer_carelessly(
    questionnaire: Questionnaire,
    columns: Mapping[str, ObjectArray],
    kinds: ObjectArray,
    rng: np.random.Generator,
) -> dict[str, ObjectArray]:
    """Put careless ratings in the place of the drawn ones; other questions stay.

    A straightliner ticks the same place of every scale throughout, whatever is said there; a random answerer ticks
    any point; a speeder does so in half of the ratings. Attention checks are answered like items.

    Parameters
    ----------
    columns
        Variable to answers, shape (n,).
    kinds
        shape (n,), from `pick_careless`.

    Returns
    -------
    dict
        New arrays where something changed.
    """
    answers = dict(columns)
    who = np.flatnonzero(kinds != "")
    straight = kinds[who] == "straightliner"
    guessing = kinds[who] == "speeder"
    favourite = rng.random(len(who))
    for name in questionnaire.variables:
        scale = questionnaire.scale_of(name)
        if scale is None:
            continue
        position = np.where(straight, favourite, rng.random(len(who)))
        codes = np.array([str(code) for code in scale.codes], dtype=object)
        ticked = codes[(position * len(codes)).astype(np.int64)]
        kept = guessing & (rng.random(len(who)) >= SPEEDER_GUESSES)
        column = answers[name].copy()
        column[who] = np.where(kept, column[who], ticked)
        answers[name] = column
    return answers
