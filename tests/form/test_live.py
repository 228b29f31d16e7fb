"""Pages that a server makes, read by an HTML parser: every question type, answers, errors, escaping, no inline code."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest
from fontTools.ttLib import TTFont

from satmeter.form.definition import collect_texts
from satmeter.form.live import LiveForm, Theme, live_form
from satmeter.form.live_assets import live_assets
from satmeter.form.model import FieldProblem, RawAnswer
from satmeter.form.words import word
from satmeter.questionnaire.model import Questionnaire, Text

LANGUAGES = ("zh-CN", "en")
KINDS = (
    "thanks",
    "submitted_already",
    "not_found",
    "used",
    "expired",
    "quota_full",
    "device_limit",
    "closed",
    "too_large",
    "too_slow",
    "busy",
    "broken",
    "malformed",
    "wrong_method",
    "withdrawn",
)
VALUES: dict[str, Any] = {
    "consent": "yes",
    "visit": "often",
    "bought": ["food", "toys"],
    "years": 12.5,
    "last": "2026-02-28",
    "sv1": 4,
    "sv2": "98",
    "ly1": 0,
    "why": "slow\n<b>",
}


class Controls(HTMLParser):
    """The controls of a page, as a browser would post them, and all attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: dict[str, list[str]] = {}
        self.hidden: set[str] = set()
        self.attributes: set[str] = set()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self._area = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.attributes |= set(given)
        self.elements.append((tag, given))
        if "data-entry" in given and "hidden" in given:
            self.hidden.add(given["data-entry"])
        ticked = given.get("type") in ("radio", "checkbox")
        if tag in ("input", "textarea") and "disabled" not in given and (not ticked or "checked" in given):
            self.found.setdefault(given["name"], []).append(given.get("value", ""))
            self._area = given["name"] if tag == "textarea" else ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.found[self._area][-1] += data

    def handle_endtag(self, tag: str) -> None:
        self._area = ""


@pytest.fixture(scope="module")
def live(every_type: Questionnaire) -> LiveForm:
    return live_form(every_type, Theme())


def page(form: LiveForm, number: int, **more: Any) -> str:
    members = form.questionnaire.pages[number - 1].members
    given: dict[str, Any] = {
        "language": "en",
        "values": VALUES,
        "order": (),
        "shown": members,
        "errors": {},
        "action": f"/r/key/{number}",
        "key": "K" * 22,
        "number": number,
        "of": 5,
    }
    return form.page(number, **(given | more))


def posted(html: str) -> dict[str, list[str]]:
    found = Controls(html).found
    return {name: values for name, values in found.items() if name[:2] in ("v.", "m.")}


def test_answers_stand_in_their_controls(live: LiveForm) -> None:
    assert posted(page(live, 1)) == {"v.consent": ["yes"]}
    assert posted(page(live, 2)) == {
        "v.visit": ["often"],
        "v.bought": ["food", "toys"],
        "v.years": ["12.5"],
        "v.last": ["2026-02-28"],
    }
    assert posted(page(live, 3)) == {"v.sv1": ["4"], "v.sv2": ["98"]}
    assert posted(page(live, 4)) == {"v.ly1": ["0"]}
    assert posted(page(live, 5)) == {"v.why": ["slow\n<b>"]}


def test_a_missing_code_of_a_written_answer_has_its_own_name(live: LiveForm) -> None:
    html = page(live, 2, values={"years": "96"})
    assert posted(html) == {"v.years": [""], "m.years": ["96"], "v.last": [""]}


def test_a_page_says_what_was_on_it_and_under_which_key(live: LiveForm) -> None:
    found = Controls(page(live, 3, shown={"sv1", "ac1"})).found
    assert found["q"] == ["sv1", "ac1"]
    assert found["k"] == ["K" * 22]
    assert (found["language"], found["go"]) == (["en"], ["stay"])


def test_what_is_not_asked_stands_there_hidden_and_is_not_posted(live: LiveForm) -> None:
    html = page(live, 2, shown={"visit", "last"})
    assert Controls(html).hidden == {"bought", "years"}
    assert posted(html) == {"v.visit": ["often"], "v.last": ["2026-02-28"]}
    whole = page(live, 4, shown=())
    assert '<div class="run grid" hidden>' in whole
    assert posted(whole) == {}


def test_items_stand_in_the_order_drawn(live: LiveForm) -> None:
    order = ["consent", "visit", "bought", "years", "last", "sv3", "ac1", "sv1", "sv4", "sv2", "ly1", "ly2", "why"]
    assert re.findall(r'data-entry="(\w+)"', page(live, 3, order=order)) == ["sv3", "ac1", "sv1", "sv4", "sv2"]
    plain = ["sv1", "sv2", "sv3", "sv4", "ac1"]
    assert re.findall(r'data-entry="(\w+)"', page(live, 3, order=["sv1"])) == plain


