"""The report as a whole: complete, self-contained, the same twice, and clear when it cannot be made."""

import base64
import copy
import hashlib
import html
import re
import subprocess
import sys

import pytest

from satmeter.builtin import builtin
from satmeter.errors import ReportError
from satmeter.report import build_report, pandoc, report_context
from satmeter.report.markdown import escape, render
from satmeter.report.pandoc import convert
from satmeter.report.wording import read_words
from satmeter.typography import missing_glyphs

SECTIONS = [
    "sample",
    "disposition",
    "quality",
    "items",
    "reliability",
    "validity",
    "loadings",
    "invariance",
    "scores",
    "drivers",
    "regression",
    "fit",
    "priorities",
    "questionnaire",
    "provenance",
]
HEADINGS = [
    "method",
    "sample",
    "reliability",
    "validity",
    "scores",
    "groups",
    "drivers",
    "priorities",
    "items",
    "quality",
]


def visible(text: str) -> str:
    return html.unescape(re.sub(r"<(style|script)>.*?</\1>|<[^>]+>", " ", text, flags=re.DOTALL))


def markdown(document, language: str) -> str:
    source = (builtin("reports") / "satisfaction" / "report.md.j2").read_text("utf-8")
    return render(source, report_context(document, language=language), read_words(language))


def codes(error) -> list[str]:
    return [problem.code for problem in error.value.problems]


def test_the_first_screen_says_the_numbers(english, chinese):
    for report, words in (
        (english, ["74.2", "[72.1, 76.3]", "76.3%", "21.3", "480 of 500 responses"]),
        (chinese, ["74.2", "[72.1, 76.3]", "回收 500 份，采用 480 份", "委托方：市供电公司"]),
    ):
        first = visible(report.html.split('<nav class="contents"')[0])
        for word in words:
            assert word in first


def test_sections_come_in_the_readers_order(english):
    found = re.findall(r'<section id="(\w+)" class="level2">', english.html)
    assert found[: len(HEADINGS)] == HEADINGS
    assert found[len(HEADINGS) :] == ["wording", "disclosed", "glossary", "provenance"]
    assert re.findall(r'<a href="#(\w+)">', english.html.split('<nav class="contents"')[1].split("</nav>")[0]) == found


def test_the_page_asks_for_nothing(english):
    text = re.sub(r'xmlns(:xlink)?="[^"]+"', "", english.html)
    assert re.findall(r"https?://|<link|<img|@import|src=|fetch\(|XMLHttpRequest|import\(", text) == []
    assert set(re.findall(r"url\(([^#)][^,)]*)", text)) == {"data:font/woff;base64"}


def test_only_its_own_style_and_script_are_let_through(english):
    rules = re.search(r'Content-Security-Policy" content="([^"]+)"', english.html)[1].split("; ")
    (style,) = re.findall(r"<style>(.*?)</style>", english.html, re.DOTALL)
    (script,) = re.findall(r"<script>(.*?)</script>", english.html, re.DOTALL)
    digests = [base64.b64encode(hashlib.sha256(part.encode()).digest()).decode() for part in (style, script)]
    assert rules[:3] == ["default-src 'none'", f"style-src 'sha256-{digests[0]}'", f"script-src 'sha256-{digests[1]}'"]
    assert len(re.findall(r"<(?:style|script)", english.html)) == 2
    assert re.findall(r"<[^>]+ (?:style|on[a-z]+)=", english.html.replace(script, "").replace(style, "")) == []


def test_every_character_has_a_glyph(chinese, english):
    for report in (chinese, english):
        assert missing_glyphs(visible(report.html)) == ""


def test_the_english_report_has_no_chinese_of_ours(english):
    assert set(re.findall(r"[\u4e00-\u9fff]+", visible(english.html))) == {"满意度", "满意率", "市供电公司"}


