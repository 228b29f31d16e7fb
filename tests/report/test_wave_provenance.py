"""Reports name the files and digests of earlier waves, and workbooks the columns of waves."""

import pytest

from satmeter.report import report_context
from satmeter.report.wording import read_words

EARLIER = {"wave": "2025", "source": "old.csv", "questionnaire_digest": "sha256:q", "data_digest": "sha256:old"}


@pytest.mark.parametrize(("language", "label"), [("en", "Earlier wave 2025"), ("zh-CN", "以往期次 2025")])
def test_an_earlier_wave_stands_in_the_provenance(tracked, language, label):
    tracked["provenance"]["waves"] = [EARLIER]
    (part,) = report_context(tracked, language=language).provenance.parts
    assert part.tables[0].rows[-1] == (label, "old.csv sha256:old")


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_every_reason_of_a_break_has_a_word(language):
    words = read_words(language)
    reasons = "wording lead_in scale labels reverse filter items missing_item mode weighting missing_rule group stated"
    assert all(f"trend.reason.{reason}" in words for reason in reasons.split())
