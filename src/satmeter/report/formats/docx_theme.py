"""Theme, settings and font table of a Word report: colours of the figures, Latin and Chinese fonts by name."""

from __future__ import annotations

from satmeter.report.figures.style import INK, MUTED
from satmeter.report.formats.docx_styles import ACCENT, BAND, CHINESE, LATIN, NAMESPACES, PROLOGUE

OKABE_ITO = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")


def _colors() -> str:
    named = (
        ("dk1", "#000000"),
        ("lt1", "#ffffff"),
        ("dk2", INK),
        ("lt2", BAND),
        *((f"accent{i}", color) for i, color in enumerate(OKABE_ITO, 1)),
        ("hlink", ACCENT),
        ("folHlink", MUTED),
    )
    return "".join(f'<a:{name}><a:srgbClr val="{color.lstrip("#").upper()}"/></a:{name}>' for name, color in named)


def theme_xml() -> str:
    """Return ``word/theme/theme1.xml``."""
    fonts = (
        f'<a:latin typeface="{LATIN}"/><a:ea typeface="{CHINESE}"/><a:cs typeface=""/>'
        f'<a:font script="Hans" typeface="{CHINESE}"/>'
    )
    fill = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
    line = f'<a:ln w="9525">{fill}<a:prstDash val="solid"/></a:ln>'
    effect = "<a:effectStyle><a:effectLst/></a:effectStyle>"
    return (
        f'{PROLOGUE}<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="satmeter">'
        f'<a:themeElements><a:clrScheme name="satmeter">{_colors()}</a:clrScheme>'
        f'<a:fontScheme name="satmeter"><a:majorFont>{fonts}</a:majorFont><a:minorFont>{fonts}</a:minorFont>'
        f'</a:fontScheme><a:fmtScheme name="satmeter"><a:fillStyleLst>{fill * 3}</a:fillStyleLst>'
        f"<a:lnStyleLst>{line * 3}</a:lnStyleLst><a:effectStyleLst>{effect * 3}</a:effectStyleLst>"
        f"<a:bgFillStyleLst>{fill * 3}</a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>"
    )


def settings_xml(*, chinese: bool) -> str:
    """Return ``word/settings.xml``: today's layout rules of Word, language of the theme's fonts."""
    uri = "http://schemas.microsoft.com/office/word"
    rules = (
        ("compatibilityMode", 15),
        ("overrideTableStyleFontSizeAndJustification", 1),
        ("enableOpenTypeFeatures", 1),
        ("doNotFlipMirrorIndents", 1),
        ("differentiateMultirowTableHeaders", 1),
    )
    compat = "".join(f'<w:compatSetting w:name="{n}" w:uri="{uri}" w:val="{v}"/>' for n, v in rules)
    slots = ("bg1", "light1"), ("t1", "dark1"), ("bg2", "light2"), ("t2", "dark2")
    names = (*slots, *((f"accent{i}", f"accent{i}") for i in range(1, 7)))
    mapping = " ".join(f'w:{slot}="{color}"' for slot, color in names)
    return (
        f'{PROLOGUE}<w:settings {NAMESPACES}><w:zoom w:percent="100"/><w:defaultTabStop w:val="420"/>'
        f'<w:characterSpacingControl w:val="{"compressPunctuation" if chinese else "doNotCompress"}"/>'
        f"<w:compat>{compat}</w:compat>"
        f'<w:themeFontLang w:val="{"en-US" if chinese else "en-GB"}" w:eastAsia="zh-CN"/>'
        f'<w:clrSchemeMapping {mapping} w:hyperlink="hyperlink" w:followedHyperlink="followedHyperlink"/>'
        '<w:decimalSymbol w:val="."/><w:listSeparator w:val=","/></w:settings>'
    )


def fonts_xml() -> str:
    """Return ``word/fontTable.xml``: the fonts that are named, with what may stand in for them."""
    fonts = (
        (LATIN, "Carlito", "020F0502020204030204", "00", "swiss"),
        (CHINESE, "微软雅黑", "020B0503020204020204", "86", "swiss"),
        ("Consolas", "Courier New", "020B0609020204030204", "00", "modern"),
    )
    listed = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:panose1 w:val="{shape}"/><w:charset w:val="{chars}"/>'
        f'<w:family w:val="{family}"/><w:pitch w:val="{"fixed" if family == "modern" else "variable"}"/></w:font>'
        for name, other, shape, chars, family in fonts
    )
    return f"{PROLOGUE}<w:fonts {NAMESPACES}>{listed}</w:fonts>"
