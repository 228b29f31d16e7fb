"""Results → figures, tables, sentences, and one HTML page that a manager can read."""

from satmeter.report.build import Report, build_report, report_context
from satmeter.report.formats import FORMATS, check_formats

__all__ = ["FORMATS", "Report", "build_report", "check_formats", "report_context"]
