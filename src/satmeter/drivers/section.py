"""What the deeper driver analyses return: sections of results.json with their rows and notes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from satmeter.drivers.regression import Regression
from satmeter.errors import Note
from satmeter.moments import Resampling
from satmeter.numerics.design import SampledStrata
from satmeter.study.model import Study

ARROW = " → "
"""Between the constructs of a route."""


@dataclass(frozen=True, slots=True)
class Section:
    """Rows of one section (frozen dataclasses whose fields are the columns) and the notes about them."""

    rows: tuple[Any, ...] = ()
    notes: tuple[Note, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return the rows as a table, unrounded; figures that cannot be had are missing."""
        return pd.DataFrame([asdict(row) for row in self.rows])


@dataclass(frozen=True, slots=True)
class DeepInput:
    """What every part of the deeper analysis starts from: the study, its replicates, and the regressions that exist."""

    study: Study
    resampling: Resampling
    regressions: tuple[Regression, ...]


class Design(NamedTuple):
    """Weights (None where all are equal), strata and clusters of some respondents, as numerical functions take them."""

    weights: npt.NDArray[np.float64] | None
    strata: npt.NDArray[np.int64] | SampledStrata | None
    cluster: npt.NDArray[np.int64] | None


def design_of(study: Study, use: npt.NDArray[np.bool_]) -> Design:
    """Return the design of the respondents in use."""
    layers = study.layers
    return Design(
        study.weights[use] if study.weighted else None,
        None if layers is None else layers[use],
        None if study.cluster is None else study.cluster[use],
    )


@dataclass(frozen=True, slots=True)
class DeepDrivers:
    """Sections by their name in results.json (docs/results.md)."""

    sections: Mapping[str, Section] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Section:
        return self.sections.get(name, Section())


def p_words(p_value: float) -> str:
    """Return a p-value as notes show it.

    Examples
    --------
    >>> p_words(0.0341), p_words(0.0002)
    ('= 0.034', '< 0.001')
    """
    return "< 0.001" if p_value < 0.001 else f"= {p_value:.3f}"


def joined(parts: Iterable[Mapping[str, Section]]) -> dict[str, Section]:
    """Return the sections of several parts; those of the same name are put one after another.

    Examples
    --------
    >>> joined([{"drivers": Section((1,))}, {"drivers": Section((2,)), "paths": Section((3,))}])["drivers"].rows
    (1, 2)
    """
    found: dict[str, Section] = {}
    for part in parts:
        for name, section in part.items():
            before = found.get(name, Section())
            found[name] = Section((*before.rows, *section.rows), (*before.notes, *section.notes))
    return found
