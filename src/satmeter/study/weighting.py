"""Weights calibrated to known margins of the population, with the report on them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.errors import Note, NumericsError, Problem, StudyError
from satmeter.numerics.calibration_cells import CalibrationFrame, Cells, indicator_columns, margin_cells
from satmeter.questionnaire.spec import listed
from satmeter.responses.model import Responses
from satmeter.study.design import Codes, coded_column
from satmeter.study.sampling_plan import Margin, Weighting
from satmeter.study.weighting_keys import ABOUT, CROSS, common_sum

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

_UNKNOWN = ""


@dataclass(frozen=True, slots=True)
class WeightRow:
    """One figure about the weights; `statistic` is one of minimum, maximum, cv, deff, n_eff, steps."""

    statistic: str
    estimate: float
    n: int


@dataclass(frozen=True, slots=True)
class MarginRow:
    """One category of a margin: respondents, its share before and after weighting, and the share asked for.

    `category` is empty for respondents whose category is unknown; they keep their share.
    """

    margin: str
    category: str
    n: int
    before: float
    after: float
    target: float


@dataclass(frozen=True, eq=False)
class Calibrated:
    """Weights after calibration.

    Attributes
    ----------
    weights
        shape (n,), mean 1.
    frame
        What they were calibrated to, for replicates and for linearised errors.
    rows, margins
        The report.
    notes
        What the reader must know.
    """

    weights: FloatArray
    frame: CalibrationFrame
    rows: tuple[WeightRow, ...]
    margins: tuple[MarginRow, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True, eq=False)
class _Counted:
    """A margin with the category, respondents and base weight of every cell; the last name may be the unknown one."""

    margin: Margin
    names: tuple[str, ...]
    code: IntArray
    n: FloatArray
    base: FloatArray

    def sums(self, weights: FloatArray) -> FloatArray:
        """Sum weights of cells by category."""
        return np.bincount(self.code, weights=weights, minlength=len(self.names)).astype(np.float64)

    def unknown(self) -> int:
        """Return how many respondents have no known category."""
        return int(self.sums(self.n)[self.names.index(_UNKNOWN)]) if _UNKNOWN in self.names else 0


def calibrate_weights(
    weighting: Weighting, responses: Responses, positions: IntArray, base: FloatArray, file: str
) -> Calibrated:
    """Calibrate base weights to the margins of a plan.

    Parameters
    ----------
    weighting
        Margins, distance, bounds and trimming.
    responses
        Where the margins' columns are.
    positions
        shape (n,), row of the responses of every respondent that counts.
    base
        shape (n,), base weights, mean 1.
    file
        The study file, for messages.

    Returns
    -------
    Calibrated

    Raises
    ------
    StudyError
        S020 no such column; S054 categories that no margin names; S055 categories with nobody in the sample; S056 no
        weights that meet all margins within the bounds; S059 weights of zero or below.

    Notes
    -----
    Respondents whose category is unknown form a category of their own that keeps its share. Weights are calibrated
    after the quality rules have left rows out. `trim` bounds the final weights and the margins still hold: it bounds
    the factors row by row (Deville and Särndal 1992), it does not cut weights off afterwards.
    """
    n = len(base)
    whole = n == len(responses.frame) and np.array_equal(positions, np.arange(n))
    rows = slice(None) if whole else positions
    coded = [_coded(margin, responses, rows, file) for margin in weighting.margins]
    codes, sizes = [code for code, _ in coded], [len(labels) for _, labels in coded]
    if weighting.trim is not None and np.ptp(base) > 0:
        distinct, code = np.unique(base, return_inverse=True)
        codes, sizes = [*codes, code.astype(np.int32)], [*sizes, len(distinct)]
    cells = margin_cells(codes, sizes)
    counted = _counted(weighting.margins, [labels for _, labels in coded], cells, base)
    levels = [len(entry.names) for entry in counted]
    _check_categories(counted, file)
    totals = np.concatenate([_targets(entry) for entry in counted]) * n
    columns = indicator_columns(np.stack([entry.code for entry in counted], axis=1), levels)
    low, high = _limits(weighting, cells.cell, base, cells.size)
    frame = CalibrationFrame(cells, columns, totals, base, weighting.distance, low, high)
    try:
        found = frame.sample()
    except NumericsError as error:
        raise StudyError(Problem("S056", file, about=ABOUT, got=error.problems[0].code)) from error
    mass = counted[0].base * found.factors
    if not found.converged:
        raise StudyError(Problem("S056", file, about=ABOUT, got=_widest(counted, mass, totals / n)))
    weights = found.factors[cells.cell]
    weights *= base
    if weights.min() <= 0:
        params = {"n": int((weights <= 0).sum())}
        raise StudyError(Problem("S059", file, about=ABOUT, got=f"{weights.min():.3g}", params=params))
    weights /= weights.mean()
    margins = tuple(row for entry in counted for row in _margin_rows(entry, mass))
    notes = [Note("S115", e.margin.name, {"n": e.unknown()}) for e in counted if e.unknown()]
    aim = common_sum(weighting.margins)
    if slack := [m.name for m in weighting.margins if abs(sum(m.values.values()) - aim) > 1e-9 * aim]:
        notes.append(Note("S116", listed(slack)))
    return Calibrated(weights, frame, _weight_rows(weights, found.steps), margins, tuple(notes))


def _coded(margin: Margin, responses: Responses, rows: IntArray | slice, file: str) -> tuple[Codes, list[str]]:
    """Return a code for every respondent, and the category that each code stands for; two may stand for one."""
    code, labels = coded_column(responses, margin.parts[0], "weighting", file)
    for name in margin.parts[1:]:
        more, texts = coded_column(responses, name, "weighting", file)
        code = code.astype(np.int32) * np.int32(len(texts)) + more
        labels = [f"{a}{CROSS}{b}" if a and b else _UNKNOWN for a in labels for b in texts]
    return code[rows], labels


def _counted(margins: tuple[Margin, ...], labels: list[list[str]], cells: Cells, base: FloatArray) -> list[_Counted]:
    n = np.bincount(cells.cell, minlength=cells.size).astype(np.float64)
    equal = bool((base == 1).all())
    mass = n if equal else np.bincount(cells.cell, weights=base, minlength=cells.size).astype(np.float64)
    counted = []
    for j, (margin, texts) in enumerate(zip(margins, labels, strict=True)):
        held, code = np.unique(cells.codes[:, j], return_inverse=True)
        found = [texts[k] for k in held]
        names = [name for name in margin.values if margin.values[name] > 0 or name in found]
        names += sorted({*found} - margin.values.keys() - {_UNKNOWN})
        if _UNKNOWN in found:
            names.append(_UNKNOWN)
        place = np.array([names.index(text) for text in found], dtype=np.int64)
        counted.append(_Counted(margin, tuple(names), place[code], n, mass))
    return counted


def _check_categories(counted: list[_Counted], file: str) -> None:
    problems = []
    for entry in counted:
        counts = entry.sums(entry.n)
        line, values, place = entry.margin.line, entry.margin.values, entry.margin.file or file
        strange = [(name, k) for name, k in zip(entry.names, counts, strict=True) if name and values.get(name, 0) == 0]
        for name, count in strange:
            params: dict[str, str | int] = {"margin": entry.margin.name, "n": int(count), "choices": listed(values)}
            problems.append(Problem("S054", place, line, ABOUT, f"'{name}'", params=params))
        for name, count in zip(entry.names, counts, strict=True):
            if count == 0:
                params = {"margin": entry.margin.name, "share": f"{values[name]:g}"}
                at = entry.margin.line_of(name)
                problems.append(Problem("S055", place, at, ABOUT, f"'{name}'", params=params))
    if problems:
        raise StudyError(problems)


def _targets(entry: _Counted) -> FloatArray:
    """Return the share that every category shall have; the unknown one keeps its own."""
    values = np.array([entry.margin.values.get(name, 0.0) for name in entry.names])
    shares: FloatArray = values / values.sum()
    if _UNKNOWN in entry.names:
        kept = float(entry.sums(entry.base)[entry.names.index(_UNKNOWN)] / entry.base.sum())
        shares = shares * (1 - kept)
        shares[entry.names.index(_UNKNOWN)] = kept
    return shares


def _limits(weighting: Weighting, cell: IntArray, base: FloatArray, size: int) -> tuple[FloatArray, FloatArray]:
    """Return the bounds of every cell's factor: those given, and those that trimming leaves."""
    low, high = weighting.bounds or (-np.inf, np.inf)
    lows, highs = np.full(size, low), np.full(size, high)
    if weighting.trim is not None:
        first = np.empty(size, dtype=np.int64)
        first[cell] = np.arange(len(cell))
        lows = np.maximum(lows, weighting.trim[0] / base[first])
        highs = np.minimum(highs, weighting.trim[1] / base[first])
    return lows, highs


