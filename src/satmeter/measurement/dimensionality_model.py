"""Results about dimensionality that are not rows of `validity` or `loadings`."""

from __future__ import annotations

from dataclasses import dataclass

from satmeter.errors import Note
from satmeter.measurement.validity_model import LoadingRow, ValidityRow


@dataclass(frozen=True, slots=True)
class ScreeRow:
    """One eigenvalue of the items' correlations beside those of uncorrelated data of the same size."""

    number: int  # from 1
    eigenvalue: float | None
    reference: float | None  # the 95th percentile over the draws of parallel analysis
    mean: float | None  # the mean over the draws


@dataclass(frozen=True, slots=True)
class CommunalityRow:
    """What the exploratory factors explain of one item's variance, and what they do not."""

    item: str
    communality: float | None
    uniqueness: float | None
    heywood: bool  # the uniqueness came to its bound 0.005: improper


@dataclass(frozen=True, slots=True)
class Dimensionality:
    """How many things the items of all reflective constructs measure, as far as the answers show.

    Attributes
    ----------
    validity
        ``kmo`` (overall with `construct` and `other` empty; of one item with its construct and, as `other`, its id),
        ``bartlett`` (chi-square in `estimate`, with df and p), ``n_factors_parallel`` and ``n_factors_map``, and of the
        exploratory solution ``efa_chi2`` (with df and p), ``efa_rmsea`` (with its 90 % interval), ``efa_tli``,
        ``efa_bic``, ``efa_rmsr``, and ``efa_correlation`` of a pair of factors (``F1``, ``F2``).
    loadings
        Model ``efa``: `construct` holds the factor, ``F1`` … in falling order of explained variance; the estimate is
        the pattern loading.
    communalities, scree
        One row an item and an eigenvalue.
    validity_notes, loading_notes
        What must be known about either.
    """

    validity: tuple[ValidityRow, ...] = ()
    loadings: tuple[LoadingRow, ...] = ()
    communalities: tuple[CommunalityRow, ...] = ()
    scree: tuple[ScreeRow, ...] = ()
    validity_notes: tuple[Note, ...] = ()
    loading_notes: tuple[Note, ...] = ()
