"""Fit of exploratory factors against R psych."""

import math

import numpy as np
import pytest
from scipy import stats

from satmeter.errors import NumericsError
from satmeter.numerics.exploratory import explore_factors
from satmeter.numerics.factor_fit import factor_fit, rmsea_interval


@pytest.mark.parametrize("name", ["bfi", "school"])
@pytest.mark.parametrize("method", ["minres", "ml"])
def test_equal_to_psych(reference, name, method):
    values = reference("factors")["values"][name]
    corr = np.array(values["correlation"])
    psych = values["solutions"][f"{method} oblimin"]
    given = factor_fit(corr, psych["loadings"], values["n"], phi=psych["phi"])
    own = explore_factors(corr, values["n_factors"], method=method)
    for fit, tight in ((given, 1e-8), (factor_fit(corr, own.loadings, values["n"], phi=own.phi), 1e-5)):
        assert fit.df == psych["df"]
        assert fit.chi2 == pytest.approx(psych["chi2"], rel=tight)
        assert fit.tli == pytest.approx(psych["tli"], abs=tight)
        assert fit.bic == pytest.approx(psych["bic"], rel=tight)
        assert fit.rmsr == pytest.approx(psych["rmsr"], abs=max(tight, 1e-6))
        assert fit.rmsea == pytest.approx(psych["rmsea"][0], abs=tight)
        # uniroot in psych stops at about 1e-4 of the noncentrality
        np.testing.assert_allclose([fit.rmsea_low, fit.rmsea_high], psych["rmsea"][1:], atol=1e-5)
        assert math.log(fit.p) == pytest.approx(math.log(psych["p"]), rel=1e-4)


def test_ends_of_the_rmsea_interval_are_where_the_tails_are():
    low, high = rmsea_interval(50.0, 20, 200)
    assert stats.ncx2.cdf(50.0, 20, low**2 * 20 * 199) == pytest.approx(0.95, abs=1e-8)
    assert stats.ncx2.cdf(50.0, 20, high**2 * 20 * 199) == pytest.approx(0.05, abs=1e-8)
    assert rmsea_interval(10.0, 20, 200)[0] == 0.0
    assert rmsea_interval(5.0, 20, 200) == (0.0, 0.0)


def test_uncorrelated_factors_by_default_and_exactly_identified_models():
    corr = np.array([[1, 0.42, 0.35], [0.42, 1, 0.3], [0.35, 0.3, 1]])
    fit = factor_fit(corr, [[0.7], [0.6], [0.5]], 80)
    assert fit.df == 0
    assert fit.chi2 == pytest.approx(0.0, abs=1e-12)
    assert math.isnan(fit.p)
    assert math.isnan(fit.rmsea)
    assert math.isnan(fit.tli)
    assert fit.rmsr == pytest.approx(0.0, abs=1e-12)


def test_singular_correlations_have_residuals_only():
    corr = np.ones((4, 4))
    fit = factor_fit(corr, np.full((4, 1), 0.9), 100)
    assert math.isnan(fit.chi2)
    assert math.isnan(fit.bic)
    assert fit.rmsr == pytest.approx(0.19, rel=1e-12)


@pytest.mark.parametrize(
    ("loadings", "level", "code"),
    [(np.ones((3, 1)), 0.9, "N010"), (np.ones((4, 3)) / 3, 0.9, "N021"), (np.ones((4, 1)) / 2, 90, "N002")],
)
def test_what_makes_no_sense(loadings, level, code):
    with pytest.raises(NumericsError) as caught:
        factor_fit(np.eye(4), loadings, 100, conf_level=level)
    assert caught.value.problems[0].code == code
