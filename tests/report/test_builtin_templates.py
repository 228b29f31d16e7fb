"""Every built-in template makes every format in both languages; the brief ones are brief; what is missing is said."""

import io
import re

import pytest

from satmeter.builtin import builtin_names
from satmeter.report import FORMATS, build_report, report_context
from satmeter.report.formats.pptx_deck import KINDS
from satmeter.report.wording import read_words


def made(document, template, form, language="en", figures=False):
    return build_report(document, template=template, language=language, formats=(form,), figures=figures).file(form)


def test_the_shelf_is_known_to_slides_and_words():
    names = builtin_names("reports")
    assert names == ("codebook", "management", "method", "publication", "reliability", "satisfaction", "wave")
    assert set(KINDS) == set(names)
    for language in ("en", "zh-CN"):
        assert all(f"kicker.{name}" in read_words(language) for name in names)


@pytest.mark.parametrize("template", ["management", "publication", "reliability", "codebook", "method", "wave"])
@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_every_format_can_be_written(document, template, language):
    pytest.importorskip("pptx")
    pytest.importorskip("xlsxwriter")
    pytest.importorskip("typst")
    report = build_report(document, template=template, language=language, formats=FORMATS, figures=False)
    assert [form for form, file in report.files if len(file) > 500] == list(FORMATS)
    assert read_words(language)[f"kicker.{template}"] in report.html


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_management_takes_two_pages(document, language):
    pytest.importorskip("typst")
    pypdf = pytest.importorskip("pypdf")
    pages = pypdf.PdfReader(io.BytesIO(made(document, "management", "pdf", language, figures=True))).pages
    assert len(pages) == 2


def test_a_brief_report_has_no_contents_and_only_its_own_figures(document):
    report = build_report(document, template="management", language="en", formats=("html",))
    assert '<nav class="contents"' not in report.html
    assert [name for name, _ in report.figures] == ["scores", "priorities-satisfaction"]


def test_the_press_notice_says_what_is_missing(document):
    document["study"]["disclosure"] = {"sponsor": "City Power"}
    text = made(document, "publication", "md").decode("utf-8")
    assert re.search(r"\| 2\\?\. Commissioned by +\| City Power", text)
    missing = (
        "Conducted by; Population; Kind of sample; Sampling frame; Recruitment; Mode; Fieldwork; Precision; Limitations"
    )
    assert len(re.findall(r"\| not stated", text)) == missing.count(";") + 1
    assert f"These are missing, and should be given before publication: {missing}." in text
    keys = ("sponsor", "conductor", "population", "frame", "recruitment", "mode", "dates", "limitations")
    document["study"] |= {"disclosure": dict.fromkeys(keys, "x"), "sampling": "probability"}
    assert "Nothing that is asked for here is missing." in made(document, "publication", "md").decode("utf-8")


def test_the_report_for_the_methodologist_has_nothing_for_managers(document):
    text = made(document, "reliability", "md").decode("utf-8")
    heads = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert heads[:5] == ["Method", "Reliability", "Validity", "Items", "Data quality"]
    assert not {"Drivers", "Priorities", "Scores", "Summary"} & set(heads)


def test_the_codebook_counts_every_code(document):
    rows = [{"construct": "service", "item": "se1", "code": c, "n": 100 * c, "share": 0.2} for c in (1, 2, 4, 5)]
    document["distributions"] = {"rows": rows, "notes": []}
    parts = report_context(document, language="en").codebook.parts
    (table,) = next(part for part in parts if part.title.startswith("service: ")).tables
    assert [c.label for c in table.columns] == ["Variable", "Wording", "1", "2", "3", "4", "5", "n"]
    assert table.rows[0][0] == "se1"
    assert table.rows[0][2:] == ("100", "200", "0", "400", "500", "1,200")
    assert table.rows[1][2:] == ("–",) * 6
    region = next(part for part in parts if part.title.startswith("region (one answer)"))
    chosen = {r["option"]: f"{r['n']:,}" for r in document["sample"]["rows"] if r["question"] == "region"}
    assert {row[0]: row[2] for row in region.tables[0].rows} == chosen
