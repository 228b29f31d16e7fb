"""Interview lengths as survey platforms write them."""

from __future__ import annotations

import re
import unicodedata

_UNITS = re.compile(
    r"(?:(\d+)\s*(?:小时|时|h|hours?|hrs?))?\s*(?:(\d+)\s*(?:分钟|分|m|mins?|minutes?))?\s*"
    r"(?:(\d+(?:\.\d+)?)\s*(?:秒钟?|s|secs?|seconds?))?",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"(?:(\d+):)?(\d{1,3}):(\d{2}(?:\.\d+)?)")


def seconds_of(text: str) -> float | None:
    """Return a length in seconds, None when the text is none.

    Examples
    --------
    >>> [seconds_of(t) for t in ("123", "123秒", "2分3秒", "0:02:03", "1小时", "quick")]
    [123.0, 123.0, 123.0, 123.0, 3600.0, None]
    """
    bare = unicodedata.normalize("NFKC", text).strip()
    if re.fullmatch(r"\d+(\.\d+)?", bare):
        return float(bare)
    found = _CLOCK.fullmatch(bare) or (_UNITS.fullmatch(bare) if bare else None)
    if found is None:
        return None
    hours, minutes, seconds = (float(part or 0) for part in found.groups())
    return 3600 * hours + 60 * minutes + seconds
