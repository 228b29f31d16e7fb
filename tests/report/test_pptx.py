"""Slides: every number equals the results, nothing overflows, every slide has a title, notes and a reading order."""

import copy
import importlib.util
import io
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest
from openxml_audit import FileFormat, OpenXmlValidator

pptx = pytest.importorskip("pptx")

from satmeter.report import report_context  # noqa: E402
from satmeter.report.assemble import assemble  # noqa: E402
from satmeter.report.edition import Edition  # noqa: E402
from satmeter.report.formats.pptx import write_pptx  # noqa: E402
from satmeter.report.formats.pptx_deck import slides_of  # noqa: E402
from satmeter.report.formats.pptx_text import LEAST, pages, text_height, title_size  # noqa: E402
from satmeter.report.formats.pptx_theme import HEIGHT, WIDTH  # noqa: E402
from satmeter.report.material import Material  # noqa: E402
from satmeter.report.plots import PanelPlot  # noqa: E402
from satmeter.report.results import Results, matching  # noqa: E402
from satmeter.report.template import find_template  # noqa: E402
from satmeter.report.wording import read_words  # noqa: E402

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
EMU = 12700


def material(document, language="en", figures=True):
    """What `build_report` writes from, without the drawings that slides do not use."""
    edition = Edition(Results(document, language), read_words(language), figures)
    return Material(edition, assemble(edition), find_template("satisfaction"))


def written(document, language="en", figures=True):
    return write_pptx(material(document, language, figures))


def deck(document, language="en", **options):
    return pptx.Presentation(io.BytesIO(written(document, language, **options)))


def with_depth(document, name, function):
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return getattr(module, function)(document)


@pytest.fixture(scope="module")
def everything(make_document):
    return with_depth(
        with_depth(make_document(), "synthetic_measurement", "with_depth"), "synthetic_drivers", "with_drivers"
    )


@pytest.fixture
def full(everything):
    return copy.deepcopy(everything)


@pytest.fixture(scope="module")
def decks(everything):
    return {language: deck(everything, language) for language in ("en", "zh-CN")}


@pytest.fixture(params=["en", "zh-CN"])
def any_deck(request, decks):
    return decks[request.param]


@pytest.fixture(scope="module")
def core(make_document):
    return deck(make_document())


def charts(slides):
    return [shape for slide in slides for shape in slide.shapes if shape.has_chart]


def tables(slides):
    return [shape.table for slide in slides for shape in slide.shapes if shape.has_table]


def cells(table):
    return tuple(tuple(cell.text for cell in row.cells) for row in table.rows)


def of_section(slides, word):
    return [s for s in slides if any(p.text_frame.text == word for p in s.placeholders if p.has_text_frame)]


def numbers(element, path):
    found = element.find(path)
    return [] if found is None else [float(v.text) for v in found.iter(f"{C}v")]


def texts(element, path):
    return [v.text for v in element.find(path).iter(f"{C}v")]


def series(shape):
    return list(shape.chart._chartSpace.iter(f"{C}ser"))


def estimates(document, section, **wanted):
    return {row["estimate"]: row for row in matching(document[section]["rows"], wanted)}


def test_bars_are_the_scores_in_full_precision_with_their_intervals(document, core):
    rows = [r for r in document["scores"]["rows"] if r["statistic"] == "mean_score" and not r["group_by"]]
    shown = {}
    for shape in charts(of_section(core.slides, "Scores")):
        if shape.chart._chartSpace.find(f".//{C}errBars") is None:
            continue
        bars = series(shape)[0]
        values, minus, plus = (numbers(bars, f"{C}{p}") for p in ("val", f"errBars/{C}minus", f"errBars/{C}plus"))
        for value, down, up in zip(values, minus, plus, strict=True):
            shown[value] = (down, up)
    assert set(shown) == {row["estimate"] for row in rows}
    for row in rows:
        down, up = shown[row["estimate"]]
        assert down == row["estimate"] - row["conf_low"]
        assert up == row["conf_high"] - row["estimate"]


def test_labels_say_value_and_interval_as_the_report_does(document, core):
    figure = next(f for f in report_context(document, language="en").figures if f.name == "scores")
    shape = charts(of_section(core.slides, "Scores"))[0]
    names = texts(series(shape)[0], f"{C}cat")
    labels = [
        v.text for v in series(shape)[1].iter("{http://schemas.microsoft.com/office/drawing/2012/chart}dlblRangeCache")
    ]
    written_out = [t.text for t in series(shape)[1].iter(f"{A}t")]
    assert len(labels) == 1
    for name, text in zip(names, written_out, strict=True):
        assert f"{name} {text}" in figure.alt


