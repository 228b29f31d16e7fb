"""Times of arrival held against a Poisson process: bursts, and too much regularity."""

from __future__ import annotations

from dataclasses import dataclass
from math import pi, sqrt

import numpy as np
import numpy.typing as npt

from satmeter.numerics.arguments import FloatArray
from satmeter.numerics.special_functions import special
from satmeter.numerics.tails import normal_probability

BLOCK_SECONDS = 3600.0
WINDOW_SECONDS = 120.0
LEAST_IN_BLOCK = 5
LEAST_EVEN = 12


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


@dataclass(frozen=True, slots=True)
class Evenness:
    """The hour with the most even arrivals.

    Attributes
    ----------
    p_value
        Its probability by chance, times the number of hours looked at (Bonferroni), at most 1.
    begins, count
        Its first arrival, in the unit of the times, and how many there are.
    blocks
        Hours with enough arrivals to be looked at.
    """

    p_value: float
    begins: float
    count: int
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
        None when no hour has five arrivals. Hours begin at whole and half hours, so that no window falls between two;
        the first and the last are as long as the stream lasts in them, at least half an hour.

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
    for begins, arrivals in blocks:
        n = len(arrivals)
        counts = np.searchsorted(arrivals, arrivals + window, side="left") - np.arange(n)
        place = int(counts.argmax())
        inside = min(begins + block, float(found[-1])) - max(begins, float(found[0]))
        length = max(inside, block / 2)  # the stream begins and ends somewhere: nothing comes outside
        p_value = min(1.0, _scan_tail(int(counts[place]), n, window / length) * len(blocks))
        if (p_value, -int(counts[place])) < (best.p_value, -best.count):
            best = Burst(p_value, float(arrivals[place]), int(counts[place]), n, len(blocks))
    return best


def _scan_tail(k: int, n: int, w: float) -> float:
    if k < 2:
        return 1.0
    tail = float(special.bdtrc(k - 1, n, w))
    point = tail - (float(special.bdtrc(k, n, w)) if k < n else 0.0)
    return min(1.0, max((k / w - n - 1) * point + 2 * tail, 0.0))


def evenest_hour(times: npt.ArrayLike, *, block: float = BLOCK_SECONDS) -> Evenness | None:
    """Look for an hour whose arrivals are more evenly spaced than chance makes them.

    Parameters
    ----------
    times
        shape (n,), seconds.
    block
        Length in seconds.

    Returns
    -------
    Evenness or None
        None when no hour, beginning at a whole or half hour, has twelve arrivals.

    Notes
    -----
    The sum of the logarithms of the m spacings between the first and the last arrival (Moran 1951, J. R. Stat. Soc. B
    13, 147-150): given their sum they are uniform on a simplex, so that Σ log D has mean -m H and variance
    m π²/6 - m² ψ'(m), with H the sum of 1/k and ψ'(m) = π²/6 - Σ 1/k² over k < m. It is skewed away from evenness: its
    upper tail, taken from the normal distribution, is smaller than stated. A stream that swells or ebbs within the
    hour is less even, never more.

    Examples
    --------
    >>> clockwork = evenest_hour(np.arange(60) * 60.0)
    >>> clockwork.p_value < 0.001, clockwork.count
    (True, 60)
    """
    found = np.sort(np.asarray(times, dtype=np.float64))
    blocks = [part for _, part in _blocks(found, block) if len(part) >= LEAST_EVEN]
    if not blocks:
        return None
    best = Evenness(1.0, 0.0, 0, len(blocks))
    for arrivals in blocks:
        p_value = min(1.0, _evenness_tail(np.diff(arrivals)) * len(blocks))
        if (p_value, -len(arrivals)) < (best.p_value, -best.count):
            best = Evenness(p_value, float(arrivals[0]), len(arrivals), len(blocks))
    return best


def _evenness_tail(spacings: FloatArray) -> float:
    if spacings.min() <= 0:
        return 1.0
    m = len(spacings)
    below = np.arange(1, m)
    found = np.log(spacings / spacings.sum()).sum()
    variance = m * pi**2 / 6 - m**2 * (pi**2 / 6 - (1.0 / below**2).sum())
    return float(normal_probability(-(found + m * (1.0 / below).sum()) / sqrt(variance)))


def _blocks(times: FloatArray, block: float) -> list[tuple[float, FloatArray]]:
    """Return beginning and arrivals of every block that has enough; blocks begin at whole and half lengths."""
    found: list[tuple[float, FloatArray]] = []
    for shift in (0.0, block / 2):
        numbers, first = np.unique(np.floor((times - shift) / block), return_index=True)
        parts = zip((numbers * block + shift).tolist(), np.split(times, first[1:]), strict=False)
        found += [(begins, part) for begins, part in parts if len(part) >= LEAST_IN_BLOCK]
    return found
