"""Files of SPSS and Stata: written with labels, measure and missing codes, and read back as they were."""

from __future__ import annotations

import csv
import datetime
import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from satmeter.errors import ResponsesError
from satmeter.questionnaire import read_questionnaire
from satmeter.questionnaire.model import Questionnaire
from satmeter.questionnaire.read import parse_questionnaire
from satmeter.responses import read_responses, simulate, write_simulation
from satmeter.responses.data_set import DataSet, read_data_set
from satmeter.responses.export import exported
from satmeter.responses.label_room import cut_labels, cut_text
from satmeter.responses.statistics_fields import Field

pyreadstat = pytest.importorskip("pyreadstat")

LONG = "非常满意因为工作人员态度热情并且很快解决了我家停电的问题而且事后还打电话回访确认一切都已经恢复正常"
SHOP = f"""\
satmeter: 1
id: shop
version: "1"
title: {{zh-CN: 门店, en: Shop}}
languages: [zh-CN, en]
scales:
  agree5:
    points: {{1: {{zh-CN: 低, en: Low}}, 2: {{zh-CN: {LONG}, en: Two}}, 3: {{zh-CN: {LONG}吧, en: Three}}}}
    missing:
      8: {{label: {{zh-CN: 不了解, en: Don't know}}, reason: dont_know}}
      Blank: {{label: {{zh-CN: 不适用, en: Does not apply}}, reason: not_applicable}}
constructs:
  product:
    role: satisfaction
    label: {{zh-CN: 产品, en: Product}}
    scale: agree5
    items: {{p1: {{zh-CN: {LONG}{LONG}, en: Reliable}}, p2: {{zh-CN: 耐用, en: Durable}}}}
questions:
  city:
    type: choice
    text: {{zh-CN: 城市, en: City}}
    missing: {{99: {{zh-CN: 不愿回答, en: Refused}}}}
    options: {{n: {{zh-CN: 北, en: North}}, s: {{zh-CN: 南, en: South}}, w: {{zh-CN: 西, en: West}}}}
  what:
    type: multiple
    text: {{zh-CN: 内容, en: What}}
    missing: {{98: {{zh-CN: 都不是, en: None of these}}}}
    options: {{bill: {{zh-CN: 缴费, en: Bill}}, "2x!": {{zh-CN: 报修, en: Fault}}}}
  age: {{type: number, text: {{zh-CN: 年龄, en: Age}}}}
  why: {{type: text, text: {{zh-CN: 原因, en: Why}}}}
  when: {{type: date, text: {{zh-CN: 何时, en: When}}}}
  agreed: {{type: consent, text: {{zh-CN: 同意, en: Agreed}}}}
pages:
  - [city, what]
  - {{grid: [product]}}
  - [age, why, when, agreed]
"""
ANSWERS = """\
respondent,submitted,w,"客户 编号",AND,p1,p2,city,what,age,why,when,agreed
a,2026-11-01,1.5,007,x,1,3,n,bill┋2x!,30,=1+1,2026-02-28,yes
b,2026-11-01,2,12,y,8,Blank,s,2x!,30.25,"一段
话",1850-01-01,no
c,,0.5,,,2,,99,98,,''=2,,
d,2026-11-01,1,1,,Blank,3,,,-4,,,
"""


@pytest.fixture(scope="module")
def shop() -> Questionnaire:
    return parse_questionnaire(SHOP)


@pytest.fixture(scope="module")
def data(shop: Questionnaire, tmp_path_factory: pytest.TempPathFactory) -> DataSet:
    path = tmp_path_factory.mktemp("shop") / "answers.csv"
    path.write_text(ANSWERS, "utf-8")
    return read_data_set(path, shop)


def same(one: object, other: object, *, names: bool = True) -> None:
    """Hold two Responses against each other."""
    for part in ("frame", "missing"):
        pd.testing.assert_frame_equal(getattr(one, part), getattr(other, part))
    if names:
        pd.testing.assert_frame_equal(one.other, other.other)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("ending", "language"),
    [(".csv", "en"), (".xlsx", "zh-CN"), (".sav", "en"), (".sav", "zh-CN"), (".dta", "en"), (".dta", "zh-CN")],
)
def test_what_is_written_is_read_back(
    data: DataSet, shop: Questionnaire, tmp_path: Path, ending: str, language: str
) -> None:
    content, _ = exported(data, ending, language=language)
    path = tmp_path / f"answers{ending}"
    path.write_bytes(content)
    same(data.responses, read_responses(path, shop), names=ending in (".csv", ".xlsx"))
    assert data.responses.frame["why"].tolist() == ["=1+1", "一段\n话", "'=2", None]


