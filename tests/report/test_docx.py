"""The Word report: valid by the schema, real styles and fields, and every number of the context in its place."""

import copy
import io
import re
import shutil
import subprocess
import zipfile
from collections import Counter
from xml.etree import ElementTree

import pytest
from docx import Document
from openxml_audit import FileFormat, OpenXmlValidator

from satmeter.report import build_report, report_context
from satmeter.report.formats.docx_columns import ACROSS, UPRIGHT
from satmeter.report.formats.docx_text import kept_together
from satmeter.report.results import Results

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
LABELS = {"en": ("Table ", "Figure ", ". "), "zh-CN": ("表", "图", "\u3000")}
SECTIONS = (
    *("method", "sample", "reliability", "validity", "scores", "groups", "drivers", "priorities"),
    *("segments", "paths", "items", "quality", "wording", "disclosed", "provenance"),
)


def write(document, language, *, figures=False) -> bytes:
    return build_report(document, language=language, formats=("docx",), figures=figures).file("docx")


@pytest.fixture(scope="module")
def files(make_document):
    """Both editions; the Chinese one with its figures."""
    return {"zh-CN": write(make_document(), "zh-CN", figures=True), "en": write(make_document(), "en")}


@pytest.fixture(scope="module", params=["zh-CN", "en"])
def edition(request, files, make_document):
    language = request.param
    context = report_context(make_document(), language=language, figures=language == "zh-CN")
    return language, files[language], context


def parts(data: bytes) -> dict[str, ElementTree.Element]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = [name for name in archive.namelist() if not name.endswith(".png")]
        return {name: ElementTree.fromstring(archive.read(name)) for name in names}


def body(data: bytes) -> ElementTree.Element:
    return parts(data)["word/document.xml"][0]


def text(element) -> str:
    found = (node.text if node.tag == f"{W}t" else "\n" for node in element.iter() if node.tag in (f"{W}t", f"{W}br"))
    return "".join(piece or "" for piece in found).replace("\u00a0", " ")


def styled(element, *styles) -> list[ElementTree.Element]:
    return [
        p
        for p in element.iter(f"{W}p")
        if (s := p.find(f"{W}pPr/{W}pStyle")) is not None and s.get(f"{W}val") in styles
    ]


def squeezed(value: str) -> str:
    return " ".join(value.replace("\u00a0", " ").split())


def tables(data: bytes) -> list[tuple[str, list[list[str]]]]:
    """Return caption and rows of every captioned table; what goes on below is put beside it again."""
    found: list[tuple[str, list[list[str]]]] = []
    caption = ""
    for element in body(data):
        if element.tag == f"{W}tbl":
            rows = [[squeezed(text(cell)) for cell in row.iter(f"{W}tc")] for row in element.iter(f"{W}tr")]
            if caption and found and re.fullmatch(r"Table \d+ \(continued\)|续表\d+", caption):
                found[-1] = (found[-1][0], [old + new[1:] for old, new in zip(found[-1][1], rows, strict=True)])
            elif caption:
                found.append((caption, rows))
            caption = ""
        elif styled(element, "Caption"):
            caption = text(element)
    return found


def context_tables(context) -> list[tuple[str, list[list[str]]]]:
    found = [table for name in SECTIONS for part in getattr(context, name).parts for table in part.tables]
    return [
        (squeezed(t.caption), [[squeezed(c.label) for c in t.columns], *([squeezed(c) for c in row] for row in t.rows)])
        for t in found
    ]


VALIDATOR = OpenXmlValidator(file_format=FileFormat.MICROSOFT_365)


def problems(data: bytes, tmp_path) -> list[str]:
    path = tmp_path / "report.docx"
    path.write_bytes(data)
    return [str(error) for error in VALIDATOR.validate(path).errors]


def pages(data: bytes) -> list[tuple[bool, ElementTree.Element]]:
    """Return every block and whether it stands on a page that lies across."""
    found, open_ = [], []
    for element in body(data):
        open_.append(element)
        section = element if element.tag == f"{W}sectPr" else element.find(f"{W}pPr/{W}sectPr")
        if section is not None:
            turned = section.find(f"{W}pgSz").get(f"{W}orient") == "landscape"
            found += [(turned, block) for block in open_]
            open_ = []
    return found


def assert_nothing_runs_off(data: bytes) -> None:
    for across, element in pages(data):
        for table in element.iter(f"{W}tbl"):
            widths = [int(column.get(f"{W}w")) for column in table.iter(f"{W}gridCol")]
            assert min(widths) > 200
            assert sum(widths) <= (ACROSS if across else UPRIGHT)
            for row in table.iter(f"{W}tr"):
                assert [int(cell.get(f"{W}w")) for cell in row.iter(f"{W}tcW")] == widths


