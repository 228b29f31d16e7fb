"""A server made ready: what is checked first, what is left behind when something is missing."""

from __future__ import annotations

import os
from contextlib import suppress

import pytest

from satmeter.collection.fielding import Wish, make_ready, responses
from satmeter.errors import CollectionError, JournalError, QuestionnaireError, SatmeterError
from satmeter.journal import Event


@pytest.fixture
def folder(tmp_path, monkeypatch, questionnaire, store):
    text = store.definitions()[0].text
    (tmp_path / "shop.yaml").write_text(text, "utf-8")
    private = text.replace("firm: {type: text,", "firm: {type: text, pii: 'yes',")
    assert private != text
    (tmp_path / "private.yaml").write_text(private, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refused(**wish):
    with pytest.raises(SatmeterError) as caught, make_ready(Wish(**{"port": 0} | wish)):
        pass
    return [problem.code for problem in caught.value.problems]


def test_everything_that_is_wrong_with_a_wish_is_told_at_once(folder):
    found = refused(questionnaire="private.yaml", language="fr", base_url="survey")
    assert found == ["C001", "C008", "C009", "C005"]
    with pytest.raises(CollectionError) as caught, make_ready(Wish(questionnaire="shop.yaml")):
        pass
    assert "--store sqlite:///shop.db" in caught.value.text("en")


def test_nothing_is_left_behind_when_something_is_missing(folder):
    before = sorted(os.listdir(folder))
    for wish in (
        {"questionnaire": "shop.yaml"},
        {"questionnaire": "shop.yaml", "store": "sqlite:///new.db", "host": "192.0.2.1"},
        {"questionnaire": "shop.yaml", "store": "sqlite:///new.db", "fieldwork": "none.yaml"},
        {"questionnaire": "none.yaml", "store": "sqlite:///new.db"},
        {"questionnaire": "private.yaml", "store": "sqlite:///new.db"},
        {"questionnaire": "shop.yaml", "store": "sqlite:///no/folder/new.db"},
    ):
        with suppress(SatmeterError), make_ready(Wish(**{"port": 0} | wish)):
            pytest.fail("not refused")
    assert sorted(os.listdir(folder)) == before


def test_a_server_made_ready(folder):
    wish = Wish(questionnaire="shop.yaml", store="sqlite:///new.db", port=0, base_url="https://survey.example.org/")
    with make_ready(wish) as ready:
        assert ready.address == f"http://127.0.0.1:{ready.taken.getsockname()[1]}"
        assert (ready.settings.base_url, ready.warnings) == ("https://survey.example.org", ())
        assert [definition.change for definition in ready.settings.store.definitions()] == ["first"]
        assert responses(ready.settings.store) == (0, 0)
        assert refused(questionnaire="shop.yaml", store="sqlite:///new.db") == ["K009"]
    with make_ready(wish) as ready:
        assert len(ready.settings.store.definitions()) == 1


def test_responses_are_counted_without_those_that_were_erased(web, store, pages):
    first, second = web.begin(), web.begin()
    web.walk(first, pages)
    assert responses(store) == (2, 1)
    store.erase(next(event.response for event in store.events() if event.kind == "submitted"))
    assert responses(store) == (1, 0)
    assert second


def test_answers_kept_beyond_their_day_are_told_and_stay(folder, web, store, pages):
    (folder / "field.yaml").write_text("satmeter: 1\nretention: {until: 2026-01-31}\n", "utf-8")
    wish = Wish(questionnaire="shop.yaml", store="sqlite:///new.db", port=0, fieldwork="field.yaml")
    with make_ready(wish) as ready:
        assert ready.warnings == ()
        settings = ready.settings
        settings.store.append([Event("opened", "r1", {"language": "en", "order": []})], definition="d")
    with make_ready(wish) as ready:
        (warning,) = ready.warnings
        assert (warning.code, warning.params["n"], warning.params["until"]) == ("C015", 1, "2026-01-31")
        assert responses(ready.settings.store) == (1, 0)


def test_a_key_is_made_for_a_new_store_only(folder):
    wish = {"questionnaire": "private.yaml", "store": "sqlite:///new.db", "pii_key": "shop.key"}
    with make_ready(Wish(port=0, **wish)) as ready:
        assert ready.key_made
        assert (folder / "shop.key").stat().st_mode & 0o077 == 0
    with make_ready(Wish(port=0, **wish)) as ready:
        assert not ready.key_made
    (folder / "shop.key").unlink()
    assert refused(**wish) == ["K050"]


def test_what_other_rooms_refuse(folder, store):
    assert refused(questionnaire="power-utility", store="sqlite:///answers.db", pii_key="a.key") == ["K006"]
    (folder / "broken.yaml").write_text("satmeter: 1\n", "utf-8")
    with pytest.raises(QuestionnaireError), make_ready(Wish(questionnaire="broken.yaml", store="sqlite:///new.db")):
        pass
    with pytest.raises(JournalError), make_ready(Wish(questionnaire="shop.yaml", store="mysql://x", port=0)):
        pass


def test_what_identifies_a_person_is_sealed_in_the_store_and_shown_to_the_respondent(folder, open_web, fields_of):
    wish = Wish(questionnaire="private.yaml", store="sqlite:///new.db", pii_key="shop.key", port=0)
    with make_ready(wish) as ready:
        given = ready.settings
        web = open_web(questionnaire=given.questionnaire, store=given.store, sealing_key=given.sealing_key)
        link = web.begin()
        web.answer(f"{link}/1", {"ctype": "biz"})
        web.answer(f"{link}/1", {"firm": "Secret Ltd"})
        assert fields_of(web.get(f"{link}/1").text)["v.firm"] == ["Secret Ltd"]
        assert web.answer(f"{link}/1", {}).status_code == 303
        stored = [event.payload for event in given.store.events() if event.kind == "answered"]
        assert [sorted(payload["values"]) for payload in stored] == [["ctype"], ["firm"]]
        assert "Secret" not in str(stored)
    assert b"Secret" not in (folder / "new.db").read_bytes()
    (folder / "shop.key").rename(folder / "mine.key")
    with make_ready(Wish(questionnaire="private.yaml", store="sqlite:///x.db", pii_key="shop.key", port=0)):
        pass
    assert refused(questionnaire="private.yaml", store="sqlite:///new.db", pii_key="shop.key") == ["K052"]
    assert refused(questionnaire="shop.yaml", store="sqlite:///new.db") == ["C005"]
    with make_ready(Wish(questionnaire="shop.yaml", store="sqlite:///new.db", pii_key="mine.key", port=0)) as ready:
        again = open_web(questionnaire=ready.settings.questionnaire, store=ready.settings.store,
                         sealing_key=ready.settings.sealing_key)  # fmt: skip
        assert fields_of(again.get(f"{link}/1").text)["v.firm"] == ["Secret Ltd"]
