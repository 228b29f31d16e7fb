"""A store of answers as a source: what counts, what is left out, and what is told about it."""

from __future__ import annotations

from pathlib import Path

import pytest

from satmeter.errors import ResponsesError
from satmeter.journal import Event, open_store
from satmeter.journal.sealing import make_key, seal_values
from satmeter.questionnaire.model import Questionnaire
from satmeter.questionnaire.read import parse_questionnaire
from satmeter.responses import read_responses
from satmeter.responses.read import read_table

pytest.importorskip("sqlalchemy")

SHOP = """\
satmeter: 1
id: shop
version: "1"
title: {zh-CN: 门店, en: Shop}
languages: [zh-CN, en]
scales:
  agree5:
    points: {1: {zh-CN: 低, en: Low}, 2: {zh-CN: 二, en: Two}, 3: {zh-CN: 三, en: Three}, 4: {zh-CN: 高, en: High}}
    missing: {98: {zh-CN: 不了解, en: Don't know}}
constructs:
  product:
    role: satisfaction
    label: {zh-CN: 产品, en: Product}
    scale: agree5
    items: {p1: {zh-CN: 可靠, en: Reliable}, p2: {zh-CN: 耐用, en: Durable}}
questions:
  city: {type: choice, text: {zh-CN: 城市, en: City}, options: {n: {zh-CN: 北, en: North}, s: {zh-CN: 南, en: South}}}
  what:
    type: multiple
    show_if: "city == 'n'"
    text: {zh-CN: 内容, en: What}
    options: {bill: {zh-CN: 缴费, en: Bill}, fault: {zh-CN: 报修, en: Fault}}
  why: {type: text, text: {zh-CN: 原因, en: Why}}
  phone: {type: text, pii: "yes", text: {zh-CN: 电话, en: Phone}}
pages:
  - [city, what]
  - {grid: [product]}
  - [why, phone]
"""
VERSIONS = {
    "first": SHOP,
    "cosmetic": SHOP.replace('version: "1"', 'version: "2"').replace("en: Shop}", "en: The shop}"),
    "wording": SHOP.replace('version: "1"', 'version: "3"').replace("en: Durable}", "en: It lasts long}"),
    "coding": SHOP.replace('version: "1"', 'version: "4"')
    .replace("p2: {", "p2: {reverse: true, text: {")
    .replace("en: Durable}}", "en: Durable}}}"),
}


def write(path: Path, answers: list[tuple[str, str, dict[str, object], bool]]) -> str:
    """Write a store: name of the response, version, values, whether it was submitted."""
    url = f"sqlite:///{path / 'answers.db'}"
    with open_store(url, survey="shop") as store:
        for change, text in VERSIONS.items():
            read = parse_questionnaire(text)
            store.define(text, read.digest, read.version, change)  # type: ignore[arg-type]
        for name, version, values, submitted in answers:
            digest = parse_questionnaire(VERSIONS[version]).digest
            events = [
                Event("opened", name, {"language": "zh-CN", "mode": "web", "order": ["p1", "p2"]}),
                Event("answered", name, {"page": 1, "values": values, "seconds": 0, "language": "zh-CN"}),
            ]
            events += [Event("submitted", name, {"language": "zh-CN", "seconds": 0})] if submitted else []
            store.append(events, definition=digest)
    return url


@pytest.fixture(scope="module")
def shop() -> Questionnaire:
    return parse_questionnaire(SHOP)


FULL = {"city": "n", "what": ["bill", "fault"], "p1": 4, "p2": 2, "why": "=1+1"}


def test_answers_come_as_from_the_form(tmp_path: Path, shop: Questionnaire) -> None:
    url = write(
        tmp_path,
        [
            ("b", "first", FULL, True),
            ("a", "first", {"city": "s", "what": ["bill"], "p1": "98", "p2": 1, "why": "'=1"}, True),
            ("c", "first", {"city": "s", "p1": 3}, False),
        ],
    )
    found = read_responses(url, shop)
    assert list(found.frame.index) == ["b", "a", "c"]
    assert found.frame.loc["b", ["city", "what", "p1", "p2", "why"]].tolist() == ["n", ("bill", "fault"), 4, 2, "=1+1"]
    assert found.frame.loc["a", "why"] == "'=1"
    assert found.missing.loc["a", ["p1", "what", "p2"]].tolist() == ["dont_know", "not_asked", ""]
    assert found.missing.loc["c", ["p2", "what"]].tolist() == ["break_off", "not_asked"]
    assert found.other.loc["b", ["language", "mode", "order", "page_reached"]].tolist() == [
        "zh-CN",
        "web",
        "p1 p2",
        "0",
    ]
    assert (found.source, found.n_read, found.absent) == ("answers.db", 3, ())
    assert [note.code for note in found.notes] == []


