"""Where the answers lie: the keys `responses` and `columns` of a study file."""

from __future__ import annotations

import glob
from collections.abc import Iterable
from pathlib import Path

from satmeter.questionnaire.spec import Collector, Fields, nearest, wrong_kind
from satmeter.questionnaire.yaml_text import Node, quoted
from satmeter.responses.files import ENDINGS
from satmeter.responses.store_url import source_name, store_file, store_url


def read_response_paths(
    fields: Fields, folder: Path, collector: Collector, *, key: str = "responses"
) -> tuple[Path | str, ...]:
    """Read `responses`: files, patterns that stand for all files that fit, or URLs of stores, which are texts.

    Parameters
    ----------
    fields
        Of the map that holds the key.
    folder
        Where the study file lies.
    collector
        Takes the problems S001, S002, S017, R002 and Q017.
    key
        What the messages call it: `retest.responses` for the second measurement.
    """
    paths: list[Path | str] = []
    for node in fields.strings("responses"):
        text = node.text.strip()
        path = folder / text
        url = store_url(text, folder)
        matches = [] if url else _matches(folder, text)
        if url:
            _add_store(url, node, paths, collector, key)
        elif "://" in text:
            collector.error("S001", node.line, about=("key", key), got=quoted(text))
        elif matches:
            twice = [found for found in matches if found in paths]
            for found in twice:
                collector.error("S017", node.line, about=("key", key), got=quoted(found.name))
            paths += [found for found in matches if found not in twice]
        elif not _is_pattern(text) and path.suffix.lower() not in ENDINGS:
            params = {"choices": ", ".join(ENDINGS)}
            collector.error("R002", node.line, about=("key", key), got=quoted(text), params=params)
        elif not path.is_file():
            names = [p.name for p in path.parent.iterdir() if p.is_file()] if path.parent.is_dir() else []
            near = nearest(path.name, names)
            collector.error("S002", node.line, about=("key", key), got=quoted(text), suggestion=near)
        elif path in paths:
            collector.error("S017", node.line, about=("key", key), got=quoted(text))
        else:
            paths.append(path)
    if fields.node("responses") is not None and not fields.strings("responses"):
        collector.error("Q017", fields.line_of("responses"), params={"key": key})
    return tuple(paths)


def _add_store(url: str, node: Node, paths: list[Path | str], collector: Collector, key: str) -> None:
    """Add the URL of a store, or a problem: S002 when its file is not there, S017 when it is named twice."""
    file, shown = store_file(url), quoted(source_name(url))
    if file is not None and not file.is_file():
        names = [p.name for p in file.parent.iterdir() if p.is_file()] if file.parent.is_dir() else []
        near = nearest(file.name, names)
        collector.error("S002", node.line, about=("key", key), got=shown, suggestion=near)
    elif url in paths:
        collector.error("S017", node.line, about=("key", key), got=shown)
    else:
        paths.append(url)


def response_names(paths: Iterable[Path | str]) -> list[str]:
    """Return the names of files and stores, without folders, hosts, users and passwords."""
    return [source_name(path) if isinstance(path, str) else path.name for path in paths]


def _is_pattern(text: str) -> bool:
    return any(sign in text for sign in "*?[")


def _matches(folder: Path, text: str) -> list[Path]:
    """Return the files of answers that fit a pattern, sorted; none for a text that is no pattern or a file itself."""
    if not _is_pattern(text) or (folder / text).is_file():
        return []
    found = (Path(name) for name in glob.glob(str(Path(glob.escape(str(folder))) / text), recursive=True))
    return sorted(path for path in found if path.suffix.lower() in ENDINGS and path.is_file())


def read_columns(node: Node | None, collector: Collector) -> dict[str, str]:
    """Read `columns`: source column to variable; wrong entries go to the collector."""
    columns: dict[str, str] = {}
    for entry in node.entries if node else ():
        if entry.value.kind == "scalar" and not entry.value.is_null:
            columns[entry.key] = entry.value.text.strip()
        else:
            wrong_kind(entry.value, "scalar", collector, about=("key", "columns"), key=entry.key)
    return columns
