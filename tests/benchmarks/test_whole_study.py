"""Everything about 60 items of 12 constructs, 2,000 respondents and 1,000 replicates, through the command line."""

from __future__ import annotations

import resource
import subprocess
import sys

import pytest

pytestmark = pytest.mark.speed

YARDSTICK = 0.20
MOST = 20.0  # CPU seconds of the whole run on the machine where the yardstick takes 0.20
SATMETER = (sys.executable, "-m", "satmeter")


def questionnaire(n_constructs=12, n_items=5):
    """YAML of a questionnaire on five-point scales, one construct explained by the others, and a grouping question."""
    names = [f"c{k}" for k in range(1, n_constructs)] + ["satisfaction"]
    lines = ["satmeter: 1", "id: big", 'version: "1"', "title: {en: Big}", "languages: [en]", "scales:", "  agree5:"]
    lines += ["    points:", *(f"      {k}: {{en: Level {k}}}" for k in range(1, 6)), "constructs:"]
    for name in names:
        role = "satisfaction" if name == "satisfaction" else "driver"
        lines += [f"  {name}:", f"    role: {role}", f"    label: {{en: Construct {name}}}", "    scale: agree5"]
        lines += ["    items:", *(f"      {name}_{i}: {{en: Item {name} {i}}}" for i in range(1, n_items + 1))]
    lines += ["questions:", "  region:", "    type: choice", "    text: {en: Region}", "    options:"]
    lines += [*(f"      r{k}: {{en: Region {k}}}" for k in range(1, 5))]
    return "\n".join([*lines, "model:", f"  satisfaction: [{', '.join(names[:-1])}]", ""])


def cpu_seconds(environment, folder, *arguments):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run = subprocess.run([*SATMETER, *arguments], cwd=folder, env=environment, capture_output=True, encoding="utf-8")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert run.returncode == 0, run.stderr
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, run.stderr


def test_everything_about_60_items_takes_a_few_seconds(tmp_path, one_thread, workload):
    environment = one_thread | {"SATMETER_LANG": "en"}
    (tmp_path / "big.yaml").write_text(questionnaire(), "utf-8")
    (tmp_path / "study.yaml").write_text(
        "satmeter: 1\nquestionnaire: big.yaml\nresponses: answers.csv\nmeasurement: full\ngroups: [region]\n"
        "uncertainty: {replicates: 1000}\n",
        "utf-8",
    )
    cpu_seconds(environment, tmp_path, "simulate", "big.yaml", "-n", "2000", "-o", "answers.csv")
    seconds, told = cpu_seconds(environment, tmp_path, "run", "study.yaml", "--timings", "--no-figures")
    steps = {line.split(" s  ")[1]: float(line.split()[0]) for line in told.splitlines() if " s  " in line}
    assert {"reliability and scores", "validity"} <= set(steps), told
    assert seconds < MOST / YARDSTICK * workload("yardstick")["yardstick"], (seconds, steps)
