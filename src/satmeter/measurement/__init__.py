"""How well the questionnaire measures, and the scores: items, reliability, scores by group.

The doors of ``measurement: full`` (`validity.validate` and `dimensionality.dimensionality`) are imported from their own
modules, so that an ordinary run does not pay for the factor models.
"""

from satmeter.measurement.dimensionality_model import Dimensionality
from satmeter.measurement.measure import measure
from satmeter.measurement.model import DistributionRow, ItemRow, Measurement, ReliabilityRow, ScoreRow
from satmeter.measurement.scores import index_construct
from satmeter.measurement.validity_model import DifRow, InvarianceRow, LintRow, LoadingRow, Validity, ValidityRow

__all__ = [
    "DifRow",
    "Dimensionality",
    "DistributionRow",
    "InvarianceRow",
    "ItemRow",
    "LintRow",
    "LoadingRow",
    "Measurement",
    "ReliabilityRow",
    "ScoreRow",
    "Validity",
    "ValidityRow",
    "index_construct",
    "measure",
]
