"""Every answer of the application: headers, methods, unknown addresses, assets, forged hosts."""

from __future__ import annotations

import re

import pytest

from satmeter.collection.security_headers import HEADERS


def has_headers(answer, *, kept=False):
    wanted = {name.decode(): value.decode() for name, value in HEADERS}
    assert {name: answer.headers.get(name) for name in wanted} == wanted
    assert ("immutable" in answer.headers["cache-control"]) if kept else answer.headers["cache-control"] == "no-store"
    assert "server" not in answer.headers


def every_answer(web, fields_of):
    """One answer of every route and of every refusal, with the status that it must have."""
    link = web.begin()
    fields = fields_of(web.get(f"{link}/1").text)
    form = "application/x-www-form-urlencoded"
    yield 200, web.get("/")
    yield 303, web.post("/begin", {"k": "short"})
    yield 303, web.get(link)
    yield 200, web.get(f"{link}/1")
    yield 200, web.request("HEAD", f"{link}/1")
    yield 303, web.get(f"{link}/9")
    yield 303, web.get(f"{link}/thanks")
    yield 422, web.post(f"{link}/1", fields | {"go": "next"})
    yield 303, web.post(f"{link}/1", fields | {"go": "next", "v.ctype": "res"})
    yield 303, web.post(f"{link}/submit", fields)
    yield 400, web.post(f"{link}/1", {"v.ctype": "res"})
    yield 400, web.request("POST", f"{link}/1", content=b"k=%zz", headers={"content-type": form})
    yield 400, web.request("POST", f"{link}/1", content=b"a" * 9, headers={"content-type": form})
    yield 400, web.request("POST", f"{link}/1", content=b"k=%ff%fe", headers={"content-type": form})
    yield 400, web.request("POST", f"{link}/1", content=b"k=1&" * 3000 + b"k=1", headers={"content-type": form})
    yield 415, web.request("POST", f"{link}/1", content=b"{}", headers={"content-type": "application/json"})
    yield 415, web.request("POST", f"{link}/1", content=b"x")
    yield 415, web.post(f"{link}/1/save", {"k": "1"})
    yield 413, web.request("POST", f"{link}/1", content=b"k=" + b"x" * 262144, headers={"content-type": form})
    yield 404, web.post(f"{link}/99", fields)
    yield 404, web.get("/nothing/here")
    yield 404, web.get("/assets/../../etc/passwd")
    yield 404, web.get("/assets/%2e%2e%2f%2e%2e%2fetc%2fpasswd")
    yield 404, web.get("/r/")
    yield 404, web.get(f"{link}/")
    yield 405, web.request("PUT", f"{link}/1")
    yield 405, web.request("DELETE", "/")
    yield 405, web.request("OPTIONS", "/")
    yield 405, web.request("TRACE", "/")
    yield 405, web.get("/begin")
    yield 405, web.get(f"{link}/1/save")
    yield 200, web.get("/health")


def test_every_answer_has_the_headers_and_its_status(web, fields_of):
    for status, answer in every_answer(web, fields_of):
        assert answer.status_code == status, (answer.request.method, answer.request.url.path)
        has_headers(answer)
        if status in (405,):
            assert answer.headers["allow"]
        if answer.headers.get("content-type", "").startswith("text/html") and answer.request.method != "HEAD":
            assert "<!doctype html>" in answer.text


def test_a_head_request_has_no_body_and_notes_nothing(web, store):
    link = web.begin()
    answer = web.request("HEAD", f"{link}/1")
    assert answer.status_code == 200
    assert [event.kind for event in store.events()] == ["opened"]


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("en-GB,zh;q=0.5", "en"), ("zh", "zh-CN"), ("zh-TW, fr", "zh-CN"), ("fr", "zh-CN"), ("", "zh-CN"),
        ("en;q=0", "zh-CN"), ("de, en;q=0.1", "en"), ("*;q=0.5", "zh-CN"), ("en;q=9, \x7f,,,;;", "zh-CN"),
        ("zh;q=0.2,en;q=0.8", "en"), ("en" * 4000, "zh-CN"),
    ],
)  # fmt: skip
def test_strangers_are_spoken_to_in_their_language(open_web, accepted, language):
    web = open_web(accepted)
    for path in ("/", "/nothing/here"):
        assert f'<html lang="{language}">' in web.get(path).text
    assert '<html lang="en">' in web.get("/?language=en").text
    assert f'<html lang="{language}">' in web.get("/?language=tlh").text


def test_the_language_of_the_settings_is_for_those_who_ask_for_none(open_web):
    assert '<html lang="en">' in open_web("fr", language="en").get("/").text


def test_what_pages_ask_for_is_there_and_may_be_kept(web):
    page = web.get("/").text
    names = re.findall(r'(?:href|src)="(/assets/[^"]+)"', page)
    assert len(names) >= 2
    for name in names:
        found = web.get(name)
        assert found.status_code == 200
        has_headers(found, kept=True)
    style = next(name for name in names if "/form-" in name)
    font = re.search(r'url\("([^"]+)"\)', web.get(style).text)[1]
    assert web.get(f"/assets/{font}").headers["content-type"] == "font/woff"


@pytest.mark.parametrize("host", ["evil.example", "evil.example:99", "a b", "x@evil", "[::1", "\x7f"])
def test_no_answer_repeats_the_host_that_a_request_names(web, host, fields_of):
    headers = {"host": host, "x-forwarded-host": "evil.example", "forwarded": "host=evil.example"}
    link = web.begin()
    fields = fields_of(web.get(f"{link}/1").text) | {"v.ctype": "res", "go": "next"}
    for answer in (
        web.get(link, headers=headers),
        web.get(f"{link}/", headers=headers),
        web.get("/r", headers=headers),
        web.get("//evil.example/%2e%2e", headers=headers),
        web.post(f"{link}/1", fields, headers=headers),
        web.get(f"{link}/2", headers=headers),
    ):
        place = answer.headers.get("location", "/")
        assert place.startswith("/")
        assert not place.startswith("//")
        assert "evil" not in answer.text + str(answer.headers)


def test_the_personal_link_that_is_shown_begins_with_the_address_of_the_survey(open_web):
    web = open_web(base_url="https://survey.example.org")
    link = web.begin()
    answer = web.get(f"{link}/1")
    assert f'href="https://survey.example.org{link}"' in answer.text
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    assert "strict-transport-security" not in open_web(base_url="http://lan.example").get("/").headers


def test_an_internal_error_is_a_page_and_tells_the_log_where_but_not_what(web, store, monkeypatch, caplog):
    link = web.begin()

    def broken(*_, **__):
        raise KeyError("what a respondent wrote")

    monkeypatch.setattr("satmeter.collection.respondent_routes.judge_page", broken)
    answer = web.answer(f"{link}/1", {"ctype": "res"})
    assert answer.status_code == 500
    assert "went wrong on our side" in answer.text
    has_headers(answer)
    assert "KeyError at test_application.py" in caplog.text
    assert "respondent wrote" not in caplog.text
    monkeypatch.setattr("satmeter.collection.survey.Survey.message", broken)
    plain = web.answer(f"{link}/1", {"ctype": "res"})
    assert (plain.status_code, plain.text) == (500, "internal error")
    has_headers(plain)


def test_no_log_holds_a_personal_link(web, store, pages, caplog):
    caplog.set_level(0)
    link = web.begin()
    web.walk(link, pages)
    web.get(f"{link}/thanks")
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))]
    assert not any(link.rpartition("/")[2] in message for message in ours)
