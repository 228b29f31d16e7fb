"""The folder of a release: written whole beside its place and moved there, never by halves."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from satmeter.errors import Problem, PublicationError
from satmeter.publication.exchange import exchange
from satmeter.publication.manifest import KIND, MOST_BYTES, MOST_FILES, NAME, too_large
from satmeter.writing import check_writable, write_set


def check_place(folder: Path, *, replace: bool) -> None:
    """Complain about a place that a release cannot take, before it is computed.

    Parameters
    ----------
    folder
        Where the release shall stand.
    replace
        Whether a release that stands there may be replaced.

    Raises
    ------
    PublicationError
        P010 when anything stands there that may not be replaced: an older release without `replace`, anything else in
        any case. An empty folder is no hindrance.
    OSError
        When the folder cannot be written to.

    Notes
    -----
    A release that was moved aside and never replaced is put back first.
    """
    check_writable(folder.absolute().parent)
    _put_back(folder.absolute())
    if not os.path.lexists(folder):
        return
    own = folder.is_dir() and not folder.is_symlink()
    if own and (not any(folder.iterdir()) or (replace and is_release(folder))):
        return
    raise PublicationError(Problem("P010", file=str(folder)))


def is_release(folder: Path) -> bool:
    """Tell whether a folder holds a release: a manifest of the right kind."""
    try:
        content = json.loads((folder / NAME).read_bytes()) if is_plain(folder / NAME) else None
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(content, dict) and content.get("kind") == KIND


def spare_release(folder: Path) -> None:
    """Complain about a folder that holds a release, before anything else is written into it.

    Raises
    ------
    PublicationError
        P011: a file more or another one in its place, and the release would no longer agree with its manifest.
    """
    if is_release(folder):
        raise PublicationError(Problem("P011", file=str(folder)))


def write_release(folder: Path, files: Mapping[str, bytes], *, replace: bool) -> None:
    """Write a release: all of it, or the place stays as it was.

    Parameters
    ----------
    folder, replace
        As for `check_place`, which is asked again.
    files
        Name relative to the folder (with ``/``) to content.

    Notes
    -----
    The new folder and the old one change places in one step (`exchange`), so that whenever the process or the machine
    is stopped, one of them stands there whole. Where the system cannot do that, the old one is moved aside to
    `aside_of` first; `check_place` moves it back when nothing stands in its place.
    """
    check_place(folder, replace=replace)
    place = folder.absolute()
    place.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(dir=place.parent, prefix=f".{place.name}."))
    new, aside = staging / "new", aside_of(place)
    try:
        write_set(new, files)
        _settle(new)
        if not place.exists():
            os.replace(new, place)
        elif not exchange(new, place):
            os.replace(place, aside)
            try:
                os.replace(new, place)
            except OSError:
                os.replace(aside, place)
                raise
    finally:
        shutil.rmtree(staging, ignore_errors=True)
        if place.exists():
            shutil.rmtree(aside, ignore_errors=True)


def aside_of(folder: Path) -> Path:
    """Return where a release stands while another one takes its place, on systems that need two steps."""
    return folder.with_name(f".{folder.name}.replaced")


def _put_back(place: Path) -> None:
    """Put a release back that was moved aside by a process that did not live to put the new one into its place."""
    aside = aside_of(place)
    if not os.path.lexists(place) and is_release(aside):
        os.replace(aside, place)


def _settle(folder: Path) -> None:
    """Have all files of a folder written to the disk, where folders can be opened."""
    for path in (*folder.rglob("*"), folder):
        if path.is_dir() and os.name != "posix":
            continue
        handle = os.open(path, os.O_RDONLY if os.name == "posix" else os.O_RDWR)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def is_plain(path: Path) -> bool:
    """Tell whether something is a file of its own: no link to another, no pipe that never ends."""
    return path.is_file() and not path.is_symlink()


def read_files(folder: Path) -> dict[str, Path]:
    """Return all that is in a folder, but folders, by its name relative to it (with ``/``), sorted.

    Links are not followed; neither they nor pipes and devices are `is_plain`.

    Raises
    ------
    PublicationError
        P035 when there are more entries, or more bytes in them, than any release has.
    """
    found: dict[str, Path] = {}
    waiting, entries, size = [folder], 0, 0
    while waiting:
        with os.scandir(waiting.pop()) as listed:
            for entry in listed:
                entries += 1
                plain = entry.is_file(follow_symlinks=False)
                size += entry.stat(follow_symlinks=False).st_size if plain else 0
                if entries > MOST_FILES or size > MOST_BYTES:
                    raise too_large(folder, f"> {entries - 1}, > {size / 1e6:.0f} MB")
                path = Path(entry.path)
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(path)
                else:
                    found[path.relative_to(folder).as_posix()] = path
    return dict(sorted(found.items()))
