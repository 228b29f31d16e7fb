"""Moments of the sample and of all replicates, shipped so that figures can be computed again without the answers."""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from satmeter.drivers.predictors import Predictor, build_predictors
from satmeter.drivers.regression import find_problems, regress
from satmeter.measurement.construct_moments import construct_moments
from satmeter.measurement.construct_ratings import construct_ratings
from satmeter.measurement.degrees import design_df, is_simple
from satmeter.measurement.scores import group_masks, published_measures
from satmeter.moments import Resampling, mean_stack
from satmeter.publication.stack_limits import Room, room_for
from satmeter.study.model import Study

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

INDEX, STACKS = "moments/index.json", "moments/stacks.npz"
MOST_BYTES = 12_000_000
"""Stacks of scores above this are left out, those of items first; their figures are then said to be unchecked."""

LARGEST = 400_000_000
"""Stacks that unpack to more bytes are not read: no release has as many."""


@dataclass(eq=False)
class Stacks:
    """Arrays and what they are.

    Attributes
    ----------
    arrays
        Name (``a0``, ``a1`` …) to array, float64, the sample first; equal arrays are kept once.
    index
        Section to what is needed, beside the arrays, to compute its rows.
    """

    arrays: dict[str, FloatArray] = field(default_factory=dict)
    index: dict[str, Any] = field(default_factory=dict)
    _names: dict[bytes, str] = field(default_factory=dict)

    def add(self, array: FloatArray) -> str:
        """Keep an array and return its name."""
        held = np.ascontiguousarray(array, dtype=np.float64)
        key = held.tobytes() + repr(held.shape).encode()
        if key not in self._names:
            self._names[key] = f"a{len(self.arrays)}"
            self.arrays[self._names[key]] = held
        return self._names[key]

    @property
    def size(self) -> int:
        """Bytes of all arrays."""
        return sum(array.nbytes for array in self.arrays.values())

    def files(self) -> dict[str, bytes]:
        """Return the two files; the same stacks give the same bytes."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, array in self.arrays.items():
                part = io.BytesIO()
                np.lib.format.write_array(part, array, version=(1, 0), allow_pickle=False)
                entry = zipfile.ZipInfo(f"{name}.npy")  # 1980-01-01
                entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 0
                archive.writestr(entry, part.getvalue())
        text = json.dumps(self.index, ensure_ascii=False, allow_nan=False, indent=1)
        return {INDEX: (text + "\n").encode("utf-8"), STACKS: buffer.getvalue()}


def read_stacks(files: Mapping[str, bytes]) -> Stacks:
    """Read the two files of a release.

    Raises
    ------
    ValueError, OSError, KeyError
        When they are damaged, or unpack to more than any release ships.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(files[STACKS])) as packed:
            size = sum(entry.file_size for entry in packed.infolist())
        if size > LARGEST:
            raise ValueError(STACKS)
        with np.load(io.BytesIO(files[STACKS]), allow_pickle=False) as archive:
            arrays = {name: np.asarray(archive[name], dtype=np.float64) for name in archive.files}
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, MemoryError) as error:
        raise ValueError(STACKS) from error
    return Stacks(arrays, json.loads(files[INDEX].decode("utf-8")))


def collect_stacks(study: Study, resampling: Resampling, document: Mapping[str, Any]) -> Stacks:
    """Gather the moments behind what a public document shows.

    Parameters
    ----------
    study, resampling
        The study and its replicates.
    document
        The public document: no stack is kept of a figure that it hides.

    Returns
    -------
    Stacks
        Of scores by group: the figure in the sample and every replicate. Of reliability: covariances of a construct's
        items. Of drivers: means and covariances of outcome and predictors. Of the sample alone where errors are not
        published; of scores, too, where replicates leave out one unit each, for these would tell its answers; and of
        whatever finds no `Room`. Nothing of regressions that rest on a hidden option, or on all respondents but few.

    Notes
    -----
    `resampling` must be drawn by `secret_draws`.
    """
    if document["study"].get("sampling") == "nonprobability":
        resampling = resampling.first(0)
    scored = resampling.for_scores if resampling.for_scores.coefficient is None else resampling.first(0)
    stacks = Stacks()
    stacks.index = {"conf_level": study.plan.uncertainty.conf_level, "simple": is_simple(study)}
    room = room_for(resampling, np.ones(study.n, dtype=np.bool_))
    _add_reliability(stacks, study, resampling, document, room)
    _add_drivers(stacks, study, resampling, document, room)
    _add_scores(stacks, study, scored, document, room)
    _add_rests(stacks, study, scored, document)
    return stacks


