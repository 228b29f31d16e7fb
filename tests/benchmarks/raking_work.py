"""Raking that is timed: ``python raking_work.py satmeter | weightipy | svy | yardstick ROWS KIND`` prints seconds.

People in a data frame of six columns of 2, 5, 6, 4, 3 and 7 categories (5,040 cells), of KIND ``str`` or ``category``,
are weighted to shares. ``table ROWS FILE`` writes the frame and the shares for raking_peer.R. Prints the CPU seconds of
five calls after a first.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

LEVELS = (2, 5, 6, 4, 3, 7)
Shares = dict[str, dict[str, float]]
CALLS = 5


def frame_and_shares(rows: int, kind: str) -> tuple[pd.DataFrame, Shares]:
    """Return people whose categories are uneven, and shares that they are to have."""
    rng = np.random.default_rng(1)
    names = {f"m{j}": [f"c{i}" for i in range(count)] for j, count in enumerate(LEVELS)}
    chance = {name: rng.dirichlet(np.full(len(found), 8.0)) for name, found in names.items()}
    columns = {name: np.array(found)[rng.choice(len(found), rows, p=chance[name])] for name, found in names.items()}
    shares = {
        name: dict(zip(found, rng.dirichlet(np.full(len(found), 8.0)).tolist(), strict=True))
        for name, found in names.items()
    }
    frame = pd.DataFrame(columns)
    return (frame.astype("category") if kind == "category" else frame), shares


def satmeter(frame: pd.DataFrame, shares: Shares) -> Callable[[], object]:
    """Return what a study does: columns to codes, cells, weights, and the report on them."""
    from types import SimpleNamespace

    from satmeter.study.sampling_plan import Margin, Weighting
    from satmeter.study.weighting import calibrate_weights

    weighting = Weighting(tuple(Margin(name, values) for name, values in shares.items()))
    responses = SimpleNamespace(other=frame, frame=frame[[]], absent=())
    positions, base = np.arange(len(frame)), np.ones(len(frame))
    return lambda: calibrate_weights(weighting, responses, positions, base, "study.yaml")


def weightipy(frame: pd.DataFrame, shares: Shares) -> Callable[[], object]:
    """Return weightipy's weighting; it starts from equal weights."""
    import weightipy

    percent = {name: {key: 100 * share for key, share in values.items()} for name, values in shares.items()}
    scheme = weightipy.scheme_from_dict(percent)
    return lambda: weightipy.weight_dataframe(frame, scheme)


def svy(frame: pd.DataFrame, shares: Shares) -> Callable[[], object]:
    """Return svy's raking to 1e-9."""
    import polars
    import svy as package

    table = polars.DataFrame({name: frame[name].astype(str).to_numpy() for name in frame} | {"w": np.ones(len(frame))})
    sample = package.Sample(table, package.Design(wgt="w"))
    return lambda: sample.weighting.rake(shares=shares, tol=1e-9)


def yardstick() -> None:
    """Do a fixed piece of ordinary numpy work, which says what the seconds of this machine are worth."""
    rng = np.random.default_rng(0)
    table = rng.standard_normal((20_000, 100))
    for _ in range(3):
        np.linalg.eigh(table.T @ table)
        np.sort(table, axis=0)
        np.bincount((np.abs(table.ravel()) * 100).astype(np.int64))


def seconds(work: Callable[[], object]) -> list[float]:
    """CPU seconds of several calls after one that is not counted."""
    work()
    found = []
    for _ in range(CALLS):
        begin = time.process_time()
        work()
        found.append(time.process_time() - begin)
    return found


def main(name: str, rows: str = "0", kind: str = "str") -> None:
    if name == "yardstick":
        print(json.dumps(seconds(yardstick)))
        return
    frame, shares = frame_and_shares(int(rows), kind)
    if name == "table":
        frame.to_csv(kind, index=False)
        Path(kind).with_suffix(".json").write_text(json.dumps(shares), "utf-8")
        return
    print(json.dumps(seconds({"satmeter": satmeter, "weightipy": weightipy, "svy": svy}[name](frame, shares))))


if __name__ == "__main__":
    main(*sys.argv[1:])
