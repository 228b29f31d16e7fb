"""The rectangle that a journal stands for."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from satmeter.errors import JournalError
from satmeter.journal.model import Definition, Stored
from satmeter.journal.sealing import SealingKey, seal_values
from satmeter.journal.view import PARADATA, Rectangle, view
from satmeter.questionnaire.model import Questionnaire
from satmeter.questionnaire.read import parse_questionnaire

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
  age: {type: number, text: {zh-CN: 年龄, en: Age}}
  phone: {type: text, pii: "yes", text: {zh-CN: 电话, en: Phone}}
  when: {type: date, show_if: answered(phone), text: {zh-CN: 何时, en: When}}
pages:
  - [city, what]
  - {grid: [product], shuffle: items}
  - [age, phone, when]
"""
DIGEST = parse_questionnaire(SHOP).digest


@cache
def defined(text: str) -> Questionnaire:
    return parse_questionnaire(text)


KEY = SealingKey(bytes(range(32)), "a.key")


@dataclass
class Told:
    """A journal told by hand."""

    stored: list[Stored] = field(default_factory=list)
    texts: tuple[str, ...] = (SHOP,)

    def events(self, response: str | None = None, after: int = 0) -> Iterator[Stored]:
        yield from self.stored

    def definitions(self) -> tuple[Definition, ...]:
        read = [(defined(text), text) for text in self.texts]
        return tuple(Definition(q.digest, q.version, "2026-11-01T00:00:00.000000Z", t, "first") for q, t in read)

    def tell(self, kind: str, response: str, second: float, digest: str = DIGEST, **payload: object) -> None:
        minutes, rest = divmod(second, 60)
        at = f"2026-11-22T08:{int(minutes):02d}:{rest:09.6f}Z"
        self.stored.append(Stored(len(self.stored) + 1, at, kind, response, digest, payload, b""))  # type: ignore[arg-type]

    def walk(self, response: str, values: dict[str, object], *, start: float = 0, digest: str = DIGEST) -> None:
        self.tell("opened", response, start, digest, language="zh-CN", mode="web", order=["p2", "p1"])
        self.tell("answered", response, start + 20, digest, page=1, values=values, seconds=12.4, language="en")
        self.tell("page", response, start + 20, digest, page=1)
        self.tell("submitted", response, start + 20, digest, language="en")


def row_of(rectangle: Rectangle, number: int = 0) -> dict[str, str]:
    return dict(zip(rectangle.columns, rectangle.rows[number], strict=True))


def test_one_row_a_response_in_the_order_of_opening() -> None:
    told = Told()
    told.tell("opened", "b", 0, language="en", order=["p2", "p1"], mode="web")
    told.tell("opened", "a", 1, language="zh-CN", order=["p1", "p2"], mode="paper")
    told.tell("answered", "a", 9, page=1, values={"city": "s"}, seconds=5)
    told.tell("answered", "b", 10, page=1, values={"city": "n", "what": ["bill", "fault"]}, seconds=7.6)
    told.tell("page", "b", 10, page=1)
    told.tell("answered", "b", 30.5, page=2, values={"p1": 4, "p2": "98"}, seconds=19)
    told.tell("page", "b", 30.5, page=2)
    told.tell("changed", "b", 40.5, page=1, values={"what": ["fault"]}, language="zh-CN", seconds=4)
    told.tell("submitted", "b", 50.25, language="zh-CN")
    rectangle = view(told)
    assert rectangle.columns == (*PARADATA, "city", "what", "p1", "p2", "age", "phone", "when")
    assert row_of(rectangle) == {
        "respondent": "b",
        "started": "2026-11-22T08:00:00.000Z",
        "submitted": "2026-11-22T08:00:50.250Z",
        "seconds": "40",  # 7.6 + 19 + 4 + 9.75 on the server after the last page
        "language": "zh-CN",
        "digest": DIGEST,
        "order": "p2 p1",
        "mode": "web",
        "page_reached": "2",
        "city": "n",
        "what": "fault",
        "p1": "4",
        "p2": "98",
        "age": "",
        "phone": "",
        "when": "",
    }
    assert (row_of(rectangle, 1)["respondent"], row_of(rectangle, 1)["submitted"]) == ("a", "")
    assert (row_of(rectangle, 1)["mode"], row_of(rectangle, 1)["page_reached"]) == ("paper", "0")


def test_a_browser_that_says_too_much_is_held_to_the_time_of_the_server() -> None:
    told = Told()
    told.tell("opened", "a", 0, language="en")
    told.tell("answered", "a", 10, page=1, values={"city": "s"}, seconds=9_000)
    told.tell("answered", "a", 15, page=1, values={"city": "n"}, seconds=-3)
    told.tell("answered", "a", 25, page=2, values={"p1": 1})
    told.tell("answered", "a", 30, page=2, values={"p1": 2}, seconds=2)
    assert row_of(view(told))["seconds"] == "27"