def test_errors_are_told_at_the_top_and_at_the_question(live: LiveForm) -> None:
    errors = {"years": FieldProblem("error_both", {"low": 0, "high": 80}), "visit": FieldProblem("error_choose")}
    html = page(live, 2, errors=errors, raw={"years": RawAnswer(text='81" <'), "visit": RawAnswer()})
    found = Controls(html)
    by_id = {given["id"]: given for _, given in found.elements if "id" in given}
    assert re.findall(r'href="#([\w-]+)" data-wrong="(\w+)"', html) == [("c-visit", "visit"), ("w-years", "years")]
    assert {"c-visit", "w-years"} <= set(by_id)
    assert (by_id["w-years"]["aria-invalid"], by_id["w-years"]["value"]) == ("true", '81" <')
    assert by_id["w-years"]["aria-describedby"] == "hint-years error-years"
    groups = {given["data-entry"]: given for tag, given in found.elements if tag == "fieldset"}
    assert groups["visit"]["aria-invalid"] == "true"
    assert "aria-invalid" not in groups["bought"]
    assert html.count("Please enter a number from 0 to 80.") == 2
    assert "<title>Please look again: Shop satisfaction survey \u00b7 Page 2 of 5</title>" in html
    assert "autofocus" in html
    assert "v.visit" not in posted(html)


def test_an_error_of_a_question_that_is_not_asked_is_not_told(live: LiveForm) -> None:
    assert "summary" not in page(live, 2, shown={"visit"}, errors={"years": FieldProblem("error_number")})


@pytest.mark.parametrize("language", LANGUAGES)
def test_hints_tell_what_may_be_written(live: LiveForm, language: str) -> None:
    assert word("range_both", language, {"low": 0, "high": 80}) in page(live, 2, language=language)
    assert word("live_longest", language, {"max": 40}) in page(live, 5, language=language)


def test_earlier_answers_are_filled_in(live: LiveForm) -> None:
    assert "You come Often. Why a 0?" in page(live, 5)
    assert "您经常光顾，为什么打 0 分？" in page(live, 5, language="zh-CN")
    assert "You come . Why a ?" in page(live, 5, values={})
    assert "You come . Why a ?" in page(live, 5, values={"ly1": "99"})


def test_the_last_button_finishes_only_when_nothing_can_follow(live: LiveForm) -> None:
    def last(html: str) -> str:
        return re.findall(r'class="main" name="go" value="next">(\w+)<', html)[-1]

    assert last(page(live, 3)) == "Next"
    assert last(page(live, 4, of=4)) == "Next"
    assert last(page(live, 5)) == "Finish"
    assert 'value="back"' not in page(live, 1)
    assert 'value="back"' in page(live, 2)


def test_the_personal_link_is_shown_with_words(live: LiveForm) -> None:
    html = page(live, 2, personal_link="https://x.example/r/key", language="zh-CN")
    assert 'href="https://x.example/r/key"' in html
    assert word("live_later_text", "zh-CN") in html
    assert 'class="later"' not in page(live, 2)


def test_nothing_stands_inline_that_the_policy_forbids(live: LiveForm) -> None:
    for html in (page(live, 3), live.welcome(language="en", action="/begin"), live.message("thanks", language="en")):
        found = Controls(html)
        assert not [name for name in found.attributes if name.startswith("on") or name == "style"]
        scripts = [given for tag, given in found.elements if tag == "script"]
        assert all("src" in given or given["type"] == "application/json" for given in scripts)
        assert "<style" not in html
        for tag, given in found.elements:
            for name in ("src", "href", "action"):
                assert given.get(name, "/").startswith(("/", "#", "?", "data:")), (tag, given)


def test_hostile_texts_and_answers_stay_texts(hostile: Questionnaire) -> None:
    form = live_form(hostile, Theme(title=Text((("en", "<script>alert(1)</script>"),))))
    bad = '"><img src=x onerror=alert(1)></textarea><script>'
    for html in (
        *(page(form, number, values={"why": bad, "visit": bad, "years": bad, "ly1": 3}) for number in range(1, 6)),
        form.welcome(language="en", action='/x"><script>', fields={"k": bad}),
        form.message("thanks", language="en"),
        page(form, 2, raw={"years": RawAnswer((bad,), bad)}, personal_link='https://x/"><script>'),
    ):
        found = Controls(html)
        assert not [name for name in found.attributes if name.startswith("on")]
        assert [tag for tag, given in found.elements if tag == "script" and "src" not in given] in ([], ["script"])
        assert "<img src=x" not in html
    document = re.findall(r'id="definition">(.*?)</script>', page(form, 5), re.DOTALL)
    assert json.loads(document[0])["pages"][1]["members"] == ["why"]


