"""How often the published intervals of single answers, top boxes and trees hold the true value.

Everything goes the way that a study goes, from answers to rows; only the answers are drawn anew in every trial. The
figures of the long runs stand in docs/methods/answers.md, shares.md and trees.md.
"""

from __future__ import annotations

import dataclasses
from functools import cache

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtr, ndtri

from satmeter.measurement.answers import answer_figures
from satmeter.measurement.scores import score_rows
from satmeter.measurement.trees import tree_rows
from satmeter.moments import make_resampling
from satmeter.study.plan import Answers, ScoreOptions, Tree

pytestmark = pytest.mark.slow

CLUSTER, LIKENESS = 8, 0.2
OPTIONS = {"a": 0.4, "b": -0.3, "c": -1.0, "d": -2.0}  # normal thresholds: 66, 38, 16 and 2 % choose them
ITEMS = ("i1", "i2", "i3")
DESIGNS = {"simple": (120, False), "clusters and weights": (320, True)}
KEPT = ("quantile25", "median", "quantile75")


def latent(n, clustered, rng):
    place = rng.normal(size=-(-n // CLUSTER)).repeat(CLUSTER)[:n] if clustered else rng.normal(size=n)
    return np.sqrt(LIKENESS) * place + np.sqrt(1 - LIKENESS) * rng.normal(size=n)


def rated(mood, rng, level):
    return np.clip(np.round(level + 0.8 * mood + 0.7 * rng.normal(size=len(mood))), 1, 5)


def drawn(n, clustered, rng):
    """Return columns of answers: three ratings, some of them missing, what was spent, and what was used."""
    mood = latent(n, clustered, rng)
    columns = {name: rated(mood, rng, 3.6 - 0.3 * j) for j, name in enumerate(ITEMS)}
    for ratings in columns.values():
        ratings[rng.random(n) < 0.1] = np.nan
    columns["spent"] = np.exp(mood)
    held = {code: 0.6 * mood + 0.8 * rng.normal(size=n) < at for code, at in OPTIONS.items()}
    used = [tuple(code for code in OPTIONS if held[code][i]) for i in range(n)]
    return columns | {"used": [codes or None for codes in used]}


class Trials:
    """A study whose answers are drawn anew; design, weights, groups and replicates stay."""

    def __init__(self, study_by_hand, design, replicates):
        self.n, self.clustered = DESIGNS[design]
        rng = np.random.default_rng(1)
        first = drawn(self.n, self.clustered, rng)
        everything = [tuple(OPTIONS), *first["used"][1:]]
        study = study_by_hand(
            {
                "satisfaction": ("satisfaction", {name: list(first[name]) for name in ITEMS}),
                **{f"c{j}": ("driver", {f"x{j}": list(first[name])}) for j, name in enumerate(ITEMS)},
            },
            questions={
                "spent": ("number", list(first["spent"])),
                "used": ("multiple", everything),
                "region": ("choice", [f"r{i % 3}" for i in range(self.n)]),
            },
            cluster=[i // CLUSTER for i in range(self.n)] if self.clustered else None,
            weights=list(rng.uniform(0.5, 2, self.n)) if self.clustered else None,
            groups=("region",),
            replicates=replicates,
        )
        inner, whole = Tree("inner", {"c1": 0.4, "c2": 0.6}, "x"), Tree("whole", {"c0": 0.5, "inner": 0.5}, "x")
        plan = dataclasses.replace(
            study.plan,
            answers=Answers(("spent", "used")),
            scores=ScoreOptions(boxes=(1, 3)),
            trees=(whole, inner),
        )
        self.study = dataclasses.replace(study, plan=plan)
        self.resampling = make_resampling(self.study)

    def again(self, rng):
        """Return the study with other answers."""
        columns = drawn(self.n, self.clustered, rng)
        frame = self.study.frame.assign(**{name: columns[name] for name in (*ITEMS, "spent")})
        frame["used"] = pd.Series(columns["used"], index=frame.index, dtype=object)
        scores = {f"c{j}": 25 * (columns[name] - 1) for j, name in enumerate(ITEMS)}
        for j, name in enumerate(ITEMS):
            frame[f"x{j}"] = columns[name]
        block = np.column_stack(list(scores.values()))
        told = np.isfinite(block)
        mean = np.where(told, block, 0).sum(axis=1) / np.maximum(told.sum(axis=1), 1)
        scores["satisfaction"] = np.where(told.sum(axis=1) >= 2, mean, np.nan)
        return dataclasses.replace(self.study, frame=frame, construct_scores=pd.DataFrame(scores, index=frame.index))


@cache
def truth():
    """Return what holds in the population: thresholds by calculation, ratings from two million respondents."""
    rng = np.random.default_rng(20261122)
    mood = latent(2_000_000, False, rng)
    items = {name: rated(mood, rng, 3.6 - 0.3 * j) for j, name in enumerate(ITEMS)}
    chance = {code: ndtr(at) for code, at in OPTIONS.items()}
    found = {name: np.exp(ndtri(p)) for name, p in zip(KEPT, (0.25, 0.5, 0.75), strict=True)}
    found |= {("share_answers", code): p / sum(chance.values()) for code, p in chance.items()}
    for boxes in (1, 3):
        tops = [float((ratings > 5 - boxes).mean()) for ratings in items.values()]
        found |= {("i1", f"top{boxes}"): tops[0], ("satisfaction", f"top{boxes}"): float(np.mean(tops))}
    leaf = [25 * (float(ratings.mean()) - 1) for ratings in items.values()]
    inner = 0.4 * leaf[1] + 0.6 * leaf[2]
    return found | {"c0": leaf[0], "inner": inner, "whole": 0.5 * (leaf[0] + inner)}


def answers_of(study, resampling):
    for row in answer_figures(study, resampling).rows:
        if row.group not in ("", "r0"):
            continue
        if row.statistic in KEPT or row.statistic == "share_answers":
            key = row.statistic if row.statistic in KEPT else (row.statistic, row.option)
            yield key, row.group, row.conf_low, row.conf_high


def boxes_of(study, resampling):
    for row in score_rows(study, resampling)[0]:
        if row.group in ("", "r0") and (row.measure, row.statistic) in truth():
            yield (row.measure, row.statistic), row.group, row.conf_low, row.conf_high


def nodes_of(study, resampling):
    for row in tree_rows(study, resampling).rows:
        if row.group in ("", "r0") and row.node in truth():
            yield row.node, row.group, row.conf_low, row.conf_high


KINDS = {"answers": answers_of, "boxes": boxes_of, "nodes": nodes_of}


def coverage(study_by_hand, kind, design, trials, replicates):
    """Return, by figure and group, in which part of the trials its interval held the truth."""
    world, rng = Trials(study_by_hand, design, replicates), np.random.default_rng(20261122)
    hits: dict[tuple[object, str], list[bool]] = {}
    for _ in range(trials):
        study = world.again(rng)
        for key, group, low, high in KINDS[kind](study, world.resampling):
            hits.setdefault((key, group), []).append(low is not None and low <= truth()[key] <= high)
    assert all(len(some) == trials for some in hits.values())
    return {name: float(np.mean(some)) for name, some in hits.items()}


def judge(found, trials):
    error = np.sqrt(0.95 * 0.05 / trials)
    for name, part in found.items():
        assert part > 0.95 - 3.3 * error, (name, part)
    usual = [part for (key, _), part in found.items() if "share_answers" not in key]
    assert np.mean(usual) < 0.975, "not by being far too wide"


@pytest.mark.parametrize("design", list(DESIGNS))
@pytest.mark.parametrize("kind", list(KINDS))
def test_intervals_hold_the_truth(study_by_hand, kind, design):
    judge(coverage(study_by_hand, kind, design, 80, 100), 80)


@pytest.mark.parametrize("design", list(DESIGNS))
@pytest.mark.parametrize("kind", list(KINDS))
def test_long_intervals_hold_the_truth(study_by_hand, kind, design):
    found = coverage(study_by_hand, kind, design, 1000, 200)
    print(kind, design, {name: round(part, 3) for name, part in found.items()})
    judge(found, 1000)
