"""The study file as a frozen plan: every choice that changes a number."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from satmeter.study.composed_scores import CaseMix, Tree
from satmeter.study.driver_plan import DriverOptions, PathOptions
from satmeter.study.policy import Policy
from satmeter.study.sampling_plan import Design, Fieldwork, Nonresponse, Weighting
from satmeter.study.wave_plan import WavePlan

QualityAction = Literal["flag", "exclude", "off"]
MeasurementDepth = Literal["core", "full"]  # full: all reliability coefficients, validity, factors, invariance
MissingRule = Literal["complete", "person_mean", "em"]
ReplicateMethod = Literal["bootstrap", "jackknife", "groups"]
Against = Literal["rest", "pairs"]
Adjustment = Literal["none", "holm", "bh"]
CesVariant = Literal["mean", "share", "net"]
Sampling = Literal["", "probability", "nonprobability"]


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
    method: ReplicateMethod = "bootstrap"
    groups: int = 80  # of the method `groups`


@dataclass(frozen=True, slots=True)
class Comparisons:
    """What groups are held against, how p-values are adjusted, and targets for mean scores."""

    against: tuple[Against, ...] = ("rest",)
    adjust: Adjustment = "holm"
    targets: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ranks:
    """Grouping questions whose options are ranked, and the constructs that they are ranked by (default the index).

    `within` is the grouping question in whose options the units are ranked, those of other questions; empty: all
    together.
    """

    units: tuple[str, ...]
    measures: tuple[str, ...] = ()
    within: str = ""


@dataclass(frozen=True, slots=True)
class ScoreOptions:
    """Which shares and customer scores are published beside mean scores.

    Attributes
    ----------
    boxes
        How many of the highest points make a share: 1, 2, 3, as many of them as are wanted.
    csat
        Items with five points whose two highest are customer satisfaction.
    ces
        Item with the points 1 to 7 to the variants of its customer effort score: the mean, the share of 5 to 7, and
        that less the share of 1 to 3.
    """

    boxes: tuple[int, ...] = (2,)
    csat: tuple[str, ...] = ()
    ces: dict[str, tuple[CesVariant, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answers:
    """Questions whose answers are published with their errors: shares of options, means, quantiles, ratios.

    Attributes
    ----------
    questions
        Choice, multiple and number questions; empty: all of them.
    trim
        Part of the answers that a trimmed mean leaves out at either end.
    ratios
        Name to two number questions: the sum of the first over the sum of the second.
    """

    questions: tuple[str, ...] = ()
    trim: float = 0.1
    ratios: dict[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Theme:
    """One theme of a code frame: its label by language, words that stand for it, and phrases in which they do not."""

    id: str
    label: dict[str, str]
    words: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verbatim:
    """What is read out of the answers to a text question.

    Attributes
    ----------
    themes
        The code frame; without one the most frequent words are counted.
    coded
        Column that holds the codes of themes, given by coders; None: themes are found by their words.
    quotes
        Answers quoted for every theme.
    """

    question: str
    themes: tuple[Theme, ...] = ()
    coded: str | None = None
    quotes: int = 0
    line: int = 0


@dataclass(frozen=True, slots=True)
class Retest:
    """A second file of answers by the same respondents, matched by respondent id."""

    responses: tuple[Path | str, ...]
    columns: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KnownGroups:
    """Two groups of which one is known to score higher on a construct."""

    construct: str
    by: str  # a choice question
    higher: str  # option codes
    lower: str


@dataclass(frozen=True, slots=True)
class ValidityPlan:
    """What the constructs are held against from outside."""

    known_groups: tuple[KnownGroups, ...] = ()
    criterion: tuple[tuple[str, str], ...] = ()  # construct, number question or item of another construct
    marker: tuple[str, ...] = ()  # items that should have nothing to do with the others (Lindell and Whitney 2001)


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
    responses
        Files; a text is the URL of a store.
    model
        Outcome to predecessors; empty means the questionnaire's.
    outcomes
        Outcomes that drivers are computed for; empty means every construct of role satisfaction or loyalty that the
        model explains.
    controls
        Questions entered into every regression without being drivers.
    weighting
        What weights are calibrated to; None: the design's weights, or none.
    fieldwork, nonresponse
        The sample that was drawn and how every case ended; weights for those who did not respond. None: none.
    groups
        Questions by which scores are broken down.
    comparisons, ranks
        Tests of groups and targets, and rankings of groups; None: none.
    trees, case_mix
        Scores made of scores by stated weights; scores of units adjusted for who their respondents are.
    verbatims
        Text questions whose answers are counted by theme or by word.
    scores, answers
        Which shares and customer scores are published, and of which questions the answers are; None: of none.
    waves
        Earlier waves that the study is held against; None: none.
    measurement
        `core`: alpha and omega; `full`: every coefficient, dimensionality, validity, invariance, for methodologists.
    validity, retest, differences
        Known groups, criteria and marker; a second measurement of the same respondents; pairs of constructs (a, b)
        whose difference a less b is read.
    drivers, paths
        How deep drivers are analysed, and the path model.
    disclosure
        What the researcher typed, item to text or to a map of languages; printed in the report.
    policy
        How many respondents a published figure needs; None: no rule.
    sampling
        Whether the sample was drawn with known probabilities; empty where the study does not say.
    digest
        ``sha256:…`` of the plan's content.
    """

    questionnaire: str
    responses: tuple[Path | str, ...]
    columns: dict[str, str] = field(default_factory=dict)
    design: Design = field(default_factory=Design)
    weighting: Weighting | None = None
    fieldwork: Fieldwork | None = None
    nonresponse: Nonresponse | None = None
    quality: Quality = Quality()
    missing: Missing = Missing()
    groups: tuple[str, ...] = ()
    comparisons: Comparisons | None = None
    ranks: Ranks | None = None
    trees: tuple[Tree, ...] = ()
    case_mix: CaseMix | None = None
    verbatims: tuple[Verbatim, ...] = ()
    scores: ScoreOptions = ScoreOptions()
    answers: Answers | None = None
    model: dict[str, tuple[str, ...]] = field(default_factory=dict)
    outcomes: tuple[str, ...] = ()
    controls: tuple[str, ...] = ()
    uncertainty: Uncertainty = Uncertainty()
    waves: WavePlan | None = None
    measurement: MeasurementDepth = "core"
    validity: ValidityPlan = ValidityPlan()
    retest: Retest | None = None
    differences: tuple[tuple[str, str], ...] = ()
    drivers: DriverOptions = field(default_factory=DriverOptions)
    paths: PathOptions = field(default_factory=PathOptions)
    disclosure: dict[str, str | dict[str, str]] = field(default_factory=dict)
    policy: Policy | None = None
    sampling: Sampling = ""
    reports: tuple[ReportWish, ...] = (ReportWish(),)
    file: str = ""
    digest: str = ""
