"""Differences of groups and league tables computed again from shipped moments."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from satmeter.measurement.plain import plain
from satmeter.numerics.intervals import replicate_se, t_interval
from satmeter.numerics.rank_sets import rank_sets
from satmeter.numerics.share_difference import shrunken_difference
from satmeter.numerics.tails import t_tail
from satmeter.publication.stacks import Stacks

FloatArray = npt.NDArray[np.float64]
Row = dict[str, Any]
Key = tuple[str, str, str, str]


def difference_rows(stacks: Stacks, document: Mapping[str, Any], level: float) -> Iterator[Row]:
    """Compute the differences that a document publishes, as far as both sides are shipped.

    Degrees of freedom and numbers of respondents are taken from the document; p-values are adjusted by whoever reads
    them together, so they are not.
    """
    own, rests = _by_key(stacks, "scores"), _by_key(stacks, "rests")
    for row in (document.get("comparisons") or {"rows": ()})["rows"]:
        key = (row["measure"], row["statistic"], row["group_by"], row["group"])
        other_key = (*key[:3], row["other"])
        entry, other = own.get(key), rests.get(key) if row["method"] == "rest" else own.get(other_key)
        if entry is None:
            continue
        one = stacks.arrays[entry["stack"]]
        if row["method"] == "target":
            gap = one - float(row["other"])
            yield _tested(row, gap[0], gap[0], float(replicate_se(one[1:])), level, share=False)
        elif other is not None:
            two = stacks.arrays[other["stack"]]
            if len(one) != len(two):  # of one side the sample alone is shipped: its estimate follows, and no error
                one, two = one[:1], two[:1]
            error = replicate_se((one - two)[1:])
            centre, share = one[0] - two[0], entry["kind"] == "share"
            estimate = centre
            if share and row.get("n_other"):
                n, m = np.array([row["n"]]), np.array([row["n_other"]])
                drawn, shrunk = shrunken_difference(one[:1], two[:1], n, m, np.array([error]))
                centre, error = drawn[0], shrunk[0]
            yield _tested(row, estimate, centre, float(error), level, share=share)


def _tested(row: Mapping[str, Any], estimate: float, centre: float, error: float, level: float, *, share: bool) -> Row:
    keys = ("measure", "statistic", "group_by", "group", "other", "method", "verdict")
    found: Row = {key: row[key] for key in keys} | {"estimate": plain(estimate)}
    if row.get("df") is None:
        return found
    low, high = (float(bound) for bound in t_interval(centre, error, row["df"], level))
    if share:
        low, high = max(low, -1.0), min(high, 1.0)
    t = centre / error
    tested = {"std_error": error, "conf_low": low, "conf_high": high, "t": t, "p_value": float(t_tail(t, row["df"]))}
    return found | {key: plain(value) for key, value in tested.items()}


def rank_rows(stacks: Stacks, document: Mapping[str, Any], level: float) -> Iterator[Row]:
    """Compute the sets of ranks of every league table whose units are all shown, and shipped with replicates."""
    own = _by_key(stacks, "scores")
    seed = int(document["provenance"]["seed"])
    costs = {c["id"] for c in document["questionnaire"]["constructs"] if c.get("role") == "cost"}
    scores = {
        (row["measure"], row["statistic"], row["group_by"], row["group"]): row for row in document["scores"]["rows"]
    }
    for (group_by, within, measure, statistic), rows in _tables(document).items():
        keys: list[Key] = [(measure, statistic, group_by, row["unit"]) for row in rows]
        known = statistic == "mean_score" and all(key in own and scores[key].get("df") for key in keys)
        if len(rows) < 2 or not known or any(row.get("rank") is None for row in rows):
            continue
        order = sorted(keys, key=list(scores).index)  # units in the order of the questionnaire, as they were ranked
        shipped = [stacks.arrays[own[key]["stack"]] for key in order]
        if len({len(figures) for figures in shipped}) > 1:  # of some units the sample alone is shipped
            continue
        stack = np.stack(shipped, axis=1)
        whole = stack[1:][np.isfinite(stack[1:]).all(axis=1)]
        if len(whole) < 2:
            continue
        df = np.array([float(scores[key]["df"]) for key in order])
        stratum = {row["unit"]: str(row.get("stratum") or "") for row in rows}
        drawn = "/".join(name for name in (group_by, measure, within) if name)
        sets = rank_sets(
            (-1.0 if measure in costs else 1.0) * stack[0],
            np.cov(whole, rowvar=False),
            rng=np.random.default_rng([seed, zlib.crc32(drawn.encode())]),
            df=1 / (1 / df + 1 / (len(whole) - 1)),
            strata=[stratum[key[3]] for key in order],
            exact=[scores[key]["std_error"] == 0 for key in order],
            conf_level=level,
        )
        for i, key in enumerate(order):
            score = scores[key]
            yield {
                "group_by": group_by,
                "unit": key[3],
                **({"within": within, "stratum": stratum[key[3]]} if "within" in rows[0] else {}),
                "measure": measure,
                "statistic": statistic,
                **{name: score[name] for name in ("estimate", "std_error", "conf_low", "conf_high", "n")},
                "rank": int(sets.rank[i]),
                "rank_low": int(sets.low[i]),
                "rank_high": int(sets.high[i]),
                "marginal_low": int(sets.marginal_low[i]),
                "marginal_high": int(sets.marginal_high[i]),
                "tie_group": int(sets.tie_group[i]),
            }


def _tables(document: Mapping[str, Any]) -> dict[tuple[str, str, str, str], list[Mapping[str, Any]]]:
    tables: dict[tuple[str, str, str, str], list[Mapping[str, Any]]] = {}
    rows: Sequence[Mapping[str, Any]] = (document.get("ranks") or {"rows": ()})["rows"]
    for row in rows:
        key = (row["group_by"], str(row.get("within") or ""), row["measure"], row["statistic"])
        tables.setdefault(key, []).append(row)
    return tables


def _by_key(stacks: Stacks, part: str) -> dict[Key, Mapping[str, Any]]:
    return {(e["measure"], e["statistic"], e["group_by"], e["group"]): e for e in stacks.index[part]}
