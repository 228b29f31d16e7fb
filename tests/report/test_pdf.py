"""The PDF: what it is by the standards, what it says, where its text stands, and that texts from outside stay text."""

import hashlib
import io
import json
import re
import subprocess
import sys
from dataclasses import replace
from functools import partial

import pypdf
import pytest
from pypdf.generic import DecodedStreamObject, NameObject

from satmeter.builtin import builtin
from satmeter.errors import ReportError
from satmeter.report import build_report, report_context
from satmeter.report.assemble import assemble
from satmeter.report.build import _edition
from satmeter.report.context import Figure
from satmeter.report.estimate import Estimate
from satmeter.report.formats.pdf import write_pdf
from satmeter.report.formats.pdf_fonts import width, without_glyph
from satmeter.report.formats.pdf_pictures import pictures
from satmeter.report.formats.pdf_tables import MARGIN, SIDEWAYS, UPRIGHT, breakable, layout
from satmeter.report.markdown import escape
from satmeter.report.material import Material
from satmeter.report.plots import Panel, PanelPlot
from satmeter.report.template import Template, find_template
from satmeter.report.wording import read_words

SECTIONS = (
    *("method", "sample", "reliability", "validity", "scores", "groups", "drivers", "priorities", "segments"),
    *("paths", "items", "quality", "wording", "disclosed", "provenance"),
)
PAGE = {"en": r"Page (\d+) of (\d+)", "zh-CN": r"第 ?(\d+) ?页 ?/ ?共 ?(\d+) ?页"}
LABEL = {"en": ("Figure", "Table"), "zh-CN": ("图", "表")}


def bare(text):
    """A text without white space and without the marks that only allow a line to break."""
    return re.sub(r"[\s\u200b]+", "", text)


class Printed:
    """A PDF that was read back, each page once: its text, and its runs of text with their places."""

    def __init__(self, data):
        self.reader = pypdf.PdfReader(io.BytesIO(data))
        self.pages = self.reader.pages
        self.runs = []
        self.texts = []
        for page in self.pages:
            stream = DecodedStreamObject()  # without drawn lines, which take long to read
            stream.set_data(re.sub(rb"(?:-?[\d.]+\s){2,6}[mlc]\b", b"", page.get_contents().get_data()))
            page[NameObject("/Contents")] = stream
            self.runs.append([])
            self.texts.append(page.extract_text(visitor_text=partial(self._place, self.runs[-1])))
        self.text = bare("".join(self.texts))

    @staticmethod
    def _place(runs, text, matrix, text_matrix, _font, size):
        """Note left and right end, height above the foot, and text; in points."""
        if text.strip():
            x = text_matrix[4] * matrix[0] + matrix[4]
            y = text_matrix[5] * matrix[3] + matrix[5]
            points = size * abs(text_matrix[3] * matrix[3])
            runs.append((x, x + least_width(text.strip()) * points, y, text.strip()))


def least_width(text):
    """How wide a text is at least, in em: quotation marks and full-width marks may be set narrow."""
    return width(re.sub("[“”‘’，。；：、？！（）《》]", "'", text)) - 0.25 * len(re.findall("'", text))


