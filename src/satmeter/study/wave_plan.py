"""Waves of a tracking study, as the study file tells them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

EVERYTHING = "all"
"""In `breaks`: a break of every series."""


def wave_label(text: str) -> str:
    """Return the label of a wave: a whole number that a spreadsheet wrote with decimals is the number.

    Examples
    --------
    >>> wave_label(" 2025.0 "), wave_label("2025"), wave_label("2025.5"), wave_label("v1.0")
    ('2025', '2025', '2025.5', 'v1.0')
    """
    label = text.strip()
    return re.sub(r"\.0+$", "", label) if re.fullmatch(r"\d+\.0+", label) else label


@dataclass(frozen=True, slots=True)
class WavePlan:
    """Which waves there are; the newest one is the study itself.

    Attributes
    ----------
    variable
        Column or question that tells the wave of a row; empty where earlier waves are studies of their own.
    order
        Labels, oldest first. Empty: all that the data have, in their natural order.
    baseline
        Wave that every later one is held against, beside the one before it; empty: none.
    earlier
        Label to study file of every earlier wave; paths are absolute.
    questionnaires
        Label to the questionnaire that was used then, where `variable` tells the waves.
    mode
        Label to the way of asking, such as phone or web.
    panel
        Whether the same respondents answered; they are matched by their ids.
    breaks
        Construct, item or `all` to label to the reason why the series begins anew with that wave.
    """

    variable: str = ""
    order: tuple[str, ...] = ()
    baseline: str = ""
    earlier: dict[str, Path] = field(default_factory=dict)
    questionnaires: dict[str, str] = field(default_factory=dict)
    mode: dict[str, str] = field(default_factory=dict)
    panel: bool = False
    breaks: dict[str, dict[str, str]] = field(default_factory=dict)
    line: int = 0
