"""The room responses: answers in, matched to the questionnaire."""

from satmeter.responses.model import PARADATA, Responses, Unknown
from satmeter.responses.read import read_responses

__all__ = ["PARADATA", "Responses", "Unknown", "read_responses"]
