"""What the README promises about speed, as ratios to a bare Python start (CPU seconds, medians, alternating)."""

import os
import resource
import statistics
import subprocess
import sys
import time

import pytest

pytestmark = pytest.mark.speed

# Python writes compiled modules as it does for a user: the libraries beside which satmeter is measured have theirs.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def cpu_seconds(*arguments, cwd=None):
    """CPU seconds of one child process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run = subprocess.run(arguments, capture_output=True, cwd=cwd, env=ENVIRONMENT)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert run.returncode == 0, run.stderr.decode()
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def ratio(one, other, *, rounds, cwd=None):
    """Median CPU seconds of `one` over those of `other`, run in turn."""
    pairs = [(cpu_seconds(*one, cwd=cwd), cpu_seconds(*other, cwd=cwd)) for _ in range(rounds)]
    return statistics.median(p[0] for p in pairs) / statistics.median(p[1] for p in pairs)


BARE = (sys.executable, "-c", "pass")
SATMETER = (sys.executable, "-m", "satmeter")


@pytest.mark.parametrize(("arguments", "most"), [(["--help"], 6), (["--version"], 6), (["check", "power-utility"], 15)])
def test_start_up(arguments, most):
    cpu_seconds(*SATMETER, *arguments)
    assert ratio((*SATMETER, *arguments), BARE, rounds=15) <= most


def test_a_run_of_1000_rows_without_figures_costs_less_than_importing_pingouin(tmp_path):
    cpu_seconds(*SATMETER, "simulate", "power-utility", "-n", "1000", "-o", "answers.csv", cwd=tmp_path)
    (tmp_path / "study.yaml").write_text("satmeter: 1\nquestionnaire: power-utility\nresponses: answers.csv\n", "utf-8")
    run = (*SATMETER, "run", "study.yaml", "--no-figures")
    cpu_seconds(*run, cwd=tmp_path)
    assert ratio(run, (sys.executable, "-c", "import pingouin"), rounds=7, cwd=tmp_path) < 1


def test_the_statistics_of_250_respondents_with_1000_replicates_take_under_two_seconds(tmp_path):
    cpu_seconds(*SATMETER, "simulate", "ecsi-mobile", "-n", "250", "-o", "answers.csv", cwd=tmp_path)
    (tmp_path / "study.yaml").write_text(
        "satmeter: 1\nquestionnaire: ecsi-mobile\nresponses: answers.csv\nuncertainty: {replicates: 1000}\n", "utf-8"
    )
    environment = ENVIRONMENT | {"SATMETER_LANG": "en"}
    run = subprocess.run(
        [*SATMETER, "run", "study.yaml", "--timings"],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        env=environment,
    )
    assert run.returncode == 0, run.stderr
    seconds = {line.split(" s  ")[1]: float(line.split()[0]) for line in run.stderr.splitlines() if " s  " in line}
    assert seconds["drawing replicates"] + seconds["reliability and scores"] + seconds["drivers"] < 2


def test_the_demo_takes_under_a_minute(tmp_path):
    start = time.perf_counter()
    cpu_seconds(*SATMETER, "demo", cwd=tmp_path)
    assert time.perf_counter() - start < 60
