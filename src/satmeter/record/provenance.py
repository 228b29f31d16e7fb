"""Where results come from: digests of what went in, versions of what computed them, seed and level."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from satmeter.measurement.wave_rows import WaveRecord
from satmeter.study.model import Study

LIBRARIES = ("numpy", "pandas", "scipy")
WORDS = ("jieba",)
"""Where words of answers are counted: another dictionary finds other words."""

_OF_A_WAVE = ("wave", "source", "questionnaire_digest", "data_digest", "plan_digest")


@dataclass(frozen=True, slots=True)
class Provenance:
    """What a stranger needs to get the same numbers; no time stamp, so that the same input gives the same bytes.

    Attributes
    ----------
    satmeter, python, libraries
        Versions: satmeter's, Python's (major and minor), and those of the libraries that compute.
    questionnaire_digest, data_digest, plan_digest, retest_digest
        ``sha256:…`` of the questionnaire's content, of the data files' bytes, of the study file's content, and of the
        bytes of the second measurement, where there is one.
    seed, replicates, conf_level
        As in the plan's `uncertainty`.
    retest_source
        Names of the files of the second measurement, where there is one.
    sample_digest, sample_source
        ``sha256:…`` of the sample file's bytes, and its name, where there is one.
    waves
        Of every earlier wave its label, the names of its files, and the digests of questionnaire, data and plan.
    """

    satmeter: str
    python: str
    libraries: Mapping[str, str] = field(default_factory=dict)
    questionnaire_digest: str = ""
    data_digest: str = ""
    plan_digest: str = ""
    seed: int = 0
    replicates: int = 0
    conf_level: float = 0.95
    retest_digest: str = ""
    retest_source: str = ""
    sample_digest: str = ""
    sample_source: str = ""
    waves: tuple[Mapping[str, str], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the ``provenance`` section of results.json."""
        return asdict(self)


def make_provenance(study: Study, *, retest: Study | None = None, waves: tuple[WaveRecord, ...] = ()) -> Provenance:
    """Gather the provenance of a study's results on this machine.

    Parameters
    ----------
    study
        The study.
    retest
        The second measurement of its respondents.
    waves
        The earlier waves that it is held against.

    Returns
    -------
    Provenance
        A library that is not installed as a package has the version ''.
    """
    uncertainty = study.plan.uncertainty
    words = WORDS if any(not verbatim.themes for verbatim in study.plan.verbatims) else ()
    return Provenance(
        satmeter=_version("satmeter"),
        python=".".join(platform.python_version_tuple()[:2]),
        libraries={name: _version(name) for name in (*LIBRARIES, *words)},
        questionnaire_digest=study.questionnaire.digest,
        data_digest=study.responses.digest,
        plan_digest=study.plan.digest,
        seed=uncertainty.seed,
        replicates=uncertainty.replicates,
        conf_level=uncertainty.conf_level,
        retest_digest="" if retest is None else retest.responses.digest,
        retest_source="" if retest is None else retest.responses.source,
        sample_digest="" if study.cases is None else study.cases.digest,
        sample_source="" if study.cases is None else study.cases.source,
        waves=tuple({key: getattr(wave, key) for key in _OF_A_WAVE} for wave in waves),
    )


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
