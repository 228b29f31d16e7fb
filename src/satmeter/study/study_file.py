"""The study file read into a plan, all problems at once."""

from __future__ import annotations

import glob
import hashlib
import json
from dataclasses import asdict, replace
from pathlib import Path

from satmeter.errors import Problem, QuestionnaireError, SatmeterError, StudyError
from satmeter.questionnaire.model import Questionnaire
from satmeter.questionnaire.read import read_questionnaire
from satmeter.questionnaire.spec import Collector, Field, Fields, nearest, read_fields, wrong_kind
from satmeter.questionnaire.yaml_text import Node, quoted, read_yaml
from satmeter.responses.files import ENDINGS
from satmeter.study.check_plan import check_plan
from satmeter.study.plan import Design, Missing, Plan, ReportWish, Uncertainty
from satmeter.study.quality_keys import read_quality

SCHEMA_VERSION = 1
LEAST_REPLICATES = 100

_TOP = {
    "satmeter": Field("integer", required=True),
    "questionnaire": Field("string", required=True),
    "responses": Field("strings", required=True),
    "columns": Field("map"),
    "design": Field("map"),
    "weighting": Field("any"),
    "quality": Field("map"),
    "missing": Field("map"),
    "measurement": Field("string", choices=("core", "full")),
    "groups": Field("strings"),
    "model": Field("map"),
    "drivers": Field("map"),
    "uncertainty": Field("map"),
    "waves": Field("any"),
    "publication": Field("map"),
    "reports": Field("list"),
}
_DESIGN = {
    "weight": Field("string"),
    "frequency": Field("string"),
    "strata": Field("string"),
    "cluster": Field("string"),
    "single_unit": Field("string", choices=("stop", "collapse")),
    "population": Field("any"),
}
_MISSING = {
    "items": Field("string", choices=("person_mean", "complete", "em")),
    "min_answered": Field("number", low=0, high=1),
}
_DRIVERS = {"outcome": Field("strings"), "controls": Field("strings")}
_UNCERTAINTY = {
    "replicates": Field("integer", high=100_000),
    "seed": Field("integer", low=0, high=2**53),
    "conf_level": Field("number", low=0.5, high=0.999),
}
_DISCLOSED = ("sponsor", "conductor", "population", "frame", "mode", "dates")
_LATER = ("policy", "min_n", "flag_n")
_PUBLICATION = {key: Field("string") for key in _DISCLOSED} | {key: Field("any") for key in _LATER}
_REPORT = {
    "template": Field("string"),
    "languages": Field("strings"),
    "formats": Field("strings"),
}


def read_study(path: str | Path) -> Plan:
    """Read a study file.

    Parameters
    ----------
    path
        A YAML file (docs/study.md); the paths in it are relative to it.

    Returns
    -------
    Plan
        Checked against its questionnaire: groups, model, outcomes and controls exist and are of the right kind.

    Raises
    ------
    StudyError
        With all problems of the file, in line order, and those of its questionnaire. A key that this version does not
        carry out is an error (S001), because ignoring it would change numbers.
    """
    root = read_yaml(path, error=StudyError)
    if root.get("responses") is None and (root.get("constructs") or root.get("scales")):
        raise StudyError(Problem("S018", str(path), root.line))
    collector = Collector(str(path))
    fields = read_fields(root, _TOP, collector)
    version = fields.integer("satmeter")
    if version is not None and version != SCHEMA_VERSION:
        params = {"version": SCHEMA_VERSION}
        collector.error("S014", fields.line_of("satmeter"), got=str(version), params=params)
    for key in ("weighting", "waves"):
        if fields.node(key):
            _later(key, fields.line_of(key), collector)
    folder = Path(path).absolute().parent
    plan = Plan(
        questionnaire=_located(fields.string("questionnaire"), folder),
        responses=_responses(fields, folder, collector),
        columns=_columns(fields.node("columns"), collector),
        design=_design(fields.node("design"), collector),
        quality=read_quality(fields.node("quality"), collector),
        missing=_missing(fields.node("missing"), collector),
        measurement="full" if fields.string("measurement") == "full" else "core",
        groups=_texts(fields, "groups"),
        model=_model(fields.node("model"), collector),
        uncertainty=_uncertainty(fields.node("uncertainty"), collector),
        disclosure=_disclosure(fields.node("publication"), collector),
        file=str(path),
    )
    drivers = _sub(fields.node("drivers"), _DRIVERS, "drivers", collector)
    wishes = _reports(fields.node("reports"), collector)
    plan = replace(
        plan,
        outcomes=_texts(drivers, "outcome"),
        controls=_texts(drivers, "controls"),
        reports=wishes or plan.reports,
    )
    questionnaire, others = _questionnaire(plan.questionnaire)
    if questionnaire is not None:
        check_plan(plan, questionnaire, root, collector)
    problems = [*collector.ordered, *(others.problems if others else ())]
    if any(problem.severity == "error" for problem in problems):
        raise StudyError(problems)
    return replace(plan, digest=_digest(plan, fields))


def _questionnaire(name: str) -> tuple[Questionnaire | None, SatmeterError | None]:
    if not name:
        return None, None
    try:
        return read_questionnaire(name), None
    except QuestionnaireError as error:
        return None, error


def _located(name: str, folder: Path) -> str:
    """Return a built-in name as it is, a path (it has a dot or a slash) as absolute path."""
    return str(folder / name) if any(mark in name for mark in "./\\") else name


def _later(key: str, line: int, collector: Collector) -> None:
    collector.error("S001", line, about=("key", key))