def test_shares_of_drivers_equal_the_results(document, core):
    wanted = {r["share"] for r in document["drivers"]["rows"] if r["method"] == "lmg"}
    shown = [v for shape in charts(of_section(core.slides, "Drivers")) for v in numbers(series(shape)[0], f"{C}val")]
    assert set(shown) == wanted


def test_the_map_holds_every_driver_with_both_intervals(document, core):
    rows = document["priorities"]["rows"]
    shape = charts(of_section(core.slides, "Priorities"))[0]
    points = {}
    for one in series(shape):
        errors = one.findall(f"{C}errBars")
        if errors:
            ends = [numbers(e, f"{C}{side}") for e in errors for side in ("minus", "plus")]
            for j, place in enumerate(zip(numbers(one, f"{C}xVal"), numbers(one, f"{C}yVal"), strict=True)):
                points[place] = [end[j] for end in ends]
    assert set(points) == {(r["performance"], r["importance"]) for r in rows}
    for r in rows:
        expected = [
            r["performance"] - r["performance_low"],
            r["performance_high"] - r["performance"],
            r["importance"] - r["importance_low"],
            r["importance_high"] - r["importance"],
        ]
        assert points[(r["performance"], r["importance"])] == expected
    lines = [one for one in series(shape) if one.find(f"{C}spPr/{A}ln/{A}prstDash") is not None]
    assert numbers(lines[0], f"{C}xVal") == [rows[0]["performance_line"]] * 2
    assert numbers(lines[1], f"{C}yVal") == [rows[0]["importance_line"]] * 2


def test_stacked_bars_are_the_shares_of_every_point(everything, decks):
    wanted = sorted(row["share"] for row in everything["distributions"]["rows"])
    found = []
    for shape in charts(of_section(decks["en"].slides, "Items")):
        found += [v for one in series(shape) for v in numbers(one, f"{C}val")]
    assert sorted(found) == wanted


def test_the_workbook_of_a_chart_holds_the_same_numbers(everything, decks):
    for shape in charts(decks["en"].slides):
        blob = shape.chart.part.chart_workbook.xlsx_part.blob
        sheet = openpyxl.load_workbook(io.BytesIO(blob), data_only=True)["Sheet1"]
        for element in shape.chart._chartSpace.iter(f"{C}numRef", f"{C}strRef"):
            place = element.find(f"{C}f").text.removeprefix("Sheet1!").replace("$", "")
            block = sheet[place]
            rows = block if isinstance(block, tuple) else ((block,),)
            values = [cell.value for row in rows for cell in row]
            count = int(element.find(f".//{C}ptCount").get("val"))
            assert len(values) == count
            for point in element.iter(f"{C}pt"):
                cell, text = values[int(point.get("idx"))], point.find(f"{C}v").text
                assert (
                    (float(text) == cell)
                    if element.tag.endswith("numRef")
                    else (text.strip() == str(cell or "").strip())
                )


def test_intervals_in_the_workbook_are_computed_there(document, core):
    shape = charts(of_section(core.slides, "Scores"))[0]
    sheet = openpyxl.load_workbook(io.BytesIO(shape.chart.part.chart_workbook.xlsx_part.blob))["Sheet1"]
    assert [sheet[f"{c}2"].value for c in "EF"] == ["=B2-C2", "=D2-B2"]
    assert [sheet[f"{c}1"].value for c in "ABCD"] == ["Row", "Estimate", "Lower end", "Upper end"]


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_tables_equal_the_context(everything, decks, language):
    context, words = report_context(everything, language=language), read_words(language)
    slides = decks[language].slides
    for section in ("reliability", "quality"):
        shown = {row for t in tables(of_section(slides, words[f"heading.{section}"])) for row in cells(t)[1:]}
        wanted = [t for part in getattr(context, section).parts for t in part.tables]
        assert wanted
        for table in wanted:
            for row in table.rows:
                assert row in shown or any(set(row[:2]) <= set(other) for other in shown)
    shown = {row for t in tables(of_section(slides, words["heading.priorities"])) for row in cells(t)[1:]}
    places = [
        t for part in context.priorities.parts for t in part.tables if t.columns[1].label == words["column.quadrant"]
    ]
    assert set(places[0].rows) <= shown


