"""Cluster-robust and design-based covariances against sandwich, clubSandwich and survey."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from satmeter.errors import NumericsError
from satmeter.numerics.cluster_covariance import cluster_covariance, robust_regression
from satmeter.numerics.regression import hc3_covariance


@pytest.fixture(scope="module")
def few(people):
    kept = people["cluster"] < 12
    x = np.column_stack([people["extraverted"], people["neurotic"]])[kept]
    return x, people["agreeable"][kept], people["weights"][kept], people["cluster"][kept]


@pytest.mark.parametrize("correction", ["cr1", "cr2"])
@pytest.mark.parametrize("weighted", [False, True])
def test_clusters_equal_sandwich_and_clubsandwich(reference, few, correction, weighted):
    document = reference("diagnostics")
    x, y, weights, cluster = few
    assert len(y) == document["values"]["clusters"]["rows"]
    expected = document["values"]["clusters"][correction + ("_weighted" if weighted else "")]
    found = cluster_covariance(x, y, weights if weighted else None, cluster=cluster, correction=correction)
    np.testing.assert_allclose(found, expected, rtol=document["rtol"], atol=1e-13)


def test_design_equals_svyglm(reference, people):
    case, rtol = reference("diagnostics")["values"]["clusters"], reference("diagnostics")["rtol"]
    x = np.column_stack([people["extraverted"], people["neurotic"], people["age"]])
    y, w, strata = people["agreeable"], people["weights"], people["strata"]
    found = robust_regression(x, y, w, strata, people["cluster"])
    np.testing.assert_allclose(found.b, case["design_b"], rtol=rtol)
    np.testing.assert_allclose(found.covariance, case["design"], rtol=rtol, atol=1e-15)
    assert found.df == 83 - 4 - 3
    alone = cluster_covariance(x, y, w, strata)
    np.testing.assert_allclose(alone, case["design_without_clusters"], rtol=rtol, atol=1e-15)


def test_a_simple_random_sample_has_hc3(prestige):
    x, y = prestige[:, 1:], prestige[:, 0]
    found = robust_regression(x, y)
    np.testing.assert_array_equal(found.covariance, hc3_covariance(x, y))
    assert found.df == 98


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10_000), st.floats(0.01, 100), st.sampled_from(["design", "cr1", "cr2"]))
def test_scale_of_weights_and_names_of_clusters_change_nothing(seed, scale, correction):
    rng = np.random.default_rng(seed)
    x, y, w = rng.standard_normal((40, 2)), rng.standard_normal(40), rng.uniform(0.5, 2, 40)
    cluster = np.arange(40) // 5
    one = cluster_covariance(x, y, w, None, cluster, correction=correction)
    order = rng.permutation(40)
    other = cluster_covariance(
        x[order], y[order], scale * w[order], None, 100 - 3 * cluster[order], correction=correction
    )
    np.testing.assert_allclose(other, one, rtol=1e-9, atol=1e-14)


def test_cr2_is_unbiased_where_its_model_holds():
    """A quadratic form in y has, under unit variances, the sum of its values at the unit vectors as its mean."""
    x, cluster = np.random.default_rng(3).standard_normal((24, 1)), np.repeat(np.arange(6), 4)
    design = np.column_stack([np.ones(24), x])
    mean = sum(cluster_covariance(x, row, cluster=cluster, correction="cr2") for row in np.eye(24))
    np.testing.assert_allclose(mean, np.linalg.inv(design.T @ design), rtol=1e-10)
    plain = sum(cluster_covariance(x, row, cluster=cluster, correction="cr1")[1, 1] for row in np.eye(24))
    assert plain < 0.95 * mean[1, 1]


def test_bad_samples():
    x, y = np.arange(8.0)[:, None], np.arange(8.0) ** 2
    for arguments, code in (
        ((x, y, None, None, np.zeros(8)), "N003"),
        ((np.ones((8, 1)), y), "N004"),
        ((np.hstack([x, x]), y), "N005"),
        ((x[:2], y[:2]), "N006"),
        ((x, y, -y), "N008"),
        ((np.where(x == 3, np.nan, x), y), "N009"),
        ((x, y[:5]), "N010"),
    ):
        with pytest.raises(NumericsError, match=code):
            cluster_covariance(*arguments)
