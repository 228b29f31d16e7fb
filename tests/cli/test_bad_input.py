"""Bad answers: each gets a coded error or a note, never a traceback, and nothing is written half."""

import csv
import json
import re
from pathlib import Path

import numpy as np
import pytest

from satmeter.cli.main import run

CODE = re.compile(r"^[A-Z]\d{3}", re.MULTILINE)
QUESTIONNAIRE = """\
satmeter: 1
id: small
version: "1"
title: {zh-CN: 小问卷, en: Small}
languages: [zh-CN, en]
scales:
  agree5:
    points:
      1: {zh-CN: 很差, en: Very poor}
      2: {zh-CN: 差, en: Poor}
      3: {zh-CN: 一般, en: Fair}
      4: {zh-CN: 好, en: Good}
      5: {zh-CN: 很好, en: Very good}
constructs:
  product:
    role: driver
    label: {zh-CN: 产品, en: Product}
    scale: agree5
    items: {p1: {zh-CN: 一, en: One}, p2: {zh-CN: 二, en: Two}, p3: {zh-CN: 三, en: Three}}
  service:
    role: driver
    label: {zh-CN: 服务, en: Service}
    scale: agree5
    items: {s1: {zh-CN: 四, en: Four}, s2: {zh-CN: 五, en: Five}}
  satisfaction:
    role: satisfaction
    label: {zh-CN: 满意, en: Satisfaction}
    scale: agree5
    items: {c1: {zh-CN: 六, en: Six}, c2: {zh-CN: 七, en: Seven}}
questions:
  region:
    type: choice
    text: {zh-CN: 地区, en: Region}
    options: {n: {zh-CN: 北, en: North}, s: {zh-CN: 南, en: South}}
model: {satisfaction: [product, service]}
"""
COLUMNS = ["region", "p1", "p2", "p3", "s1", "s2", "c1", "c2"]


def good_rows(n=60):
    rng = np.random.default_rng(7)
    latent = rng.normal(size=(n, 1))
    ratings = np.clip(np.round(3 + latent + 0.8 * rng.normal(size=(n, 7))), 1, 5).astype(int)
    return [["ns"[i % 2], *map(str, row)] for i, row in enumerate(ratings)]


class Study:
    """A folder with a questionnaire, a study file and answers to spoil."""

    def __init__(self, folder: Path):
        self.folder = folder
        (folder / "q.yaml").write_text(QUESTIONNAIRE, "utf-8")
        (folder / "study.yaml").write_text(
            "satmeter: 1\nquestionnaire: q.yaml\nresponses: answers.csv\ngroups: [region]\n"
            "quality: {straightlining: off, duplicates: off}\nuncertainty: {replicates: 100}\n",
            "utf-8",
        )

    def answers(self, rows, columns=COLUMNS):
        with (self.folder / "answers.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([columns, *rows])

    def run(self, capsys):
        code = run(["run", str(self.folder / "study.yaml"), "-o", str(self.folder / "out"), "--no-figures"])
        return code, capsys.readouterr().err

    def document(self):
        return json.loads((self.folder / "out/results.json").read_text("utf-8"))

    def notes(self):
        document = self.document()
        sections = [part for part in document.values() if isinstance(part, dict) and "notes" in part]
        return [(note["code"], note["about"]) for part in sections for note in part["notes"]]


@pytest.fixture(params=["en", "zh-CN"])
def study(tmp_path, monkeypatch, request):
    monkeypatch.setenv("SATMETER_LANG", request.param)
    return Study(tmp_path)


def refused(study, capsys, *codes):
    code, message = study.run(capsys)
    assert code == 1
    assert set(CODE.findall(message)) & set(codes), message
    assert "U999" not in message
    assert "Traceback" not in message
    assert not (study.folder / "out").exists()


def noted(study, capsys, *expected):
    code, message = study.run(capsys)
    assert code == 0, message
    assert set(study.notes()) & set(expected), study.notes()
    assert {path.name for path in (study.folder / "out").glob("report*")} == {"report.zh-CN.html", "report.en.html"}
    json.dumps(study.document(), allow_nan=False)


def test_good_answers_are_analysed(study, capsys):
    study.answers(good_rows())
    code, _ = study.run(capsys)
    assert code == 0
    assert {row["driver"] for row in study.document()["drivers"]["rows"]} == {"product", "service"}


def test_an_empty_file(study, capsys):
    (study.folder / "answers.csv").write_bytes(b"")
    refused(study, capsys, "R003")


def test_a_header_without_rows(study, capsys):
    study.answers([])
    refused(study, capsys, "R004")


def test_one_respondent(study, capsys):
    study.answers(good_rows(1))
    noted(study, capsys, ("S101", ""))


@pytest.mark.parametrize(("region", "code"), [("", "R004"), ("n", "S029")])
def test_all_answers_missing(study, capsys, region, code):
    study.answers([[region, *[""] * 7] for _ in range(30)])
    refused(study, capsys, code)


def test_a_constant_item(study, capsys):
    study.answers([[*row[:1], "4", *row[2:]] for row in good_rows()])
    noted(study, capsys, ("S104", "p1"))


def test_two_identical_items(study, capsys):
    study.answers([[*row[:2], row[1], *row[3:]] for row in good_rows()])
    noted(study, capsys, ("S105", "p1"), ("S105", "p2"))


def test_a_construct_nobody_answered(study, capsys):
    study.answers([[*row[:4], "", "", *row[6:]] for row in good_rows()])
    noted(study, capsys, ("S103", "service"))


def test_a_group_of_one(study, capsys):
    rows = good_rows()
    study.answers([["s" if i == 0 else "n", *row[1:]] for i, row in enumerate(rows)])
    noted(study, capsys, ("S106", "region"))


def test_a_column_named_twice(study, capsys):
    study.answers([[*row, row[-1]] for row in good_rows()], [*COLUMNS, "c2"])
    refused(study, capsys, "R008")


def test_a_label_that_is_not_on_the_scale_names_row_and_column_and_never_the_answer(study, capsys):
    rows = good_rows()
    rows[4][2] = "secret answer"
    study.answers(rows)
    noted(study, capsys, ("R104", "p2"))
    text = (study.folder / "out/results.json").read_text("utf-8")
    assert "secret answer" not in text
    assert "6" in next(
        note["en"] for part in study.document().values() if isinstance(part, dict) and "notes" in part
        for note in part["notes"] if note["code"] == "R104"
    )  # fmt: skip


def test_a_column_of_labels_that_are_not_on_the_scale(study, capsys):
    study.answers([[*row[:2], "strange", *row[3:]] for row in good_rows()])
    refused(study, capsys, "R018")


def test_200_000_columns(study, capsys):
    study.answers([], [f"c{i}" for i in range(200_000)])
    refused(study, capsys, "R007")


@pytest.mark.parametrize(
    "content", [b"\x89PNG\r\n\x1a\n\x00\x00\x00", b"PK\x03\x04\x14\x00\x06\x00", b"a,b\n\x00\x01,2\n"]
)
def test_a_binary_file_with_the_ending_csv(study, capsys, content):
    (study.folder / "answers.csv").write_bytes(content)
    refused(study, capsys, "R005", "R006")
