"""Raking of a million respondents to six margins, from a data frame, beside weightipy, svy and R's survey.

SATMETER_WEIGHTIPY_PYTHON and SATMETER_SVY_PYTHON may name a Python that has them; they are then timed in the same run.
Otherwise, as for survey::rake (raking_peer.R), their cost is the stored one, in units of a fixed numpy workload that is
timed in this run: measured on 2026-11-22 in turns with it, weightipy 0.4.2, svy 0.35.0, survey 4.1.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

pytestmark = pytest.mark.speed

WORK = str(Path(__file__).with_name("raking_work.py"))
ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
ROWS = "1000000"
STORED = {  # yardsticks
    ("weightipy", "category"): 3.6,
    ("weightipy", "str"): 4.2,
    ("svy", "str"): 17.0,
    ("rake", "str"): 18.0,
}


def seconds(python, *arguments):
    run = subprocess.run([python, WORK, *arguments], capture_output=True, encoding="utf-8", env=os.environ | ONE_THREAD)
    assert run.returncode == 0, run.stderr
    return statistics.median(json.loads(run.stdout))


def peer_seconds(peer, kind, yardstick):
    python = os.environ.get(f"SATMETER_{peer.upper()}_PYTHON")
    return seconds(python, peer, ROWS, kind) if python else STORED[peer, kind] * yardstick


@pytest.fixture(scope="module")
def ratios():
    """How many times longer peers take: the median of three turns, by peer and kind of our columns."""
    found: dict[tuple[str, str], list[float]] = {}
    for _ in range(3):
        for kind in ("category", "str"):
            ours, yardstick = seconds(sys.executable, "satmeter", ROWS, kind), seconds(sys.executable, "yardstick")
            for peer in ("weightipy", "svy", "rake"):
                theirs = peer_seconds(peer, kind if peer == "weightipy" else "str", yardstick)
                found.setdefault((peer, kind), []).append(theirs / ours)
    medians = {key: statistics.median(times) for key, times in found.items()}
    print({" ".join(key): round(value, 1) for key, value in medians.items()})
    return medians


@pytest.mark.parametrize(
    ("peer", "kind", "least"),
    [
        ("weightipy", "category", 12),
        ("svy", "category", 60),
        ("rake", "category", 66),
        ("weightipy", "str", 3.5),
        ("svy", "str", 14),
        ("rake", "str", 15),
    ],
)
def test_a_million_respondents(ratios, peer, kind, least):
    assert ratios[peer, kind] >= least, f"{ratios[peer, kind]:.1f} times"


def test_the_work_is_done():
    """The weights that are timed meet all margins to 1e-9."""
    sys.path.insert(0, str(Path(WORK).parent))
    from raking_work import frame_and_shares, satmeter

    frame, shares = frame_and_shares(100_000, "category")
    weights = satmeter(frame, shares)().weights
    for name, values in shares.items():
        found = np.array([weights[(frame[name] == key).to_numpy()].sum() for key in values]) / len(frame)
        assert found == pytest.approx(np.array(list(values.values())), rel=1e-9)