def test_valid_by_the_open_xml_schema(edition, tmp_path):
    assert problems(edition[1], tmp_path) == []


def test_the_validator_sees_a_wrong_order(files, tmp_path):
    with zipfile.ZipFile(io.BytesIO(files["en"])) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    wrong = content["word/document.xml"].replace(b"<w:cantSplit/>", b"<w:cantSplit/><w:keepNext/>", 1)
    assert wrong != content["word/document.xml"]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, part in (content | {"word/document.xml": wrong}).items():
            archive.writestr(name, part)
    assert any("keepNext" in problem for problem in problems(buffer.getvalue(), tmp_path))


def test_full_depth_is_valid_too(measured, tmp_path):
    data = write(measured, "en")
    assert problems(data, tmp_path) == []
    assert_nothing_runs_off(data)
    assert_tables(data, report_context(measured, language="en", figures=False), "en")


def test_parts_relationships_and_types_fit_together(edition):
    with zipfile.ZipFile(io.BytesIO(edition[1])) as archive:
        names = archive.namelist()
        assert names == sorted(names)
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        images = {name: archive.read(name) for name in names if name.endswith(".png")}
    read = parts(edition[1])
    assert all(content.startswith(b"\x89PNG") for content in images.values())
    for name, tree in read.items():
        if name.endswith(".rels"):
            folder = "word/" if name.startswith("word/") else ""
            inside = {r.get("Target") for r in tree if r.get("TargetMode") != "External"}
            assert {folder + target for target in inside} <= set(names)
            assert len({r.get("Id") for r in tree}) == len(tree)
    types = read["[Content_Types].xml"]
    overridden = {entry.get("PartName") for entry in types if entry.get("PartName")}
    endings = {entry.get("Extension") for entry in types if entry.get("Extension")}
    assert {name[1:] for name in overridden} <= set(names)
    for name in names:
        assert f"/{name}" in overridden or name.rsplit(".", 1)[1] in endings


def test_whatever_is_named_exists_and_once(edition):
    read = parts(edition[1])
    document, styles, numbering = (read[f"word/{n}.xml"] for n in ("document", "styles", "numbering"))
    defined = {style.get(f"{W}styleId") for style in styles.iter(f"{W}style")}
    used = {n.get(f"{W}val") for tag in ("pStyle", "rStyle", "tblStyle") for n in document.iter(W + tag)}
    assert used <= defined
    assert {n.get(f"{W}val") for tag in ("basedOn", "next") for n in styles.iter(W + tag)} <= defined
    lists = {number.get(f"{W}numId") for number in numbering.iter(f"{W}num")}
    assert {n.get(f"{W}val") for tree in (document, styles) for n in tree.iter(f"{W}numId")} <= lists
    relations = {r.get("Id") for r in read["word/_rels/document.xml.rels"]}
    assert {value for n in document.iter() for key, value in n.attrib.items() if key.startswith(R)} <= relations
    marks = [n.get(f"{W}name") for n in document.iter(f"{W}bookmarkStart")]
    numbers = [n.get(f"{W}id") for n in document.iter(f"{W}bookmarkStart")]
    assert len(set(marks)) == len(marks)
    assert len(set(numbers)) == len(numbers) == len(list(document.iter(f"{W}bookmarkEnd")))
    assert all(re.fullmatch(r"\w{1,40}", mark) for mark in marks)
    drawn = [n.get("id") for n in document.iter(f"{WP}docPr")]
    assert len(set(drawn)) == len(drawn)
    assert {n.get(f"{W}anchor") for n in document.iter(f"{W}hyperlink")} - {None} <= set(marks)


def assert_tables(data, context, language):
    label, _, gap = LABELS[language]
    expected = [
        (f"{label}{number}{gap}{caption}", rows) for number, (caption, rows) in enumerate(context_tables(context), 1)
    ]
    found = tables(data)
    assert [squeezed(caption) for caption, _ in found] == [squeezed(caption) for caption, _ in expected]
    for (caption, rows), (_, wanted) in zip(found, expected, strict=True):
        assert rows == wanted, caption


def test_every_cell_of_every_table_is_the_contexts(edition):
    language, data, context = edition
    assert len(context_tables(context)) > 15
    assert_tables(data, context, language)


