"""Conditions in words."""

from __future__ import annotations

import pytest

from satmeter.form.conditions import condition_in_words
from satmeter.questionnaire import parse_expression
from satmeter.questionnaire.model import Questionnaire


@pytest.mark.parametrize(
    ("condition", "english", "chinese"),
    [
        ("visit != 'often'", "question 2 is answered other than “Often”", "第 2 题已作答且不是“经常”"),
        ("6 < ly1", "question 11 is above 6", "第 11 题大于 6 "),
        ("years >= 2.5", "question 4 is 2.5 or more", "第 4 题不小于 2.5 "),
        ("sv1 == 5", "question 6 is “Strongly agree”", "第 6 题为“非常同意”"),
        ("bought in ['food', 'toys']", "question 3 is one of “Food”, “Toys”", "第 3 题为“食品”、“玩具”之一"),
        ("not answered(last)", "question 5 is not answered", "第 5 题未作答"),
        (
            "answered(last) and (ly1 < 3 or not ly2 < 3)",
            "question 5 is answered and (question 11 is below 3 or it is not so that (question 12 is below 3))",
            "第 5 题已作答且（第 11 题小于 3 或不满足（第 12 题小于 3））",
        ),
        ("ly1 == ly2", "question 11 is question 12", "第 11 题为第 12 题"),
    ],
)
def test_condition_in_words(every_type: Questionnaire, condition: str, english: str, chinese: str) -> None:
    tree = parse_expression(condition)
    assert condition_in_words(every_type, tree, "en") == english
    assert condition_in_words(every_type, tree, "zh-CN") == chinese
