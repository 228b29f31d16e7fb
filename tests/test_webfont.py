"""The font file for the web: every table whole, every sum right."""

import io
import struct

import pytest
from fontTools.ttLib import TTFont
from fontTools.ttLib.sfnt import calcChecksum

from satmeter import typography, webfont


@pytest.fixture(scope="module")
def tables():
    with TTFont(typography.font_file(), lazy=True) as font:
        return {tag.encode(): font.reader[tag] for tag in ("head", "maxp", "OS/2", "hhea", "gasp")}


def test_every_table_comes_back_and_sums_are_checked(tables):
    font = TTFont(io.BytesIO(webfont.web_font(tables)), checkChecksums=2)
    assert font.flavor == "woff"
    for tag, table in tables.items():
        read = font.reader[tag.decode()]
        assert (read[:8] + read[12:] == table[:8] + table[12:]) if tag == b"head" else read == table


def test_the_sum_of_the_whole_font_is_the_one_of_the_standard(tables):
    found = TTFont(io.BytesIO(webfont.web_font(tables))).reader
    written = [(tag, found[tag]) for tag in sorted(found.keys())]
    directory = struct.pack(">L4H", 0x10000, 5, 64, 2, 16)
    start = 12 + 16 * 5
    for tag, table in written:
        plain = table[:8] + bytes(4) + table[12:] if tag == "head" else table
        directory += struct.pack(">4s3L", tag.encode(), calcChecksum(plain), start, len(table))
        start += len(table) + -len(table) % 4
    whole = directory + b"".join(table + bytes(-len(table) % 4) for _, table in written)
    assert calcChecksum(whole) == 0xB1B0AFBA


def test_tables_of_a_file_are_those_that_fonttools_reads():
    file = typography.font_file()
    found = webfont.font_tables(file.read_bytes())
    with TTFont(file, lazy=True) as font:
        assert {tag.decode() for tag in found} == set(font.reader.keys())
        assert all(found[tag.encode()] == font.reader[tag] for tag in ("head", "cmap", "name"))


def test_a_table_that_does_not_get_smaller_is_left(tables):
    file = webfont.web_font(tables)
    entries = struct.iter_unpack(">4s4L", file[44 : 44 + 20 * 5])
    assert {tag: (packed < size) for tag, _, packed, size, _ in entries} == {
        b"OS/2": True,
        b"gasp": False,
        b"head": False,
        b"hhea": True,
        b"maxp": True,
    }
    assert struct.unpack_from(">L", file, 8)[0] == len(file)
