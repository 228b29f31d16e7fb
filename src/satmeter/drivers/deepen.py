"""Everything about drivers beyond regression and LMG: runs with ``drivers.depth: full``."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from satmeter.drivers.asymmetry import asymmetry_sections
from satmeter.drivers.choice_models import choice_sections
from satmeter.drivers.diagnosis import diagnosis_sections
from satmeter.drivers.fit import explained_outcomes
from satmeter.drivers.importance_methods import importance_sections
from satmeter.drivers.mediated import mediation_sections
from satmeter.drivers.moderated import moderation_sections
from satmeter.drivers.moderated_mediation import moderated_mediation_sections
from satmeter.drivers.necessary import necessity_sections
from satmeter.drivers.paths import path_sections
from satmeter.drivers.potential import potential_sections
from satmeter.drivers.predictors import build_predictors
from satmeter.drivers.pseudo_shares import pseudo_share_sections
from satmeter.drivers.regression import Regression, find_problems, regress
from satmeter.drivers.response_models import response_sections
from satmeter.drivers.section import DeepDrivers, DeepInput, Section, joined
from satmeter.drivers.stated import stated_sections
from satmeter.errors import DriversError, Problem
from satmeter.moments import Resampling
from satmeter.study.model import Study

Progress = Callable[[float], None]

PARTS: tuple[Callable[[DeepInput], Mapping[str, Section]], ...] = (
    response_sections,
    choice_sections,
    diagnosis_sections,
    moderation_sections,
    mediation_sections,
    moderated_mediation_sections,
    importance_sections,
    pseudo_share_sections,
    stated_sections,
    asymmetry_sections,
    necessity_sections,
    potential_sections,
    path_sections,
)
"""In the order in which their rows stand in a section that several of them fill."""


def deepen_drivers(study: Study, resampling: Resampling, *, progress: Progress | None = None) -> DeepDrivers:
    """Look deeper into the drivers of all outcomes of a study.

    Parameters
    ----------
    study
        The respondents kept. The plan says the model, the outcomes and what is wanted under `drivers` and `paths`.
    resampling
        Replicates of this study.
    progress
        Called with the share of the work that is done, 0 to 1.

    Returns
    -------
    DeepDrivers
        Sections by name. An outcome that ``fit_drivers`` could not analyse is left out here as well; its note says why.

    Raises
    ------
    DriversError
        D007 when the replicates are of another study.

    Examples
    --------
    >>> import tempfile
    >>> from satmeter.moments import make_resampling
    >>> from satmeter.questionnaire import read_questionnaire
    >>> from satmeter.responses import read_responses, simulate, write_simulation
    >>> from satmeter.study import Plan, make_study
    >>> questionnaire = read_questionnaire("power-utility")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path, _ = write_simulation(simulate(questionnaire, 300, seed=1), f"{folder}/answers.csv")
    ...     responses = read_responses([path], questionnaire)
    >>> study = make_study(Plan("power-utility", (path,)), responses)
    >>> found = deepen_drivers(study, make_resampling(study))
    >>> {row.method for row in found["drivers"].rows} >= {"johnson", "dominance"}
    True
    """
    if len(resampling.weights) != study.n:
        raise DriversError(Problem("D007", got=str(len(resampling.weights)), params={"n": study.n}))
    given = DeepInput(study, resampling, usable_regressions(study, resampling))
    parts = []
    for step, part in enumerate(PARTS):
        parts.append(part(given))
        if progress:
            progress((step + 1) / len(PARTS))
    return DeepDrivers(joined(parts))


def usable_regressions(study: Study, resampling: Resampling) -> tuple[Regression, ...]:
    """Return the regressions that can be computed, in the order of the outcomes."""
    model = study.plan.model or study.questionnaire.model
    found = []
    for outcome in study.plan.outcomes or explained_outcomes(study, model):
        predictors, complete, _ = build_predictors(study, outcome, tuple(model.get(outcome, ())))
        if predictors and not find_problems(study, outcome, predictors, complete):
            found.append(regress(study, resampling, outcome, predictors, complete))
    return tuple(found)
