"""From array cells to the plain numbers of result rows."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt


def plain(value: float | npt.NDArray[np.float64] | None) -> float | None:
    """Return a Python float, or None where the number does not exist (NaN, infinite).

    Examples
    --------
    >>> plain(0.5), plain(float("nan")), plain(float("inf"))
    (0.5, None, None)
    """
    number = math.nan if value is None else float(value)
    return number if math.isfinite(number) else None
