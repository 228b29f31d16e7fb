"""How often intervals of shares near 0 and 1, quantiles, trimmed means and ratios hold the true value."""

import numpy as np
import pytest
from scipy import integrate
from scipy.special import ndtri

from satmeter.numerics.intervals import t_interval, wilson_interval
from satmeter.numerics.linearisation import mean_with_se
from satmeter.numerics.quantiles import weighted_quantile, woodruff_interval
from satmeter.numerics.ratio import linearised_ratio
from satmeter.numerics.share_interval import design_factor, design_size, korn_graubard_interval
from satmeter.numerics.tails import normal_probability, t_quantile
from satmeter.numerics.trimmed import linearised_trimmed

pytestmark = pytest.mark.slow
SAMPLES = 1000
CLUSTERS, SIZE = 30, 10


def held(truth, low, high):
    return float(((low <= truth) & (truth <= high)).mean())


def clustered_shares(rng, share, likeness, samples):
    """Answers of many samples, shape (respondents, samples); `likeness` is the intraclass correlation."""
    strength = 1 / likeness - 1
    chance = rng.beta(share * strength, (1 - share) * strength, size=(CLUSTERS, 1, samples))
    return (rng.random((CLUSTERS, SIZE, samples)) < chance).reshape(CLUSTERS * SIZE, samples).astype(float)


@pytest.mark.parametrize(("likeness", "least"), [(0.02, 0.95), (0.05, 0.94), (0.2, 0.86)])
@pytest.mark.parametrize("share", [0.02, 0.98])
def test_shares_near_the_ends_in_clusters(share, likeness, least):
    """With much likeness the few who differ sit together, which no interval of the one share can know."""
    rng = np.random.default_rng([int(1000 * share), int(1000 * likeness)])
    found = mean_with_se(clustered_shares(rng, share, likeness, 2000), None, None, np.repeat(np.arange(CLUSTERS), SIZE))
    n, df = CLUSTERS * SIZE, CLUSTERS - 1
    worth = np.minimum(design_size(found.estimate, found.std_error, n, n), n)
    size = np.where(np.isnan(worth), n, worth)
    exact = held(share, *korn_graubard_interval(found.estimate, size * design_factor(n, df)))
    level = 2 * float(normal_probability(t_quantile(0.975, df))) - 1
    wilson = held(share, *wilson_interval(found.estimate, size, level))
    assert exact > least
    assert exact > wilson, "the reason why designs have Korn and Graubard's interval"


def quantile_coverage(draw, p, truth, *, centre_found=False):
    hits = 0
    for _ in range(SAMPLES):
        x = draw()
        below = mean_with_se((x <= weighted_quantile(x, None, p)).astype(float))
        size = design_size(below.estimate, below.std_error, len(x), below.df)
        _, low, high = woodruff_interval(x, None, [below.estimate if centre_found else p], [size], below.df)
        hits += bool(low[0] <= truth <= high[0])
    return hits / SAMPLES


@pytest.mark.parametrize(("n", "p"), [(30, 0.5), (60, 0.5), (60, 0.25), (250, 0.75)])
def test_quantiles_of_a_lognormal(n, p):
    rng = np.random.default_rng([n, int(100 * p)])
    assert 0.936 < quantile_coverage(lambda: np.exp(rng.normal(size=n)), p, np.exp(ndtri(p))) < 0.98


def test_the_median_of_counts():
    rng = np.random.default_rng(68)
    assert quantile_coverage(lambda: rng.poisson(0.68, 60).astype(float), 0.5, 0.0) > 0.95
    around = quantile_coverage(lambda: rng.poisson(0.68, 60).astype(float), 0.5, 0.0, centre_found=True)
    assert around < 0.75, "the reason why the interval stands around the probability and not the share that is found"


def test_the_median_of_clustered_answers():
    rng = np.random.default_rng(7)
    cluster = np.repeat(np.arange(CLUSTERS), SIZE)
    hits = 0
    for _ in range(SAMPLES):
        x = np.exp(0.45 * rng.normal(size=CLUSTERS)[cluster] + 0.89 * rng.normal(size=len(cluster)))
        below = mean_with_se((x <= weighted_quantile(x, None, 0.5)).astype(float), None, None, cluster)
        size = design_size(below.estimate, below.std_error, len(x), below.df)
        _, low, high = woodruff_interval(x, None, [0.5], [size], below.df)
        hits += bool(low[0] <= 1 <= high[0])
    assert 0.93 < hits / SAMPLES < 0.98


@pytest.mark.parametrize("n", [60, 250])
def test_the_trimmed_mean_of_a_lognormal(n):
    trim = 0.1
    truth = integrate.quad(lambda p: np.exp(ndtri(p)), trim, 1 - trim)[0] / (1 - 2 * trim)
    rng = np.random.default_rng(n)
    found, plain = [], []
    for _ in range(SAMPLES):
        x = np.exp(rng.normal(size=n))
        trimmed = linearised_trimmed(x, None, trim)
        mean = mean_with_se(np.column_stack([trimmed.column, x]))
        found.append(t_interval(mean.estimate[0], mean.std_error[0], trimmed.kept - 1))
        plain.append(t_interval(mean.estimate[1], mean.std_error[1], n - 1))
    covered, of_mean = held(truth, *np.array(found).T), held(np.exp(0.5), *np.array(plain).T)
    assert 0.925 < covered < 0.971
    assert of_mean < covered, "the mean of so skewed answers is covered worse"


def test_the_ratio_of_two_numbers():
    rng = np.random.default_rng(4)
    visits = rng.integers(1, 8, (120, SAMPLES)).astype(float)
    spend = visits * rng.gamma(2.0, 30.0, (120, SAMPLES))
    found = mean_with_se(linearised_ratio(spend, visits))
    assert 0.925 < held(60.0, *t_interval(found.estimate, found.std_error, found.df)) < 0.971
