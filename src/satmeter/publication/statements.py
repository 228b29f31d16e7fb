"""What manifest, questionnaire, study file and results of a release state, held against each other."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from satmeter.errors import SatmeterError
from satmeter.publication.compare import compare_values
from satmeter.publication.manifest import NAME, manifest_content, sha256
from satmeter.publication.recompute import compare_disclosure
from satmeter.publication.refusals import refusals
from satmeter.publication.release import release_date
from satmeter.publication.released import Release, damage
from satmeter.publication.study_tree import (
    MICRODATA,
    QUESTIONNAIRE,
    STUDY,
    microdata_study,
)
from satmeter.publication.verification import Finding, Part
from satmeter.publication.yaml_writing import yaml_file
from satmeter.questionnaire import read_questionnaire
from satmeter.questionnaire.spec import Collector
from satmeter.questionnaire.yaml_text import Node, read_yaml
from satmeter.record.document import plain_value
from satmeter.record.wording import questionnaire_part
from satmeter.study import Plan
from satmeter.study.policy import describe_policy
from satmeter.study.release_keys import read_release_keys

Document = Mapping[str, Any]
SHELVES = ("inputs", "templates", "microdata", "moments")
"""Folders of a release that its results rest on."""


def bound_inputs(release: Release, document: Document) -> Part:
    """Hold what the results rest on against the digests that stand in the results."""
    told = document["provenance"].get("files")
    told = told if isinstance(told, Mapping) else {}
    inputs = [n for n in release.files if n in (STUDY, QUESTIONNAIRE) or n.partition("/")[0] in SHELVES]
    same = [name for name in inputs if told.get(name) == sha256(release.files[name])]
    wrong = [Finding(name, "bound") for name in dict.fromkeys((*inputs, *told)) if name not in same]
    return Part("inputs", agree=len(same), wrong=tuple(wrong))


def stated_manifest(release: Release, document: Document, root: Node) -> Part:
    """Hold what the manifest says against results and study file."""
    content = release.manifest.content
    keys = read_release_keys(root.get("publication"), Collector(STUDY))
    facts = manifest_content(
        document, date=release_date(keys, document), policy=_policy_name(document), microdata=release.microdata
    )
    facts["tools"] = content.get("tools")
    result = compare_values("manifest", dict(content), facts)
    if keys.microdata is not None:
        wished = keys.microdata.least_shared((document["study"].get("policy") or {}).get("min_n") or 0)
        result += compare_values("microdata.k", (release.microdata or {}).get("k"), wished)
    wrong = () if release.manifest.canonical else (Finding(NAME, "canonical"),)
    return Part("manifest", agree=result.agree, wrong=wrong, differences=result.differences)


def _policy_name(document: Document) -> str:
    return str((document["study"].get("policy") or {}).get("name") or "")


def stated_questionnaire(release: Release, document: Document) -> Part:
    """Hold the questionnaire against what the results say was asked."""
    path = release.folder / QUESTIONNAIRE
    try:
        questionnaire = read_questionnaire(path)
        written = yaml_file(read_yaml(path))
    except (SatmeterError, OSError) as error:
        return Part(QUESTIONNAIRE, wrong=(damage(QUESTIONNAIRE, error),))
    wrong = []
    if questionnaire.digest != document["provenance"].get("questionnaire_digest"):
        wrong.append(Finding(QUESTIONNAIRE, "digest"))
    if written != release.files.get(QUESTIONNAIRE):
        wrong.append(Finding(QUESTIONNAIRE, "canonical"))
    asked = compare_values("questionnaire", document["questionnaire"], plain_value(questionnaire_part(questionnaire)))
    return Part(QUESTIONNAIRE, asked.agree + 1 - bool(wrong), wrong=tuple(wrong), differences=asked.differences)


def stated_study(release: Release, document: Document, plan: Plan, root: Node) -> Part:
    """Hold the study file against what the results say of it."""
    study, provenance = document["study"], document["provenance"]
    told = {
        "seed": plan.uncertainty.seed,
        "replicates": plan.uncertainty.replicates,
        "conf_level": plan.uncertainty.conf_level,
    }
    found = compare_values("uncertainty", {key: provenance.get(key) for key in told}, told)
    said = plain_value(
        {
            "disclosure": dict(plan.disclosure),
            "sampling": plan.sampling,
            "groups": list(plan.groups),
            "controls": list(plan.controls),
            "missing_rule": plan.missing.items,
            "min_answered": plan.missing.min_answered,
        }
    )
    found += compare_values("study", {key: study.get(key) for key in said}, said)
    if plan.model:
        found += compare_values("model", study.get("model"), plain_value(dict(plan.model)))
    policy = plain_value(describe_policy(plan.policy)) if plan.policy else {}
    used = study.get("policy") or {}
    found += compare_values("policy", {key: used.get(key) for key in policy}, policy)
    wrong = []
    if yaml_file(root) != release.files.get(STUDY):
        wrong.append(Finding(STUDY, "canonical"))
    if release.microdata is not None:
        derived = microdata_study(root, release.microdata.get("design") or {})
        if derived != release.files.get(MICRODATA):
            wrong.append(Finding(MICRODATA, "canonical"))
    return Part(STUDY, found.agree + 1 - bool(wrong), wrong=tuple(wrong), differences=found.differences)


def kept_rules(document: Document) -> Part:
    """Hold the results against the rules of publication."""
    problems = refusals(document, simulated=True)
    wrong = tuple(Finding(p.code, "rules", p.text().splitlines()[0]) for p in problems)
    return Part("rules", agree=1 - bool(wrong), wrong=wrong)


def stated_disclosure(release: Release, document: Document) -> Part:
    """Hold what is disclosed against the rest; another version of satmeter may say it in other words."""
    found = compare_disclosure(document)
    own = release.manifest.satmeter
    if found.differences and own != version("satmeter"):
        why = (Finding("disclosure", "version", f"satmeter {own}"),)
        return Part("disclosure", found.agree, len(found.differences), why=why)
    return Part("disclosure", found.agree, differences=found.differences)