def test_every_sentence_of_the_context_is_a_paragraph(edition):
    _, data, context = edition
    shown = Counter(squeezed(text(p)) for p in body(data).iter(f"{W}p"))
    wanted = Counter(squeezed(note) for note in context.notes)
    wanted.update(squeezed(t) for term in context.glossary for t in (term.word, term.meaning))
    for name in SECTIONS:
        section = getattr(context, name)
        wanted.update(squeezed(sentence) for sentence in (*section.paragraphs, *section.notes))
        for part in section.parts:
            wanted.update(squeezed(sentence) for sentence in (part.title, *part.paragraphs, *part.points) if sentence)
    assert sum(wanted.values()) > 40
    assert wanted - shown == Counter()


def test_the_summary_gives_the_first_screens_numbers(edition):
    _, data, context = edition
    first = next(body(data).iter(f"{W}tbl"))
    head = context.headline
    stats = [head.index, *head.cards]
    rows = [[text(p) for p in row.iter(f"{W}p")] for row in first.iter(f"{W}tr")]
    assert rows == [[stat.label, f"{stat.base} {stat.definition}", f"{stat.value} {stat.interval}"] for stat in stats]
    shown = [text(p) for p in styled(body(data), "ListNumber")]
    for finding in (*head.strengths, *head.weaknesses):
        line = next(line for line in shown if line.startswith(finding.label))
        assert all(piece in line for piece in (finding.sentence, finding.hedge, finding.caveat, finding.example))
    assert head.sentence in [text(p) for p in body(data).iter(f"{W}p")]


def test_numbers_are_those_of_the_results(files, document):
    """Straight from the record, past the context: mean scores to one decimal, bases with their comma."""
    table = next(rows for caption, rows in tables(files["en"]) if caption.endswith("Scores, overall"))
    shown = {row[0]: row[2:] for row in table if row[1] == "Mean score"}
    names = Results(document, "en")
    checked = 0
    for row in document["scores"]["rows"]:
        if row["statistic"] == "mean_score" and not row["group"] and names.label(row["measure"]) in shown:
            interval = f"[{row['conf_low']:.1f}, {row['conf_high']:.1f}]"
            assert shown[names.label(row["measure"])] == [f"{row['estimate']:.1f}", interval, f"{row['n']:,}"]
            checked += 1
    assert checked >= 3


def test_headings_are_headings_and_the_contents_lead_to_them(edition):
    language, data, context = edition
    tree = body(data)
    headings = styled(tree, "Heading1", "Heading2")
    shown = [text(p) for p in headings]
    titles = [part.title for name in SECTIONS for part in getattr(context, name).parts if part.title]
    assert [title for title in shown if title in set(titles)] == titles
    assert len(styled(tree, "Heading1")) == 15 + bool(context.notes)
    entries = styled(tree, "TOC1", "TOC2")
    assert [text(p) for p in entries] == shown
    marks = [p.find(f"{W}bookmarkStart").get(f"{W}name") for p in headings]
    assert [p.find(f"{W}hyperlink").get(f"{W}anchor") for p in entries] == marks
    assert "".join(n.text for n in entries[0].iter(f"{W}instrText")).split() == [
        "TOC",
        "\\o",
        '"1-2"',
        "\\h",
        "\\z",
        "\\u",
    ]
    turns = [n.get(f"{W}fldCharType") for p in entries for n in p.iter(f"{W}fldChar")]
    assert turns == ["begin", "separate", "end"]
    assert text(styled(tree, "TOCHeading")[0]) == {"zh-CN": "目录", "en": "Contents"}[language]


def test_figures_of_a_brief_report_stand_side_by_side_each_above_its_caption(make_document, tmp_path):
    report = build_report(make_document(), template="management", language="en", formats=("docx",))
    assert problems(report.file("docx"), tmp_path) == []
    with zipfile.ZipFile(io.BytesIO(report.file("docx"))) as archive:
        body = archive.read("word/document.xml").decode("utf-8")
    cells = [cell for cell in re.findall(r"<w:tc>.*?</w:tc>", body, re.DOTALL) if "<w:drawing>" in cell]
    assert len(cells) == 2
    for number, cell in enumerate(cells, 1):
        assert cell.index("<w:drawing>") < cell.index(f"_Ref_figure_{number}")


