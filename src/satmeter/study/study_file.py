"""The study file read into a plan, all problems at once."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import cast

from satmeter.errors import Problem, QuestionnaireError, SatmeterError, StudyError
from satmeter.questionnaire.model import Questionnaire
from satmeter.questionnaire.read import read_questionnaire
from satmeter.questionnaire.spec import Collector, Field, Fields, read_fields
from satmeter.questionnaire.yaml_text import Node, read_yaml
from satmeter.responses.store_url import without_password
from satmeter.study.analysis_keys import read_pairs, read_retest, read_validity
from satmeter.study.case_mix_keys import check_case_mix, read_case_mix
from satmeter.study.check_analysis import check_analysis
from satmeter.study.check_plan import check_plan
from satmeter.study.comparison_keys import read_comparisons, read_ranks
from satmeter.study.design_keys import plain_design, read_design, read_uncertainty
from satmeter.study.driver_keys import read_drivers, read_model, read_path_options
from satmeter.study.fieldwork_keys import read_fieldwork_key, read_nonresponse
from satmeter.study.plan import Missing, MissingRule, Plan, ReportWish, ScoreOptions
from satmeter.study.publication_keys import check_publication, read_publication
from satmeter.study.quality_keys import read_quality
from satmeter.study.response_paths import read_columns, read_response_paths, response_names
from satmeter.study.score_keys import check_scores, read_answers, read_scores
from satmeter.study.tree_keys import check_trees, read_trees
from satmeter.study.verbatim_keys import check_verbatims, read_verbatims
from satmeter.study.wave_keys import check_waves, earlier_problems, read_waves, wave_content
from satmeter.study.weighting_keys import read_weighting

SCHEMA_VERSION = 1

_TOP = {
    "satmeter": Field("integer", required=True),
    "questionnaire": Field("string", required=True),
    "responses": Field("strings", required=True),
    "columns": Field("map"),
    "design": Field("map"),
    "weighting": Field("map"),
    "fieldwork": Field("map"),
    "quality": Field("map"),
    "missing": Field("map"),
    "measurement": Field("string", choices=("core", "full")),
    "groups": Field("strings"),
    "comparisons": Field("map"),
    "ranks": Field("map"),
    "trees": Field("map"),
    "case_mix": Field("map"),
    "verbatims": Field("map"),
    "scores": Field("map"),
    "answers": Field("map"),
    "model": Field("map"),
    "drivers": Field("map"),
    "validity": Field("map"),
    "retest": Field("map"),
    "differences": Field("list"),
    "paths": Field("map"),
    "uncertainty": Field("map"),
    "waves": Field("map"),
    "publication": Field("map"),
    "reports": Field("list"),
}
_MISSING = {
    "items": Field("string", choices=("person_mean", "complete", "em")),
    "min_answered": Field("number", low=0, high=1),
}
_REPORT = {
    "template": Field("string"),
    "languages": Field("strings"),
    "formats": Field("strings"),
}


def read_study(path: str | Path, *, within: tuple[Path, ...] = ()) -> Plan:
    """Read a study file.

    Parameters
    ----------
    path
        A YAML file (docs/study.md); the paths in it are relative to it.
    within
        Study files that name this one as an earlier wave; one that leads back to them is an error.

    Returns
    -------
    Plan
        Checked against its questionnaire: groups, model, outcomes and controls exist and are of the right kind.

    Raises
    ------
    StudyError
        With all problems of the file, in line order, and those of its questionnaire and of the study files of its
        earlier waves.
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
    folder = Path(path).absolute().parent
    published = read_publication(fields.node("publication"), collector)
    design = read_design(fields.node("design"), collector)
    fieldwork = read_fieldwork_key(fields.node("fieldwork"), folder, collector)
    plan = Plan(
        questionnaire=_located(fields.string("questionnaire"), folder),
        responses=read_response_paths(fields, folder, collector),
        columns=read_columns(fields.node("columns"), collector),
        design=design,
        weighting=read_weighting(fields.node("weighting"), folder, collector),
        fieldwork=fieldwork,
        nonresponse=read_nonresponse(fields.node("weighting"), fieldwork, collector),
        quality=read_quality(fields.node("quality"), collector),
        missing=_missing(fields.node("missing"), collector),
        measurement="full" if fields.string("measurement") == "full" else "core",
        groups=_texts(fields, "groups"),
        comparisons=read_comparisons(fields.node("comparisons"), collector),
        ranks=read_ranks(fields.node("ranks"), collector),
        trees=read_trees(fields.node("trees"), collector),
        case_mix=read_case_mix(fields.node("case_mix"), collector),
        verbatims=read_verbatims(fields.node("verbatims"), folder, collector),
        scores=read_scores(fields.node("scores"), collector),
        answers=read_answers(fields.node("answers"), collector),
        model=read_model(fields.node("model"), collector),
        validity=read_validity(fields.node("validity"), collector),
        retest=read_retest(fields.node("retest"), folder, collector),
        differences=read_pairs(fields.node("differences"), "differences", collector),
        paths=read_path_options(fields.node("paths"), collector),
        uncertainty=read_uncertainty(fields.node("uncertainty"), design, collector),
        waves=read_waves(fields.node("waves"), folder, collector),
        disclosure=published.disclosure,
        policy=published.policy,
        sampling=published.sampling,
        file=str(path),
    )
    drivers = read_drivers(fields.node("drivers"), collector)
    wishes = _reports(fields.node("reports"), folder, collector)
    plan = replace(
        plan,
        outcomes=drivers.outcomes,
        controls=drivers.controls,
        drivers=drivers.options,
        reports=wishes or plan.reports,
    )
    questionnaire, others = _questionnaire(plan.questionnaire)
    if questionnaire is not None:
        check_plan(plan, questionnaire, root, collector)
        check_analysis(plan, questionnaire, root, collector)
        check_trees(plan, questionnaire, root, collector)
        check_case_mix(plan, questionnaire, root, collector)
        check_verbatims(plan, questionnaire, collector)
        check_publication(plan, questionnaire, root, collector)
        check_scores(plan, questionnaire, root, collector)
        if plan.waves:
            check_waves(plan.waves, questionnaire, collector)
    problems = [*collector.ordered, *(others.problems if others else ())]
    if plan.waves:
        problems += earlier_problems(plan.waves, plan.file, within, _earlier)
    if any(problem.severity == "error" for problem in problems):
        raise StudyError(problems)
    return replace(plan, digest=_digest(plan, fields))