def test_a_pause_is_no_time_at_work() -> None:
    told = Told()
    told.tell("opened", "a", 0, language="en")
    told.tell("answered", "a", 10, page=1, values={"city": "s"})
    told.tell("answered", "a", 10 + 1801, page=2, values={"p1": 1})
    told.tell("answered", "a", 10 + 1801 + 7, page=2, values={"p2": 1})
    told.tell("answered", "a", 3500, page=3, values={"age": 40}, seconds=1600)
    assert row_of(view(told))["seconds"] == "1617"


def test_answers_of_hidden_questions_are_left_out_as_the_form_does() -> None:
    told = Told()
    told.walk("a", {"city": "n", "what": ["bill"]})
    told.tell("changed", "a", 30, page=1, values={"city": "s"})
    assert row_of(view(told))["what"] == ""
    told.tell("changed", "a", 40, page=1, values={"city": "n"})
    assert row_of(view(told))["what"] == "bill"


def test_an_emptied_question_is_blank() -> None:
    told = Told()
    told.walk("a", {"city": "n", "age": 30})
    told.tell("changed", "a", 30, page=3, values={"age": None})
    assert row_of(view(told))["age"] == ""


def test_withdrawn_and_erased_responses_are_not_there() -> None:
    told = Told()
    for number, name in enumerate("abc"):
        told.walk(name, {"city": "n"}, start=100 * number)
    told.tell("withdrawn", "a", 400, reason="asked")
    told.stored = [
        Stored(e.seq, e.at, e.kind, e.response, e.definition, None, b"") if e.response == "b" else e
        for e in told.stored
    ]
    told.tell("erased", "b", 401)
    rectangle = view(told)
    assert rectangle.column("respondent") == ["c"]
    assert (rectangle.withdrawn, rectangle.screened_out, rectangle.erased) == (1, 0, 1)


def test_who_finds_the_quota_full_is_counted_apart() -> None:
    told = Told()
    for number, name in enumerate("abc"):
        told.walk(name, {"city": "n"}, start=100 * number)
    told.tell("withdrawn", "a", 400, reason="quota_full")
    told.tell("withdrawn", "b", 401, reason="quota_full")
    told.tell("reopened", "b", 402, by="office")
    told.tell("withdrawn", "b", 403, reason="asked")
    rectangle = view(told)
    assert (rectangle.column("respondent"), rectangle.withdrawn, rectangle.screened_out) == (["c"], 1, 1)


def test_a_response_that_was_opened_again_is_not_submitted() -> None:
    told = Told()
    told.walk("a", {"city": "n"})
    told.tell("reopened", "a", 60, by="office")
    assert row_of(view(told))["submitted"] == ""
    told.tell("submitted", "a", 61, language="en")
    assert row_of(view(told))["submitted"] == "2026-11-22T08:01:01.000Z"


def test_sealed_answers_are_blank_without_the_key() -> None:
    told = Told()
    values = {"city": "n", "phone": "13800000000", "when": "2026-11-01"}
    told.walk("a", seal_values(parse_questionnaire(SHOP), values, KEY, response="a"))
    blank, opened = view(told), view(told, pii=KEY)
    assert (row_of(blank)["phone"], row_of(blank)["when"], blank.sealed) == ("", "2026-11-01", ("phone",))
    assert (row_of(opened)["phone"], row_of(opened)["when"], opened.sealed) == ("13800000000", "2026-11-01", ())
    assert "13800000000" not in json.dumps(blank.rows)


def test_a_sealed_answer_of_another_response_is_not_opened() -> None:
    told = Told()
    told.walk("a", seal_values(parse_questionnaire(SHOP), {"phone": "13800000000"}, KEY, response="b"))
    with pytest.raises(JournalError) as caught:
        view(told, pii=KEY)
    assert [p.code for p in caught.value.problems] == ["K055"]


def test_rows_keep_the_questionnaire_that_they_were_given_under() -> None:
    newer = SHOP.replace('version: "1"', 'version: "2"').replace("[age, phone, when]", "[age, phone, when, sex]")
    newer = newer.replace("  age: {", "  sex: {type: text, text: {zh-CN: 性别, en: Sex}}\n  age: {")
    told = Told(texts=(SHOP, newer))
    told.walk("a", {"city": "n"})
    told.walk("b", {"city": "n", "sex": "f"}, start=100, digest=parse_questionnaire(newer).digest)
    rectangle = view(told)
    assert rectangle.columns[-1] == "sex"
    assert rectangle.column("sex") == ["", "f"]
    assert rectangle.column("digest") == [DIGEST, parse_questionnaire(newer).digest]
    assert set(rectangle.questionnaires) == set(rectangle.column("digest"))


