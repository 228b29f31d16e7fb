"""Results about validity: tuples of plain-number rows. Column names are those of results.json."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

import pandas as pd

from satmeter.errors import Note

ValiditySection = Literal["validity", "loadings", "invariance", "dif", "lint"]


@dataclass(frozen=True, slots=True)
class ValidityRow:
    """One statistic about one construct, a pair of constructs, or (both empty) all items together.

    `ave`: average variance extracted. `htmt`, `htmt2`: heterotrait–monotrait ratios of a pair. `factor_correlation`:
    correlation of a pair free of measurement error. `fornell_larcker`: the smaller AVE of a pair less the square of its
    factor correlation. `single_factor_share`: part of all items' variance on the first component (Harman). Of the
    confirmatory model: `chi2`, `chi2_scaled` (with df and p), `cfi`, `tli`, `rmsea` (with its 90 % interval), each
    also `_robust`, `srmr`, `aic`, `bic`, `cfa_correlation` of a pair, `ave_cfa`. Of the ordinal one: `chi2_wlsmv`,
    `cfi_wlsmv`, `tli_wlsmv`, `rmsea_wlsmv`, `srmr_wlsmv`, `cfa_ordinal_correlation` of a pair.
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
    `cfa`, `cfa_ordinal`: standardised loading in the confirmatory models, own constructs only.
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
class InvarianceRow:
    """One model of the comparison of groups; changes are against the model that it is compared with.

    `step`: configural, metric, scalar or strict. `freed`: what is free all the same, such as ``intercept pe2``.
    `holds`: whether CFI falls by at most .010 and RMSEA rises by at most .015 (configural: CFI at least .90).
    `verdict`: scalar_holds, partial, metric_only or none, the same for all models of a question.
    """

    group_by: str
    step: str
    freed: str
    chi2: float | None
    df: int
    cfi: float | None
    rmsea: float | None
    srmr: float | None
    chi2_change: float | None
    df_change: int | None
    p_change: float | None
    cfi_change: float | None
    rmsea_change: float | None
    srmr_change: float | None
    holds: bool
    verdict: str
    n: int


@dataclass(frozen=True, slots=True)
class DifRow:
    """One test whether an item is answered differently by groups of equal standing on the construct.

    `kind`: `total`, `uniform` (shifted everywhere alike) or `nonuniform` (the difference changes along the construct).
    `statistic`: chi-square; `p_adjusted` after Holm over the items of the construct. `effect`: growth of Nagelkerke's
    R²; `size`: A below .035, B below .070, C above (Jodoin and Gierl 2001).
    """

    group_by: str
    construct: str
    item: str
    kind: str
    statistic: float | None
    df: int
    p_value: float | None
    p_adjusted: float | None
    effect: float | None
    size: str
    n: int


@dataclass(frozen=True, slots=True)
class LintRow:
    """One reason to look at an item again: a value beyond its limit. The sentence stands in the notes."""

    construct: str
    item: str
    finding: str
    value: float | None
    limit: float


@dataclass(frozen=True, slots=True)
class Validity:
    """Validity of one study's constructs."""

    validity: tuple[ValidityRow, ...] = ()
    loadings: tuple[LoadingRow, ...] = ()
    invariance: tuple[InvarianceRow, ...] = ()
    validity_notes: tuple[Note, ...] = ()
    loading_notes: tuple[Note, ...] = ()
    invariance_notes: tuple[Note, ...] = ()
    dif: tuple[DifRow, ...] = ()
    dif_notes: tuple[Note, ...] = ()
    lint: tuple[LintRow, ...] = ()
    lint_notes: tuple[Note, ...] = ()

    def to_frame(self, section: ValiditySection = "validity") -> pd.DataFrame:
        """Return one section as a table, a row a row, unrounded; figures that cannot be had are missing."""
        rows: dict[ValiditySection, tuple[ValidityRow | LoadingRow | InvarianceRow | DifRow | LintRow, ...]] = {
            "validity": self.validity,
            "loadings": self.loadings,
            "invariance": self.invariance,
            "dif": self.dif,
            "lint": self.lint,
        }
        return pd.DataFrame([asdict(row) for row in rows[section]])