def _earlier(path: Path, within: tuple[Path, ...]) -> Plan:
    return read_study(path, within=within)


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


def _missing(node: Node | None, collector: Collector) -> Missing:
    fields = _sub(node, _MISSING, "missing", collector)
    default = Missing()
    share = fields.number("min_answered")
    rule = cast(MissingRule, fields.string("items", default.items))
    return Missing(rule, default.min_answered if share is None else share)


def _reports(node: Node | None, folder: Path, collector: Collector) -> tuple[ReportWish, ...]:
    wishes = []
    for item in node.items if node else ():
        fields = read_fields(item, _REPORT, collector, about=("key", "reports"))
        default = ReportWish()
        wish = ReportWish(
            _located(fields.string("template", default.template), folder),
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
        "responses": [without_password(text) for text in _texts(fields, "responses")],
        "retest": plan.retest and {"responses": response_names(plan.retest.responses), "columns": plan.retest.columns},
        "file": "",
    }
    plain_design(content)
    later = (
        "weighting",
        "comparisons",
        "ranks",
        "trees",
        "case_mix",
        "answers",
        "verbatims",
        "fieldwork",
        "nonresponse",
        "sampling",
        "policy",
        "waves",
    )
    for key in later:  # keys of later versions leave the digests of older files alone
        if not content[key]:
            del content[key]
    if plan.ranks is not None and not plan.ranks.within:
        del content["ranks"]["within"]
    if plan.scores == ScoreOptions():
        del content["scores"]
    if plan.fieldwork is not None:
        del content["fieldwork"]["line"]
        content["fieldwork"]["sample"] = plan.fieldwork.sample.name
    if plan.nonresponse is not None:
        del content["nonresponse"]["line"]
    for wish in content["reports"]:
        wish["template"] = Path(wish["template"]).name
    if plan.waves is not None:
        content["waves"] = wave_content(plan.waves, Path(plan.file).absolute().parent)
    if plan.weighting is not None:
        content["weighting"]["margins"] = [[margin.name, margin.values] for margin in plan.weighting.margins]
    for part in (*content.get("verbatims", ()), *content.get("trees", ())):
        del part["line"]
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"