def test_group_tables_are_the_means_rounded(document, core):
    words = read_words("en")
    found = [cells(t) for t in tables(of_section(core.slides, words["heading.groups"]))]
    context = report_context(document, language="en")
    plots = [part.figure.plot for part in context.groups.parts if part.figure]
    drawn = [plot for plot in plots if isinstance(plot, PanelPlot)]
    assert len(drawn) == 2
    for plot in drawn:
        for panel in plot.panels:
            for e in panel.estimates:
                column = [t for t in found if panel.title in t[0] and e.label in {row[0] for row in t}]
                cell = [row[t[0].index(panel.title)] for t in column for row in t if row[0] == e.label]
                assert cell == [f"{e.value:.1f}"]


def test_the_net_promoter_score_is_that_of_its_columns(document, core):
    card = next(c for c in report_context(document, language="en").headline.cards if "NPS" in c.label)
    slides = [s for s in core.slides if s.shapes.title.text.startswith("Net promoter score")]
    if not matching(document.get("distributions", {}).get("rows", ()), {"code": 10}):
        assert slides == []
        return
    shares = numbers(series(charts(slides)[0])[0], f"{C}val")
    assert f"{100 * (sum(shares[9:]) - sum(shares[:7])):.1f}" == card.value.replace("−", "-")


def test_labels_of_a_map_stand_in_the_order_of_its_key(core):
    slide = of_section(core.slides, "Priorities")[0]
    key = {row[0]: row[1] for row in cells(tables([slide])[0])[1:]}
    shown = {}
    for one in series(charts([slide])[0]):
        if one.find(f"{C}errBars") is not None:
            labels = [t.text for t in one.find(f"{C}dLbls").iter(f"{A}t")]
            shown |= dict(
                zip(labels, zip(numbers(one, f"{C}xVal"), numbers(one, f"{C}yVal"), strict=True), strict=True)
            )
    assert set(shown) == set(key)
    alt = charts([slide])[0]._element.xpath(".//p:cNvPr")[0].get("descr")
    for number, (score, share) in shown.items():
        assert re.search(rf"{re.escape(key[number])}: score {score:.1f} .* importance {100 * share:.0f}%", alt)


def test_every_slide_has_a_title_of_its_own_and_notes(any_deck):
    titles = [slide.shapes.title.text for slide in any_deck.slides]
    assert all(titles)
    assert len(titles) == len(set(titles))
    assert all(slide.has_notes_slide and slide.notes_slide.notes_text_frame.text for slide in any_deck.slides)


def test_the_notes_say_how_to_read_what_is_shown_and_all_its_numbers(document, core):
    slide = of_section(core.slides, "Scores")[0]
    notes = slide.notes_slide.notes_text_frame.text
    for word in ("Definition: Mean score", "How to read this slide:", "Method:", "The numbers: "):
        assert word in notes
    names = texts(series(charts([slide])[0])[0], f"{C}cat")
    assert all(name in notes for name in names)


def test_titles_first_then_body_small_print_footer_and_number(any_deck):
    for slide in list(any_deck.slides)[1:]:
        shapes = list(slide.shapes)
        assert shapes[0] == slide.shapes.title
        kinds = [s.placeholder_format.idx if s.is_placeholder else "body" for s in shapes]
        order = [kinds.index(k) for k in (0, 13, "body", 14, 11, 12) if k in kinds]
        assert order == sorted(order)
        assert {0, 13, 11, 12} <= set(kinds)


def test_charts_tables_and_pictures_have_a_text_alternative(any_deck):
    for slide in any_deck.slides:
        for shape in slide.shapes:
            if shape.has_chart or shape.has_table or shape.shape_type == 13:
                alt = shape._element.xpath(".//p:cNvPr")[0].get("descr")
                assert alt
                assert shape.has_table or re.search(r"\d", alt)


def test_the_banner_stands_on_the_cover_and_in_every_footer(document):
    document["study"]["simulated"] = True
    context = report_context(document, language="en")
    slides = list(deck(document).slides)
    cover = [shape.text_frame.text for shape in slides[0].placeholders]
    assert {context.title, context.disclosure, context.banner} <= set(cover)
    assert all(any(context.banner in s.text_frame.text for s in slide.placeholders) for slide in slides[1:])


def boxes(slide):
    for shape in slide.shapes:
        if shape.has_text_frame and shape.text_frame.text:
            yield shape


