"""Numbers as people read them; rounding happens here and nowhere before."""

from __future__ import annotations

import re
from collections.abc import Sequence

ABSENT = "–"
_MINUS = re.compile(r"(?<![\w.\-/])-(?=\d)")


def decimal(value: float | None, digits: int) -> str:
    """Return a number with fixed digits and a true minus sign; a dash when there is none.

    Examples
    --------
    >>> decimal(74.25, 1), decimal(-0.04, 1), decimal(-3.21, 2), decimal(None, 1)
    ('74.2', '0.0', '−3.21', '–')
    """
    if value is None:
        return ABSENT
    text = f"{value:.{digits}f}"
    if text.startswith("-"):
        text = text[1:] if float(text) == 0 else "−" + text[1:]
    return text


def digits_beside(value: float | None, digits: int, least: Sequence[float] = (), most: Sequence[float] = ()) -> int:
    """Return how many digits a number needs so as not to look like a limit that it misses.

    Parameters
    ----------
    value
        The number that is shown.
    digits
        As many at least, two more at most.
    least, most
        Limits that count as reached from below, and as kept up to them.

    Examples
    --------
    >>> digits_beside(0.697, 2, [0.70]), digits_beside(0.702, 2, [0.70]), digits_beside(0.083, 2, [], [0.08])
    (3, 2, 3)
    """
    if value is None:
        return digits
    missed = [limit for limit in least if value < limit] + [limit for limit in most if value > limit]
    for enough in range(digits, digits + 3):
        if decimal(value, enough) not in {decimal(limit, enough) for limit in missed}:
            return enough
    return digits


def decimal_beside(value: float | None, digits: int, least: Sequence[float] = (), most: Sequence[float] = ()) -> str:
    """Return a number with as many digits as it needs beside its limits.

    Examples
    --------
    >>> decimal_beside(0.697, 2, least=[0.6, 0.7]), decimal_beside(0.7, 2, least=[0.6, 0.7])
    ('0.697', '0.70')
    """
    return decimal(value, digits_beside(value, digits, least, most))


def count(n: int | float | None) -> str:
    """Return a count with separators of thousands.

    Examples
    --------
    >>> count(1681), count(None)
    ('1,681', '–')
    """
    return ABSENT if n is None else f"{n:,.0f}"


def percent(share: float | None, digits: int = 0) -> str:
    """Return a share (0–1) in percent.

    Examples
    --------
    >>> percent(0.3149), percent(0.3149, 1)
    ('31%', '31.5%')
    """
    return ABSENT if share is None else decimal(100 * share, digits) + "%"


def percent_beside(share: float | None, least: float) -> str:
    """Return a share (0–1) in percent that does not look like a limit that it misses, nor like all or nothing.

    Examples
    --------
    >>> percent_beside(0.9483, 0.95), percent_beside(0.9967, 0.95), percent_beside(1.0, 0.95)
    ('94.8%', '99.7%', '100%')
    """
    if share is None:
        return ABSENT
    return decimal_beside(100 * share, 0, least=(100 * least, 100.0), most=(0.0,)) + "%"


def interval(low: float | None, high: float | None, digits: int) -> str:
    """Return an interval; empty when an end is unknown.

    Examples
    --------
    >>> interval(72.08, 75.31, 1), interval(None, 2.0, 1)
    ('[72.1, 75.3]', '')
    """
    if low is None or high is None:
        return ""
    return f"[{decimal(low, digits)}, {decimal(high, digits)}]"


def percent_interval(low: float | None, high: float | None, digits: int = 0) -> str:
    """Return an interval of a share (0–1) in percent; empty when an end is unknown.

    Examples
    --------
    >>> percent_interval(0.241, 0.383)
    '[24%, 38%]'
    """
    if low is None or high is None:
        return ""
    return f"[{percent(low, digits)}, {percent(high, digits)}]"


def with_interval(value: str, interval_text: str) -> str:
    """Return a value followed by its interval, if it has one.

    Examples
    --------
    >>> with_interval("74.2", "[72.1, 76.3]"), with_interval("74.2", "")
    ('74.2 [72.1, 76.3]', '74.2')
    """
    return f"{value} {interval_text}" if interval_text else value


def true_minus(text: str) -> str:
    """Return a sentence in which a hyphen before a number is a minus sign; ranges, dates and ids stay.

    Examples
    --------
    >>> true_minus("α = -0.31; 2026-09-01, 3-5, id -x, [-1, 2]")
    'α = −0.31; 2026-09-01, 3-5, id -x, [−1, 2]'
    """
    return _MINUS.sub("−", text)


def p_value(p: float | None) -> str:
    """Return a p-value with three digits; below that only the bound.

    Examples
    --------
    >>> p_value(0.0000004), p_value(0.0123), p_value(None)
    ('<0.001', '0.012', '–')
    """
    if p is None:
        return ABSENT
    return "<0.001" if p < 0.001 else decimal(p, 3)
