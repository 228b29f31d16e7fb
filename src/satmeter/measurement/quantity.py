"""What is estimated from columns of values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Quantity:
    """What is estimated from some columns: their mean, or the mean of their means.

    Attributes
    ----------
    columns
        Column numbers; several columns are averaged with equal weights, each over its own answers.
    kind
        `mean` gets a t interval cut at the bounds, `share` that of Wilson or of Korn and Graubard. A `part`
        is a share of something that respondents have several of, such as answers: its size follows from its error.
    low, high
        The least and greatest value that is possible.
    each
        Of a `part`: how many of these things a respondent has on average.
    """

    columns: tuple[int, ...]
    kind: Literal["mean", "share", "part"]
    low: float
    high: float
    each: float = 1.0
