"""Design-based means against R survey, for the whole sample and for domains."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from satmeter.errors import NumericsError
from satmeter.numerics.design import design_units
from satmeter.numerics.linearisation import mean_with_se

CASES = [
    ("apistrat", "mean", True, False, "api00", False),
    ("apistrat", "enroll_mean", True, False, "enroll", False),
    ("apistrat", "mean_awards", True, False, "api00", True),
    ("apistrat", "clustered_mean", True, True, "api00", False),
    ("apistrat", "clustered_mean_awards", True, True, "api00", True),
    ("apiclus1", "mean", False, True, "api00", False),
    ("apiclus1", "mean_awards", False, True, "api00", True),
]


@pytest.mark.parametrize(("sample", "name", "strata", "cluster", "variable", "domain"), CASES)
def test_means_equal_svymean(reference, sample, name, strata, cluster, variable, domain):
    document = reference("svymean")
    values = document["values"][sample]
    y = np.array(values[variable], dtype=float)
    if domain:
        y = np.where(np.array(values["awards"]) == 1, y, np.nan)
    found = mean_with_se(y, values["pw"], values["stratum"] if strata else None, values["cluster"] if cluster else None)
    expected = values[name]
    np.testing.assert_allclose(found.estimate, expected["estimate"], rtol=document["rtol"])
    np.testing.assert_allclose(found.std_error, expected["std_error"], rtol=document["rtol"])
    assert found.df == expected["df"]
    assert found.n == np.isfinite(y).sum()


def test_published_figures_of_the_school_sample(reference):
    # Lumley's book and the survey package print 644.17 (SE 23.779 without finite population correction), 14 df
    values = reference("svymean")["values"]["apiclus1"]
    found = mean_with_se(values["api00"], values["pw"], None, values["cluster"])
    assert round(float(found.estimate), 2) == 644.17
    assert round(float(found.std_error), 3) == 23.779
    assert 8 < found.deff < 10


def test_a_simple_random_sample_has_the_textbook_error():
    y = np.random.default_rng(1).normal(size=40)
    found = mean_with_se(y)
    np.testing.assert_allclose(found.std_error, y.std(ddof=1) / np.sqrt(40), rtol=1e-12)
    np.testing.assert_allclose(found.deff, 1.0, rtol=1e-12)
    assert (found.df, found.n, found.n_eff) == (39, 40, 40)


@settings(deadline=None)
@given(st.integers(0, 10_000), st.floats(0.01, 100))
def test_scale_of_weights_and_order_of_rows_do_not_matter(seed, factor):
    rng = np.random.default_rng(seed)
    y, w = rng.normal(size=(30, 2)), rng.uniform(0.2, 3, 30)
    y[rng.random((30, 2)) < 0.1] = np.nan
    strata, cluster = np.repeat([0, 1], 15), np.tile(np.arange(5), 6)
    order = rng.permutation(30)
    first = mean_with_se(y, w, strata, cluster)
    second = mean_with_se(y[order], factor * w[order], strata[order], cluster[order])
    for name in ("estimate", "std_error", "df", "n", "n_eff", "deff"):
        np.testing.assert_allclose(getattr(second, name), getattr(first, name), rtol=1e-8, atol=1e-12)


def test_columns_are_what_they_are_alone():
    y = np.random.default_rng(2).normal(size=(12, 2))
    y[3, 1] = np.nan
    w = np.linspace(1, 2, 12)
    both = mean_with_se(y, w)
    alone = mean_with_se(y[:, 1], w)
    np.testing.assert_allclose(both.estimate[1], alone.estimate, rtol=1e-13)
    np.testing.assert_allclose(both.std_error[1], alone.std_error, rtol=1e-14)


def test_a_column_without_answers_is_nan_and_a_constant_has_no_error():
    found = mean_with_se(np.column_stack([np.full(5, np.nan), np.full(5, 3.0)]))
    assert np.isnan(found.estimate[0])
    assert np.isnan(found.std_error[0])
    assert np.isnan(found.df[0])
    assert found.n[0] == 0
    assert (found.estimate[1], found.std_error[1]) == (3.0, 0.0)
    assert np.isnan(found.deff[1])


def test_clusters_of_two_strata_are_not_one_cluster():
    assert design_units(4, [0, 0, 1, 1], [7, 8, 7, 8]).n_units == 4
    assert design_units(6, None, [5, 5, 9, 9, 2, 2]).unit.tolist() == [1, 1, 2, 2, 0, 0]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (([1.0],), "N003"),
        (([],), "N003"),
        (([1.0, 2.0, 3.0], None, [1, 1, 4]), "N003"),
        (([1.0, 2.0, 3.0], None, None, [1, 1, 1]), "N003"),
        (([1.0, 2.0], [1.0, -1.0]), "N008"),
        (([1.0, 2.0], [1.0]), "N010"),
    ],
)
def test_what_shows_no_variance_is_an_error(arguments, code):
    with pytest.raises(NumericsError) as caught:
        mean_with_se(*arguments)
    assert caught.value.problems[0].code == code


def test_the_lonely_strata_are_named():
    with pytest.raises(NumericsError) as caught:
        design_units(5, [3, 3, 8, 9, 9], [1, 2, 1, 4, 4])
    assert caught.value.problems[0].params["strata"] == "8, 9"
    assert "8、9" in caught.value.text("zh-CN")
