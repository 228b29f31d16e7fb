"""Rows of results computed again from shipped moments, by the functions that computed them first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
import numpy.typing as npt

from satmeter.drivers.importance import Basis as ShareBasis
from satmeter.drivers.importance import correlation_row, figure_row, lmg_rows, lmg_stack
from satmeter.measurement.coefficient_rows import Basis, exact_row, positive_row, reliability_row
from satmeter.measurement.coefficients import further_coefficients, measurement_error
from satmeter.measurement.plain import plain
from satmeter.numerics.factor import omega_total
from satmeter.numerics.intervals import r2_interval, replicate_se, t_interval
from satmeter.numerics.regression import adjusted_r2, least_squares
from satmeter.numerics.reliability import alpha, alpha_standardised
from satmeter.publication.stack_differences import difference_rows, rank_rows
from satmeter.publication.stacks import Stacks, squared

FloatArray = npt.NDArray[np.float64]
Row = dict[str, Any]
MAX_DRIVERS = 14
"""With more of them importance has no intervals, and is not computed again."""


def computed_rows(stacks: Stacks, document: Mapping[str, Any]) -> Iterator[tuple[str, Row]]:
    """Compute what moments allow.

    Parameters
    ----------
    stacks
        From `read_stacks`.
    document
        The published document; degrees of freedom of scores, which stand in it, are taken from there.

    Yields
    ------
    section, row
        A row holds the keys that name it and the numbers that could be computed, and no others.
    """
    index = stacks.index
    level = float(index["conf_level"])
    yield from (("scores", row) for row in _scores(stacks, document, level))
    yield from (("comparisons", row) for row in difference_rows(stacks, document, level))
    yield from (("ranks", row) for row in rank_rows(stacks, document, level))
    for entry in index["reliability"]:
        yield from (("reliability", row) for row in _reliability(stacks, entry, document, level))
    for entry in index["drivers"]:
        yield from _drivers(stacks, entry, level, simple=bool(index["simple"]))


def _scores(stacks: Stacks, document: Mapping[str, Any], level: float) -> Iterator[Row]:
    keys = ("measure", "statistic", "group_by", "group")
    published = {tuple(row[key] for key in keys): row for row in document["scores"]["rows"]}
    for entry in stacks.index["scores"]:
        name = tuple(entry[key] for key in keys)
        row = published.get(name)
        stack = stacks.arrays[entry["stack"]]
        found: Row = dict(zip(keys, name, strict=True)) | {"estimate": plain(stack[0])}
        df = None if row is None else row.get("df")
        if df is not None:
            error = replicate_se(stack[1:])
            found["std_error"] = plain(error)
            if entry["kind"] == "mean":
                low, high = t_interval(stack[0], error, df, level)
                least, most = entry["bounds"]
                found |= {"conf_low": plain(np.maximum(low, least)), "conf_high": plain(np.minimum(high, most))}
        yield found


def _reliability(stacks: Stacks, entry: Mapping[str, Any], document: Mapping[str, Any], level: float) -> Iterator[Row]:
    cov = squared(stacks.arrays[entry["covariance"]])
    basis = Basis(entry["construct"], entry["n"], entry["n_items"], entry["df"], level)
    rows = document["reliability"]["rows"]
    asked = {row["coefficient"] for row in rows if row["construct"] == entry["construct"]}
    values = {"alpha": alpha(cov), "alpha_std": alpha_standardised(cov)}
    if "omega_total" in asked:
        values["omega_total"] = omega_total(cov)
    if "lambda2" in asked:
        values |= further_coefficients(entry["construct"], cov)[0]
    made = [reliability_row(basis, name, stack) for name, stack in values.items() if name in asked]
    if "alpha_feldt" in asked:
        made.append(exact_row(basis, "alpha_feldt", float(values["alpha"][0])))
    if "sem" in asked:
        made.append(positive_row(basis, "sem", measurement_error(cov, entry["points"])))
    yield from (asdict(row) for row in made)


def _drivers(stacks: Stacks, entry: Mapping[str, Any], level: float, *, simple: bool) -> Iterator[tuple[str, Row]]:
    mean, cov = stacks.arrays[entry["mean"]], squared(stacks.arrays[entry["covariance"]])
    k, n, outcome = len(entry["terms"]), entry["n"], entry["outcome"]
    fit = least_squares(cov, mean, 0, tuple(range(1, 1 + k)))
    for predictor in entry["predictors"]:
        if predictor["control"] or predictor["kind"] == "choice":
            continue
        names, (column,) = (outcome, predictor["name"]), predictor["columns"]
        yield "drivers", _without_shares(asdict(correlation_row(cov, 0, column, names, n, level)))
        yield "drivers", _without_shares(asdict(figure_row(names, "beta", fit.beta[:, column - 1], n, level)))
    drivers = [p for p in entry["predictors"] if not p["control"]]
    if len(drivers) <= MAX_DRIVERS:
        controls = tuple(c for p in entry["predictors"] if p["control"] for c in p["columns"])
        values = lmg_stack(cov, 0, tuple(tuple(p["columns"]) for p in drivers), controls)
        basis = ShareBasis(n, entry["df"], k, level)
        yield from (
            ("drivers", asdict(row)) for row in lmg_rows(values, outcome, tuple(p["name"] for p in drivers), basis)
        )
    bounds = np.array(r2_interval(fit.r2[0], fit.r2[1:], entry["df"], level))
    for statistic, stack, (low, high) in (
        ("r2", fit.r2, bounds),
        ("r2_adjusted", adjusted_r2(fit.r2, n, k), adjusted_r2(bounds, n, k)),
    ):
        yield (
            "fit",
            {
                "outcome": outcome,
                "statistic": statistic,
                "estimate": plain(stack[0]),
                "std_error": plain(replicate_se(stack[1:])),
                "conf_low": plain(low),
                "conf_high": plain(high),
                "n": n,
            },
        )
    stack = np.column_stack([fit.intercept, fit.b])
    for j, term in enumerate(("(intercept)", *entry["terms"])):
        row: Row = {"outcome": outcome, "term": term, "model": "ols", "estimate": plain(stack[0, j]), "n": n}
        row["std_error_type"] = "HC3" if simple else "replicate"
        if not simple:
            row["std_error"] = plain(replicate_se(stack[1:, j]))
        yield "regression", row


def _without_shares(row: Row) -> Row:
    return {key: value for key, value in row.items() if not key.startswith("share")}