def _responses(fields: Fields, folder: Path, collector: Collector) -> tuple[Path, ...]:
    paths: list[Path] = []
    for node in fields.strings("responses"):
        text = node.text.strip()
        path = folder / text
        matches = _matches(folder, text)
        if "://" in text:
            collector.error("S001", node.line, about=("key", "responses"), got=quoted(text))
        elif matches:
            twice = [found for found in matches if found in paths]
            for found in twice:
                collector.error("S017", node.line, about=("key", "responses"), got=quoted(found.name))
            paths += [found for found in matches if found not in twice]
        elif not _is_pattern(text) and path.suffix.lower() not in ENDINGS:
            params = {"choices": ", ".join(ENDINGS)}
            collector.error("R002", node.line, about=("key", "responses"), got=quoted(text), params=params)
        elif not path.is_file():
            names = [p.name for p in path.parent.iterdir() if p.is_file()] if path.parent.is_dir() else []
            near = nearest(path.name, names)
            collector.error("S002", node.line, about=("key", "responses"), got=quoted(text), suggestion=near)
        elif path in paths:
            collector.error("S017", node.line, about=("key", "responses"), got=quoted(text))
        else:
            paths.append(path)
    if fields.node("responses") is not None and not fields.strings("responses"):
        collector.error("Q017", fields.line_of("responses"), params={"key": "responses"})
    return tuple(paths)


def _is_pattern(text: str) -> bool:
    return any(sign in text for sign in "*?[")


def _matches(folder: Path, text: str) -> list[Path]:
    """Return the files of answers that fit a pattern, sorted; none for a text that is no pattern or a file itself."""
    if not _is_pattern(text) or (folder / text).is_file():
        return []
    found = (Path(name) for name in glob.glob(str(Path(glob.escape(str(folder))) / text), recursive=True))
    return sorted(path for path in found if path.suffix.lower() in ENDINGS and path.is_file())


def _columns(node: Node | None, collector: Collector) -> dict[str, str]:
    columns: dict[str, str] = {}
    for entry in node.entries if node else ():
        if entry.value.kind == "scalar" and not entry.value.is_null:
            columns[entry.key] = entry.value.text.strip()
        else:
            wrong_kind(entry.value, "scalar", collector, about=("key", "columns"), key=entry.key)
    return columns


def _design(node: Node | None, collector: Collector) -> Design:
    fields = _sub(node, _DESIGN, "design", collector)
    if fields.node("population"):
        _later("design.population", fields.line_of("population"), collector)
    return Design(
        weight=fields.string("weight") or None,
        frequency=fields.string("frequency") or None,
        strata=fields.string("strata") or None,
        cluster=fields.string("cluster") or None,
        single_unit="collapse" if fields.string("single_unit") == "collapse" else "stop",
    )


def _missing(node: Node | None, collector: Collector) -> Missing:
    fields = _sub(node, _MISSING, "missing", collector)
    rule = fields.string("items")
    if rule == "em":
        _later("missing.items: em", fields.line_of("items"), collector)
    share = fields.number("min_answered")
    least = Missing().min_answered if share is None else share
    return Missing("complete" if rule == "complete" else "person_mean", least)


def _uncertainty(node: Node | None, collector: Collector) -> Uncertainty:
    fields = _sub(node, _UNCERTAINTY, "uncertainty", collector)
    default = Uncertainty()
    replicates, seed, level = fields.integer("replicates"), fields.integer("seed"), fields.number("conf_level")
    if replicates is not None and replicates < LEAST_REPLICATES:
        about, params = ("key", "uncertainty"), {"low": LEAST_REPLICATES}
        collector.error("S019", fields.line_of("replicates"), about=about, got=str(replicates), params=params)
    return Uncertainty(
        default.replicates if replicates is None else replicates,
        default.seed if seed is None else seed,
        default.conf_level if level is None else level,
    )


def _model(node: Node | None, collector: Collector) -> dict[str, tuple[str, ...]]:
    model: dict[str, tuple[str, ...]] = {}
    for entry in node.entries if node else ():
        items = entry.value.items if entry.value.kind == "list" else (entry.value,)
        for item in items:
            if item.kind != "scalar" or item.is_null:
                wrong_kind(item, "scalar", collector, about=("model", entry.key))
        model[entry.key] = tuple(item.text.strip() for item in items if item.kind == "scalar" and not item.is_null)
    return model


def _disclosure(node: Node | None, collector: Collector) -> dict[str, str]:
    fields = _sub(node, _PUBLICATION, "publication", collector)
    for key in _LATER:
        if fields.node(key):
            _later(f"publication.{key}", fields.line_of(key), collector)
    return {key: fields.string(key) for key in _DISCLOSED if fields.string(key)}


def _reports(node: Node | None, collector: Collector) -> tuple[ReportWish, ...]:
    wishes = []
    for item in node.items if node else ():
        fields = read_fields(item, _REPORT, collector, about=("key", "reports"))
        default = ReportWish()
        wish = ReportWish(
            fields.string("template", default.template),
            _texts(fields, "languages"),
            _texts(fields, "formats") or default.formats,
        )
        wishes.append(wish)
    return tuple(wishes)


def _sub(node: Node | None, table: dict[str, Field], key: str, collector: Collector) -> Fields:
    return read_fields(node, table, collector, about=("key", key)) if node else Fields(0)


def _texts(fields: Fields, key: str) -> tuple[str, ...]:
    return tuple(node.text.strip() for node in fields.strings(key))


def _digest(plan: Plan, fields: Fields) -> str:
    """Return a digest of what the file says; it does not depend on where the file lies."""
    content = asdict(plan) | {
        "questionnaire": fields.string("questionnaire"),
        "responses": list(_texts(fields, "responses")),
        "file": "",
    }
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"
