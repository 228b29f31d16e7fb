"""Dimensionality of a study: numbers equal those of numerics, and every obstacle leaves its note."""

import numpy as np
import pytest

from satmeter.measurement.dimensionality import DRAWS, dimensionality
from satmeter.moments import make_resampling
from satmeter.numerics.exploratory import explore_factors
from satmeter.numerics.factor_fit import factor_fit
from satmeter.numerics.factor_number import parallel_analysis
from satmeter.numerics.sampling_adequacy import bartlett_sphericity, kmo

NAN = float("nan")


def answers(n=300, seed=3, each=4):
    """Two correlated constructs of four five-point items each."""
    rng = np.random.default_rng(seed)
    true = rng.multivariate_normal([0, 0], [[1, 0.4], [0.4, 1]], size=n)
    return {
        name: (
            "driver",
            {f"{name}{j}": np.clip(np.round(3 + true[:, k] + rng.normal(size=n) * 0.7), 1, 5) for j in range(each)},
        )
        for k, name in enumerate("ab")
    }


def explore(study):
    return dimensionality(study, make_resampling(study))


def codes(notes):
    return [note.code for note in notes]


def value(found, statistic, construct="", other=""):
    (row,) = [r for r in found.validity if (r.statistic, r.construct, r.other) == (statistic, construct, other)]
    return row


def test_numbers_are_those_of_the_correlations(study_by_hand):
    data = answers()
    found = explore(study_by_hand(data, seed=7))
    block = np.column_stack([v for _, items in data.values() for v in items.values()])
    corr = np.corrcoef(block.T)
    adequacy, test = kmo(corr), bartlett_sphericity(corr, 300)
    overall = value(found, "kmo")
    assert overall.estimate == pytest.approx(float(adequacy.overall), rel=1e-10)
    assert 0.005 < overall.std_error < 0.05
    assert (overall.conf_low, overall.n) == (None, 300)
    assert value(found, "kmo", "b", "b1").estimate == pytest.approx(float(adequacy.items[5]), rel=1e-10)
    bartlett = value(found, "bartlett")
    assert bartlett.estimate == pytest.approx(float(test.chi2), rel=1e-10)
    assert (bartlett.df, bartlett.p_value) == (28, pytest.approx(float(test.p), rel=1e-6))
    assert value(found, "n_factors_parallel").estimate == value(found, "n_factors_map").estimate == 2
    solution = explore_factors(corr, 2)
    fit = factor_fit(corr, solution.loadings, 300, phi=solution.phi)
    assert value(found, "efa_chi2").estimate == pytest.approx(fit.chi2, rel=1e-6)
    assert value(found, "efa_chi2").df == 13
    rmsea = value(found, "efa_rmsea")
    assert (rmsea.estimate, rmsea.conf_high) == (
        pytest.approx(fit.rmsea, abs=1e-7),
        pytest.approx(fit.rmsea_high, abs=1e-7),
    )
    assert value(found, "efa_tli").estimate == pytest.approx(fit.tli, abs=1e-7)
    assert value(found, "efa_rmsr").estimate == pytest.approx(fit.rmsr, abs=1e-8)
    assert value(found, "efa_bic").estimate == pytest.approx(fit.bic, abs=1e-5)
    assert value(found, "efa_correlation", "F1", "F2").estimate == pytest.approx(solution.phi[0, 1], abs=1e-6)
    assert [(r.model, r.construct, r.item) for r in found.loadings[7:9]] == [("efa", "F1", "b3"), ("efa", "F2", "a0")]
    np.testing.assert_allclose([r.estimate for r in found.loadings], solution.loadings.T.ravel(), atol=1e-6)
    np.testing.assert_allclose([r.communality for r in found.communalities], solution.communality, atol=1e-8)
    assert all(r.communality + r.uniqueness == pytest.approx(1) for r in found.communalities)
    assert not any(r.heywood for r in found.communalities)


def test_parallel_analysis_is_stated_and_comes_from_the_studys_seed(study_by_hand):
    found = explore(study_by_hand(answers(), seed=7))
    assert codes(found.validity_notes) == ["M160"]
    assert found.loading_notes == ()
    note = found.validity_notes[0]
    assert note.params["seed"] == 7
    assert "seed 7" in note.text("en")
    assert "随机种子 7" in note.text("zh-CN")
    observed = [row.eigenvalue for row in found.scree]
    assert sum(observed) == pytest.approx(8, rel=1e-10)
    expected = parallel_analysis(
        np.corrcoef(np.column_stack([v for _, i in answers().values() for v in i.values()]).T),
        300,
        rng=np.random.default_rng(7),
        draws=DRAWS,
    )
    np.testing.assert_allclose([row.reference for row in found.scree], expected.reference, rtol=1e-12)
    np.testing.assert_allclose([row.mean for row in found.scree], expected.mean, rtol=1e-12)
    assert [row.number for row in found.scree] == list(range(1, 9))
    other = explore(study_by_hand(answers(), seed=8))
    assert [r.reference for r in other.scree] != [r.reference for r in found.scree]
    assert [r.estimate for r in other.loadings] == [r.estimate for r in found.loadings]


def test_weights_enter_and_complete_answers_count(study_by_hand):
    data = answers()
    data["a"][1]["a0"][:20] = NAN
    weights = np.linspace(0.5, 1.5, 300)
    found = explore(study_by_hand(data, weights=list(weights)))
    block = np.column_stack([v for _, items in data.values() for v in items.values()])[20:]
    w = weights[20:]
    cov = np.cov(block.T, aweights=w)
    sd = np.sqrt(np.diag(cov))
    assert value(found, "kmo").n == 280
    assert value(found, "kmo").estimate == pytest.approx(float(kmo(cov / np.outer(sd, sd)).overall), rel=1e-8)
    n_eff = w.sum() ** 2 / (w**2).sum()
    test = bartlett_sphericity(cov / np.outer(sd, sd), n_eff)
    assert value(found, "bartlett").estimate == pytest.approx(float(test.chi2), rel=1e-8)


