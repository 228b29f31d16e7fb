"""`reports` may name a folder of the user's, which lies beside the study file."""

import shutil

import pytest

from satmeter.errors import StudyError
from satmeter.study import read_study

OURS = "reports: [{template: ./ours}]\n"


@pytest.fixture
def ours(folder):
    (folder / "ours").mkdir()
    (folder / "ours" / "template.toml").write_text('extends = "satisfaction"\n', "utf-8")
    return folder / "ours"


def test_the_folder_is_looked_for_beside_the_study_file(plan_of, ours, monkeypatch, tmp_path_factory):
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    (wish,) = plan_of(OURS).reports
    assert wish.template == str(ours)


def test_a_built_in_name_stays_a_name(plan_of):
    (wish,) = plan_of("reports: [{template: satisfaction}]\n").reports
    assert wish.template == "satisfaction"


@pytest.mark.parametrize("name", ["./theirs", "../ours", "ours", "./answers.csv"])
def test_a_folder_that_is_no_template_is_told(plan_of, ours, name):
    with pytest.raises(StudyError) as caught:
        plan_of(f"reports: [{{template: {name}}}]\n")
    assert [problem.code for problem in caught.value.problems] == ["S012"]
    assert "./ours" in caught.value.text("en")


def test_the_digest_does_not_depend_on_the_place(plan_of, folder, ours, tmp_path_factory):
    here = plan_of(OURS).digest
    other = tmp_path_factory.mktemp("other") / "copy"
    shutil.copytree(folder, other)
    assert read_study(other / "study.yaml").digest == here
