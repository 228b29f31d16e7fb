"""Notes call things by the words of the questionnaire, and lists by the marks of the language."""

import pytest

from satmeter.errors import Note
from satmeter.questionnaire import read_questionnaire
from satmeter.record.wording import with_labels


@pytest.fixture(scope="module")
def questionnaire():
    return read_questionnaire("power-utility")


@pytest.mark.parametrize(
    ("given", "english", "chinese"),
    [
        ("years", "“How many years have you been a customer here (0 if less than one)?”", None),
        ("cp1, cp2", "cp1, cp2", "cp1、cp2"),
        ("pv1, pv2; sv1, sv2", "pv1, pv2; sv1, sv2", "pv1、pv2；sv1、sv2"),
        ("pv1–pv2, sv1–sv2", "pv1–pv2, sv1–sv2", "pv1–pv2、sv1–sv2"),
        ("product, time", "Product value, Time cost", "产品价值、时间成本"),
        ("product–service", "Product value–Service value", "产品价值–服务价值"),
        ("product, region[town]", "Product value, “Where do you use the electricity?” = Town", None),
        ("again.csv, w", "again.csv, w", "again.csv, w"),
        ("region[moon", "region[moon", "region[moon"),
        (12, 12, 12),
        ("", "", ""),
    ],
)
def test_what_a_reader_calls_it(questionnaire, given, english, chinese):
    note = Note("D115", "satisfaction", {"controls": given})
    assert with_labels(note, questionnaire, "en").params["controls"] == english
    if chinese is not None:
        assert with_labels(note, questionnaire, "zh-CN").params["controls"] == chinese


def test_options_of_the_question_that_it_is_about(questionnaire):
    note = with_labels(Note("M152", "region", {"groups": "town, rural", "needed": 100}), questionnaire, "zh-CN")
    assert note.params == {"groups": "县城或集镇、农村", "needed": 100}
    assert note.about == "“您的用电地点在哪里？”"
