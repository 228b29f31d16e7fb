"""What the README shows is what happens."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")


def blocks(kind, text=README):
    return re.findall(rf"```{kind}\n(.*?)```", text, re.DOTALL)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder in which every command of 'A real study' was given, in order."""
    place = tmp_path_factory.mktemp("readme")
    study = next(block for block in blocks("yaml") if "responses:" in block)
    (place / "study.yaml").write_text(study, "utf-8")
    commands = next(block for block in blocks("sh") if "satmeter simulate" in block)
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    for line in commands.splitlines():
        run = subprocess.run(line, shell=True, cwd=place, env=environment, capture_output=True, encoding="utf-8")
        assert run.returncode == 0, f"{line}\n{run.stderr}"
    return place


def test_the_commands_write_what_the_readme_says(folder):
    made = {str(path.relative_to(folder)) for path in folder.rglob("*")}
    assert {"form.html", "answers.csv", "out/results.json", "out/report.zh-CN.html", "out/report.en.html"} <= made
    assert {"out/tables/scores.csv", "out/figures/importance-satisfaction.en.svg"} <= made


def test_the_python_example_runs(folder):
    code = blocks("python")[0]
    run = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, encoding="utf-8")
    assert run.returncode == 0, run.stderr
    assert "alpha" in run.stdout


def test_both_readmes_show_the_same_commands_and_files():
    chinese = (ROOT / "README.zh-CN.md").read_text("utf-8")

    def commands(text):
        return [line.split("#")[0].strip() for block in blocks("sh", text) for line in block.splitlines()]

    english = [re.sub("--language en", "--language zh-CN", line) for line in commands(README)]
    assert commands(chinese) == english
    assert blocks("yaml", chinese) == blocks("yaml")


def test_the_makefile_has_the_two_commands():
    text = (ROOT / "Makefile").read_text("utf-8")
    assert re.search(r"^demo:.*##", text, re.MULTILINE)
    assert re.search(r"^test:.*##", text, re.MULTILINE)