def elements(reader, kind):
    """Every element of the structure tree of one kind."""
    found, waiting = [], [reader.trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        node = waiting.pop().get_object()
        if isinstance(node, list):
            waiting += reversed(node)
        elif isinstance(node, dict):
            if node.get("/S") == kind:
                found.append(node)
            if "/K" in node and node.get("/Type") in ("/StructElem", "/StructTreeRoot"):
                waiting.append(node["/K"])
    return found


def bookmarks(outline):
    for entry in outline:
        if isinstance(entry, list):
            yield from bookmarks(entry)
        else:
            yield entry.title


@pytest.fixture(scope="module", params=["en", "zh-CN"])
def edition(request, make_document):
    """Language, context and PDF of the hand-written document."""
    document = make_document()
    data = build_report(document, language=request.param, formats=("pdf",)).file("pdf")
    return request.param, report_context(document, language=request.param), Printed(data)


@pytest.fixture
def printed(document, tmp_path):
    """Sets a Markdown text of our own with the built-in style."""

    def write(markdown, **changes):
        (tmp_path / "report.md.j2").write_text(markdown, "utf-8")
        for name, text in changes.items():
            (tmp_path / name.replace("_", ".")).write_text(text, "utf-8")
        made = _edition(document, "en", figures=False)
        folders = (tmp_path, builtin("reports") / "satisfaction")
        return Printed(write_pdf(Material(made, assemble(made), Template("own", "satisfaction", folders))))

    return write


def test_it_is_archivable_and_accessible(edition):
    language, report, pdf = edition
    root = pdf.reader.trailer["/Root"]
    metadata = root["/Metadata"].get_data().decode("utf-8")
    assert "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>" in metadata
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert root["/Lang"] == language
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert pdf.reader.metadata.title == report.title
    assert pdf.reader.metadata.subject == report.disclosure
    assert pdf.reader.metadata["/CreationDate"] == "D:19800101000000Z"


def test_its_fonts_are_inside_and_cut_to_what_is_shown(edition):
    _, _, pdf = edition
    fonts = {
        font.get_object()["/BaseFont"]: font.get_object()
        for page in pdf.pages
        for font in page["/Resources"].get("/Font", {}).values()
    }
    assert any("NotoSansSC" in name for name in fonts)
    for name, font in fonts.items():
        assert re.match(r"/[A-Z]{6}\+(NotoSansSC|DejaVuSans)", name)
        (inner,) = font["/DescendantFonts"]
        descriptor = inner.get_object()["/FontDescriptor"]
        assert len({"/FontFile2", "/FontFile3"} & descriptor.keys()) == 1
        assert "/ToUnicode" in font


def test_every_heading_is_a_bookmark(edition):
    language, report, pdf = edition
    titles = [bare(re.sub(r"^\d+\s", "", title)) for title in bookmarks(pdf.reader.outline)]
    assert titles == [bare(text) for text in headings(report, read_words(language))]


def headings(report, words):
    """Every heading that the template writes."""
    parts = [words["heading.summary"], words["heading.strengths"], words["heading.weaknesses"]]
    for name in SECTIONS[:-1]:
        section = getattr(report, name)
        if section.paragraphs or section.parts:
            parts += [words[f"heading.{name}"], *(part.title for part in section.parts if part.title)]
    parts.append(words["heading.glossary"])
    parts += [words["heading.notes"]] if report.notes else []
    return [*parts, words["heading.provenance"], *(p.title for p in report.provenance.parts if p.title)]


def test_every_row_of_every_table_reads_as_in_the_context(edition):
    _, report, pdf = edition
    text = pdf.text
    tables = [t for name in SECTIONS for part in getattr(report, name).parts for t in part.tables]
    assert len(tables) > 10
    assert len(elements(pdf.reader, "/Table")) == len(tables)
    for table in tables:
        assert bare(table.caption) in text
        for row in ([column.label for column in table.columns], *table.rows):
            assert bare("".join(row)) in text
    assert len(elements(pdf.reader, "/TD")) == sum(len(t.columns) * len(t.rows) for t in tables)


def test_the_first_page_says_what_the_report_says_first(edition):
    _, report, pdf = edition
    text = bare(pdf.texts[0])
    index = report.headline.index
    for part in (report.title, report.disclosure, index.value, index.interval, report.headline.quality):
        assert bare(part) in text
    for card in report.headline.cards:
        assert bare(card.label + card.value + card.interval + card.base) in text


def test_figures_and_tables_are_numbered_in_order(edition):
    language, report, pdf = edition
    text = "\n".join(pdf.texts)
    figure, table = LABEL[language]
    tables = sum(len(p.tables) for name in SECTIONS for p in getattr(report, name).parts)
    for word, count in ((figure, len(report.figures) - 1), (table, tables)):
        numbers = [int(n) for n in re.findall(rf"^{word} ?(\d+) ", text, re.MULTILINE)]
        assert sorted(set(numbers)) == list(range(1, count + 1))


def test_every_figure_has_its_text_and_is_a_drawing(edition):
    _, report, pdf = edition
    alts = [str(element["/Alt"]) for element in elements(pdf.reader, "/Figure") if "/Alt" in element]
    words = read_words(report.language)
    further = {words.fill("pdf.continued", {"caption": figure.caption}) for figure in report.figures}
    assert sorted(alt for alt in alts if alt not in further) == sorted(figure.alt for figure in report.figures)
    kinds = {
        image.get_object()["/Subtype"]
        for page in pdf.pages
        for image in page["/Resources"].get("/XObject", {}).values()
    }
    assert "/Image" not in kinds


def test_every_page_has_its_number(edition):
    language, _, pdf = edition
    found = [re.findall(PAGE[language], text) for text in pdf.texts]
    assert [[(int(a), int(b)) for a, b in page][-1:] for page in found] == [
        [(number, len(pdf.pages))] for number in range(1, len(pdf.pages) + 1)
    ]


def test_no_text_leaves_the_margins(edition):
    _, _, pdf = edition
    for page, runs in zip(pdf.pages, pdf.runs, strict=True):
        across, up = float(page.mediabox.width), float(page.mediabox.height)
        for left, right, y, text in runs:
            assert left >= MARGIN - 0.5, text
            assert right <= across - MARGIN + 3, text
            assert 20 < y < up - 20, text


def test_no_heading_or_caption_of_a_table_stands_at_the_end_of_a_page(edition):
    _, report, pdf = edition
    titles = {bare(title) for title in bookmarks(pdf.reader.outline)}
    titles |= {bare(t.caption) for name in SECTIONS for part in getattr(report, name).parts for t in part.tables}
    for runs in pdf.runs:
        body = [text for _, _, y, text in runs if y > 50]
        assert bare(body[-1]) not in titles


def test_the_same_results_give_the_same_bytes_in_another_process(document, tmp_path):
    (tmp_path / "results.json").write_text(json.dumps(document), "utf-8")
    code = (
        "import hashlib, json, sys; from satmeter.report import build_report; "
        "d = json.load(open(sys.argv[1], encoding='utf-8')); "
        "b = build_report(d, language='en', formats=('pdf',), figures=False).file('pdf'); "
        "print(hashlib.sha256(b).hexdigest())"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "results.json"], capture_output=True, text=True, check=True
    )
    here = build_report(document, language="en", formats=("pdf",), figures=False).file("pdf")
    assert run.stdout.strip() == hashlib.sha256(here).hexdigest()


