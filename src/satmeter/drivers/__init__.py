"""What satisfaction and loyalty go along with: regression, importance, priorities."""

from satmeter.drivers.fit import fit_drivers
from satmeter.drivers.model import DriverResult, DriverRow, FitRow, PriorityRow, RegressionRow
from satmeter.drivers.outcome import fit_outcome
from satmeter.drivers.section import DeepDrivers, Section

__all__ = [
    "DeepDrivers",
    "DriverResult",
    "DriverRow",
    "FitRow",
    "PriorityRow",
    "RegressionRow",
    "Section",
    "fit_drivers",
    "fit_outcome",
]
