"""All formats at once: the same bytes from another process, and files that open whatever section is absent."""

import copy
import hashlib
import importlib.util
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest

from satmeter.report import build_report, report_context
from satmeter.report.formats import FORMATS

LANGUAGES = ("en", "zh-CN")
KEPT = ("kind", "schema_version", "study")
AGAIN = """
import hashlib, json, sys
from satmeter.report import build_report
report = build_report(json.load(sys.stdin), language="zh-CN", formats=sys.argv[1:])
for name, content in (*report.files, *report.figures):
    print(name, hashlib.sha256(content).hexdigest())
"""


def sibling(name):
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def whole_document():
    document = sibling("synthetic_measurement").with_depth(sibling("synthetic").document())
    return sibling("synthetic_drivers").with_drivers(document)


WHOLE = whole_document()
CORE = tuple(name for name in sibling("synthetic").document() if name not in KEPT)
DEEP = tuple(name for name in WHOLE if name not in (*KEPT, *CORE))


def test_another_process_writes_the_same_bytes(make_document):
    document = make_document()
    report = build_report(document, language="zh-CN", formats=FORMATS)
    here = [f"{name} {hashlib.sha256(content).hexdigest()}" for name, content in (*report.files, *report.figures)]
    there = subprocess.run(
        [sys.executable, "-c", AGAIN, *reversed(FORMATS)],  # in another order, with other hashes, on another day
        input=json.dumps(dict(reversed(document.items()))),
        env=os.environ | {"PYTHONHASHSEED": "4711", "TZ": "Asia/Shanghai", "SOURCE_DATE_EPOCH": "1700000000"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert len(here) > len(FORMATS)
    assert sorted(there.stdout.splitlines()) == sorted(here)


def texts_of(content, form):
    """All text of a file, after its parts have been read as what they are."""
    if form in ("html", "md"):
        return re.sub("<(style|script).*?</\\1>|<[^>]+>", " ", content.decode("utf-8"), flags=re.DOTALL)
    if form == "pdf":
        assert content.startswith(b"%PDF-")
        assert content.rstrip().endswith(b"%%EOF")
        return ""  # pypdf takes long; its text is that of the other formats (test_same_numbers)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        parts = [archive.read(name) for name in archive.namelist() if name.endswith((".xml", ".rels"))]
    return " ".join(text for part in parts for text in ElementTree.fromstring(part).itertext())


def check(document, language, formats=FORMATS):
    """Every format opens, and says no word that only a program says."""
    report = build_report(document, language=language, formats=formats, figures=False)
    title = document["study"]["title"][language]
    for form, content in report.files:
        text = texts_of(content, form)
        assert form == "pdf" or title in text, form
        assert not re.search(r"\b(None|nan|inf|undefined)\b|\{[a-z_]+\}", text), form


def without(document, *names):
    return {key: copy.deepcopy(value) for key, value in document.items() if key not in names}


@pytest.mark.parametrize("name", CORE)
def test_without_a_section_of_an_ordinary_run_formats_are_written(document, name):
    """Slides and workbook look at sections themselves; of those made from the Markdown alone one is made in turn."""
    turn = CORE.index(name)
    check(without(document, name), LANGUAGES[turn % 2], ("xlsx", "pptx", ("html", "docx", "pdf")[turn % 3]))


@pytest.mark.parametrize("name", DEEP)
def test_without_a_section_of_a_full_run_formats_are_written(name):
    check(without(WHOLE, name), LANGUAGES[DEEP.index(name) % 2], ("md", "xlsx", "pptx"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_all_that_a_full_run_adds_all_formats_are_written(language):
    assert len(DEEP) > 15
    check(without(WHOLE, *DEEP), language)


@pytest.mark.parametrize("left", [(), ("questionnaire",), ("questionnaire", "scores"), ("scores", "priorities")])
def test_with_next_to_nothing_all_formats_are_written(left):
    check({key: copy.deepcopy(WHOLE[key]) for key in (*KEPT, *left)}, LANGUAGES[len(left) % 2])


@pytest.mark.parametrize("name", [name for name in (*CORE, *DEEP) if "rows" in WHOLE[name]])
def test_a_section_with_no_rows_is_as_good_as_none(name):
    """The context is compared, which all formats are written from."""
    empty = WHOLE | {name: {"rows": [], "notes": []}}
    assert report_context(empty, language="en") == report_context(without(WHOLE, name), language="en")
