"""Path models that are timed: ``python path_work.py boot | seminr | plspm REPLICATES`` or ``yardstick``.

The data have the shape and the correlations of the ECSI data: 250 rows, 24 items, 7 constructs. `boot` runs the
functions that `satmeter run` runs, and prints the peak memory in MiB; the others print CPU seconds. `yardstick` is a
fixed number of small numpy calls, in whose time the cost of a replicate of the peers is stored.
"""

from __future__ import annotations

import json
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
    from satmeter.numerics.path_effects import effects
    from satmeter.numerics.path_model import path_model
    from satmeter.numerics.path_quality import path_htmt
    from satmeter.numerics.path_replicates import sample_moments, unit_sums
    from satmeter.numerics.path_weights import pls
    from satmeter.numerics.resampling import rao_wu_multipliers

    values, rows = ecsi_rows()
    place = {name: k for k, name in enumerate(values["constructs"])}
    arcs = {place[k]: tuple(place[j] for j in before) for k, before in values["arcs"].items()}
    model = path_model(values["blocks"], arcs)
    drawn = rao_wu_multipliers(None, None, replicates, np.random.default_rng(2), n=len(rows))
    corr = sample_moments(unit_sums(rows), np.vstack([np.ones(len(rows)), drawn])).corr
    fit = pls(corr, model)
    total = effects(fit.paths, model).total
    ratios = path_htmt(corr, model)
    assert len(fit.weights) == len(fit.loadings) == len(total) == len(ratios) == 1 + replicates
    assert fit.converged.all()
    assert np.isfinite(ratios[:, 0, 4]).all()
    # not ru_maxrss, which a process takes over from the one that started it
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


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


def plspm(replicates):
    """Return the CPU seconds of the bootstrap's processes alone, in an environment that has plspm and pandas 2."""
    import resource

    import pandas as pd
    from plspm.config import MV, Config, Structure
    from plspm.mode import Mode
    from plspm.plspm import Plspm
    from plspm.scheme import Scheme

    values, rows = ecsi_rows()
    inner = Structure()
    for name, before in values["arcs"].items():
        inner.add_path(before, [name])
    config = Config(inner.path(), scaled=True)
    for name, block in zip(values["constructs"], values["blocks"], strict=True):
        config.add_lv(name, Mode.A, *(MV(values["items"][c]) for c in block))
    frame = pd.DataFrame(rows, columns=values["items"])
    Plspm(frame, config, Scheme.PATH, bootstrap=True, bootstrap_iterations=replicates, processes=2)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    work = {"boot": boot, "yardstick": yardstick, "seminr": seminr, "plspm": plspm}[sys.argv[1]]
    print(work(*map(int, sys.argv[2:])))
