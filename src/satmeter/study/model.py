"""What counts: the respondents that are kept, with their weights and the reasons for the others."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from satmeter.errors import Note
from satmeter.numerics.calibration_cells import CalibrationFrame
from satmeter.numerics.design import DesignUnits, SampledStrata, design_units
from satmeter.numerics.replicate_weights import ReplicateSet
from satmeter.questionnaire.model import Questionnaire
from satmeter.responses.model import Responses
from satmeter.study.fieldwork_model import Adjusted, SampledCases
from satmeter.study.plan import Plan
from satmeter.study.weighting import Calibrated


@dataclass(frozen=True, slots=True)
class DispositionRow:
    """How many respondents are left after a step."""

    step: str
    n: int


@dataclass(frozen=True, slots=True)
class QualityRow:
    """One finding of one quality rule about one respondent."""

    respondent: str
    rule: str
    value: float | None
    excluded: bool


@dataclass(frozen=True, eq=False)
class Study:
    """Responses kept for analysis, with everything that the analysis needs to know about the design.

    Attributes
    ----------
    plan
        The study file.
    responses
        As read, all respondents.
    frame, missing
        The kept respondents only; `frame` holds *items already reversed* (low + high - code) where `reverse` is set,
        so that reversing happens at this one place. Frequency weights are already expanded into rows.
    weights
        shape (n,), base weights, or calibrated ones where the plan says so, scaled to mean 1; ones without weights.
    weighted
        Whether the weights differ.
    strata, cluster
        shape (n,), integer codes from 0, or None.
    fraction
        shape (n,), units of the sample over units of the population in the row's stratum; None: as if drawn with
        replacement.
    replicates
        Replicate weights that came with the data, or None.
    groups
        Grouping question to option code of every kept respondent (index as `frame`), None where missing.
    construct_scores
        Index as `frame`, one column a construct, 0–100 (every item rescaled, 100·(code − low)/(high − low), then
        averaged under the plan's missing rule), NaN where it cannot be had.
    disposition, quality, notes
        What was dropped or flagged and why.
    calibrated
        What the weights were calibrated to, with the report on them; None without `weighting`.
    codes
        Text question to a table of its themes (index as `frame`, bool): what coders found in the answers.
    cases, adjusted
        The sample that was drawn, and the weights for those who did not respond; None without the keys.
    """

    plan: Plan
    responses: Responses
    frame: pd.DataFrame
    missing: pd.DataFrame
    weights: npt.NDArray[np.float64]
    weighted: bool
    strata: npt.NDArray[np.int64] | None
    cluster: npt.NDArray[np.int64] | None
    groups: dict[str, pd.Series]
    construct_scores: pd.DataFrame
    disposition: tuple[DispositionRow, ...]
    quality: tuple[QualityRow, ...]
    notes: tuple[Note, ...] = ()
    calibrated: Calibrated | None = None
    fraction: npt.NDArray[np.float64] | None = None
    replicates: ReplicateSet | None = None
    codes: dict[str, pd.DataFrame] = field(default_factory=dict)
    cases: SampledCases | None = None
    adjusted: Adjusted | None = None

    @property
    def layers(self) -> npt.NDArray[np.int64] | SampledStrata | None:
        """The strata, with sampling fractions where the population is finite; as functions take them."""
        if self.fraction is None:
            return self.strata
        code = np.zeros(self.n, dtype=np.int64) if self.strata is None else self.strata
        return SampledStrata(code, self.fraction, self.plan.design.single_unit == "centre")

    @cached_property
    def design(self) -> DesignUnits:
        """The first-stage units; N003 for a stratum with one unit."""
        return design_units(self.n, self.layers, self.cluster)

    @property
    def calibration(self) -> CalibrationFrame | None:
        """What the weights were calibrated to, for linearised errors; None where they were not."""
        return None if self.calibrated is None else self.calibrated.frame

    @property
    def questionnaire(self) -> Questionnaire:
        """The questionnaire of the responses."""
        return self.responses.questionnaire

    @property
    def simulated(self) -> bool:
        """Whether the answers, or some of them, say that they were simulated."""
        return self.responses.simulated

    @property
    def n(self) -> int:
        """Number of respondents kept (after expanding frequency weights)."""
        return len(self.frame)
