"""A user's own template: inherits, replaces a block, sets colours, and reads nothing outside its folder."""

import os
import re

import pytest

from satmeter.errors import ReportError
from satmeter.report import build_report
from satmeter.report.template import find_template

BLOCK = """{% extends "satisfaction/report.md.j2" %}
{% from "shared/parts.md.j2" import section with context %}
{% block quality %}
## Our checks {#quality}

{{ section(report.quality) }}
{% endblock %}
{% block glossary %}{% endblock %}
"""


@pytest.fixture
def ours(tmp_path):
    folder = tmp_path / "ours"
    folder.mkdir()
    (folder / "template.toml").write_text('extends = "satisfaction"\n', "utf-8")
    return folder


def codes(caught):
    return [(problem.code, problem.line) for problem in caught.value.problems]


def made(document, folder, form="md"):
    return build_report(document, template=str(folder), language="en", formats=(form,), figures=False).file(form)


def test_an_empty_folder_gives_the_report_that_it_extends(document, ours):
    plain = build_report(document, language="en", formats=("md",), figures=False).file("md")
    assert made(document, ours) == plain


def test_a_block_is_replaced_and_the_others_stay(document, ours):
    plain = build_report(document, language="en", formats=("md",), figures=False).file("md").decode("utf-8")
    (ours / "report.md.j2").write_text(BLOCK, "utf-8")
    text = made(document, ours).decode("utf-8")
    before, after = (re.findall(r"^## (.+)$", t, re.MULTILINE) for t in (plain, text))
    renamed = ["Our checks" if heading == "Data quality" else heading for heading in before]
    assert after == [heading for heading in renamed if heading != "Words used"]
    assert "Responses read" in text.split("## Our checks")[1]


def test_colours_and_style_come_after_those_inherited(document, ours):
    (ours / "template.toml").write_text('extends = "satisfaction"\n[colours]\naccent = "#b00020"\n', "utf-8")
    (ours / "style.css").write_text(".first { letter-spacing: 3px }\n", "utf-8")
    (ours / "style.typ").write_text("#let ours = 1\n", "utf-8")
    template = find_template(str(ours))
    css, typ = template.text("style.css"), template.text("style.typ")
    assert set(re.findall(r"--accent: (#\w+)", css)) == {"#b00020"}
    assert css.rstrip().endswith(".first { letter-spacing: 3px }")
    assert '#let accent = rgb("#b00020")' in typ
    assert typ.rstrip().endswith("#let ours = 1")
    page = made(document, ours, "html").decode("utf-8")
    assert "letter-spacing: 3px" in page
    assert "--accent: #b00020" in page


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (None, [("T030", 0)]),
        ("extends = ", [("T031", 0)]),
        (b"\xff\xfe", [("T031", 0)]),
        ('extends = "satisfactoin"\n', [("T034", 0)]),
        ("", [("T034", 0)]),
        ('extends = "satisfaction"\nlogos = 1\n', [("T032", 0)]),
        ('extends = "satisfaction"\ncolours = 3\n', [("T033", 0)]),
        ('extends = "satisfaction"\n[colours]\nacent = "#000000"\ngood = "red"\n', [("T032", 0), ("T033", 0)]),
        ('extends = "satisfaction"\n[colours]\nbad = "#00000g"\n', [("T033", 0)]),
    ],
)
def test_mistakes_in_the_settings(document, ours, content, expected):
    if content is None:
        (ours / "template.toml").unlink()
    else:
        (ours / "template.toml").write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ReportError) as caught:
        made(document, ours)
    assert codes(caught) == expected


def test_a_misspelt_parent_is_guessed(ours):
    (ours / "template.toml").write_text('extends = "satisfactoin"\n', "utf-8")
    with pytest.raises(ReportError) as caught:
        find_template(str(ours))
    assert caught.value.problems[0].suggestion == "satisfaction"


