"""A theme's colour is readable in light and dark, whatever it is; a logo is the picture that it is said to be."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from satmeter.errors import FormError
from satmeter.form.live_assets import own_assets
from satmeter.form.theme import Theme, check_theme, contrast, theme_rules

SVG = b'<?xml version="1.0"?>\n<!-- a mark -->\n<svg xmlns="http://www.w3.org/2000/svg"/>'


def colour_of(text: str) -> tuple[float, float, float]:
    red, green, blue = (int(text[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue


@given(st.from_regex(r"#[0-9a-fA-F]{6}", fullmatch=True))
def test_every_colour_becomes_readable(colour: str) -> None:
    rules = theme_rules(Theme(colour=colour))
    light, dark = (
        dict(re.findall(r"--([\w-]+):(#[0-9a-f]{6})", part)) for part in rules.split("@media (prefers-color-scheme")
    )
    for found, card in ((light, "#ffffff"), (dark, "#19212a")):
        accent = colour_of(found["accent"])
        assert contrast(accent, colour_of(card)) >= 4.5
        assert contrast(accent, colour_of(found["tint"])) >= 4.5
        assert contrast(accent, colour_of(found["on-accent"])) >= 4.5
        assert found["on-accent"] in ("#ffffff", "#000000")


def test_a_colour_that_is_readable_already_is_left_as_it_is() -> None:
    assert theme_rules(Theme(colour="#0A5FA5")).startswith(":root{--accent:#0a5fa5;--on-accent:#ffffff;")
    assert theme_rules(Theme(colour="#00f")).startswith(":root{--accent:#0000ff;")


@pytest.mark.parametrize(
    ("one", "other", "known"),
    [("#777777", "#ffffff", 4.478), ("#ff0000", "#ffffff", 3.998), ("#0000ff", "#ffffff", 8.592)],
)
def test_contrast_is_that_of_wcag(one: str, other: str, known: float) -> None:
    assert contrast(colour_of(one), colour_of(other)) == pytest.approx(known, abs=5e-4)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"<html><script>alert(1)</script>", "image/png"),
        (b"<html><svg></svg>", "image/svg+xml"),
        (b'<!DOCTYPE svg [<!ENTITY x "y">]><svg/>', "image/svg+xml"),
        (b"\x89PNG\r\n\x1a\n", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "text/html"),
        (b"", "image/svg+xml"),
    ],
)
def test_what_is_no_picture_is_refused(data: bytes, kind: str) -> None:
    with pytest.raises(FormError) as caught:
        check_theme(Theme(colour="red", logo=data, logo_type=kind))
    assert [problem.code for problem in caught.value.problems] == ["F004", "F005"]
    assert "cannot be read" in str(caught.value)
    assert "not the picture" in str(caught.value)


@pytest.mark.parametrize(
    ("data", "kind", "ending"),
    [
        (b"\x89PNG\r\n\x1a\n...", "image/png", "png"),
        (b"\xff\xd8\xff...", "image/jpeg", "jpg"),
        (SVG, "image/svg+xml", "svg"),
        (b"\xef\xbb\xbf<svg\nviewBox='0 0 1 1'/>", "image/svg+xml", "svg"),
    ],
)
def test_logos_are_served_as_they_are(data: bytes, kind: str, ending: str) -> None:
    theme = Theme(logo=data, logo_type=kind)
    check_theme(theme)
    ((name, asset),) = own_assets(theme, b"").items()
    assert asset == (kind, data)
    assert re.fullmatch(rf"logo-[0-9a-f]{{20}}\.{ending}", name)


def test_names_of_assets_say_their_content() -> None:
    one, other = (own_assets(Theme(colour=colour), b"wOFF") for colour in ("#000000", "#ffffff"))
    assert len(one) == 2
    assert [name for name in one if name in other] == [name for name in one if name.startswith("font-")]
    sheet = next(data for name, (_, data) in one.items() if name.endswith(".css"))
    font = next(name for name in one if name.endswith(".woff"))
    assert f'url("{font}")'.encode() in sheet
