"""All files of a release, from what was analysed."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from satmeter.errors import Note, Problem, PublicationError
from satmeter.publication.manifest import NAME, SIGNATURE, manifest_content, manifest_file, sha256
from satmeter.publication.microdata import ReleasedAnswers
from satmeter.publication.readme import readme_file
from satmeter.publication.recompute import compare_microdata, compare_stacks
from satmeter.publication.refusals import refusals
from satmeter.publication.rendered import rendered_files
from satmeter.publication.signature import sign
from satmeter.publication.stacks import INDEX, collect_stacks
from satmeter.publication.study_tree import (
    ANSWERS,
    MICRODATA,
    QUESTIONNAIRE,
    STUDY,
    microdata_study,
)
from satmeter.publication.suppress import Public, public_document, public_note
from satmeter.publication.told_by_microdata import alike, told_hidden
from satmeter.publication.wish import Seen, Wish
from satmeter.publication.yaml_writing import yaml_file
from satmeter.questionnaire.check import load_questionnaire
from satmeter.record import results_file
from satmeter.record.disclosure import disclosure_rows
from satmeter.study.policy import Policy
from satmeter.study.release_keys import ReleaseKeys

Files = dict[str, bytes]
Analyse = Callable[[Path], dict[str, Any]]
"""Reads the study file at a path, analyses it, and returns its results document."""

POLICY, README, RESULTS = "policy.json", "README.txt", "results.json"


def make_release(
    document: Mapping[str, Any],
    seen: Seen,
    *,
    simulated: bool = False,
    key: Path | None = None,
    analyse: Analyse | None = None,
    progress: Callable[[float], None] | None = None,
) -> Files:
    """Return all files of a release; the same input gives the same bytes.

    Parameters
    ----------
    document
        The results, nothing hidden yet.
    seen
        What was kept of their analysis.
    simulated
        Whether simulated answers may be released.
    key
        Private key that signs the manifest; None: no signature.
    analyse
        Computes a study file, so that microdata are tried before they are released.
    progress
        Called with the share that is done.

    Returns
    -------
    dict
        Name to content.

    Raises
    ------
    PublicationError
        P001 to P009, everything that forbids publication, at once; P018 for a file that cannot be read; P025 and P026
        for a signature that cannot be made; P029 when what is released does not give the published figures; P033 when
        microdata would tell what the policy hides.
    """
    wish = seen.wish
    public = public_document(document, wish.plan.policy)
    shown = _shown(public)
    problems = [*refusals(shown, simulated=simulated)]
    if seen.answers is not None:
        problems += told_hidden(document, public.hidden, tuple(seen.answers.columns))
        shown = {**shown, "study": {**shown["study"], "notes": [*shown["study"]["notes"], *_altered(seen.answers)]}}
    if problems:
        raise PublicationError([replace(problem, file=wish.plan.file) for problem in problems])
    files = _inputs_of(shown, seen)
    bound = {**shown["provenance"], "files": {name: sha256(files[name]) for name in sorted(files)}}
    shown = {**shown, "provenance": bound}
    files[RESULTS] = results_file(shown).encode("utf-8")
    microdata = _microdata_facts(seen)
    _try(shown, files, microdata, wish, analyse)
    facts = manifest_content(
        shown,
        date=release_date(wish.keys, shown),
        policy=wish.plan.policy.name if wish.plan.policy else "",
        microdata=microdata,
    )
    files |= rendered_files(shown, wish.reports, progress=progress)
    files |= derived_files(shown, facts, files, signed=key is not None)
    manifest = manifest_file(facts, files)
    files[NAME] = manifest
    if key is not None:
        files[SIGNATURE] = sign(manifest, key)
    return files


def release_date(keys: ReleaseKeys, document: Mapping[str, Any]) -> str:
    """Return the date of a release: the one that was typed, else the day of the newest answer, else nothing."""
    days = document["study"].get("dates") or ()
    return keys.date or (str(days[-1]) if days else "")


def shown_to_all(document: Mapping[str, Any], policy: Policy | None) -> dict[str, Any]:
    """Return what a release shows of a results document.

    Parameters
    ----------
    document
        The results, nothing hidden yet.
    policy
        The study's policy; None hides nothing.

    Returns
    -------
    dict
        The public document, which discloses what follows from itself, and so nothing that it hides. Respondents who
        are quoted go by running numbers.
    """
    return _shown(public_document(document, policy))


def _shown(public: Public) -> dict[str, Any]:
    shown = public.document
    disclosed = [{**row, "symbol": ""} for row in disclosure_rows(shown)]
    quotes = shown.get("quotes") or {"rows": [], "notes": []}
    numbers = {name: str(i) for i, name in enumerate(dict.fromkeys(row["respondent"] for row in quotes["rows"]), 1)}
    nameless = [{**row, "respondent": numbers[row["respondent"]]} for row in quotes["rows"]]
    told = {"disclosure": {"rows": disclosed, "notes": []}, "quotes": {**quotes, "rows": nameless}}
    return {**shown, **told}


def derived_files(
    document: Mapping[str, Any], facts: Mapping[str, Any], files: Mapping[str, bytes], *, signed: bool
) -> Files:
    """Return the policy as it was used, and the README."""
    return {
        POLICY: policy_file(document),
        README: readme_file(facts, results=sha256(files[RESULTS]), moments=INDEX in files, signed=signed),
    }


def policy_file(document: Mapping[str, Any]) -> bytes:
    """Return policy.json: the policy, and how many rows of every section it hid and marked."""
    policy = document["study"].get("policy") or {}
    symbols = policy.get("symbols") or {}
    counts: dict[str, dict[str, int]] = {}
    for name, section in document.items():
        rows = section.get("rows") if isinstance(section, dict) else None
        found = Counter(row.get("symbol") for row in rows or () if row.get("symbol"))
        if found:
            counts[name] = {key: found[symbol] for key, symbol in symbols.items() if found[symbol]}
    content = {"sampling": document["study"].get("sampling", ""), "policy": policy, "rows": counts}
    return (json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode("utf-8")


def _inputs_of(shown: Mapping[str, Any], seen: Seen) -> Files:
    """Return what the results rest on, and what cannot be made from them; their digests stand in the results."""
    wish = seen.wish
    files: Files = {
        STUDY: wish.study.file,
        QUESTIONNAIRE: yaml_file(load_questionnaire(wish.plan.questionnaire)),
    }
    files |= _inputs(wish)
    if seen.answers is not None:
        files[ANSWERS] = seen.answers.file
        files[MICRODATA] = microdata_study(wish.study.root, seen.answers.design)
    elif seen.study is not None and seen.resampling is not None:
        files |= collect_stacks(seen.study, seen.resampling, shown).files()
    return files


def _inputs(wish: Wish) -> Files:
    """Read the files and folders that the study needs beside its answers."""
    files: Files = {}
    problems = []
    for name, path in wish.study.inputs.items():
        try:
            parts = [p for p in sorted(path.rglob("*")) if p.is_file()] if path.is_dir() else [path]
            for part in parts:
                files[name if part == path else f"{name}/{part.relative_to(path).as_posix()}"] = part.read_bytes()
        except OSError as error:
            problems.append(Problem("P018", wish.plan.file, about=("file", path.name), got=error.strerror or ""))
    if problems:
        raise PublicationError(problems)
    return files


def _microdata_facts(seen: Seen) -> dict[str, Any] | None:
    """Return what the manifest says of microdata."""
    answers, wish = seen.answers, seen.wish.keys.microdata
    if answers is None or wish is None:
        return None
    return {
        "rows": answers.n,
        "columns": list(answers.columns),
        "profile": list(answers.profile),
        "k": answers.k,
        "alike": alike(answers.columns, answers.profile, answers.items),
        "altered": list(answers.altered),
        "blanked": dict(answers.blanked),
        "rounded": {name: wish.round[name] for name in answers.altered if name in wish.round},
        "design": dict(answers.design),
    }


def _altered(answers: ReleasedAnswers) -> list[dict[str, Any]]:
    """Return a note on every question of which answers were blanked or rounded."""
    return [public_note(Note("P119", name, {"question": name, "n": n})) for name, n in answers.altered_cells.items()]


def _try(
    shown: Mapping[str, Any], files: Files, microdata: Mapping[str, Any] | None, wish: Wish, analyse: Analyse | None
) -> None:
    """Compute once more what a stranger will compute, and stop where it does not agree."""
    if microdata is None:
        found = compare_stacks(files, shown)
    elif analyse is None:
        return
    else:
        with tempfile.TemporaryDirectory(prefix="satmeter-") as folder:
            for name, content in files.items():
                path = Path(folder) / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            again = shown_to_all(analyse(Path(folder) / MICRODATA), wish.plan.policy)
        found = compare_microdata(shown, again, microdata)
    differences = [d for part in found.values() for d in part.differences]
    if differences:
        first = differences[0]
        detail = f"{first.place}: {first.published} ≠ {first.computed} (+{len(differences) - 1})"
        raise PublicationError(Problem("P029", wish.plan.file, params={"detail": detail}))
