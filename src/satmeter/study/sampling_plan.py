"""The sampling design, and what weights are made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

SingleUnit = Literal["stop", "collapse", "certainty", "centre"]
ReplicateType = Literal["brr", "fay", "jk1", "jkn", "bootstrap", "other"]
Distance = Literal["raking", "linear", "logit"]


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
    probability: str | None = None  # of selection; the weight is 1 / probability, in place of `weight`
    frequency: str | None = None  # a row stands for this many respondents
    strata: str | None = None
    cluster: str | None = None
    nested: bool = False  # whether one label in two strata means two clusters; else it is an error
    single_unit: SingleUnit = "stop"  # a stratum with one unit: refused, joined to a neighbour, certain, or centred
    population: Population | None = None
    replicates: ReplicateColumns | None = None

    @property
    def base(self) -> str | None:
        """The column that base weights come from, as they are or as 1 / probability; None without weights."""
        return self.weight or self.probability


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
