"""The preview: the questionnaire as it is now, its errors as a page, and no store."""

from __future__ import annotations

import os
import sqlite3

import pytest
from click.testing import CliRunner

from satmeter.cli import preview as preview_verb
from satmeter.collection.preview import Preview


@pytest.fixture
def file(tmp_path, store, questionnaire, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "shop.yaml"
    path.write_text(store.definitions()[0].text, "utf-8")
    return path


def rewrite(path, before, after):
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after), "utf-8")
    later = path.stat().st_mtime_ns + 10**9
    os.utime(path, ns=(later, later))


@pytest.fixture
def preview(file, new_web):
    return new_web(Preview("shop.yaml"))


def test_every_page_is_marked_and_can_be_walked(preview, pages):
    link = preview.begin()
    end = preview.walk(link, pages)
    for answer in (preview.get("/"), preview.get(end.headers["location"]), preview.get("/nothing")):
        assert "Preview: nothing is stored" in answer.text
        assert '<script src="/preview/reload.js" defer></script></body>' in answer.text
        assert int(answer.headers["content-length"]) == len(answer.content)
    other = preview.begin()
    assert "Preview: nothing is stored" in preview.get(f"{other}/1").text
    assert "/preview/state" in preview.get("/preview/reload.js").text


def test_a_saved_change_is_shown_on_the_page_where_one_is(preview, file, pages):
    link = preview.begin()
    preview.walk(link, pages[:1])
    assert "Reliable" in preview.get(f"{link}/2").text
    before = preview.get("/preview/state").json()
    rewrite(file, "en: Reliable", "en: Very reliable")
    assert preview.get("/preview/state").json() != before
    assert "Very reliable" in preview.get(f"{link}/2").text
    rewrite(file, "      p3: {", "      p4: {zh-CN: 新, en: Brand new}\n      p3: {")
    assert "Brand new" in preview.get(f"{link}/2").text
    assert preview.answer(f"{link}/2", {"p1": "1", "p2": "1", "p3": "1", "p4": "2"}).status_code == 303


def test_errors_are_a_page_that_goes_when_they_are_mended(preview, file, monkeypatch):
    monkeypatch.setenv("SATMETER_LANG", "en")
    rewrite(file, "scale: agree\n", "scale: '<b>agre</b>'\n")
    answer = preview.get("/")
    assert answer.status_code == 503
    assert "Q004" in answer.text
    assert "<b>agre" not in answer.text
    assert "&lt;b&gt;agre" in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    style = preview.get("/preview/page.css")
    assert style.headers["content-type"].startswith("text/css")
    assert "pre { white-space: pre-wrap;" in style.text
    monkeypatch.setenv("SATMETER_LANG", "zh-CN")
    rewrite(file, "'<b>agre</b>'", "agree")
    assert preview.get("/").status_code == 200
    file.unlink()
    assert preview.get("/").status_code == 503
    assert "Q001" in preview.get("/").text
    assert '<html lang="zh-CN">' in preview.get("/").text


def test_a_preview_writes_to_no_store(file, new_web, pages, monkeypatch, tmp_path):
    opened = []
    connect = sqlite3.connect

    def watched(target, *rest, **more):
        opened.append(str(target))
        return connect(target, *rest, **more)

    monkeypatch.setattr(sqlite3, "connect", watched)
    monkeypatch.setattr(sqlite3.dbapi2, "connect", watched)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.suffix == ".yaml"}
    names = sorted(os.listdir(tmp_path))
    preview = new_web(Preview("shop.yaml"))
    preview.walk(preview.begin(), pages)
    assert set(opened) <= {":memory:"}
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.suffix == ".yaml"} == before
    assert sorted(os.listdir(tmp_path)) == names


def test_there_is_no_option_for_a_store():
    names = {name for param in preview_verb.command.params for name in param.opts}
    assert names == {"questionnaire", "--host", "--port", "--language", "--fieldwork"}
    answer = CliRunner().invoke(preview_verb.command, ["shop.yaml", "--store", "sqlite:///a.db"])
    assert answer.exit_code == 2
    assert not hasattr(Preview, "store")


def test_theme_and_language_are_previewed_but_neither_quotas_nor_the_last_day(file, new_web, tmp_path):
    (tmp_path / "fieldwork.yaml").write_text(
        "satmeter: 1\ntheme: {title: {en: Another title, zh-CN: 另一标题}, colour: '#aa0000'}\n"
        "quotas: {ctype: {res: 0}}\ncloses: 2020-01-01\ndevice_limit: 1\n",
        "utf-8",
    )
    preview = new_web(Preview("shop.yaml", fieldwork="fieldwork.yaml", language="en"), "fr")
    assert "Another title" in preview.get("/").text
    for _ in range(2):
        link = preview.begin()
        assert preview.answer(f"{link}/1", {"ctype": "res"}).headers["location"] == f"{link}/2"
