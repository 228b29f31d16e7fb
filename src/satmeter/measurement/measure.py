"""Measurement of a study: items, reliability and scores."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from satmeter.errors import MeasurementError, Note, Problem
from satmeter.measurement.coefficients import bound_notes
from satmeter.measurement.comparisons import compare
from satmeter.measurement.distributions import distribution_rows
from satmeter.measurement.items import item_rows
from satmeter.measurement.model import ItemRow, Measurement, ReliabilityRow
from satmeter.measurement.ranking import rank_units
from satmeter.measurement.reliability import consistency
from satmeter.measurement.scores import score_rows
from satmeter.measurement.verbatims import read_out
from satmeter.moments import Resampling
from satmeter.study.model import Study

Progress = Callable[[float], None]


def measure(study: Study, resampling: Resampling, *, progress: Progress | None = None) -> Measurement:
    """Measure every construct of a study.

    Parameters
    ----------
    study
        The respondents kept, with weights and design.
    resampling
        Replicates of this study, from ``make_resampling``.
    progress
        Called with the share of the work that is done, 0 to 1.

    Returns
    -------
    Measurement
        Items, reliability and scores. What cannot be computed (one item, nobody answered, a constant item, a group of
        one) is left out or None, and a note says so.

    Raises
    ------
    MeasurementError
        M001 when no respondent is left, M002 when the replicates are of another study, M003 when no item was answered.

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
    >>> found = measure(study, make_resampling(study))
    >>> [(row.construct, row.n_items) for row in found.reliability if row.coefficient == "omega_total"][:2]
    [('product', 4), ('service', 4)]
    >>> found.summary("zh-CN").splitlines()[0][:16]
    'product：平均得分（0–1'
    """
    _check(study, resampling)
    constructs = tuple(study.questionnaire.constructs.values())
    items: list[ItemRow] = []
    reliability: list[ReliabilityRow] = []
    notes: list[Note] = []
    item_notes: list[Note] = []
    for step, construct in enumerate(constructs):
        found = consistency(study, resampling, construct)
        items += item_rows(study, construct, dict(found.parts))
        reliability += found.rows
        notes += found.notes
        item_notes += found.item_notes
        if progress:
            progress((step + 1) / (len(constructs) + 1))
    scores, score_notes = score_rows(study, resampling)
    wanted = study.plan.uncertainty.replicates
    if study.calibrated is not None and resampling.replicates < wanted:
        params = {"n": wanted - resampling.replicates, "replicates": wanted}
        score_notes = (Note("S117", "", params), *score_notes)
    compared, compared_notes = compare(study, resampling)
    ranks, rank_notes = rank_units(study, resampling)
    if progress:
        progress(1.0)
    return Measurement(
        items=tuple(items),
        reliability=tuple(reliability),
        scores=scores,
        conf_level=study.plan.uncertainty.conf_level,
        item_notes=tuple(item_notes),
        reliability_notes=(*notes, *bound_notes(reliability)),
        score_notes=score_notes,
        distributions=distribution_rows(study),
        comparisons=compared,
        comparison_notes=compared_notes,
        ranks=ranks,
        rank_notes=rank_notes,
        verbatims=read_out(study, resampling),
    )


def _check(study: Study, resampling: Resampling) -> None:
    if study.n == 0:
        raise MeasurementError(Problem("M001"))
    if len(resampling.weights) != study.n:
        raise MeasurementError(Problem("M002", got=str(len(resampling.weights)), params={"n": study.n}))
    items = list(study.questionnaire.items)
    if not items or np.isnan(np.asarray(study.frame[items], dtype=np.float64)).all():
        raise MeasurementError(Problem("M003"))
