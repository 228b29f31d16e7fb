"""The path model of a study: all its sections."""

from __future__ import annotations

from satmeter.drivers.path_assessment import prediction_rows, quality_rows
from satmeter.drivers.path_base import path_base
from satmeter.drivers.path_comparison import group_rows, model_rows
from satmeter.drivers.path_estimates import path_estimates
from satmeter.drivers.path_importance import path_importance_rows
from satmeter.drivers.path_moderated import path_moderation_rows
from satmeter.drivers.section import DeepInput, Section


def path_sections(given: DeepInput) -> dict[str, Section]:
    """Return the sections of the path model, and its loadings.

    Parameters
    ----------
    given
        Study and replicates; `paths` of the plan says how.

    Returns
    -------
    dict
        Where there is no model, a note in `paths` says why.
    """
    base, notes = path_base(given.study, given.resampling)
    if base is None:
        return {"paths": Section(notes=notes)}
    found = path_estimates(base)
    models, more_quality, model_notes = model_rows(base)
    predictions, prediction_notes = prediction_rows(base)
    groups, group_notes = group_rows(base)
    places, place_notes = path_importance_rows(base)
    products, product_notes = path_moderation_rows(base, given.resampling)
    return {
        "paths": Section(found.paths, (*notes, *found.notes)),
        "path_chains": Section(found.chains),
        "loadings": Section(found.loadings),
        "path_models": Section(models, model_notes),
        "path_quality": Section((*quality_rows(base), *more_quality)),
        "path_groups": Section(groups, group_notes),
        "path_importance": Section(places, place_notes),
        "path_moderation": Section(products, product_notes),
        "prediction": Section(predictions, prediction_notes),
    }
