"""Tracking studies from files to results: rows of one file, studies of their own, and what cannot be."""

from dataclasses import asdict

import numpy as np
import pandas as pd
import pytest

from satmeter.cli.analysis import STEPS, analyse
from satmeter.cli.progress import Steps
from satmeter.cli.wave_studies import follow, read_wave_answers
from satmeter.errors import SatmeterError
from satmeter.moments import make_resampling
from satmeter.questionnaire import read_questionnaire
from satmeter.record.document import plain_value
from satmeter.record.wording import note_row
from satmeter.responses import simulate, write_simulation
from satmeter.study import make_study, read_study

QUESTIONNAIRE = """\
satmeter: 1
id: office
version: "1"
title: {zh-CN: 营业厅, en: Office}
languages: [zh-CN, en]
scales:
  agree5: {range: [1, 5], low: {zh-CN: 不同意, en: Disagree}, high: {zh-CN: 同意, en: Agree}}
constructs:
  staff:
    role: driver
    label: {zh-CN: 员工, en: Staff}
    scale: agree5
    items:
      s1: {zh-CN: 热情, en: Friendly}
      s2: {zh-CN: 专业, en: Competent}
      s3: {zh-CN: 及时, en: Prompt}
  satisfaction:
    role: satisfaction
    label: {zh-CN: 满意度, en: Satisfaction}
    scale: agree5
    items:
      c1: {zh-CN: 总体, en: Overall}
      c2: {zh-CN: 期望, en: As expected}
questions:
  region:
    type: choice
    text: {zh-CN: 地区, en: Region}
    options: {n: {zh-CN: 北, en: North}, s: {zh-CN: 南, en: South}}
model: {satisfaction: [staff]}
pages: [[region, staff], [satisfaction]]
"""
HEAD = "satmeter: 1\nquestionnaire: {q}\nresponses: {}\ngroups: [region]\nuncertainty: {{replicates: 100}}\n"
OWN = HEAD.replace("{q}", "../office.yaml")
LABELS = ("2024", "2025", "2026")


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    """Answers of three waves, simulated with three seeds."""
    folder = tmp_path_factory.mktemp("tables")
    (folder / "office.yaml").write_text(QUESTIONNAIRE, "utf-8")
    found, questionnaire = {}, read_questionnaire(folder / "office.yaml")
    for seed, label in enumerate(LABELS):
        path, _ = write_simulation(simulate(questionnaire, 150, seed=seed), folder / f"{label}.csv")
        table = pd.read_csv(path, dtype=str, encoding="utf-8-sig", keep_default_na=False)
        found[label] = table.assign(respondent=[f"{label}-{i}" for i in range(len(table))])
    return found


@pytest.fixture
def folder(tmp_path, tables):
    (tmp_path / "office.yaml").write_text(QUESTIONNAIRE, "utf-8")
    for label, table in tables.items():
        (tmp_path / label).mkdir()
        table.to_csv(tmp_path / label / "answers.csv", index=False)
        (tmp_path / label / "study.yaml").write_text(OWN.format("answers.csv"), "utf-8")
    stacked = pd.concat([table.assign(wave=label) for label, table in tables.items()])
    stacked.sample(frac=1, random_state=1).to_csv(tmp_path / "all.csv", index=False)
    return tmp_path


def plan_of(path, text):
    head = OWN.format("answers.csv") if path.parent.name in LABELS else HEAD.format("all.csv", q="office.yaml")
    path.write_text(head + text, "utf-8")
    return read_study(path)


def document_of(path, text):
    """Return the whole document of a run."""
    return analyse(plan_of(path, text), Steps(*STEPS))


def waves_of(path, text):
    """Return the sections on waves alone, without what else a run computes."""
    plan = plan_of(path, text)
    questionnaire = read_questionnaire(plan.questionnaire)
    answers = read_wave_answers(plan, questionnaire)
    study = make_study(plan, answers.responses)
    found = follow(study, make_resampling(study), answers, lambda plan, responses: None)
    rows = [plain_value(asdict(row)) for row in found.rows]
    return {
        "waves": {"rows": rows, "notes": [note_row(note, questionnaire) for note in found.notes]},
        "wave_changes": {"rows": [plain_value(asdict(row)) for row in found.changes]},
    }


def problems_of(path, text):
    with pytest.raises(SatmeterError) as error:
        waves_of(path, text)
    assert error.value.text("zh-CN")
    return error.value.problems


def rows_of(document, **wanted):
    return [row for row in document["waves"]["rows"] if all(row[key] == value for key, value in wanted.items())]


FILES = "waves: {earlier: {'2024': ../2024/study.yaml, '2025': ../2025/study.yaml}, order: ['2024', '2025', '2026']}\n"


