"""The first and the last day of fieldwork, out of the time stamps of the answers."""

from __future__ import annotations

import datetime
import re

from satmeter.responses.model import Responses

_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})", re.ASCII)
_LONGEST = 14  # characters that hold a day: 2026 年 9 月 30


def answer_dates(responses: Responses) -> tuple[str, ...]:
    """Return the first and the last day on which somebody began or sent their answers.

    Parameters
    ----------
    responses
        All rows that were read; the paradata columns `started` and `submitted` are looked at.

    Returns
    -------
    tuple of str
        Two days such as ``2026-09-01``; none where no time stamp begins with year, month and day.
    """
    columns = [name for name in ("started", "submitted") if name in responses.other.columns]
    texts = {str(text)[:_LONGEST] for name in columns for text in responses.other[name].unique()}
    days = sorted({day for text in texts if (day := _day(text))})
    return (days[0], days[-1]) if days else ()


def _day(text: str) -> str:
    """Return the day that a time stamp begins with, as ISO 8601 writes it.

    Examples
    --------
    >>> _day("2026/9/1 10:23"), _day("2026年9月1日"), _day("2026-02-31"), _day("10:23")
    ('2026-09-01', '2026-09-01', '', '')
    """
    found = _DAY.match(text.strip())
    if found is None:
        return ""
    try:
        return datetime.date(*(int(part) for part in found.groups())).isoformat()
    except ValueError:
        return ""
