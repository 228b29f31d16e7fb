"""The study file as a frozen plan: every choice that changes a number."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from satmeter.study.composed_scores import CaseMix, Tree
from satmeter.study.policy import Policy
from satmeter.study.wave_plan import WavePlan

QualityAction = Literal["flag", "exclude", "off"]
MeasurementDepth = Literal["core", "full"]  # full: all reliability coefficients, validity, factors, invariance
MissingRule = Literal["complete", "person_mean", "em"]
SingleUnit = Literal["stop", "collapse", "certainty", "centre"]
ReplicateType = Literal["brr", "fay", "jk1", "jkn", "bootstrap", "other"]
ReplicateMethod = Literal["bootstrap", "jackknife", "groups"]
DriverDepth = Literal["core", "full"]  # full: also ordinal and logistic models, dominance, paths, mediation, asymmetry
PathScheme = Literal["path", "factorial", "centroid"]
Distance = Literal["raking", "linear", "logit"]
Against = Literal["rest", "pairs"]
Adjustment = Literal["none", "holm", "bh"]
CesVariant = Literal["mean", "share", "net"]
Cut = Literal["mean", "median"] | float
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
class Population:
    """How many respondents, or clusters where there are such, the population has.

    Attributes
    ----------
    sizes
        By label of the stratum; the empty label stands for everybody.
    column
        A column that holds the size of the row's stratum, in place of `sizes`.
    """

    sizes: dict[str, float] = field(default_factory=dict)
    column: str | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class ReplicateColumns:
    """Replicate weights that came with the data.

    Attributes
    ----------
    columns
        Names, or patterns such as ``rw*``; the order of the data.
    type
        How they were made.
    scale, rscales
        The variance is scale · Σ rscale · (replicate − estimate)²; None, empty: as the type has it.
    rho
        Fay's coefficient.
    """

    columns: tuple[str, ...]
    type: ReplicateType
    scale: float | None = None
    rscales: tuple[float, ...] = ()
    rho: float | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class Design:
    """Columns that carry the sampling design; names as in the source after `columns`."""

    weight: str | None = None
    frequency: str | None = None  # a row stands for this many respondents
    strata: str | None = None
    cluster: str | None = None
    nested: bool = False  # whether one label in two strata means two clusters; else it is an error
    single_unit: SingleUnit = "stop"  # a stratum with one unit: refused, joined to a neighbour, certain, or centred
    population: Population | None = None
    replicates: ReplicateColumns | None = None


@dataclass(frozen=True, slots=True)
class Margin:
    """The known distribution of a question, or of several crossed (`region*ctype`), as shares or counts.

    `file` is the table that it stands in, empty for the study file; `lines` has the line of every category.
    """

    name: str
    values: dict[str, float]
    line: int = 0
    file: str = ""
    lines: dict[str, int] = field(default_factory=dict, compare=False)

    def line_of(self, category: str) -> int:
        """Return where a category stands; for one that the margin lacks, where the margin begins."""
        return self.lines.get(category, self.line)

    @property
    def parts(self) -> tuple[str, ...]:
        """The questions or columns that are crossed."""
        return tuple(self.name.split("*"))


@dataclass(frozen=True, slots=True)
class Weighting:
    """Known margins of the population, and how far weights may go to meet them.

    Attributes
    ----------
    margins
        Post-stratification is the case of one, raking of several.
    distance
        Which change of the base weights is the smallest (Deville and Särndal 1992).
    bounds
        Least and largest factor on a base weight.
    trim
        Least and largest final weight, whose mean is 1.
    """

    margins: tuple[Margin, ...]
    distance: Distance = "raking"
    bounds: tuple[float, float] | None = None
    trim: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Nonresponse:
    """Weights for those who did not respond, by classes of cases that were about equally likely to.

    Attributes
    ----------
    by
        Columns of the sample file that the propensity is modelled on.
    classes
        Number of classes of about equal size; `cells`: every combination of `by` is a class.
    """

    by: tuple[str, ...]
    classes: int | Literal["cells"] = 5
    line: int = 0


@dataclass(frozen=True, slots=True)
class Fieldwork:
    """The sample file: a row for every case that was drawn.

    Attributes
    ----------
    key
        Column with the case's key; the answers have it under the same name, or as `respondent`.
    disposition
        Column with the final disposition.
    codes
        Label of a disposition to AAPOR's group: I, P, R, NC, O, UH, UO, or NE for cases that are not eligible.
    e
        Part of the cases of unknown eligibility that counts as eligible; `cases`: as among those that are known.
    weight
        Column with the design weight of every case.
    """

    sample: Path
    key: str
    disposition: str
    codes: dict[str, str]
    e: float | Literal["cases"] | None = None
    weight: str | None = None
    line: int = 0


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
    """Grouping questions whose options are ranked, and the constructs that they are ranked by (default the index)."""

    units: tuple[str, ...]
    measures: tuple[str, ...] = ()


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

    responses: tuple[Path, ...]
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
class DriverOptions:
    """How drivers are analysed beyond regression and importance.

    Attributes
    ----------
    depth
        `core`: regression, correlation, LMG, priorities; `full`: everything.
    items
        Outcome to the item that the ordinal and the logistic regression explain; default its first item.
    segments
        Choice questions by whose options effects are compared; default those of `groups`.
    moderations
        Outcome to pairs (driver, moderator) whose product is entered.
    stated
        Driver to the number question or item in which respondents say how important it is to them.
    multinomial
        Choice question to the constructs and questions that its options are explained by.
    cut
        Lines of the importance–performance map: `mean`, `median`, or a target for performance in points.
    """

    depth: DriverDepth = "core"
    items: dict[str, str] = field(default_factory=dict)
    segments: tuple[str, ...] = ()
    moderations: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    stated: dict[str, str] = field(default_factory=dict)
    cut: Cut = "mean"
    multinomial: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PathOptions:
    """How the path model is estimated; it runs with `drivers.depth: full`.

    Attributes
    ----------
    scheme
        Inner weighting.
    consistent
        Correct for measurement error (consistent partial least squares) beside the ordinary estimates.
    higher_order
        A new construct to the constructs that it is made of, estimated in two stages.
    labels
        Of higher-order constructs, by language; `und` where the study file does not say which.
    model
        Outcome to predecessors; default the study's model, as far as it consists of constructs. May use the names of
        `higher_order`.
    groups
        Choice questions by whose options the paths are compared.
    folds
        Parts of the sample in out-of-sample prediction.
    moderations
        Target to pairs of constructs (source, moderator) whose product is entered.
    """

    scheme: PathScheme = "path"
    consistent: bool = False
    higher_order: dict[str, tuple[str, ...]] = field(default_factory=dict)
    model: dict[str, tuple[str, ...]] = field(default_factory=dict)
    groups: tuple[str, ...] = ()
    folds: int = 10
    moderations: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    labels: dict[str, dict[str, str]] = field(default_factory=dict)


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
    responses: tuple[Path, ...]
    columns: dict[str, str] = field(default_factory=dict)
    design: Design = Design()
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
    drivers: DriverOptions = DriverOptions()
    paths: PathOptions = PathOptions()
    disclosure: dict[str, str | dict[str, str]] = field(default_factory=dict)
    policy: Policy | None = None
    sampling: Sampling = ""
    reports: tuple[ReportWish, ...] = (ReportWish(),)
    file: str = ""
    digest: str = ""