def test_both_forms_give_the_same_figures(folder):
    one = document_of(folder / "study.yaml", "waves: {variable: wave, baseline: '2024'}\n")
    own = document_of(folder / "2026" / "study.yaml", FILES.replace("'2026']", "'2026'], baseline: '2024'"))
    for document in (one, own):
        assert [wave["wave"] for wave in document["study"]["waves"]] == list(LABELS)
        assert document["study"]["n"] == document["study"]["waves"][-1]["n"]
        assert {row["broken"] == [] for row in document["waves"]["rows"]} == {True}
    pairs = list(zip(one["waves"]["rows"], own["waves"]["rows"], strict=True))
    assert len(pairs) > 50
    for first, second in pairs:
        assert {k: first[k] for k in ("wave", "against", "role", "group", "measure")} == {
            k: second[k] for k in ("wave", "against", "role", "group", "measure")
        }
        assert first["estimate"] == pytest.approx(second["estimate"], rel=1e-9)
        if first["change"] is not None:
            assert first["change"] == pytest.approx(second["change"], rel=1e-9, abs=1e-12)
    scores = {(r["measure"], r["statistic"], r["group"]): r["estimate"] for r in one["scores"]["rows"]}
    newest = rows_of(one, wave="2026", role="previous")
    assert all(row["estimate"] == scores[row["measure"], row["statistic"], row["group"]] for row in newest)
    assert [wave["wave"] for wave in own["provenance"]["waves"]] == ["2024", "2025"]
    assert len({wave["data_digest"] for wave in own["provenance"]["waves"]}) == 2
    assert len({wave["plan_digest"] for wave in own["provenance"]["waves"]}) == 1
    assert {wave["source"] for wave in one["provenance"]["waves"]} == {"all.csv [2024]", "all.csv [2025]"}
    assert one["study"]["source"] == "all.csv [2026]"


def test_everything_else_is_about_the_newest_wave_alone(folder):
    tracked = document_of(folder / "2026" / "study.yaml", FILES)
    alone = document_of(folder / "2026" / "study.yaml", "")
    for key in ("scores", "reliability", "drivers", "quality", "disposition", "sample"):
        assert tracked[key] == alone[key]
    assert (alone["waves"], alone["wave_changes"], alone["study"]["waves"]) == ({"rows": [], "notes": []},) * 2 + ([],)
    assert not any(note["code"] == "R110" and "wave" in note["en"] for note in tracked["study"]["notes"])


def test_the_questionnaire_of_then_is_used_and_compared(folder):
    (folder / "then.yaml").write_text(QUESTIONNAIRE.replace("Competent", "Polite"), "utf-8")
    document = waves_of(
        folder / "study.yaml",
        "waves: {variable: wave, questionnaires: {'2024': then.yaml}, baseline: '2024'}\n",
    )
    (change, *_) = [row for row in document["wave_changes"]["rows"] if row["breaks"]]
    assert (change["wave"], change["against"], change["reason"], change["about"]) == ("2025", "2024", "wording", "s2")
    broken = {
        (r["wave"], r["against"], r["measure"]) for r in document["waves"]["rows"] if r["broken"] and not r["group"]
    }
    assert broken == {(w, "2024", m) for w in ("2025", "2026") for m in ("staff", "s2")}
    assert "M260" in {note["code"] for note in document["waves"]["notes"]}


def test_other_rules_of_an_earlier_study(folder):
    path = folder / "2025" / "study.yaml"
    path.write_text(OWN.format("answers.csv") + "quality: {duplicates: exclude}\nmissing: {items: complete}\n", "utf-8")
    document = waves_of(folder / "2026" / "study.yaml", FILES)
    notes = {note["code"]: note for note in document["waves"]["notes"]}
    assert notes["S126"]["about"] == "2025"
    assert "duplicates" in notes["S126"]["zh-CN"]
    (row,) = rows_of(document, wave="2026", measure="staff", statistic="mean_score", group="")
    assert row["broken"] == ["missing_rule"]


def test_a_panel(folder, tables):
    table = tables["2025"].assign(respondent=tables["2026"]["respondent"])
    table.to_csv(folder / "2025" / "answers.csv", index=False)
    text = "waves: {earlier: {'2025': ../2025/study.yaml}, order: ['2025', '2026'], panel: true}\n"
    document = waves_of(folder / "2026" / "study.yaml", text)
    (row,) = rows_of(document, wave="2026", measure="staff", statistic="mean_score", group="")
    assert row["paired"]
    assert 100 < row["n_pairs"] <= 150
    codes = {p.code for p in problems_of(folder / "2026" / "study.yaml", FILES.replace("]}", "], panel: true}"))}
    assert codes == {"S066"}


def test_years_that_a_spreadsheet_wrote_with_decimals_are_the_same_waves(folder):
    text = "waves: {variable: wave, order: ['2024', '2025.0', '2026'], baseline: '2024'}\n"
    plain = waves_of(folder / "study.yaml", text)
    table = pd.read_csv(folder / "all.csv", dtype=str, keep_default_na=False)
    table.loc[::2, "wave"] += ".0"
    table.to_csv(folder / "all.csv", index=False)
    again = waves_of(folder / "study.yaml", text.replace("'2024'", "'2024.00'"))
    assert {row["wave"] for row in plain["waves"]["rows"]} == {"2024", "2025", "2026"}
    assert again["waves"] == plain["waves"]


