"""Hostile answers are shown as texts; random requests never break the server."""

from __future__ import annotations

import html
import json
import re
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from satmeter.collection.security_headers import HEADERS

CORPUS = (
    "<script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "\"'><img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "{{ 7 * 7 }}{% for x in y %}{{ ''.__class__ }}",
    "{ly} {p1} {0} {__init__}",
    "\u202e\u2066evil\u2069\u202c \u200f\u200e\ufeff",
    "=HYPERLINK(\"http://evil.example\")",
    "+1+1", "-1+1", "@SUM(1)", "\t=1+1", "\r=1+1",
    "a\x00b\x08\x1b[31m",
    "\U0001f600\U0010ffff\ufffe",
    "%0d%0aSet-Cookie: x=1\r\nSet-Cookie: y=1",
    "javascript:alert(1)", "&lt;b&gt; &amp; &#0;", "${7*7} #{7*7} <%= 7*7 %>",
)  # fmt: skip
RISKY = re.compile(r"<(script|img|svg|iframe|b)\b", re.IGNORECASE)


def tags(page):
    """The tags of a page that a hostile answer would like to add."""
    return sorted(tag.lower() for tag in RISKY.findall(page))


@pytest.mark.parametrize("text", CORPUS)
def test_hostile_texts_are_shown_as_texts(web, store, fields_of, text):
    link = web.begin()
    plain = tags(web.get(f"{link}/1").text)
    web.answer(f"{link}/1", {"ctype": "biz"})
    assert web.answer(f"{link}/1", {"firm": text[:40]}).status_code == 303
    page = web.get(f"{link}/1").text
    assert tags(page) == plain
    kept = store.latest(next(store.events()).response).values["firm"]
    assert fields_of(page)["v.firm"] == [kept]
    assert not set(kept) & {chr(code) for code in (*range(9), *range(11, 13), *range(14, 32), 0xFFFE)}
    wrong = web.answer(f"{link}/1", {"firm": text + "x" * 50})
    assert wrong.status_code == 422
    assert tags(wrong.text) == plain


def test_hostile_texts_are_piped_as_texts(open_web, store, pages):
    web = open_web()
    link = web.begin()
    web.walk(link, pages[:3])
    web.answer(f"{link}/4", {"ly": "3", "ly2": "3"})
    plain = tags(web.get(f"{link}/5").text)
    for text in CORPUS:
        web.request("POST", f"{link}/5/save", json={"k": "k" * 22, "language": "en", "values": {"why": text}})
        page = web.get(f"{link}/5").text
        assert tags(page) == plain
        definition = re.search(r'<script type="application/json" id="definition">(.*?)</script>', page, re.DOTALL)[1]
        json.loads(definition)


def test_a_text_of_two_hundred_thousand_characters_is_refused_kindly(web, store):
    link = web.begin()
    web.answer(f"{link}/1", {"ctype": "biz"})
    answer = web.answer(f"{link}/1", {"firm": "x" * 200_000})
    assert answer.status_code == 422
    assert "firm" not in store.latest(next(store.events()).response).values


def test_halves_of_characters_do_not_come_in(web, store):
    link = web.begin()
    body = b'{"k": "kkkkkkkkkkkkkkkkkkkkkk", "values": {"ctype": "res", "firm": "\\udc00"}}'
    answer = web.request("POST", f"{link}/1/save", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 400
    raw = web.request(
        "POST", f"{link}/1", content=b"k=kkkkkkkkkkkkkkkkkkkkkk&v.firm=%ed%a0%80",
        headers={"content-type": "application/x-www-form-urlencoded"},
    )  # fmt: skip
    assert raw.status_code == 400


@pytest.mark.parametrize(
    "number", ["1" + "0" * 400, "-1" + "0" * 400, "1" * 4000, "1e308", "-0.0", "1" * 5000, "1e999"]
)
def test_numbers_that_no_float_holds_are_not_answers(web, store, number):
    link = web.begin()
    for variable in ("age", "p1", "firm", "ctype"):
        body = f'{{"k": "{"k" * 22}", "values": {{"{variable}": {number}}}}}'
        for page in (1, 2, 3):
            answer = web.request(
                "POST", f"{link}/{page}/save", content=body, headers={"content-type": "application/json"}
            )
            assert answer.status_code in (200, 400, 422)  # 200: a page that has no such question
    assert store.latest(next(store.events()).response).values == {}
    assert web.get(f"{link}/{number}").status_code in (303, 404)
    assert web.get(f"{link}/{'9' * 6000}").status_code == 404


@pytest.mark.parametrize("text", CORPUS)
def test_addresses_come_back_in_no_page(web, text):
    where = quote(text, safe="")
    for path in (f"/{where}", f"/r/{where}", f"/i/{where}", f"/assets/{where}", f"/?language={where}&notice={where}"):
        answer = web.get(path)
        assert answer.status_code in (200, 404)
        assert text.strip() not in html.unescape(answer.text)
        assert "set-cookie" not in answer.headers


PATHS = ["/", "/begin", "{link}", "{link}/1", "{link}/1/save", "{link}/submit", "{link}/thanks", "/assets/x", "/health",
         "/i/x", "/i/x/begin", "/r/x/1", "/monitor"]  # fmt: skip
NAMES = st.sampled_from(["k", "q", "go", "language", "v.ctype", "v.firm", "m.age", "v.p1", "v.nothing", "", "site"])
VALUES = st.one_of(st.sampled_from(["next", "back", "stay", "en", "res", "biz", "k" * 22, "ctype", "98"]), st.text())
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES | st.text(), inner, max_size=4),
    max_leaves=8,
)
BODIES = st.one_of(
    st.binary(max_size=200),
    st.lists(st.tuples(NAMES, VALUES), max_size=8).map(
        lambda pairs: "&".join(f"{n}={quote(v.encode('utf-8', 'surrogatepass'))}" for n, v in pairs).encode()
    ),
    st.builds(lambda values: json.dumps({"k": "k" * 22, "values": values, "language": "en"}).encode(), JSON),
    JSON.map(lambda value: json.dumps(value).encode()),
)
KINDS = st.sampled_from(
    ["application/x-www-form-urlencoded", "application/json", "text/plain", "multipart/form-data; boundary=x",
     "application/x-www-form-urlencoded; charset=utf-8", "application/json; charset=latin-1", ""]
)  # fmt: skip
TAIL = st.sampled_from([""]) | st.text(max_size=12).map(lambda text: "/" + quote(text.encode("utf-8", "replace")))


@given(
    method=st.sampled_from(["GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"]),
    path=st.sampled_from(PATHS),
    tail=TAIL,
    body=BODIES,
    kind=KINDS,
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_random_requests_never_break_the_server(web, method, path, tail, body, kind):
    link = getattr(web, "link", None) or web.begin()
    web.link = link
    headers = {"content-type": kind} if kind else {}
    answer = web.request(method, path.format(link=link) + tail, content=body, headers=headers)
    assert answer.status_code < 500
    assert all(answer.headers.get(name.decode()) == value.decode() for name, value in HEADERS)