def test_the_chinese_report_has_no_english_of_ours(chinese):
    words = set(re.findall(r"[A-Za-z]{4,}", visible(chinese.html)))
    names = {
        "satmeter",
        "Python",
        "numpy",
        "pandas",
        "answers",
        "region",
        "ctype",
        "power",
        "utility",
        "wording",
        "HTMT",
        "Fornell",
        "Larcker",
        "Harman",
        "Satorra",
        "Bentler",
        "RMSEA",
        "oblimin",
        "SRMR",
        "later",
        "AAPOR",
        "ESOMAR",
        "WAPOR",
    }
    assert words - names == set()


def test_the_same_document_gives_the_same_bytes(document, english):
    again = build_report(copy.deepcopy(document), language="en")
    assert again.html == english.html
    assert again.figures == english.figures


def test_the_order_of_keys_does_not_matter(document):
    shuffled = dict(reversed(document.items()))
    assert markdown(shuffled, "en") == markdown(document, "en")


@pytest.mark.parametrize("missing", SECTIONS)
def test_a_missing_section_is_said_and_not_fatal(document, missing):
    del document[missing]
    text = markdown(document, "zh-CN")
    assert "## 方法 {#method}" in text
    assert "None" not in text


def test_nothing_but_the_study(document):
    bare = {key: document[key] for key in ("kind", "schema_version", "study")}
    text = visible(build_report(bare, language="en").html)  # the whole way, once
    for sentence in (
        "No index could be computed",
        "The drivers could not be analysed",
        "The study compares no groups",
        "No reliability could be computed",
        "No driver can be named: none has a score of its own.",
    ):
        assert sentence in text


def test_one_respondent(document):
    document["study"] |= {"n": 1, "n_read": 1, "n_eff": 1.0}
    for section in ("drivers", "regression", "fit", "priorities", "reliability", "quality", "disposition"):
        document[section] = {"rows": [], "notes": []}
    for row in document["scores"]["rows"]:
        row |= {"n": 1, "conf_low": None, "conf_high": None, "std_error": None, "df": None}
    report = build_report(document, language="en")
    text = visible(report.html)
    assert "The 1 response that was read was used." in text
    assert "No interval can be given." in text
    assert "1 respondent only" in text
    assert "None" not in text
    assert "nan" not in text.split()


def test_all_numbers_missing(document):
    for section in ("scores", "items", "reliability", "drivers", "regression", "fit", "priorities"):
        for row in document[section]["rows"]:
            row |= {key: None for key, value in row.items() if isinstance(value, float)}
    text = markdown(document, "en")
    assert "No index could be computed" in text
    assert "None" not in text


def test_notes_travel_into_their_section(english, chinese):
    items = english.html.split('<section id="items"')[1].split('<section id="quality"')[0]
    assert "Item st2 correlates weakly with the rest of its construct." in items
    assert "题项 st2 与同一构念其余题项的相关较弱。" in chinese.html


def test_hostile_texts_stay_text(document):
    text = "<img src=x onerror=alert(1)> | *a* `b` {{ 7*7 }} =cmd ]{.x} $y$ \\"
    label = {"en": text, "zh-CN": text}
    document["study"]["title"] = label
    document["study"]["disclosure"] = {"sponsor": text}
    for construct in document["questionnaire"]["constructs"]:
        construct["label"] = label
        for item in construct["items"]:
            item["text"] = label
    for question in document["questionnaire"]["questions"]:
        question["text"] = label
        question["options"] = [option | {"label": label} for option in question["options"]]
    document["items"]["notes"][0]["en"] = text
    report = build_report(document, language="en")
    assert "<img" not in report.html
    assert "49" not in report.html.split("<h1>")[1].split("</h1>")[0]
    assert report.html.count(html.escape(text, quote=False)) > 20
    tags = re.findall(r"<[^>]*>", re.sub(r'"[^"]*"', "", report.html))
    assert not [tag for tag in tags if "onerror" in tag or ("x=" in tag and "src" in tag)]


