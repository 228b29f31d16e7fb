"""The room study: who counts, with which weight, and why not the others."""

from satmeter.study.make import make_study
from satmeter.study.model import DispositionRow, QualityRow, Study
from satmeter.study.plan import Plan
from satmeter.study.study_file import read_study

__all__ = ["DispositionRow", "Plan", "QualityRow", "Study", "make_study", "read_study"]
