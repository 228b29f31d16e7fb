"""The sample file: what is read, and what is refused with its lines."""

import pytest

from satmeter.errors import ResponsesError
from satmeter.responses.sample_file import read_sample_file

CODES = {"done": "I", "no": "R"}


def read(tmp_path, text, name="drawn.csv", **more):
    (tmp_path / name).write_text(text, "utf-8")
    return read_sample_file(tmp_path / name, key="id", disposition="status", codes=CODES, **more)


def problems(tmp_path, text, **more):
    with pytest.raises(ResponsesError) as caught:
        read(tmp_path, text, **more)
    return caught.value


def test_cases_are_read_as_text(tmp_path):
    sample = read(tmp_path, "id,status,region,w\n007, done ,n,1.5\n\n8,no,,2\n", weight="w", frame=("region",))
    assert sample.keys == ("007", "8")
    assert sample.groups == ("I", "R")
    assert sample.labels == ("done", "no")
    assert sample.columns == {"region": ("n", "")}
    assert sample.weights.tolist() == [1.5, 2]
    assert sample.lines == (2, 4)
    assert sample.digest.startswith("sha256:")


def test_a_workbook_is_read_alike(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in (["id", "status"], [7, "done"], ["b", "no"]):
        book.active.append(row)
    book.save(tmp_path / "drawn.xlsx")
    sample = read_sample_file(tmp_path / "drawn.xlsx", key="id", disposition="status", codes=CODES)
    assert (sample.keys, sample.groups) == (("7", "b"), ("I", "R"))


def test_all_problems_come_at_once_and_no_key_is_shown(tmp_path):
    text = "id,status,w\nanna,done,1\n,no,2\nanna,,0\nben,gone,-1\ncarl,gone,x\nanna,no,1\n"
    error = problems(tmp_path, text, weight="w")
    found = [(p.code, p.line, p.params["n"], p.params["rows"], p.got) for p in error.problems]
    assert found == [
        ("R041", 3, 1, "3", ""),
        ("R041", 4, 1, "4", ""),
        ("R042", 4, 2, "4, 7", ""),
        ("R043", 5, 2, "5, 6", "'gone'"),
        ("R044", 4, 3, "4, 5, 6", ""),
    ]
    assert "anna" not in str(error)
    assert "lines 4, 5, 6" in error.text("en")
    assert "行号 4、5、6" in error.text("zh-CN")


def test_a_column_of_something_else_is_not_repeated(tmp_path):
    rows = "".join(f"{i},answer {i}\n" for i in range(30))
    error = problems(tmp_path, "id,status\n" + rows)
    assert [(p.code, p.got, p.suggestion) for p in error.problems] == [("R043", "", "")]
    assert "answer" not in str(error)


def test_absent_columns_are_all_named(tmp_path):
    error = problems(tmp_path, "id,state\na,done\n", weight="w", frame=("region", "id"))
    assert [(p.code, p.about) for p in error.problems] == [
        ("R040", ("column", "status")),
        ("R040", ("column", "w")),
        ("R040", ("column", "region")),
    ]
    assert error.problems[0].suggestion == "state"
    assert error.problems[0].params["choices"] == "id, state"