def test_formative_constructs_are_not_explored(study_by_hand):
    found = explore(study_by_hand(answers(), modes={"b": "formative"}))
    assert {row.item for row in found.loadings} == {"a0", "a1", "a2", "a3"}
    assert value(found, "n_factors_parallel").estimate == 1


def test_another_number_of_factors_than_of_constructs(study_by_hand):
    data = answers()
    both = {"all": ("driver", data["a"][1] | data["b"][1])}
    found = explore(study_by_hand(both))
    note = found.validity_notes[-1]
    assert (note.code, note.params["suggested"], note.params["constructs"]) == ("M165", 2, 1)


def test_constant_and_unanswered_items_are_left_out_by_name(study_by_hand):
    data = answers()
    data["a"][1]["a3"][:] = 4.0
    data["b"][1]["b0"][:] = NAN
    found = explore(study_by_hand(data))
    note = found.validity_notes[0]
    assert (note.code, note.params["items"]) == ("M164", "a3, b0")
    assert len(found.communalities) == 6
    assert value(found, "kmo").estimate is not None


def test_copied_columns_are_named(study_by_hand):
    data = answers()
    data["b"][1]["b2"] = data["a"][1]["a1"].copy()
    found = explore(study_by_hand(data))
    assert (found.validity_notes[0].code, found.validity_notes[0].params["pairs"]) == ("M233", "a1–b2")
    assert "b2" not in {row.item for row in found.loadings}
    data["b"][1]["b2"] = 6 - data["a"][1]["a1"]
    found = explore(study_by_hand(data))
    assert found.validity == found.loadings == ()
    (note,) = found.validity_notes
    assert (note.code, note.params["items"]) == ("M163", "a1, b2")


def test_fewer_respondents_than_items(study_by_hand):
    found = explore(study_by_hand(answers(n=8)))
    (note,) = found.validity_notes
    assert (note.code, note.params["items"], note.params["n"]) == ("M162", 8, "8")
    assert found.validity == ()


def test_too_few_items_and_nobody_complete(study_by_hand):
    data = {"a": ("driver", {"a0": [1, 2, 3, 4], "a1": [2, 1, 4, 5]})}
    found = explore(study_by_hand(data))
    assert [(n.code, n.params["n"]) for n in found.validity_notes] == [("M161", 2)]
    gaps = {"a": ("driver", {f"a{j}": [NAN if i == j else 3 for i in range(4)] for j in range(4)})}
    assert codes(explore(study_by_hand(gaps)).validity_notes) == ["M161"]


def test_uncorrelated_items_have_no_factors(study_by_hand):
    rng = np.random.default_rng(5)
    data = {"a": ("driver", {f"a{j}": rng.integers(1, 6, 400).astype(float) for j in range(6)})}
    found = explore(study_by_hand(data))
    assert value(found, "n_factors_parallel").estimate == 0
    assert found.loadings == ()
    assert codes(found.loading_notes) == ["M166"]
    assert len(found.scree) == 6


def test_improper_solutions_are_flagged(study_by_hand):
    # the correlations .8 .8 .5 would give a0 a communality of .8 · .8 / .5 = 1.28
    raw = np.random.default_rng(2).normal(size=(400, 3))
    raw -= raw.mean(axis=0)
    exact = raw @ np.linalg.inv(np.linalg.cholesky(raw.T @ raw / 399)).T
    made = exact @ np.linalg.cholesky([[1, 0.8, 0.8], [0.8, 1, 0.5], [0.8, 0.5, 1]]).T
    data = {"a": ("driver", {f"a{j}": made[:, j] for j in range(3)})}
    found = explore(study_by_hand(data, scales=dict.fromkeys(("a0", "a1", "a2"), (-9, 15))))
    assert codes(found.loading_notes) == ["M167"]
    assert found.loading_notes[0].params["items"] == "a0"
    assert [r.heywood for r in found.communalities] == [True, False, False]


def test_a_search_that_does_not_end_is_told(study_by_hand, monkeypatch):
    monkeypatch.setattr("satmeter.numerics.extraction._STEPS", 1)
    assert "M168" in codes(explore(study_by_hand(answers())).loading_notes)


def test_a_construct_that_few_were_asked_does_not_empty_the_analysis(study_by_hand):
    data = answers()
    rare = {f"rare{j}": np.where(np.arange(300) < 100, np.arange(300) % (4 + j) + 1.0, NAN) for j in range(2)}
    found = explore(study_by_hand(data | {"rare": ("driver", rare)}))
    assert codes(found.validity_notes)[0] == "M230"
    note = found.validity_notes[0]
    assert note.text("en").startswith("rare: not part of the exploratory factors, because fewer than half as many")
    assert note.text("zh-CN").startswith("rare：完整作答的人数不足作答最多的构念的一半，未纳入探索性因子分析")
    alone = explore(study_by_hand(data))
    assert value(found, "kmo") == value(alone, "kmo")
    assert value(found, "kmo").n == 300
    half = {name: np.where(np.arange(300) < 150, v, NAN) for name, v in data["b"][1].items()}
    assert "M230" not in codes(explore(study_by_hand(data | {"b": ("driver", half)})).validity_notes)
