"""What may be said of a wider population: only as much as the study discloses of how its sample was drawn."""

from __future__ import annotations

from typing import Literal

from satmeter.report.edition import Edition

Sampling = Literal["drawn", "drawn_frame", "nonprobability", "stated", "unstated", "open"]

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
    """Return whether respondents were drawn, as the study says under `sampling`, else as far as its words let see.

    Without `sampling`: a frame, no frame, or a way of asking in which respondents choose themselves. A frame is a list
    to draw from; that it was drawn from at random is then the researcher's claim.
    """
    results = edition.results
    frame = results.typed("frame")
    match results.study.get("sampling"):
        case "nonprobability":
            return "nonprobability"
        case "probability":
            return "drawn_frame" if frame else "drawn"
    told = f"{frame} {results.typed('mode')}".casefold()
    if any(word in told for word in SELF_SELECTED):
        return "open"
    return "stated" if frame else "unstated"


def sampling_sentence(edition: Edition) -> str:
    """Return whether the intervals say something of the population: a margin of error only for a sample drawn."""
    fields = {"frame": edition.results.typed("frame"), "level": edition.level}
    return edition.words.fill(f"sampling.{sampling_of(edition)}", fields)
