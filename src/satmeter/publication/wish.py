"""What a study file wants released, and what is kept of its analysis for that."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from satmeter.errors import Problem, PublicationError
from satmeter.moments import Resampling, make_resampling
from satmeter.moments.draw import MAX_DRAWS
from satmeter.publication.microdata import ReleasedAnswers, arranged, as_released, released_answers
from satmeter.publication.secret_draws import secret_draws
from satmeter.publication.study_tree import (
    ReleasedStudy,
    released_study,
)
from satmeter.questionnaire.spec import Collector
from satmeter.questionnaire.yaml_text import read_yaml
from satmeter.responses import Responses
from satmeter.study import Plan, Study
from satmeter.study.release_keys import ReleaseKeys, read_release_keys


@dataclass(frozen=True, eq=False)
class Wish:
    """What a study file wants released.

    Attributes
    ----------
    plan
        The study.
    keys
        What is released beside results.
    study
        The study file with the paths of a release.
    """

    plan: Plan
    keys: ReleaseKeys
    study: ReleasedStudy

    @property
    def reports(self) -> tuple[Any, ...]:
        """The reports that the study file names; none where it names none."""
        return () if self.study.root.get("reports") is None else self.plan.reports


def read_wish(plan: Plan) -> Wish:
    """Read what a study file, which `read_study` has let pass, wants released."""
    root = read_yaml(plan.file)
    keys = read_release_keys(root.get("publication"), Collector(plan.file))
    return Wish(plan, keys, released_study(root, Path(plan.file).absolute().parent))


class Seen:
    """What is kept of an analysis for its release: the study in the order of its release, and its replicates."""

    def __init__(self, wish: Wish) -> None:
        self.wish = wish
        self.answers: ReleasedAnswers | None = None
        self.study: Study | None = None
        self.resampling: Resampling | None = None

    def arrange(self, study: Study) -> tuple[Responses, Responses]:
        """Make the answers anonymous where microdata are wished.

        Returns
        -------
        tuple of Responses
            The answers as they are released, in the order of their release, and the true ones in the same order.

        Raises
        ------
        PublicationError
            P015 to P017, P019, P030 and P032, when the answers cannot be released.
        """
        wish = self.wish.keys.microdata
        if wish is None:
            return study.responses, study.responses
        uncertainty = study.plan.uncertainty
        by_name = study.cluster is None and (
            study.n * uncertainty.replicates > MAX_DRAWS or uncertainty.method == "groups"
        )
        if by_name:
            params = {"n": study.n, "replicates": uncertainty.replicates}
            about = ("key", "publication.microdata")
            raise PublicationError(Problem("P017", study.plan.file, wish.line, about, params=params))
        self.answers = released_answers(study, wish, self.wish.study.root)
        return as_released(study, self.answers), arranged(study.responses, self.answers.order)

    def draw(self, study: Study) -> Resampling:
        """Draw the replicates: as the study file says where answers are released, else so that nobody can repeat it."""
        return secret_draws(study) if self.answers is None else make_resampling(study)

    def keep(self, study: Study, resampling: Resampling) -> None:
        """Keep the study and its replicates."""
        self.study, self.resampling = study, resampling
