"""How well the questionnaire measures, and the scores: items, reliability, scores by group."""

from satmeter.measurement.measure import measure
from satmeter.measurement.model import ItemRow, Measurement, ReliabilityRow, ScoreRow
from satmeter.measurement.scores import index_construct

__all__ = ["ItemRow", "Measurement", "ReliabilityRow", "ScoreRow", "index_construct", "measure"]
