"""Strata and clusters of the kept rows: what belongs to what, how much of each stratum is in the sample."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.errors import Note, Problem, StudyError
from satmeter.questionnaire.spec import listed
from satmeter.study.sampling_plan import Design, Population

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Params = dict[str, str | int | float]

_SEPARATOR = "\x1f"
_SHOWN = 5
CENTRED = "S124"


@dataclass(frozen=True, eq=False)
class Layers:
    """Strata and clusters.

    Attributes
    ----------
    strata, cluster
        shape (n,), integers from 0 in the order of the labels, or None. Clusters are counted within strata.
    fraction
        shape (n,), units of the sample over units of the population in the row's stratum; None: not known.
    """

    strata: IntArray | None
    cluster: IntArray | None
    fraction: FloatArray | None
    notes: tuple[Note, ...]


@dataclass(frozen=True, eq=False)
class _Strata:
    """Strata by label, with the code of every row, the units in the sample and in the population (NaN: not known)."""

    names: list[str]
    code: IntArray
    units: IntArray
    sizes: FloatArray

    @property
    def fraction(self) -> FloatArray:
        found: FloatArray = np.where(np.isnan(self.sizes), 0.0, self.units / self.sizes)
        return found


def layers(
    design: Design,
    strata: list[str] | None,
    cluster: list[str] | None,
    sizes: FloatArray | None,
    rows: IntArray,
    file: str,
) -> Layers:
    """Bring the labels of the kept rows into codes, and hold them against the plan.

    Parameters
    ----------
    design
        Columns, sizes and choices of the plan.
    strata, cluster
        Labels of the kept rows, or None.
    sizes
        Size of the population in the row's stratum, for every kept row, where a column has it; None elsewhere.
    rows
        shape (n,), kept row of every respondent (a row of frequency f occurs f times).
    file
        The study file, for messages.

    Raises
    ------
    StudyError
        S025 a stratum with one unit; S026 a single cluster; S080 a cluster in two strata; S081 sizes that differ within
        a stratum; S082 a population smaller than the sample; S083 strata without a size, or the reverse.
    """
    notes: list[Note] = []
    problems: list[Problem] = []
    units = rows
    if cluster is not None:
        labels = cluster
        if strata is not None:
            problems += _in_two_strata(design, strata, cluster, file, notes)
            labels = [f"{a}{_SEPARATOR}{b}" for a, b in zip(strata, cluster, strict=True)]
        units = label_codes(labels)[rows]
        if strata is None and len(np.unique(units)) == 1:
            problems.append(Problem("S026", file, about=("column", str(design.cluster))))
    found = _counted(design, strata, units if cluster is not None else np.arange(len(rows)), rows)
    if design.population is not None:
        found, more = _sized(found, design, sizes, rows, file)
        problems += more
    if not problems:
        problems += _lonely(found, design, file)
    if problems:
        raise StudyError(problems)
    found, more_notes = _settled(found, design)
    centred = any(note.code == CENTRED for note in more_notes)
    fraction = found.fraction[found.code] if found.fraction.any() or centred else None
    return Layers(
        None if strata is None else found.code,
        None if cluster is None else units,
        fraction,
        (*notes, *more_notes),
    )


def label_codes(labels: list[str]) -> IntArray:
    """Return integers from 0, in the order of the sorted labels, so that the order of rows says nothing."""
    return np.unique(np.asarray(labels, dtype=object).astype(str), return_inverse=True)[1].astype(np.int64)


def _in_two_strata(
    design: Design, strata: list[str], cluster: list[str], file: str, notes: list[Note]
) -> list[Problem]:
    """Return a problem that names clusters found in several strata; a note where the plan says that they are nested."""
    home: dict[str, set[str]] = {}
    for stratum, label in set(zip(strata, cluster, strict=True)):
        home.setdefault(label, set()).add(stratum)
    several = {label: sorted(places) for label, places in sorted(home.items()) if len(places) > 1}
    if not several:
        return []
    if design.nested:
        notes.append(Note("S110", str(design.cluster), {"n": sum(len(places) - 1 for places in several.values())}))
        return []
    named = listed((f"{label} ({listed(places, _SHOWN)})" for label, places in several.items()), _SHOWN)
    params: Params = {"n": len(several), "clusters": named}
    return [Problem("S080", file, about=("column", str(design.cluster)), params=params)]


def _counted(design: Design, strata: list[str] | None, units: IntArray, rows: IntArray) -> _Strata:
    names = [""] if strata is None else sorted(set(strata))
    code = np.zeros(len(rows), dtype=np.int64) if strata is None else label_codes(strata)[rows]
    first = np.unique(units, return_index=True)[1]
    count = np.bincount(code[first], minlength=len(names)).astype(np.int64)
    return _Strata(names, code, count, np.full(len(names), np.nan))


def _sized(
    found: _Strata, design: Design, column: FloatArray | None, rows: IntArray, file: str
) -> tuple[_Strata, list[Problem]]:
    population = design.population or Population()
    about, line = ("key", "design.population"), population.line
    problems: list[Problem] = []
    sizes = found.sizes.copy()
    if column is not None:
        for h, name in enumerate(found.names):
            held = column[rows[found.code == h]]
            sizes[h] = held[0]
            if np.ptp(held) > 0:
                problems.append(Problem("S081", file, line, about, f"'{name}': {held.min():g} / {held.max():g}"))
    else:
        told = [f"'{name}': –" for name in found.names if name not in population.sizes]
        told += [f"'{name}': {size:g}, n = 0" for name, size in population.sizes.items() if name not in found.names]
        problems += [Problem("S083", file, line, about, got, params={"strata": str(design.strata)}) for got in told]
        sizes = np.array([population.sizes.get(name, np.nan) for name in found.names])
    small = np.flatnonzero(sizes < found.units)
    if len(small):
        told = [f"{found.names[h] or '–'}: {sizes[h]:g} < {found.units[h]}" for h in small]
        problems.append(Problem("S082", file, line, about, params={"strata": listed(told, _SHOWN)}))
    return _Strata(found.names, found.code, found.units, sizes), problems


def _single(found: _Strata) -> IntArray:
    """Return the strata with one unit that is not all there is."""
    return np.flatnonzero((found.units == 1) & (found.fraction < 1))


def _lonely(found: _Strata, design: Design, file: str) -> list[Problem]:
    single = _single(found)
    if design.strata is None or not len(single):
        return []
    if design.single_unit != "stop" and len(found.names) > 1:
        return []
    params: Params = {"n": len(single), "strata": listed([found.names[h] for h in single], _SHOWN)}
    return [Problem("S025", file, about=("column", design.strata), params=params)]


def _settled(found: _Strata, design: Design) -> tuple[_Strata, list[Note]]:
    """Do with strata of one unit what the plan says."""
    single = _single(found)
    if design.strata is None or not len(single):
        return found, []
    told: Params = {"n": len(single), "strata": listed([found.names[h] for h in single], _SHOWN)}
    if design.single_unit == "centre":
        return found, [Note(CENTRED, design.strata, told)]
    if design.single_unit == "certainty":
        sizes = found.sizes.copy()
        sizes[single] = 1.0
        return _Strata(found.names, found.code, found.units, sizes), [Note("S122", design.strata, told)]
    target = _joined(found.units, found.fraction)
    size = int(target.max()) + 1
    units = np.bincount(target, weights=found.units, minlength=size).astype(np.int64)
    sizes = np.bincount(target, weights=found.sizes, minlength=size).astype(np.float64)
    return _Strata([""] * size, target[found.code], units, sizes), [Note("S112", design.strata, told)]


def _joined(units: IntArray, fraction: FloatArray) -> IntArray:
    """Join every stratum with one unit to the next in the order of the labels, the last one to the one before."""
    target = np.arange(len(units))
    group, held = 0, 0
    for h, count in enumerate(units):
        target[h] = group
        held += int(count)
        if held > 1 or fraction[h] == 1:
            group, held = group + 1, 0
    if held == 1:
        target[target == group] = group - 1
    return target
