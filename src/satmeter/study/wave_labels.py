"""Which waves the rows of one file belong to, held against what the study file says of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from satmeter.errors import Note, Problem, StudyError
from satmeter.questionnaire.spec import listed, nearest
from satmeter.questionnaire.yaml_text import quoted
from satmeter.responses.labelled import LabelledSources, label_rows
from satmeter.responses.table import Sources
from satmeter.study.plan import Plan
from satmeter.study.wave_plan import WavePlan, wave_label


def labelled_sources(plan: Plan, waves: WavePlan, sources: Sources) -> LabelledSources:
    """Return the sources with the wave of every row; `2025` and `2025.0` are one wave.

    Raises
    ------
    StudyError
        S069 when there is no such column.
    """
    found = label_rows(sources, waves.variable, plan.columns)
    if found is None:
        names = sources.table.names
        params = {"choices": listed(names)}
        about, near = ("column", waves.variable), nearest(waves.variable, names)
        raise StudyError(Problem("S069", plan.file, waves.line, about, suggestion=near, params=params))
    return replace(found, labels=tuple(map(wave_label, found.labels)))


def wave_order(plan: Plan, waves: WavePlan, rows: LabelledSources) -> tuple[tuple[str, ...], tuple[Note, ...]]:
    """Return the labels of the waves, oldest first, and what was left out.

    Returns
    -------
    order
        As the study file says; else numbers by size, texts by their letters and the numbers in them.
    notes
        S125 rows without a wave, S127 rows of waves that `order` does not list.

    Raises
    ------
    StudyError
        S047 fewer than two waves in the data; S093 every label of the study file that the data do not have.
    """
    seen = sorted({label for label in rows.labels if label}, key=natural)
    if len(seen) < 2:
        params = {"column": waves.variable, "found": ", ".join(seen) or "–"}
        raise StudyError(Problem("S047", plan.file, waves.line, ("key", "waves.variable"), params=params))
    problems = [_unknown(plan, "order", label, seen) for label in waves.order if label not in seen]
    order = waves.order or tuple(seen)
    if not waves.order:
        problems += _unknown_labels(plan, waves, order)
    if problems:
        raise StudyError(problems)
    notes = []
    if blank := rows.count(""):
        notes.append(Note("S125", waves.variable, {"n": blank}))
    others = [label for label in seen if label not in order]
    if others:
        n = sum(rows.count(label) for label in others)
        notes.append(Note("S127", waves.variable, {"n": n, "labels": ", ".join(others)}))
    return order, tuple(notes)


def natural(label: str) -> tuple[tuple[int, float, str], ...]:
    """Return a key that sorts numbers in a label by size.

    Examples
    --------
    >>> sorted(["wave 10", "wave 9", "2025", "930"], key=natural)
    ['930', '2025', 'wave 9', 'wave 10']
    """
    parts = re.findall(r"\d+(?:\.\d+)?|[^\d]+", label)
    return tuple((0, float(part), "") if part[0].isdigit() else (1, 0.0, part) for part in parts)


def _unknown_labels(plan: Plan, waves: WavePlan, order: tuple[str, ...]) -> Iterable[Problem]:
    named = {
        "baseline": ([waves.baseline] if waves.baseline else [], order[:-1]),
        "questionnaires": (waves.questionnaires, order),
        "mode": (waves.mode, order),
        "breaks": ([label for reasons in waves.breaks.values() for label in reasons], order[1:]),
    }
    for key, (labels, allowed) in named.items():
        yield from (_unknown(plan, key, label, allowed) for label in labels if label not in allowed)


def _unknown(plan: Plan, key: str, label: str, allowed: Iterable[str]) -> Problem:
    choices = list(allowed)
    return Problem(
        "S093",
        plan.file,
        plan.waves.line if plan.waves else 0,
        ("key", f"waves.{key}"),
        quoted(label),
        nearest(label, choices),
        {"choices": listed(choices)},
    )
