"""Importance that is timed: run as ``python importance_work.py NAME ROUNDS``; prints CPU seconds as JSON."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable

import numpy as np

from satmeter.numerics.importance import lmg
from satmeter.numerics.owen import owen
from satmeter.numerics.relative_weights import relative_weights

Work = Callable[[], object]


def related_rows(drivers, n=300):
    rng = np.random.default_rng(drivers)
    x = rng.normal(size=(n, drivers)) + 0.7 * rng.normal(size=(n, 1))
    return x, x @ rng.uniform(0, 0.5, drivers) + rng.normal(size=n)


def moments(drivers, replicates=None):
    x, y = related_rows(drivers)
    rows = np.column_stack([y, x])
    if replicates is None:
        return np.cov(rows.T)
    rng = np.random.default_rng(1)
    return np.stack([np.cov(rows[rng.integers(0, len(rows), len(rows))].T) for _ in range(replicates)])


def singles(drivers):
    return tuple((j,) for j in range(1, drivers + 1))


def one(drivers) -> dict[str, Work]:
    cov = moments(drivers)
    return {"lmg": lambda: lmg(cov, 0, singles(drivers))}


def replicates(drivers) -> dict[str, Work]:
    stack = moments(drivers, 1000)
    return {"lmg": lambda: lmg(stack, 0, singles(drivers))}


def beside_pingouin() -> dict[str, Work]:
    import pingouin

    x, y = related_rows(12)
    cov = np.cov(np.column_stack([y, x]).T)

    def theirs():
        return pingouin.linear_regression(x, y, relimp=True, as_dataframe=False)["relimp"][1:]

    np.testing.assert_allclose(lmg(cov, 0, singles(12)), theirs(), atol=1e-10)
    return {"lmg": lambda: lmg(cov, 0, singles(12)), "pingouin": theirs}


def eight_constructs_of_eight_items() -> dict[str, Work]:
    cov = moments(64)
    return {"owen": lambda: owen(cov, 0, tuple(tuple(range(1 + 8 * k, 9 + 8 * k)) for k in range(8)))}


def johnson() -> dict[str, Work]:
    stack = moments(30, 1000)
    return {"johnson": lambda: relative_weights(stack, 0, tuple(range(1, 31)))}


WORKS: dict[str, Callable[[], dict[str, Work]]] = {
    "one_16": lambda: one(16),
    "one_20": lambda: one(20),
    "one_24": lambda: one(24),
    "replicates_8": lambda: replicates(8),
    "replicates_12": lambda: replicates(12),
    "beside_pingouin": beside_pingouin,
    "owen": eight_constructs_of_eight_items,
    "johnson": johnson,
}


def cpu(work: Work) -> float:
    """CPU seconds of one call, all threads together."""
    begin = time.process_time()
    work()
    return time.process_time() - begin


if __name__ == "__main__":
    works = WORKS[sys.argv[1]]()
    found: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(int(sys.argv[2])):
        for name, work in works.items():
            found[name].append(cpu(work))
    print(json.dumps(found))
