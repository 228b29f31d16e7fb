"""The web page, read by an HTML parser: structure, escaping, policy."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

import pytest

from satmeter.form import build_form
from satmeter.questionnaire import read_questionnaire
from satmeter.questionnaire.model import Questionnaire

VOID = {"meta", "link", "input", "br", "img"}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    parent: Element | None = None
    children: list[Element] = field(default_factory=list)
    text: str = ""

    def all(self, tag: str) -> list[Element]:
        found = [child for child in self.children if child.tag == tag]
        return found + [deep for child in self.children for deep in child.all(tag)]

    def whole_text(self) -> str:
        return self.text + "".join(child.whole_text() for child in self.children)

    def up(self, tag: str) -> Element | None:
        node = self.parent
        while node and node.tag != tag:
            node = node.parent
        return node


class Tree(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.root = self.here = Element("root", {})
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {key: value or "" for key, value in attrs}, self.here)
        self.here.children.append(element)
        if tag not in VOID:
            self.here = element

    def handle_endtag(self, tag: str) -> None:
        assert self.here.tag == tag, f"</{tag}> closes <{self.here.tag}>"
        assert self.here.parent
        self.here = self.here.parent

    def handle_data(self, data: str) -> None:
        self.here.text += data


def tree_of(questionnaire: Questionnaire, language: str = "en") -> Element:
    return Tree(build_form(questionnaire, language=language).html).root


@pytest.fixture(scope="module", params=["power-utility", "ecsi-mobile"])
def built_in(request: pytest.FixtureRequest) -> Questionnaire:
    return read_questionnaire(request.param)


def test_every_item_is_a_fieldset_with_its_statement_as_legend(built_in: Questionnaire) -> None:
    fieldsets = {one.attributes["data-entry"]: one for one in tree_of(built_in).all("fieldset")}
    for item in built_in.items.values():
        fieldset = fieldsets[item.id]
        legends = fieldset.all("legend")
        assert len(legends) == 1
        assert legends[0].whole_text().split("\u00a0*")[0] == item.text.get("en")
        radios = [one for one in fieldset.all("input") if one.attributes["type"] == "radio"]
        scale = built_in.scale_of(item.id)
        assert scale
        offered = [str(code) for code in scale.codes] + [code.code for code in scale.missing]
        assert [radio.attributes["value"] for radio in radios] == offered
        assert {radio.attributes["name"] for radio in radios} == {item.id}


def test_every_control_has_a_label_with_words(built_in: Questionnaire) -> None:
    root = tree_of(built_in)
    labels_for = {one.attributes.get("for"): one for one in root.all("label")}
    controls = root.all("input") + root.all("textarea") + root.all("progress")
    assert len(controls) > 100
    for control in controls:
        label = control.up("label") or labels_for.get(control.attributes.get("id"))
        assert label is not None, control.attributes
        assert label.whole_text().strip()


def test_no_table_of_bare_radios(built_in: Questionnaire) -> None:
    assert tree_of(built_in).all("table") == []


def test_ids_are_unique_and_references_exist(built_in: Questionnaire) -> None:
    html = build_form(built_in).html
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    for references in re.findall(r'aria-(?:describedby|labelledby)="([^"]+)"', html):
        assert set(references.split()) <= set(ids)


def test_labels_of_points_and_missing_codes(every_type: Questionnaire) -> None:
    root = tree_of(every_type)
    fieldsets = {one.attributes["data-entry"]: one for one in root.all("fieldset")}
    words = [label.whole_text() for label in fieldsets["sv1"].all("label")]
    assert words == [
        "Strongly disagree",
        "Disagree",
        "Neither agree nor disagree",
        "Agree",
        "Strongly agree",
        "Don't know",
    ]
    words = [label.whole_text() for label in fieldsets["ly1"].all("label")]
    assert words == ["0 Not at all likely", *map(str, range(1, 10)), "10 Extremely likely", "Prefer not to say"]
    types = {one.attributes["type"] for one in fieldsets["bought"].all("input")}
    assert types == {"checkbox"}


def test_required_is_told(every_type: Questionnaire) -> None:
    fieldsets = {one.attributes["data-entry"]: one for one in tree_of(every_type).all("fieldset")}
    assert fieldsets["sv1"].attributes["aria-required"] == "true"
    assert fieldsets["sv1"].attributes["role"] == "radiogroup"
    assert "aria-required" not in fieldsets["bought"].attributes


def test_policy_lets_only_these_two_through(every_type: Questionnaire) -> None:
    root = tree_of(every_type)
    metas = [one.attributes for one in root.all("meta")]
    policy = next(one["content"] for one in metas if one.get("http-equiv") == "Content-Security-Policy")

    def hashed(text: str) -> str:
        return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"

    scripts = [one for one in root.all("script") if one.attributes.get("type") != "application/json"]
    (style,) = root.all("style")
    assert policy == (
        f"default-src 'none'; style-src {hashed(style.text)}; script-src {hashed(scripts[0].text)}; "
        "img-src data:; font-src data:; form-action 'none'; base-uri 'none'"
    )
    assert len(scripts) == 1


def test_nothing_from_outside_and_nothing_evaluated(built_in: Questionnaire) -> None:
    html = build_form(built_in).html
    root = Tree(html).root
    for element in root.all("script") + root.all("link") + root.all("img") + root.all("a"):
        for name in ("src", "href"):
            assert element.attributes.get(name, "data:,").startswith("data:")
    assert "http://" not in html
    assert "https://" not in html
    script = next(one.text for one in root.all("script") if not one.attributes)
    for forbidden in ("eval(", "new Function", "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write"):
        assert forbidden not in script
    assert not re.search(
        r"\sstyle=|\son[a-z]+=", re.sub(r"<script.*?</script>|<style.*?</style>", "", html, flags=re.S)
    )


def test_hostile_texts_stay_texts(hostile: Questionnaire) -> None:
    html = build_form(hostile).html
    root = Tree(html).root
    assert root.all("img") == []
    assert len(root.all("script")) == 2
    words = hostile.title.get("en")
    assert root.all("h1")[0].whole_text() == words
    legends = [one.whole_text().removesuffix("\u00a0*") for one in root.all("legend")]
    assert set(legends) == {words, hostile.checks["ac1"].text.get("zh-CN")}
    definition = json.loads(next(one.text for one in root.all("script") if one.attributes))
    assert definition["texts"]["title"] == {"zh-CN": words, "en": words}


def test_definition_holds_all_languages_and_conditions(every_type: Questionnaire) -> None:
    root = tree_of(every_type)
    document = json.loads(next(one.text for one in root.all("script") if one.attributes))
    variables = {one["id"]: one for one in document["variables"]}
    assert list(variables) == list(every_type.variables)
    assert document["texts"]["v.sv1"] == {"zh-CN": "收银很快", "en": "Checkout is fast"}
    assert variables["why"]["when"] == {"op": "<=", "left": {"name": "ly1"}, "right": {"value": 6}}
    assert document["pages"][4]["when"] == {"op": "answered", "name": "ly1"}
    # sv4 hangs on an earlier page and stays where it is; the check moves with the items
    assert document["pages"][2]["shuffle"] == [["sv1", "sv2", "sv3", "ac1"]]
    assert variables["ly1"]["missing"] == {"99": "refused"}
    assert (variables["years"]["low"], variables["years"]["high"], variables["why"]["max"]) == (0, 80, 40)
    assert document["digest"] == every_type.digest


def test_noscript_speaks_every_language(every_type: Questionnaire) -> None:
    (noscript,) = tree_of(every_type).all("noscript")
    assert "需要启用 JavaScript" in noscript.whole_text()
    assert "needs JavaScript" in noscript.whole_text()


def test_piped_answers_are_empty_before_the_script_runs(every_type: Questionnaire) -> None:
    labels = {one.attributes.get("for"): one for one in tree_of(every_type).all("label")}
    assert labels["w-why"].whole_text() == "You come . Why a ?"