def triangle(matrices: FloatArray) -> FloatArray:
    """Return the upper triangles of symmetric matrices, shape (b, p (p + 1) / 2), from shape (b, p, p)."""
    first, second = np.triu_indices(matrices.shape[-1])
    return np.ascontiguousarray(matrices[:, first, second])


def squared(triangles: FloatArray) -> FloatArray:
    """Return symmetric matrices, shape (b, p, p), from their upper triangles.

    Examples
    --------
    >>> matrix = np.array([[[2.0, 1.0], [1.0, 3.0]]])
    >>> bool((squared(triangle(matrix)) == matrix).all())
    True
    """
    p = int((np.sqrt(8 * triangles.shape[1] + 1) - 1) / 2)
    first, second = np.triu_indices(p)
    found = np.empty((len(triangles), p, p))
    found[:, first, second] = found[:, second, first] = triangles
    return found


def _shown(document: Mapping[str, Any], section: str, *keys: str) -> set[tuple[Any, ...]]:
    """Return the keys of the rows whose estimate is shown."""
    rows = (document.get(section) or {"rows": ()})["rows"]
    return {tuple(row.get(key) for key in keys) for row in rows if row.get("estimate") is not None}


def _fitting(stack: FloatArray, room: Room, study: Study) -> FloatArray:
    """Return moments that are no scores with their replicates where there is room, else those of the sample alone."""
    measures, _ = published_measures(study)
    later = {m.quantity.columns for m in measures if m.statistic != "mean_rating"}
    return stack if room.takes(stack, reserved=len(later)) else stack[:1]


def _add_reliability(
    stacks: Stacks, study: Study, resampling: Resampling, document: Mapping[str, Any], room: Room
) -> None:
    shown = {construct for (construct,) in _shown(document, "reliability", "construct")}
    entries = []
    for construct in study.questionnaire.constructs.values():
        ratings = construct_ratings(study, construct).found
        if ratings is None or construct.id not in shown:
            continue
        base = construct_moments(study, resampling, construct.id, ratings)
        entries.append(
            {
                "construct": construct.id,
                "n": base.moments.n,
                "n_items": len(ratings.items),
                "df": base.df,
                "points": ratings.points,
                "covariance": stacks.add(_fitting(triangle(base.moments.covariance), room, study)),
            }
        )
    stacks.index["reliability"] = entries


def _tells_few(study: Study, outcome: str, predictors: Sequence[Predictor], complete: BoolArray) -> bool:
    """Tell whether the respondents of a regression are those of a published score but for few."""
    few = study.plan.policy.min_n if study.plan.policy else 0
    names = (outcome, *(p.name for p in predictors if p.kind == "construct"))
    answered = (int(study.construct_scores[name].notna().sum()) for name in names)
    return any(0 < n - int(complete.sum()) < few for n in answered)


