"""The report in a real browser: accessible, on a phone, on paper, in its own font, asking for nothing."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from satmeter.report import build_report

OpenPage = Callable[..., Page]
LANGUAGES = ("zh-CN", "en")


@pytest.fixture(scope="module")
def report_files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    source = Path(__file__).parents[1] / "report" / "synthetic.py"
    spec = importlib.util.spec_from_file_location("synthetic", source)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    folder = tmp_path_factory.mktemp("report")
    files = {}
    for language in LANGUAGES:
        files[language] = folder / f"report.{language}.html"
        files[language].write_text(build_report(module.document(), language=language).html, "utf-8")
    return files


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing(open_page: OpenPage, report_files: dict[str, Path], language: str, scheme: str, width: int):
    page = open_page(report_files[language], width=width, scheme=scheme)
    results = Axe().run(page)
    found = [(v["id"], [n["html"][:120] for n in v["nodes"][:3]]) for v in results.response["violations"]]
    assert found == []
    assert page.get_attribute("html", "lang") == language


@pytest.fixture(scope="module")
def warned_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report of simulated answers with a note that the reader must know first."""
    source = Path(__file__).parents[1] / "report" / "synthetic.py"
    spec = importlib.util.spec_from_file_location("synthetic", source)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    document = module.document()
    document["study"]["simulated"] = True
    document["study"]["notes"] = [{"code": "R103", "about": "", "zh-CN": "数据缺少 3 列。", "en": "3 columns lack."}]
    file = tmp_path_factory.mktemp("warned") / "report.html"
    file.write_text(build_report(document, language="zh-CN", figures=False).html, "utf-8")
    return file


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_banner_and_box_can_be_read_by_everybody(open_page: OpenPage, warned_file: Path, scheme: str):
    page = open_page(warned_file, width=360, scheme=scheme)
    assert Axe().run(page).response["violations"] == []
    assert page.locator(".banner").inner_text() == "模拟数据，不是真实调查结果"
    box = page.get_by_role("note", name="阅读前请先留意")
    assert "数据缺少 3 列。" in box.inner_text()
    assert box.bounding_box()["y"] < page.locator("#method").bounding_box()["y"]


def test_wide_tables_say_on_a_phone_that_they_scroll(open_page: OpenPage, report_files: dict[str, Path]):
    phone, desk = open_page(report_files["en"], width=360), open_page(report_files["en"], width=1280)
    assert phone.locator("#items .swipe").is_visible()
    assert phone.locator("#items .swipe").inner_text() == "This table is wide: it scrolls sideways."
    assert not desk.locator("#items .swipe").is_visible()
    table = phone.get_by_role("region", name="Items", exact=True)
    assert "gradient" in table.evaluate("e => getComputedStyle(e).backgroundImage")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [320, 360, 768, 1024, 1280])
