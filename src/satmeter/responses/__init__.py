"""The room responses: answers in, matched to the questionnaire. What simulates is loaded when it is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from satmeter.responses.model import PARADATA, Responses, Unknown
from satmeter.responses.read import read_responses

if TYPE_CHECKING:
    from satmeter.responses.simulated_answers import Simulation, simulate, write_simulation

__all__ = [
    "PARADATA",
    "Responses",
    "Simulation",
    "Unknown",
    "read_responses",
    "simulate",
    "write_simulation",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = import_module("satmeter.responses.simulated_answers")
    globals().update({known: getattr(module, known) for known in ("Simulation", "simulate", "write_simulation")})
    return globals()[name]
