"""Verbs that need a server's libraries: a missing one is a coded error."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from satmeter.errors import CollectionError, Problem


@contextmanager
def web_library() -> Iterator[None]:
    """Turn a missing library of the extra `web` into C011."""
    try:
        yield
    except ModuleNotFoundError as error:
        name = error.name or ""
        if name.startswith("satmeter"):
            raise
        raise CollectionError(Problem("C011", params={"library": name.partition(".")[0]})) from error