def test_the_page_never_scrolls_sideways(open_page: OpenPage, report_files: dict[str, Path], language: str, width: int):
    page = open_page(report_files[language], width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_character_is_drawn_in_the_reports_own_font(
    open_page: OpenPage, report_files: dict[str, Path], language: str
):
    page = open_page(report_files[language])
    page.evaluate("document.fonts.ready")
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    selector = ":is(header, main, footer) :is(h1, h2, h3, p, span, a, li, th, td, caption, figcaption, dt, dd)"
    nodes = session.send("DOM.querySelectorAll", {"nodeId": root, "selector": selector})["nodeIds"]
    fonts = [font for n in nodes for font in session.send("CSS.getPlatformFontsForNode", {"nodeId": n})["fonts"]]
    assert sum(font["glyphCount"] for font in fonts) > 2000
    assert {(font["familyName"], font["isCustomFont"]) for font in fonts} == {("Noto Sans SC", True)}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_figures_can_be_read_on_the_page(open_page: OpenPage, report_files: dict[str, Path], scheme: str):
    """Text of figures has a contrast of at least 4.5 and is at least 8 px high on a phone."""
    page = open_page(report_files["en"], width=360, scheme=scheme)
    colors = page.evaluate(
        """() => {
          const style = getComputedStyle(document.documentElement), probe = document.createElement('i');
          document.body.append(probe);
          const names = ['paper', 'card', 'fig-ink', 'fig-muted', 'fig-main', 'fig-stress', 'fig-open'];
          return names.map(name => {
            probe.style.color = style.getPropertyValue('--' + name);
            return getComputedStyle(probe).color.match(/\\d+/g).slice(0, 3).map(Number);
          });
        }"""
    )
    paper, card, ink, muted, main, stress, outline = colors
    for ground in (paper, card):
        assert min(contrast(ground, ink), contrast(ground, muted)) >= 4.5
        assert min(contrast(ground, main), contrast(ground, stress), contrast(ground, outline)) >= 3
    scale = page.evaluate(
        "[...document.querySelectorAll('figure svg')]"
        ".map(s => s.getBoundingClientRect().width / s.viewBox.baseVal.width)"
    )
    assert 9 * min(scale) >= 8


def contrast(one: list[int], other: list[int]) -> float:
    def luminance(color: list[int]) -> float:
        parts = [c / 255 for c in color]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_first_screen_holds_index_quality_and_findings(open_page: OpenPage, report_files: dict[str, Path]):
    page = open_page(report_files["zh-CN"], width=1280, height=800)
    for selector in (".big", ".index svg", ".cards .card >> nth=2", ".quality-line", ".strengths li", ".weaknesses li"):
        box = page.locator(selector).first.bounding_box()
        assert box
        assert box["y"] + box["height"] <= 800


def test_the_keyboard_reaches_the_report_and_its_wide_tables(open_page: OpenPage, report_files: dict[str, Path]):
    page = open_page(report_files["en"], width=360)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the report"
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")
    table = page.get_by_role("region", name="Items", exact=True)
    table.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("e => e.scrollLeft > 0", arg=table.element_handle())
    head = table.locator("tbody th").first.bounding_box()
    assert head
    assert head["x"] >= 0


def test_contents_lead_to_every_section(open_page: OpenPage, report_files: dict[str, Path]):
    page = open_page(report_files["en"], width=1280)
    targets = page.eval_on_selector_all("nav a", "links => links.map(a => a.hash.slice(1))")
    assert len(targets) == 14
    assert all(page.locator(f"section#{target} > h2").count() == 1 for target in targets)
    page.click("nav a[href='#provenance']")
    assert page.locator("nav").bounding_box()["y"] >= 0


def test_on_paper_nothing_is_cut_off(open_page: OpenPage, report_files: dict[str, Path], tmp_path: Path):
    page = open_page(report_files["en"], width=680)
    page.emulate_media(media="print")
    assert page.locator("nav.contents").is_hidden()
    widths = page.eval_on_selector_all("table", "tables => tables.map(t => t.getBoundingClientRect().right)")
    assert max(widths) <= 680
    pdf = page.pdf(prefer_css_page_size=True)
    assert pdf.startswith(b"%PDF")


def column(page: Page, table: str, number: int) -> list[str]:
    """Return the cells of a column that are shown, from above."""
    cells = f"[...e.tBodies[0].rows].filter(row => !row.hidden).map(row => row.cells[{number}].textContent)"
    return page.locator(f"#{table} table").evaluate(f"e => {cells}")


def test_a_table_is_sorted_both_ways_and_restored(open_page: OpenPage, report_files: dict[str, Path]):
    page = open_page(report_files["en"])
    before = column(page, "scores-table-1", 2)
    head = page.locator("#scores-table-1 thead th").nth(2)
    button = head.get_by_role("button")
    button.click()
    assert head.get_attribute("aria-sort") == "ascending"
    rising = ["21.3", "41.7", "66.8", "69.1", "70.3", "74.2", "74.2", "75.2", "76.3%", "78.4"]
    assert column(page, "scores-table-1", 2) == rising
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "descending"
    assert column(page, "scores-table-1", 2) == rising[::-1]
    page.keyboard.press("Space")
    assert head.get_attribute("aria-sort") is None
    assert column(page, "scores-table-1", 2) == before
    page.locator("#scores-table-1 thead th").nth(3).get_by_role("button").click()
    assert column(page, "scores-table-1", 3)[:2] == ["[14.9, 27.7]", "[39.9, 43.5]"]
    assert page.locator("[aria-sort]").count() == 1


def test_chinese_names_are_sorted_by_their_sound_and_what_is_absent_comes_last(
    open_page: OpenPage, report_files: dict[str, Path]
):
    page = open_page(report_files["zh-CN"])
    page.locator("#scores-table-1 thead button").first.click()
    names = list(dict.fromkeys(column(page, "scores-table-1", 0)))
    sounds = "产品价值 服务价值 客户忠诚 人员价值 时间成本 我愿意向亲友推荐 形象价值 总体满意度"
    assert names == sounds.split()
    change = page.locator("#validity-table-4 thead button").nth(5)
    change.click()
    assert column(page, "validity-table-4", 5) == ["−0.018", "−0.005", "−0.003", "−0.002", "–"]
    change.click()
    assert column(page, "validity-table-4", 5) == ["−0.002", "−0.003", "−0.005", "−0.018", "–"]


def test_a_long_table_is_filtered_and_the_rows_are_counted(open_page: OpenPage, report_files: dict[str, Path]):
    page = open_page(report_files["en"])
    assert page.locator("#scores-table-1 input").count() == 0
    box = page.get_by_role("searchbox", name="Filter the rows of “Items”")
    count = page.locator("#items-table-1 .count")
    assert count.inner_text() == "18 of 18 rows"
    box.fill("value STAFF")
    assert column(page, "items-table-1", 0) == ["st1", "st2", "st3"]
    assert count.inner_text() == "3 of 18 rows"
    box.fill("nothing like it")
    assert count.inner_text() == "0 of 18 rows"
    box.press("Escape")
    assert count.inner_text() == "18 of 18 rows"
    assert len(column(page, "items-table-1", 0)) == 18


def test_a_table_is_copied_for_a_sheet(open_page: OpenPage, report_files: dict[str, Path]):
    board = "{writeText: text => { window.copied = text; return Promise.resolve(); }}"
    page = open_page(report_files["en"], script=f"Object.defineProperty(navigator, 'clipboard', {{value: {board}}})")
    page.locator("#items-table-1 input").fill("st1")
    page.locator("#items-table-1 .copy").click()
    page.wait_for_function("window.copied")
    lines = page.evaluate("window.copied").split("\r\n")
    assert lines[0].split("\t")[:4] == ["Item", "Construct", "Wording", "n"]
    assert lines[1].split("\t")[:4] == ["st1", "Staff value", "Staff are friendly", "479"]
    assert len(lines) == 2
    texts = ["=1+1", "−3.5", "-x", "+4.2", "−12%", "@me", " a \n b "]
    page.evaluate(
        """texts => [...document.querySelectorAll('#items-table-1 tbody tr:not([hidden]) > *')].slice(0, texts.length)
        .forEach((cell, i) => { cell.textContent = texts[i]; })""",
        texts,
    )
    page.evaluate("window.copied = ''")
    page.locator("#items-table-1 .copy").click()
    page.wait_for_function("window.copied")
    cells = page.evaluate("window.copied").split("\r\n")[1].split("\t")
    assert cells[: len(texts)] == ["'=1+1", "-3.5", "'-x", "+4.2", "-12%", "'@me", "a b"]


def test_a_link_opens_what_hides_its_target(open_page: OpenPage, report_files: dict[str, Path]):
    page = open_page(report_files["zh-CN"])
    fold = page.locator("#wording-table-2")
    assert fold.get_attribute("open") is None
    page.goto(report_files["zh-CN"].as_uri() + "#wording-table-2")
    page.wait_for_function("document.getElementById('wording-table-2').open")
    assert 0 <= fold.bounding_box()["y"] < 900
    assert page.locator("#wording-table-3").get_attribute("open") is None
    page.evaluate("location.hash = '#%'")  # no address, no complaint
    page.get_by_role("link", name="“得分”的链接", exact=True).click()
    assert page.url.endswith("#scores")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_section_part_table_and_figure_has_an_address_once(
    open_page: OpenPage, report_files: dict[str, Path], language: str
):
    page = open_page(report_files[language])
    ids = page.eval_on_selector_all("[id]", "all => all.map(e => e.id)")
    assert len(ids) == len(set(ids))
    links = page.eval_on_selector_all("a.anchor", "all => all.map(a => a.hash.slice(1))")
    assert set(links) <= set(ids)
    without = "all => all.filter(e => !e.closest('[id]').querySelector('a.anchor')).map(e => e.outerHTML.slice(0, 90))"
    heads = "main h2:not(#summary *), main h3:not(#summary *), .exhibit > .scroll, .exhibit figure"
    assert page.eval_on_selector_all(heads, without) == []
    assert len(links) > 60


def test_the_numbers_stand_behind_every_figure(open_page: OpenPage, report_files: dict[str, Path]):
    page = open_page(report_files["en"])
    figures = page.locator("main section:not(#summary) figure")
    assert figures.count() == page.locator("details.numbers").count() == 13
    details = page.locator("#figure-scores-numbers")
    assert details.locator("table").is_hidden()
    details.get_by_text("The numbers behind this figure").click()
    assert column(page, "figure-scores-numbers", 0)[0] == "Product value"
    assert column(page, "figure-scores-numbers", 1)[0] == "78.4"


def test_a_figure_says_its_values_under_the_pointer_and_by_keyboard(open_page: OpenPage, report_files: dict[str, Path]):
    page = open_page(report_files["en"])
    plot = page.locator("#figure-scores .plot")
    tip = plot.locator(".tip")
    assert tip.is_hidden()
    mark = plot.locator(".mark circle").first
    mark.scroll_into_view_if_needed()
    box = mark.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2 + 4, box["y"] + box["height"] / 2)
    assert tip.inner_text() == "Product value: Estimate 78.4 [76.6, 80.2] · n 480"
    frame, shown = plot.bounding_box(), tip.bounding_box()
    assert frame["x"] - 1 <= shown["x"]
    assert shown["x"] + shown["width"] <= frame["x"] + frame["width"] + 1
    page.mouse.move(0, 0)
    assert tip.is_hidden()
    plot.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    rows = page.evaluate("[...document.querySelectorAll('#figure-scores-numbers tbody th')].map(e => e.textContent)")
    assert tip.inner_text().startswith(rows[1] + ": Estimate ")
    page.keyboard.press("End")
    assert tip.inner_text().startswith(rows[-1] + ": Estimate ")
    page.keyboard.press("Escape")
    assert tip.is_hidden()