def test_answers_under_a_questionnaire_that_is_gone() -> None:
    told = Told()
    told.walk("a", {"city": "n"}, digest="sha256:" + "0" * 64)
    with pytest.raises(JournalError) as caught:
        view(told)
    assert [(p.code, p.got) for p in caught.value.problems] == [("K057", "0" * 12)]


def test_agent_and_site_have_columns_where_anybody_has_them() -> None:
    told = Told()
    told.walk("a", {"city": "n"})
    told.tell("opened", "b", 100, language="en", mode="agent", agent="95598-07")
    rectangle = view(told)
    assert rectangle.column("agent") == ["", "95598-07"]
    assert "site" not in rectangle.columns


def test_paradata_give_way_to_a_question_of_the_same_name() -> None:
    told = Told(texts=(SHOP.replace("city", "mode"),))
    told.walk("a", {"mode": "s"}, digest=parse_questionnaire(told.texts[0]).digest)
    row = row_of(view(told))
    assert (row["mode"], row["paradata_mode"]) == ("s", "web")


def test_the_digest_is_that_of_the_answers() -> None:
    told = Told()
    told.walk("a", {"city": "n", "age": 30})
    before = view(told).digest
    told.tell("changed", "a", 20, page=3, values={"age": 30}, language="en", seconds=0)
    assert view(told).digest == before
    told.tell("changed", "a", 20, page=3, values={"age": 31}, language="en", seconds=0)
    assert view(told).digest != before


def test_a_store_without_answers_is_an_empty_rectangle() -> None:
    rectangle = view(Told())
    assert (rectangle.rows, rectangle.columns) == ((), PARADATA)


FORM = Path(__file__).parents[2] / "src" / "satmeter" / "form" / "js"
CELLS = st.fixed_dictionaries(
    {},
    optional={
        "city": st.sampled_from(["n", "s"]),
        "what": st.lists(st.sampled_from(["bill", "fault"]), min_size=1, unique=True).map(sorted),
        "p1": st.sampled_from([1, 4, "98"]),
        "age": st.floats(-1e25, 1e25, allow_nan=False).map(lambda x: int(x) if x.is_integer() and abs(x) < 1e15 else x),
        "phone": st.text(st.sampled_from("=+-@',\"\n a你1"), min_size=1).map(str.strip).filter(bool),
        "when": st.dates().map(str),
    },
)


@pytest.fixture(scope="module")
def script():
    """Return the form's own script, which writes the CSV of one response."""
    racer = pytest.importorskip("py_mini_racer")
    from satmeter.form.definition import collect_texts, definition
    from satmeter.form.layout import lay_out

    questionnaire = parse_questionnaire(SHOP)
    sheets = lay_out(questionnaire)
    told = definition(questionnaire, sheets, collect_texts(questionnaire))
    context = racer.MiniRacer()
    for name in ("expressions", "answers", "record"):
        context.eval((FORM / f"{name}.js").read_text(encoding="utf-8"))
    context.eval(f"const told = {json.dumps(told)};")
    return context


@settings(max_examples=25, deadline=None)
@given(values=CELLS)
def test_cells_are_those_of_the_form(script, values: dict[str, object]) -> None:
    told = Told()
    told.walk("a", values)
    raw = {name: _raw(name, value) for name, value in values.items()}
    state = {
        "answers": raw,
        "respondent": "a",
        "started": "",
        "submitted": "",
        "seconds": 0,
        "language": "en",
        "order": [],
    }
    names = parse_questionnaire(SHOP).variables
    script.eval(
        f"const state = {json.dumps(state)}; for (const n of {json.dumps(names)}) "
        "if (!(n in state.answers)) state.answers[n] = SatmeterAnswers.empty();".replace("const state", "state")
    )
    text = script.eval("SatmeterRecord.csv(told, state)").removeprefix("\ufeff")
    head, row = csv.reader(io.StringIO(text, newline=""))
    form = dict(zip(head, row, strict=True))
    own = row_of(view(told))
    unguarded = {name: form[name] for name in names}
    if unguarded["phone"].lstrip("'")[:1] in tuple("=+-@"):
        unguarded["phone"] = unguarded["phone"][1:]
    assert {name: own[name] for name in names} == unguarded


def _raw(name: str, value: object) -> dict[str, object]:
    if name in ("age", "phone", "when"):
        return {"picked": [], "text": value if isinstance(value, str) else format(Decimal(repr(value)), "f")}
    return {"picked": [str(v) for v in value] if isinstance(value, list) else [str(value)], "text": ""}
