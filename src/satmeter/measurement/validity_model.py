"""Results about validity: tuples of plain-number rows. Column names are those of results.json."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

import pandas as pd

from satmeter.errors import Note

ValiditySection = Literal["validity", "loadings"]


@dataclass(frozen=True, slots=True)
class ValidityRow:
    """One statistic about one construct, a pair of constructs, or (both empty) all items together.

    `ave`: average variance extracted. `htmt`, `htmt2`: heterotrait–monotrait ratios of a pair. `factor_correlation`:
    correlation of a pair free of measurement error. `fornell_larcker`: the smaller AVE of a pair less the square of its
    factor correlation. `single_factor_share`: part of all items' variance on the first component (Harman).
    """

    statistic: str
    construct: str
    other: str
    estimate: float | None
    std_error: float | None
    conf_low: float | None
    conf_high: float | None
    df: float | None
    p_value: float | None
    n: int


@dataclass(frozen=True, slots=True)
class LoadingRow:
    """How closely one item goes with the factor of one construct.

    `structure`: correlation of the item with the construct's factor; the item's own construct holds its loading.
    """

    model: str
    construct: str
    item: str
    estimate: float | None
    std_error: float | None
    conf_low: float | None
    conf_high: float | None
    n: int


@dataclass(frozen=True, slots=True)
class Validity:
    """Validity of one study's constructs."""

    validity: tuple[ValidityRow, ...] = ()
    loadings: tuple[LoadingRow, ...] = ()
    validity_notes: tuple[Note, ...] = ()
    loading_notes: tuple[Note, ...] = ()

    def to_frame(self, section: ValiditySection = "validity") -> pd.DataFrame:
        """Return one section as a table, a row a row, unrounded; figures that cannot be had are missing."""
        rows: tuple[ValidityRow | LoadingRow, ...] = self.validity if section == "validity" else self.loadings
        return pd.DataFrame([asdict(row) for row in rows])
