"""Whole files read: values, reasons of missing cells, notes, speed."""

import os
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from satmeter.errors import ResponsesError
from satmeter.questionnaire import read_questionnaire
from satmeter.responses import read_responses

pytestmark = pytest.mark.usefixtures("_columns_by_twos_and_threes")
DATA = Path(os.environ.get("SATMETER_DATA", Path(__file__).parents[2].parent / "shared/data"))


def needs(name):
    path = DATA / name
    return pytest.mark.skipif(not path.is_file(), reason=f"{name} is not in SATMETER_DATA")


@pytest.fixture
def read(shop, tmp_path):
    def read(text, *, name="a.csv", encoding="utf-8", **options):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return read_responses(path, shop, **options)

    return read


def codes_of(error):
    return [problem.code for problem in error.value.problems]


def test_codes_and_labels_of_both_languages_give_the_same_codes(read):
    responses = read(
        "p1,p2,p3,city,ac\n4,Agree,同意,n,4分\n 5 ,strongly  agree,5-非常同意,北城,4.0\n"
        "１,1.非常不同意,2,NORTH,同意。\n"
    )
    assert responses.frame[["p1", "p2", "p3", "ac"]].to_numpy().tolist() == [[4, 4, 4, 4], [5, 5, 5, 4], [1, 1, 2, 4]]
    assert responses.frame["city"].tolist() == ["n", "n", "n"]
    assert responses.frame["p1"].dtype == np.float64
    assert responses.frame.index.tolist() == ["r1", "r2", "r3"]
    assert responses.row.tolist() == [2, 3, 4]
    assert responses.n_read == 3


def test_reversed_items_stay_raw(read):
    assert read("p1,p2\n5,1\n").frame["p2"].tolist() == [1.0]


def test_option_codes_that_look_like_missing_survive(read):
    responses = read("p1,city,trouble\n1,NA,None\nNA,n,NA\n")
    assert responses.frame["city"].tolist() == ["NA", "n"]
    assert responses.frame["trouble"].tolist() == ["None", "NA"]
    assert np.isnan(responses.frame["p1"]["r2"])
    assert responses.missing["p1"].tolist() == ["", "no_answer"]


def test_every_kind_of_question_is_decoded(read):
    responses = read(
        "p1,used,age,day,ok\n"
        '1,网站┋柜台,"1,6",2026年5月1日,同意\n'
        '1,"c;w",42,2026/05/01 10:00:00,1\n'
        '1,"App, phone",42.5,2026-5-1,yes\n'
        '1,"Website, App, phone",.,,no\n'
    )
    assert responses.frame["used"].tolist() == [("w", "c"), ("w", "c"), ("a",), None]
    assert responses.frame["age"].fillna(-1).tolist() == [-1, 42, 42.5, -1]
    assert responses.frame["day"].tolist() == ["2026-05-01"] * 3 + [None]
    assert responses.frame["ok"].tolist() == ["yes", "yes", "yes", "no"]
    assert [(u.variable, u.row, u.kind) for u in responses.unknown] == [
        ("used", 5, "unknown_label"),
        ("age", 2, "not_a_number"),
    ]


def test_a_value_outside_the_scale_is_listed_with_row_and_column_and_never_shown(read):
    responses = read("p1,Q2. 外观好看,l1\n4,5,3\n9,5,11\nsecret words,5,4\n3,5,4\n4,5,4\n")
    assert [(u.variable, u.column, u.row, u.kind) for u in responses.unknown] == [
        ("p1", "p1", 3, "out_of_range"),
        ("p1", "p1", 4, "unknown_label"),
        ("l1", "l1", 3, "out_of_range"),
    ]
    assert responses.missing["p1"].tolist() == ["", "no_answer", "no_answer", "", ""]
    notes = [note for note in responses.notes if note.code == "R104"]
    assert [note.about for note in notes] == ["p1", "l1"]
    assert "lines 3, 4" in notes[0].text("en")
    assert "行号 3、4；应为 1、2、3、4、5、98" in notes[0].text("zh-CN")
    assert "secret" not in notes[0].text("en")


