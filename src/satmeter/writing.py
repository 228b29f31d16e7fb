"""Files written whole or not at all, one by one and as a set."""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

MANIFEST = "files.sha256"


def write_whole(path: Path, content: str | bytes, *, private: bool = False) -> None:
    """Write a file beside its place and move it there, so that no reader ever sees half of it.

    Parameters
    ----------
    path
        Where the file shall stand; its folder is made.
    content
        Text (written as UTF-8) or bytes.
    private
        Whether only its owner may read it (mode 0600), whatever is usual for new files.

    Raises
    ------
    OSError
        Its `filename` is `path`, whatever step failed.
    """
    write_set(path.parent, {path.name: content}, private=private)


def check_writable(folder: Path) -> None:
    """Complain about a folder that cannot be written to before hours of work go into what shall stand there.

    Raises
    ------
    OSError
        When the folder, or the nearest folder above that exists, refuses.
    """
    place = folder.absolute()
    while not place.exists():
        place = place.parent
    if not place.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(place))
    if not os.access(place, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(place))


def write_set(folder: Path, files: Mapping[str, str | bytes], *, private: bool = False) -> None:
    """Write several files into a folder: all of them, or the folder stays as it was.

    Parameters
    ----------
    folder
        Made when it is not there.
    files
        Name relative to the folder (with ``/``) to content.
    private
        As for `write_whole`.

    Raises
    ------
    OSError
        Its `filename` is the file that could not be written; files that were replaced before are put back.
    """
    staged: dict[Path, Path] = {}
    replaced: dict[Path, Path | None] = {}
    path = folder
    try:
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            staged[path] = _stage(path, content, private=private)
        for path, new in staged.items():
            replaced[path] = _set_aside(path)
            os.replace(new, path)
    except OSError as error:
        _put_back(replaced)
        if error.errno is not None:
            error.filename = str(path)
        raise
    except BaseException:
        _put_back(replaced)
        raise
    else:
        for old in replaced.values():
            if old is not None:
                old.unlink(missing_ok=True)
    finally:
        for new in staged.values():
            new.unlink(missing_ok=True)


def write_results_folder(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """Write a set of files with a manifest, and take away what an earlier run wrote and this one does not.

    Parameters
    ----------
    folder
        The output folder.
    files
        As for `write_set`. A file ``files.sha256`` is added, which ``sha256sum -c`` understands. Files of the folder
        that no manifest names, or that were changed since, are left alone.
    """
    lines = [f"{_sha256(content)}  {name}\n" for name, content in sorted(files.items())]
    old = _manifest(folder)
    write_set(folder, {**files, MANIFEST: "".join(lines)})
    for name, digest in old.items():
        path = folder / name
        if name not in files and path.is_file() and _sha256(path.read_bytes()) == digest:
            path.unlink()


def _manifest(folder: Path) -> dict[str, str]:
    try:
        text = (folder / MANIFEST).read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return {}
    pairs = [line.split("  ", 1) for line in text.splitlines() if "  " in line]
    return {name: digest for digest, name in pairs if not Path(name).is_absolute() and ".." not in Path(name).parts}


def _sha256(content: str | bytes) -> str:
    return hashlib.sha256(_encoded(content)).hexdigest()


def _encoded(content: str | bytes) -> bytes:
    return content.encode("utf-8") if isinstance(content, str) else content


def _stage(path: Path, content: str | bytes, *, private: bool) -> Path:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(_encoded(content))
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(name, 0o600 if private else 0o666 & ~mask)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name)


def _set_aside(path: Path) -> Path | None:
    """Give the file that stands at a path another name; None when there is none."""
    if not path.exists():
        return None
    aside = path.with_name(f".{path.name}.old")
    os.replace(path, aside)
    return aside


def _put_back(replaced: Mapping[Path, Path | None]) -> None:
    for path, old in replaced.items():
        if old is None:
            path.unlink(missing_ok=True)
        elif old.exists():
            os.replace(old, path)