def _widest(counted: list[_Counted], mass: FloatArray, targets: FloatArray) -> str:
    """Return the category that is furthest from its target, with both shares."""
    names = [(entry.margin.name, name) for entry in counted for name in entry.names]
    shares = np.concatenate([entry.sums(mass) for entry in counted]) / mass.sum()
    worst = int(np.abs(shares - targets).argmax())
    margin, name = names[worst]
    return f"{margin} '{name}': {shares[worst]:.4f} / {targets[worst]:.4f}"


def _margin_rows(entry: _Counted, mass: FloatArray) -> list[MarginRow]:
    n, before, after = (entry.sums(w) for w in (entry.n, entry.base, mass))
    before, after, targets = before / before.sum(), after / after.sum(), _targets(entry)
    return [
        MarginRow(entry.margin.name, name, int(n[k]), float(before[k]), float(after[k]), float(targets[k]))
        for k, name in enumerate(entry.names)
    ]


def _weight_rows(weights: FloatArray, steps: int) -> tuple[WeightRow, ...]:
    """Return the report on weights of mean 1: Kish's design effect is 1 + CV², the population form of the variance."""
    n = len(weights)
    effect = float((weights**2).mean())
    figures = {
        "minimum": float(weights.min()),
        "maximum": float(weights.max()),
        "cv": float(np.sqrt(max(effect - 1, 0.0))),
        "deff": effect,
        "n_eff": n / effect,
        "steps": float(steps),
    }
    return tuple(WeightRow(name, value, n) for name, value in figures.items())
