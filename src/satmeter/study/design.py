"""Columns of the sampling design: weights, frequencies, strata, clusters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from satmeter.errors import Note, Problem, StudyError
from satmeter.numerics.replicate_weights import ReplicateSet
from satmeter.questionnaire.spec import listed, nearest
from satmeter.responses.model import Responses
from satmeter.study.plan import Uncertainty
from satmeter.study.replicate_columns import given_replicates
from satmeter.study.sampling_plan import Design
from satmeter.study.strata import layers
from satmeter.study.text_codes import value_codes

MAX_ROWS = 5_000_000
_SHORT = 127
_VARIED = 1.5  # design effect of unequal weights above which the reader is told

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Codes = npt.NDArray[np.signedinteger]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Sample:
    """The design of the kept rows, expanded by frequency.

    Attributes
    ----------
    rows
        shape (n,), position of every respondent in the kept rows.
    weights
        shape (n,), mean 1.
    strata, cluster
        shape (n,), integers from 0, or None. Clusters are counted within strata. With replicate weights and without a
        column of clusters, those whose weights change alike.
    fraction
        shape (n,), sampling fraction of the row's stratum; None: not known, as if drawn with replacement.
    replicates
        Replicate weights that came with the data, or None.
    """

    rows: IntArray
    weights: FloatArray
    strata: IntArray | None
    cluster: IntArray | None
    fraction: FloatArray | None
    replicates: ReplicateSet | None
    notes: tuple[Note, ...]


def design_column(responses: Responses, name: str, role: str, file: str) -> pd.Series:
    """Return a column of the design as text, index as the responses; blank where empty.

    Raises
    ------
    StudyError
        S020 when the data have no such column.
    """
    code, labels = coded_column(responses, name, role, file)
    return pd.Series(np.array(labels, dtype=object)[code], index=responses.frame.index)


def coded_column(responses: Responses, name: str, role: str, file: str) -> tuple[Codes, list[str]]:
    """Return a column of the design as codes, shape (rows,), and the text that each stands for; the first is blank.

    Two codes may stand for one text.

    Raises
    ------
    StudyError
        S020 when the data have no such column.
    """
    asked = name in responses.frame.columns and name not in responses.absent
    if name not in responses.other.columns and not asked:
        columns = [*responses.other.columns, *responses.frame.columns]
        params = {"role": role, "choices": listed(list(responses.other.columns)) or "–"}
        raise StudyError(
            Problem("S020", file, about=("column", name), suggestion=nearest(name, columns), params=params)
        )
    values = responses.other[name] if name in responses.other.columns else responses.frame[name]
    place, found = value_codes(values)
    texts = [f"{value:g}" if isinstance(value, float) else str(value).strip() for value in found]
    code: Codes = np.asarray(place).astype(np.int8 if len(texts) < _SHORT else np.int32)
    code += 1
    return code, ["", *texts]


def frequencies(responses: Responses, design: Design, file: str) -> tuple[IntArray, tuple[Note, ...]]:
    """Return how many respondents every row stands for (ones without ``design.frequency``).

    Raises
    ------
    StudyError
        S020 no such column; S022 blank, negative, not whole or not a number; S023 more than five million in all.
    """
    if design.frequency is None:
        return np.ones(len(responses.frame), dtype=np.int64), ()
    texts = design_column(responses, design.frequency, "frequency", file)
    numbers = _numbers(texts)
    bad = ~((numbers >= 0) & (numbers == np.floor(numbers)))
    _refuse("S022", bad, responses, design.frequency, file)
    if numbers.sum() > MAX_ROWS:
        params = {"n": int(numbers.sum()), "limit": MAX_ROWS}
        raise StudyError(Problem("S023", file, about=("column", design.frequency), params=params))
    empty = int((numbers == 0).sum())
    notes = (Note("S109", design.frequency, {"n": empty}),) if empty else ()
    return numbers.astype(np.int64), notes


def draw_sample(responses: Responses, design: Design, kept: Mask, counts: IntArray, file: str) -> Sample:
    """Return the design of the kept rows.

    Parameters
    ----------
    kept
        shape (rows,), bool: rows of the responses that stay.
    counts
        shape (rows,), respondents that each row stands for.

    Raises
    ------
    StudyError
        S020 no such column; S021 a weight that is blank, zero, negative or not a number; S134 a probability that is
        blank, not a number, not above 0 or above 1; S024 a blank stratum or cluster; S025, S026, S080 to S083 for
        strata, clusters and sizes (`layers`); S045, S084 for replicate weights.
        Excluded rows are not looked at.
    """
    positions = np.flatnonzero(kept)
    rows = np.repeat(np.arange(len(positions)), counts[positions])
    notes: list[Note] = []
    raw, weights = np.ones(len(positions)), np.ones(len(rows))
    if design.base is not None:
        raw = _base_weights(responses, design, kept, file)[positions]
        weights = raw[rows] / raw[rows].mean()
        effect = float((weights**2).mean())
        if effect > _VARIED:
            notes.append(Note("S107", design.base, {"deff": f"{effect:.2f}", "n_eff": f"{len(rows) / effect:.0f}"}))
    strata = _labels(responses, design.strata, "strata", kept, file)
    cluster = _labels(responses, design.cluster, "cluster", kept, file)
    found = layers(design, strata, cluster, _sizes(responses, design, kept, file), rows, file)
    replicates, units = None, found.cluster
    if design.replicates is not None:
        replicates, more = given_replicates(design.replicates, responses, kept, raw, rows, file)
        notes += more
        if units is None and replicates.factor.shape[1] < len(rows):
            units = replicates.unit
    return Sample(rows, weights, found.strata, units, found.fraction, replicates, (*notes, *found.notes))


def _base_weights(responses: Responses, design: Design, kept: Mask, file: str) -> FloatArray:
    """Return the weights that respondents were drawn with, for every row; they are right in the kept ones."""
    if design.weight is not None:
        weights = _numbers(design_column(responses, design.weight, "weight", file))
        _refuse("S021", kept & ~(weights > 0), responses, design.weight, file)
        return weights
    name = str(design.probability)
    chance = _numbers(design_column(responses, name, "probability", file))
    fit = (chance > 0) & (chance <= 1)
    _refuse("S134", kept & ~fit, responses, name, file)
    return 1 / np.where(fit, chance, 1.0)


def group_notes(uncertainty: Uncertainty, sample: Sample) -> tuple[Note, ...]:
    """Return a note where more random groups are asked for than there are units."""
    units = len(sample.rows) if sample.cluster is None else int(sample.cluster.max(initial=-1)) + 1
    if uncertainty.method != "groups" or units >= uncertainty.groups:
        return ()
    return (Note("S123", "uncertainty.groups", {"n": uncertainty.groups, "units": units}),)


def _sizes(responses: Responses, design: Design, kept: Mask, file: str) -> FloatArray | None:
    """Return the sizes of the population that a column has, for the kept rows."""
    name = design.population.column if design.population else None
    if name is None:
        return None
    numbers = _numbers(design_column(responses, name, "population", file))
    bad = kept & ~(numbers >= 1)
    if bad.any():
        lines = listed([str(line) for line in responses.row.to_numpy()[bad].tolist()], 5)
        raise StudyError(Problem("S081", responses.source or file, about=("column", name), got=lines))
    return numbers[kept]


def _numbers(texts: pd.Series) -> FloatArray:
    """Return numbers, NaN for what is none (infinite values too)."""
    numbers = np.asarray(pd.to_numeric(texts, errors="coerce"), dtype=float)
    return np.where(np.isfinite(numbers), numbers, np.nan)


def _refuse(code: str, bad: Mask, responses: Responses, column: str, file: str) -> None:
    if bad.any():
        lines = responses.row.to_numpy()[bad].tolist()
        params: dict[str, str | int] = {"n": len(lines), "rows": listed([str(line) for line in lines], 5)}
        raise StudyError(Problem(code, responses.source or file, about=("column", column), params=params))


def _labels(responses: Responses, name: str | None, role: str, kept: Mask, file: str) -> list[str] | None:
    if name is None:
        return None
    texts = design_column(responses, name, role, file)
    _refuse("S024", kept & (texts == "").to_numpy(), responses, name, file)
    return [str(text) for text in texts.to_numpy()[kept]]
