"""The monitor over HTTP: nobody gets in without the password, nothing that respondents wrote runs."""

import csv
import io
import re
import time

import openpyxl
import pytest

from satmeter.collection import monitor_access
from satmeter.collection.monitor_password import hash_password
from satmeter.collection.monitor_sessions import MOST_WAITING, Patience
from satmeter.collection.monitored import with_monitor
from satmeter.collection.settings import Settings
from satmeter.collection.versions import open_edition
from satmeter.journal import open_store
from satmeter.journal.model import Event
from satmeter.journal.sealing import make_key, seal

PASSWORD = "correct horse battery"
HASH = hash_password(PASSWORD, time_cost=1, memory_cost=64)
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }}",
    '=HYPERLINK("http://example.org")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\u202etxt.exe",
)


@pytest.fixture
def monitored(open_web, store, tmp_path, questionnaire):
    """A browser before the application with a monitor, and what it needs."""

    def opened(language="en", **more):
        settings = Settings(questionnaire=questionnaire, store=store, **more)
        with_it = with_monitor(settings, password_hash=HASH, store_url=f"sqlite:///{tmp_path}/answers.db")
        return open_web(language, routes=with_it.routes, **more)

    return opened


@pytest.fixture
def web(monitored):
    return monitored()


def token_of(page):
    return re.search(r'name="token" value="([0-9a-f]{64})"', page.text)[1]


def log_in(web, password=PASSWORD, **more):
    page = web.get("/monitor/login?language=en")
    return web.post("/monitor/login", {"token": token_of(page), "password": password, "language": "en"} | more)


def answer(store, questionnaire, name, **values):
    events = [
        Event("opened", name, {"language": "en", "mode": "web", "order": []}),
        Event("answered", name, {"page": 1, "values": values, "passed": True}, key="k"),
        Event("submitted", name, {"language": "en"}),
    ]
    store.append(events, definition=questionnaire.digest)


def test_without_a_password_file_there_is_no_monitor(open_web):
    plain = open_web()
    for path in ("/monitor", "/monitor/login", "/monitor/assets/x.css"):
        assert plain.get(path).status_code == 404


def test_the_password_opens_and_signing_out_closes(web):
    assert web.get("/monitor").headers["location"] == "/monitor/login?language=en"
    found = log_in(web)
    assert (found.status_code, found.headers["location"]) == (303, "/monitor?language=en")
    page = web.get("/monitor?language=en")
    assert (page.status_code, "No response yet" in page.text) == (200, True)
    assert web.get("/monitor/login").status_code == 303
    left = web.post("/monitor/logout", {"token": token_of(page), "language": "en"})
    assert left.headers["location"] == "/monitor/login?language=en"
    assert web.get("/monitor").status_code == 303


@pytest.mark.parametrize(("base_url", "secure"), [("https://s.example.org", True), ("", False)])
def test_cookies_are_for_the_server_alone(monitored, base_url, secure):
    web = monitored(base_url=base_url)
    cookies = web.get("/monitor/login").headers.get_list("set-cookie")
    page = web.get("/monitor/login")
    visit = cookies[0].split(";")[0]
    fields = {"token": token_of(page), "password": PASSWORD}
    if secure:  # the test's browser does not send such cookies over http
        page = web.get("/monitor/login", headers={"cookie": visit})
        fields["token"] = token_of(page)
    cookies += web.post("/monitor/login", fields, headers={"cookie": visit}).headers.get_list("set-cookie")
    assert len(cookies) >= 3
    for cookie in cookies:
        parts = {part.strip().lower() for part in cookie.split(";")[1:]}
        assert {"httponly", "samesite=strict", "path=/monitor"} <= parts
        assert ("secure" in parts) == secure


def test_a_wrong_password_says_so_and_tells_nothing(web):
    found = log_in(web, "correct horse batterz")
    assert found.status_code == 403
    assert "This is not the password." in found.text
    assert "batterz" not in found.text
    assert web.get("/monitor").status_code == 303


def test_a_login_form_of_somebody_else_is_refused(web, monitored):
    other = monitored()
    token = token_of(other.get("/monitor/login"))
    found = web.post("/monitor/login", {"token": token, "password": PASSWORD})
    assert found.status_code == 403
    assert "too old" in found.text
    assert "satmeter_monitor" not in str(found.headers)


def test_a_session_is_not_the_one_that_an_attacker_brought(web):
    planted = "A" * 22
    found = log_in(web)
    web.get("/monitor", headers={"cookie": f"satmeter_monitor={planted}"})
    assert planted not in str(found.headers)
    for forged in (planted, "", "x" * 10_000, "A" * 21 + "\u00e9"):
        headers = {"cookie": f"satmeter_monitor={forged}".encode("latin-1")}
        with_forged = monitor_free(web).get("/monitor", headers=headers)
        assert with_forged.status_code == 303


def monitor_free(web):
    web._client.cookies.clear()
    return web


