"""The room form: the questionnaire made visible, as a web page or a paper sheet."""

from satmeter.form.build import build_form
from satmeter.form.model import Form

__all__ = ["Form", "build_form"]
