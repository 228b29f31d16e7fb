"""Themes by their words: boundaries, plurals, both languages, and answers that say nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from satmeter.measurement.themes import find_themes, says_nothing
from satmeter.study.plan import Theme

PRICE = Theme(
    "price", {}, ("电费", "贵", "price", "too high", "company", "ＡＰＰ"), ("价格公示", "贵公司", "price list")
)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("电费太高了", True),
        ("太 贵 了", True),
        ("PRICES went up", True),
        ("price’s fine", True),
        ("Ｐｒｉｃｅ太高", True),
        ("app不好用", True),
        ("用app交费", True),
        ("too   high\nagain", True),
        ("two companies", True),
        ("priceless", False),
        ("enterprice", False),
        ("apple", False),
        ("accompany me", False),
        ("贵公司服务好", False),
        ("贵公司电费高", True),
        ("the price list is clear", False),
        ("the price list is clear, prices are not", True),
        ("停电", False),
    ],
)
def test_words_are_found_where_they_stand_as_words(answer, expected):
    assert find_themes([answer], [PRICE])[0, 0] == expected


def test_an_answer_may_have_several_themes():
    themes = [PRICE, Theme("outage", {}, ("停电", "outage"))]
    found = find_themes(["停电多，电费贵", "no outages", "好"], themes)
    assert found.tolist() == [[True, True], [False, True], [False, False]]


@pytest.mark.parametrize("answer", ["无", "没有。", "暂无意见", " N/A ", "None!", "Don’t know", "...", "——", "😀"])
def test_answers_that_say_nothing(answer):
    assert says_nothing(answer)


@pytest.mark.parametrize("answer", ["没有停电", "无论如何", "not sure about the price", "no power", "1"])
def test_answers_that_say_something(answer):
    assert not says_nothing(answer)


@given(st.text(max_size=20), st.text(max_size=20))
def test_a_chinese_word_is_found_whatever_stands_around_it(before, after):
    assert find_themes([f"{before}停电{after}"], [Theme("t", {}, ("停电",))])[0, 0]


@given(st.text(st.characters(categories=("L", "N")), min_size=1).filter(lambda t: not t.isspace()))
def test_words_are_taken_as_they_are_and_not_as_patterns(word):
    assert find_themes([f"( {word} ) *"], [Theme("t", {}, (word,))])[0, 0]
