"""The sample that was drawn: how every case ended, outcome rates, and who among the respondents is which case."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Literal

import numpy as np

from satmeter.errors import Note
from satmeter.numerics.outcome_rates import STATISTICS, eligible_share, outcome_rates
from satmeter.responses.model import Responses
from satmeter.responses.sample_file import SampleFile, place_respondents, read_sample_file
from satmeter.study.fieldwork_keys import GROUPS
from satmeter.study.fieldwork_model import ContactRow, FloatArray, ResponseRow, SampledCases
from satmeter.study.nonresponse import adjust_nonresponse
from satmeter.study.plan import Plan
from satmeter.study.rate_definitions import rate_definition
from satmeter.study.sampling_plan import Fieldwork


def read_cases(plan: Plan, responses: Responses) -> SampledCases | None:
    """Read the sample file of a plan and hold it against the answers.

    Parameters
    ----------
    plan
        Its `fieldwork` names the file.
    responses
        All rows that were read.

    Returns
    -------
    SampledCases or None
        None where the plan has no `fieldwork`.

    Raises
    ------
    ResponsesError
        What `read_sample_file` and `place_respondents` raise.
    """
    wish = plan.fieldwork
    if wish is None:
        return None
    frame = plan.nonresponse.by if plan.nonresponse else ()
    sample = read_sample_file(
        wish.sample, key=wish.key, disposition=wish.disposition, codes=wish.codes, weight=wish.weight, frame=frame
    )
    place = place_respondents(sample, responses, key=wish.key)
    counts = _counts(sample, None)
    response = [*_rates(counts, wish, weighted=False)]
    if sample.weights is not None:
        response += _rates(_counts(sample, sample.weights), wish, weighted=True)
    adjust = None
    if plan.nonresponse is not None:
        adjust = partial(
            adjust_nonresponse,
            plan.nonresponse,
            sample.groups,
            sample.columns,
            sample.weights,
            _share(_counts(sample, sample.weights), wish.e),
        )
    return SampledCases(
        n=len(sample.keys),
        contacts=_contacts(sample, wish),
        response=tuple(response),
        place=place,
        weights=sample.weights,
        adjust=adjust,
        source=sample.source,
        digest=sample.digest,
        notes=(*sample.notes, *_notes(counts, wish)),
    )


def _counts(sample: SampleFile, weights: FloatArray | None) -> dict[str, float]:
    """Return cases, or sums of their weights, by group."""
    groups = np.array(sample.groups, dtype=object)
    mass = np.ones(len(groups)) if weights is None else weights
    return {group: float(mass[groups == group].sum()) for group in GROUPS}


def _share(counts: Mapping[str, float], e: float | Literal["cases"] | None) -> float | None:
    """Return the part of the cases of unknown eligibility that counts as eligible; None where it is not stated."""
    return eligible_share(counts).estimate if e == "cases" else e


def _rates(counts: Mapping[str, float], wish: Fieldwork, *, weighted: bool) -> list[ResponseRow]:
    unknown = counts["UH"] + counts["UO"] > 0
    how = "" if wish.e is None or not unknown else "cases" if wish.e == "cases" else "stated"
    share = _share(counts, wish.e)
    found = outcome_rates(counts, e=share)
    rows = []
    for name in STATISTICS:
        rate, words = found.get(name), rate_definition(name, weighted=weighted, e=how)
        estimate, part, whole = (rate.estimate, rate.numerator, rate.denominator) if rate else (None, None, None)
        rows.append(ResponseRow(name, weighted, estimate, part, whole, words))
    if how:
        known = eligible_share(counts)
        part, whole = (known.numerator, known.denominator) if how == "cases" else (None, None)
        words = rate_definition("e", weighted=weighted, e=how)
        rows.append(ResponseRow("e", weighted, share, part, whole, words))
    return rows


def _contacts(sample: SampleFile, wish: Fieldwork) -> tuple[ContactRow, ...]:
    """Return every disposition that occurs, in the order of the groups and then of the study file."""
    labels = np.array(sample.labels, dtype=object)
    rows = []
    for label, group in sorted(wish.codes.items(), key=lambda pair: GROUPS.index(pair[1])):
        own = labels == label
        if own.any():
            weight = None if sample.weights is None else float(sample.weights[own].sum())
            rows.append(ContactRow(group, label, int(own.sum()), weight))
    return tuple(rows)


def _notes(counts: Mapping[str, float], wish: Fieldwork) -> tuple[Note, ...]:
    stated = wish.e is not None or counts["UH"] + counts["UO"] == 0
    return () if stated else (Note("S128", "fieldwork"),)