def test_a_column_that_is_mostly_unknown_is_an_error(read):
    with pytest.raises(ResponsesError) as error:
        read("p1,p3\n7,secret\n8,4\n4,words\n")
    assert codes_of(error) == ["R018", "R018"]
    text = error.value.text("en")
    assert "2 of 3 answers" in text
    assert "lines: 2, 3" in text
    assert "secret" not in text
    assert "8" not in text.replace("98", "").replace("R018", "")


def test_reasons_of_missing_cells(read):
    responses = read(
        "respondent,p1,p2,p3,ac,trouble,l1,age,day\n"
        "a,98,4,4,4,,5,30,2026-01-01\nb,2,4,4,4,(跳过),5,,2026-01-01\nc,1,4,,4,,5,30,2026-01-01\n"
        "d,5,4,,,,,,\ne,5,4,4,4,,5,,\n"
    )
    missing = responses.missing
    assert missing.loc["a", "p1"] == "dont_know"
    assert missing.loc["b", ["trouble", "age"]].tolist() == ["not_asked", "no_answer"]
    assert missing.loc["c", ["p3", "trouble"]].tolist() == ["no_answer", "no_answer"]
    assert missing.loc["d", ["p3", "ac", "trouble", "l1", "age", "day"]].tolist() == (
        ["break_off", "break_off", "not_asked", "break_off", "break_off", "break_off"]
    )
    assert missing.loc["e", ["trouble", "age", "day"]].tolist() == ["not_asked", "no_answer", "no_answer"]
    assert missing["city"].tolist() == ["not_asked"] * 5  # the source has no such column
    assert set(responses.absent) == {"ok", "city", "used"}
    note = next(note for note in responses.notes if note.code == "R103")
    assert "ok “同意参加”, city “所在城市”, used “用过的渠道”" in note.text("en")


def test_who_submitted_did_not_break_off(read):
    responses = read("p1,p2,p3,l1,submitted\n4,4,,,2026-05-01\n4,4,,,\n")
    assert responses.missing["l1"].tolist() == ["no_answer", "break_off"]


def test_an_answer_that_should_not_be_there_is_kept_and_noted(read):
    responses = read("p1,trouble\n5,broke\n1,broke\n")
    assert responses.frame["trouble"].tolist() == ["broke", "broke"]
    assert [(note.code, note.about, note.params["n"]) for note in responses.notes if note.code == "R107"] == [
        ("R107", "trouble", 1)
    ]


def test_a_condition_on_an_absent_column_hides_nothing(read):
    responses = read("p2,trouble,l1\n5,,3\n5,x,3\n")
    assert responses.missing["trouble"].tolist() == ["no_answer", ""]
    assert not [note for note in responses.notes if note.code == "R107"]


def test_respondents_keep_their_ids_and_repeated_ids_are_told_apart(read):
    responses = read("Respondent,p1\nx,1\nx,2\n,3\nx,4\nr3,5\n")
    assert responses.frame.index.tolist() == ["x", "x~2", "r3~2", "x~3", "r3"]
    assert responses.frame.index.is_unique
    assert responses.other["respondent"].tolist() == ["x", "x", "", "x", "r3"]
    assert [note.params["n"] for note in responses.notes if note.code == "R105"] == [2]


def test_other_columns_are_untouched_text(read):
    responses = read("p1,w,branch,Seconds\n1,0.50,007,2分3秒\n2, 1,NA,\n")
    assert responses.other.columns.tolist() == ["w", "branch", "seconds"]
    assert responses.other["w"].tolist() == ["0.50", " 1"]
    assert responses.other["branch"].tolist() == ["007", "NA"]


def test_several_files_are_joined_by_name(shop, tmp_path):
    (tmp_path / "a.csv").write_text("p1,p3,w\n1,2,x\n", "utf-8")
    (tmp_path / "b.tsv").write_text("p3\tp1\n3\t4\n5\t5\n", "utf-8")
    responses = read_responses([tmp_path / "a.csv", tmp_path / "b.tsv"], shop)
    assert responses.frame[["p1", "p3"]].to_numpy().tolist() == [[1, 2], [4, 3], [5, 5]]
    assert responses.other["w"].tolist() == ["x", "", ""]
    assert responses.row.tolist() == [2, 2, 3]
    assert responses.source == "a.csv, b.tsv"
    assert [(note.code, note.about) for note in responses.notes if note.code == "R108"] == [("R108", "b.tsv")]


