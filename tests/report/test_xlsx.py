"""The workbook: every number of results.json with all its digits, labels, symbols, charts, and nothing that runs."""

import copy
import importlib.util
import io
import json
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest

from satmeter.errors import ReportError
from satmeter.report import build_report
from satmeter.report.assemble import assemble
from satmeter.report.edition import Edition
from satmeter.report.formats.xlsx import write_xlsx
from satmeter.report.formats.xlsx_labels import CODES, is_code, name_label
from satmeter.report.material import Material
from satmeter.report.results import Results
from satmeter.report.template import find_template
from satmeter.report.wording import read_words

SECTIONS_DOC = (Path(__file__).parents[2] / "docs" / "results.md").read_text("utf-8")


def sibling(name):
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def whole(make_document):
    """The document with every section, and numbers that need seventeen digits; not to be changed."""
    document = sibling("synthetic_drivers").with_drivers(sibling("synthetic_measurement").with_depth(make_document()))
    document["scores"]["rows"][0]["std_error"] = 0.1 + 0.2
    document["scores"]["rows"][1]["estimate"] = 70.54438860971523
    document["scores"]["rows"][1]["df"] = 5e-324
    return document


@pytest.fixture
def deep(whole):
    """The same document, to be changed."""
    return copy.deepcopy(whole)


@pytest.fixture(scope="module")
def files(whole):
    """The workbook of the whole document in both languages."""
    return {language: made(whole, language) for language in ("en", "zh-CN")}


@pytest.fixture(scope="module")
def books(files):
    """The workbooks, opened."""
    return {language: opened(content) for language, content in files.items()}


def made(document, language="en", figures=True):
    edition = Edition(Results(document, language), read_words(language), figures)
    return write_xlsx(Material(edition, assemble(edition), find_template("satisfaction")))


def opened(content):
    return openpyxl.load_workbook(io.BytesIO(content))


def table_of(book, name):
    """Return worksheet and cells of a table: its header, then its rows."""
    for sheet in book.worksheets:
        for table in sheet.tables.values():
            if table.displayName == name:
                return sheet, [list(row) for row in sheet[table.ref]]
    raise KeyError(name)


def keys_of(book, name):
    """Return the machine name of every column of a table, as the sheet of columns says."""
    _, (_, *rows) = table_of(book, "columns")
    return {row[2].value: row[3].value for row in rows if row[1].value == name}


def read_back(book, name):
    """Return the rows of a table by machine name; of an id the code, not the label."""
    _, (head, *rows) = table_of(book, name)
    named = keys_of(book, name)
    keys = [named[cell.value] for cell in head]
    return [{key: cell.value for key, cell in zip(keys, row, strict=True)} for row in rows]


def sections_with_rows(document):
    return [name for name, part in document.items() if isinstance(part, dict) and part.get("rows")]


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_every_number_is_the_number_of_the_results(whole, books, language):
    book = books[language]
    compared = 0
    for name in sections_with_rows(whole):
        if name == "quality":
            continue
        found = read_back(book, name)
        assert len(found) == len(whole[name]["rows"])
        for row, cells in zip(whole[name]["rows"], found, strict=True):
            for key, value in row.items():
                if key == "definition" or (name, key) == ("sample", "weighted_share"):  # the study is unweighted
                    continue
                if value is None or value == "":
                    assert cells[key] in ("[x]", "[z]"), (name, key)
                else:
                    assert repr(cells[key]) == repr(value), (name, key)
                    compared += isinstance(value, int | float)
    assert compared > 2000


def test_numbers_of_seventeen_digits_stand_whole_in_the_file(files):
    with zipfile.ZipFile(io.BytesIO(files["en"])) as archive:
        text = "".join(archive.read(n).decode("utf-8") for n in archive.namelist() if "/worksheets/sheet" in n)
    for number in ("0.30000000000000004", "70.54438860971523", "5e-324"):
        assert f"<v>{number}</v>" in text


def test_study_and_provenance_keep_their_numbers(deep):
    deep["provenance"]["seed"] = 2**53 + 1
    deep["study"]["n_eff"] = 412.7182818284591
    rows = {row["machine"]: row["value"] for row in read_back(opened(made(deep)), "study")}
    assert rows["n_eff"] == 412.7182818284591
    assert rows["n"] == deep["study"]["n"]
    assert rows["seed"] == str(2**53 + 1)  # a double cannot hold it


