"""The key ``waves`` of a study file."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

from satmeter.errors import Problem, SatmeterError
from satmeter.questionnaire.model import Questionnaire
from satmeter.questionnaire.read import read_questionnaire
from satmeter.questionnaire.spec import Collector, Field, Fields, listed, nearest, read_fields, wrong_kind
from satmeter.questionnaire.yaml_text import Node, quoted
from satmeter.study.wave_plan import EVERYTHING, WavePlan, wave_label

_WAVES = {
    "variable": Field("string"),
    "order": Field("strings"),
    "baseline": Field("string"),
    "earlier": Field("map"),
    "questionnaires": Field("map"),
    "mode": Field("map"),
    "panel": Field("boolean"),
    "breaks": Field("map"),
}
_ABOUT = ("key", "waves")


def read_waves(node: Node | None, folder: Path, collector: Collector) -> WavePlan | None:
    """Read ``waves``; paths are relative to the study file.

    Problems: S092 where the form is neither of the two, S093 for a label that is no wave, S094 for one that stands
    twice, and those of `read_fields`.
    """
    if node is None or node.is_null:
        return None
    fields = read_fields(node, _WAVES, collector, about=_ABOUT)
    order = tuple(wave_label(item.text) for item in fields.strings("order"))
    named = _texts(fields, "questionnaires", collector)
    plan = WavePlan(
        variable=fields.string("variable"),
        order=order,
        baseline=wave_label(fields.string("baseline")),
        earlier={label: (folder / text).absolute() for label, text in _texts(fields, "earlier", collector).items()},
        questionnaires={label: _located(text, folder) for label, text in named.items()},
        mode=_texts(fields, "mode", collector),
        panel=fields.boolean("panel") or False,
        breaks=_breaks(fields.node("breaks"), collector),
        line=node.line,
    )
    _check_form(plan, fields, collector)
    for label in dict.fromkeys(label for label in order if order.count(label) > 1):
        collector.error("S094", fields.line_of("order"), about=_ABOUT, got=quoted(label))
    _check_labels(plan, fields, collector)
    return plan


def check_waves(plan: WavePlan, questionnaire: Questionnaire, collector: Collector) -> None:
    """Record S049 for every stated break of something that the questionnaire does not measure."""
    choices = [*questionnaire.constructs, *questionnaire.items, EVERYTHING]
    for name in plan.breaks:
        if name not in choices:
            params = {"choices": listed(choices)}
            about = ("key", "waves.breaks")
            near = nearest(name, choices)
            collector.error("S049", plan.line, about=about, got=quoted(name), suggestion=near, params=params)


def earlier_problems(
    plan: WavePlan, file: str, within: tuple[Path, ...], read: Callable[[Path, tuple[Path, ...]], object]
) -> list[Problem]:
    """Return what is wrong with the earlier waves' study files and questionnaires, each told under its own file.

    Parameters
    ----------
    plan
        The waves.
    file
        The study file.
    within
        Study files whose earlier waves led here.
    read
        Reads a study file, given those that led to it.
    """
    here = Path(file).absolute().resolve()
    chain = (*within, here)
    problems: list[Problem] = []
    seen: dict[Path, str] = {}
    for label, path in plan.earlier.items():
        target = path.resolve()
        if target in chain:
            problems.append(Problem("S046", file, plan.line, _ABOUT, quoted(label)))
        elif target in seen:
            problems.append(Problem("S094", file, plan.line, _ABOUT, f"{quoted(seen[target])}, {quoted(label)}"))
        else:
            seen[target] = label
            problems += _problems_of(partial(read, path, chain))
    for name in dict.fromkeys(plan.questionnaires.values()):
        problems += _problems_of(partial(read_questionnaire, name))
    return problems


def wave_content(plan: WavePlan, folder: Path) -> dict[str, Any]:
    """Return what the plan says as plain values that do not depend on where the study file lies."""
    return {
        "variable": plan.variable,
        "order": plan.order,
        "baseline": plan.baseline,
        "earlier": {label: _relative(str(path), folder) for label, path in plan.earlier.items()},
        "questionnaires": {label: _relative(name, folder) for label, name in plan.questionnaires.items()},
        "mode": plan.mode,
        "panel": plan.panel,
        "breaks": plan.breaks,
    }


def _problems_of(read: Callable[[], object]) -> tuple[Problem, ...]:
    try:
        read()
    except SatmeterError as error:
        return error.problems
    return ()


def _check_form(plan: WavePlan, fields: Fields, collector: Collector) -> None:
    """Waves are told by a column, or by study files together with their order."""
    files = bool(plan.earlier)
    newest = [label for label in plan.order if label not in plan.earlier]
    whole = (plan.variable and not files) or (
        files and not plan.variable and not plan.questionnaires and len(set(newest)) == 1 and plan.order[-1] in newest
    )
    if not whole or (plan.order and len(set(plan.order)) < 2):
        collector.error("S092", fields.line, about=_ABOUT)


def _check_labels(plan: WavePlan, fields: Fields, collector: Collector) -> None:
    """Labels are those of `order`, where there is one; what the data hold is looked at later."""
    if not plan.order:
        return
    begins = plan.order[1:]
    for key, labels, allowed in (
        ("earlier", plan.earlier, plan.order[:-1]),
        ("baseline", [plan.baseline] if plan.baseline else [], plan.order[:-1]),
        ("questionnaires", plan.questionnaires, plan.order),
        ("mode", plan.mode, plan.order),
        ("breaks", [label for by_wave in plan.breaks.values() for label in by_wave], begins),
    ):
        _one_of(key, labels, allowed, fields, collector)


def _one_of(key: str, labels: Iterable[str], allowed: tuple[str, ...], fields: Fields, collector: Collector) -> None:
    for label in labels:
        if label not in allowed:
            collector.error(
                "S093",
                fields.line_of(key),
                about=("key", f"waves.{key}"),
                got=quoted(label),
                suggestion=nearest(label, allowed),
                params={"choices": listed(allowed)},
            )


def _texts(fields: Fields, key: str, collector: Collector) -> dict[str, str]:
    """Return a map of label to text."""
    return _map(fields.node(key), f"waves.{key}", collector)


def _map(node: Node | None, key: str, collector: Collector) -> dict[str, str]:
    found: dict[str, str] = {}
    for entry in node.entries if node else ():
        label = wave_label(entry.key)
        if label in found:
            collector.error("S094", entry.line, about=("key", key), got=quoted(label))
        elif entry.value.kind == "scalar" and not entry.value.is_null:
            found[label] = entry.value.text.strip()
        else:
            wrong_kind(entry.value, "scalar", collector, about=("key", key), key=entry.key)
    return found


def _breaks(node: Node | None, collector: Collector) -> dict[str, dict[str, str]]:
    found = {}
    for entry in node.entries if node else ():
        if entry.value.kind == "map":
            found[entry.key] = _map(entry.value, f"waves.breaks.{entry.key}", collector)
        else:
            wrong_kind(entry.value, "map", collector, about=("key", "waves.breaks"), key=entry.key)
    return found


def _located(name: str, folder: Path) -> str:
    return str(folder / name) if any(mark in name for mark in "./\\") else name


def _relative(name: str, folder: Path) -> str:
    return Path(os.path.relpath(name, folder)).as_posix() if os.path.isabs(name) else name