@pytest.mark.parametrize(
    ("name", "ending"),
    [("power-utility", ".csv"), ("ecsi-mobile", ".xlsx"), ("power-utility", ".sav"), ("power-utility", ".dta")],
)
def test_simulated_answers_come_back_whole(tmp_path: Path, name: str, ending: str) -> None:
    questionnaire = read_questionnaire(name)
    answers, _ = write_simulation(simulate(questionnaire, 30, seed=5, missing=0.2), tmp_path / "a.csv")
    data = read_data_set(answers, questionnaire, with_pii=True)
    content, notes = exported(data, ending, language=questionnaire.language)
    path = tmp_path / f"b{ending}"
    path.write_bytes(content)
    same(data.responses, read_responses(path, questionnaire))
    assert notes == ()


def test_spss_has_labels_measure_and_missing_codes(data: DataSet, tmp_path: Path) -> None:
    content, notes = exported(data, ".sav", language="en")
    (tmp_path / "a.sav").write_bytes(content)
    frame, meta = pyreadstat.read_sav(str(tmp_path / "a.sav"), user_missing=True)
    labels = meta.variable_value_labels
    assert labels["p2"] == {1: "Low", 2: "Two", 3: "Three", 8: "Don't know", -1: "Does not apply"}
    assert labels["city"] == {1: "North", 2: "South", 3: "West", 99: "Refused"}
    assert labels["agreed"] == {1: "Yes", 2: "No"}
    assert labels["what_bill"] == {0: "Not chosen", 1: "Chosen", 98: "None of these"}
    assert {n: sorted(r["lo"] for r in found) for n, found in meta.missing_ranges.items()} == {
        "p1": [-1, 8],
        "p2": [-1, 8],
        "city": [99],
        "what_bill": [98],
        "what_2": [98],
    }
    measures = meta.variable_measure
    assert [measures[name] for name in ("p1", "city", "what_bill", "age", "w")] == [
        "ordinal",
        "nominal",
        "nominal",
        "scale",
        "scale",
    ]
    titles = meta.column_names_to_labels
    assert (titles["p1"], titles["what_2"], titles["respondent"]) == ("Reliable", "What (Fault)", "Respondent")
    assert frame["p1"].tolist() == [1, 8, 2, -1]
    assert frame["city"].tolist()[:3] == [1, 2, 99]
    assert frame["what_2"].tolist()[:3] == [1, 1, 98]
    assert frame["age"].tolist()[:2] == [30, 30.25]
    assert frame["why"][0] == "=1+1"
    assert frame["when"].tolist()[:2] == ["2026-02-28", "1850-01-01"]  # one is older than some programs can reckon
    assert (meta.original_variable_types["age"], meta.original_variable_types["p1"]) == ("F8.2", "F8.0")
    assert [(note.code, note.params["names"]) for note in notes] == [("R125", "客户 编号 → column_1, AND → column_2")]
    assert (titles["column_1"], titles["column_2"]) == ("客户 编号", "AND")


def test_stata_has_labels_and_extended_missing_values(data: DataSet, tmp_path: Path) -> None:
    content, _ = exported(data, ".dta", language="zh-CN")
    (tmp_path / "a.dta").write_bytes(content)
    frame, meta = pyreadstat.read_dta(str(tmp_path / "a.dta"), user_missing=True)
    assert meta.variable_value_labels["p2"]["a"] == "不了解"
    assert meta.variable_value_labels["p2"]["b"] == "不适用"
    assert meta.missing_user_values["p2"] == ["b"]
    assert frame["p1"].tolist() == [1, "a", 2, "b"]
    assert meta.column_names_to_labels["city"] == "城市"


