"""Results ↔ JSON and CSV: results.json with its provenance, tables for spreadsheets."""

from satmeter.record.document import results_document
from satmeter.record.files import read_results, results_file, write_results
from satmeter.record.provenance import Provenance, make_provenance
from satmeter.record.tables import table_files, write_tables

__all__ = [
    "Provenance",
    "make_provenance",
    "read_results",
    "results_document",
    "results_file",
    "table_files",
    "write_results",
    "write_tables",
]
