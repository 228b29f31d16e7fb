"""A release as it lies in its folder, and the plan of its study file."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from satmeter.errors import Problem, PublicationError, SatmeterError
from satmeter.publication.manifest import Manifest
from satmeter.publication.study_tree import (
    QUESTIONNAIRE,
    STUDY,
    released_study,
    text_node,
    with_entry,
    without_other_files,
)
from satmeter.publication.verification import Finding
from satmeter.publication.yaml_writing import yaml_file
from satmeter.questionnaire.yaml_text import Node, read_yaml
from satmeter.study import Plan, read_study


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


def read_plan(release: Release) -> tuple[Plan, Node]:
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


def damage(about: str, error: Exception) -> Finding:
    """Return what is told of a part that breaks the check: the first line of its message."""
    told = error.text().splitlines()[0] if isinstance(error, SatmeterError) else type(error).__name__
    return Finding(about, "damaged", told)


def unexpected(about: str, error: Exception) -> Finding:
    """Return what is told where nobody foresaw what breaks: the release's fault, as a rule, or the program's own."""
    return (
        damage(about, error) if isinstance(error, SatmeterError) else Finding(about, "unexpected", type(error).__name__)
    )
