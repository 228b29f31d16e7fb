"""Results → figures, tables, sentences, and one HTML page that a manager can read."""

from satmeter.report.build import Report, build_report, report_context

__all__ = ["Report", "build_report", "report_context"]
