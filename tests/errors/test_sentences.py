import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import satmeter
from satmeter.errors import sentences

FILES = sorted(Path(satmeter.__file__).parent.rglob("*.toml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_every_file_of_the_house_is_read_as_tomllib_reads_it(file):
    text = file.read_text("utf-8")
    assert sentences.read_sentences(text) == tomllib.loads(text)


def test_files_of_sentences_need_no_other_reader(monkeypatch):
    monkeypatch.setattr(tomllib, "loads", None)
    folders = ("codes", "en", "zh-CN")
    for file in FILES:
        if file.parent.name in folders:
            assert sentences.read_sentences(file.read_text("utf-8"))


ODD = [
    "a = 1",
    "a = 'b'",
    'a = """b\nc"""',
    'a = ""',
    'a = "b" # c',
    'a = "\\U0001f600\\t\\u00e9\\\\"',
    'a = ["b"]',
    "[a]\n[b]\n[a.c]\nd = '1'",
    '"a b" = "c"',
    '[a.b]\nc = "d"\n[a]\ne = "f"',
    'a.b = "c"\na.d.e = "f"',
    "",
]


@pytest.mark.parametrize("text", ODD)
def test_other_toml_is_read_as_well(text):
    assert sentences.read_sentences(text) == tomllib.loads(text)


@pytest.mark.parametrize(
    "text",
    [
        'a = "b"\na = "c"',
        '[a]\nb = "c"\n[a]\nd = "e"',
        'a = "b"\na.c = "d"',
        'a = "b',
        "a",
        "[a",
        'a = "\\x"',
        ".a = 1",
    ],
)
def test_what_is_not_toml_is_refused(text):
    with pytest.raises(tomllib.TOMLDecodeError):
        sentences.read_sentences(text)


@given(st.dictionaries(st.from_regex(r"[\w-]{1,4}", fullmatch=True).filter(str.isascii), st.text(), max_size=4))
def test_any_text_comes_back(table):
    written = {key: text.encode("utf-8", "ignore").decode() for key, text in table.items()}
    lines = "\n".join(f"{key} = {escaped(text)}" for key, text in written.items())
    assert sentences.read_sentences(lines) == tomllib.loads(lines) == written


def escaped(text):
    kept = (c if c.isprintable() and c not in '"\\' else f"\\U{ord(c):08x}" for c in text)
    return '"' + "".join(kept) + '"'
