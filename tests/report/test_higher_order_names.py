"""Constructs that the path model makes of others go by their label and role in a report."""

import pytest

from satmeter.report.results import Results

HIGHER = {"id": "cost", "role": "cost", "of": ["money", "time"], "label": {"zh-CN": "\u6210\u672c", "en": "Cost"}}


@pytest.mark.parametrize(("language", "label"), [("en", "Cost"), ("zh-CN", "\u6210\u672c"), ("fr", "\u6210\u672c")])
def test_label_and_role(language, label):
    results = Results({"study": {"higher_order": [HIGHER, {"id": "value", "role": "driver", "label": {}}]}}, language)
    assert results.label("cost") == label
    assert results.role("cost") == "cost"
    assert (results.label("value"), results.role("value")) == ("value", "driver")
    assert (results.label("other"), results.role("other")) == ("other", "")


def test_a_label_without_a_language():
    plain = Results({"study": {"higher_order": [HIGHER | {"label": {"und": "Kosten"}}]}}, "zh-CN")
    assert plain.label("cost") == "Kosten"