@pytest.mark.parametrize("path", ["/monitor/logout", "/monitor/download"])
@pytest.mark.parametrize("token", ["", "0" * 64, "\u0660" * 64, None])
def test_every_post_needs_the_token_of_its_session(web, path, token):
    log_in(web)
    fields = {"format": "csv"} | ({} if token is None else {"token": token})
    assert web.post(path, fields).status_code == 403
    assert web.get("/monitor").status_code == 200


def test_a_token_of_another_session_is_refused(web, monitored):
    other = monitored()
    log_in(other)
    log_in(web)
    foreign = token_of(other.get("/monitor"))
    assert web.post("/monitor/download", {"token": foreign, "format": "csv"}).status_code == 403


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
@pytest.mark.parametrize("path", ["/monitor", "/monitor/download", "/monitor/logout"])
def test_no_route_tells_anything_without_a_session(web, store, questionnaire, method, path):
    answer(store, questionnaire, "secret1", ctype="res")
    found = web.request(method, path)
    assert found.status_code in (303, 403, 404, 405, 415)
    assert "secret1" not in found.text
    assert "Submitted" not in found.text


def test_many_wrong_passwords_wait_in_a_row_and_others_are_told_to_come_again(web, monkeypatch):
    page = web.get("/monitor/login")
    fields = {"token": token_of(page), "password": "wrong wrong"}
    slept = []

    async def sleep(seconds):
        slept.append(seconds)
        await real(0.05)

    real = monitor_access.asyncio.sleep
    monkeypatch.setattr(monitor_access.asyncio, "sleep", sleep)
    for _ in range(3):
        web.post("/monitor/login", fields)
    answers = web.together([("POST", "/monitor/login", {"data": fields})] * (MOST_WAITING + 3))
    assert sorted(a.status_code for a in answers) == [403] * MOST_WAITING + [429] * 3
    assert {a.headers.get("retry-after") for a in answers} == {None, "30"}
    assert slept[:3] == pytest.approx([0, 0.5, 1.0], abs=0.2)
    assert log_in(web).status_code == 303


def test_strangers_do_not_keep_out_a_browser_that_was_let_in_before(web, monkeypatch):
    slept = []

    async def sleep(seconds):
        slept.append(seconds)

    assert log_in(web).status_code == 303
    known = {name: value for name, value in web._client.cookies.items() if name.endswith("_known")}
    assert len(known) == 1
    web._client.cookies.clear()
    monkeypatch.setattr(monitor_access.asyncio, "sleep", sleep)
    for _ in range(8):
        assert log_in(web, "wrong wrong").status_code == 403
    assert slept[-1] > 20
    for password, status, least, most in ((PASSWORD, 303, 0, 0), ("wrong wrong", 403, 0, 0), (PASSWORD, 303, 0.1, 1)):
        web._client.cookies.clear()
        for name, value in known.items():
            web._client.cookies.set(name, value, path="/monitor")
        assert log_in(web, password).status_code == status
        assert least <= slept[-1] <= most


def test_looking_at_a_password_does_not_stop_respondents(open_web, store, tmp_path, questionnaire):
    slow = hash_password(PASSWORD, time_cost=3, memory_cost=65536)
    settings = Settings(questionnaire=questionnaire, store=store)
    routes = with_monitor(settings, password_hash=slow, store_url=f"sqlite:///{tmp_path}/answers.db").routes
    web = open_web(routes=routes)
    fields = {"token": token_of(web.get("/monitor/login")), "password": "wrong wrong"}
    ended = {}

    async def timed(name, request):
        found = await request
        ended[name] = time.perf_counter()
        return found

    async def both():
        import asyncio

        await asyncio.gather(
            timed("login", web._client.post("/monitor/login", data=fields)),
            timed("health", web._client.get("/health")),
        )

    web._loop.run_until_complete(both())
    assert ended["health"] < ended["login"]


def test_patience_is_one_for_the_process():
    assert isinstance(monitor_access.Access(HASH, lambda *_: "", secure=False)._patience, Patience)


@pytest.mark.parametrize("text", HOSTILE)
def test_what_respondents_write_runs_nowhere(web, store, questionnaire, text):
    """Neither on the page nor, as a formula, in a file."""
    for i in range(3):
        answer(store, questionnaire, f"r{i}", ctype="biz", firm=text, ly=1, why=text)
    log_in(web)
    page = web.get("/monitor?language=en")
    assert text not in page.text
    assert "content-security-policy" in page.headers
    found = web.post("/monitor/download", {"token": token_of(page), "format": "csv"})
    rows = list(csv.reader(io.StringIO(found.content.decode("utf-8-sig"))))
    assert sum(cell.lstrip("'") == text for row in rows for cell in row) == 6
    assert not any(re.match(r"[=+@\t\r]|-\D", cell) for row in rows for cell in row)


def test_forged_codes_in_the_store_run_nowhere(web, store, questionnaire):
    for text in HOSTILE:
        events = [
            Event("opened", "forged", {"language": text, "mode": text, "order": [text]}),
            Event("answered", "forged", {"page": 1, "values": {"ctype": text, "p1": text, "used": [text]}}),
        ]
        store.append(events, definition=questionnaire.digest)
    log_in(web)
    page = web.get("/monitor?language=en")
    assert page.status_code == 200
    assert not any(text in page.text for text in HOSTILE)