def test_captions_count_in_fields_and_can_be_referred_to(edition):
    language, data, context = edition
    tree = body(data)
    for kind, style, label, wanted in (
        ("table", "Caption", LABELS[language][0], [caption for caption, _ in context_tables(context)]),
        ("figure", "FigureCaption", LABELS[language][1], [f.caption for f in context.figures]),
    ):
        captions = [p for p in styled(tree, style) if p.find(f"{W}fldSimple") is not None]
        assert len(captions) == len(wanted)
        if not captions and language == "en":
            continue  # this edition is without figures
        ordered = (
            wanted
            if kind == "table"
            else sorted(wanted, key=lambda c: next(i for i, p in enumerate(captions) if text(p).endswith(c)))
        )
        for number, (caption, said) in enumerate(zip(captions, ordered, strict=True), 1):
            assert squeezed(text(caption)) == squeezed(f"{label}{number}{LABELS[language][2]}{said}")
            assert caption.find(f"{W}fldSimple").get(f"{W}instr").split()[:2] == ["SEQ", label.strip()]
            assert caption.find(f"{W}bookmarkStart").get(f"{W}name") == f"_Ref_{kind}_{number}"


def test_tables_repeat_their_head_and_split_no_row(edition):
    for table in body(edition[1]).iter(f"{W}tbl"):
        properties = [row.find(f"{W}trPr") for row in table.iter(f"{W}tr")]
        assert all(p.find(f"{W}cantSplit") is not None for p in properties)
        head = [p.find(f"{W}tblHeader") is not None for p in properties]
        captioned = table.find(f"{W}tblPr/{W}tblLook").get(f"{W}firstRow") == "1"
        assert head == [captioned] + [False] * (len(head) - 1)
        assert table.find(f"{W}tblPr/{W}tblCaption").get(f"{W}val")


def test_numbers_stand_at_the_right(edition):
    _, data, context = edition
    found = [table for name in SECTIONS for part in getattr(context, name).parts for table in part.tables]
    shown = [table for table in body(data).iter(f"{W}tbl")][1:]
    for wanted, table in zip(found, shown, strict=True):
        for row in table.iter(f"{W}tr"):
            styles = [n.get(f"{W}val") for n in row.iter(f"{W}pStyle")]
            sides = ["right" if style.startswith("TableNumber") else "left" for style in styles]
            assert sides == [column.align for column in wanted.columns]


def test_nothing_runs_off_the_page(edition):
    assert_nothing_runs_off(edition[1])


def test_figures_say_what_they_show(files, make_document):
    context = report_context(make_document(), language="zh-CN")
    tree = body(files["zh-CN"])
    said = [n.get("descr") for n in tree.iter(f"{WP}docPr")]
    further = [text for text in said if re.search(r"（第 [2-9] 部分）$", text)]
    assert {text.rpartition("（")[0] for text in further} <= {figure.caption for figure in context.figures}
    assert sorted({*said}.difference(further)) == sorted(squeezed(figure.alt) for figure in context.figures)
    for extent in tree.iter(f"{WP}extent"):
        assert 0 < int(extent.get("cx")) <= 16.6 / 2.54 * 914_400
        assert 0 < int(extent.get("cy")) <= 21.5 / 2.54 * 914_400
    assert not list(body(files["en"]).iter(f"{WP}docPr"))


def test_fonts_languages_and_properties(edition):
    language, data, context = edition
    read = parts(data)
    fonts = read["word/styles.xml"].find(f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}rFonts")
    assert (fonts.get(f"{W}ascii"), fonts.get(f"{W}eastAsia")) == ("Calibri", "Microsoft YaHei")
    tag = read["word/styles.xml"].find(f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}lang")
    assert tag.get(f"{W}val").startswith("en")
    assert tag.get(f"{W}eastAsia") == "zh-CN"
    theme = ElementTree.tostring(read["word/theme/theme1.xml"], encoding="unicode")
    assert theme.count('typeface="Microsoft YaHei"') == 4
    core = Document(io.BytesIO(data)).core_properties
    assert (core.title, core.language, core.author) == (context.title, language, "satmeter 0.1.0")
    assert core.created.year == core.modified.year == 1980
    hints = {n.get(f"{W}hint") for n in read["word/document.xml"].iter(f"{W}rFonts")}
    assert hints == ({"eastAsia"} if language == "zh-CN" else set())


