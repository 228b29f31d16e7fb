from __future__ import annotations

from satmeter.questionnaire.spec import (
    Collector,
    Field,
    Fields,
    listed,
    nearest,
    parse_integer,
    parse_number,
    read_fields,
)
from satmeter.questionnaire.yaml_text import parse_yaml

TABLE = {
    "name": Field("string", required=True),
    "rule": Field("string", choices=("flag", "exclude", "off")),
    "count": Field("integer", low=1),
    "share": Field("number", low=0, high=1),
    "on": Field("boolean"),
    "design": Field("map"),
    "steps": Field("list"),
    "groups": Field("strings"),
    "anything": Field("any"),
}


def read(text: str) -> tuple[Fields, list[tuple[str, int, str]]]:
    collector = Collector("s.yaml")
    fields = read_fields(parse_yaml(text), TABLE, collector, about=("section", "x"))
    assert all(p.text("en") and p.text("zh-CN") for p in collector.ordered)
    return fields, [(p.code, p.line, p.suggestion) for p in collector.ordered]


def test_values() -> None:
    fields, problems = read(
        "name: 010\nrule: off\ncount: 12\nshare: 0.5\non: yes\n"
        "design: {a: 1}\nsteps: [1]\ngroups: [a, b]\nanything: [x]\n"
    )
    assert problems == []
    assert (fields.string("name"), fields.string("rule"), fields.integer("count")) == ("010", "off", 12)
    assert (fields.number("share"), fields.number("count"), fields.boolean("on")) == (0.5, 12.0, True)
    assert [n.text for n in fields.strings("groups")] == ["a", "b"]
    design = fields.node("design")
    assert design is not None
    assert [(e.key, e.line, e.value.text) for e in design.entries] == [("a", 6, "1")]
    assert fields.line_of("share") == 4
    assert fields.line_of("absent") == 1


def test_absent_and_null() -> None:
    fields, problems = read("name: x\ncount:\ngroups: one\n")
    assert problems == []
    assert (fields.integer("count"), fields.string("rule", "flag"), fields.boolean("on")) == (None, "flag", None)
    assert [n.text for n in fields.strings("groups")] == ["one"]
    assert fields.strings("steps") == ()


def test_all_problems_at_once() -> None:
    fields, problems = read(
        "nme: x\nrule: exlude\ncount: 1.5\nshare: half\non: maybe\n"
        "design: [1]\nsteps: {a: 1}\ngroups: [[a]]\nname: [x]\n"
    )
    assert problems == [
        ("Q016", 1, "name"),
        ("Q028", 2, "exclude"),
        ("Q025", 3, ""),
        ("Q026", 4, ""),
        ("Q027", 5, ""),
        ("Q018", 6, ""),
        ("Q019", 7, ""),
        ("Q024", 8, ""),
        ("Q024", 9, ""),
    ]
    assert fields.scalars == {}


def test_bounds_and_missing() -> None:
    assert read("count: 0\nshare: 1.01\n")[1] == [("Q029", 1, ""), ("Q017", 1, ""), ("Q029", 2, "")]
    assert read("count: 0\nname: ~\n")[1] == [("Q029", 1, ""), ("Q017", 2, "")]
    assert read("[a]")[1] == [("Q018", 1, "")]
    assert read("name: x\ngroups: {a: 1}")[1] == [("Q019", 2, "")]


def test_suggestions_are_cheap_in_the_end() -> None:
    collector = Collector("s.yaml")
    assert [collector.nearest("agre5", ["agree5"]) for _ in range(60)] == ["agree5"] * 50 + [""] * 10


def test_words() -> None:
    assert nearest("Agre5", ["agree5", "nps"]) == "agree5"
    assert nearest("zzz", ["agree5"]) == ""
    assert listed(str(i) for i in range(20)) == "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, …"
    assert listed(["a"]) == "a"


def test_numbers() -> None:
    assert [parse_integer(t) for t in ("5", "-3", "+2", "010", "1_000", "1.0", "", "٣", "9" * 30)] == [
        5,
        -3,
        2,
        10,
        None,
        None,
        None,
        None,
        None,
    ]
    assert [parse_number(t) for t in ("0.5", ".5", "1e3", "nan", "inf", "1e999", "1,5", "1_0")] == [
        0.5,
        0.5,
        1000.0,
        None,
        None,
        None,
        None,
        None,
    ]