def test_single_respondents_are_counted_and_not_listed(deep):
    for row in deep["quality"]["rows"]:
        row["respondent"] = f"somebody {row['respondent']}"
    content = made(deep)
    rows = read_back(opened(content), "quality")
    found = {row["rule"] for row in deep["quality"]["rows"]}
    assert {row["rule"] for row in rows} >= found
    for row in rows:
        people = {r["respondent"] for r in deep["quality"]["rows"] if r["rule"] == row["rule"]}
        assert row["found"] == len(people)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        strings = archive.read("xl/sharedStrings.xml").decode("utf-8")
    people = {r["respondent"] for r in deep["quality"]["rows"]}
    assert people
    assert "somebody" not in strings


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_every_sheet_is_one_table_below_its_title(books, language):
    book = books[language]
    names = [sheet.title for sheet in book.worksheets]
    assert len({name.casefold() for name in names}) == len(names)
    assert max(map(len, names)) <= 31
    words = read_words(language)
    assert names[0] == words["xlsx_page.cover"]
    for sheet in book.worksheets:
        (table,) = sheet.tables.values()
        first = int(re.search(r"\d+", table.ref)[0])
        assert table.ref.startswith(f"A{first}:")
        assert table.autoFilter is not None
        assert sheet["A1"].value
        assert all(sheet.cell(row, 2).value is None for row in range(1, first))
        assert sheet.freeze_panes == f"B{first + 1}"
        assert sheet.print_title_rows == f"${first}:${first}"
        assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        header = [cell.value for cell in sheet[first]][: len(table.tableColumns)]
        assert header == [column.name for column in table.tableColumns]
        cells = [cell for row in sheet[table.ref] for cell in row]
        assert [c.coordinate for c in cells if c.value is None and c.column < len(header) - 1] == []


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_the_cover_leads_to_every_sheet_and_back(whole, books, language):
    book = books[language]
    cover, (_, *rows) = table_of(book, "contents")
    assert [row[0].value for row in rows] == [sheet.title for sheet in book.worksheets[1:]]
    for row, sheet in zip(rows, book.worksheets[1:], strict=True):
        assert row[0].hyperlink.location == f"'{sheet.title}'!A1"
        (table,) = sheet.tables.values()
        low, high = (int(n) for n in re.findall(r"\d+", table.ref))
        assert row[2].value == high - low
        back = [cell.hyperlink.location for cell in sheet["A"][:5] if cell.hyperlink]
        assert f"'{cover.title}'!A1" in back
    above = [cell.value for cell in cover["A"][:12]]
    assert above[0] == whole["study"]["title"][language]
    assert any("480" in str(text) and "500" in str(text) for text in above)
    assert any("74.2" in str(text) for text in above)
    assert any(whole["provenance"]["data_digest"][:19] in str(text) for text in above)


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_ids_stand_beside_their_labels(whole, books, language):
    book = books[language]
    _, (head, *rows) = table_of(book, "scores")
    keys = [keys_of(book, "scores")[cell.value] for cell in head]
    texts = {"en": "New eastern coast district", "zh-CN": "东部沿海新区"}
    at = keys.index("group")
    labels = {row[at + 1].value: row[at].value for row in rows}
    assert labels["e"] == texts[language]
    assert labels["[z]"] == read_words(language)["xlsx.everybody"]
    _, (head, *rows) = table_of(book, "regression")
    keys = [keys_of(book, "regression")[cell.value] for cell in head]
    labels = {row[keys.index("term") + 1].value: row[keys.index("term")].value for row in rows}
    assert labels["product"] == {"en": "Product value", "zh-CN": "产品价值"}[language]
    assert labels["(intercept)"] == read_words(language)["mark.intercept"]


def test_labels_of_composed_names(document):
    edition = Edition(Results(document, "en"), read_words("en"))

    def label(section, key, **row):
        return name_label(edition, section, key, row)

    assert label("regression", "term", term="product (1|2)") == "Product value: Boundary 1|2"
    assert label("regression", "term", term="(2|3)") == "Boundary 2|3"
    assert label("regression", "term", term="product|s", outcome="region").endswith("Product value: South")
    assert label("mediation", "via", via="product → loyalty") == "Product value → Loyalty"
    assert label("validity", "other", other="region[n]>[s]").endswith("North > South")
    assert label("reliability", "construct", construct="product-loyalty") == "Product value − Loyalty"
    assert label("reliability", "construct", construct="") == "All items"
    assert label("segments", "group", group="", group_by="region") == "Test that all groups are alike"
    assert label("path_groups", "other", other="s", group_by="region") == "South"
    assert label("sample", "option", question="region", option="n") == "North"
    assert label("scores", "measure", measure="nobody") == "nobody"


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_charts_have_error_bars_of_the_interval(whole, files, books, language):
    content, book = files[language], books[language]
    charts = [sheet for sheet in book.worksheets if sheet._charts]
    expected = 1 + len({r["group_by"] for r in whole["scores"]["rows"] if r["group_by"]})
    expected += len({r["outcome"] for r in whole["drivers"]["rows"] if r["method"] == "lmg"})
    assert len(charts) == expected
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        drawn = [archive.read(n).decode("utf-8") for n in archive.namelist() if re.search(r"charts/chart\d+\.xml", n)]
    assert len(drawn) == expected
    for text in drawn:
        assert "<c:errBars>" in text
        assert re.search(r"<c:plus><c:numRef><c:f>'[^']+'!\$F\$\d+:\$F\$\d+</c:f>", text)
        assert re.search(r"<c:minus><c:numRef><c:f>'[^']+'!\$E\$\d+:\$E\$\d+</c:f>", text)
    for row in read_back(book, "scores_chart"):
        (source,) = [
            r
            for r in whole["scores"]["rows"]
            if (r["statistic"], r["group_by"], r["estimate"]) == ("mean_score", "", row["estimate"])
            and r["conf_low"] == row["conf_low"]
        ]
        assert repr(row["conf_high"]) == repr(source["conf_high"])
        assert row["minus"] == source["estimate"] - source["conf_low"]
        assert row["plus"] == source["conf_high"] - source["estimate"]


