"""QR codes: a reader of codes reads from every picture what it should; the sheet is a page that asks nobody."""

import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
import zxingcpp

from satmeter.cli.main import run
from satmeter.collection.fieldwork_file import Site
from satmeter.collection.links import read_links
from satmeter.collection.qr_codes import QUIET, code_svg, invitee_codes, sheet_html, survey_codes
from satmeter.errors import CollectionError
from satmeter.questionnaire import read_questionnaire
from satmeter.questionnaire.model import Text

BASE = "https://survey.example"
SITES = [Site("hall-1", Text((("zh-CN", "一号厅"), ("en", "Hall <1>")))), Site("hall-2")]
SVG = "{http://www.w3.org/2000/svg}"
PIXELS = 4


def drawn(svg):
    """Draw a picture of dark rows as segno writes it, and return its pixels."""
    root = ElementTree.fromstring(svg)
    path = next(path for path in root.iter(f"{SVG}path") if path.get("stroke"))
    size = re.search(r"(\d+)", root.get("viewBox", "").split()[-1] if root.get("viewBox") else root.get("width"))[1]
    scale = float(re.search(r"scale\(([\d.]+)\)", path.get("transform", "scale(1)"))[1])
    modules = round(float(size) / scale)
    pixels = np.full((modules, modules), 255, dtype=np.uint8)
    x = y = 0.0
    for command, numbers in re.findall(r"([Mmh])([^Mmh]*)", path.get("d")):
        values = [float(number) for number in re.findall(r"-?\d*\.?\d+", numbers)]
        if command == "h":
            pixels[int(y - 0.5), int(x) : int(x + values[0])] = 0
            x += values[0]
        else:
            x, y = values if command == "M" else (x + values[0], y + values[1])
    return np.kron(pixels, np.ones((PIXELS, PIXELS), dtype=np.uint8)), pixels


def read_back(svg):
    return [found.text for found in zxingcpp.read_barcodes(drawn(svg)[0])]


@pytest.fixture(scope="module")
def utility():
    return read_questionnaire("power-utility")


def test_what_is_drawn_is_read(utility):
    codes = survey_codes(BASE, SITES)
    assert [code.name for code in codes] == ["survey", "site-hall-1", "site-hall-2"]
    addresses = [f"{BASE}/", f"{BASE}/?site=hall-1", f"{BASE}/?site=hall-2"]
    assert [code.address for code in codes] == addresses
    assert [read_back(code_svg(code.address)) for code in codes] == [[address] for address in addresses]
    pictures = re.findall(r"<svg.*?</svg>", sheet_html(codes, utility), re.DOTALL)
    with_names = [picture.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1) for picture in pictures]
    assert [read_back(picture) for picture in with_names] == [[address] for address in addresses]


def test_a_code_has_its_quiet_zone():
    pixels = drawn(code_svg(f"{BASE}/"))[1]
    rim = np.concatenate([pixels[:QUIET].ravel(), pixels[-QUIET:].ravel(), pixels[:, :QUIET].ravel()])
    assert (rim == 255).all()
    assert pixels[QUIET, QUIET] == 0


def test_some_sites_only_and_sites_that_are_not_there():
    assert [code.name for code in survey_codes(BASE, SITES, ["hall-2", "hall-2"])] == ["site-hall-2"]
    with pytest.raises(CollectionError) as error:
        survey_codes(BASE, SITES, ["hall-3", "x"])
    assert [(p.code, p.got) for p in error.value.problems] == [("C070", "hall-3"), ("C070", "x")]
    assert error.value.text("zh-CN")


def test_the_sheet_says_all_in_both_languages_and_escapes_it(utility):
    page = sheet_html(survey_codes(BASE, SITES), utility)
    said = ["供电客户满意度调查", "Power customer satisfaction survey", "一号厅", "Hall &lt;1&gt;"]
    assert [text in page for text in [*said, "扫码参加调查", "Scan to take part", f"{BASE}/?site=hall-1"]] == [True] * 7
    assert "Hall <1>" not in page
    assert "default-src &#39;none&#39;; style-src &#39;sha256-" in page
    assert not re.search(r'(?:src|href)="?http', page)
    english = sheet_html(survey_codes(BASE, SITES), utility, ["en"])
    assert "扫码" not in english
    assert "@font-face" not in english


def test_codes_of_invitees(tmp_path, utility, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sample.csv").write_text('id\n"../../A<b>"\nB\n', "utf-8")
    told = ["invite", "sample.csv", "-q", "power-utility", "--store", "a.db", "--base-url", BASE, "-o", "links.csv"]
    assert run(told) == 0
    assert run(["qr", "power-utility", "--links", "links.csv", "-o", "codes"]) == 0
    files = {path.name: path for path in (tmp_path / "codes").iterdir()}
    assert sorted(files) == ["invitation-0001.svg", "invitation-0002.svg", "sheet.html"]
    links = read_links(tmp_path / "links.csv")
    assert [read_back(files[f"invitation-000{n}.svg"].read_bytes()) for n in (1, 2)] == [[link] for _, link in links]
    assert {path.stat().st_mode & 0o777 for path in files.values()} == {0o600}
    page = files["sheet.html"].read_text("utf-8")
    assert "../../A&lt;b&gt;" in page
    assert "此码仅供本人使用一次，请勿转交" in page
    assert [code.personal for code in invitee_codes(links)] == [True, True]
    capsys.readouterr()
    for content in ("id,address\n1,x\n", "id,link\n1,https://survey.example/r/x\n"):
        (tmp_path / "wrong.csv").write_text(content, "utf-8")
        assert run(["qr", "power-utility", "--links", "wrong.csv"]) == 1
        assert "C071" in capsys.readouterr().err


def test_the_verb_writes_pictures_and_a_sheet(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "f.yaml").write_text("satmeter: 1\ntheme: {title: {en: East City}}\nsites: [hall-1]\n", "utf-8")
    assert run(["qr", "power-utility", "--base-url", f"{BASE}/", "--fieldwork", "f.yaml"]) == 0
    assert capsys.readouterr().out == "qr/sheet.html\n"
    assert sorted(path.name for path in (tmp_path / "qr").iterdir()) == ["sheet.html", "site-hall-1.svg", "survey.svg"]
    sheet = (tmp_path / "qr" / "sheet.html").read_text("utf-8")
    assert ("East City" in sheet, "Power customer" in sheet) == (True, False)
    assert read_back((tmp_path / "qr" / "site-hall-1.svg").read_bytes()) == [f"{BASE}/?site=hall-1"]
    assert run(["qr", "power-utility"]) == 1
    assert "C009" in capsys.readouterr().err
    assert run(["qr", "power-utility", "--base-url", BASE, "--language", "en", "--language", "fr"]) == 1
    assert "C008" in capsys.readouterr().err
    assert run(["qr", "--help"]) == 0
    assert run(["invite", "--help"]) == 0
    assert capsys.readouterr().out.count("[required]") == 3
