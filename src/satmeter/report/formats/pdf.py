"""The report as a PDF: PDF/A-2a and PDF/UA-1, set by typst."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from satmeter.errors import Problem, ReportError
from satmeter.report.formats.pdf_fonts import FAMILIES, font_folders, without_glyph
from satmeter.report.formats.pdf_pictures import pictures
from satmeter.report.formats.pdf_tables import INSET, MARGIN
from satmeter.report.formats.pdf_typst import Emitter, array, literal
from satmeter.report.logo import Logo
from satmeter.report.material import Material
from satmeter.report.pandoc import syntax_tree
from satmeter.report.template import Template

TIMESTAMP = 315532800
"""1980-01-01, as in the formats that are archives: PDF/A wants a date, and the same results give the same bytes."""
STYLE = "style.typ"
_STYLE_LINE = re.compile(r"/style\.typ:(\d+):\d+")
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')


def write_pdf(material: Material) -> bytes:
    """Return the report as a tagged PDF with its font inside.

    Raises
    ------
    ReportError
        T020, characters that neither font can show; T021, typst failed.
    """
    files = sources(material)
    if missing := without_glyph("".join(_STRING.findall(files["main.typ"].decode("utf-8")))):
        codes = ", ".join(f"{c} (U+{ord(c):04X})" for c in missing)
        raise ReportError(Problem("T020", got=codes))
    try:
        return compiled(files)
    except ReportError as error:
        raise ReportError([_in_template(problem, material.template) for problem in error.problems]) from error


def _in_template(problem: Problem, template: Template) -> Problem:
    """Return a problem of ``style.typ`` with the folder's file and line that it comes from."""
    if problem.file != STYLE:
        return problem
    file, line = template.place(STYLE, problem.line)
    return replace(problem, file=file, line=line)


def sources(material: Material) -> dict[str, bytes]:
    """Return the files that typst reads: the body, the template's ``style.typ`` and the drawings."""
    drawings: dict[str, list[str]] = {}
    files = {"style.typ": material.template.text("style.typ").encode("utf-8")}
    for figure in material.figures:
        pieces = pictures(figure, material)
        files |= {piece.file: piece.svg.encode("utf-8") for piece in pieces}
        drawings[figure.name] = [
            f"(file: {literal(p.file)}, width: {p.width}pt, alt: {literal(p.alt)})" for p in pieces
        ]
    if material.logo:
        files[f"logo.{material.logo.form}"] = material.logo.content
    body = Emitter(drawings).document(syntax_tree(material.markdown)["blocks"])
    settings = ",\n".join(f"{key}: {value}" for key, value in _settings(material).items())
    main = f'#import "style.typ": *\n#show: report.with((\n{settings}))\n#{{\n{body}\n}}\n'
    return {"main.typ": main.encode("utf-8"), **files}


def compiled(files: Mapping[str, bytes]) -> bytes:
    """Return what typst makes of ``main.typ``; it sees these files and two folders of fonts, nothing else.

    Raises
    ------
    ReportError
        T021, with what typst says.
    """
    import typst

    standards: list[typst.PDFStandard] = ["a-2a", "ua-1"]
    folders = [str(folder) for folder in font_folders()]
    with tempfile.TemporaryDirectory() as root:
        for name, content in files.items():
            (Path(root) / name).write_bytes(content)
        try:
            return typst.compile(
                str(Path(root) / "main.typ"),
                root=root,
                font_paths=typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders),
                ignore_system_fonts=True,
                format="pdf",
                pdf_standards=standards,
                timestamp=TIMESTAMP,
            )
        except typst.TypstError as error:
            found = _STYLE_LINE.search(error.diagnostic)
            told = error.message.replace(root, "")[:300]
            line = int(found[1]) if found else 0
            raise ReportError(Problem("T021", file=STYLE if found else "", line=line, got=told)) from error


def _logo(logo: Logo | None) -> str:
    """Return the logo's file, width over height and alternative, as code."""
    if logo is None:
        return "none"
    return f"(file: {literal(f'logo.{logo.form}')}, aspect: {logo.aspect:.4f}, alt: {literal(logo.organisation)})"


def _settings(material: Material) -> dict[str, str]:
    """Return what ``style.typ`` gets beside the body, as code."""
    report, words = material.report, material.words
    language, _, region = report.language.partition("-")
    texts = {
        "title": report.title,
        "disclosure": report.disclosure,
        "kicker": material.kicker,
        "contents": words["page.contents"],
        "made": words.fill("page.made", {"version": material.version}),
        "page": words["pdf.page"],
        "figure": words["pdf.figure"],
        "table": words["pdf.table"],
        "language": language,
    }
    return {
        **{key: literal(text) for key, text in texts.items()},
        "region": literal(region) if region else "none",
        "fonts": array(map(literal, FAMILIES)),
        "logo": _logo(material.logo),
        "margin": f"{MARGIN}pt",
        "inset": f"{INSET}pt",
    }
