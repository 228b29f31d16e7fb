"""The room responses: answers in, matched to the questionnaire."""

from satmeter.responses.model import PARADATA, Responses, Unknown
from satmeter.responses.read import read_responses
from satmeter.responses.simulate import Simulation, simulate, write_simulation

__all__ = [
    "PARADATA",
    "Responses",
    "Simulation",
    "Unknown",
    "read_responses",
    "simulate",
    "write_simulation",
]