@pytest.mark.parametrize("empty", [("scores", "reliability", "validity"), ("drivers", "priorities", "items", "notes")])
def test_results_that_lack_a_section_are_set_all_the_same(document, empty):
    for name in empty:
        if name in document:
            document[name] = type(document[name])()
    report = report_context(document, language="zh-CN", figures=False)
    data = build_report(document, language="zh-CN", formats=("pdf",), figures=False).file("pdf")
    text = Printed(data).text
    for name in SECTIONS:
        for paragraph in getattr(report, name).paragraphs:
            assert bare(paragraph) in text


HOSTILE = [
    '#eval("1 + 1") #panic() #read("/etc/passwd")',
    "$x^2$ *em* _em_ `raw` = heading <label> @ref",
    'quote " backslash \\ end \\" \\u{41}',
    "// comment /* comment */ ~ -- ---",
    "[content] {code} (array)",
]


def test_texts_from_outside_stay_text(document, printed):
    document["study"]["title"]["en"] = HOSTILE[0]
    points = "".join(f"- {escape(text)}\n" for text in HOSTILE)
    pdf = printed("## {{ report.title }}\n\n{% raw %}" + points + "{% endraw %}\n")
    for hostile in HOSTILE:
        assert bare(hostile) in pdf.text
    assert pdf.reader.metadata.title == HOSTILE[0]


def test_a_character_without_a_glyph_stops_the_report(document):
    document["study"]["title"]["en"] = "Survey \U0001f680"
    with pytest.raises(ReportError) as caught:
        build_report(document, language="en", formats=("pdf",), figures=False)
    assert [(p.code, p.got) for p in caught.value.problems] == [("T020", "🚀 (U+1F680)")]
    assert "字形" in caught.value.text("zh-CN")


def test_what_typst_refuses_is_told(printed):
    with pytest.raises(ReportError) as caught:
        printed("text\n", style_typ="#let report(given, body) = panic(given.title)\n")
    (problem,) = caught.value.problems
    assert problem.code == "T021"
    assert "panicked" in problem.got


def test_typst_sees_no_file_but_its_own(printed):
    with pytest.raises(ReportError) as caught:
        printed("text\n", style_typ='#let report(given, body) = read("../../../../../../etc/hostname")\n')
    assert [problem.code for problem in caught.value.problems] == ["T021"]


def table(columns, rows, *, wide="12.3 [11.1, 13.5]"):
    heads = ["Group", *(f"Construct {i} with a longer name" for i in range(1, columns))]
    body = "".join("|" + "|".join([f"Group{r}", *([wide] * (columns - 1))]) + "|\n" for r in range(rows))
    marks = "|:--|" + "--:|" * (columns - 1)
    escaped = body.replace("[", "\\[").replace("]", "\\]")
    return f"## A table\n\nA sentence.\n\n|{'|'.join(heads)}|\n{marks}\n{escaped}\n: The caption\n\n## After\n\nMore.\n"


