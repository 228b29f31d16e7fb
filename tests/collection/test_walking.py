"""Where simulated respondents may be sent, and how they read a page."""

from __future__ import annotations

import socket

import pytest

from satmeter.cli.main import run
from satmeter.collection import walk_browser
from satmeter.collection.walk_browser import check_address
from satmeter.collection.walk_page import Control, read_page
from satmeter.collection.walker import Simulated
from satmeter.collection.walking import quantile, walk_all
from satmeter.errors import CollectionError


def code(url, **options):
    with pytest.raises(CollectionError) as refused:
        walk_all(url, [Simulated("en", {})], **options)
    return refused.value.problems[0].code


@pytest.mark.parametrize(
    "url",
    ["", "127.0.0.1:8000", "ftp://127.0.0.1", "http://", "http://127.0.0.1:8000/r/x", "http://u@127.0.0.1", "http://[::1",
     "http://127.0.0.1:0", "http://127.0.0.1:99999", "http://127.0.0.1?x"],
)  # fmt: skip
def test_what_is_no_address(url):
    assert code(url, own_server=True) == "C130"


def found(*addresses):
    return lambda *_, **__: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80)) for address in addresses]


@pytest.mark.parametrize("addresses", [["192.0.2.7"], ["127.0.0.1", "192.0.2.7"]])
def test_nobody_is_sent_to_another_machine(monkeypatch, addresses):
    monkeypatch.setattr(walk_browser.socket, "getaddrinfo", found(*addresses))
    assert code("http://survey.example.org") == "C131"
    assert check_address("http://survey.example.org/", own_server=True) == "http://survey.example.org"


def test_a_name_that_nobody_knows_is_not_this_machine(monkeypatch):
    def unknown(*_, **__):
        raise socket.gaierror

    monkeypatch.setattr(walk_browser.socket, "getaddrinfo", unknown)
    assert code("http://survey.example.org") == "C131"


@pytest.mark.parametrize("address", ["http://127.0.0.1:8000", "http://[::1]:8000", "https://127.1.2.3"])
def test_this_machine_has_several_addresses(address):
    assert check_address(address, own_server=False) == address


def test_nobody_answers():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert code(f"http://127.0.0.1:{port}") == "C132"


@pytest.mark.parametrize(
    ("words", "got"),
    [
        (["--respondents", "5", "--own-server"], "C136: this option needs --walk\n  got:      --respondents"),
        (["--verify", "sqlite:///a.db"], "C136: this option needs --walk\n  got:      --verify"),
        (["--pii-key", "a.key"], "C136: this option needs --walk\n  got:      --pii-key"),
    ],
)
def test_options_of_a_walk_need_a_walk(words, got, capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("SATMETER_LANG", "en")
    monkeypatch.chdir(tmp_path)
    assert run(["simulate", "ecsi-mobile", *words]) == 1
    assert got in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


PAGE = """
<form method="post" action="/r/a/1"><input type="hidden" name="k" value="1&amp;2">
<input type="radio" name="v.a" value="1"><input type="radio" name="v.a" value="2" checked>
<a href="#x" data-wrong="b">B</a>
<input type="checkbox" name="v.b" value="x" checked><input type="checkbox" name="v.b" value="y" checked>
<input type="checkbox" name="v.c" value="x" disabled><input type="hidden" name="q" value="c" disabled>
<input class="write" name="v.d" value="3 &lt; 4" type="text"><input type="checkbox" name="m.d" value="98">
<textarea name="v.e">
one &amp; <two</textarea><input name="v.f" value="" type="date">
<button name="go" value="back"></button></form><script>"<input name='no' type='radio'>"</script>
"""


def test_a_page_is_read_by_the_names_of_its_controls():
    page = read_page(PAGE.replace("<two", "&lt;two"))
    assert page.action == "/r/a/1"
    assert page.hidden == (("k", "1&2"),)
    assert page.wrong == ("b",)
    assert page.has_back
    assert page.controls == {
        "v.a": Control("radio", ("1", "2"), ("2",)),
        "v.b": Control("checkbox", ("x", "y"), ("x", "y")),
        "v.d": Control("text", (), ("3 < 4",)),
        "m.d": Control("checkbox", ("98",)),
        "v.e": Control("text", (), ("one & <two",)),
        "v.f": Control("date"),
    }
    filled = {"v.a": ["1"], "v.b": ["y"], "m.d": ["98"], "v.e": ["z"]}
    assert page.fields(filled, go="next") == [
        ("k", "1&2"), ("v.d", ""), ("v.e", "z"), ("v.f", ""), ("v.a", "1"), ("v.b", "y"), ("m.d", "98"), ("go", "next"),
    ]  # fmt: skip


def test_a_page_without_a_form():
    assert read_page("<main><p>Thank you</p><form method='get'></form></main>") is None


def test_quantiles_of_nothing():
    assert quantile([], 0.5) != quantile([], 0.5)
    assert quantile([1.0, 2.0], 0.99) == 2.0