def test_without_figures_there_are_no_charts(document):
    book = opened(made(document, figures=False))
    assert [sheet for sheet in book.worksheets if sheet._charts] == []
    assert "scores" in {t.displayName for s in book.worksheets for t in s.tables.values()}


def test_a_text_never_becomes_a_formula_or_an_address(deep):
    nasty = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://a")', "http://a.example", "{=1}", "_x0041_"]
    for number, text in enumerate(nasty):
        construct = deep["questionnaire"]["constructs"][number % len(deep["questionnaire"]["constructs"])]
        construct["label"] = {"en": text, "zh-CN": text}
        construct["items"][0]["text"] = {"en": text, "zh-CN": text}
    deep["study"]["title"] = {"en": "=cmd|' /C calc'!A0", "zh-CN": "=cmd|' /C calc'!A0"}
    deep["study"]["disclosure"]["sponsor"] = "@A1 & B"
    for language in ("en", "zh-CN"):
        content = made(deep, language)
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                if "worksheets/" in name and name.endswith(".xml"):
                    assert "<f>" not in archive.read(name).decode("utf-8")
                if name.endswith(".rels"):
                    assert "External" not in archive.read(name).decode("utf-8")
        book = opened(content)
        assert book.worksheets[0]["A1"].value == "=cmd|' /C calc'!A0"
        assert book.worksheets[0]["A1"].data_type == "s"
        assert {c.data_type for s in book.worksheets for row in s.iter_rows() for c in row} <= {"s", "n", "b"}


def test_low_bases_are_marked_and_symbols_explained(deep):
    deep["scores"]["rows"][0]["n"] = 29
    deep["scores"]["rows"][1]["n"] = 30
    deep["scores"]["rows"][1]["std_error"] = None
    book = opened(made(deep))
    rows = read_back(book, "scores")
    assert rows[0]["mark"] == "[u]"
    assert rows[1]["mark"] is None
    assert rows[1]["std_error"] == "[x]"
    (share,) = {row["share"] for row in read_back(book, "drivers") if row["method"] == "correlation"}
    assert share == "[z]"
    used = {c.value for s in book.worksheets[1:] for row in s.iter_rows() for c in row} & {"[x]", "[z]", "[u]"}
    assert {row["symbol"] for row in read_back(book, "symbols")} == used


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_notes_stand_with_code_and_sentence(deep, language):
    note = {"code": "M120", "about": "region[e]", "en": "Only -3 people.", "zh-CN": "仅 -3 人。"}
    deep["scores"]["notes"] = [note, note]
    rows = [row for row in read_back(opened(made(deep, language)), "notes") if row["note"] == "M120"]
    assert [row["sentence"] for row in rows] == [{"en": "Only −3 people.", "zh-CN": "仅 −3 人。"}[language]]
    assert rows[0]["about"].endswith({"en": "New eastern coast district", "zh-CN": "东部沿海新区"}[language])


def test_definitions_and_wording_are_complete(whole, books):
    book = books["en"]
    defined = {row["definition"] for row in read_back(book, "definitions")}
    assert defined == {row["definition"]["en"] for row in whole["scores"]["rows"]}
    asked = {row["item"]: row["wording"] for row in read_back(book, "questionnaire")}
    for construct in whole["questionnaire"]["constructs"]:
        for item in construct["items"]:
            assert asked[item["id"]] == item["text"]["en"]