def test_versions_count_as_long_as_codes_mean_the_same(tmp_path: Path, shop: Questionnaire) -> None:
    url = write(tmp_path, [(f"{v}{i}", v, FULL, True) for v in VERSIONS for i in range(2)])
    found = read_responses(url, shop)
    assert sorted(found.frame.index) == ["cosmetic0", "cosmetic1", "first0", "first1", "wording0", "wording1"]
    notes = {note.code: note.params for note in found.notes}
    assert "R109" not in notes
    assert notes["R120"] == {"n": 2, "versions": "3"}
    assert notes["R121"] == {"n": 2, "versions": "4"}
    other = read_responses(url, parse_questionnaire(VERSIONS["coding"]))
    assert sorted(other.frame.index) == ["coding0", "coding1"]
    assert {n.code: n.params for n in other.notes}["R121"] == {"n": 6, "versions": "1, 2, 3"}


def test_a_store_with_nothing_that_fits(tmp_path: Path, shop: Questionnaire) -> None:
    with pytest.raises(ResponsesError) as caught:
        read_responses(write(tmp_path, []), shop)
    assert [p.code for p in caught.value.problems] == ["R030"]
    with pytest.raises(ResponsesError) as caught:
        read_responses(write(tmp_path, [("a", "coding", FULL, True)]), shop)
    (problem,) = caught.value.problems
    assert (problem.code, problem.params) == ("R031", {"n": 1, "versions": "4", "version": "1"})


def test_problems_of_all_sources_come_at_once(tmp_path: Path, shop: Questionnaire) -> None:
    with pytest.raises(ResponsesError) as caught:
        read_responses([write(tmp_path, []), "sqlite:///nowhere/x.db", tmp_path / "a.csv"], shop)
    assert [p.code for p in caught.value.problems] == ["R030", "K010", "R001"]


def test_another_survey_is_refused(tmp_path: Path) -> None:
    url = write(tmp_path, [("a", "first", FULL, True)])
    with pytest.raises(ResponsesError) as caught:
        read_responses(url, parse_questionnaire(SHOP.replace("id: shop", "id: bank")))
    assert [p.code for p in caught.value.problems] == ["K006"]


def test_sealed_answers_are_left_out_without_the_key(tmp_path: Path, shop: Questionnaire) -> None:
    key = make_key(tmp_path / "shop.key")
    values = seal_values(shop, FULL | {"phone": "13800000000"}, key, response="a")
    url = write(tmp_path, [("a", "first", values, True)])
    found = read_responses(url, shop)
    assert found.absent == ("phone",)
    assert [(note.code, note.params) for note in found.notes] == [("R122", {"variables": "phone"})]
    opened = read_table(url, shop, {}, pii_key=tmp_path / "shop.key").table
    assert opened.columns[opened.names.index("phone")] == ["13800000000"]
    make_key(tmp_path / "other.key")
    with pytest.raises(ResponsesError) as caught:
        read_table(url, shop, {}, pii_key=tmp_path / "other.key")
    assert [p.code for p in caught.value.problems] == ["K052"]


def test_a_store_and_a_file_are_put_one_under_the_other(tmp_path: Path, shop: Questionnaire) -> None:
    url = write(tmp_path, [("a", "first", FULL, True)])
    (tmp_path / "paper.csv").write_text("respondent,p1,p2,city\np,1,2,s\n", "utf-8")
    found = read_responses([url, tmp_path / "paper.csv"], shop)
    assert found.frame["p1"].tolist() == [4, 1]
    assert found.source == "answers.db, paper.csv"


def test_the_digest_is_that_of_the_answers(tmp_path: Path, shop: Questionnaire) -> None:
    url = write(tmp_path, [("a", "first", FULL, True), ("b", "coding", FULL, True)])
    first = read_responses(url, shop).digest
    assert first == read_responses(url, shop).digest
    write(tmp_path, [("c", "coding", FULL, True)])
    assert read_responses(url, shop).digest == first
    write(tmp_path, [("d", "first", FULL, True)])
    assert read_responses(url, shop).digest != first


def test_withdrawn_and_erased_responses_are_told(tmp_path: Path, shop: Questionnaire) -> None:
    url = write(tmp_path, [(name, "first", FULL, True) for name in "abc"])
    with open_store(url, survey="shop") as store:
        store.append([Event("withdrawn", "a", {"reason": "asked"})], definition=shop.digest)
        store.erase("b")
    found = read_responses(url, shop)
    assert list(found.frame.index) == ["c"]
    assert {n.code: n.params for n in found.notes}["R129"] == {"withdrawn": 1, "full": 0, "erased": 1}
