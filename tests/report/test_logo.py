"""A template's logo and colours: checked, and in every format that can show them."""

import io
import struct
import zipfile
import zlib

import pytest

from satmeter.errors import ReportError
from satmeter.report import build_report
from satmeter.report.formats.docx_styles import coloured
from satmeter.report.template import find_template

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 10"><rect width="30" height="10" fill="#7a1f3d"/></svg>'


def png(wide=30, high=10):
    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    rows = zlib.compress(b"".join(b"\x00" + b"\x7a\x1f\x3d" * wide for _ in range(high)))
    head = struct.pack(">IIBBBBB", wide, high, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.fixture
def ours(tmp_path):
    folder = tmp_path / "ours"
    folder.mkdir()
    (folder / "logo.png").write_bytes(png())
    (folder / "logo.svg").write_text(SVG, "utf-8")
    settings(folder, "logo.svg")
    return folder


def settings(folder, logo, organisation="City Power"):
    text = f'extends = "management"\nlogo = "{logo}"\norganisation = "{organisation}"\n[colours]\naccent = "#7a1f3d"\n'
    (folder / "template.toml").write_text(text + 'good = "#2e5e1e"\nbad = "#a03c00"\n', "utf-8")


def codes(folder):
    with pytest.raises(ReportError) as caught:
        find_template(str(folder))
    return [problem.code for problem in caught.value.problems]


def made(document, folder, form):
    return build_report(document, template=str(folder), language="en", formats=(form,), figures=False).file(form)


def parts(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("name", ["logo.svg", "logo.png"])
def test_the_logo_is_read_with_its_shape_and_name(ours, name):
    settings(ours, name)
    logo = find_template(str(ours)).settings.logo
    assert (logo.form, logo.aspect, logo.organisation, logo.png) == (name[-3:], 3.0, "City Power", png())


def test_page_word_slides_and_pdf_show_it(document, ours):
    page = made(document, ours, "html").decode("utf-8")
    assert page.count('<img src="data:image/svg+xml;base64,') == 1
    assert 'alt="City Power"' in page
    word = parts(made(document, ours, "docx"))
    assert word["word/media/logo.png"] == png()
    assert b'descr="City Power"' in word["word/document.xml"]
    pytest.importorskip("pptx")
    slides = parts(made(document, ours, "pptx"))
    assert b'descr="City Power"' in slides["ppt/slides/slide1.xml"]
    assert png() in slides.values()
    pytest.importorskip("typst")
    assert made(document, ours, "pdf").startswith(b"%PDF-")


def test_colours_reach_styles_theme_and_headers(document, ours):
    word = parts(made(document, ours, "docx"))
    assert b'w:val="7A1F3D"' in word["word/styles.xml"]
    assert b"00567F" not in word["word/styles.xml"] + word["word/theme/theme1.xml"]
    pytest.importorskip("pptx")
    theme = parts(made(document, ours, "pptx"))["ppt/theme/theme1.xml"]
    assert b'<a:dk2><a:srgbClr val="7A1F3D"/></a:dk2>' in theme
    assert b'<a:accent3><a:srgbClr val="2E5E1E"/></a:accent3>' in theme
    assert b'<a:accent2><a:srgbClr val="A03C00"/></a:accent2>' in theme
    pytest.importorskip("xlsxwriter")
    assert b"FF7A1F3D" in parts(made(document, ours, "xlsx"))["xl/styles.xml"]


def test_a_colour_that_is_another_one_of_the_house_is_not_taken_twice():
    assert coloured('"00567F" "C2500A"', {"accent": "#c2500a", "bad": "#000000"}) == '"C2500A" "000000"'


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"no image", ["T039"]),
        (png()[:-4], ["T039"]),
        (png(4001, 1), ["T039"]),
        (png() + b"\0" * 300_001 + png()[-12:], ["T039"]),
    ],
)
def test_a_png_that_is_none_or_too_large(ours, content, expected):
    settings(ours, "logo.png")
    (ours / "logo.png").write_bytes(content)
    assert codes(ours) == expected


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("<script>1</script>", ["T040"]),
        ('<image href="https://example.org/a.png"/>', ["T040"]),
        ('<image xlink:href="/etc/hostname"/>', ["T040"]),
        ('<rect style="fill: url(https://example.org)"/>', ["T040"]),
        ('<rect onload="x()"/>', ["T040"]),
        ("<rect>", ["T039"]),
    ],
)
def test_an_svg_that_asks_or_cannot_be_read(ours, inside, expected):
    (ours / "logo.svg").write_text(SVG.replace("<rect", f"{inside}<rect", 1), "utf-8")
    assert codes(ours) == expected


def test_entities_are_refused(ours):
    (ours / "logo.svg").write_text('<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG, "utf-8")
    assert codes(ours) == ["T040"]


def test_name_and_png_are_asked_for(ours):
    settings(ours, "logo.svg", organisation=" ")
    (ours / "logo.png").unlink()
    assert codes(ours) == ["T041"]
    settings(ours, "logo.svg")
    assert codes(ours) == ["T042"]


def test_a_logo_outside_the_folder_is_not_read(ours):
    (ours.parent / "logo.png").write_bytes(png())
    settings(ours, "../logo.png")
    assert codes(ours) == ["T036"]