def test_a_document_without_any_section_still_makes_a_workbook(document):
    bare = {key: document[key] for key in ("kind", "schema_version", "study")}
    book = opened(made(bare))
    assert [sheet.title for sheet in book.worksheets] == ["Cover", "Study and provenance", "Columns"]


@pytest.mark.parametrize("missing", ["scores", "drivers", "quality", "questionnaire", "provenance", "disposition"])
def test_a_missing_section_is_not_fatal(deep, missing):
    del deep[missing]
    tables = {t.displayName for s in opened(made(deep)).worksheets for t in s.tables.values()}
    assert missing not in tables
    assert "columns" in tables


def test_sections_and_columns_of_a_later_version_are_shown_as_they_are(document):
    document["trend"] = {"rows": [{"wave": "2027", "estimate": 1.5, "parts": [1, 2]}], "notes": []}
    rows = read_back(opened(made(document)), "trend")
    assert rows == [{"wave": "2027", "estimate": 1.5, "parts": "1, 2"}]


def test_many_groups_and_long_labels(document):
    groups = [f"{i:02d} " + "A district with a name of sixty characters, all of them needed"[:57] for i in range(40)]
    question = next(q for q in document["questionnaire"]["questions"] if q["id"] == "region")
    question["text"] = {"en": "x" * 300, "zh-CN": "区" * 300}
    question["options"] = [{"code": f"g{i}", "label": {"en": g, "zh-CN": g}} for i, g in enumerate(groups)]
    row = next(r for r in document["scores"]["rows"] if r["group_by"] == "region" and r["statistic"] == "mean_score")
    row = {**row, "measure": document["study"]["index_construct"]}
    document["scores"]["rows"] += [{**row, "group": f"g{i}"} for i in range(40)]
    book = opened(made(document))
    assert [r["name"] for r in read_back(book, "groups_chart_1")][-40:] == groups


def test_properties_do_not_depend_on_the_clock(document):
    content = made(document)
    properties = opened(content).properties
    assert properties.title == document["study"]["title"]["en"]
    assert properties.created.year == 2000
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert made(json.loads(json.dumps(document))) == content


def test_the_order_of_keys_does_not_matter(document):
    assert made(dict(reversed(copy.deepcopy(document).items()))) == made(document)


def test_weighted_shares_stand_in_weighted_studies_alone(document):
    def columns():
        return keys_of(opened(made(document, figures=False)), "sample").values()

    assert "weighted_share" not in columns()
    document["study"]["weighted"] = True
    assert "weighted_share" in columns()


def test_waves_and_trees_say_whom_and_what_they_mean(tracked):
    book = opened(made(tracked, "zh-CN", figures=False))
    waves, (node, *_) = read_back(book, "waves"), table_of(book, "tree")[1][1:]
    assert [row["broken"] for row in waves if row["measure"] == "staff"] == ["[z]", "[z]", "措辞和量表", "措辞和量表"]
    assert "全体受访者" in [cell.value for cell in node]


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_every_section_column_and_code_of_the_documentation_has_a_word(language):
    words = read_words(language)
    table = SECTIONS_DOC.split("## Sections")[1].split("The sections from")[0]
    named = re.findall(r"^\| `(\w+)` \| [^|]+ \| ([^|]+) \|$", table, re.MULTILINE)
    sections = {name: re.findall(r"`(\w+)`", keys) for name, keys in named}
    assert len(sections) > 35
    for name, keys in sections.items():
        if name in ("kind", "schema_version", "provenance", "study", "questionnaire"):
            continue
        assert f"xlsx_sheet.{name}" in words
        for key in keys:
            if (name, key) not in (("scores", "definition"), ("quality", "respondent"), ("quality", "excluded")):
                assert f"xlsx_column.{key}" in words, (name, key)
                assert f"xlsx_meaning.{key}" in words, (name, key)
    columns = ("drivers", "method"), ("regression", "model"), ("fit", "statistic"), ("lint", "finding")
    for section, key in (*columns, ("diagnostics", "statistic"), ("necessity", "ceiling")):
        lines = re.findall(rf"^\| {section} \| ([^|]+) \|", SECTIONS_DOC, re.MULTILINE)
        codes = {code for line in lines for code in re.findall(r"`(\w+)`", line)}
        assert codes
        assert is_code(section, key)
        unnamed = {code for code in codes if not any(name.format(code=code) in words for name in CODES[key])}
        assert unnamed <= {"mcfadden_", "nagelkerke_"}


def test_the_format_is_refused_without_its_library(monkeypatch, document):
    monkeypatch.setattr("satmeter.report.formats.find_spec", lambda name: None)
    with pytest.raises(ReportError) as caught:
        build_report(document, language="en", formats=("xlsx",))
    assert [p.code for p in caught.value.problems] == ["T008"]
