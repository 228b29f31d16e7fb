"""A/A waves: marks come at the stated rate when nothing changed, and intervals hold the true change when it did."""

from __future__ import annotations

import dataclasses
from functools import cache

import numpy as np
import pandas as pd
import pytest

from satmeter.measurement.respondent_match import match_respondents
from satmeter.measurement.scores import published_measures
from satmeter.measurement.wave_pairs import WaveStudy, independent_change, paired_change, wave_cell
from satmeter.moments import make_resampling
from satmeter.numerics.multiplicity import holm
from satmeter.study.plan import Uncertainty

KEYS = (("satisfaction", "mean_score"), ("i0", "top2"), ("satisfaction", "top2"), ("nps", "nps"))
CLUSTER = 8


def answers(latent, rng):
    """Two ratings of 1 to 5 and one of 0 to 10 of every respondent, from what they think."""
    noise = rng.normal(size=(3, len(latent)))
    ratings = np.clip(np.round(3.4 + latent + 0.8 * noise[:2]), 1, 5)
    return {"i0": ratings[0], "i1": ratings[1], "nps": np.clip(np.round(7 + 1.8 * (latent + 0.6 * noise[2])), 0, 10)}


def people(n, clustered, rng):
    place = rng.normal(size=-(-n // CLUSTER)).repeat(CLUSTER)[:n] if clustered else rng.normal(size=n)
    return np.sqrt(0.2) * place + np.sqrt(0.8) * rng.normal(size=n)


@cache
def true_change(shift):
    """Change of every figure in two very large waves."""
    latent = people(2_000_000, False, np.random.default_rng(3))
    before, after = (answers(latent + move, np.random.default_rng(4)) for move in (0.0, shift))
    figures = [
        lambda a: 25 * (np.mean(a["i0"] + a["i1"]) / 2 - 1),
        lambda a: np.mean(a["i0"] >= 4),
        lambda a: (np.mean(a["i0"] >= 4) + np.mean(a["i1"] >= 4)) / 2,
        lambda a: 100 * (np.mean(a["nps"] >= 9) - np.mean(a["nps"] <= 6)),
    ]
    return [float(figure(after) - figure(before)) for figure in figures]


class Waves:
    """Two waves whose answers are drawn anew in every trial; design and replicates stay."""

    def __init__(self, study_by_hand, n, clustered, panel, replicates, weights):
        self.n, self.clustered, self.panel, self.weights = n, clustered, panel, weights
        rng = np.random.default_rng(1)
        self.waves = []
        for seed in (11, 12):
            drawn = answers(people(n, clustered, rng), rng)
            study = study_by_hand(
                {
                    "satisfaction": ("satisfaction", {key: list(drawn[key]) for key in ("i0", "i1")}),
                    "loyalty": ("loyalty", {"nps": list(drawn["nps"])}),
                },
                scales={"nps": (0, 10)},
                cluster=[i // CLUSTER for i in range(n)] if clustered else None,
                weights=list(rng.uniform(0.5, 2, n)) if weights else None,
            )
            other = pd.DataFrame({"respondent": [f"p{i}" for i in range(n)]}, index=study.frame.index)
            plan = dataclasses.replace(study.plan, uncertainty=Uncertainty(replicates, seed))
            responses = dataclasses.replace(study.responses, other=other)
            study = dataclasses.replace(study, plan=plan, responses=responses)
            self.waves.append((study, make_resampling(study)))
        self.measures, values = published_measures(self.waves[-1][0])
        self.match = match_respondents(*(study for study, _ in self.waves))
        shown = [measure.quantity.columns for measure in self.measures if (measure.name, measure.statistic) in KEYS]
        columns = [column for some in shown for column in some]
        assert np.allclose(self.values(drawn)[:, columns], values[:, columns])

    def trial(self, shift, rng, groups=1):
        """Return p-values and intervals of the change of every figure in every group, shape (groups, figures, 3)."""
        first = people(self.n, self.clustered, rng)
        again = people(self.n, self.clustered, rng)
        second = np.sqrt(0.6) * first + np.sqrt(0.4) * again if self.panel else again
        waves = []
        for (study, resampling), latent in zip(self.waves, (first, second + shift), strict=True):
            wave = WaveStudy("", study, resampling)
            vars(wave)["_published"] = self.measures, self.values(answers(latent, rng))
            waves.append(wave)
        return np.stack([self._change(*waves, np.arange(self.n) % groups == group) for group in range(groups)])

    def _change(self, before, after, mask):
        later = wave_cell(after, mask, KEYS)
        if self.panel:
            found = paired_change(later, before, self.match, KEYS, 0.95).difference
        else:
            found = independent_change(later, wave_cell(before, mask, KEYS), KEYS, 0.95).difference
        return np.column_stack([found.p_value, found.conf_low, found.conf_high])

    def values(self, drawn):
        """Return the columns that the figures are estimated from, as `published_measures` makes them."""
        score = 25 * ((drawn["i0"] + drawn["i1"]) / 2 - 1)
        balance = 100.0 * ((drawn["nps"] >= 9).astype(float) - (drawn["nps"] <= 6))
        places = {measure.name + measure.statistic: measure.quantity.columns for measure in self.measures}
        columns = np.full((self.n, 1 + max(max(c) for c in places.values())), np.nan)
        top = np.column_stack([drawn["i0"] >= 4, drawn["i1"] >= 4])
        parts = {"satisfactionmean_score": score[:, None], "npsnps": balance[:, None], "satisfactiontop2": top}
        for name, part in (parts | {"i0top2": top[:, :1]}).items():
            columns[:, list(places[name])] = part
        return columns


def simulated(study_by_hand, n, clustered, panel, shift, trials, *, replicates=100, weights=False):
    """Return the rate of marks and of intervals that hold the true change, by figure."""
    waves, rng = Waves(study_by_hand, n, clustered, panel, replicates, weights), np.random.default_rng(20261122)
    found = np.array([waves.trial(shift, rng)[0] for _ in range(trials)], dtype=float)
    truth = np.array(true_change(shift)) if shift else np.zeros(len(KEYS))
    marks = (found[:, :, 0] < 0.05).mean(axis=0)
    return marks, ((found[:, :, 1] <= truth) & (truth <= found[:, :, 2])).mean(axis=0)


@pytest.mark.slow
@pytest.mark.parametrize(("clustered", "panel"), [(False, False), (True, False), (False, True), (True, True)])
def test_nothing_changed(study_by_hand, clustered, panel):
    trials = 150
    marks, held = simulated(study_by_hand, 120, clustered, panel, 0.0, trials)
    assert (marks <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / trials)).all(), marks
    assert (held >= 0.95 - 3 * np.sqrt(0.05 * 0.95 / trials)).all(), held
    assert marks.mean() >= 0.02  # not by never marking anything


def by_group(study_by_hand, clustered, panel, shift, trials, replicates):
    """Return, by figure, how often a group's interval holds the true change, and how often any of four is marked."""
    waves, rng = Waves(study_by_hand, 320, clustered, panel, replicates, True), np.random.default_rng(20261122)
    found = np.array([waves.trial(shift, rng, groups=4) for _ in range(trials)], dtype=float)
    truth = np.array(true_change(shift)) if shift else np.zeros(len(KEYS))
    held = ((found[..., 1] <= truth) & (truth <= found[..., 2])).mean(axis=(0, 1))
    any_mark = np.array([[(holm(p) < 0.05).any() for p in trial.T] for trial in found[..., 0]])
    return held, any_mark.mean(axis=0)


@pytest.mark.slow
@pytest.mark.parametrize(("clustered", "panel"), [(True, False), (True, True)])
def test_nothing_changed_in_any_group(study_by_hand, clustered, panel):
    trials = 60
    held, any_mark = by_group(study_by_hand, clustered, panel, 0.0, trials, 100)
    assert (held >= 0.95 - 3 * np.sqrt(0.05 * 0.95 / (4 * trials))).all(), held
    assert (any_mark <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / trials)).all(), any_mark


@pytest.mark.slow
@pytest.mark.parametrize("shift", [0.0, 0.4])
@pytest.mark.parametrize(("clustered", "panel"), [(False, False), (True, False), (False, True), (True, True)])
def test_long_changes_by_group_keep_their_level(study_by_hand, clustered, panel, shift):
    trials = 500
    held, any_mark = by_group(study_by_hand, clustered, panel, shift, trials, 200)
    print(f"by group panel={panel} clustered={clustered} shift={shift}", held.round(3), any_mark.round(3))
    assert (held >= 0.95 - 3 * np.sqrt(0.05 * 0.95 / trials)).all(), held
    if not shift:
        assert (any_mark <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / trials)).all(), any_mark


@pytest.mark.slow
@pytest.mark.parametrize("shift", [0.0, 0.4])
@pytest.mark.parametrize("clustered", [False, True])
@pytest.mark.parametrize("panel", [False, True])
@pytest.mark.parametrize(("n", "weights"), [(60, False), (320, False), (320, True)])
def test_long_marks_and_intervals_keep_their_level(study_by_hand, n, weights, panel, clustered, shift):
    trials = 1000
    marks, held = simulated(study_by_hand, n, clustered, panel, shift, trials, replicates=200, weights=weights)
    print(f"{n} weights={weights} panel={panel} clustered={clustered} shift={shift}", marks.round(3), held.round(3))
    assert (held >= 0.95 - 3 * np.sqrt(0.05 * 0.95 / trials)).all(), held
    if not shift:
        assert (marks <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / trials)).all(), marks
