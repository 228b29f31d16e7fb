"""The guide from 问卷星 to the report, followed word by word in both languages on exports made here."""

import csv
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from pandas.testing import assert_frame_equal

import satmeter as sat
from satmeter.errors.catalogue import entries

ROOT = Path(__file__).parents[2]
GUIDES = {"zh-CN": ROOT / "docs/zh-CN/wenjuanxing.md", "en": ROOT / "docs/wenjuanxing.md"}
ENVIRONMENT = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}

# The variables behind the columns of the guide's header, after the platform's own six.
VARIABLES = ("age", "business", "complained", "sv1", "sv2", "sv3", "ac1")
VARIABLES += ("pe1", "pe2", "cs1", "cs2", "ly1", "ly2", "why")
AGREE = dict(zip("123456", ("非常不同意", "不同意", "一般", "同意", "非常同意", "不了解"), strict=True))
LABELS = {
    "age": {"1": "30 岁以下", "2": "30–49 岁", "3": "50 岁及以上"},
    "business": {"1": "存取款", "2": "贷款", "3": "理财"},
    "complained": {"1": "是", "2": "否"},
} | dict.fromkeys(["sv1", "sv2", "sv3", "ac1", "pe1", "pe2", "cs1", "cs2"], AGREE)


def blocks(language, kind):
    return re.findall(rf"^```{kind}\n(.*?)^```", GUIDES[language].read_text("utf-8"), re.DOTALL | re.MULTILINE)


def give(command, folder, language="zh-CN"):
    environment = ENVIRONMENT | {"SATMETER_LANG": language}
    return subprocess.run(command, shell=True, cwd=folder, env=environment, capture_output=True, encoding="utf-8")


def cell(row, variable, by_text):
    code = row[variable]
    if variable == "sv3" and row["complained"] != "1":
        return "(跳过)" if by_text else "-3"
    if not code:
        return "(空)" if by_text else "-2"
    if variable == "business":
        return "┋".join(LABELS[variable][part] if by_text else part for part in code.split(";"))
    return LABELS[variable][code] if by_text and variable in LABELS else code


def export(answers, header, by_text):
    """Answers in satmeter's codes as the platform would have written them."""
    yield header
    for i, row in enumerate(answers, 1):
        seconds = int(row["seconds"])
        time = f"{seconds}秒" if seconds < 100 else f"{seconds // 60}分{seconds % 60}秒"
        yield [str(i), f"2026/5/{i % 28 + 1} 10:12:33", time, "微信", "N/A", "203.0.113.7(北京-北京)"] + [
            cell(row, variable, by_text) for variable in VARIABLES
        ]


def one_column_each(rows):
    """The same export with one column for every option of the multiple question."""
    place = 6 + VARIABLES.index("business")
    options = LABELS["business"]
    header, *answers = rows
    yield [*header[:place], *(f"{header[place]}（{label}）" for label in options.values()), *header[place + 1 :]]
    for row in answers:
        chosen = row[place].split("┋")
        ticks = chosen * len(options) if chosen == ["-2"] else [str(int(code in chosen)) for code in options]
        yield [*row[:place], *ticks, *row[place + 1 :]]


