"""Captions and headings of reports in which no interval stands: samples that nobody drew have none in public."""

from __future__ import annotations

import re
from dataclasses import replace

from satmeter.report.wording import Words

_ENGLISH = (
    (r", with \{level\} (percentile and BCa )?intervals?", ""),
    (r" with \{level\} intervals? and bases", " with bases"),
    (r" with \{level\} intervals?", ""),
    (r"; square brackets are \{level\} intervals", ""),
    (r"; in brackets:? \{level\} intervals?( holds 0)?", ""),
    (r"; arrows whose \{level\} interval holds zero are broken", ""),
    (r", \{level\} intervals?", ""),
    (r"^\{level\} interval$", "Interval"),
)
_CHINESE = (
    (r"（\{level\} (置信)?区间）", ""),
    (r"，附 \{level\} (百分位区间与 BCa )?区间", ""),
    (r" ?附 \{level\} 区间", ""),
    (r"及其? ?\{level\} (置信)?区间", ""),
    (r"、\{level\} 区间与", "与"),
    (r"；括号内者的 \{level\} 区间包含 0", ""),
    (r"；方括号内为 \{level\} 区间$", ""),
    (r"方括号内为 \{level\} 区间，(?=得分为)", ""),
    (r"；\{level\} 区间含零者为虚线", ""),
    (r"，\{level\} 区间$", ""),
    (r"^\{level\} 区间$", "区间"),
)
_PATTERNS = {
    "en": tuple((re.compile(pattern), text) for pattern, text in _ENGLISH),
    "zh-CN": tuple((re.compile(pattern), text) for pattern, text in _CHINESE),
}
REPLACED = ("targets.reading", "pptx.intervals", "sampling.nonprobability")
"""Sentences that are about intervals as a whole."""


def words_without_intervals(words: Words) -> Words:
    """Return the words of a language without those that announce an interval or a level.

    Examples
    --------
    >>> from satmeter.report.wording import read_words
    >>> plain = words_without_intervals(read_words("en"))
    >>> plain["caption.scores"], plain["column.estimate_interval"]
    ('Scores', 'Estimate')
    """
    table = {key: _plain(text, words.language) for key, text in words.table.items()}
    instead = {key: words[name] for key in words.table if (name := f"without_interval.{key}") in words}
    return replace(words, table=table | instead | dict.fromkeys(REPLACED, words["suppressed.no_error"]))


def _plain(text: str, language: str) -> str:
    if "{level}" in text:
        for pattern, instead in _PATTERNS[language]:
            text = pattern.sub(instead, text)
    return text
