"""The tables of a font file, and a font file for the web made of tables: WOFF 1.0 (W3C, 2012)."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping

_FONT_SUM = 0xB1B0AFBA  # what the sums of a font file come to (OpenType, table `head`)
_SUM_IN_HEAD = slice(8, 12)


def font_tables(font: bytes) -> dict[bytes, bytes]:
    """Return the tables of an OpenType file, whose outlines are TrueType's, by tag."""
    (count,) = struct.unpack_from(">H", font, 4)
    entries = struct.iter_unpack(">4s3L", font[12 : 12 + 16 * count])
    return {tag: font[start : start + length] for tag, _, start, length in entries}


def web_font(tables: Mapping[bytes, bytes]) -> bytes:
    """Return a WOFF file: tables in the order of their tags, each compressed where that makes it smaller.

    Parameters
    ----------
    tables
        Tag to table, ``head`` among them; its sum of the whole font is written anew. Outlines are TrueType's.
    """
    head = bytearray(tables[b"head"])
    head[_SUM_IN_HEAD] = bytes(4)
    content = dict(sorted({**tables, b"head": bytes(head)}.items()))
    plain = _directory(content)
    total = _sum(plain) + sum(map(_sum, content.values()))
    head[_SUM_IN_HEAD] = struct.pack(">L", (_FONT_SUM - total) & 0xFFFFFFFF)
    return _packed(content, bytes(head), len(plain) + sum(len(_padded(table)) for table in content.values()))


def _directory(content: Mapping[bytes, bytes]) -> bytes:
    """Return the head of the OpenType file that holds the tables; its sums count in the font's own."""
    count = len(content)
    power = count.bit_length() - 1
    written = struct.pack(">L4H", 0x10000, count, 16 << power, power, 16 * count - (16 << power))
    start = 12 + 16 * count
    for tag, table in content.items():
        written += struct.pack(">4s3L", tag, _sum(table), start, len(table))
        start += len(_padded(table))
    return written


def _packed(content: Mapping[bytes, bytes], head: bytes, plain_size: int) -> bytes:
    entries, data = b"", b""
    start = 44 + 20 * len(content)
    for tag, table in content.items():
        written = head if tag == b"head" else table
        packed = min(written, zlib.compress(written), key=len)
        entries += struct.pack(">4s4L", tag, start + len(data), len(packed), len(table), _sum(table))
        data += _padded(packed)
    size = start + len(data)
    revision = struct.unpack_from(">2H", head, 4)
    about = struct.pack(">4s2L2HL2H5L", b"wOFF", 0x10000, size, len(content), 0, plain_size, *revision, 0, 0, 0, 0, 0)
    return about + entries + data


def _padded(table: bytes) -> bytes:
    return table + bytes(-len(table) % 4)


def _sum(table: bytes) -> int:
    words = _padded(table)
    total: int = sum(struct.unpack(f">{len(words) // 4}L", words))
    return total & 0xFFFFFFFF
