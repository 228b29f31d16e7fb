"""The report of one study in one language, from its results document."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from satmeter.builtin import builtin, builtin_names
from satmeter.errors import Problem, ReportError
from satmeter.report.assemble import assemble
from satmeter.report.context import ReportContext
from satmeter.report.edition import Edition
from satmeter.report.figures import draw_svg
from satmeter.report.markdown import render
from satmeter.report.page import to_fragment, to_page
from satmeter.report.results import Results
from satmeter.report.wording import LANGUAGES, read_words

KIND, SCHEMA_VERSION = "satmeter.results", 1


@dataclass(frozen=True, slots=True)
class Report:
    """A finished report.

    Attributes
    ----------
    html
        One self-contained page: style, font and figures inside, nothing asked from elsewhere.
    figures
        Pairs of name (without ending) and SVG file, with plain colours, for use outside the page.
    """

    html: str
    figures: tuple[tuple[str, bytes], ...] = ()


def report_context(document: Mapping[str, Any], *, language: str, figures: bool = True) -> ReportContext:
    """Return what a template gets: the results as sentences, tables and figures in one language.

    Parameters
    ----------
    document
        A results document (docs/results.md).
    language
        One of the study's languages for which there are words: ``zh-CN`` or ``en``.
    figures
        Whether figures are wanted; nothing is drawn here.

    Raises
    ------
    ReportError
        T003 (language), T006 (not a results document).
    """
    return assemble(_edition(document, language, figures))


def build_report(
    document: Mapping[str, Any], *, template: str = "satisfaction", language: str, figures: bool = True
) -> Report:
    """Return the report of a study as one HTML page, with its figures.

    Numbers are rounded here and nowhere before; estimates are weighted where the study is. Missing or empty
    sections leave a sentence that says so. The same document gives the same bytes.

    Parameters
    ----------
    document
        A results document (docs/results.md), as `satmeter.record` makes or reads it.
    template
        Name of a built-in template, a folder of ``reports/``.
    language
        One of the study's languages for which there are words: ``zh-CN`` or ``en``.
    figures
        Whether to draw; without figures matplotlib is not loaded.

    Returns
    -------
    Report

    Raises
    ------
    ReportError
        T002 (unknown template), T003 (language), T004 (a character that no font can show in a figure),
        T005 (pandoc failed), T006 (not a results document); all problems of the call at once.
    """
    problems = _template_problems(template)
    try:
        edition = _edition(document, language, figures)
    except ReportError as error:
        problems += error.problems
    if problems:
        raise ReportError(problems)
    report, folder = assemble(edition), builtin("reports") / template
    source, page, style = ((folder / name).read_text("utf-8") for name in ("report.md.j2", "page.html.j2", "style.css"))
    drawn = {figure.name: draw_svg(figure) for figure in report.figures}
    fragment = to_fragment(render(source, report, edition.words))
    version = str(edition.results.provenance.get("satmeter") or "")
    html = to_page(fragment, page, style, report, edition.words, drawn, version)
    return Report(html, tuple((name, svg.encode("utf-8")) for name, svg in drawn.items()))


def _template_problems(template: str) -> tuple[Problem, ...]:
    names = builtin_names("reports")
    if template in names:
        return ()
    near = difflib.get_close_matches(template, names, 1)
    return (Problem("T002", got=template, suggestion=near[0] if near else "", params={"choices": ", ".join(names)}),)


def _edition(document: Mapping[str, Any], language: str, figures: bool) -> Edition:
    if document.get("kind") != KIND or document.get("schema_version") != SCHEMA_VERSION or not document.get("study"):
        got = f"{document.get('kind')}, {document.get('schema_version')}"
        raise ReportError(Problem("T006", got=got))
    languages = tuple(tag for tag in document["study"].get("languages") or () if tag in LANGUAGES)
    if language not in languages:
        raise ReportError(Problem("T003", got=language, params={"choices": ", ".join(languages) or "–"}))
    return Edition(Results(document, language), read_words(language), figures)
