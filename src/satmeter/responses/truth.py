"""The truth behind simulated answers, in plain numbers, to be held against an analysis."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from satmeter.numerics.expectation import hermite_coefficients, item_variance, mehler_covariance, point_shares
from satmeter.numerics.simulation import general_dominance
from satmeter.responses.blueprint import Blueprint, ItemPlan, option_scores, option_shares

MOST_PREDICTORS = 12  # LMG by enumeration is left out beyond

FloatArray = npt.NDArray[np.float64]


def population_truth(blueprint: Blueprint) -> dict[str, Any]:
    """Return what holds in the population: the declared latent structure, and what complete, attentive answers show.

    Returns
    -------
    dict
        ``paths``, ``r2``, ``latent_correlations`` and ``lmg`` (units of R²) of the latent variables; ``items`` and
        ``questions`` as declared; ``group``: the latent means of every option of the group question; ``expected``:
        alpha, mean and standard deviation of every construct's score (0–100), the correlations of the scores with the
        R² and LMG that follow from them. LMG is left out for outcomes with more than 12 predecessors. `expected` takes
        the latent variables as normal; a question in the model enters by its standardised place.
    """
    made = blueprint.population
    model = blueprint.questionnaire.model
    return {
        "paths": {
            outcome: {name: float(made.paths[_at(blueprint, outcome), _at(blueprint, name)]) for name in names}
            for outcome, names in model.items()
        },
        "r2": {outcome: float(made.r2[_at(blueprint, outcome)]) for outcome in model},
        "latent_correlations": _labelled(blueprint, made.correlation),
        "lmg": _lmg(blueprint, made.correlation),
        "items": {name: _item(blueprint, name, plan) for name, plan in blueprint.items.items()},
        "questions": {
            question.id: dict(zip((o.code for o in question.options), option_shares(question).tolist(), strict=True))
            for question in blueprint.questionnaire.questions.values()
            if question.options
        },
        "group": _group(blueprint),
        "expected": _expected(blueprint),
    }


def _at(blueprint: Blueprint, name: str) -> int:
    return blueprint.nodes.index(name)


def _labelled(blueprint: Blueprint, matrix: FloatArray) -> dict[str, Any]:
    return {"variables": list(blueprint.nodes), "matrix": matrix.tolist()}


def _lmg(blueprint: Blueprint, corr: FloatArray) -> dict[str, dict[str, float]]:
    found = {}
    for outcome, names in blueprint.questionnaire.model.items():
        if 0 < len(names) <= MOST_PREDICTORS:
            columns = tuple(_at(blueprint, name) for name in names)
            shares = general_dominance(corr, _at(blueprint, outcome), columns)
            found[outcome] = dict(zip(names, shares.tolist(), strict=True))
    return found


def _item(blueprint: Blueprint, name: str, plan: ItemPlan) -> dict[str, Any]:
    shares = dict(zip((str(code) for code in plan.raw), point_shares(plan.thresholds).tolist(), strict=True))
    return {
        "construct": blueprint.nodes[plan.node],
        "loading": plan.loading,
        "reverse": blueprint.questionnaire.items[name].reverse,
        "thresholds": list(plan.thresholds),
        "shares": dict(sorted(shares.items(), key=lambda pair: int(pair[0]))),
    }


def _group(blueprint: Blueprint) -> dict[str, Any]:
    if not blueprint.group:
        return {}
    question = blueprint.questionnaire.questions[blueprint.group]
    with_group = blueprint.population.correlation[_at(blueprint, blueprint.group)]
    scores = dict(zip((option.code for option in question.options), option_scores(question).tolist(), strict=True))
    means = {
        name: {code: float(with_group[_at(blueprint, name)] * score) for code, score in scores.items()}
        for name in blueprint.questionnaire.constructs
    }
    return {"question": blueprint.group, "latent_means": means}


def _expected(blueprint: Blueprint) -> dict[str, Any]:
    p = len(blueprint.nodes)
    alpha: dict[str, float | None] = {}
    mean: dict[str, float] = {}
    smooth = np.zeros((p, 25))
    smooth[:, 1] = 1.0  # a question enters by its own standardised score
    variance = np.ones(p)
    for name in blueprint.questionnaire.constructs:
        node = _at(blueprint, name)
        plans = [plan for plan in blueprint.items.values() if plan.node == node]
        if plans:
            alpha[name] = _alpha(plans)
            smooth[node], variance[node] = _score(plans)
            mean[name] = float(smooth[node, 0])
    cov = np.array(
        [
            [mehler_covariance(smooth[i], smooth[j], blueprint.population.correlation[i, j]) for j in range(p)]
            for i in range(p)
        ]
    )
    np.fill_diagonal(cov, variance)
    sd = np.sqrt(np.diag(cov))
    corr = cov / np.outer(sd, sd)
    np.fill_diagonal(corr, 1.0)
    lmg = _lmg(blueprint, corr)
    return {
        "alpha": alpha,
        "mean_score": mean,
        "score_sd": {name: float(sd[_at(blueprint, name)]) for name in mean},
        "correlations": _labelled(blueprint, corr),
        "r2": {outcome: sum(shares.values()) for outcome, shares in lmg.items()},
        "lmg": lmg,
    }


def _alpha(plans: list[ItemPlan]) -> float | None:
    k = len(plans)
    if k < 2:
        return None
    total = np.sum([hermite_coefficients(p.loading, p.thresholds, p.keyed) for p in plans], axis=0)
    parts = [hermite_coefficients(p.loading, p.thresholds, p.keyed) for p in plans]
    own = [item_variance(p.thresholds, p.keyed) for p in plans]
    unique = sum(var - mehler_covariance(c, c, 1.0) for var, c in zip(own, parts, strict=True))
    whole = mehler_covariance(total, total, 1.0) + unique
    return float(k / (k - 1) * (1 - sum(own) / whole))


def _score(plans: list[ItemPlan]) -> tuple[FloatArray, float]:
    """Return the Hermite coefficients and the variance of a construct score from 0 to 100."""
    k = len(plans)
    smooth = np.zeros(25)
    unique = 0.0
    for plan in plans:
        low, high = min(plan.keyed), max(plan.keyed)
        values = 100.0 * (np.asarray(plan.keyed) - low) / (high - low)
        part = hermite_coefficients(plan.loading, plan.thresholds, values)
        smooth += part / k
        unique += (item_variance(plan.thresholds, values) - mehler_covariance(part, part, 1.0)) / k**2
    return smooth, float(mehler_covariance(smooth, smooth, 1.0) + unique)
