"""What satisfaction and loyalty go along with: regression, importance, priorities."""

from satmeter.drivers.fit import fit_drivers
from satmeter.drivers.model import DriverResult, DriverRow, FitRow, PriorityRow, RegressionRow
from satmeter.drivers.outcome import fit_outcome

__all__ = ["DriverResult", "DriverRow", "FitRow", "PriorityRow", "RegressionRow", "fit_drivers", "fit_outcome"]
