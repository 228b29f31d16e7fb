"""Quotes: masked, typical, of medium length, no two alike, the same every time, none where people could be guessed."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from satmeter.measurement.quotes import LEAST_ANSWERS, LONGEST, Answer, choose_quotes, quotable_text, shown_names


def chosen(texts, found=None, *, each=3, seed=1, themes=("a",)):
    answers = [Answer(f"r{i}", text) for i, text in enumerate(texts)]
    table = np.ones((len(texts), 1), bool) if found is None else np.array(found, bool)
    return choose_quotes("why", answers, table, themes, each=each, seed=seed)


PLAIN = [f"停电{word}，很不方便" for word in ("太多", "太久", "频繁", "常有", "没完", "不断")]


def test_themes_of_few_are_not_quoted():
    assert chosen(PLAIN[: LEAST_ANSWERS - 1]) == ()
    assert len(chosen(PLAIN[:LEAST_ANSWERS])) == 3
    assert chosen(PLAIN, each=0) == ()


def test_the_seed_decides_and_the_same_seed_decides_alike():
    assert chosen(PLAIN) == chosen(PLAIN)
    assert len({tuple(q.respondent for q in chosen(PLAIN, seed=s)) for s in range(20)}) > 5


def test_the_order_of_answers_does_not_matter():
    answers = [Answer(f"r{i}", text) for i, text in enumerate(PLAIN)]
    table = np.ones((6, 1), bool)
    turned = choose_quotes("why", answers[::-1], table, ("a",), each=3, seed=1)
    assert turned == choose_quotes("why", answers, table, ("a",), each=3, seed=1)


def test_typical_answers_of_medium_length_come_first():
    long = "停电" + "实在是太多了" * 9
    texts = [*PLAIN[:4], long, "停电好多"]
    found = [[1, 1], [1, 0], [1, 1], [1, 0], [1, 0], [1, 0]]
    rows = chosen(texts, found, each=2, themes=("a", "b"))
    assert {row.text for row in rows if row.theme == "a"} == {PLAIN[1], PLAIN[3]}


def test_one_answer_is_not_quoted_twice_while_there_are_others():
    rows = chosen(PLAIN, np.ones((6, 2)), each=3, themes=("a", "b"))
    assert len({row.text for row in rows}) == 6


def test_equal_answers_are_quoted_once():
    assert [row.text for row in chosen(["停电太多了。"] * 8)] == ["停电太多了。"]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("找张先生13812345678", "找某先生〔电话〕"),
        ("太贵", ""),
        ("13812345678", ""),
        ("没有意见", ""),
        ("停电" * LONGEST, ""),
        ("электричество дорогое", ""),
        ("很好👍很满意\n谢谢", "很好很满意 谢谢"),
        ("<b>太贵了吧</b>", "<b>太贵了吧</b>"),
    ],
)
def test_what_may_be_quoted(answer, expected):
    assert quotable_text(answer) == expected


@given(st.lists(st.text(st.sampled_from("0123456789 -停电贵很张先生aB@."), max_size=40), min_size=5, max_size=12))
def test_no_quote_holds_a_number_of_seven_digits(texts):
    for row in chosen(texts):
        assert re.search(r"\d{7}", row.text) is None
        assert 4 <= len(row.text) <= LONGEST


def test_ids_that_may_be_personal_are_shown_as_lines():
    lines = {"r7": 8, "r9": 10, "王芳": 11, "li@x.cn": 12, "330112345678": 13, "Tom Lee": 14}
    assert shown_names(["r7", "r9#2", "王芳", "li@x.cn", "330112345678", "Tom Lee"], lines) == [
        "r7",
        "r9",
        "#11",
        "#12",
        "#13",
        "#14",
    ]
