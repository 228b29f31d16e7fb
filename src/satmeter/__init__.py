"""satmeter: from the definition of a questionnaire to the published satisfaction score.

The public names are loaded when they are first used, so that ``import satmeter`` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from satmeter.drivers import fit_drivers
    from satmeter.form import build_form
    from satmeter.measurement import measure
    from satmeter.moments import make_resampling
    from satmeter.questionnaire import read_questionnaire
    from satmeter.record import read_results, write_results
    from satmeter.report import build_report
    from satmeter.responses import read_responses, simulate
    from satmeter.study import make_study, read_study

__version__ = "0.1.0"

_ROOM_OF = {
    "read_questionnaire": "questionnaire",
    "build_form": "form",
    "read_responses": "responses",
    "simulate": "responses",
    "read_study": "study",
    "make_study": "study",
    "make_resampling": "moments",
    "measure": "measurement",
    "fit_drivers": "drivers",
    "read_results": "record",
    "write_results": "record",
    "build_report": "report",
}

__all__ = [
    "build_form",
    "build_report",
    "fit_drivers",
    "make_resampling",
    "make_study",
    "measure",
    "read_questionnaire",
    "read_responses",
    "read_results",
    "read_study",
    "simulate",
    "write_results",
]


def __getattr__(name: str) -> Any:
    if name in _ROOM_OF:
        return getattr(import_module(f"satmeter.{_ROOM_OF[name]}"), name)
    raise AttributeError(f"module 'satmeter' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_ROOM_OF])