def _add_drivers(stacks: Stacks, study: Study, resampling: Resampling, document: Mapping[str, Any], room: Room) -> None:
    regression = (document.get("regression") or {"rows": ()})["rows"]
    secret = {row["outcome"] for row in regression if row["estimate"] is None}
    model = study.plan.model or study.questionnaire.model
    entries = []
    for (outcome,) in sorted(_shown(document, "drivers", "outcome")):
        predictors, complete, _ = build_predictors(study, outcome, model.get(outcome, ()))
        if outcome in secret or find_problems(study, outcome, predictors, complete):
            continue
        if _tells_few(study, outcome, predictors, complete):
            continue
        found = regress(study, resampling, outcome, predictors, complete)
        df = design_df(study, found.complete) - len(found.terms)
        if df < 1:
            continue
        cov = triangle(found.moments.covariance)
        both = _fitting(np.column_stack([found.moments.mean, cov]), room, study)
        entries.append(
            {
                "outcome": outcome,
                "terms": list(found.terms),
                "predictors": [
                    {"name": p.name, "kind": p.kind, "control": p.control, "columns": list(found.columns_of(p.name))}
                    for p in found.predictors
                ],
                "n": found.n,
                "df": df,
                "mean": stacks.add(found.moments.mean[: len(both)]),
                "covariance": stacks.add(cov[: len(both)]),
            }
        )
    stacks.index["drivers"] = entries


def _add_scores(
    stacks: Stacks, study: Study, resampling: Resampling, document: Mapping[str, Any], everybody: Room
) -> None:
    """Add the stack of every score that is shown: those of constructs first, then items, until there is no room."""
    measures, values = published_measures(study)
    shown = _shown(document, "scores", "measure", "statistic", "group_by", "group")
    entries, left_out = [], 0
    blocks = [
        (group, mean_stack(resampling, values, rows=mask), room_for(resampling, mask) if group[0] else everybody)
        for group, mask in _groups(study)
    ]
    order = sorted(range(len(measures)), key=lambda j: measures[j].statistic == "mean_rating")
    for j in order:
        quantity = measures[j].quantity
        for (group_by, group), block, room in blocks:
            if (measures[j].name, measures[j].statistic, group_by, group) not in shown:
                continue
            stack = block[:, list(quantity.columns)].mean(axis=1)
            if stacks.size + stack.nbytes > MOST_BYTES:
                left_out += 1
                continue
            stack = stack if room.takes(stack) else stack[:1]
            entries.append(
                {
                    "measure": measures[j].name,
                    "statistic": measures[j].statistic,
                    "group_by": group_by,
                    "group": group,
                    "kind": quantity.kind,
                    "bounds": [quantity.low, quantity.high],
                    "stack": stacks.add(stack),
                }
            )
    stacks.index["scores"] = entries
    stacks.index["left_out"] = left_out


def _add_rests(stacks: Stacks, study: Study, resampling: Resampling, document: Mapping[str, Any]) -> None:
    """Add, for every group that is compared with all others, the stack of these."""
    rows = (document.get("comparisons") or {"rows": ()})["rows"]
    wanted = {
        (row["measure"], row["statistic"], row["group_by"], row["group"])
        for row in rows
        if row["method"] == "rest" and row.get("estimate") is not None
    }
    measures, values = published_measures(study)
    by_name = {(m.name, m.statistic): m.quantity for m in measures}
    entries = []
    for group_by in dict.fromkeys(by for _, _, by, _ in sorted(wanted)):
        groups = group_masks(study, group_by)
        answered = np.any([mask for _, mask in groups], axis=0)
        for group, mask in groups:
            named = [key for key in by_name if (*key, group_by, group) in wanted]
            if not named or stacks.size > MOST_BYTES:
                continue
            others = answered & ~mask & (study.weights > 0)
            block, room = mean_stack(resampling, values, rows=others), room_for(resampling, others)
            for measure, statistic in named:
                stack = block[:, list(by_name[measure, statistic].columns)].mean(axis=1)
                entry = {"measure": measure, "statistic": statistic, "group_by": group_by, "group": group}
                entries.append(entry | {"stack": stacks.add(stack if room.takes(stack) else stack[:1])})
    stacks.index["rests"] = entries


def _groups(study: Study) -> Iterator[tuple[tuple[str, str], npt.NDArray[np.bool_]]]:
    positive = study.weights > 0
    yield ("", ""), positive
    for group_by in study.plan.groups:
        for group, mask in group_masks(study, group_by):
            yield (group_by, group), mask & positive