def test_the_digest_follows_the_bytes(read):
    first, again, other = read("p1\n1\n"), read("p1\n1\n"), read("p1\n2\n")
    assert first.digest == again.digest != other.digest
    assert first.digest.startswith("sha256:")


def test_progress_goes_up_to_one(read):
    told = []
    read("p1\n" + "4\n" * 25_000, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert len(told) >= 3


def test_ten_thousand_respondents_take_less_than_two_seconds(tmp_path):
    questionnaire = read_questionnaire("power-utility")
    rng = np.random.default_rng(1)
    columns = {
        v: rng.choice(scale.codes, 10_000) for v in questionnaire.variables if (scale := questionnaire.scale_of(v))
    }
    columns["complained"] = rng.choice(["y", "n"], 10_000)
    pd.DataFrame(columns).to_csv(tmp_path / "big.csv", index=False)
    start = time.perf_counter()
    responses = read_responses(tmp_path / "big.csv", questionnaire)
    assert time.perf_counter() - start < 2
    assert responses.frame.shape[0] == 10_000
    assert len(columns) >= 30


@settings(max_examples=60, deadline=None)
@given(
    data=st.data(),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]),
    delimiter=st.sampled_from(",;\t"),
)
def test_codes_or_labels_in_either_language_read_back_the_same(shop, tmp_path_factory, data, encoding, delimiter):
    n = data.draw(st.integers(2, 6))
    spelt: dict[str, list[str]] = {}
    meant: dict[str, list[object]] = {}
    for variable in ("p1", "p2", "p3", "ac", "l1", "city"):
        scale = shop.scale_of(variable)
        if scale:
            values = [(float(point.code), str(point.code), point.label) for point in scale.points]
        else:
            values = [(option.code, option.code, option.label) for option in shop.questions[variable].options]
        meant[variable], spelt[variable] = [], []
        for _ in range(n):
            value, code, label = data.draw(st.sampled_from(values))
            words = [code, *(text for _, text in label.by_language)]
            meant[variable].append(value)
            spelt[variable].append(data.draw(st.sampled_from(words)))
    order = data.draw(st.permutations(list(spelt)))
    rows = [delimiter.join(order), *(delimiter.join(spelt[v][i] for v in order) for i in range(n))]
    path = tmp_path_factory.mktemp("round") / "a.csv"
    text = (
        "\n".join(rows)
        + "\n"
        + delimiter.join(["一般" if shop.scale_of(v) == shop.scales["agree5"] else "" for v in order])
    )
    path.write_bytes(text.encode(encoding))
    responses = read_responses(path, shop)
    for variable, values in meant.items():
        assert responses.frame[variable].tolist()[:n] == values
    assert responses.unknown == ()


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_permuting_rows_permutes_the_result(shop, tmp_path_factory, data):
    cell = {
        "p1": st.sampled_from(["1", "5", "", "98", "同意"]),
        "p3": st.sampled_from(["2", "", "(跳过)"]),
        "trouble": st.sampled_from(["", "a"]),
        "l1": st.sampled_from(["", "10", "0"]),
    }
    rows = data.draw(st.lists(st.fixed_dictionaries(cell), min_size=2, max_size=8))
    order = data.draw(st.permutations(range(len(rows))))
    folder = tmp_path_factory.mktemp("order")
    results = []
    for name, numbers in (("a.csv", range(len(rows))), ("b.csv", order)):
        lines = [f"respondent,{','.join(cell)}", *(f"i{k}," + ",".join(rows[k][v] for v in cell) for k in numbers)]
        (folder / name).write_text("\n".join(lines), "utf-8")
        results.append(read_responses(folder / name, shop))
    straight, permuted = results
    pd.testing.assert_frame_equal(straight.frame, permuted.frame.loc[straight.frame.index])
    pd.testing.assert_frame_equal(straight.missing, permuted.missing.loc[straight.frame.index])


