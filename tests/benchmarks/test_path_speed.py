"""The bootstrap of a path model beside PyPI seminr: CPU seconds of whole processes, linear algebra on one thread.

SATMETER_SEMINR_PYTHON may name a Python that has seminr; it is then timed in the same run. Otherwise its cost is that
measured on 2026-11-21 (seminr 0.2.1, 14–18 ms a replicate), in units of a fixed numpy workload that is timed in this
run. Medians on that day: 173 times with seminr beside it, 147 times by the stored cost.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.speed

WORK = str(Path(__file__).with_name("path_work.py"))
ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
REPLICATES = 5000
SEMINR_REPLICATE = 0.167  # yardsticks; median of four turns, 0.145–0.215


def printed(python, *arguments):
    run = subprocess.run([python, WORK, *arguments], capture_output=True, encoding="utf-8", env=os.environ | ONE_THREAD)
    assert run.returncode == 0, run.stderr
    return float(run.stdout)


def bootstrap():
    """CPU seconds of a whole process of 5,000 replicates, and its peak memory in MiB."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    peak = printed(sys.executable, "boot", str(REPLICATES))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, peak


def seminr_seconds():
    python = os.environ.get("SATMETER_SEMINR_PYTHON")
    if python:
        return printed(python, "seminr", "100") / 100 * REPLICATES
    return printed(sys.executable, "yardstick") * SEMINR_REPLICATE * REPLICATES


def test_five_thousand_replicates():
    ratios, peaks = [], []
    for _ in range(5):
        seconds, peak = bootstrap()
        ratios.append(seminr_seconds() / seconds)
        peaks.append(peak)
    print(f"{statistics.median(ratios):.0f} times seminr, {max(peaks):.0f} MiB")
    assert max(peaks) < 200
    assert statistics.median(ratios) >= 100
