"""Frequent words in both languages: counted by answers, without numbers, names and stop words."""

import warnings

import pytest

from satmeter.measurement.answer_words import LEAST, MOST, frequent_words

pytest.importorskip("jieba")


def test_words_are_counted_once_an_answer_in_both_languages():
    said = ["停电频繁，停电又停电", "经常停电", "停电了没人管", "电费贵", "The bills, the BILL", "my bill", "bills"]
    assert frequent_words(said) == (("bill", 3), ("停电", 3))


def test_words_inside_a_longer_word_count():
    assert dict(frequent_words(["停电通知太晚", "停电多", "停电通知没有"]))["停电"] == 3


def test_a_word_of_few_stays_where_it_is():
    assert frequent_words(["outage"] * (LEAST - 1)) == ()
    assert frequent_words(["outage"] * LEAST) == (("outage", LEAST),)


def test_numbers_marks_stop_words_and_empty_answers_are_no_words():
    assert frequent_words(["我叫李明 13812345678", "the 220 of it", "无", "Mr Smith"] * 5) == ()


def test_the_list_has_an_end_and_an_order():
    words = [chr(97 + i) + chr(97 + j) + "x" for i in range(8) for j in range(8)]
    found = frequent_words([" ".join(words)] * 3)
    assert len(found) == MOST
    assert [word for word, _ in found] == sorted(words)[:MOST]


def test_jieba_warns_nobody_and_leaves_no_file(tmp_path, monkeypatch, capfd):
    import tempfile

    from satmeter.measurement import answer_words

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    answer_words._cutter.cache_clear()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert frequent_words(["供电公司"] * 3)
    assert list(tmp_path.iterdir()) == []
    assert capfd.readouterr().err == ""
