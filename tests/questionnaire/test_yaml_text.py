from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from satmeter.errors import QuestionnaireError, StudyError
from satmeter.questionnaire import yaml_text
from satmeter.questionnaire.yaml_text import Node, parse_yaml, quoted, read_yaml


def codes(data: bytes | str) -> list[tuple[str, int]]:
    with pytest.raises(QuestionnaireError) as raised:
        parse_yaml(data, file="f.yaml")
    for problem in raised.value.problems:
        for language in ("en", "zh-CN"):
            said = problem.text(language).replace(problem.got, "")
            assert "{" not in said or problem.code == "Q084"
    return [(p.code, p.line) for p in raised.value.problems]


def test_scalars_stay_text() -> None:
    node = parse_yaml("a: yes\nb: 010\nc: 1.10\nd: 'on'\n2021-01-01: |\n  x\n  y\nno: ~\n")
    assert [(e.key, e.line, e.value.text, e.value.plain) for e in node.entries] == [
        ("a", 1, "yes", True),
        ("b", 2, "010", True),
        ("c", 3, "1.10", True),
        ("d", 4, "on", False),
        ("2021-01-01", 5, "x\ny\n", False),
        ("no", 8, "~", True),
    ]
    assert node.get("no") is not None
    assert node.entries[5].value.is_null
    assert not node.entries[3].value.is_null
    assert node.get("zz") is None


def test_lists_and_lines() -> None:
    node = parse_yaml("- [1,\n   {a: b}]\n- x\n-\n  - c\n")
    assert [(n.kind, n.line) for n in node.items] == [("list", 1), ("scalar", 3), ("list", 5)]
    assert node.items[0].items[1] == Node("map", 2, entries=node.items[0].items[1].entries)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ("Q015", 0)),
        ("# only a comment\n", ("Q015", 0)),
        ("a: [1,\n", ("Q007", 2)),
        ("a:\n  b: 1\n c: 2\n", ("Q007", 3)),
        ("a:\n  b: 1\n   c: 2\n", ("Q021", 3)),
        ("x: 1\ntext: {zh-CN: 打 {ly1} 分的原因？, en: x}\n", ("Q084", 2)),
        ("a: {zh-CN: {nps} 分, en: 'x'}\n", ("Q084", 1)),
        ("text: {nps} 分的原因\n", ("Q084", 1)),
        ("a: {zh-CN： 门店， en: Shop}\n", ("Q085", 1)),
        ("a: {zh-CN：门店, en: Shop}\n", ("Q085", 1)),
        ("a: {zh-CN: 短，en: Short}\n", ("Q085", 1)),
        ("a: 1\ntitle： 门店\nb: 2\n", ("Q085", 2)),
        ("a:\n  zh-CN：文字\n  en: x\n", ("Q085", 2)),
        ("a: 1\nl: [region，age]\n", ("Q085", 2)),
        ("l:\n  - region、age\n", ("Q085", 2)),
        ("a:\n\tb: 1\n", ("Q020", 2)),
        ("a: why: this\n", ("Q021", 1)),
        ('a: 1\nb: "x\n', ("Q022", 3)),
        ("a: 1\nb: @x\n", ("Q023", 2)),
        ("a: 1\nb: {zh: 好吗, en: Good?: }\n", ("Q039", 2)),
        ("a: !!python/object:os.system x\n", ("Q010", 1)),
        ("a: !x {b: 1}\n", ("Q010", 1)),
        ("a: 1\n---\nb: 2\n", ("Q013", 2)),
        ("? [a]\n: b\n", ("Q014", 1)),
        ("a: 1\nb: 2\na: 3\n", ("Q012", 3)),
        ("a: *x\n", ("Q011", 1)),
        ("*x : 1\n", ("Q011", 1)),
        ("a: \x07\n", ("Q006", 1)),
    ],
)
def test_refused(text: str, expected: tuple[str, int]) -> None:
    assert codes(text) == [expected]


def test_a_question_mark_or_colon_within_braces_needs_no_quotes() -> None:
    node = parse_yaml("a: {zh: 好吗, en: Good?}\nb: [why? because]\nc: {d: e:f}\n")
    texts = [entry.value.text for entry in node.get("a").entries]
    assert texts == ["好吗", "Good?"]
    assert [n.text for n in node.get("b").items] == ["why? because"]
    assert node.get("c").get("d").text == "e:f"
    assert node.get("c").line == 3


def test_a_long_file_with_such_texts_is_refused_and_not_read_for_seconds() -> None:
    assert codes("a: {b: c:d}\n" + "# x\n" * 30_000) == [("Q039", 1)]


def test_not_utf8() -> None:
    assert codes("a: 1\nb: 满意".encode("gb18030")) == [("Q006", 2)]
    assert codes(b"PK\x03\x04\x00\x00") == [("Q006", 1)]
    assert codes("a: 1".encode("utf-16")) == [("Q006", 1)]
    assert parse_yaml("\ufeffa: 满意".encode()).entries[0].key == "a"


def test_an_absent_value_stands_at_its_key() -> None:
    assert parse_yaml("a:\n\n# comment\nb: 1\n").entries[0].value == Node("scalar", 1, "", True)


