"""The long study file of docs/study.md is in order, runs, and none of its keys is left idle by another one."""

import re
from pathlib import Path

import pandas as pd
import pytest

from satmeter.cli.analysis import STEPS, analyse
from satmeter.cli.main import run
from satmeter.cli.progress import Steps
from satmeter.questionnaire import read_questionnaire
from satmeter.responses import simulate, write_simulation
from satmeter.study import read_study

DOCS = Path(__file__).parents[2] / "docs"

IDLE = {"S114", "D132", "D153", "D155", "D157", "D165", "D197", "D203", "D204", "D206"}
"""Notes that something asked for was not carried out because of another key, or for lack of anything to work on."""


def blocks(page):
    return re.findall(r"```yaml\n(.*?)```", (DOCS / page).read_text("utf-8"), re.DOTALL)


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    folder = tmp_path_factory.mktemp("example")
    write_simulation(simulate(read_questionnaire("power-utility"), 360, seed=4), folder / "all.csv")
    table = pd.read_csv(folder / "all.csv", dtype=str)
    numbers = pd.Series(range(len(table)))
    table = table.rename(columns={"pv1": "V1", "seconds": "所用时间"}).assign(
        respondent=numbers, 所用时间="300", w=1 + numbers % 3 / 4, branch=numbers // 6, district=numbers // 90
    )
    table[:200].to_csv(folder / "spring.csv", index=False)
    table[200:].to_excel(folder / "autumn.xlsx", index=False)
    table[:150].drop(columns=["w", "branch", "district"]).to_csv(folder / "again.csv", index=False)
    return folder


@pytest.mark.parametrize("page", ["study.md", "zh-CN/study.md"])
def test_both_pages_show_study_files_that_are_in_order(answers, page, capsys):
    short, full, *further = blocks(page)
    assert len(further) >= 2
    (answers / "answers.csv").write_bytes((answers / "spring.csv").read_bytes())
    (answers / "sample.csv").write_text("id,status,region,age,w\n1,complete,n,30,2\n", "utf-8")
    for number, text in enumerate((short, full, *(short + block for block in further))):
        path = answers / f"study{number}.yaml"
        path.write_text(text, "utf-8")
        assert run(["check", str(path)]) == 0, capsys.readouterr().out


def test_both_pages_show_the_same_keys():
    plain = [re.sub(r"#.*|publication:.*", "", block) for block in blocks("study.md")]
    assert plain == [re.sub(r"#.*|publication:.*", "", block) for block in blocks("zh-CN/study.md")]


@pytest.mark.slow
def test_no_key_of_the_example_is_idle(answers):
    path = answers / "full.yaml"
    path.write_text(blocks("study.md")[1].replace("replicates: 1000", "replicates: 100"), "utf-8")
    document = analyse(read_study(path), Steps(*STEPS))
    notes = {
        note["code"] for section in document.values() if isinstance(section, dict) for note in section.get("notes", ())
    }
    assert notes & IDLE == set()
    for section in ("dominance", "segments", "moderation", "moderated_mediation", "path_moderation", "path_groups"):
        assert document[section]["rows"], section
    for section in ("path_models", "path_importance", "prediction", "mediation", "invariance", "dif"):
        assert document[section]["rows"] or document[section]["notes"], section
    assert any(row["model"] == "multinomial" for row in document["regression"]["rows"])
    found = {row["statistic"] for row in document["validity"]["rows"]}
    assert {"known_groups", "criterion"} <= found
    assert {"test_retest", "difference_reliability"} <= {row["coefficient"] for row in document["reliability"]["rows"]}