def test_dates_are_dates(shop: Questionnaire, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("respondent,p1,p2,when\na,1,2,2026-02-28\nb,1,2,\n", "utf-8")
    content, _ = exported(read_data_set(tmp_path / "a.csv", shop), ".sav", language="en")
    (tmp_path / "a.sav").write_bytes(content)
    read = pyreadstat.read_sav(str(tmp_path / "a.sav"), output_format="dict")[0]
    assert list(read["when"]) == [datetime.date(2026, 2, 28), None]


def test_labels_that_are_too_long_are_cut_and_told(data: DataSet, tmp_path: Path) -> None:
    content, notes = exported(data, ".sav", language="zh-CN")
    told = {note.code: note for note in notes}
    assert told["R124"].params["names"] == "p1, p1[2], p1[3], p2[2], p2[3]"
    assert "SPSS" in told["R124"].text("en")
    (tmp_path / "a.sav").write_bytes(content)
    meta = pyreadstat.read_sav(str(tmp_path / "a.sav"))[1]
    label = meta.variable_value_labels["p1"][2]
    assert label.startswith("2: 非常满意")
    assert label.endswith("…")
    assert len(label.encode()) <= 120
    assert len(meta.column_names_to_labels["p1"].encode()) <= 256
    _, stata = exported(data, ".dta", language="zh-CN")
    assert {n.code: n.params["names"] for n in stata}["R124"] == "p1"


@pytest.mark.parametrize("octets", [3, 4, 120, 256])
def test_a_label_is_cut_between_characters(octets: int) -> None:
    short = cut_text(LONG * 3, octets=octets)
    assert len(short.encode()) <= octets
    assert short.endswith("…")
    assert (LONG * 3).startswith(short[:-1])


def test_labels_alike_after_the_cut_have_their_code_in_front() -> None:
    field = Field(
        "a", "", "number", [], {1.0: "abcdefgh", 2.0: "abcdefgX", 3.0: "abc"}, (), {1.0: "u", 2.0: "v", 3.0: "w"}
    )
    found = cut_labels(field, lambda text: cut_text(text, letters=7))
    assert found.labels == {1.0: "u: abc…", 2.0: "v: abc…", 3.0: "abc"}
    assert found.cut == ("u", "v")


def test_more_missing_codes_than_spss_has_room_for(shop: Questionnaire, tmp_path: Path) -> None:
    codes = "".join(
        f"\n      {code}: {{label: {{zh-CN: 码{code}, en: C{code}}}, reason: refused}}" for code in (6, 7, 9)
    )
    text = SHOP.replace("    missing:\n      8:", f"    missing:{codes}\n      8:").replace(
        "      Blank: ", "      0: "
    )
    questionnaire = parse_questionnaire(text)
    (tmp_path / "a.csv").write_text("respondent,p1,p2\na,1,9\nb,0,2\n", "utf-8")
    data = read_data_set(tmp_path / "a.csv", questionnaire)
    content, notes = exported(data, ".sav", language="en")
    (tmp_path / "a.sav").write_bytes(content)
    ranges = pyreadstat.read_sav(str(tmp_path / "a.sav"), user_missing=True)[1].missing_ranges
    assert ranges["p1"] == [{"lo": 6, "hi": 9}, {"lo": 0, "hi": 0}]
    assert notes == ()


def test_missing_codes_among_valid_ones_are_told(tmp_path: Path) -> None:
    codes = "".join(
        f"\n      {code}: {{label: {{zh-CN: 码{code}, en: C{code}}}, reason: refused}}" for code in (0, 9, -5)
    )
    text = SHOP.replace("    missing:\n      8:", f"    missing:{codes}\n      8:")
    (tmp_path / "a.csv").write_text("respondent,p1,p2\na,1,9\nb,0,2\n", "utf-8")
    _, notes = exported(read_data_set(tmp_path / "a.csv", parse_questionnaire(text)), ".sav", language="en")
    assert [(note.code, note.params["names"]) for note in notes] == [("R127", "p1, p2")]


def test_texts_longer_than_a_format_takes_are_cut_and_told(shop: Questionnaire, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f"respondent,p1,p2,why\na,1,2,{'长' * 12_000}\nb,1,2,\x07bell\n", "utf-8")
    data = read_data_set(tmp_path / "a.csv", shop)
    content, notes = exported(data, ".sav", language="en")
    (tmp_path / "a.sav").write_bytes(content)
    assert pyreadstat.read_sav(str(tmp_path / "a.sav"))[0]["why"][0] == "长" * 10_922
    assert [(note.code, note.params["names"]) for note in notes] == [("R126", "why")]
    _, notes = exported(data, ".xlsx", language="en")
    assert [(note.code, note.params["n"]) for note in notes] == [("R126", 1)]
    assert exported(data, ".csv", language="en")[1] == ()


def test_a_file_of_others_is_read_by_its_labels(shop: Questionnaire, tmp_path: Path) -> None:
    frame = pd.DataFrame({"Q1": [3.0, 2.0, 9.0, np.nan], "p2": [1.0, 2.0, 3.0, 8.0], "town": [2.0, 1.0, 2.0, 7.0]})
    pyreadstat.write_sav(
        frame,
        str(tmp_path / "a.sav"),
        column_labels={"Q1": "Reliable", "town": "City"},
        variable_value_labels={
            "Q1": {3: "Low", 2: "Two", 1: "Three", 9: "Does not apply"},
            "town": {1: "South", 2: "North"},
        },
    )
    found = read_responses(tmp_path / "a.sav", shop)
    assert found.frame["p1"].tolist()[:2] == [1, 2]
    assert found.missing["p1"].tolist()[2] == "not_applicable"
    assert found.frame["p2"].tolist()[:3] == [1, 2, 3]
    assert found.missing["p2"].tolist()[3] == "dont_know"
    assert found.frame["city"].tolist()[:3] == ["n", "s", "n"]
    assert [(cell.variable, cell.row) for cell in found.unknown] == [("city", 5)]


@pytest.mark.parametrize("ending", [".sav", ".dta"])
def test_without_the_library_the_extra_is_named(
    data: DataSet, shop: Questionnaire, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyreadstat", None)
    path = tmp_path / f"a{ending}"
    path.write_bytes(b"x")
    for work in (lambda: exported(data, ending, language="en"), lambda: read_responses(path, shop)):
        with pytest.raises(ResponsesError) as caught:
            work()
        assert [p.code for p in caught.value.problems] == ["R033"]
        assert "satmeter[exchange]" in caught.value.text("zh-CN")


def test_the_workbook_has_a_codebook_and_no_formulas(data: DataSet) -> None:
    from openpyxl import load_workbook

    hostile = replace(data, columns={**data.columns, "=cmd": ["@x", "-1", "+1 2", ""]})
    content, _ = exported(hostile, ".xlsx", language="zh-CN")
    book = load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["答案", "编码手册"]
    rows = list(book["答案"].iter_rows(values_only=True))
    place = rows[0].index("'=cmd")
    assert [row[place] for row in rows[1:]] == ["'@x", "-1", "'+1 2", None]
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    codes = [row for row in book["编码手册"].iter_rows(values_only=True) if row[0] == "p2"]
    assert codes[0][:2] == ("p2", "耐用")
    assert (codes[-1][5], codes[-1][6], codes[-1][7]) == ("Blank", "不适用", "not_applicable")
    text = exported(hostile, ".csv", language="en")[0].decode("utf-8-sig")
    assert "'=cmd" in text.splitlines()[0]
    assert text.startswith("respondent,submitted,")


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".sav"])
def test_names_of_respondents_that_look_like_formulas_stay_what_they_are(
    shop: Questionnaire, tmp_path: Path, ending: str
) -> None:
    (tmp_path / "a.csv").write_text("respondent,p1,p2\n-Xa,1,2\n'=b,1,3\n'c,2,2\n", "utf-8")
    data = read_data_set(tmp_path / "a.csv", shop)
    (tmp_path / f"b{ending}").write_bytes(exported(data, ending, language="en")[0])
    assert list(data.responses.frame.index) == ["-Xa", "=b", "'c"]
    assert list(read_responses(tmp_path / f"b{ending}", shop).frame.index) == ["-Xa", "=b", "'c"]


