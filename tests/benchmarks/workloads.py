"""The work that is timed: run as ``python workloads.py NAME [N]`` in a process of its own, prints JSON.

Every name prints lists of CPU seconds taken in turn (A B A B …), or one process's extra memory. The linear algebra runs
on one thread: the caller sets OPENBLAS_NUM_THREADS and its kin.
"""

from __future__ import annotations

import json
import sys
import time
import tracemalloc
from collections.abc import Callable

import numpy as np

Work = Callable[[], object]


def cpu(work: Work) -> float:
    """CPU seconds of one call."""
    begin = time.process_time()
    work()
    return time.process_time() - begin


def wall(work: Work) -> float:
    """Seconds by the clock of one call, for work that two threads share."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def in_turn(rounds: int, *, clock: Callable[[Work], float] = cpu, **works: Work) -> dict[str, list[float]]:
    """Seconds of several works, run in turn after one round that is not counted."""
    for work in works.values():
        work()
    found: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            found[name].append(clock(work))
    return found


def yardstick() -> None:
    """Do a fixed piece of ordinary numpy work, which says what the seconds of this machine are worth."""
    rng = np.random.default_rng(0)
    table = rng.standard_normal((20_000, 100))
    for _ in range(3):
        np.linalg.eigh(table.T @ table)
        np.sort(table, axis=0)
        np.bincount((np.abs(table.ravel()) * 100).astype(np.int64))


def bootstrap() -> dict[str, list[float]]:
    """1,000 bootstraps of alpha and one-factor omega of 30 items and 1,000 rows, resampling included."""
    from satmeter.moments import Resampling, moment_stack
    from satmeter.numerics.factor import omega_total
    from satmeter.numerics.reliability import alpha
    from satmeter.numerics.resampling import rao_wu_draws, rao_wu_scale

    rng = np.random.default_rng(1)
    n = 1000
    values = np.clip(np.round(3 + 0.8 * rng.standard_normal((n, 1)) + rng.standard_normal((n, 30))), 1, 5)
    stratum = np.zeros(n, dtype=np.int64)

    def work() -> None:
        draws = rao_wu_draws(stratum, 1000, np.random.default_rng(2))
        resampling = Resampling(np.ones(n), np.arange(n), draws, rao_wu_scale(stratum), n - 1)
        cov = moment_stack(resampling, values).covariance
        assert np.isfinite(alpha(cov)).all()
        assert np.isfinite(omega_total(cov)).all()

    return in_turn(9, satmeter=work, yardstick=yardstick)


def _answers(n: int) -> np.ndarray:
    """Answers of n people to 30 items, whole numbers in columns; a block of 100,000 again and again."""
    rng = np.random.default_rng(3)
    latent = 3 + 0.8 * rng.standard_normal(100_000) + rng.standard_normal((30, 100_000))
    return np.tile(np.clip(np.round(latent), 1, 5).astype(np.int8), n // 100_000)


def _alphas(n: int) -> tuple[Work, Work]:
    import pandas as pd
    import pingouin

    from satmeter.moments import answer_moments
    from satmeter.numerics.reliability import alpha

    columns = _answers(n)
    frame = pd.DataFrame(columns.T, copy=False)

    def ours() -> float:
        return float(alpha(answer_moments(columns).covariance))

    def theirs() -> float:
        return float(pingouin.cronbach_alpha(frame)[0])

    small = pd.DataFrame(columns[:, :1000].T)
    pingouin.cronbach_alpha(small)
    alpha(answer_moments(columns[:, :1000]).covariance)
    return ours, theirs


def alpha_times(n: int) -> dict[str, float]:
    """Alpha of n × 30 answers, whole numbers in columns, by the clock: the first in a process and the fastest later.

    `cores` says how many cores the fastest of satmeter had while it ran.
    """
    ours, theirs = _alphas(n)
    first = {"satmeter": wall(ours), "pingouin": wall(theirs)}
    assert abs(ours() - theirs()) < 1e-9
    found = {"satmeter": np.inf, "cores": 0.0}
    for _ in range(8):
        begin, seconds = time.process_time(), wall(ours)
        if seconds < found["satmeter"]:
            found = {"satmeter": seconds, "cores": (time.process_time() - begin) / seconds}
    later = {**found, "pingouin": min(wall(theirs) for _ in range(3))}
    return {f"first_{name}": seconds for name, seconds in first.items()} | later


def alpha_memory(n: int, who: str) -> dict[str, float]:
    """Extra memory of one alpha: the highest sum of what was allocated meanwhile, bytes."""
    work = _alphas(n)[who == "pingouin"]
    tracemalloc.start()
    work()
    return {"bytes": float(tracemalloc.get_traced_memory()[1])}


def pairwise() -> dict[str, list[float]]:
    """Means and covariances of 10⁶ × 30 answers with 5 % missing, of complete rows and pair by pair."""
    from satmeter.moments import answer_moments

    rng = np.random.default_rng(4)
    columns = _answers(1_000_000)
    columns[rng.random(columns.shape, dtype=np.float32) < 0.05] = -1
    weights = rng.uniform(0.5, 2, 1_000_000)
    return in_turn(
        7,
        complete=lambda: answer_moments(columns),
        pairwise=lambda: answer_moments(columns, keep="pairwise"),
        complete_weighted=lambda: answer_moments(columns, weights=weights),
        pairwise_weighted=lambda: answer_moments(columns, weights=weights, keep="pairwise"),
    )


def pairwise_replicates() -> dict[str, list[float]]:
    """Correlations of 60 items in 12 blocks, 2,000 rows with 2 % missing, the sample and 1,000 replicates."""
    from satmeter.moments import Resampling, moment_stack, pairwise_stack
    from satmeter.numerics.arguments import correlation_from
    from satmeter.numerics.resampling import rao_wu_draws, rao_wu_scale

    rng = np.random.default_rng(5)
    n = 2000
    full = rng.integers(1, 6, (n, 60)).astype(float)
    holes = np.where(rng.random(full.shape) < 0.02, np.nan, full)
    stratum = np.zeros(n, dtype=np.int64)
    draws = rao_wu_draws(stratum, 1000, rng)
    resampling = Resampling(np.ones(n), np.arange(n), draws, rao_wu_scale(stratum), n - 1)
    blocks = [range(5 * k, 5 * k + 5) for k in range(12)]
    return in_turn(
        5,
        complete=lambda: correlation_from(moment_stack(resampling, full).covariance),
        pairwise=lambda: pairwise_stack(resampling, holes, blocks),
    )


def pair_counts() -> dict[str, list[float]]:
    """All weighted tables of item pairs of 10⁶ × 30 answers on five points, with missing ones."""
    from satmeter.numerics.pair_counts import pair_counts as count

    rng = np.random.default_rng(6)
    codes = rng.integers(-1, 5, (1_000_000, 30)).astype(np.int8)
    weights = rng.uniform(0.5, 2, 1_000_000)
    return in_turn(5, satmeter=lambda: count(codes, 5, weights), yardstick=yardstick)


def invariance() -> dict[str, list[float]]:
    """The four models of invariance of 60 items on 12 factors in four groups of 500."""
    from satmeter.numerics.invariance import measurement_invariance

    rng = np.random.default_rng(7)
    factors = 0.8 * rng.standard_normal((4, 500, 12)) + 0.6 * rng.standard_normal((4, 500, 1))
    latent = 0.7 * np.repeat(factors, 5, axis=2) + 0.7 * rng.standard_normal((4, 500, 60))
    answers = np.clip(np.round(3.5 + latent), 1, 5)
    cov, means = np.stack([np.cov(group.T) for group in answers]), answers.mean(axis=1)
    blocks = [tuple(range(5 * k, 5 * k + 5)) for k in range(12)]

    def work() -> None:
        assert measurement_invariance(cov, means, [500] * 4, blocks).verdict == "scalar_holds"

    return in_turn(3, satmeter=work, yardstick=yardstick)


def main() -> None:
    """Print what the named work took."""
    name, *rest = sys.argv[1:]
    works: dict[str, Callable[[], object]] = {
        "bootstrap": bootstrap,
        "alpha_times": lambda: alpha_times(int(rest[0])),
        "alpha_memory": lambda: alpha_memory(int(rest[0]), rest[1]),
        "pairwise": pairwise,
        "pairwise_replicates": pairwise_replicates,
        "pair_counts": pair_counts,
        "invariance": invariance,
        "yardstick": lambda: in_turn(9, yardstick=yardstick),
    }
    sys.stdout.write(json.dumps(works[name]()))


if __name__ == "__main__":
    main()