def test_several_problems_at_once() -> None:
    assert codes("a: &x 1\nb: !t 2\na: *x\nc: [1\n") == [
        ("Q011", 1),
        ("Q010", 2),
        ("Q012", 3),
        ("Q011", 3),
        ("Q007", 5),
    ]


def test_repeated_key_names_the_first() -> None:
    with pytest.raises(QuestionnaireError) as raised:
        parse_yaml("a: 1\nb:\n  c: 1\n  c: 2\n")
    assert raised.value.problems[0].params == {"first": 3}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[" * 100_000, "Q008"),
        ("{a: " * 100_000, "Q008"),
        ("\n".join(" " * i + "a:" for i in range(1900)), "Q008"),
        ("- " * 900_000, "Q008"),
        ("[" + "a," * 900_000 + "]", "Q009"),
        ("\n".join(f"k{i}: 1" for i in range(150_000)), "Q009"),
        ("a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nd: [*c,*c]", "Q011"),
        ("\n".join(f"- &a{i} x" for i in range(60_000)), "Q011"),
        ("\n".join("- !!python/name:os x" for _ in range(60_000)), "Q010"),
        ("a: 1\n" * 300_000, "Q012"),
        (":" * 1_900_000, "Q021"),
        ('"' + "\n" * 1_900_000, "Q022"),
        (" " * 1_900_000, "Q015"),
        ("\0" * 1_900_000, "Q006"),
        ("x" * 2_000_001, "Q005"),
    ],
)
def test_hostile_text_is_refused_within_a_second(text: str, code: str) -> None:
    started = time.process_time()
    found = codes(text)
    assert time.process_time() - started < 1
    assert found[0][0] == code
    assert len(found) <= yaml_text.MAX_PROBLEMS


def test_fifty_megabytes_are_refused_within_a_second(tmp_path: Path) -> None:
    path = tmp_path / "big.yaml"
    with path.open("wb") as stream:
        stream.write(b"a: [")
        stream.truncate(50_000_000)
    started = time.process_time()
    with pytest.raises(QuestionnaireError) as raised:
        read_yaml(path)
    assert time.process_time() - started < 1
    assert [p.code for p in raised.value.problems] == ["Q005"]


def test_files_that_cannot_be_opened(tmp_path: Path) -> None:
    for path, code in ((tmp_path / "none.yaml", "Q001"), (tmp_path, "Q003"), ("a\0b.yaml", "Q003")):
        with pytest.raises(StudyError) as raised:
            read_yaml(path, error=StudyError)
        assert raised.value.problems[0].code == code


def test_syntax_message_shows_the_line_and_no_word_of_the_library() -> None:
    with pytest.raises(QuestionnaireError) as raised:
        parse_yaml("b: 1\na: [1,\n\n", file="f.yaml")
    lines = raised.value.text("zh-CN").splitlines()
    assert lines[2].strip() == "实际：'a: [1,'"
    assert "缩进" in lines[-1]
    assert "did not find" not in raised.value.text("zh-CN")


def test_full_width_signs_inside_texts_are_no_slip() -> None:
    node = parse_yaml(
        "a: {zh-CN: 短，但是：好, en: x}\nb: [满意，但是贵, region]\ncolumns: {Q1：您的城市: city}\n"
        "c: NPS：推荐\nd: '{nps} 分：好'\n"
    )
    assert node.get("a").get("zh-CN").text == "短，但是：好"
    assert [n.text for n in node.get("b").items] == ["满意，但是贵", "region"]
    assert node.get("columns").entries[0].key == "Q1：您的城市"
    assert (node.get("c").text, node.get("d").text) == ("NPS：推荐", "{nps} 分：好")


def test_pure_parser_gives_the_same_tree(monkeypatch: pytest.MonkeyPatch, full: str) -> None:
    fast = parse_yaml(full)
    refused = ["a: [1,\n", "a: !t 1\n", "a: &x 1\nb: *x\n", "a: 1\na: 2\n", "? [a]\n: b\n", "a: why: x\n", "a: @x\n"]
    expected = [[code for code, _ in codes(text)] for text in refused]
    import sys

    monkeypatch.setitem(sys.modules, "ruamel.yaml.cyaml", None)
    assert parse_yaml(full) == fast
    assert [[code for code, _ in codes(text)] for text in refused] == expected


def _tree_or_error(data: str | bytes) -> bool:
    try:
        return parse_yaml(data).line >= 1
    except QuestionnaireError as error:
        return bool(error.problems) and all(p.text("zh-CN") != p.text("en") for p in error.problems)


@given(st.text(max_size=60))
def test_any_text_gives_a_tree_or_a_coded_error(text: str) -> None:
    assert _tree_or_error(text)


@given(st.binary(max_size=60))
def test_any_bytes_give_a_tree_or_a_coded_error(data: bytes) -> None:
    assert _tree_or_error(data)


def test_shown_is_short() -> None:
    assert parse_yaml("a: 1\nb: 2").shown() == "{a, b}"
    assert parse_yaml("{a: 1, b: 1, c: 1, d: 1, e: 1}").shown() == "{a, b, c, d, …}"
    assert parse_yaml("[]").shown() == "[]"
    assert quoted("x" * 100) == "'" + "x" * 60 + "…'"
