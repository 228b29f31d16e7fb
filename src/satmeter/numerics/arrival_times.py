"""Times of arrival held against a Poisson process: bursts, and too much regularity."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt

from satmeter.numerics.arguments import FloatArray
from satmeter.numerics.special_functions import special
from satmeter.numerics.tails import normal_probability

BLOCK_SECONDS = 3600.0
WINDOW_SECONDS = 120.0
LEAST_IN_BLOCK = 5


@dataclass(frozen=True, slots=True)
class Burst:
    """The densest window.

    Attributes
    ----------
    p_value
        Of the least likely window of all, times the number of blocks looked at (Bonferroni), at most 1.
    begins, count
        Where that window begins, in the unit of the times, and its arrivals.
    block_count
        Arrivals in the hour around it.
    blocks
        Hours with enough arrivals to be looked at.
    """

    p_value: float
    begins: float
    count: int
    block_count: int
    blocks: int


def densest_window(
    times: npt.ArrayLike, *, block: float = BLOCK_SECONDS, window: float = WINDOW_SECONDS
) -> Burst | None:
    """Look for more arrivals within two minutes than an even stream within their hour would bring.

    Whatever the day is like, busy mornings and still nights, within one hour the stream is taken as even: given N
    arrivals in an hour they are N independent uniform times.

    Parameters
    ----------
    times
        shape (n,), seconds.
    block, window
        Lengths in seconds.

    Returns
    -------
    Burst or None
        None when no hour has five arrivals. Hours begin at whole and half hours, so that no window falls between two.

    Notes
    -----
    The scan statistic with the tail of Wallenstein and Neff (1987), Stat. Med. 6, 197-207:
    P(most in a window of w ≥ k) ≈ (k/w − N − 1) b(k; N, w) + 2 Σ_{i ≥ k} b(i; N, w).

    Examples
    --------
    >>> even = np.arange(30) * 120.0
    >>> densest_window(even).p_value
    1.0
    >>> round(densest_window(np.append(even, 1000.0 + np.arange(20))).p_value, 9)
    0.0
    """
    found = np.sort(np.asarray(times, dtype=np.float64))
    blocks = _blocks(found, block)
    if not blocks:
        return None
    best = Burst(1.0, 0.0, 0, 0, len(blocks))
    for arrivals in blocks:
        n = len(arrivals)
        counts = np.searchsorted(arrivals, arrivals + window, side="left") - np.arange(n)
        place = int(counts.argmax())
        p_value = min(1.0, _scan_tail(int(counts[place]), n, window / block) * len(blocks))
        if (p_value, -int(counts[place])) < (best.p_value, -best.count):
            best = Burst(p_value, float(arrivals[place]), int(counts[place]), n, len(blocks))
    return best


def _scan_tail(k: int, n: int, w: float) -> float:
    if k < 2:
        return 1.0
    tail = float(special.bdtrc(k - 1, n, w))
    point = tail - (float(special.bdtrc(k, n, w)) if k < n else 0.0)
    return min(1.0, max((k / w - n - 1) * point + 2 * tail, 0.0))


def regularity(times: npt.ArrayLike, *, block: float = BLOCK_SECONDS) -> tuple[float, int]:
    """Return how likely arrivals as evenly spaced as these are by chance, and how many were looked at.

    Parameters
    ----------
    times
        shape (n,), seconds.

    Returns
    -------
    p_value
        Lower tail; NaN when no hour has five arrivals.
    n
        Arrivals in hours that have five.

    Notes
    -----
    Greenwood's (1946) sum of squared spacings, J. R. Stat. Soc. 109, 85-110, of the N arrivals between the first and
    the last of every hour: mean 2/(N + 2), variance 4N/((N + 2)²(N + 3)(N + 4)); their sum over the hours as normal.
    It is skewed to the right, so that the lower tail is smaller than stated. A stream that swells or ebbs within the
    hour is less even, never more.

    Examples
    --------
    >>> p_value, n = regularity(np.arange(200) * 60.0)
    >>> p_value < 0.001, n
    (True, 200)
    """
    found = np.sort(np.asarray(times, dtype=np.float64))
    total = mean = variance = 0.0
    seen = 0
    for arrivals in _blocks(found, block, halves=False):
        length = float(arrivals[-1] - arrivals[0])
        if length <= 0:
            continue
        n = len(arrivals) - 2  # between the first and the last
        spacings = np.diff(arrivals) / length
        total += float((spacings**2).sum())
        mean += 2 / (n + 2)
        variance += 4 * n / ((n + 2) ** 2 * (n + 3) * (n + 4))
        seen += len(arrivals)
    return (float(normal_probability((total - mean) / sqrt(variance))) if seen else float("nan")), seen


def _blocks(times: FloatArray, block: float, *, halves: bool = True) -> list[FloatArray]:
    """Return the arrivals of every block that has enough."""
    found: list[FloatArray] = []
    for shift in (0.0, block / 2) if halves else (0.0,):
        _, first = np.unique(np.floor((times - shift) / block), return_index=True)
        found += [part for part in np.split(times, first[1:]) if len(part) >= LEAST_IN_BLOCK]
    return found