def write(path, rows, encoding="gb18030"):
    if path.suffix == ".csv":
        with path.open("w", encoding=encoding, newline="") as file:
            csv.writer(file).writerows(rows)
        return
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append([int(text) if re.fullmatch(r"-?\d+", text) else text for text in row])
    book.save(path)


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    place = tmp_path_factory.mktemp("simulated")
    (place / "branch.yaml").write_text(blocks("en", "yaml")[0], "utf-8")
    made = give("satmeter simulate branch.yaml -n 300 --seed 7 -o answers.csv", place)
    assert made.returncode == 0, made.stderr
    with (place / "answers.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[0] |= {"why": "柜员很热情，谢谢", "complained": "2", "sv3": ""}
    return rows


def follow(language, folder, answers, name, by_text):
    """Do what the guide says, command by command; return the results."""
    header = blocks(language, "text")[0].splitlines()
    assert len(header) == 6 + len(VARIABLES)
    write(folder / name, export(answers, header, by_text))
    questionnaire, study = blocks(language, "yaml")
    (folder / "branch.yaml").write_text(questionnaire, "utf-8")
    (folder / "study.yaml").write_text(study.replace("answers.csv", name), "utf-8")
    commands = [line for block in blocks(language, "sh") for line in block.splitlines()]
    assert commands == [
        "satmeter check branch.yaml",
        "satmeter check study.yaml",
        "satmeter run study.yaml -o out/",
    ]
    for command in commands:
        done = give(command, folder, language)
        assert done.returncode == 0, f"{command}\n{done.stderr}"
    return json.loads((folder / "out/results.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def by_text(tmp_path_factory, answers):
    folder = tmp_path_factory.mktemp("text")
    return folder, follow("zh-CN", folder, answers, "answers.csv", True)


def scores(results):
    return {
        (row["measure"], row["statistic"], row["group"]): (row["estimate"], row["n"])
        for row in results["scores"]["rows"]
    }


def kept_by_hand(answers):
    """Respondents whom the guide's excluding rules leave: attention, then time; nobody misses half of the items."""
    right = [row for row in answers if row["ac1"] in ("", "4")]
    return [row for row in right if int(row["seconds"]) >= 60]


def test_the_guide_ends_with_the_report(by_text):
    folder, _ = by_text
    assert {"report.zh-CN.html", "report.en.html", "results.json", "tables"} <= {
        p.name for p in (folder / "out").iterdir()
    }
    assert (folder / "out/tables/scores.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert "按 gb18030 编码读取" in (folder / "out/report.zh-CN.html").read_text("utf-8")


def test_the_disposition_is_that_of_the_rules(by_text, answers):
    steps = {row["step"]: row["n"] for row in by_text[1]["disposition"]["rows"]}
    assert steps["read"] == 300
    assert steps["attention"] == sum(row["ac1"] in ("", "4") for row in answers) < 300
    assert steps["kept"] == len(kept_by_hand(answers)) < steps["attention"]


def test_labels_are_read_as_the_right_codes(by_text, answers):
    kept = kept_by_hand(answers)
    items = {row["item"]: row for row in by_text[1]["items"]["rows"]}
    for item, turned in (("sv1", False), ("sv3", True), ("ly1", False)):
        shown = [row for row in kept if item != "sv3" or row["complained"] == "1"]
        ratings = [int(row[item]) for row in shown if row[item] not in ("", "6") or (item == "ly1" and row[item])]
        mean = sum(6 - r if turned else r for r in ratings) / len(ratings)
        assert items[item]["mean"] == pytest.approx(mean, abs=1e-12)
        assert items[item]["n"] == len(ratings)


def test_nothing_was_left_unread(by_text):
    codes = {note["code"] for note in by_text[1]["study"]["notes"]}
    assert codes & {"R103", "R104", "R107"} == set()


def test_the_export_by_number_gives_the_same_scores(by_text, answers, tmp_path):
    found = follow("en", tmp_path, answers, "answers.xlsx", False)
    assert scores(found) == scores(by_text[1])
    assert found["disposition"] == by_text[1]["disposition"]
    write(tmp_path / "answers.csv", export(answers, blocks("en", "text")[0].splitlines(), False))
    plan = sat.read_study(tmp_path / "study.yaml")
    questionnaire = sat.read_questionnaire(tmp_path / "branch.yaml")
    book, text = (
        sat.read_responses(tmp_path / name, questionnaire, columns=plan.columns)
        for name in ("answers.xlsx", "answers.csv")
    )
    assert_frame_equal(book.frame, text.frame)
    assert_frame_equal(book.missing, text.missing)
    write(tmp_path / "options.csv", one_column_each(export(answers, blocks("en", "text")[0].splitlines(), False)))
    split = sat.read_responses(tmp_path / "options.csv", questionnaire, columns=plan.columns)
    assert_frame_equal(split.frame, text.frame)


def message(folder, answers, study=None, rows=None, name="answers.csv"):
    """Output of `run` after something in the example was spoilt."""
    header = blocks("zh-CN", "text")[0].splitlines()
    questionnaire, usual = blocks("zh-CN", "yaml")
    write(folder / name, rows or export(answers, header, True))
    (folder / "branch.yaml").write_text(questionnaire, "utf-8")
    (folder / "study.yaml").write_text(study(usual) if study else usual, "utf-8")
    done = give("satmeter run study.yaml -o out/ --no-figures", folder)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stderr, folder / "out/results.json"


def spoilt(answers, change):
    rows = [list(row) for row in export(answers, blocks("zh-CN", "text")[0].splitlines(), True)]
    change(rows)
    return rows


def rename_all(rows):
    rows[0] = [f"列{i}" for i, _ in enumerate(rows[0])]


def same_question_twice(rows):
    for row in rows:
        row.append(row[9])
    rows[0][-1] = "11、排队时间短"


def other_labels(rows):
    for row in rows[1:]:
        row[9] = "挺好"


@pytest.mark.parametrize(
    ("code", "study", "change"),
    [
        ("R013", lambda text: re.sub(r"columns:\n(  .*\n)+", "", text), rename_all),
        ("R015", None, same_question_twice),
        ("R016", lambda text: text.replace("8、推荐可能性（0–10 分）", "8、推荐可能性(0–10 分)"), None),
        ("R018", None, other_labels),
    ],
)
def test_errors_of_the_guide_come_as_described(code, study, change, answers, tmp_path):
    status, text, results = message(tmp_path, answers, study, change and spoilt(answers, change))
    assert status == 1
    assert text.startswith(f"{code}: ") or f"\n{code}: " in text
    assert not results.exists()


def lose_a_column(rows):
    for row in rows:
        del row[10]


def one_strange_answer(rows):
    rows[5][9] = "挺好"


def answer_what_was_not_asked(rows):
    place = rows[0].index("5、投诉处理得慢")
    next(row for row in rows[1:] if row[8] == "否")[place] = "同意"


def test_notes_of_the_guide_come_as_described(answers, tmp_path):
    def change(rows):
        lose_a_column(rows)
        one_strange_answer(rows)
        answer_what_was_not_asked(rows)

    status, text, results = message(tmp_path, answers, rows=spoilt(answers, change))
    assert status == 0, text
    codes = {note["code"] for note in json.loads(results.read_text("utf-8"))["study"]["notes"]}
    assert codes >= {"R101", "R103", "R104", "R107", "R110"}


@pytest.mark.parametrize("language", GUIDES)
def test_every_code_in_the_guide_exists(language):
    codes = set(re.findall(r"\b[A-Z]\d{3}\b", GUIDES[language].read_text("utf-8")))
    assert codes >= {"R013", "R104", "S027"}
    assert codes - set(entries()) == set()
