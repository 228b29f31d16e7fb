"""results.json written whole and read with care; tables for spreadsheets."""

import csv
import io
import json
from pathlib import Path

import pytest

from satmeter import writing
from satmeter.errors import RecordError
from satmeter.record import read_results, results_file, table_files, write_results, write_tables
from satmeter.record.tables import guarded

GOLDEN = Path(__file__).parent / "golden" / "satmeter.results.json"


@pytest.fixture
def document():
    return json.loads(GOLDEN.read_text("utf-8"))


def problems_of(path):
    with pytest.raises(RecordError) as found:
        read_results(path)
    for problem in found.value.problems:
        assert problem.text("en").startswith(problem.code)
        assert problem.text("zh-CN").startswith(problem.code)
    return found.value.problems


def test_what_is_written_is_read(document, tmp_path):
    path = write_results(document, tmp_path / "new" / "out")
    assert path.name == "results.json"
    assert read_results(path) == document
    assert read_results(path.parent) == document
    assert "满意度" in path.read_text("utf-8")


def test_full_precision_and_null():
    text = results_file({"a": 0.1 + 0.2, "b": float("nan"), "c": 1e-300})
    assert json.loads(text) == {"a": 0.1 + 0.2, "b": None, "c": 1e-300}


def test_a_failed_write_leaves_the_old_file(document, tmp_path, monkeypatch):
    path = write_results(document, tmp_path)
    before = path.read_bytes()

    def fail(*_):
        raise OSError("disk full")

    monkeypatch.setattr(writing.os, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        write_results({"kind": "other"}, tmp_path)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["results.json"]


def test_a_value_that_json_does_not_know_writes_nothing(tmp_path):
    with pytest.raises(TypeError):
        write_results({"a": object()}, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_no_such_file(tmp_path):
    (problem,) = problems_of(tmp_path / "none.json")
    assert problem.code == "J001"


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b'{"kind": "satmeter.results", ', b"\xff\xfe\x00", b'{"a": NaN}', b"[" * 200_000],
    ids=["empty", "cut", "cut later", "binary", "NaN", "deep"],
)
def test_damaged_json(tmp_path, content):
    path = tmp_path / "results.json"
    path.write_bytes(content)
    (problem,) = problems_of(path)
    assert problem.code == "J002"


def test_line_of_the_damage(document, tmp_path):
    path = write_results(document, tmp_path)
    lines = path.read_text("utf-8").splitlines()
    lines[5] = "broken"
    path.write_text("\n".join(lines), "utf-8")
    assert problems_of(path)[0].line == 6


@pytest.mark.parametrize("content", ["[]", "3", "{}", '{"kind": "satmeter.release"}'])
def test_wrong_kind(tmp_path, content):
    path = tmp_path / "results.json"
    path.write_text(content, "utf-8")
    assert [p.code for p in problems_of(path)] == ["J003"]


def test_wrong_version(document, tmp_path):
    path = write_results(document | {"schema_version": 99}, tmp_path)
    (problem,) = problems_of(path)
    assert (problem.code, problem.got) == ("J004", "99")


def test_missing_and_damaged_sections_are_all_named(document, tmp_path):
    del document["scores"]
    document["items"] = {"rows": [3], "notes": []}
    document["study"] = []
    found = problems_of(write_results(document, tmp_path))
    assert [(p.code, p.about) for p in found] == [
        ("J005", ("section", "study")),
        ("J005", ("section", "items")),
        ("J005", ("section", "scores")),
    ]


def test_tables_hold_every_row_and_number(document, tmp_path):
    files = table_files(document)
    assert set(files) == {
        f"{name}.csv" for name, part in document.items() if isinstance(part, dict) and part.get("rows")
    }
    assert files["scores.csv"].startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(files["scores.csv"].decode("utf-8-sig"))))
    assert len(rows) == len(document["scores"]["rows"])
    for found, expected in zip(rows, document["scores"]["rows"], strict=True):
        assert found["estimate"] == ("" if expected["estimate"] is None else repr(expected["estimate"]))
        assert found["definition.zh-CN"] == expected["definition"]["zh-CN"]
    certain = [r["certain"] for r in csv.DictReader(io.StringIO(files["priorities.csv"].decode("utf-8-sig")))]
    assert certain == [str(r["certain"]).lower() for r in document["priorities"]["rows"]]
    paths = write_tables(document, tmp_path)
    assert [p.relative_to(tmp_path).as_posix() for p in paths] == [f"tables/{name}" for name in files]
    assert paths[0].read_bytes() == files[paths[0].name]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@a", "\t=1", "\r=1", "＝1"])
def test_texts_are_guarded_against_formulas(text):
    assert guarded(text) == "'" + text


def test_cells_and_headers_are_guarded_and_negative_numbers_are_not(document):
    document["quality"] = {
        "rows": [{"=cmd": "=1+1", "respondent": "-5", "value": -0.5, "excluded": False}],
        "notes": [],
    }
    lines = table_files(document)["quality.csv"].decode("utf-8-sig").splitlines()
    assert lines == ["'=cmd,respondent,value,excluded", "'=1+1,'-5,-0.5,false"]


def test_a_document_of_the_first_release_has_no_validity_and_is_read(document, tmp_path):
    for name in ("validity", "loadings", "communalities", "scree", "invariance"):
        del document[name]
    path = write_results(document, tmp_path)
    assert read_results(path) == document
    assert "reliability.csv" in table_files(document)
    document["validity"] = {"rows": 3}
    assert [p.about for p in problems_of(write_results(document, tmp_path))] == [("section", "validity")]
