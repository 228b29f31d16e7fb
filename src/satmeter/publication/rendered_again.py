"""Reports, tables and texts of a release, made again and held against those that it has."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import version
from typing import Any

from satmeter.publication.manifest import tools
from satmeter.publication.read_back import same_numbers, same_text
from satmeter.publication.release import RESULTS, derived_files
from satmeter.publication.released import Release, unexpected
from satmeter.publication.rendered import may_be_rendered, rendering
from satmeter.publication.verification import Finding, Part
from satmeter.questionnaire.yaml_text import Node
from satmeter.record import results_file
from satmeter.study import Plan
from satmeter.study.plan import ReportWish

Document = Mapping[str, Any]
Progress = Callable[[float], None]


def made_again(
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
            except Exception as error:  # noqa: BLE001  a forged file may break anything; so may we
                yield Part(name, wrong=(unexpected(name, error),))
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