@pytest.mark.parametrize(("kind", "start"), [("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK"), ("sav", b"$FL2")])
def test_downloads(web, store, questionnaire, kind, start):
    answer(store, questionnaire, "r1", ctype="res", p1=3)
    log_in(web)
    found = web.post("/monitor/download", {"token": token_of(web.get("/monitor")), "format": kind, "language": "en"})
    assert found.status_code == 200
    assert found.content.startswith(start)
    assert found.headers["content-disposition"] == f'attachment; filename="shop.{kind}"'
    assert found.headers["cache-control"] == "no-store"
    if kind == "xlsx":
        book = openpyxl.load_workbook(io.BytesIO(found.content))
        head, row = book.worksheets[0].iter_rows(values_only=True)
        assert dict(zip(head, row, strict=True))["p1"] == 3


@pytest.mark.parametrize("kind", ["", "pdf", "../../etc/passwd", "csv\r\nx: y"])
def test_no_other_format(web, kind):
    log_in(web)
    assert web.post("/monitor/download", {"token": token_of(web.get("/monitor")), "format": kind}).status_code == 400


def test_a_download_that_cannot_be_made_says_why(web):
    log_in(web)
    found = web.post(
        "/monitor/download", {"token": token_of(web.get("/monitor")), "format": "csv", "language": "zh-CN"}
    )
    assert found.status_code == 409
    assert "R030" in found.text
    assert 'role="alert"' in found.text


PRIVATE = """\
satmeter: 1
id: private
version: "1"
title: Private
languages: [en]
scales: {agree: {points: {1: A, 2: B, 3: C}}}
constructs: {one: {role: satisfaction, label: One, scale: agree, items: {a1: A1}}}
questions: {phone: {type: text, text: Phone, pii: "yes"}}
pages: [[a1, phone]]
"""


def private(tmp_path, open_web, parse, *, with_key):
    url = f"sqlite:///{tmp_path}/private.db"
    questionnaire = parse(PRIVATE, name="private.yaml")
    store = open_store(url, survey="private")
    key = make_key(tmp_path / "key")
    open_edition(store, questionnaire, PRIVATE)
    sealed = seal("13800000000", key, response="r1", variable="phone")
    answer(store, questionnaire, "r1", a1=2, phone=sealed)
    settings = Settings(questionnaire=questionnaire, store=store, sealing_key=key)
    pii_key = str(tmp_path / "key") if with_key else ""
    routes = with_monitor(settings, password_hash=HASH, store_url=url, pii_key=pii_key).routes
    return store, open_web(questionnaire=questionnaire, store=store, sealing_key=key, routes=routes)


@pytest.mark.parametrize(
    ("with_key", "asked", "there"), [(False, True, False), (True, False, False), (True, True, True)]
)
def test_who_a_respondent_is_only_with_the_key_and_on_request(tmp_path, open_web, with_key, asked, there):
    from satmeter.questionnaire.read import parse_questionnaire

    store, web = private(tmp_path, open_web, parse_questionnaire, with_key=with_key)
    with store:
        log_in(web)
        page = web.get("/monitor")
        assert ('name="pii"' in page.text) == with_key
        assert "138000" not in page.text
        fields = {"token": token_of(page), "format": "csv"} | ({"pii": "yes"} if asked else {})
        found = web.post("/monitor/download", fields)
        assert found.status_code == 200
        assert (b"13800000000" in found.content) == there


def test_assets_are_found_by_their_content_and_nothing_else(web):
    page = web.get("/monitor/login").text
    names = re.findall(r'/monitor/assets/([\w.-]+)"', page)
    assert len(names) == 1
    style = web.get(f"/monitor/assets/{names[0]}")
    assert "immutable" in style.headers["cache-control"]
    for other in ("monitor.css", "..%2f..%2fmonitor.py", "%2e%2e/monitor.py", names[0][:-5] + ".js"):
        assert web.get(f"/monitor/assets/{other}").status_code == 404


@pytest.mark.parametrize(
    ("asked", "browser", "expected"), [("zh-CN", "en", "zh-CN"), ("", "zh-TW,zh", "zh-CN"), ("xx", "fr", "en")]
)
def test_the_language_is_asked_for_or_the_browsers(monitored, asked, browser, expected):
    page = monitored(browser).get("/monitor/login", params={"language": asked})
    assert f'<html lang="{expected}">' in page.text


def test_figures_are_kept_for_some_seconds(web, store, questionnaire):
    log_in(web)
    web.get("/monitor")
    answer(store, questionnaire, "r1", ctype="res")
    assert "No response yet" in web.get("/monitor?language=en").text


def test_pages_load_nothing_from_elsewhere_and_carry_no_style_or_script(web, store, questionnaire):
    answer(store, questionnaire, "r1", ctype="res", p1=3)
    log_in(web)
    page = web.get("/monitor").text
    assert not re.search(r"https?://", page)
    assert not re.search(r"\sstyle=|<style|\son\w+=|<script>", page)