def test_no_text_overflows_its_box(any_deck):
    for slide in any_deck.slides:
        for shape in boxes(slide):
            frame = shape.text_frame
            sizes = [r.font.size.pt for p in frame.paragraphs for r in p.runs if r.font.size]
            default = {0: 28.0, 13: 14.0, 14: LEAST, 11: LEAST, 12: LEAST}
            index = shape.placeholder_format.idx if shape.is_placeholder else None
            width = shape.width / EMU - 2 * (0 if shape.is_placeholder else (frame.margin_left or 0) / EMU)
            height = 0.0
            for paragraph in frame.paragraphs:
                own = [r.font.size.pt for r in paragraph.runs if r.font.size]
                size = max(own, default=default.get(index, 16.0))
                height += text_height(paragraph.text or " ", size, width)
            assert min([*sizes, LEAST]) >= LEAST
            assert height <= shape.height / EMU + 1.0, (slide.shapes.title.text, frame.text)


def test_cards_have_room_for_six_figures_and_long_labels(document):
    for construct in document["questionnaire"]["constructs"]:
        construct["role"] = "loyalty" if construct["id"] != document["study"]["index_construct"] else construct["role"]
        construct["label"] = {
            "en": f"{construct['id']} as long as a label of sixty characters will ever be",
            "zh-CN": "一",
        }
    made = deck(document)
    cards = [s for s in made.slides[1].shapes if s.has_text_frame and not s.is_placeholder]
    assert len(cards) == 7
    test_no_text_overflows_its_box(made)
    test_everything_lies_on_the_slide(made)


def test_everything_lies_on_the_slide(any_deck):
    assert (any_deck.slide_width / EMU, any_deck.slide_height / EMU) == (WIDTH, HEIGHT)
    for slide in any_deck.slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.top >= 0
            assert (shape.left + shape.width) / EMU <= WIDTH
            assert (shape.top + shape.height) / EMU <= HEIGHT


def test_tables_are_not_taller_than_the_body(any_deck):
    for slide in any_deck.slides:
        for shape in slide.shapes:
            if shape.has_table:
                widths = [c.width / EMU - 12 for c in shape.table.columns]
                total = 0.0
                for row in shape.table.rows:
                    size = row.cells[0].text_frame.paragraphs[0].runs
                    points = size[0].font.size.pt if size else LEAST
                    total += (
                        max(text_height(c.text or " ", points, w) for c, w in zip(row.cells, widths, strict=True)) + 6
                    )
                assert total <= 331, slide.shapes.title.text


def test_many_groups_and_long_labels_go_on_to_further_slides(document):
    long = "A construct whose label is as long as sixty characters will go"
    for construct in document["questionnaire"]["constructs"]:
        construct["label"] = {"en": f"{construct['id']} {long}", "zh-CN": construct["id"] + "一" * 28}
    region = [r for r in document["scores"]["rows"] if r.get("group_by") == "region"]
    question = next(q for q in document["questionnaire"]["questions"] if q["id"] == "region")
    first = str(region[0]["group"])
    for k in range(40):
        question["options"].append(
            {"code": f"g{k}", "label": {"en": f"Group {k} {long[:40]}", "zh-CN": f"第 {k} 组" * 5}}
        )
        own = [r | {"group": f"g{k}"} for r in region if str(r["group"]) == first]
        document["scores"]["rows"] += own
    made = deck(document)
    by_group = [s for s in made.slides if "(1/" in s.shapes.title.text]
    assert by_group
    names = [
        t for shape in charts(of_section(made.slides, "Scores by group")) for t in texts(series(shape)[0], f"{C}cat")
    ]
    assert sum(name.startswith("Group ") for name in names) >= 40
    test_no_text_overflows_its_box(made)
    test_tables_are_not_taller_than_the_body(made)
    test_everything_lies_on_the_slide(made)
    test_every_slide_has_a_title_of_its_own_and_notes(made)


@pytest.mark.parametrize(
    "missing",
    ["sample", "items", "distributions", "reliability", "scores", "drivers", "priorities", "questionnaire", "quality"],
)
def test_a_missing_section_leaves_its_slides_out(full, missing):
    before = len(slides_of(material(full, "zh-CN")))
    full.pop(missing)
    after = slides_of(material(full, "zh-CN"))
    assert 5 < len(after) <= before
    assert "None" not in repr([(s.title, s.small, s.notes) for s in after])


