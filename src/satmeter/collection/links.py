"""Links of invitations: made once, written to one file that only its owner can read, kept nowhere else."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from satmeter.collection.csv_cells import csv_bytes
from satmeter.collection.keys import is_key
from satmeter.collection.sample_file import Unit
from satmeter.errors import CollectionError, Problem
from satmeter.responses.files import read_sources

_COLUMNS = ("id", "link")


@dataclass(frozen=True, slots=True)
class Link:
    """A link that was made: for whom, and the token that stands nowhere else."""

    unit: Unit
    token: str


def invitation_url(base_url: str, token: str) -> str:
    """Return the address that a unit is sent.

    Examples
    --------
    >>> invitation_url("https://survey.example/", "x" * 22)
    'https://survey.example/i/xxxxxxxxxxxxxxxxxxxxxx'
    """
    return f"{base_url.rstrip('/')}/i/{token}"


def write_links(path: Path, links: Sequence[Link], *, base_url: str) -> None:
    """Write links as a new file (mode 0600) with the columns ``id``, strata and ``link``, safe on the disk at the end.

    Raises
    ------
    CollectionError
        C067 when the file is there already: links stand nowhere else.
    OSError
        When it cannot be written.
    """
    names = list(dict.fromkeys(name for link in links for name in link.unit.strata))
    rows = [
        [link.unit.id, *(link.unit.strata.get(name, "") for name in names), invitation_url(base_url, link.token)]
        for link in links
    ]
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise CollectionError(Problem("C067", str(path))) from None
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(csv_bytes(["id", *names, "link"], rows))
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def read_links(path: Path) -> tuple[tuple[str, str], ...]:
    """Read id and address of every link of a file that `write_links` wrote.

    Raises
    ------
    ResponsesError
        What `read_sources` raises.
    CollectionError
        C071 when it is no such file.
    """
    table = read_sources([path], matching=lambda header: sum(name in _COLUMNS for name in header)).table
    if not set(_COLUMNS) <= set(table.names):
        raise CollectionError(Problem("C071", table.file))
    ids, links = (table.columns[table.names.index(name)] for name in _COLUMNS)
    if not all("/i/" in link and is_key(link.rpartition("/i/")[2]) for link in links):
        raise CollectionError(Problem("C071", table.file))
    return tuple(zip(ids, links, strict=True))
