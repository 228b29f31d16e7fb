"""A release checked by a stranger: files, signature, inputs, figures computed again, reports made again."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from satmeter.errors import Problem, PublicationError, SatmeterError
from satmeter.publication.anonymity import BLANK, rare_rows
from satmeter.publication.compare import compare_values
from satmeter.publication.folder import is_plain, read_files
from satmeter.publication.manifest import NAME, SIGNATURE, Manifest, manifest_content, read_manifest, sha256, tools
from satmeter.publication.microdata import EMPTY, SKIPPED
from satmeter.publication.read_back import same_numbers, same_text
from satmeter.publication.recompute import compare_disclosure, compare_microdata, compare_stacks
from satmeter.publication.refusals import refusals
from satmeter.publication.release import RESULTS, Analyse, derived_files, release_date, shown_to_all
from satmeter.publication.rendered import may_be_rendered, rendering
from satmeter.publication.signature import signer_of
from satmeter.publication.stacks import INDEX, STACKS
from satmeter.publication.study_tree import (
    ANSWERS,
    MICRODATA,
    QUESTIONNAIRE,
    STUDY,
    microdata_study,
    released_study,
    text_node,
    with_entry,
    without_other_files,
)
from satmeter.publication.verification import Finding, Part, Verification, compared_parts
from satmeter.publication.yaml_writing import yaml_file
from satmeter.questionnaire import read_questionnaire
from satmeter.questionnaire.spec import Collector
from satmeter.questionnaire.yaml_text import Node, read_yaml
from satmeter.record import read_results, results_file
from satmeter.record.document import plain_value
from satmeter.record.wording import questionnaire_part
from satmeter.responses.delimited import read_delimited
from satmeter.study import Plan, read_study
from satmeter.study.plan import ReportWish
from satmeter.study.policy import describe_policy
from satmeter.study.release_keys import read_release_keys
from satmeter.writing import write_set

Progress = Callable[[float], None]
SHELVES = ("inputs", "templates", "microdata", "moments")
"""Folders of a release that its results rest on."""

Document = Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Release:
    """A release as it lies in its folder.

    Attributes
    ----------
    folder
        Where a copy of its files is, which nobody changes while it is checked, and which has no links.
    manifest
        Its manifest.
    files
        Name to bytes of every file but the manifest and its signature; what is no file of its own is left out.
    signature
        Bytes of the signature; None without.
    """

    folder: Path
    manifest: Manifest
    files: Mapping[str, bytes]
    signature: bytes | None

    @property
    def microdata(self) -> Mapping[str, Any] | None:
        """What the manifest says of the microdata."""
        found = self.manifest.content.get("microdata")
        return found if isinstance(found, Mapping) else None


def verify_release(
    folder: Path,
    *,
    analyse: Analyse,
    reports: bool = True,
    signers: Path | None = None,
    progress: Progress | None = None,
) -> Verification:
    """Check a release.

    Parameters
    ----------
    folder
        The release.
    analyse
        Computes the study file at a path.
    reports
        Whether to make reports, figures and workbooks again; tables always are.
    signers
        OpenSSH's file of allowed signers; the manifest must then be signed by one of them.
    progress
        Called with the share that is done.

    Returns
    -------
    Verification
        Every part of the release, in the order files, signature, inputs, figures, reports. Nothing of the folder is
        changed.

    Raises
    ------
    PublicationError
        P020 to P022 when there is no manifest to go by; P025 and P028 when a signature cannot be checked.
    """
    manifest = read_manifest(folder)
    found = read_files(folder)
    files = {name: path.read_bytes() for name, path in found.items() if name != NAME and is_plain(path)}
    signature = files.pop(SIGNATURE, None)
    with tempfile.TemporaryDirectory(prefix="satmeter-") as place:
        copy = Path(place) / "release"
        write_set(copy, files)
        release = Release(copy, manifest, files, signature)
        parts = [_files(release, found), _signature(release, signers)]
        return Verification((*parts, *_contents(release, analyse, reports=reports, progress=progress)))


def _contents(release: Release, analyse: Analyse, *, reports: bool, progress: Progress | None) -> Iterator[Part]:
    """Hold results, inputs, figures and reports against each other; what cannot be read ends it."""
    try:
        document = read_results(release.folder / RESULTS)
    except SatmeterError as error:
        yield Part(RESULTS, wrong=(_damage(RESULTS, error),))
        return
    yield from _tried("inputs", lambda: [_bound(release, document)])
    try:
        plan, study = _plan(release)
    except Exception as error:  # noqa: BLE001  whatever a forged file breaks is the file's fault
        yield Part(STUDY, wrong=(_damage(STUDY, error),))
        return
    yield from _tried("manifest", lambda: [_manifest(release, document, study)])
    yield from _tried(QUESTIONNAIRE, lambda: [_questionnaire(release, document)])
    yield from _tried(STUDY, lambda: [_study(release, document, plan, study)])
    yield from _tried("rules", lambda: [_rules(document)])
    yield from _tried("disclosure", lambda: [_disclosure(release, document)])
    if progress:
        progress(0.1)
    yield from _tried("figures", lambda: _figures(release, document, plan, study, analyse))
    if progress:
        progress(0.5)
    later = None if progress is None else lambda done: progress(0.5 + 0.5 * done)
    yield from _tried("reports", lambda: _rendered(release, document, plan, study, reports=reports, progress=later))


def _tried(name: str, check: Callable[[], Iterable[Part]]) -> Iterator[Part]:
    """Yield the parts that a check gives, and a finding where what the release says breaks it."""
    try:
        yield from check()
    except Exception as error:  # noqa: BLE001  whatever a forged file breaks is the file's fault
        yield Part(name, wrong=(_damage(name, error),))


def _files(release: Release, found: Mapping[str, Path]) -> Part:
    listed = release.manifest.files
    there = {name for name in found if name not in (NAME, SIGNATURE)}
    wrong = [Finding(name, "missing") for name in listed if name not in there]
    wrong += [Finding(name, "extra") for name in sorted(there - set(listed))]
    same = [n for n, data in release.files.items() if n in listed and listed[n] == (sha256(data), len(data))]
    wrong += [Finding(name, "edited") for name in listed if name in there and name not in same]
    return Part("files", agree=len(same), wrong=tuple(wrong))


def _signature(release: Release, signers: Path | None) -> Part:
    if release.signature is None:
        unsigned = Finding(NAME, "unsigned")
        return Part("signature", wrong=(unsigned,)) if signers else Part("signature", unchecked=1, why=(unsigned,))
    signer = signer_of(release.manifest.data, release.signature, signers)
    if signer is None:
        return Part("signature", wrong=(Finding(NAME, "stranger" if signers else "signature"),))
    return Part("signature", agree=1, why=(Finding(NAME, "signed" if signer else "unknown_signer", signer),))


def _plan(release: Release) -> tuple[Plan, Node]:
    """Read the study file of a release; a file that stands for the answers is made, for they need not be there.

    Raises
    ------
    SatmeterError
        When the study file or the questionnaire is wrong, or P031 when the study file names what is not in the release.
    """
    root = read_yaml(release.folder / STUDY, error=PublicationError)
    if yaml_file(released_study(root, release.folder).root) != yaml_file(root):
        raise PublicationError(Problem("P031", file=STUDY))
    with tempfile.TemporaryDirectory(prefix="satmeter-") as place:
        answers = Path(place) / "answers.csv"
        answers.write_text("respondent\n1\n", encoding="utf-8")
        tried = without_other_files(root)
        tried = with_entry(tried, "responses", text_node(str(answers)))
        tried = _absolute(tried, release.folder.absolute())
        path = Path(place) / STUDY
        path.write_bytes(yaml_file(tried))
        return read_study(path), root


def _absolute(root: Node, folder: Path) -> Node:
    """Return a study file whose paths into the release are absolute."""

    def placed(node: Node) -> Node:
        if node.kind == "scalar":
            inside = node.text.startswith(("inputs/", "templates/")) or node.text == QUESTIONNAIRE
            return text_node(str(folder / node.text)) if inside else node
        entries = tuple(replace(entry, value=placed(entry.value)) for entry in node.entries)
        return replace(node, entries=entries, items=tuple(placed(item) for item in node.items))

    return placed(root)


def _bound(release: Release, document: Document) -> Part:
    """Hold what the results rest on against the digests that stand in the results."""
    told = document["provenance"].get("files")
    told = told if isinstance(told, Mapping) else {}
    inputs = [n for n in release.files if n in (STUDY, QUESTIONNAIRE) or n.partition("/")[0] in SHELVES]
    same = [name for name in inputs if told.get(name) == sha256(release.files[name])]
    wrong = [Finding(name, "bound") for name in dict.fromkeys((*inputs, *told)) if name not in same]
    return Part("inputs", agree=len(same), wrong=tuple(wrong))


def _manifest(release: Release, document: Document, root: Node) -> Part:
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


def _questionnaire(release: Release, document: Document) -> Part:
    path = release.folder / QUESTIONNAIRE
    try:
        questionnaire = read_questionnaire(path)
        written = yaml_file(read_yaml(path))
    except (SatmeterError, OSError) as error:
        return Part(QUESTIONNAIRE, wrong=(_damage(QUESTIONNAIRE, error),))
    wrong = []
    if questionnaire.digest != document["provenance"].get("questionnaire_digest"):
        wrong.append(Finding(QUESTIONNAIRE, "digest"))
    if written != release.files.get(QUESTIONNAIRE):
        wrong.append(Finding(QUESTIONNAIRE, "canonical"))
    asked = compare_values("questionnaire", document["questionnaire"], plain_value(questionnaire_part(questionnaire)))
    return Part(QUESTIONNAIRE, asked.agree + 1 - bool(wrong), wrong=tuple(wrong), differences=asked.differences)


def _study(release: Release, document: Document, plan: Plan, root: Node) -> Part:
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


def _rules(document: Document) -> Part:
    """Hold the results against the rules of publication."""
    problems = refusals(document, simulated=True)
    wrong = tuple(Finding(p.code, "rules", p.text().splitlines()[0]) for p in problems)
    return Part("rules", agree=1 - bool(wrong), wrong=wrong)


def _disclosure(release: Release, document: Document) -> Part:
    """Hold what is disclosed against the rest; another version of satmeter may say it in other words."""
    found = compare_disclosure(document)
    own = release.manifest.satmeter
    if found.differences and own != version("satmeter"):
        why = (Finding("disclosure", "version", f"satmeter {own}"),)
        return Part("disclosure", found.agree, len(found.differences), why=why)
    return Part("disclosure", found.agree, differences=found.differences)


def _figures(release: Release, document: Document, plan: Plan, root: Node, analyse: Analyse) -> Sequence[Part]:
    """Compute the figures again, from microdata or from moments."""
    facts = release.microdata
    try:
        if facts is not None:
            if microdata_study(root, facts.get("design") or {}) != release.files[MICRODATA]:
                return [Part("figures", wrong=(Finding(MICRODATA, "canonical"),))]
            again = shown_to_all(analyse(release.folder / MICRODATA), plan.policy)
            parts = compared_parts(compare_microdata(document, again, facts).items())
            return [_anonymity(release, facts), *parts]
        if INDEX in release.files and STACKS in release.files:
            return compared_parts(compare_stacks(release.files, document).items())
    except (SatmeterError, OSError, ValueError, KeyError, IndexError, TypeError) as error:
        return [Part("figures", wrong=(_damage(STACKS if facts is None else ANSWERS, error),))]
    return [Part("figures", unchecked=1, why=(Finding("figures", "no_answers"),))]


def _anonymity(release: Release, facts: Mapping[str, Any]) -> Part:
    """Count the microdata again, and who stands out in them."""
    table = read_delimited(ANSWERS, release.files[ANSWERS])
    cells = dict(zip(table.names, table.columns, strict=True))
    profile = {name: [BLANK if cell in (SKIPPED, EMPTY) else cell for cell in cells[name]] for name in facts["profile"]}
    rare = int(rare_rows(profile, facts["k"]).sum())
    wrong = (Finding(ANSWERS, "anonymity", str(rare)),) if rare else ()
    told = {"rows": len(table.lines), "columns": list(table.names)}
    found = compare_values(ANSWERS, {key: facts[key] for key in told}, told)
    return Part(ANSWERS, found.agree + 1 - bool(rare), wrong=wrong, differences=found.differences)


def _rendered(
    release: Release, document: Document, plan: Plan, root: Node, *, reports: bool, progress: Progress | None
) -> Iterator[Part]:
    """Make everything again that is made from the results, and hold it against what is there."""
    asked: tuple[ReportWish, ...] = () if root.get("reports") is None else plan.reports
    other = _other_tools(release)
    primary = {RESULTS: results_file(document).encode("utf-8")}
    signed = release.signature is not None
    facts = {**release.manifest.content, "microdata": release.microdata}
    derived = {**primary, **derived_files(document, facts, release.files, signed=signed)}
    yield _same("results", release, derived, other)
    jobs, known = list(rendering(document, asked)), set(derived)
    for number, (name, make) in enumerate(jobs):
        if name != "tables" and not reports:
            yield Part(name, unchecked=1, why=(Finding(name, "no_reports"),))
        else:
            try:
                made = make()
                known |= set(made)
                yield _same(name, release, made, other)
            except Exception as error:  # noqa: BLE001  whatever a forged file breaks is the file's fault
                yield Part(name, wrong=(_damage(name, error),))
        if progress:
            progress((number + 1) / len(jobs))
    if not reports:
        known |= {name for name in release.files if may_be_rendered(name, document, asked)}
    yield from _strays(release, document, known)


def _strays(release: Release, document: Document, known: set[str]) -> Iterator[Part]:
    """Find files that neither are made from the results nor are what these rest on."""
    expected = known | set(document["provenance"].get("files") or ())
    stray = [name for name in release.files if name not in expected]
    if stray:
        yield Part("others", wrong=tuple(Finding(name, "stray") for name in stray))


def _same(name: str, release: Release, made: Mapping[str, bytes], other: str) -> Part:
    """Hold files against those of the release: their bytes, or with other versions the text or numbers in them."""
    agree, unchecked, wrong = 0, 0, []
    read_back = same_text if release.manifest.satmeter == version("satmeter") else same_numbers
    for file, content in made.items():
        there = release.files.get(file)
        if there == content:
            agree += 1
        elif there is None:
            wrong.append(Finding(file, "missing"))
        elif other and read_back(file, there, content):
            unchecked += 1
        else:
            wrong.append(Finding(file, "bytes"))
    why = (Finding(name, "version", other),) if unchecked else ()
    return Part(name, agree, unchecked, tuple(wrong), why=why)


def _other_tools(release: Release) -> str:
    """Return which tools made the release in another version than is here; empty when all are the same."""
    told, here = release.manifest.content.get("tools"), tools()
    told = told if isinstance(told, Mapping) else {}
    own = release.manifest.satmeter
    return ", ".join(f"{name} {told.get(name) or '–'}" for name in here if told.get(name) != here[name]) or (
        "" if own == version("satmeter") else f"satmeter {own}"
    )


def _damage(about: str, error: Exception) -> Finding:
    told = error.text().splitlines()[0] if isinstance(error, SatmeterError) else type(error).__name__
    return Finding(about, "damaged", told)