def test_the_head_of_a_long_table_is_repeated(printed):
    pdf = printed(table(4, 120))
    pages = [bare(text) for text in pdf.texts if "Group" in text]
    assert len(pages) > 2
    assert all("Construct1withalongername" in page for page in pages)


@pytest.mark.parametrize(("columns", "sideways"), [(4, False), (9, True), (41, True)])
def test_a_wide_table_lies_on_its_side_and_a_wider_one_is_cut(printed, columns, sideways):
    pdf = printed(table(columns, 3))
    with_table = [number for number, text in enumerate(pdf.texts) if "Group1" in bare(text)]
    for number in with_table:
        box = pdf.pages[number].mediabox
        assert (box.width > box.height) == sideways
        for left, right, _, text in pdf.runs[number]:
            assert left >= MARGIN - 0.5, text
            assert right <= float(box.width) - MARGIN + 3, text
    assert pdf.text.count(bare("12.3 [11.1, 13.5]")) == 3 * (columns - 1)
    assert all(bare(f"Construct {i} with a longer name") in pdf.text for i in range(1, columns))
    first = bare(pdf.texts[with_table[0]])
    assert first.index("Asentence") < first.index("Thecaption")
    assert pdf.pages[-1].mediabox.width < pdf.pages[-1].mediabox.height


def test_columns_are_as_wide_as_their_texts_where_there_is_room():
    found = layout([["Item", "n"], ["q1", "1,000"]], ["left", "right"])
    ((columns, widths),) = found.pieces
    assert (found.size, found.sideways, columns) == (8.5, False, (0, 1))
    assert widths == pytest.approx([width("Item") * 8.5 + 11.2, width("1,000") * 8.5 + 11.2], abs=0.01)


@pytest.mark.parametrize("columns", [2, 8, 14, 40])
@pytest.mark.parametrize("label", ["短", "a" * 60, "一个很长的标签" * 9, "word " * 12])
def test_every_piece_fits_and_no_column_is_lost(columns, label):
    rows = [[label] * columns, *[[label, *["−12.3 [−11.1, 13.5]"] * (columns - 1)]] * 3]
    found = layout(rows, ["left", *["right"] * (columns - 1)])
    room = SIDEWAYS if found.sideways else UPRIGHT
    for piece, widths in found.pieces:
        assert piece[0] == 0
        assert len(widths) == len(piece)
        assert sum(widths) <= room + 0.1
        assert all(w > 6.2 for w in widths)
    assert [column for piece, _ in found.pieces for column in piece[1:]] == list(range(1, columns))


def test_a_word_that_no_column_holds_may_break_anywhere():
    assert breakable("sha256:" + "0f" * 32).replace("\u200b", "") == "sha256:" + "0f" * 32
    assert breakable("an ordinary sentence 和一句普通的话") == "an ordinary sentence 和一句普通的话"


def test_glyphs_are_looked_for_in_both_fonts():
    assert without_glyph("满意度 ≥ 90 % ω ρ α ⅔ “”\u200b") == ""
    assert without_glyph("b\U0001f680a\U00020000") == "\U0001f680\U00020000"


def test_panels_of_forty_groups_are_cut_until_they_can_be_read(document):
    groups = tuple(Estimate(f"District {i} with a name of some length", 50 + i / 2, 40, 80, 99) for i in range(40))
    panels = tuple(Panel(f"Construct {i}", groups) for i in range(3))
    figure = Figure("many", "Many groups", "All of them.", PanelPlot(panels, "Score", 0, 100))
    made = _edition(document, "en", figures=True)
    report = assemble(made)
    report = replace(report, headline=replace(report.headline, figure=figure))
    found = pictures(figure, Material(made, report, find_template("satisfaction")))
    assert len(found) >= 3
    assert [p.file for p in found] == [f"many.{i}.svg" for i in range(1, len(found) + 1)]
    assert [p.alt for p in found] == ["All of them.", *["Many groups (continued)"] * (len(found) - 1)]
    for piece in found:
        across, up = map(float, re.search(r'viewBox="\S+ \S+ (\S+) (\S+)"', piece.svg).groups())
        assert piece.width / across >= 0.65
        assert up * piece.width / across <= 600.1
        assert piece.width <= UPRIGHT / 2
