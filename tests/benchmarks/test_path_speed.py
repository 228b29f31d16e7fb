"""The bootstrap of a path model beside PyPI seminr and plspm: CPU seconds of whole processes, algebra on one thread.

SATMETER_SEMINR_PYTHON and SATMETER_PLSPM_PYTHON may name a Python that has them (plspm needs pandas 2); they are then
timed in the same run. Otherwise their cost is the stored one, in units of a fixed numpy workload that is timed in this
run: seminr 0.2.1, measured on 2026-11-21 (12–18 ms a replicate), plspm 0.5.7, measured on 2026-11-22 (0.32 s a
replicate on the idle machine).
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
PLSPM_REPLICATE = 4.8  # yardsticks; median of four turns, 4.6–5.3
TURN = {"seminr": 100, "plspm": 20}  # replicates of a peer


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


def peer_seconds(peer, stored):
    """CPU seconds of 5,000 replicates of a peer."""
    python = os.environ.get(f"SATMETER_{peer.upper()}_PYTHON")
    if python:
        return printed(python, peer, str(TURN[peer])) / TURN[peer] * REPLICATES
    return printed(sys.executable, "yardstick") * stored * REPLICATES


def test_five_thousand_replicates():
    seminr, plspm, peaks = [], [], []
    for _ in range(5):
        seconds, peak = bootstrap()
        seminr.append(peer_seconds("seminr", SEMINR_REPLICATE) / seconds)
        plspm.append(peer_seconds("plspm", PLSPM_REPLICATE) / seconds)
        peaks.append(peak)
    ratios = [statistics.median(found) for found in (seminr, plspm)]
    print(f"{ratios[0]:.0f} times seminr, {ratios[1]:.0f} times plspm, {max(peaks):.0f} MiB")
    assert max(peaks) < 200
    assert ratios[0] >= 100
    assert ratios[1] >= 1500