def test_the_script_is_told_only_of_this_page_and_what_it_refers_to(live: LiveForm) -> None:
    (text,) = re.findall(r'id="definition">(.*?)</script>', page(live, 5))
    document = json.loads(text)
    assert [one["id"] for one in document["variables"]] == ["ly1", "visit", "why"]
    assert document["answers"] == {"visit": "often", "ly1": 0}
    assert document["piped"] == {"visit": "Often", "ly1": "0"}
    assert document["languages"] == ["en"]
    assert "thanks" not in document["texts"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_welcome_tells_what_becomes_of_answers(every_type: Questionnaire, language: str) -> None:
    told = replace(every_type, privacy=Text((("zh-CN", "两年后删除。"), ("en", "Deleted after two years."))))
    html = live_form(told, Theme()).welcome(language=language, action="/begin", fields={"k": "1"}, personal=True)
    assert told.privacy.get(language) in html
    assert told.intro.get(language) in html
    assert word("live_invited", language) in html
    assert re.findall(r'href="\?language=([\w-]+)"', html) == ["zh-CN", "en"]
    assert Controls(html).found == {"k": ["1"]}
    bare = live_form(every_type, Theme()).welcome(language=language, action="/begin")
    assert word("live_privacy_title", language) not in bare
    assert word("live_invited", language) not in bare


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_message_has_words(live: LiveForm, kind: str, language: str) -> None:
    html = live.message(kind, language=language)
    title, text = word(f"live_{kind}_title", language), word(f"live_{kind}_text", language)
    assert f'<h1 class="big">{title}</h1>' in html
    assert text in html
    assert ("祝您生活愉快。" in html or "Have a pleasant day." in html) == (kind == "thanks")


def test_notices_are_sentences(live: LiveForm) -> None:
    for notice in ("further", "open", "conflict", "not_stored"):
        html = page(live, 2, notice=notice, language="zh-CN")
        assert f'id="notice">{word(f"live_notice_{notice}", "zh-CN")}</p>' in html
    assert 'id="notice"></p>' in page(live, 2)


def test_theme_and_preview_are_on_every_page(every_type: Questionnaire) -> None:
    logo = b"\x89PNG\r\n\x1a\n"
    theme = Theme(Text((("en", "ACME"), ("zh-CN", "某公司"))), "#ffd500", logo, "image/png")
    form = live_form(every_type, theme, root="/survey", preview=True)
    for html in (page(form, 2), form.welcome(language="en", action="/b"), form.message("closed", language="en")):
        assert "ACME" in html
        assert "Shop satisfaction survey" not in html
        assert "Preview: nothing is stored" in html
        addresses = re.findall(r'(?:href|src)="(/[^"]+/assets/[^"]+)"', html)
        assert len(addresses) == 4
        assert all(address.removeprefix("/survey/assets/") in form.assets for address in addresses)


def test_a_text_that_is_missing_in_a_language_says_which_one_it_is_in(every_type: Questionnaire) -> None:
    questions = every_type.questions | {
        "last": replace(every_type.questions["last"], text=Text((("zh-CN", "上次光顾的日期"),)))
    }
    html = page(live_form(replace(every_type, questions=questions), Theme()), 2)
    assert '<span lang="zh-CN">上次光顾的日期</span>' in html


def test_the_font_holds_all_that_can_be_shown(every_type: Questionnaire, live: LiveForm) -> None:
    (font,) = (data for name, (_, data) in live.assets.items() if name.startswith("font-"))
    covered = set(TTFont(io.BytesIO(font)).getBestCmap())
    texts = [text for by_language in collect_texts(every_type).values() for text in by_language.values()]
    told = [word(f"live_{kind}_text", "zh-CN") for kind in KINDS]
    assert {ord(c) for c in "".join([*texts, *told]) if c >= "\u2e80"} <= covered
    assert set(live_assets()) < set(live.assets)


@pytest.mark.parametrize(("languages", "voice"), [(("fr", "zh-CN"), "zh-CN"), (("fr",), "en")])
def test_a_language_without_own_words_borrows_one_and_says_so(
    every_type: Questionnaire, languages: tuple[str, ...], voice: str
) -> None:
    form = live_form(replace(every_type, languages=languages), Theme())
    html = page(form, 2, language="fr", errors={"visit": FieldProblem("error_choose")})
    assert '<html lang="fr">' in html
    assert html.count(word("error_choose", voice)) == 3  # at the top, at the question, for the script
    assert f'<span lang="{voice}">{word("next", voice)}</span>' in html
    assert f'<span lang="{voice}">{word("progress", voice)}</span>' in html
    assert word("page_of", voice, {"page": 2, "pages": 5}) in html
    other = "en" if voice == "zh-CN" else "zh-CN"
    assert word("back", other) not in html
