"""Drivers of all outcomes of a study."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from satmeter.drivers.model import DriverResult
from satmeter.drivers.outcome import OutcomeResult, fit_outcome
from satmeter.errors import DriversError, Note, Problem
from satmeter.moments import Resampling
from satmeter.numerics.design import design_units
from satmeter.study.model import Study

Progress = Callable[[float], None]

_NOTE_OF = {"D001": "D101", "D002": "D102", "D003": "D103", "D004": "D104", "D005": "D105", "D006": "D106"}
"""What a problem of one outcome becomes, so that the other outcomes are still analysed."""

ENOUGH_CLUSTERS = 40
"""Below this, percentiles of replicates hold the truth too rarely: see docs/methods/moderation.md."""


def fit_drivers(study: Study, resampling: Resampling, *, progress: Progress | None = None) -> DriverResult:
    """Find what satisfaction and loyalty go along with.

    Parameters
    ----------
    study
        The respondents kept. The plan says the model, the outcomes and the controls; by default the
        questionnaire's model, and every construct of role satisfaction or loyalty that it explains.
    resampling
        Replicates of this study.
    progress
        Called with the share of the work that is done, 0 to 1.

    Returns
    -------
    DriverResult
        An outcome that cannot be analysed (D001 to D006) is left out, and the note with 100 added to the code says why;
        ``fit_outcome`` raises instead.

    Raises
    ------
    DriversError
        D007 when the replicates are of another study.

    Notes
    -----
    Regression on scores 0–100. LMG: Lindeman, Merenda and Gold (1980). All figures are associations.

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
    >>> found = fit_drivers(study, make_resampling(study))
    >>> shares = {row.driver: row.share for row in found.drivers if row.outcome == "loyalty" and row.share}
    >>> sorted(shares), round(sum(shares.values()), 6)
    (['image', 'satisfaction'], 1.0)
    """
    if len(resampling.weights) != study.n:
        raise DriversError(Problem("D007", got=str(len(resampling.weights)), params={"n": study.n}))
    model = study.plan.model or study.questionnaire.model
    outcomes = study.plan.outcomes or explained_outcomes(study, model)
    results: list[OutcomeResult] = []
    notes: list[Note] = [] if outcomes else [Note("D108")]
    for step, outcome in enumerate(outcomes):
        try:
            results.append(_fit_one(study, resampling, outcome, model))
        except DriversError as error:
            notes += [_as_note(problem, outcome) for problem in error.problems]
        if progress:
            progress((step + 1) / len(outcomes))
    found_notes = [note for result in results for note in result.notes]
    return DriverResult(
        drivers=tuple(row for result in results for row in result.drivers),
        regression=tuple(row for result in results for row in result.regression),
        fit=tuple(row for result in results for row in result.fit),
        priorities=tuple(row for result in results for row in result.priorities),
        conf_level=study.plan.uncertainty.conf_level,
        notes=(*(_general_notes(study) if results else ()), *notes, *_without_repeats(found_notes)),
    )


def _general_notes(study: Study) -> tuple[Note, ...]:
    if study.cluster is None:
        return (Note("D100"),)
    n = design_units(study.n, study.layers, study.cluster).n_units
    return (Note("D100"), Note("D213", "", {"n": n})) if n < ENOUGH_CLUSTERS else (Note("D100"),)


def explained_outcomes(study: Study, model: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the constructs of role satisfaction or loyalty that a model explains, in the questionnaire's order."""
    wanted = study.questionnaire.constructs_of_role("satisfaction", "loyalty")
    return tuple(c.id for c in wanted if model.get(c.id))


def _fit_one(study: Study, resampling: Resampling, outcome: str, model: Mapping[str, tuple[str, ...]]) -> OutcomeResult:
    explained = [name for name in model if name in study.questionnaire.constructs]
    if outcome not in explained:
        params = {"outcome": outcome, "choices": ", ".join(explained) or "-"}
        raise DriversError(Problem("D006", about=("model", outcome), got=outcome, params=params))
    return fit_outcome(study, resampling, outcome, model[outcome])


def _as_note(problem: Problem, outcome: str) -> Note:
    return Note(_NOTE_OF[problem.code], outcome, problem.params)


def _without_repeats(notes: list[Note]) -> list[Note]:
    """Drop notes that say the same, such as a cost that drives two outcomes."""
    kept: list[Note] = []
    for note in notes:
        if note not in kept:
            kept.append(note)
    return kept
