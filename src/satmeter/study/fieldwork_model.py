"""What the sample file says of every case that was drawn, and what follows from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.errors import Note

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class ContactRow:
    """Sampled cases that ended in one way: AAPOR's group, the fieldwork's own label, cases and their design weight."""

    disposition: str
    label: str
    n: int
    weight: float | None  # None without design weights


@dataclass(frozen=True, slots=True)
class ResponseRow:
    """One outcome rate of the sample.

    Attributes
    ----------
    statistic
        `rr1` … `rr6`, `coop1` … `coop4`, `ref1` … `ref3`, `con1` … `con3`; `e`, the part of the cases of unknown
        eligibility that counts as eligible.
    weighted
        Whether cases count with their design weight.
    estimate, numerator, denominator
        None where they cannot be had.
    definition
        Language to words.
    """

    statistic: str
    weighted: bool
    estimate: float | None
    numerator: float | None
    denominator: float | None
    definition: dict[str, str]


@dataclass(frozen=True, slots=True)
class NonresponseRow:
    """One class of cases that were about equally likely to respond.

    Attributes
    ----------
    propensity_class
        Its number, lowest propensity first, or its cell; joined ones with a plus sign.
    n, respondents
        Cases that were, or may have been, eligible; those of them whose answers count.
    rate
        Weighted part of the cases that responded.
    factor
        1 / rate, by which base weights are multiplied.
    propensity_low, propensity_high
        Range of the modelled propensities in the class.
    """

    propensity_class: str
    n: int
    respondents: int
    rate: float
    factor: float
    propensity_low: float
    propensity_high: float


@dataclass(frozen=True, eq=False)
class Adjusted:
    """Weights of the respondents after adjusting for those who did not respond.

    Attributes
    ----------
    factors
        shape (cases,), 1 / response rate of the case's class; NaN for cases that are known to be ineligible.
    rows, notes
        The classes, and what the reader must know of them.
    """

    factors: FloatArray
    rows: tuple[NonresponseRow, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True, eq=False)
class SampledCases:
    """The sample file, checked against the answers.

    Attributes
    ----------
    n
        Cases.
    contacts, response
        The ways in which cases ended, and the rates that follow.
    place
        shape (rows of the responses,), position of every respondent among the cases.
    weights
        shape (cases,), design weights; None without.
    adjust
        From which cases' answers count, shape (cases,), to the weights for non-response; None where none are wanted.
    source, digest
        Of the sample file.
    notes
        How it was read, and which rates are missing.
    """

    n: int
    contacts: tuple[ContactRow, ...]
    response: tuple[ResponseRow, ...]
    place: IntArray
    weights: FloatArray | None
    adjust: Callable[[Mask], Adjusted] | None
    source: str
    digest: str
    notes: tuple[Note, ...] = ()
