"""CPU seconds of exact importance, linear algebra on one thread, and their ratio to pingouin in one process."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.speed

ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def seconds(name, rounds=5):
    """CPU seconds of every work of that name, round by round."""
    run = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("importance_work.py")), name, str(rounds)],
        capture_output=True,
        encoding="utf-8",
        env=os.environ | ONE_THREAD,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def test_twelve_drivers_beside_pingouin():
    found = seconds("beside_pingouin")
    times = statistics.median(found["pingouin"]) / statistics.median(found["lmg"])
    assert times >= 200, f"{times:.0f} times"


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("one_16", 0.03),
        ("one_20", 0.3),
        ("one_24", 4.0),
        ("replicates_8", 0.1),
        ("replicates_12", 0.5),
        ("owen", 2.0),
        ("johnson", 1.5),
    ],
)
def test_exact_importance(name, most):
    for found in seconds(name, 2 if name == "one_24" else 5).values():
        assert min(found) < most