@needs("ecsi-mobile/mobi.csv")
def test_the_mobile_customers_are_read_as_they_stand():
    responses = read_responses(DATA / "ecsi-mobile/mobi.csv", read_questionnaire("ecsi-mobile"))
    plain = pd.read_csv(DATA / "ecsi-mobile/mobi.csv").astype(float)
    assert responses.frame.shape == (250, 24)
    assert (responses.frame[plain.columns].to_numpy() == plain.to_numpy()).all()
    assert responses.absent == ()
    assert (responses.missing == "").to_numpy().all()


AIRPORT = """\
satmeter: 1
id: airport
version: "1"
title: Airport
languages: [en]
scales:
  rate5:
    range: [1, 5]
    low: Unacceptable
    high: Outstanding
    missing:
      6: {label: Never used, reason: not_applicable}
      0: {label: Blank in some columns, reason: no_answer}
      Blank: {label: Blank, reason: no_answer}
constructs:
  airport:
    role: satisfaction
    label: Airport
    scale: rate5
    items: {Q7ART: Art, Q7FOOD: Food, Q7SIGN: Signs, Q7ALL: Overall}
pages:
  - {grid: [airport]}
"""


@needs("sfo-airport/sfo_customer_survey_2017.csv")
def test_the_airport_codes_of_missing_answers(tmp_path):
    (tmp_path / "airport.yaml").write_text(AIRPORT, "utf-8")
    questionnaire = read_questionnaire(tmp_path / "airport.yaml")
    responses = read_responses(DATA / "sfo-airport/sfo_customer_survey_2017.csv", questionnaire)
    reasons = {v: responses.missing[v].value_counts().to_dict() for v in ("Q7ART", "Q7ALL")}
    assert reasons["Q7ART"] == {"": 2284, "not_applicable": 445, "no_answer": 102}
    assert reasons["Q7ALL"] == {"": 2688, "no_answer": 143}  # written `Blank` in this column
    assert responses.unknown == ()
    assert responses.frame["Q7ART"].value_counts().to_dict() == {4: 892, 5: 744, 3: 553, 2: 77, 1: 18}
    assert "WEIGHT" in responses.other.columns


@needs("sfo-airport/sfo_customer_survey_2016.csv")
def test_both_years_of_the_airport_are_joined(tmp_path):
    (tmp_path / "airport.yaml").write_text(AIRPORT, "utf-8")
    files = [DATA / f"sfo-airport/sfo_customer_survey_{year}.csv" for year in (2016, 2017)]
    responses = read_responses(files, read_questionnaire(tmp_path / "airport.yaml"))
    assert responses.n_read == 3087 + 2831
    assert responses.other["YEAR"].value_counts().to_dict() == {"2016": 3087, "2017": 2831}


def test_an_export_of_a_chinese_survey_platform(read):
    header = "序号,提交答卷时间,所用时间,来源,1、同意参加,2、所在城市,3、用过的渠道,"
    header += "4、您是否同意下列说法—质量可靠,外观好看,5、推荐的可能"
    rows = [
        "1,2026/5/1 10:00:00,123秒,微信,同意,北城,网站┋柜台,同意,5分,10",
        "2,2026/5/1 11:00:00,59秒,微信,同意,南城,(跳过),98,(空),",
    ]
    columns = {"序号": "respondent", "所用时间": "seconds", "提交答卷时间": "submitted"}
    responses = read("\n".join([header, *rows]), encoding="gb18030", columns=columns)
    assert responses.frame.index.tolist() == ["1", "2"]
    assert responses.frame.loc["1", ["ok", "city", "used", "p1", "p3", "l1"]].tolist() == [
        "yes",
        "n",
        ("w", "c"),
        4,
        5,
        10,
    ]
    assert responses.missing.loc["2", ["used", "p1", "p3", "l1"]].tolist() == [
        "not_asked",
        "dont_know",
        "no_answer",
        "no_answer",
    ]
    assert responses.other.columns.tolist() == ["respondent", "submitted", "seconds", "来源"]
    assert responses.unknown == ()
