"""The room questionnaire: what is asked."""

from satmeter.questionnaire.check import check_questionnaire
from satmeter.questionnaire.evaluate import asked, evaluate, to_json
from satmeter.questionnaire.parse import parse_expression
from satmeter.questionnaire.read import read_questionnaire

__all__ = [
    "asked",
    "check_questionnaire",
    "evaluate",
    "parse_expression",
    "read_questionnaire",
    "to_json",
]
