"""A release checked by a stranger: files, signature, inputs, figures computed again, reports made again."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from satmeter.errors import SatmeterError
from satmeter.publication.anonymity import rare_rows
from satmeter.publication.compare import compare_values
from satmeter.publication.folder import is_plain, read_files
from satmeter.publication.manifest import NAME, SIGNATURE, read_manifest, sha256
from satmeter.publication.profile import profile_of
from satmeter.publication.recompute import compare_microdata, compare_stacks
from satmeter.publication.release import RESULTS, Analyse, shown_to_all
from satmeter.publication.released import Release, damage, read_plan, unexpected
from satmeter.publication.rendered_again import made_again
from satmeter.publication.signature import signer_of
from satmeter.publication.stacks import INDEX, STACKS
from satmeter.publication.statements import (
    bound_inputs,
    kept_rules,
    stated_disclosure,
    stated_manifest,
    stated_questionnaire,
    stated_study,
)
from satmeter.publication.study_tree import (
    ANSWERS,
    MICRODATA,
    QUESTIONNAIRE,
    STUDY,
    microdata_study,
)
from satmeter.publication.verification import Finding, Part, Verification, compared_parts
from satmeter.questionnaire.yaml_text import Node
from satmeter.record import read_results
from satmeter.responses.delimited import read_delimited
from satmeter.study import Plan
from satmeter.writing import write_set

Progress = Callable[[float], None]

Document = Mapping[str, Any]


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
        yield Part(RESULTS, wrong=(damage(RESULTS, error),))
        return
    yield from _tried("inputs", lambda: [bound_inputs(release, document)])
    try:
        plan, study = read_plan(release)
    except Exception as error:  # noqa: BLE001  a forged file may break anything; the finding says that we may too
        yield Part(STUDY, wrong=(unexpected(STUDY, error),))
        return
    yield from _tried("manifest", lambda: [stated_manifest(release, document, study)])
    yield from _tried(QUESTIONNAIRE, lambda: [stated_questionnaire(release, document)])
    yield from _tried(STUDY, lambda: [stated_study(release, document, plan, study)])
    yield from _tried("rules", lambda: [kept_rules(document)])
    yield from _tried("disclosure", lambda: [stated_disclosure(release, document)])
    if progress:
        progress(0.1)
    yield from _tried("figures", lambda: _figures(release, document, plan, study, analyse))
    if progress:
        progress(0.5)
    later = None if progress is None else lambda done: progress(0.5 + 0.5 * done)
    yield from _tried("reports", lambda: made_again(release, document, plan, study, reports=reports, progress=later))


def _tried(name: str, check: Callable[[], Iterable[Part]]) -> Iterator[Part]:
    """Yield the parts that a check gives, and a finding where what the release says breaks it."""
    try:
        yield from check()
    except Exception as error:  # noqa: BLE001  a forged file may break anything; the finding says that we may too
        yield Part(name, wrong=(unexpected(name, error),))


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
        return [Part("figures", wrong=(damage(STACKS if facts is None else ANSWERS, error),))]
    return [Part("figures", unchecked=1, why=(Finding("figures", "no_answers"),))]


def _anonymity(release: Release, facts: Mapping[str, Any]) -> Part:
    """Count the microdata again, and who stands out in them."""
    table = read_delimited(ANSWERS, release.files[ANSWERS])
    cells = dict(zip(table.names, table.columns, strict=True))
    rare = int(rare_rows(profile_of(cells, facts["profile"]), facts["k"]).sum())
    wrong = (Finding(ANSWERS, "anonymity", str(rare)),) if rare else ()
    told = {"rows": len(table.lines), "columns": list(table.names)}
    found = compare_values(ANSWERS, {key: facts[key] for key in told}, told)
    return Part(ANSWERS, found.agree + 1 - bool(rare), wrong=wrong, differences=found.differences)
