"""The reliability that ``measurement: full`` adds to `measure`: what needs factors, two constructs, or two times."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from satmeter.errors import Note
from satmeter.measurement.construct_moments import construct_moments
from satmeter.measurement.construct_ratings import ConstructRatings, construct_ratings
from satmeter.measurement.difference import difference_rows
from satmeter.measurement.hierarchy import LEAST_ITEMS, hierarchical_rows
from satmeter.measurement.model import Measurement, ReliabilityRow
from satmeter.measurement.overall_reliability import overall_rows
from satmeter.measurement.reliability import basis_of
from satmeter.measurement.retest import retest_rows
from satmeter.moments import Resampling
from satmeter.study.model import Study

Progress = Callable[[float], None]


def add_full_reliability(
    study: Study,
    resampling: Resampling,
    measurement: Measurement,
    *,
    retest: Study | None = None,
    progress: Progress | None = None,
) -> Measurement:
    """Add omega hierarchical, test–retest, the reliability of differences and that of all items to a measurement.

    Parameters
    ----------
    study, resampling
        The study and its replicates.
    measurement
        From `measure` of the same study.
    retest
        The second measurement of the respondents, where the plan names one.
    progress
        Called with the share of the work that is done, 0 to 1.

    Returns
    -------
    Measurement
        A construct's new rows stand behind its others; differences and all items (empty `construct`) at the end. What
        is to be noted about the second measurement's answers stands among the notes.

    Examples
    --------
    >>> measured = measure(study, resampling)  # doctest: +SKIP
    >>> add_full_reliability(study, resampling, measured)  # doctest: +SKIP
    """
    blocks: dict[str, ConstructRatings] = {}
    more: dict[str, list[ReliabilityRow]] = {}
    notes: list[Note] = []
    constructs = study.questionnaire.constructs
    for step, (name, construct) in enumerate(constructs.items()):
        found = construct_ratings(study, construct).found
        if found is not None:
            blocks[name] = found
            if len(found.items) >= LEAST_ITEMS:
                base = construct_moments(study, resampling, name, found)
                rows, beware = hierarchical_rows(basis_of(study, construct, base), base.moments.covariance)
                more.setdefault(name, []).extend(rows)
                notes += beware
        if progress:
            progress((step + 1) / (len(constructs) + 1))
    if retest is not None:
        rows, beware = retest_rows(study, resampling, retest)
        notes += [*beware, *retest.responses.notes, *retest.notes]
        for row in rows:
            more.setdefault(row.construct, []).append(row)
    last: list[ReliabilityRow] = []
    for part in (difference_rows, overall_rows):
        rows, beware = part(study, resampling, blocks)
        last += rows
        notes += beware
    if progress:
        progress(1.0)
    ordered = [
        row
        for name in constructs
        for row in (*(r for r in measurement.reliability if r.construct == name), *more.get(name, ()))
    ]
    return replace(
        measurement,
        reliability=(*ordered, *last),
        reliability_notes=(*measurement.reliability_notes, *notes),
    )
