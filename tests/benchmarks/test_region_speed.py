"""Means of 30 items in 50 regions with 500 bootstrap replicates, beside svy and R's survey.

SATMETER_SVY_PYTHON may name a Python that has svy; it is then timed in the same run. Otherwise, as for survey
(region_peer.R), the cost is the stored one, in units of a fixed numpy workload that is timed in this run: measured on
2026-11-22 in turns with it, svy 0.35.0 (one call for all items), survey 4.1. Of several calls the fastest counts, of
both: what other processes take away does not belong to either.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.speed

WORK = str(Path(__file__).with_name("region_work.py"))
ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
STORED = {("svy", 100_000): 27.0, ("svy", 1_000_000): 430.0, ("survey", 100_000): 300.0}  # yardsticks
SVY_MIB = {100_000: 1170.0, 1_000_000: 7600.0}
CALLS = {100_000: "8", 1_000_000: "4"}


def measured(python, *arguments):
    run = subprocess.run([python, WORK, *arguments], capture_output=True, encoding="utf-8", env=os.environ | ONE_THREAD)
    assert run.returncode == 0, run.stderr
    found = json.loads(run.stdout)
    return min(found["seconds"]), found["mib"]


@pytest.fixture(scope="module", params=[100_000, 1_000_000])
def turns(request):
    """Rows, and in three turns: our seconds and MiB, those of svy, seconds of survey."""
    rows, found = request.param, []
    for _ in range(3):
        ours, memory = measured(sys.executable, "satmeter", str(rows), CALLS[rows])
        yardstick, _ = measured(sys.executable, "yardstick")
        theirs = STORED["svy", rows] * yardstick, SVY_MIB[rows]
        if python := os.environ.get("SATMETER_SVY_PYTHON"):
            theirs = measured(python, "svy", str(rows), "1")
        survey = STORED.get(("survey", rows), 0.0) * yardstick
        found.append((theirs[0] / ours, survey / ours, memory / theirs[1]))
    medians = [statistics.median(turn) for turn in zip(*found, strict=True)]
    print(rows, [round(value, 3) for value in medians])
    return rows, *medians


def test_regions(turns):
    rows, svy, survey, memory = turns
    assert svy >= {100_000: 50, 1_000_000: 150}[rows], f"{svy:.0f} times svy"
    assert memory <= 0.05, f"{memory:.3f} of svy's memory"
    if rows == 100_000:
        assert survey >= 300, f"{survey:.0f} times survey"
