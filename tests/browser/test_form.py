"""The form in a real browser: filled by keyboard, kept, switched, saved, and read back by satmeter."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from satmeter.form import build_form
from satmeter.questionnaire import read_questionnaire
from satmeter.responses import read_responses

OpenPage = Callable[..., Page]
SOURCE = Path(__file__).parents[1] / "form" / "every-type.yaml"
CHINESE = ("PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC")


@pytest.fixture(scope="module")
def form_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("form") / "form.html"
    file.write_text(build_form(read_questionnaire(SOURCE), language="en").html, "utf-8")
    return file


def tick(page: Page, variable: str, code: str) -> None:
    page.locator(f'input[name="{variable}"][value="{code}"]').check(force=True)


def is_ticked(page: Page, variable: str, code: str) -> bool:
    return page.locator(f'input[name="{variable}"][value="{code}"]').is_checked()


def go_on(page: Page) -> None:
    page.click("#next")


def to_about_you(page: Page) -> None:
    go_on(page)
    tick(page, "consent", "yes")
    go_on(page)


def to_grid(page: Page, visit: str = "rarely") -> None:
    to_about_you(page)
    tick(page, "visit", visit)
    go_on(page)


def tick_grid(page: Page) -> None:
    for variable, code in {"sv1": "5", "sv2": "98", "sv3": "2", "ac1": "4"}.items():
        tick(page, variable, code)


def shown(page: Page) -> list[str]:
    return page.eval_on_selector_all(
        "section:not([hidden]) [data-entry]", "all => all.filter(e => !e.hidden).map(e => e.dataset.entry)"
    )


def save(page: Page, button: str) -> bytes:
    with page.expect_download() as waiting:
        page.click(button)
    return Path(waiting.value.path()).read_bytes()


def press_until(page: Page, selector: str, key: str = "Tab") -> None:
    for _ in range(40):
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{selector} was not reached by {key}")


def test_filled_by_keyboard_alone(form_file: Path, open_page: OpenPage, tmp_path: Path) -> None:
    page: Page = open_page(form_file)
    press_until(page, "#next")
    page.keyboard.press("Enter")
    expect(page.locator("#page-1 h2")).to_be_focused()
    press_until(page, 'input[name="consent"]')
    page.keyboard.press("Space")
    press_until(page, "#next")
    page.keyboard.press("Enter")
    press_until(page, 'input[name="visit"]')
    page.keyboard.press("Space")
    press_until(page, 'input[name="bought"][value="food"]')
    page.keyboard.press("Space")
    press_until(page, 'input[name="bought"][value="toys"]')
    page.keyboard.press("Space")
    press_until(page, "#w-years")
    page.keyboard.type("12")
    press_until(page, "#w-last")
    page.keyboard.type("01022026")
    press_until(page, "#next")
    page.keyboard.press("Enter")
    for variable in shown(page):
        press_until(page, f'input[name="{variable}"]')
        page.keyboard.press("Space")
        for _ in range(3):
            page.keyboard.press("ArrowRight")
        assert is_ticked(page, variable, "4")
    press_until(page, "#next")
    page.keyboard.press("Enter")
    for variable, steps in (("ly1", 3), ("ly2", 9)):
        press_until(page, f'input[name="{variable}"]')
        page.keyboard.press("Space")
        for _ in range(steps):
            page.keyboard.press("ArrowDown")
    press_until(page, "#next")
    page.keyboard.press("Enter")
    press_until(page, "#w-why")
    page.keyboard.type("=1+1, slow")
    press_until(page, "#next")
    page.keyboard.press("Enter")
    expect(page.locator("#end h2")).to_be_focused()

    document = json.loads(save(page, "#save-json"))
    assert document["answers"] == {
        "consent": "yes",
        "visit": "often",
        "bought": ["food", "toys"],
        "years": 12,
        "last": "2026-01-02",
        "sv1": 4,
        "sv2": 4,
        "sv3": 4,
        "sv4": 4,
        "ac1": 4,
        "ly1": 3,
        "ly2": 9,
        "why": "=1+1, slow",
    }
    assert document["missing"] == {}
    data = save(page, "#save-csv")
    assert data.startswith(b"\xef\xbb\xbf")
    file = tmp_path / "answers.csv"
    file.write_bytes(data)
    responses = read_responses([file], read_questionnaire(SOURCE))
    assert responses.unknown == ()
    row = responses.frame.iloc[0]
    assert (row["bought"], row["years"], row["ly1"], row["consent"]) == (("food", "toys"), 12.0, 3.0, "yes")
    assert responses.frame.index[0] == document["respondent"]


def test_csv_row(form_file: Path, open_page: OpenPage) -> None:
    page: Page = open_page(form_file)
    to_about_you(page)
    tick(page, "visit", "often")
    tick(page, "bought", "food")
    tick(page, "bought", "books")
    page.fill("#w-years", "１２.５０")
    go_on(page)
    tick_grid(page)
    tick(page, "sv4", "1")
    page.click("#back")
    tick(page, "visit", "rarely")
    go_on(page)
    go_on(page)
    tick(page, "ly1", "6")
    tick(page, "ly2", "99")
    go_on(page)
    page.fill("#w-why", '=HYPERLINK("x")\n第二行')
    go_on(page)
    rows = list(csv.reader(io.StringIO(save(page, "#save-csv").decode("utf-8-sig"), newline="")))
    questionnaire = read_questionnaire(SOURCE)
    paradata = ["respondent", "started", "submitted", "seconds", "language", "digest", "order"]
    assert rows[0] == [*paradata, *questionnaire.variables]
    cells = dict(zip(*rows, strict=True))
    assert len(rows) == 2
    assert cells["digest"] == questionnaire.digest
    assert cells["language"] == "en"
    assert sorted(cells["order"].split(" ")) == sorted(questionnaire.variables)
    assert cells["started"] < cells["submitted"]
    assert cells["started"].endswith("Z")
    assert 0 <= int(cells["seconds"]) < 60
    assert {name: cells[name] for name in questionnaire.variables} == {
        "consent": "yes",
        "visit": "rarely",
        "bought": "food┋books",
        "years": "12.5",
        "last": "",
        "sv1": "5",
        "sv2": "98",
        "sv3": "2",
        "sv4": "",  # ticked once, but hidden at the end: not asked
        "ac1": "4",
        "ly1": "6",
        "ly2": "99",
        "why": '\'=HYPERLINK("x")\n第二行',
    }
    missing = json.loads(save(page, "#save-json"))["missing"]
    assert missing == {"last": "no_answer", "sv2": "dont_know", "sv4": "not_asked", "ly2": "refused"}


def test_required_and_range_errors(form_file: Path, open_page: OpenPage) -> None:
    page: Page = open_page(form_file)
    go_on(page)
    go_on(page)
    expect(page.locator("#error-consent")).to_have_text("Please tick the box to go on.")
    tick(page, "consent", "yes")
    expect(page.locator("#error-consent")).to_be_hidden()
    go_on(page)
    page.fill("#w-years", "81")
    go_on(page)
    expect(page.locator("#notice")).to_have_text("2 questions on this page need your attention.")
    expect(page.locator("#error-visit")).to_have_text("Please choose an answer.")
    expect(page.locator("#error-years")).to_have_text("Please enter a number from 0 to 80.")
    expect(page.locator('[data-entry="visit"]')).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#w-years")).to_have_attribute("aria-invalid", "true")
    assert page.evaluate("document.activeElement.name") == "visit"
    page.click('[data-language="zh-CN"]')
    expect(page.locator("#error-years")).to_have_text("请填写 0 至 80 之间的数字。")
    expect(page.locator("#notice")).to_have_text("本页有 2 道题需要您补充或修改。")
    page.fill("#w-years", "eleven")
    expect(page.locator("#error-years")).to_have_text("请用数字填写。")
    page.fill("#w-years", "80")
    expect(page.locator("#error-years")).to_be_hidden()
    assert page.locator("#w-years").get_attribute("aria-invalid") is None


def test_number_gives_way_to_a_missing_code_and_back(form_file: Path, open_page: OpenPage) -> None:
    page: Page = open_page(form_file)
    to_about_you(page)
    page.fill("#w-years", "7")
    tick(page, "years", "96")
    expect(page.locator("#w-years")).to_have_value("")
    page.fill("#w-years", "8")
    assert not is_ticked(page, "years", "96")
    tick(page, "bought", "food")
    tick(page, "bought", "97")
    assert not is_ticked(page, "bought", "food")
    tick(page, "bought", "toys")
    assert not is_ticked(page, "bought", "97")


def test_skip_logic_and_piping(form_file: Path, open_page: OpenPage) -> None:
    page: Page = open_page(form_file)
    to_grid(page, "often")
    assert sorted(shown(page)) == ["ac1", "sv1", "sv2", "sv3", "sv4"]
    page.click("#back")
    tick(page, "visit", "rarely")
    go_on(page)
    assert sorted(shown(page)) == ["ac1", "sv1", "sv2", "sv3"]
    tick_grid(page)
    go_on(page)
    expect(page.locator("#progress-text")).to_have_text("Page 4 of 4")
    tick(page, "ly2", "10")
    tick(page, "ly1", "7")
    expect(page.locator("#progress-text")).to_have_text("Page 4 of 4")
    tick(page, "ly1", "6")
    expect(page.locator("#progress-text")).to_have_text("Page 4 of 5")
    go_on(page)
    expect(page.locator("#stem-why")).to_have_text("You come Rarely. Why a 6?")
    page.click('[data-language="zh-CN"]')
    expect(page.locator("#stem-why")).to_have_text("您很少光顾，为什么打 6 分？")
    page.fill("#w-why", "x" * 41)
    expect(page.locator("#hint-why")).to_have_text("已输入 41 字，最多 40 字")
    go_on(page)
    expect(page.locator("#error-why")).to_have_text("最多可填写 40 个字。")


def test_hidden_answers_come_back(form_file: Path, open_page: OpenPage) -> None:
    page: Page = open_page(form_file)
    to_grid(page, "often")
    tick(page, "sv4", "2")
    page.click("#back")
    tick(page, "visit", "rarely")
    tick(page, "visit", "often")
    go_on(page)
    assert is_ticked(page, "sv4", "2")


def test_language_switch_and_reload_lose_nothing(form_file: Path, open_page: OpenPage) -> None:
    page: Page = open_page(form_file)
    to_grid(page)
    tick_grid(page)
    order = shown(page)
    respondent = "() => JSON.parse(Object.values(localStorage)[0]).respondent"
    before = page.evaluate(respondent)
    page.click('[data-language="zh-CN"]')
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    expect(page.locator('[data-entry="sv1"] legend')).to_contain_text("收银很快")
    assert is_ticked(page, "sv1", "5")
    page.reload()
    expect(page.locator("#notice")).to_have_text("已恢复您之前填写的答案，可以接着往下填写。")
    assert shown(page) == order
    assert is_ticked(page, "sv1", "5")
    assert is_ticked(page, "sv2", "98")
    assert page.evaluate(respondent) == before
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")


def test_items_are_shuffled_and_points_never(form_file: Path, open_page: OpenPage) -> None:
    orders = set()
    for _ in range(5):
        page: Page = open_page(form_file)
        to_grid(page)
        orders.add(tuple(shown(page)))
        codes = page.eval_on_selector_all('input[name="sv1"]', "all => all.map(one => one.value)")
        assert codes == ["1", "2", "3", "4", "5", "98"]
    assert len(orders) > 1
    assert all(sorted(order) == ["ac1", "sv1", "sv2", "sv3"] for order in orders)


def test_start_again_asks_first(form_file: Path, open_page: OpenPage) -> None:
    page: Page = open_page(form_file)
    to_about_you(page)
    tick(page, "visit", "often")
    page.click("#restart")
    expect(page.locator("#confirm")).to_be_visible()
    page.click("#confirm-no")
    assert is_ticked(page, "visit", "often")
    page.click("#restart")
    page.click("#confirm-yes")
    expect(page.locator("#begin h2")).to_be_focused()
    to_about_you(page)
    assert not is_ticked(page, "visit", "often")


def test_nothing_is_kept_after_saving(form_file: Path, open_page: OpenPage) -> None:
    page: Page = open_page(form_file)
    to_grid(page)
    tick_grid(page)
    go_on(page)
    tick(page, "ly1", "9")
    tick(page, "ly2", "9")
    go_on(page)
    page.reload()
    expect(page.locator("#end")).to_be_visible()
    save(page, "#save-csv")
    assert page.evaluate("localStorage.length") == 0
    page.reload()
    expect(page.locator("#begin")).to_be_visible()


def test_works_when_the_browser_keeps_nothing(form_file: Path, open_page: OpenPage) -> None:
    blocked = (
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError'); }})"
    )
    page: Page = open_page(form_file, script=blocked)
    expect(page.locator("#notice")).to_contain_text("does not let the page keep answers")
    to_grid(page)
    tick_grid(page)
    go_on(page)
    tick(page, "ly1", "9")
    tick(page, "ly2", "9")
    go_on(page)
    assert json.loads(save(page, "#save-json"))["answers"]["sv3"] == 2


@pytest.mark.parametrize("broken", ["{", "null", '{"format":1,"order":[],"answers":{}}', '{"format":1,"order":"x"}'])
def test_a_broken_store_is_ignored(form_file: Path, open_page: OpenPage, broken: str) -> None:
    key = f"satmeter/every-type/{read_questionnaire(SOURCE).digest}"
    page: Page = open_page(form_file, script=f"localStorage.setItem({json.dumps(key)}, {json.dumps(broken)})")
    expect(page.locator("#begin")).to_be_visible()


def test_hostile_answers_stay_text(form_file: Path, open_page: OpenPage) -> None:
    hostile = "<img src=x onerror=alert(1)>"
    page: Page = open_page(form_file)
    to_grid(page)
    tick_grid(page)
    go_on(page)
    tick(page, "ly1", "1")
    tick(page, "ly2", "1")
    go_on(page)
    page.fill("#w-why", hostile)
    go_on(page)
    assert page.locator("img").count() == 0
    assert json.loads(save(page, "#save-json"))["answers"]["why"] == hostile


def _walk(page: Page, *, axe: bool = True) -> list[str]:
    """Visit every page, errors and dialog included, and return what axe finds and what sticks out."""
    found = []

    def look(name: str) -> None:
        violations = Axe().run(page).response["violations"] if axe else []
        found.extend(f"{name}: {one['id']} {one['nodes'][0]['html'][:120]}" for one in violations)
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            found.append(f"{name}: wider than the window")

    look("begin")
    go_on(page)
    step = 0
    while not page.locator("#end").is_visible():
        step += 1
        look(f"page {step}")
        if page.locator("section:not([hidden]) .star").count():
            go_on(page)
            look(f"page {step} with errors")
        for variable in shown(page):
            ticks = page.locator(f'[data-entry="{variable}"] .points input')
            if ticks.count():
                ticks.first.check(force=True)
        go_on(page)
    look("end")
    page.click("#restart")
    look("dialog")
    return found


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1200, 360])
def test_axe_finds_nothing(form_file: Path, open_page: OpenPage, language: str, scheme: str, width: int) -> None:
    page: Page = open_page(form_file, width=width, height=800, scheme=scheme)
    page.click(f'[data-language="{language}"]')
    assert _walk(page) == []


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("name", ["power-utility", "ecsi-mobile"])
def test_nothing_sticks_out_at_320_pixels(tmp_path: Path, open_page: OpenPage, name: str, language: str) -> None:
    file = tmp_path / "form.html"
    file.write_text(build_form(read_questionnaire(name), language=language).html, "utf-8")
    assert _walk(open_page(file, width=320, height=700), axe=False) == []


def test_touch_targets_are_large(form_file: Path, open_page: OpenPage) -> None:
    page: Page = open_page(form_file, width=320, height=700)
    small = """() => [...document.querySelectorAll('button, .tick, .write')].filter(e => e.offsetParent)
        .map(e => [e.getBoundingClientRect(), e]).filter(([r]) => r.width < 44 || r.height < 44)
        .map(([r, e]) => e.textContent + ' ' + r.width + 'x' + r.height)"""
    to_grid(page)
    assert page.evaluate(small) == []
    tick_grid(page)
    go_on(page)
    assert page.evaluate(small) == []
    page.click("#back")
    page.click("#back")
    assert page.evaluate(small) == []


def test_a_grid_is_a_grid_only_where_there_is_room(form_file: Path, open_page: OpenPage) -> None:
    tops = """() => [...document.querySelectorAll('[data-entry="sv1"] .tick')]
        .map(e => Math.round(e.getBoundingClientRect().top))"""
    wide: Page = open_page(form_file)
    to_grid(wide)
    assert len(set(wide.evaluate(tops))) == 1
    expect(wide.locator("section:not([hidden]) .head")).to_be_visible()
    narrow: Page = open_page(form_file, width=640)
    to_grid(narrow)
    assert len(set(narrow.evaluate(tops))) == 6
    expect(narrow.locator("section:not([hidden]) .head")).to_be_hidden()


def test_chinese_has_glyphs_everywhere(form_file: Path, open_page: OpenPage) -> None:
    page: Page = open_page(form_file)
    page.click('[data-language="zh-CN"]')
    assert page.evaluate("document.fonts.check('16px satmeter', '门店满意度调查') && document.fonts.size") == 1
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    for selector in ("h1", "#begin h2", "#begin p", "#next"):
        node = session.send("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
        fonts = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
        assert fonts
        assert all(font["isCustomFont"] or font["familyName"] in CHINESE for font in fonts), (selector, fonts)


def test_paper_in_print(tmp_path: Path, open_page: OpenPage) -> None:
    file = tmp_path / "paper.html"
    file.write_text(build_form(read_questionnaire(SOURCE), to="paper", language="zh-CN").html, "utf-8")
    page: Page = open_page(file)
    assert [one["id"] for one in Axe().run(page).response["violations"]] == []
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