def test_contents_say_where_the_reader_is(open_page: OpenPage, report_files: dict[str, Path]):
    page = open_page(report_files["en"], width=1280)
    assert page.locator("nav [aria-current]").count() == 0
    page.click("nav a[href='#drivers']")
    page.wait_for_function("document.querySelector('nav [aria-current]')?.hash === '#drivers'")
    page.get_by_role("button", name="Unfold all details").click()
    assert page.locator("details:not([open])").count() == 0
    page.get_by_role("button", name="Fold all details").click()
    assert page.locator("details[open]").count() == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_in_what_the_script_adds(open_page: OpenPage, report_files: dict[str, Path], language: str):
    page = open_page(report_files[language], width=390, scheme="dark" if language == "en" else "light")
    page.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true; })")
    page.locator("#scores-table-1 thead button").nth(2).click()
    page.locator("#figure-scores .plot").focus()
    page.keyboard.press("ArrowRight")
    results = Axe().run(page)
    assert [(v["id"], v["nodes"][0]["html"][:120]) for v in results.response["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_page_is_complete_without_its_script(chromium: Browser, report_files: dict[str, Path]):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(report_files["en"].as_uri())
    assert page.locator(".tools, .sort, .tip").count() == 0
    assert page.locator("#scores-table-1 tbody tr").count() == 10
    title = page.locator("#figure-scores .mark title").first.text_content()
    assert title == "Product value: Estimate 78.4 [76.6, 80.2] · n 480"
    page.locator("#wording-table-2 summary").click()
    assert page.locator("#wording-table-2 table").is_visible()
    context.close()


def test_paper_shows_what_is_folded_and_no_tools(open_page: OpenPage, report_files: dict[str, Path]):
    page = open_page(report_files["en"])
    page.locator("#items-table-1 input").fill("st1")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details.fold:not([open])").count() == 0
    for hidden in (".anchor", ".copy", ".tools input", ".unfold", "details.numbers"):
        assert page.locator(hidden).first.is_hidden()
    assert page.locator("#items-table-1 .count").inner_text() == "1 of 18 rows"  # a part never looks like the whole
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("details.fold[open]").count() == 0
    pages = len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True)))
    assert 8 <= pages <= 40
