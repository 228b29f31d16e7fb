"""Replicate weights that came with the data."""

from __future__ import annotations

from fnmatch import fnmatchcase

import numpy as np
import numpy.typing as npt
import pandas as pd

from satmeter.errors import Note, NumericsError, Problem, StudyError
from satmeter.numerics.replicate_weights import ReplicateSet, replicate_set
from satmeter.questionnaire.spec import listed, nearest
from satmeter.responses.model import Responses
from satmeter.study.sampling_plan import ReplicateColumns

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

ABOUT = ("key", "design.replicates")
FEW = 100
_FAR = 2.0


def replicate_names(wanted: ReplicateColumns, responses: Responses) -> tuple[str, ...]:
    """Return the columns that the plan's names and patterns mean, in the order of the data; unknown names stay out."""
    columns = [str(name) for name in responses.other.columns]
    return tuple(name for name in columns if any(fnmatchcase(name, pattern) for pattern in wanted.columns))


def given_replicates(
    wanted: ReplicateColumns, responses: Responses, kept: Mask, weights: FloatArray, rows: IntArray, file: str
) -> tuple[ReplicateSet, tuple[Note, ...]]:
    """Read the replicate weights of the kept rows.

    Parameters
    ----------
    wanted
        Columns and type.
    kept
        shape (rows of the responses,), those that stay.
    weights
        shape (kept rows,), weights as they stand in the data, ones without `design.weight` and
        `design.probability`.
    rows
        shape (n,), kept row of every respondent.
    file
        The study file, for messages.

    Raises
    ------
    StudyError
        S020 for a name or pattern that no column has; S045 for weights that are blank, negative or no numbers; S084 for
        scales that do not go with the columns, and for weights far from the size of `weights`.
    """
    names = replicate_names(wanted, responses)
    missing = [p for p in wanted.columns if not any(fnmatchcase(name, p) for name in names)]
    if missing:
        others = [str(name) for name in responses.other.columns]
        params = {"role": "replicates", "choices": listed(others) or "–"}
        raise StudyError(
            [
                Problem("S020", file, wanted.line, ("column", name), suggestion=nearest(name, others), params=params)
                for name in missing
            ]
        )
    table = np.stack([np.asarray(pd.to_numeric(responses.other[n], errors="coerce"), dtype=float) for n in names])
    bad = kept & ~(np.isfinite(table) & (table >= 0)).all(axis=0)
    if bad.any():
        lines = [str(line) for line in responses.row.to_numpy()[bad].tolist()]
        told: dict[str, str | int] = {"n": len(lines), "rows": listed(lines, 5)}
        raise StudyError(Problem("S045", file, wanted.line, ABOUT, params=told))
    table = table[:, kept]
    size = float(table.mean() / weights.mean())
    if not 1 / _FAR <= size <= _FAR or len(names) < 2:
        got = f"{len(names)} × {size:.3g}"
        raise StudyError(Problem("S084", file, wanted.line, ABOUT, got))
    try:
        found = replicate_set(
            weights[rows],
            table[:, rows],
            wanted.type,
            scale=wanted.scale,
            rscales=wanted.rscales or None,
            rho=wanted.rho,
        )
    except NumericsError as error:
        raise StudyError(Problem("S084", file, wanted.line, ABOUT, error.problems[0].got)) from error
    few = found.balanced and len(names) < FEW
    notes = (Note("S121", listed(wanted.columns), {"n": len(names)}),) if few else ()
    return found, notes