_WRITTEN = st.text(
    st.one_of(st.sampled_from("=+-@'\n ,\"┋你_x0041_A()N.98"), st.characters(exclude_categories=["Cs", "Cc"])),
    max_size=12,
).map(str.strip)
_ROWS = st.lists(
    st.tuples(
        st.sampled_from(["1", "3", "8", "Blank", ""]),
        st.sampled_from(["n", "w", "99", ""]),
        st.sampled_from(["bill", "2x!", "bill┋2x!", "98", ""]),
        st.one_of(st.floats(allow_nan=False, allow_infinity=False).map(repr), st.just("")),
        _WRITTEN,
        st.dates().map(str),
        st.sampled_from(["yes", "no", ""]),
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=_ROWS)
def test_whatever_is_answered_comes_back(shop: Questionnaire, tmp_path: Path, rows: list[tuple[str, ...]]) -> None:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(["respondent", "p2", "p1", "city", "what", "age", "why", "when", "agreed"])
    writer.writerows([f"r{number}", "1", *row] for number, row in enumerate(rows))
    (tmp_path / "a.csv").write_bytes(stream.getvalue().encode())
    data = read_data_set(tmp_path / "a.csv", shop)
    for ending in (".csv", ".xlsx", ".sav", ".dta"):
        path = tmp_path / f"b{ending}"
        path.write_bytes(exported(data, ending, language="en")[0])
        pd.testing.assert_frame_equal(data.responses.frame, read_responses(path, shop).frame, check_exact=True)
