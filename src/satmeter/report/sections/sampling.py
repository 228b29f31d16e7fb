"""What may be said of a wider population: only as much as the study discloses of how its sample was drawn."""

from __future__ import annotations

from typing import Literal

from satmeter.report.edition import Edition

Sampling = Literal["stated", "unstated", "open"]

SELF_SELECTED = (
    *("convenience", "volunteer", "self-select", "self select", "opt-in", "opt in", "access panel", "online panel"),
    *("snowball", "quota", "river", "open link", "open survey", "non-probability", "nonprobability", "walk-in"),
    *(
        "便利",
        "方便抽样",
        "方便样本",
        "自愿",
        "偶遇",
        "滚雪球",
        "配额",
        "公开链接",
        "开放链接",
        "非概率",
        "扫码",
        "转发",
    ),
)
"""Words of a frame or mode that say that nobody drew the respondents."""


def sampling_of(edition: Edition) -> Sampling:
    """Return what the study discloses: a frame, no frame, or a way of asking in which respondents choose themselves.

    A frame is a list to draw from; that it was drawn from at random is the researcher's claim.
    """
    typed = edition.results.study.get("disclosure") or {}
    told = " ".join(str(typed.get(key) or "") for key in ("frame", "mode")).casefold()
    if any(word in told for word in SELF_SELECTED):
        return "open"
    return "stated" if typed.get("frame") else "unstated"


def sampling_sentence(edition: Edition) -> str:
    """Return whether the intervals say something of the population: a margin of error only for a disclosed frame."""
    typed = edition.results.study.get("disclosure") or {}
    fields = {"frame": str(typed.get("frame") or ""), "level": edition.level}
    return edition.words.fill(f"sampling.{sampling_of(edition)}", fields)