def test_weighted_studies_show_weights(document):
    document["study"] |= {"weighted": True, "n_eff": 402.3, "deff": 1.19}
    text = markdown(document, "en").replace("\\", "")
    assert "a sample of 402 without weights (design effect 1.19)" in text
    assert "Weighted share" in text
    assert "Effective n" in text


def test_without_figures_there_are_none_and_no_matplotlib(document, english):
    report = build_report(document, language="en", figures=False)
    assert report.figures == ()
    assert "<svg" not in report.html
    assert visible(report.html).count("74.2") >= 3
    code = (
        "import sys, importlib.util as u\n"
        "s = u.spec_from_file_location('synthetic', sys.argv[1]); m = u.module_from_spec(s); s.loader.exec_module(m)\n"
        "from satmeter.report import build_report\n"
        "build_report(m.document(), language='en', figures=False)\n"
        "heavy = {'matplotlib', 'zhplot', 'pypandoc', 'scipy.special', 'satmeter.report.figures.draw'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    path = str(__file__).replace("test_build.py", "synthetic.py")
    done = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_unknown_template_and_language_come_together(document):
    with pytest.raises(ReportError) as caught:
        build_report(document, template="satisfacton", language="fr")
    assert codes(caught) == ["T002", "T003"]
    assert caught.value.problems[0].suggestion == "satisfaction"
    assert "did you mean 'satisfaction'?" in caught.value.text("en")
    assert "zh-CN、en" in caught.value.text("zh-CN")


def test_language_without_words(document):
    document["study"]["languages"] = ["fr", "en"]
    with pytest.raises(ReportError) as caught:
        report_context(document, language="fr")
    assert codes(caught) == ["T003"]
    assert caught.value.problems[0].params["choices"] == "en"


@pytest.mark.parametrize("change", [{"kind": "other"}, {"schema_version": 2}, {"study": {}}])
def test_not_a_results_document(document, change):
    with pytest.raises(ReportError) as caught:
        build_report(document | change, language="en")
    assert codes(caught) == ["T006"]
    assert "satmeter.results" in caught.value.text("en")


def test_pandoc_that_fails_is_a_coded_error(monkeypatch, tmp_path):
    broken = tmp_path / "pandoc"
    broken.write_text("#!/bin/sh\necho 'exitcode 99' >&2\nexit 99\n")
    broken.chmod(0o755)
    for path in (broken, tmp_path / "absent"):
        monkeypatch.setattr(pandoc, "pandoc_file", lambda path=path: str(path))
        with pytest.raises(ReportError) as caught:
            convert(b"x", ("--from", "markdown"))
        assert codes(caught) == ["T005"]
        assert ("exitcode 99" if path is broken else "absent") in caught.value.text("en")


def test_pandoc_is_the_chosen_one_else_that_of_the_wheel_else_that_of_the_machine(monkeypatch):
    find = pandoc.pandoc_file.__wrapped__
    monkeypatch.delenv("PYPANDOC_PANDOC", raising=False)
    assert re.search(r"pypandoc.files.pandoc(\.exe)?$", find())
    monkeypatch.setattr(pandoc, "find_spec", lambda _name: None)
    monkeypatch.setattr(pandoc.shutil, "which", {"pandoc": "/some/pandoc"}.get)
    assert find() == "/some/pandoc"
    monkeypatch.setattr(pandoc.shutil, "which", lambda _name: None)
    assert find() == "pandoc"
    monkeypatch.setenv("PYPANDOC_PANDOC", "/mine/pandoc")
    assert find() == "/mine/pandoc"


def test_the_title_is_escaped_once(document):
    document["study"]["title"] = {"en": "A & B <c>"}
    report = build_report(document, language="en", figures=False)
    assert "<h1>A &amp; B &lt;c&gt;</h1>" in report.html
    assert escape("A & B") == "A \\& B"
