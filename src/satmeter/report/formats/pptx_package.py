"""A deck → the same bytes every time: fixed dates, sorted entries."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime
from typing import Any

_FIXED = datetime(1980, 1, 1)


def described(deck: Any, *, title: str, language: str, author: str) -> None:
    """Write the properties of the document; its dates do not come from the clock."""
    properties = deck.core_properties
    properties.title = title
    properties.language = language
    properties.author = properties.last_modified_by = author
    properties.revision = 1
    properties.created = properties.modified = _FIXED


def packed(deck: Any) -> bytes:
    """Return the package with its entries in order of their names, the table of contents first."""
    raw = io.BytesIO()
    deck.save(raw)
    buffer = io.BytesIO()
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist(), key=_order):
            entry = zipfile.ZipInfo(name)
            entry.external_attr = 0o600 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return buffer.getvalue()


def _order(name: str) -> tuple[bool, list[str | int]]:
    """Put ``slide10.xml`` after ``slide9.xml``; readers look for the table of contents at the beginning."""
    parts = [int(piece) if piece.isdigit() else piece for piece in re.split(r"(\d+)", name)]
    return name != "[Content_Types].xml", parts
