"""Means by region that are timed: ``python region_work.py satmeter | svy | yardstick ROWS`` prints JSON.

People in 50 strata of 40 primary units each answer 30 items of five points; units lie in 50 regions that cross the
strata. Means of all items in all regions, with standard errors of 500 bootstrap replicates. ``table ROWS FILE`` writes
the data for region_peer.R. Prints CPU seconds and MiB above those that the data take; satmeter also its estimates.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

STRATA, UNITS, REGIONS, ITEMS, REPLICATES = 50, 40, 50, 30, 500
NAMES = [f"i{j}" for j in range(ITEMS)]


def people(rows: int) -> pd.DataFrame:
    """Return weights, stratum, unit, region and answers, whose units differ."""
    rng = np.random.default_rng(1)
    unit = rng.integers(0, STRATA * UNITS, rows)
    level = 3.5 + 0.3 * rng.standard_normal((STRATA * UNITS, 1)) + 0.2 * rng.standard_normal((STRATA * UNITS, ITEMS))
    answers = np.clip(np.round(level[unit] + rng.standard_normal((rows, ITEMS))), 1, 5).astype(np.int8)
    region = rng.integers(0, REGIONS, STRATA * UNITS)[unit]
    design = {"w": rng.uniform(0.5, 2.0, rows), "stratum": unit // UNITS, "unit": unit, "region": region}
    return pd.DataFrame(design | dict(zip(NAMES, answers.T, strict=True)))


def satmeter(frame: pd.DataFrame) -> Callable[[], list[list[list[float]]]]:
    """Return what a study does: replicates, and the scores of every group; estimate, errors and bases of every mean."""
    from types import SimpleNamespace

    from satmeter.measurement.estimates import estimate_groups
    from satmeter.measurement.quantity import Quantity
    from satmeter.measurement.scores import group_masks
    from satmeter.moments import make_resampling
    from satmeter.study.model import Study
    from satmeter.study.plan import Plan, Uncertainty

    values = np.ascontiguousarray(frame[NAMES].to_numpy(np.float64))
    weights = (frame["w"] / frame["w"].mean()).to_numpy()
    plan = Plan("none", (), groups=("region",), uncertainty=Uncertainty(replicates=REPLICATES, seed=1))
    groups = {"region": frame["region"].map("r{:02}".format)}
    strata, cluster = frame["stratum"].to_numpy(), frame["unit"].to_numpy()
    responses = SimpleNamespace(questionnaire=SimpleNamespace(questions={}))
    quantities = [Quantity((j,), "mean", 1.0, 5.0) for j in range(ITEMS)]

    def work() -> list[list[list[float]]]:
        known = {"frame": frame, "missing": frame[[]], "construct_scores": frame[[]], "groups": groups}
        design = {"weights": weights, "weighted": True, "strata": strata, "cluster": cluster}
        study = Study(plan=plan, responses=responses, disposition=(), quality=(), **known, **design)
        resampling = make_resampling(study)
        masks = [rows for _, rows in group_masks(study, "region")]
        found = estimate_groups(study, resampling, values, quantities, masks)
        return [[one.estimate.tolist(), one.std_error.tolist(), one.deff.tolist()] for one in found]

    return work


def svy(frame: pd.DataFrame) -> Callable[[], object]:
    """Return svy's bootstrap weights and replicate means."""
    import polars
    import svy as package

    table = polars.DataFrame({name: frame[name].to_numpy().astype(np.float64) for name in ("w", *NAMES)}).with_columns(
        **{name: polars.Series(frame[name].to_numpy()) for name in ("stratum", "unit", "region")}
    )

    def work() -> object:
        sample = package.Sample(table, package.Design(wgt="w", stratum="stratum", psu="unit"))
        weighted = sample.weighting.create_bs_wgts(n_reps=REPLICATES, rstate=1)
        return weighted.estimation.mean(y=NAMES, by="region", method="replication")

    return work


def yardstick() -> None:
    """Do a fixed piece of ordinary numpy work, which says what the seconds of this machine are worth."""
    rng = np.random.default_rng(0)
    table = rng.standard_normal((20_000, 100))
    for _ in range(3):
        np.linalg.eigh(table.T @ table)
        np.sort(table, axis=0)
        np.bincount((np.abs(table.ravel()) * 100).astype(np.int64))


def peak() -> float:
    """MiB that the process has held at most."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def timed(work: Callable[[], object], calls: int) -> dict[str, object]:
    """CPU seconds of several calls, and MiB above those that were held before the first."""
    Path("/proc/self/clear_refs").write_text("5", "ascii")  # what making the data took at its peak does not count
    before, seconds, made = peak(), [], None
    for _ in range(calls):
        begin = time.process_time()
        made = work()
        seconds.append(time.process_time() - begin)
    return {"seconds": seconds, "mib": peak() - before, "found": made if isinstance(made, list) else None}


def main(name: str, rows: str = "0", last: str = "3") -> None:
    if name == "yardstick":
        yardstick()
        print(json.dumps(timed(yardstick, 5)))
    elif name == "table":
        people(int(rows)).to_csv(last, index=False)
    else:
        work = {"satmeter": satmeter, "svy": svy}[name](people(int(rows)))
        print(json.dumps(timed(work, int(last)) | ({"found": None} if name == "svy" else {})))


if __name__ == "__main__":
    main(*sys.argv[1:])
