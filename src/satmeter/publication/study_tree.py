"""The study file of a release: the same study, with paths that lead to files of the release and to nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from satmeter.publication.yaml_writing import yaml_file
from satmeter.questionnaire.yaml_text import Entry, Node
from satmeter.responses.store_url import source_name, store_url

STUDY, QUESTIONNAIRE = "study.yaml", "questionnaire.yaml"
MICRODATA, ANSWERS = "microdata/study.yaml", "microdata/answers.csv"
NOT_RECOMPUTED = ("quality", "verbatims", "reports")
"""More keys that the study file beside the microdata leaves out: rules on respondents, texts, and no figures."""
_EMPTY = Node("map", 0)


@dataclass(frozen=True, slots=True)
class ReleasedStudy:
    """The study file as it is released.

    Attributes
    ----------
    root
        Its tree.
    inputs
        Name in the release to the path of a file or folder that the study needs beside its answers.
    """

    root: Node
    inputs: Mapping[str, Path] = field(default_factory=dict)

    @property
    def file(self) -> bytes:
        """The file."""
        return yaml_file(self.root)


def text_node(text: str) -> Node:
    """Return a scalar that stands in quotes."""
    return Node("scalar", 0, text)


def with_entry(node: Node, key: str, value: Node | None) -> Node:
    """Return a map with another value under a key, at the same place or at the end; without the key for None."""
    entries = tuple(
        replace(entry, value=value) if entry.key == key and value is not None else entry
        for entry in node.entries
        if entry.key != key or value is not None
    )
    if value is not None and node.get(key) is None:
        entries += (Entry(key, 0, value),)
    return replace(node, entries=entries)


def released_study(root: Node, folder: Path) -> ReleasedStudy:
    """Return a study file whose paths are those of a release.

    Parameters
    ----------
    root
        The study file's tree.
    folder
        Where it lies.

    Returns
    -------
    ReleasedStudy
        The questionnaire is ``questionnaire.yaml``; margins, code frames and templates of one's own lie in ``inputs/``
        and ``templates/``. Files with answers or with cases of the sample are named, without their folders, and are not
        part of the release.
    """
    inputs: dict[str, Path] = {}

    def taken(node: Node, shelf: str) -> Node:
        path = folder / node.text.strip()
        name = f"{shelf}/{path.name}"
        inputs[name] = path
        return text_node(name)

    root = with_entry(root, "questionnaire", text_node(QUESTIONNAIRE))
    root = _changed(root, ("responses",), _bare_name)
    root = _changed(root, ("retest", "responses"), _bare_name)
    root = _changed(root, ("fieldwork", "sample"), _bare_name)
    root = _changed(root, ("waves", "earlier"), _bare_name)
    root = _changed(root, ("waves", "questionnaires"), _bare_name)
    root = _changed(root, ("weighting", "margins"), lambda node: taken(node, "inputs"))
    verbatims = root.get("verbatims")
    for entry in verbatims.entries if verbatims else ():
        themes = entry.value.get("themes")
        if themes is not None and themes.kind == "scalar" and not themes.is_null:
            root = _changed(root, ("verbatims", entry.key, "themes"), lambda node: taken(node, "inputs"))
    reports = root.get("reports")
    if reports is not None and reports.kind == "list":
        wishes = tuple(_changed(item, ("template",), lambda node: _template(node, taken)) for item in reports.items)
        root = with_entry(root, "reports", replace(reports, items=wishes))
    return ReleasedStudy(root, inputs)


def without_other_files(root: Node) -> Node:
    """Return a study file without the keys that need files of answers, or of cases, beside its own answers."""
    for key in ("retest", "fieldwork", "waves", "columns"):
        root = with_entry(root, key, None)
    weighting = root.get("weighting")
    if weighting is None or weighting.get("nonresponse") is None:
        return root
    left = with_entry(weighting, "nonresponse", None)
    return with_entry(root, "weighting", left if left.entries else None)


def microdata_study(released: Node, design: Mapping[str, str]) -> bytes:
    """Return the study file that lies beside the microdata and computes the same figures from them.

    Base weights raised for non-response are in the microdata, so that key is left out.

    Parameters
    ----------
    released
        The tree of the release's study file.
    design
        Key of ``design`` to the column of the microdata; without a column the key is left out.

    Returns
    -------
    bytes
        Quality rules are off, for the microdata hold the respondents that were kept.
    """
    root = without_other_files(released)
    for key in NOT_RECOMPUTED:
        root = with_entry(root, key, None)
    publication = root.get("publication")
    if publication is not None and publication.kind == "map":
        for key in ("microdata", "date"):
            publication = with_entry(publication, key, None)
        root = with_entry(root, "publication", publication)
    root = with_entry(root, "questionnaire", text_node("../" + QUESTIONNAIRE))
    root = with_entry(root, "responses", text_node(PurePosixPath(ANSWERS).name))
    root = _changed(root, ("weighting", "margins"), lambda node: text_node("../" + node.text))
    rules = ("duplicates", "straightlining", "speeders", "attention", "too_many_missing")
    off = Node("map", 0, entries=tuple(Entry(rule, 0, text_node("off")) for rule in rules))
    root = with_entry(root, "quality", off)
    for key, column in design.items():
        node = text_node(column) if column else None
        root = with_entry(root, "design", with_entry(root.get("design") or _EMPTY, key, node))
    return yaml_file(root)


def _changed(node: Node, path: tuple[str, ...], change: Callable[[Node], Node]) -> Node:
    """Return a tree with the scalars under a path changed: the scalar itself, those of a list, or values of a map."""
    if not path:
        if node.kind == "scalar":
            return node if node.is_null else change(node)
        items = tuple(_changed(item, (), change) for item in node.items)
        entries = tuple(replace(entry, value=_changed(entry.value, (), change)) for entry in node.entries)
        return replace(node, items=items, entries=entries)
    found = node.get(path[0]) if node.kind == "map" else None
    return node if found is None else with_entry(node, path[0], _changed(found, path[1:], change))


def _bare_name(node: Node) -> Node:
    text = node.text.strip()
    url = store_url(text)
    return text_node(source_name(url) if url else PurePosixPath(text.replace("\\", "/")).name)


def _template(node: Node, taken: Callable[[Node, str], Node]) -> Node:
    return taken(node, "templates") if any(mark in node.text for mark in "./\\") else node
