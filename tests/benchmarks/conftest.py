"""Workloads in processes of their own, on one thread of linear algebra."""

from __future__ import annotations

import importlib.util
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
_place = HERE.parent / "fieldwork" / "conftest.py"
_spec = importlib.util.spec_from_file_location("fieldwork_databases", _place)
assert _spec is not None
assert _spec.loader is not None
_databases = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_databases)
postgresql = _databases.postgresql  # the fixture of the tests of fieldwork
ONE_THREAD = {name: "1" for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")}


def run_workload(*arguments):
    run = subprocess.run(
        [sys.executable, str(HERE / "workloads.py"), *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        env=os.environ | ONE_THREAD,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


@pytest.fixture(scope="session")
def workload():
    """Run a workload of workloads.py; return what it prints, lists of seconds as their medians."""

    def run(*arguments):
        found = run_workload(*arguments)
        return {name: statistics.median(v) if isinstance(v, list) else v for name, v in found.items()}

    return run


@pytest.fixture(scope="session")
def one_thread():
    return os.environ | ONE_THREAD