@pytest.mark.parametrize(
    ("source", "line", "word"),
    [
        ("one\n{{ report.titel }}\n", 2, "titel"),
        ("{% block a %}\n", 1, "endblock"),
        ('{% extends "satisfaction/nothing.j2" %}\n', 1, "nothing.j2"),
        ('\n{% include "../secret.txt" %}\n', 2, "secret"),
        ('{% include "..\\\\secret.txt" %}\n', 1, "secret"),
        ('{% include "/etc/hostname" %}\n', 1, "hostname"),
        ('{% include "link.j2" %}\n', 1, "link.j2"),
        ('{% include "deep/up.j2" %}\n', 1, "up.j2"),
        ("{{ ''.__class__.__mro__ }}\n", 1, "__class__"),
        ("{{ report.__init__.__globals__ }}\n", 1, "__init__"),
    ],
)
def test_mistakes_in_the_text_have_a_line_and_nothing_outside_is_read(document, ours, source, line, word):
    secret = ours.parent / "secret.txt"
    secret.write_text("the secret", "utf-8")
    os.symlink(secret, ours / "link.j2")
    os.symlink(ours.parent, ours / "deep")
    (ours.parent / "up.j2").write_text("the secret", "utf-8")
    (ours / "report.md.j2").write_text(source, "utf-8")
    with pytest.raises(ReportError) as caught:
        made(document, ours)
    assert codes(caught) == [("T035", line)]
    (problem,) = caught.value.problems
    assert problem.file == str(ours / "report.md.j2")
    assert word in str(problem.params["detail"])


def test_a_mistake_in_the_page_is_told(document, ours):
    (ours / "page.html.j2").write_text("<html>\n{{ reprot }}", "utf-8")
    with pytest.raises(ReportError) as caught:
        made(document, ours, "html")
    assert codes(caught) == [("T035", 2)]
    assert caught.value.problems[0].file.endswith("page.html.j2")


@pytest.mark.parametrize("name", ["template.toml", "style.css", "report.md.j2"])
def test_a_link_out_of_the_folder_is_refused(document, ours, name):
    (ours / "template.toml").rename(ours.parent / "elsewhere")
    (ours / "template.toml").write_text('extends = "satisfaction"\n', "utf-8")
    (ours / name).unlink(missing_ok=True)
    os.symlink(ours.parent / "elsewhere", ours / name)
    with pytest.raises(ReportError) as caught:
        made(document, ours)
    assert codes(caught) == [("T036", 0)]


def test_a_style_sheet_asks_for_nothing(document, ours):
    rules = "a { color: red }\nb { background: URL(http://x) }\n</style><script>\n@import 'x';\n"
    (ours / "style.css").write_text(rules, "utf-8")
    with pytest.raises(ReportError) as caught:
        made(document, ours, "html")
    assert codes(caught) == [("T037", 2), ("T037", 3), ("T037", 4)]


def test_answers_stay_text_in_an_own_block(document, ours):
    document["study"]["title"] = {"en": "<b>*x*</b> {{ report }}", "zh-CN": "x"}
    (ours / "report.md.j2").write_text("{{ report.title }}\n", "utf-8")
    assert "\\<b\\>\\*x\\*\\</b\\> {{ report }}" in made(document, ours).decode("utf-8").replace("\\/", "/")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("#let ours = 1\n#let y = \n", [("T021", 2)]),
        ('\n\n#let y = read("/etc/hostname")\n', [("T021", 3)]),
        ('#let y = read("../../../../etc/hostname")\n', [("T021", 1)]),
        ('#let y = image("/etc/hostname")\n', [("T021", 1)]),
        ('\n#import "@preview/tablex:0.0.8": *\n', [("T037", 2)]),
        ('#include "../secret.typ"\n', [("T037", 1)]),
        ('#let y = eval("1")\n', [("T037", 1)]),
        ('/*\n//x*/ #import "@preview/tablex:0.0.8": *\n', [("T037", 2)]),
        ('#let y = "\n//" ; import "@preview/tablex:0.0.8": *\n', [("T037", 2)]),
        ('```\n//``` #import "@preview/tablex:0.0.8": *\n', [("T037", 2)]),
        ("// what we import stands above\n#let y = \n", [("T021", 2)]),
    ],
)
def test_typst_code_is_told_with_its_line_and_reads_nothing_outside(document, ours, source, expected):
    pytest.importorskip("typst")
    (ours / "style.typ").write_text(source, "utf-8")
    with pytest.raises(ReportError) as caught:
        made(document, ours, "pdf")
    assert codes(caught) == expected
    (problem,) = caught.value.problems
    assert problem.file == str(ours / "style.typ")
    assert "tmp" not in str(problem.got)


def test_a_template_may_extend_one_that_extends_another(document, ours):
    (ours / "template.toml").write_text('extends = "management"\n', "utf-8")
    (ours / "style.css").write_text(".brief { color: red }\n", "utf-8")
    template = find_template(str(ours))
    assert [folder.name for folder in template.folders] == ["ours", "management", "satisfaction"]
    assert (template.kind, template.own) == ("management", (ours,))
    assert template.text("style.css").endswith(".brief { color: red }\n")
    assert b"What matters first" in made(document, ours)
