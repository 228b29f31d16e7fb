"""The study file as a frozen plan: every choice that changes a number."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

QualityAction = Literal["flag", "exclude", "off"]
MeasurementDepth = Literal["core", "full"]  # full: all reliability coefficients, validity, factors, invariance
MissingRule = Literal["complete", "person_mean"]
SingleUnit = Literal["stop", "collapse"]


@dataclass(frozen=True, slots=True)
class Quality:
    """Quality rules; every rule flags, excludes or is off."""

    duplicates: QualityAction = "flag"
    straightlining: QualityAction = "flag"
    straightlining_share: float = 1.0  # longest run of equal answers / items answered, in a grid of at least 5 items
    straightlining_variance: float | None = None  # also found when the within-person variance in a grid is at most this
    speeders: QualityAction = "off"
    min_seconds: float | None = None
    attention: QualityAction = "flag"
    too_many_missing: QualityAction = "exclude"
    max_missing: float = 0.5  # share of the asked scale items


@dataclass(frozen=True, slots=True)
class Design:
    """Columns that carry the sampling design; names as in the source after `columns`."""

    weight: str | None = None
    frequency: str | None = None  # a row stands for this many respondents
    strata: str | None = None
    cluster: str | None = None
    single_unit: SingleUnit = "stop"  # a stratum with one unit is an error, or is joined to a neighbour


@dataclass(frozen=True, slots=True)
class Missing:
    """How a construct score is formed when items are missing."""

    items: MissingRule = "person_mean"
    min_answered: float = 0.5


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """Replicates, seed and level of every interval."""

    replicates: int = 1000
    seed: int = 20261121
    conf_level: float = 0.95


@dataclass(frozen=True, slots=True)
class ReportWish:
    """One report to be written by `run`."""

    template: str = "satisfaction"
    languages: tuple[str, ...] = ()  # empty: the questionnaire's
    formats: tuple[str, ...] = ("html",)


@dataclass(frozen=True, slots=True)
class Plan:
    """A study file, checked; paths are absolute.

    Attributes
    ----------
    model
        Outcome to predecessors; empty means the questionnaire's.
    outcomes
        Outcomes that drivers are computed for; empty means every construct of role satisfaction or loyalty that the
        model explains.
    controls
        Questions entered into every regression without being drivers.
    groups
        Questions by which scores are broken down.
    measurement
        `core`: alpha and omega; `full`: every coefficient, dimensionality, validity, invariance, for methodologists.
    disclosure
        sponsor, conductor, population, frame, mode, dates as typed by the researcher; printed in the report.
    digest
        ``sha256:…`` of the plan's content.
    """

    questionnaire: str
    responses: tuple[Path, ...]
    columns: dict[str, str] = field(default_factory=dict)
    design: Design = Design()
    quality: Quality = Quality()
    missing: Missing = Missing()
    groups: tuple[str, ...] = ()
    model: dict[str, tuple[str, ...]] = field(default_factory=dict)
    outcomes: tuple[str, ...] = ()
    controls: tuple[str, ...] = ()
    uncertainty: Uncertainty = Uncertainty()
    measurement: MeasurementDepth = "core"
    disclosure: dict[str, str] = field(default_factory=dict)
    reports: tuple[ReportWish, ...] = (ReportWish(),)
    file: str = ""
    digest: str = ""
