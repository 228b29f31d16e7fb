"""A questionnaire that is changed while it is fielded."""

from __future__ import annotations

import pytest

from satmeter.collection.versions import open_edition, questionnaire_text
from satmeter.errors import CollectionError
from satmeter.questionnaire.read import parse_questionnaire


@pytest.fixture
def text(questionnaire, store):
    return store.definitions()[0].text


def changed(text, *pairs):
    for before, after in pairs:
        assert before in text
        text = text.replace(before, after)
    return parse_questionnaire(text, name="new.yaml"), text


COSMETIC = ("en: Welcome to the survey.", "en: Welcome!")
WORDING = ("en: Reliable", "en: Very reliable")
CODING = (" 3: {zh-CN: 同意, en: Agree}", " 3: {zh-CN: 同意, en: Agree}, 4: {zh-CN: 完全同意, en: Fully agree}")
VERSION = ('version: "1"', 'version: "2"')


def codes(problems):
    return [problem.code for problem in problems]


def test_the_first_questionnaire_and_the_same_again(store, questionnaire, text):
    assert [(d.version, d.change, d.digest) for d in store.definitions()] == [("1", "first", questionnaire.digest)]
    assert open_edition(store, questionnaire, text) == ()
    assert len(store.definitions()) == 1


@pytest.mark.parametrize(("change", "kind", "told"), [(COSMETIC, "cosmetic", []), (WORDING, "wording", ["C012"])])
def test_what_keeps_its_codes_goes_on_and_other_words_are_marked_and_told(store, text, change, kind, told):
    new, new_text = changed(text, change)
    warnings = open_edition(store, new, new_text)
    assert codes(warnings) == told
    assert all(problem.severity == "warning" for problem in warnings)
    last = store.definitions()[-1]
    assert (last.digest, last.change, last.text) == (new.digest, kind, new_text)


def test_codes_that_mean_something_else_are_refused_unless_a_new_version_begins(store, text):
    same_version = changed(text, CODING)
    with pytest.raises(CollectionError) as caught:
        open_edition(store, *same_version)
    assert codes(caught.value.problems) == ["C006"]
    assert "agree" in caught.value.problems[0].got
    with pytest.raises(CollectionError) as caught:
        open_edition(store, *same_version, new_version=True)
    assert codes(caught.value.problems) == ["C007"]
    other_version = changed(text, CODING, VERSION)
    with pytest.raises(CollectionError) as caught:
        open_edition(store, *other_version)
    assert codes(caught.value.problems) == ["C006"]
    assert len(store.definitions()) == 1
    assert codes(open_edition(store, *other_version, new_version=True)) == ["C013"]
    assert [d.change for d in store.definitions()] == ["first", "coding"]


def test_a_stored_questionnaire_that_cannot_be_read_is_told(store, questionnaire, text):
    store.define("satmeter: 1\nid: shop\nnonsense: 1\n", "sha256:x", "0", "wording")
    with pytest.raises(CollectionError) as caught:
        open_edition(store, questionnaire, text)
    assert codes(caught.value.problems) == ["C014"]


def test_who_has_begun_finishes_under_the_questionnaire_that_was_begun(open_web, store, text, pages):
    old = open_web()
    link = old.begin()
    old.walk(link, pages[:1])
    new, new_text = changed(text, WORDING, CODING, VERSION)
    open_edition(store, new, new_text, new_version=True)
    web = open_web(questionnaire=new)
    page = web.get(f"{link}/2").text
    assert "Reliable" in page
    assert "Very reliable" not in page
    assert "Fully agree" not in page
    assert web.answer(f"{link}/2", {"p1": "4"}).status_code == 422
    web.walk(link, [{}, *pages[1:]])
    fresh = web.begin()
    web.walk(fresh, pages[:1])
    assert "Very reliable" in web.get(f"{fresh}/2").text
    assert web.answer(f"{fresh}/2", {"p1": "4", "p2": "1", "p3": "1"}).status_code == 303
    digests = {event.response: event.definition for event in store.events()}
    assert list(digests.values()) == [store.definitions()[0].digest, new.digest]


def test_the_text_of_a_questionnaire(tmp_path):
    path = tmp_path / "q.yaml"
    path.write_bytes(b"\xef\xbb\xbfsatmeter: 1\n")
    assert questionnaire_text(path) == "satmeter: 1\n"
    assert "id: power-utility" in questionnaire_text("power-utility")
