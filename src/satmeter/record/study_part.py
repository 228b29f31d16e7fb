"""What the results say of the study itself: design, weights, model, notes."""

from __future__ import annotations

import math
from typing import Any

from satmeter.drivers.path_roles import role_of
from satmeter.measurement import index_construct
from satmeter.record.group_unions import group_unions
from satmeter.record.wording import note_row, text_map
from satmeter.study.answer_dates import answer_dates
from satmeter.study.model import Study
from satmeter.study.policy import describe_policy


def study_part(study: Study) -> dict[str, Any]:
    """Return what the document says of the study itself."""
    questionnaire, plan = study.questionnaire, study.plan
    total, squares = float(study.weights.sum()), float((study.weights**2).sum())
    n_eff = total**2 / squares if squares > 0 else math.nan
    return {
        "id": questionnaire.id,
        "version": questionnaire.version,
        "title": text_map(questionnaire.title),
        "languages": list(questionnaire.languages),
        "source": study.responses.source,
        "rows_read": study.responses.n_read,
        "n_read": study.disposition[0].n,
        "n": study.n,
        "weighted": study.weighted,
        "simulated": study.simulated,
        "n_eff": n_eff,
        "deff": study.n / n_eff if n_eff else math.nan,
        "design": _declared(study),
        "replication": _replication(study),
        "index_construct": index_construct(study),
        "disclosure": dict(plan.disclosure),
        "sampling": plan.sampling,
        "dates": list(answer_dates(study.responses)),
        "weighting_steps": _weighting_steps(study),
        "policy": describe_policy(plan.policy) | {"unions": group_unions(study)} if plan.policy else {},
        "model": dict(plan.model or questionnaire.model),
        "higher_order": _higher_order(study),
        "trees": [
            {"id": t.id, "label": t.label, "kind": t.kind, "missing": t.missing, "weights_from": t.weights_from}
            for t in plan.trees
        ],
        "groups": list(plan.groups),
        "controls": list(plan.controls),
        "missing_rule": plan.missing.items,
        "min_answered": plan.missing.min_answered,
        "adjust": plan.comparisons.adjust if plan.comparisons else "",
        "notes": [note_row(note, questionnaire) for note in (*study.responses.notes, *study.notes)],
    }


def _higher_order(study: Study) -> list[dict[str, Any]]:
    """Return the constructs that the path model makes of others, as reports name them."""
    paths = study.plan.paths
    return [
        {"id": name, "role": role_of(study, name), "label": paths.labels.get(name, {}), "of": list(parts)}
        for name, parts in paths.higher_order.items()
    ]


def _weighting_steps(study: Study) -> list[str]:
    """Return how the weights came about, step by step."""
    drawn = study.adjusted is not None and study.cases is not None and study.cases.weights is not None
    steps = {
        "base": study.plan.design.base is not None or drawn,
        "nonresponse": study.adjusted is not None,
        "calibration": study.calibrated is not None,
    }
    return [name for name, done in steps.items() if done]


def _declared(study: Study) -> list[str]:
    """Return which parts of a sampling design the study declares, so that the report can say what intervals rest on."""
    parts = {
        "frequency": study.plan.design.frequency is not None,
        "weight": study.weighted,
        "strata": study.strata is not None,
        "cluster": study.cluster is not None and (study.replicates is None or study.plan.design.cluster is not None),
        "population": study.plan.design.population is not None,
        "replicates": study.replicates is not None,
    }
    return [name for name, declared in parts.items() if declared]


def _replication(study: Study) -> dict[str, Any]:
    """Return what standard errors of scores rest on, and how many replicates there are of it.

    `direct`: given replicate weights, taken as they are for figures that are no scores; `combined`: random combinations
    of them.
    """
    plan, given = study.plan.uncertainty, study.replicates
    if given is not None and study.plan.design.replicates is not None:
        method = "direct" if given.balanced else "combined"
        return {"method": method, "type": study.plan.design.replicates.type, "replicates": len(given.factor)}
    number = {"bootstrap": plan.replicates, "groups": plan.groups, "jackknife": None}[plan.method]
    return {"method": plan.method, "type": "", "replicates": number}
