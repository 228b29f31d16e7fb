"""Addresses of stores of answers, as they stand in a study file or on the command line. Nothing is opened here."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

FILE_ENDINGS = (".db", ".sqlite", ".sqlite3")
_SQLITE = "sqlite:///"
_SCHEMES = ("sqlite", "postgresql", "postgres")


def store_url(text: str, folder: Path | None = None) -> str | None:
    """Return the URL of a store; None for a text that names something else.

    Parameters
    ----------
    text
        ``sqlite:///answers.db``, ``postgresql+psycopg://…``, or a file whose ending is that of a database.
    folder
        What the path of an SQLite file is relative to; None leaves it as it is.

    Examples
    --------
    >>> store_url("sqlite:///answers.db", Path("/data")), store_url("answers.db"), store_url("answers.csv")
    ('sqlite:////data/answers.db', 'sqlite:///answers.db', None)
    """
    scheme, mark, rest = text.partition("://")
    if not mark:
        return _file_url(text, folder) if Path(text).suffix.lower() in FILE_ENDINGS else None
    if scheme.lower().partition("+")[0] not in _SCHEMES:
        return None
    return _file_url(rest[1:], folder) if scheme.lower().startswith("sqlite") and rest.startswith("/") else text


def _file_url(path: str, folder: Path | None) -> str:
    return _SQLITE + (path if folder is None else str(folder / path))


def store_file(url: str) -> Path | None:
    """Return the file of an SQLite store; None for a database server."""
    return Path(url.removeprefix(_SQLITE)) if url.startswith(_SQLITE) else None


def source_name(url: str) -> str:
    """Return what a store is called in messages and results: the file's name, or the database's.

    Neither folders nor hosts, users or passwords are told, for results are published.

    Examples
    --------
    >>> source_name("sqlite:////data/answers.db"), source_name("postgresql+psycopg://me:secret@host/survey")
    ('answers.db', 'survey')
    """
    file = store_file(url)
    return file.name if file else PurePosixPath(urlsplit(url).path).name or "postgresql"


def without_password(url: str) -> str:
    """Return a URL without its user and password; any other text as it is.

    Examples
    --------
    >>> without_password("postgresql+psycopg://me:secret@host:5432/survey")
    'postgresql+psycopg://host:5432/survey'
    """
    if "://" not in url:
        return url
    scheme, _, rest = url.partition("://")
    place, slash, path = rest.partition("/")
    return f"{scheme}://{place.rpartition('@')[2]}{slash}{path.partition('?')[0]}"