def test_title_page_header_and_page_numbers(edition):
    language, data, context = edition
    opened = Document(io.BytesIO(data))
    assert [p.text for p in opened.paragraphs[:2]] == [
        {"zh-CN": "客户满意度报告", "en": "Customer satisfaction report"}[language],
        context.title,
    ]
    assert opened.paragraphs[1].style.name == "Title"
    lines = [p.text for p in opened.paragraphs if p.style.name == "Subtitle"]
    assert " · ".join(lines[:-1]).replace(" ", "") == context.disclosure.replace(" ", "")
    assert "satmeter 0.1.0" in lines[-1]
    first, second = opened.sections[0], opened.sections[1]
    assert first.header.is_linked_to_previous
    assert second.header.paragraphs[0].text == context.title
    footer = parts(data)["word/footer1.xml"]
    assert text(footer) == {"zh-CN": "第 1 页，共 1 页", "en": "Page 1 of 1"}[language]
    assert [n.get(f"{W}instr").strip() for n in footer.iter(f"{W}fldSimple")] == ["PAGE", "NUMPAGES"]


def test_notes_and_simulated_answers_are_styled(document):
    document["study"]["simulated"] = True
    tree = body(write(document, "en"))
    assert [text(p) for p in styled(tree, "Banner")] == ["Simulated answers, not a real survey"]
    notes = report_context(document, language="en", figures=False).items.notes
    assert {text(p) for p in styled(tree, "NoteBullet")} >= set(notes)


@pytest.mark.parametrize("missing", ["scores", "questionnaire", "provenance"])
def test_a_missing_section_leaves_a_valid_file(document, missing, tmp_path):
    del document[missing]
    data = write(document, "zh-CN")
    assert problems(data, tmp_path) == []
    assert "None" not in text(body(data))


def test_nothing_but_the_study(document, tmp_path):
    data = write({key: document[key] for key in ("kind", "schema_version", "study")}, "en")
    assert problems(data, tmp_path) == []
    assert "No index could be computed" in text(body(data))


def test_many_groups_and_long_labels_stay_on_the_page(document, tmp_path):
    region = next(q for q in document["questionnaire"]["questions"] if q["id"] == "region")
    option, rows = region["options"][-1], document["scores"]["rows"]
    for number in range(36):
        code = f"g{number}"
        name = f"District number {number} with a label that is as long as sixty characters"[:60]
        region["options"].append(option | {"code": code, "label": {"en": name, "zh-CN": name}})
        rows += [row | {"group": code} for row in rows if row["group"] == "w"]
    for construct in document["questionnaire"]["constructs"]:
        construct["label"] = {"en": f"{construct['id']} " + "labelled at great length " * 2 + "indeed"}
    data = write(document, "en")
    assert problems(data, tmp_path) == []
    assert_nothing_runs_off(data)
    assert_tables(data, report_context(document, language="en", figures=False), "en")


def test_hostile_texts_stay_text(document, tmp_path):
    hostile = '<w:p/> & "quoted" \x07\x0b\ufffe]]> ' + "Donaudampfschifffahrt" * 25
    label = {"en": hostile, "zh-CN": hostile}
    document["study"]["title"] = label
    document["study"]["disclosure"] = {"sponsor": hostile}
    for construct in document["questionnaire"]["constructs"]:
        construct["label"] = label
        for item in construct["items"]:
            item["text"] = label
    data = write(document, "en")
    assert problems(data, tmp_path) == []
    assert_nothing_runs_off(data)
    shown = '<w:p/> & "quoted" ]]> ' + "Donaudampfschifffahrt" * 25
    assert text(body(data)).count(shown) > 20
    assert text(parts(data)["word/header1.xml"]) == shown.replace("\ufffe", "")
    assert Document(io.BytesIO(data)).core_properties.title == shown


def test_the_same_results_give_the_same_bytes(files, make_document):
    assert write(copy.deepcopy(make_document()), "en") == files["en"]


def test_intervals_are_not_broken_over_lines(files):
    broken = [
        n.text for n in body(files["en"]).iter(f"{W}tc") for n in n.iter(f"{W}t") if re.search(r"\[\S+ \S+\]", n.text)
    ]
    assert broken == []
    assert kept_together("0.41 [0.30, 0.52] and [a b c]") == "0.41 [0.30,\u00a00.52] and [a b c]"


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_libreoffice_opens_it(files, tmp_path):
    (tmp_path / "report.docx").write_bytes(files["en"])
    home = f"-env:UserInstallation=file://{tmp_path}/home"
    subprocess.run(
        [
            "soffice",
            home,
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            str(tmp_path),
            str(tmp_path / "report.docx"),
        ],
        check=True,
        capture_output=True,
        timeout=110,
    )
    from pypdf import PdfReader

    read = PdfReader(tmp_path / "report.pdf")
    assert len(read.pages) > 8
    words = "\n".join(page.extract_text() for page in read.pages)
    assert "Table 1. " in words
    assert f"Page {len(read.pages)} of {len(read.pages)}" in words
