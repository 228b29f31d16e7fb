"""Path models that are timed: ``python path_work.py boot REPLICATES`` or ``yardstick`` or ``seminr REPLICATES``.

The data have the shape and the correlations of the ECSI data: 250 rows, 24 items, 7 constructs. `boot` prints the peak
memory in MiB; the others print CPU seconds. `yardstick` is a fixed number of small numpy calls, in whose time the cost
of a replicate of seminr is stored.
"""

from __future__ import annotations

import json
import re
import sys
import time
from pathlib import Path

import numpy as np

REFERENCE = Path(__file__).parents[1] / "reference" / "paths.json"


def ecsi_rows():
    values = json.loads(REFERENCE.read_text("utf-8"))["values"]["ecsi"]
    root = np.linalg.cholesky(np.array(values["correlation"]))
    return values, np.random.default_rng(1).normal(size=(250, 24)) @ root.T


def boot(replicates):
    from satmeter.numerics.path_bootstrap import bootstrap_paths
    from satmeter.numerics.path_model import path_model

    values, rows = ecsi_rows()
    place = {name: k for k, name in enumerate(values["constructs"])}
    arcs = {place[k]: tuple(place[j] for j in before) for k, before in values["arcs"].items()}
    found = bootstrap_paths(
        rows, path_model(values["blocks"], arcs), replicates=replicates, rng=np.random.default_rng(2)
    )
    assert found.fit.converged.all()
    assert np.isfinite(found.htmt[:, 0, 4]).all()
    # not ru_maxrss, which a process takes over from the one that started it
    status = Path("/proc/self/status").read_text("ascii")
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024


def yardstick():
    """Return the CPU seconds of 20,000 products of a matrix of 24 × 24 and a vector, a call each."""
    rng = np.random.default_rng(1)
    matrix, vector = rng.normal(size=(24, 24)), rng.normal(size=24)
    begin = time.process_time()
    for _ in range(20_000):
        vector = matrix @ vector
        vector = vector / np.sqrt(vector @ vector)
    return time.process_time() - begin


def seminr(replicates):
    """Return the CPU seconds of the bootstrap alone, in an environment that has seminr."""
    import seminr as sr

    values, rows = ecsi_rows()
    frame = dict(zip(values["items"], rows.T, strict=True))
    blocks = [[values["items"][c] for c in block] for block in values["blocks"]]
    items = [sr.composite(k, block) for k, block in zip(values["constructs"], blocks, strict=True)]
    inner = sr.relationships(*(sr.paths(before, k) for k, before in values["arcs"].items()))
    model = sr.estimate_pls(frame, sr.constructs(*items), inner)
    begin = time.process_time()
    sr.bootstrap_model(model, nboot=replicates, seed=1)
    return time.process_time() - begin


if __name__ == "__main__":
    work = {"boot": boot, "yardstick": yardstick, "seminr": seminr}[sys.argv[1]]
    print(work(*map(int, sys.argv[2:])))
