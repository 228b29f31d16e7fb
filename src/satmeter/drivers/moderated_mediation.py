"""Moderated mediation on the observed scores: indirect effects that depend on a third variable."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.drivers.mediated import LEAST, construct_model, score_column
from satmeter.drivers.moderated import PLACES
from satmeter.drivers.section import DeepInput, Section
from satmeter.errors import Note, NumericsError
from satmeter.measurement.plain import plain
from satmeter.moments import moment_stack
from satmeter.numerics.intervals import percentile_interval, replicate_se
from satmeter.numerics.mediation_moderated import ModeratedMediation, Stage, moderated_mediation
from satmeter.numerics.moderation import centred_product
from satmeter.study.model import Study

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ModeratedMediationRow:
    """An indirect effect at one value of a moderator (`at`: `low` and `high` one standard deviation from the mean).

    `stage` `first`: the step source → mediator is moderated; `second`: mediator → outcome. `at` `index` is the test: by
    how much the indirect effect grows per point of the moderator. Points of the outcome per point of the source.
    """

    outcome: str
    source: str
    mediator: str
    moderator: str
    stage: str
    at: str
    value: float | None  # of the moderator
    estimate: float | None
    std_error: float | None
    conf_low: float | None
    conf_high: float | None
    n: int


@dataclass(frozen=True, slots=True)
class _Route:
    source: str
    mediator: str
    outcome: str
    moderator: str
    stage: Stage

    @property
    def names(self) -> tuple[str, str, str, str]:
        return self.source, self.mediator, self.outcome, self.moderator


def moderated_mediation_sections(given: DeepInput) -> dict[str, Section]:
    """Return the section `moderated_mediation`.

    Parameters
    ----------
    given
        Study and replicates; `drivers.moderations` of the plan.

    Returns
    -------
    dict
        A pair (driver, moderator) of an outcome is taken for the second step of every route predecessor → driver →
        outcome of the model, and for the first step of every route driver → outcome → satisfaction or loyalty. The
        mediator is explained by its predecessors and the source, the outcome by its own and the source, both by the
        number questions of the controls. Percentile intervals of the replicates.
    """
    rows: list[ModeratedMediationRow] = []
    notes: list[Note] = []
    for route in _routes(given.study):
        rows += _rows(given, route, notes)
    return {"moderated_mediation": Section(tuple(rows), tuple(notes))}


def _routes(study: Study) -> Iterator[_Route]:
    """Yield the routes of which a step is moderated; those with a choice question in them have no product."""
    model = construct_model(study)
    ends = [c.id for c in study.questionnaire.constructs_of_role("satisfaction", "loyalty") if c.id in model]
    numbers = {name for name, question in study.questionnaire.questions.items() if question.type == "number"}
    for outcome, pairs in study.plan.drivers.moderations.items():
        for driver, moderator in pairs:
            if driver not in study.questionnaire.constructs:
                continue
            if moderator not in study.questionnaire.constructs and moderator not in numbers:
                continue
            if driver in model.get(outcome, ()):
                yield from (_Route(source, driver, outcome, moderator, "second") for source in model.get(driver, ()))
                reached = [end for end in ends if outcome in model[end]]
                yield from (_Route(driver, outcome, end, moderator, "first") for end in reached)


def _rows(given: DeepInput, route: _Route, notes: list[Note]) -> Iterator[ModeratedMediationRow]:
    study = given.study
    about = {"source": route.source, "mediator": route.mediator, "moderator": route.moderator}
    if len(set(route.names)) < len(route.names):
        notes.append(Note("D203", route.outcome, about))
        return
    model = construct_model(study)
    controls = [c for c in study.plan.controls if study.questionnaire.questions[c].type == "number"]
    before = {end: [*model[end], *controls] for end in (route.mediator, route.outcome)}
    names = list(dict.fromkeys((*route.names, *before[route.mediator], *before[route.outcome])))
    values = np.column_stack([score_column(study, name) for name in names])
    use = ~np.isnan(values).any(axis=1) & (study.weights > 0)
    if use.sum() < max(LEAST, values.shape[1] + 4):
        notes.append(Note("D204", route.outcome, {**about, "n": int(use.sum())}))
        return
    multiplied = route.source if route.stage == "first" else route.mediator
    made = centred_product(
        values[use, names.index(multiplied)], values[use, names.index(route.moderator)], study.weights[use]
    )
    product = np.full(len(values), np.nan)
    product[use] = made.columns[:, 2]
    moments = moment_stack(given.resampling, np.column_stack([values, product]), rows=use)
    centre, spread = float(made.centre[1]), float(made.spread[1])
    try:
        found = _found(moments.covariance, route, names, before, spread)
    except NumericsError as error:
        notes.append(Note("D205", route.outcome, {**about, "code": error.problems[0].code}))
        return
    stacks = [(found.conditional[:, j], centre + (j - 1) * spread) for j in range(len(PLACES))]
    level = study.plan.uncertainty.conf_level
    for at, (stack, value) in zip((*PLACES, "index"), (*stacks, (found.index, np.nan)), strict=True):
        low, high = percentile_interval(stack[1:], level)
        yield ModeratedMediationRow(
            outcome=route.outcome,
            source=route.source,
            mediator=route.mediator,
            moderator=route.moderator,
            stage=route.stage,
            at=at,
            value=plain(value),
            estimate=plain(stack[0]),
            std_error=plain(replicate_se(stack[1:])),
            conf_low=plain(low),
            conf_high=plain(high),
            n=moments.n,
        )


def _found(
    cov: FloatArray, route: _Route, names: list[str], before: dict[str, list[str]], spread: float
) -> ModeratedMediation:
    """Estimate the route from moments of `names` and the product; each step has what the model and the route say."""
    in_first = {route.source, route.mediator} | ({route.moderator} if route.stage == "first" else set())
    in_second = {route.source, route.mediator} | ({route.moderator} if route.stage == "second" else set())
    source, mediator, outcome, moderator = (names.index(name) for name in route.names)
    return moderated_mediation(
        cov,
        source=source,
        mediator=mediator,
        outcome=outcome,
        moderator=moderator,
        product=len(names),
        stage=route.stage,
        at=(-spread, 0.0, spread),
        mediator_covariates=[names.index(n) for n in before[route.mediator] if n not in in_first],
        outcome_covariates=[names.index(n) for n in before[route.outcome] if n not in in_second],
    )
