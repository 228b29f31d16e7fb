"""Multiple questions with one column for every option, as wjx.cn exports them."""

import pytest

from satmeter.responses import read_responses
from satmeter.responses.option_columns import joined_options

pytestmark = pytest.mark.usefixtures("_columns_by_twos_and_threes")


def read(shop, tmp_path, text):
    (tmp_path / "a.csv").write_text(text, "utf-8")
    return read_responses(tmp_path / "a.csv", shop)


def test_ones_and_zeros_are_the_options_that_were_chosen(shop, tmp_path):
    rows = "4,1,0,1,5\n4,0,1,0,5\n4,0,0,0,5\n4,-3,-3,-3,5\n4,-2,-2,-2,5\n4,(跳过),(跳过),(跳过),5\n"
    responses = read(shop, tmp_path, "p1,9、用过的渠道（柜台）,9、用过的渠道（应用）,9、用过的渠道（网站）,l1\n" + rows)
    assert responses.frame["used"].tolist() == [("w", "c"), ("a",), None, None, None, None]
    assert responses.missing["used"].tolist() == ["", "", "no_answer", "not_asked", "no_answer", "not_asked"]
    assert responses.other.columns.tolist() == []
    assert "used" not in responses.absent


def test_texts_of_the_options_do_as_well(shop, tmp_path):
    rows = "4,网站,,5\n4,,柜台,5\n4,Website,C.柜台,5\n4,是,否,5\n"
    responses = read(shop, tmp_path, "p1,9、用过的渠道:网站,9、用过的渠道:柜台,l1\n" + rows)
    assert responses.frame["used"].tolist() == [("w",), ("c",), ("w", "c"), ("w",)]


def test_a_cell_that_is_neither_makes_the_answer_unreadable_and_is_told(shop, tmp_path):
    rows = "4,1,1,5\n4,柜台,1,5\n4,secret,0,5\n4,1,0,5\n4,1,0,5\n"
    responses = read(shop, tmp_path, "p1,用过的渠道（网站）,用过的渠道（柜台）,l1\n" + rows)
    assert responses.frame["used"].tolist() == [("w", "c"), None, None, ("w",), ("w",)]
    assert [(u.variable, u.column, u.row) for u in responses.unknown] == [
        ("used", "用过的渠道（网站）", 3),
        ("used", "用过的渠道（网站）", 4),
    ]
    note = next(note for note in responses.notes if note.code == "R104")
    assert "secret" not in note.text("zh-CN")


def test_the_cells_become_those_of_a_single_column(shop):
    cells = {"c": ["1", "0", ""], "w": ["是", "0.0", "-3"]}
    assert joined_options(shop, "used", cells) == ["w┋c", "", "-3"]
