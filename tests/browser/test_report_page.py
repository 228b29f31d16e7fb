"""The report in a real browser: accessible, on a phone, on paper, in its own font, asking for nothing."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

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
    assert len(targets) == 13
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
