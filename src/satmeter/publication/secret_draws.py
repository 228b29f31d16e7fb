"""Replicates that nobody can draw who does not have the answers."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from satmeter.moments import Resampling, make_resampling
from satmeter.responses import Responses
from satmeter.study import Study


def secret_draws(study: Study) -> Resampling:
    """Draw the replicates of a study whose moments are shipped.

    Parameters
    ----------
    study
        The study.

    Returns
    -------
    Resampling
        As `make_resampling` draws them, with a seed that follows from the study's seed and from all answers.

    Notes
    -----
    A mean of a replicate is a linear equation in the respondents' answers. Whoever knows the draws has as many
    equations as there are replicates, and with as many of these as respondents has every answer. The study's seed is
    published, so it cannot be the one that shipped moments are drawn with. The same answers give the same draws.
    """
    uncertainty = replace(study.plan.uncertainty, seed=_seed(study.responses, study.plan.uncertainty.seed))
    return make_resampling(replace(study, plan=replace(study.plan, uncertainty=uncertainty)))


def _seed(responses: Responses, seed: int) -> int:
    """Return a number below 2⁵³ out of everything that was answered, ids and columns without a question too."""
    told = hashlib.sha256(f"satmeter release {seed}\n".encode())
    for table in (responses.frame, responses.missing, responses.other):
        told.update(table.to_csv().encode("utf-8"))
    return int.from_bytes(told.digest()[:8], "big") >> 11