def test_nothing_but_the_study(document):
    bare = {key: document[key] for key in ("kind", "schema_version", "study")}
    made = deck(bare)
    assert made.slides[0].shapes.title.text == report_context(bare, language="en").title
    assert charts(made.slides) == []


def test_without_figures_tables_take_the_place_of_charts(document):
    made = deck(document, figures=False)
    assert not [s for s in charts(made.slides) if series(s)[0].find(f"{C}errBars") is not None]
    assert tables(of_section(made.slides, "Scores"))


def test_the_package_is_whole_and_dated_nowhere(full):
    data = written(full, "zh-CN")
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = package.namelist()
        assert names[0] == "[Content_Types].xml"
        assert {i.date_time for i in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        types = ElementTree.fromstring(package.read("[Content_Types].xml"))
        typed = {t.get("PartName") for t in types} | {t.get("Extension") for t in types}
        for name in names:
            assert f"/{name}" in typed or name.rsplit(".", 1)[1] in typed
            if name.endswith((".xml", ".rels")):
                ElementTree.fromstring(package.read(name))
            if name.endswith(".rels"):
                folder = Path("/") / Path(name).parent.parent
                for link in ElementTree.fromstring(package.read(name)):
                    assert link.get("TargetMode") is None
                    target = link.get("Target")
                    part = Path(target) if target.startswith("/") else folder / target
                    resolved = (
                        str(part.resolve()).removeprefix("/") if ".." in str(part) else str(part).removeprefix("/")
                    )
                    assert resolved in names
        core = package.read("docProps/core.xml").decode()
    assert set(re.findall(r"\d{4}-\d\d-\d\d", core)) == {"1980-01-01"}
    assert written(full, "zh-CN") == data


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_valid_by_the_open_xml_schema(decks, language, tmp_path):
    path = tmp_path / "deck.pptx"
    decks[language].save(path)
    found = OpenXmlValidator(file_format=FileFormat.MICROSOFT_365).validate(path)
    assert [str(error) for error in found.errors] == []


def test_the_validator_sees_error_bars_in_the_wrong_place(core, tmp_path):
    whole = tmp_path / "whole.pptx"
    core.save(whole)
    broken = tmp_path / "broken.pptx"
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(broken, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            if name.startswith("ppt/charts/chart"):
                part = re.sub(rb"(<c:errBars>.*?</c:errBars>)(<c:cat>.*?</c:cat>)", rb"\2\1", part)
            target.writestr(name, part)
    found = OpenXmlValidator(file_format=FileFormat.MICROSOFT_365).validate(broken)
    assert any("errBars" in str(error) for error in found.errors)


def test_fonts_for_both_scripts_and_language_tags(document):
    data = written(document, "zh-CN")
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            if name.startswith("ppt/theme/"):
                theme = package.read(name).decode()
                assert theme.count('<a:ea typeface="Microsoft YaHei"/>') == 2
                assert theme.count('<a:latin typeface="Calibri"/>') == 2
            if re.match(r"ppt/(slides|notesSlides)/[a-z]", name) and name.endswith(".xml"):
                for run in ElementTree.fromstring(package.read(name)).iter(f"{A}r"):
                    assert run.find(f"{A}rPr").get("lang") == "zh-CN"


def test_hostile_texts_stay_text(document):
    text = "<a:t>&amp; ]]> \x0b\x00 =1+1 {x}"
    for construct in document["questionnaire"]["constructs"]:
        construct["label"] = {"en": construct["id"] + text, "zh-CN": text}
    made = deck(document)
    shape = charts(of_section(made.slides, "Scores"))[0]
    assert "<a:t>&amp; ]]>" in texts(series(shape)[0], f"{C}cat")[0]
    sheet = openpyxl.load_workbook(io.BytesIO(shape.chart.part.chart_workbook.xlsx_part.blob))["Sheet1"]
    assert "<a:t>" in sheet["A2"].value


def test_pages_keep_to_the_height_and_hold_every_row():
    for budget in (50.0, 100.0, 330.0):
        heights = [10.0 + (7 * j) % 31 for j in range(57)]
        cut = pages(heights, budget)
        assert [a for a, _ in cut][1:] == [b for _, b in cut][:-1]
        assert (cut[0][0], cut[-1][1]) == (0, 57)
        assert all(sum(heights[a:b]) <= budget or b - a == 1 for a, b in cut)


def test_a_title_that_is_too_long_for_every_size_has_none():
    assert title_size("Short", 888.0) == 28.0
    assert title_size("word " * 60, 888.0) is None
