"""manifest.json: every file of a release with its SHA-256 and size, and what the release was made with."""

from __future__ import annotations

import hashlib
import json
import math
import os
import platform
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path, PurePosixPath
from typing import Any

from satmeter.errors import Problem, PublicationError

NAME, SIGNATURE = "manifest.json", "manifest.json.sig"
KIND, SCHEMA_VERSION = "satmeter.release", 1
MOST_FILES, MOST_BYTES, MOST_LISTED = 20_000, 2_000_000_000, 20_000_000
"""Files, bytes in all, and bytes of the manifest, above which a folder is not read."""
WRITERS = (
    *("jinja2", "matplotlib", "pypandoc_binary", "fonttools", "uharfbuzz"),
    *("XlsxWriter", "python-pptx", "typst", "zhplot"),
)
"""Libraries that shape the bytes of reports, tables and figures."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest that was read.

    Attributes
    ----------
    files
        Name to SHA-256 and size.
    content
        Everything else that it says.
    data
        Its bytes.
    """

    files: Mapping[str, tuple[str, int]]
    content: Mapping[str, Any]
    data: bytes

    @property
    def satmeter(self) -> str:
        """The version of satmeter that it says the release was made with."""
        provenance = self.content.get("provenance")
        return str(provenance.get("satmeter")) if isinstance(provenance, Mapping) else ""

    @property
    def canonical(self) -> bool:
        """Whether it is written as `manifest_file` writes it, so that all programs read the same in it."""
        return self.data == _written(self.content, self.files)


def sha256(content: bytes) -> str:
    """Return the SHA-256 of a file's bytes in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def tools() -> dict[str, str]:
    """Return the versions of everything that shapes the bytes of a release on this machine."""
    found = {"python": platform.python_version(), "zlib": zlib.ZLIB_RUNTIME_VERSION, "machine": platform.machine()}
    for name in WRITERS:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = ""
    return found


def manifest_content(
    document: Mapping[str, Any], *, date: str, policy: str, microdata: Mapping[str, Any] | None
) -> dict[str, Any]:
    """Return what a manifest says beside the files.

    Parameters
    ----------
    document
        The public results document.
    date
        Of the release; empty where neither the study file nor the answers give one.
    policy
        Name of the policy; empty without one.
    microdata
        What was done to the answers that are in the release; None without.
    """
    study = document["study"]
    return {
        "kind": KIND,
        "schema_version": SCHEMA_VERSION,
        "study": {key: study.get(key) for key in ("id", "version", "title", "n", "simulated")},
        "date": date,
        "policy": policy,
        "provenance": document["provenance"],
        "tools": tools(),
        "microdata": microdata,
    }


def manifest_file(content: Mapping[str, Any], files: Mapping[str, bytes]) -> bytes:
    """Return manifest.json.

    Parameters
    ----------
    content
        From `manifest_content`, or as it was read.
    files
        Every other file of the release.
    """
    return _written(content, {name: (sha256(data), len(data)) for name, data in files.items()})


def _written(content: Mapping[str, Any], files: Mapping[str, tuple[str, int]]) -> bytes:
    listed = [{"name": name, "sha256": digest, "size": size} for name, (digest, size) in sorted(files.items())]
    text = json.dumps({**content, "files": listed}, ensure_ascii=False, allow_nan=False, indent=1)
    return (text + "\n").encode("utf-8")


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a release.

    Raises
    ------
    PublicationError
        P020 when there is none, P021 when it cannot be read, is a link, or names a file twice or outside the release,
        P022 when it names no file, P035 when it is larger than any.
    """
    path = folder / NAME
    if not os.path.lexists(path):
        raise PublicationError(Problem("P020", file=str(folder)))
    if path.is_symlink() or not path.is_file():
        raise _unreadable(path, "no plain file")
    if path.stat().st_size > MOST_LISTED:
        raise too_large(path, f"> {path.stat().st_size / 1e6:.0f} MB")
    try:
        data = path.read_bytes()
        content = json.loads(data.decode("utf-8"), parse_constant=_finite, parse_float=_finite)
    except (OSError, ValueError, RecursionError) as error:
        raise _unreadable(path, type(error).__name__) from None
    if not isinstance(content, dict) or content.get("kind") != KIND:
        raise _unreadable(path, f"kind ≠ {KIND}")
    if content.get("schema_version") != SCHEMA_VERSION:
        raise _unreadable(path, f"schema_version ≠ {SCHEMA_VERSION}")
    listed = content.pop("files", None)
    if not isinstance(listed, list) or not listed:
        raise PublicationError(Problem("P022", file=str(path)))
    files = {_name(path, entry): _facts(path, entry) for entry in listed}
    if len(files) < len(listed):
        raise _unreadable(path, "files[].name")
    return Manifest(files, content, data)


def _finite(text: str) -> float:
    if not math.isfinite(number := float(text)):
        raise ValueError(text)
    return number


def _name(path: Path, entry: Any) -> str:
    name = entry.get("name") if isinstance(entry, dict) else None
    if not isinstance(name, str) or not name or "\\" in name or ":" in name:
        raise _unreadable(path, "files[].name")
    parts = PurePosixPath(name).parts
    if PurePosixPath(name).is_absolute() or ".." in parts or name == NAME:
        raise _unreadable(path, "files[].name")
    return name


def _facts(path: Path, entry: Mapping[str, Any]) -> tuple[str, int]:
    digest, size = entry.get("sha256"), entry.get("size")
    if not isinstance(digest, str) or not isinstance(size, int):
        raise _unreadable(path, "files[].sha256, files[].size")
    return digest, size


def too_large(path: Path, detail: str) -> PublicationError:
    """Return the error of a folder, or a manifest, that is larger than any release."""
    most = {"files": MOST_FILES, "size": MOST_BYTES // 1_000_000, "manifest": MOST_LISTED // 1_000_000}
    return PublicationError(Problem("P035", file=str(path), params={"detail": detail, **most}))


def _unreadable(path: Path, detail: str) -> PublicationError:
    return PublicationError(Problem("P021", file=str(path), params={"detail": detail}))
