"""What every format has in common: its name, its library, the same bytes twice."""

import pytest

from satmeter.errors import ReportError
from satmeter.report import FORMATS, build_report, check_formats, formats
from satmeter.study.check_plan import FORMATS as NAMED_IN_STUDY


def test_the_study_file_knows_the_same_formats():
    assert NAMED_IN_STUDY == FORMATS


def test_all_unknown_formats_are_named_at_once():
    with pytest.raises(ReportError) as caught:
        check_formats(("odt", "html", "rtf"))
    assert [(p.code, p.got) for p in caught.value.problems] == [("T007", "odt"), ("T007", "rtf")]
    assert "html、md" in caught.value.text("zh-CN")


def test_a_library_that_is_missing_is_named_with_its_extra(monkeypatch):
    monkeypatch.setitem(formats.WRITERS, "docx", ("nowhere", "write"))
    monkeypatch.setitem(formats.EXTRAS, "docx", ("office", "no_such_library"))
    with pytest.raises(ReportError) as caught:
        check_formats(("docx",))
    assert [p.code for p in caught.value.problems] == ["T008"]
    assert "satmeter[office]" in caught.value.text("en")


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_document_gives_the_same_bytes(document, form):
    first, second = (build_report(document, language="zh-CN", formats=(form,)).file(form) for _ in range(2))
    assert first == second
    assert len(first) > 10_000


def test_markdown_has_every_heading_table_and_figure(document):
    report = build_report(document, language="en", formats=("md", "html"))
    text = report.file("md").decode("utf-8")
    assert text.startswith("# ")
    assert text.count("\n## ") == report.html.count("<h2")
    tables = report.html.count("<table") - report.html.count('<details class="numbers"')
    assert text.count("\n|:--") + text.count("\n|--") >= tables > 10
    assert text.count("](figures/") == len(report.figures)
    assert "<div" not in text