def test_rows_without_a_wave_or_of_another_one_are_told(folder):
    table = pd.read_csv(folder / "all.csv", dtype=str, keep_default_na=False)
    table.loc[:4, "wave"] = ""
    table.to_csv(folder / "all.csv", index=False)
    document = waves_of(folder / "study.yaml", "waves: {variable: wave, order: ['2024', '2026']}\n")
    notes = {note["code"]: note["en"] for note in document["waves"]["notes"]}
    assert notes["S125"].startswith("5 rows")
    assert "2025" in notes["S127"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("waves: {variable: year}\n", "S069"),
        ("waves: {variable: simulated}\n", "S047"),
        ("waves: {variable: wave, order: ['2024', '2027']}\n", "S093"),
        ("waves: {variable: wave, baseline: '2026'}\n", "S093"),
        ("waves: {variable: wave, mode: {'2023': web}}\n", "S093"),
        ("waves: {variable: wave, breaks: {all: {'2024': x}}}\n", "S093"),
    ],
)
def test_labels_that_the_data_do_not_have(folder, text, code):
    (problem,) = problems_of(folder / "study.yaml", text)
    assert (problem.code, problem.line) == (code, 6)
    assert problem.file.endswith("study.yaml")


def test_the_same_answers_twice(folder):
    (folder / "2025" / "study.yaml").write_text(OWN.format("../2024/answers.csv"), "utf-8")
    (problem,) = problems_of(folder / "2026" / "study.yaml", FILES)
    assert (problem.code, problem.got) == ("S094", "'2024', '2025'")


def test_what_is_wrong_with_the_answers_of_a_wave_says_which(folder):
    table = pd.read_csv(folder / "all.csv", dtype=str, keep_default_na=False)
    then = table["wave"] == "2025"
    for item in ("s1", "s2", "s3", "c1", "c2"):
        table.loc[then, item] = ""
    table.to_csv(folder / "all.csv", index=False)
    found = problems_of(folder / "study.yaml", "waves: {variable: wave}\n")
    assert {(p.code, p.file) for p in found} == {("R021", "all.csv [2025]"), ("R022", "all.csv [2025]")}


def test_the_answers_of_all_studies_are_looked_at_at_once(folder):
    for label in ("2024", "2026"):
        (folder / label / "answers.csv").write_text("s1,s2\n1,2\n", "utf-8")
    found = problems_of(folder / "2026" / "study.yaml", FILES)
    assert [p.code for p in found] == ["R021", "R022"] * 2


def test_weights_that_a_wave_does_not_have(folder):
    table = pd.read_csv(folder / "all.csv", dtype=str, keep_default_na=False)
    table["w"] = ["" if wave == "2024" else "1.5" for wave in table["wave"]]
    table.to_csv(folder / "all.csv", index=False)
    (problem,) = problems_of(folder / "study.yaml", "design: {weight: w}\nwaves: {variable: wave}\n")
    assert (problem.code, problem.file.endswith("study.yaml [2024]")) == ("S020", True)


def test_a_study_with_waves_of_its_own_gives_its_newest(folder):
    (folder / "rows").mkdir()
    table = pd.read_csv(folder / "all.csv", dtype=str, keep_default_na=False)
    table[table["wave"] != "2026"].to_csv(folder / "rows" / "answers.csv", index=False)
    (folder / "rows" / "study.yaml").write_text(OWN.format("answers.csv") + "waves: {variable: wave}\n", "utf-8")
    text = "waves: {earlier: {before: ../rows/study.yaml}, order: [before, now]}\n"
    document = waves_of(folder / "2026" / "study.yaml", text)
    plain = waves_of(folder / "study.yaml", "waves: {variable: wave}\n")
    (row,) = rows_of(document, wave="before", measure="staff", statistic="mean_score", group="")
    (same,) = rows_of(plain, wave="2025", measure="staff", statistic="mean_score", group="")
    assert row["estimate"] == pytest.approx(same["estimate"], rel=1e-12)


def test_an_item_that_was_not_asked_then_breaks_its_construct(folder):
    table = pd.read_csv(folder / "all.csv", dtype=str, keep_default_na=False)
    table.loc[table["wave"] == "2025", "s2"] = ""
    table.to_csv(folder / "all.csv", index=False)
    document = waves_of(folder / "study.yaml", "waves: {variable: wave}\n")
    (row,) = rows_of(document, wave="2026", measure="staff", statistic="mean_score", group="")
    assert row["broken"] == ["missing_item"]
    estimate = np.array([r["estimate"] for r in rows_of(document, measure="staff", statistic="mean_score", group="")])
    assert np.isfinite(estimate).all()
