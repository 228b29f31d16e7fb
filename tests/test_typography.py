"""The font subset: right characters, same bytes, clear errors."""

import base64
import io
import re

import pytest
from fontTools.ttLib import TTFont

from satmeter import typography
from satmeter.errors import ReportError


def font_in(css: str) -> TTFont:
    data = re.search(r"base64,([A-Za-z0-9+/=]+)\)", css)
    assert data
    return TTFont(io.BytesIO(base64.b64decode(data[1])))


def test_subset_holds_exactly_the_characters():
    font = font_in(typography.subset_css("满意度 95.2%\n满意"))
    assert set(font.getBestCmap()) == {ord(c) for c in "满意度 95.2%"}
    assert font.flavor == "woff"


def test_subset_of_a_page_is_small():
    text = "".join(map(chr, range(0x4E00, 0x4E00 + 200)))
    assert len(typography.subset_css(text)) < 60_000


def test_same_characters_same_bytes():
    first = typography.subset_css("供电客户")
    typography._subset.cache_clear()
    assert typography.subset_css("户客电供供") == first


def test_the_date_in_the_font_is_that_of_the_source():
    with TTFont(typography.font_file(), lazy=True) as source:
        assert font_in(typography.subset_css("电"))["head"].modified == source["head"].modified


def test_quotes_are_narrow_where_wished():
    wide, narrow = (font_in(typography.subset_css("don’t “say”", quotes=q)) for q in ("wide", "narrow"))
    widths = [[f["hmtx"][f.getBestCmap()[ord(c)]][0] for c in "’“”"] for f in (wide, narrow)]
    assert widths == [[1000, 1000, 1000], [279, 475, 475]]


def test_family_is_the_callers():
    assert 'font-family:"form"' in typography.subset_css("a", family="form")


def test_missing_glyphs_are_named_once():
    assert typography.missing_glyphs("好😀\t😀\n喆堃玥珺祎镕 ± ≥ ① ★ − ‰") == "😀"


def test_characters_without_glyph_do_not_stop_the_subset():
    assert ord("好") in font_in(typography.subset_css("好😀")).getBestCmap()


@pytest.mark.parametrize("spec", [None, "empty"])
def test_missing_font_is_a_coded_error(monkeypatch, tmp_path, spec):
    class Empty:
        submodule_search_locations = (str(tmp_path),)

    monkeypatch.setattr(typography, "find_spec", lambda _name: Empty() if spec else None)
    typography.font_file.cache_clear()
    with pytest.raises(ReportError) as caught:
        typography.font_file()
    typography.font_file.cache_clear()
    assert [p.code for p in caught.value.problems] == ["T001"]
    assert "NotoSansSC-Regular.ttf" in caught.value.text("en")
    assert "zhplot" in caught.value.text("zh-CN")


def test_zhplot_is_not_imported():
    import subprocess
    import sys

    code = (
        "import sys, satmeter.typography as t; t.subset_css('电');"
        "print(sorted({'zhplot', 'matplotlib'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
