"""Cells of tables: numbers with their intervals, and columns of numbers."""

from __future__ import annotations

from collections.abc import Sequence

from satmeter.report.context import Column
from satmeter.report.edition import Edition
from satmeter.report.estimate import Estimate
from satmeter.report.number_text import count, decimal, interval, percent, percent_interval, with_interval
from satmeter.report.results import Row, hidden_symbol

LEAST_P = 0.001
"""Below this a p-value is given as a bound."""


def ranged(value: float | None, low: float | None, high: float | None, digits: int = 2) -> str:
    """Return a number with its interval.

    Examples
    --------
    >>> ranged(0.314, 0.25, 0.378), ranged(-1.24, None, None, 1)
    ('0.31 [0.25, 0.38]', '−1.2')
    """
    return with_interval(decimal(value, digits), interval(low, high, digits))


def estimated(row: Row, digits: int = 2, scale: float = 1.0) -> str:
    """Return the estimate of a row with its interval, all multiplied by `scale`.

    Examples
    --------
    >>> estimated({"estimate": 0.0054, "conf_low": 0.004, "conf_high": 0.0068}, scale=100)
    '0.54 [0.40, 0.68]'
    >>> estimated({})
    '–'
    >>> estimated({"estimate": None, "n": None, "symbol": "[c]"})
    '[c]'
    """
    if symbol := hidden_symbol(row):
        return symbol
    value, low, high = (
        None if row.get(key) is None else scale * row[key] for key in ("estimate", "conf_low", "conf_high")
    )
    return ranged(value, low, high, digits)


def based(row: Row) -> str:
    """Return the base of a row, with the mark of a low one; the symbol of a row that is not published.

    Examples
    --------
    >>> based({"n": 1200}), based({"n": 83, "symbol": "[u]"}), based({"n": None, "symbol": "[c]"})
    ('1,200', '83 [u]', '[c]')
    """
    return hidden_symbol(row) or f"{count(row.get('n'))} {row.get('symbol') or ''}".rstrip()


def left_out(edition: Edition, some: Sequence[Estimate]) -> str:
    """Return the sentence that names what a figure leaves out because it is not published; empty where nothing is.

    What is hidden on some measures only is said to be left out in part.
    """
    hidden = [e for e in some if e.hidden]
    if not hidden:
        return ""
    words, shown = edition.words, {e.label for e in some if not e.hidden}
    in_part = words["list.open"] + words["suppressed.in_part"] + words["list.close"]
    names = [label + (in_part if label in shown else "") for label in dict.fromkeys(e.label for e in hidden)]
    return words.fill("suppressed.left_out", {"names": words.join(names), "symbol": hidden[0].hidden})


def shared(row: Row) -> str:
    """Return the share of a row with its interval, in percent."""
    return with_interval(percent(row.get("share")), percent_interval(row.get("share_low"), row.get("share_high")))


def p_text(p: float) -> str:
    """Return a p-value as it stands in a sentence.

    Examples
    --------
    >>> p_text(0.0123), p_text(0.00004)
    ('p = 0.012', 'p < 0.001')
    """
    return "p < 0.001" if p < LEAST_P else f"p = {decimal(p, 3)}"


def figure_of(e: Estimate, digits: int = 2) -> str:
    """Return an estimate with its interval.

    Examples
    --------
    >>> figure_of(Estimate("Image", 0.823, 0.798, 0.849))
    '0.82 [0.80, 0.85]'
    """
    return ranged(e.value, e.low, e.high, digits)


def excludes_zero(row: Row) -> bool:
    """Tell whether the interval of a row leaves zero out; without an interval it does not.

    Examples
    --------
    >>> excludes_zero({"conf_low": 0.1, "conf_high": 0.3}), excludes_zero({"conf_low": -0.1, "conf_high": 0.3})
    (True, False)
    """
    low, high = row.get("conf_low"), row.get("conf_high")
    return low is not None and high is not None and (low > 0 or high < 0)


def item_label(edition: Edition, item: str) -> str:
    """Return an item's id with its wording."""
    return f"{item} {edition.results.label(item)}"


def columns(edition: Edition, left: Sequence[str], right: Sequence[str]) -> tuple[Column, ...]:
    """Return columns of words, then columns of numbers, by the keys of their headings."""
    words = edition.words
    return (
        *(Column(words[f"column.{key}"]) for key in left),
        *(Column(words.fill(f"column.{key}", {"level": edition.level}), "right") for key in right),
    )
