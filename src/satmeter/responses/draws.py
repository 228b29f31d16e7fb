"""Answers drawn from a blueprint, before anybody is careless or leaves anything out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.numerics.simulation import common_factor, complete, rate
from satmeter.questionnaire.model import Question, Questionnaire
from satmeter.responses.blueprint import (
    COMMON_SHARE,
    GROUP_EFFECT,
    NUMBER_SHAPE,
    Blueprint,
    option_scores,
    option_shares,
)

TEXT_SHARE = 0.4  # respondents who write something into an open question
_OPEN_ANSWER = {"zh-CN": "模拟的开放回答", "en": "Simulated open answer"}
_CONSENT = "yes"
_FIRST_DAY = np.datetime64("2025-01-01")

ObjectArray = npt.NDArray[np.object_]
FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Draws:
    """Complete answers.

    Attributes
    ----------
    latent
        shape (n, nodes of the blueprint), standardised.
    columns
        Variable to answers, shape (n,): the text of a code, a tuple of codes for multiple; '' where nothing is said.
    """

    latent: FloatArray
    columns: dict[str, ObjectArray]


def draw(
    blueprint: Blueprint, languages: ObjectArray, latent_rng: np.random.Generator, answer_rng: np.random.Generator
) -> Draws:
    """Draw every answer of every respondent, asked or not.

    Parameters
    ----------
    blueprint
        The population.
    languages
        shape (n,), language of every respondent, for open answers.
    latent_rng, answer_rng
        Sources of randomness of the constructs and of everything else.

    Returns
    -------
    Draws
    """
    questionnaire = blueprint.questionnaire
    columns: dict[str, ObjectArray] = {}
    scores: dict[str, FloatArray] = {}
    for name in questionnaire.variables:
        question = questionnaire.questions.get(name)
        if question is not None:
            columns[name], scores[name] = _draw_question(question, languages, answer_rng)
    latent = _draw_latent(blueprint, len(languages), scores, latent_rng)
    for name, plan in blueprint.items.items():
        places = rate(latent[:, plan.node], plan.loading, plan.thresholds, answer_rng)
        columns[name] = _texts(plan.raw)[places]
    for name, check in questionnaire.checks.items():
        columns[name] = np.full(len(languages), str(check.expect), dtype=object)
    return Draws(latent, {name: columns[name] for name in questionnaire.variables})


def _draw_latent(
    blueprint: Blueprint, n: int, scores: Mapping[str, FloatArray], rng: np.random.Generator
) -> FloatArray:
    values = common_factor(n, blueprint.signs, COMMON_SHARE, rng)
    if blueprint.group:
        group = scores[blueprint.group][:, None] * np.asarray(blueprint.signs)
        values = GROUP_EFFECT * group + np.sqrt(1 - GROUP_EFFECT**2) * values
    for node, name in enumerate(blueprint.nodes):
        if name in scores:
            values[:, node] = scores[name]
    return complete(blueprint.population, values, rng)


def _draw_question(
    question: Question, languages: ObjectArray, rng: np.random.Generator
) -> tuple[ObjectArray, FloatArray]:
    """Return the answers and their standardised scores (zero where the type has none)."""
    n = len(languages)
    nothing = np.zeros(n)
    if question.type == "choice":
        places = np.searchsorted(np.cumsum(option_shares(question))[:-1], rng.random(n), side="right")
        return _texts([option.code for option in question.options])[places], option_scores(question)[places]
    if question.type == "multiple":
        return _draw_multiple(question, n, rng), nothing
    if question.type == "number":
        return _draw_number(question, n, rng)
    if question.type == "date":
        days = _FIRST_DAY + rng.integers(0, 365, n)
        return np.array([str(day) for day in days], dtype=object), nothing
    if question.type == "text":
        return _draw_text(question, languages, rng), nothing
    return np.full(n, _CONSENT, dtype=object), nothing


def _draw_multiple(question: Question, n: int, rng: np.random.Generator) -> ObjectArray:
    shares = option_shares(question)
    chosen = rng.random((n, len(shares))) < shares
    chosen[~chosen.any(axis=1), 0] = True
    codes = [option.code for option in question.options]
    answers = np.empty(n, dtype=object)
    answers[:] = [tuple(code for code, yes in zip(codes, row, strict=True) if yes) for row in chosen.tolist()]
    return answers


def _draw_number(question: Question, n: int, rng: np.random.Generator) -> tuple[ObjectArray, FloatArray]:
    low = question.low if question.low is not None else min(0.0, (question.high or 0.0) - 100.0)
    high = question.high if question.high is not None else low + 100.0
    a, b = NUMBER_SHAPE
    share = rng.beta(a, b, n)
    sd = np.sqrt(a * b / ((a + b) ** 2 * (a + b + 1)))
    values = low + (high - low) * share
    whole = np.clip(np.round(values), np.ceil(low), np.floor(high)) if np.floor(high) >= np.ceil(low) else None
    texts = [f"{value:.4g}" for value in values] if whole is None else [f"{value:.0f}" for value in whole]
    return np.array(texts, dtype=object), (share - a / (a + b)) / sd


def _draw_text(question: Question, languages: ObjectArray, rng: np.random.Generator) -> ObjectArray:
    written = rng.random(len(languages)) < TEXT_SHARE
    limit = question.max_length or 500
    answers = [
        f"{_OPEN_ANSWER.get(language, _OPEN_ANSWER['en'])} {row + 1}"[:limit] if yes else ""
        for row, (language, yes) in enumerate(zip(languages.tolist(), written.tolist(), strict=True))
    ]
    return np.array(answers, dtype=object)


def draw_languages(questionnaire: Questionnaire, n: int, rng: np.random.Generator) -> ObjectArray:
    """Draw the language of every respondent; the default language first, in the shares of options."""
    shares = 1.0 / np.arange(1, len(questionnaire.languages) + 1)
    places = np.searchsorted(np.cumsum(shares / shares.sum())[:-1], rng.random(n), side="right")
    return _texts(questionnaire.languages)[places]


def _texts(codes: list[str] | tuple[str, ...] | tuple[int, ...]) -> ObjectArray:
    return np.array([str(code) for code in codes], dtype=object)
