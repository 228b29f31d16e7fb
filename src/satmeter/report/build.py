"""The report of one study in one language, from its results document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jinja2 import TemplateError

from satmeter.errors import Problem, ReportError
from satmeter.report.assemble import assemble
from satmeter.report.context import ReportContext
from satmeter.report.edition import Edition
from satmeter.report.formats import check_formats, write
from satmeter.report.interval_words import words_without_intervals
from satmeter.report.material import Material
from satmeter.report.results import Results
from satmeter.report.template import find_template
from satmeter.report.template_errors import template_problem
from satmeter.report.wording import LANGUAGES, read_words

KIND, SCHEMA_VERSION = "satmeter.results", 1


@dataclass(frozen=True, slots=True)
class Report:
    """A finished report in one language.

    Attributes
    ----------
    files
        Pairs of format (``html``, ``docx`` …) and file, in the order in which formats were asked for.
    figures
        Pairs of name (without ending) and SVG file, with plain colours, for use outside the report.
    """

    files: tuple[tuple[str, bytes], ...]
    figures: tuple[tuple[str, bytes], ...] = ()

    def file(self, form: str) -> bytes:
        """Return the file of one format.

        Raises
        ------
        KeyError
            When the format was not asked for.
        """
        return dict(self.files)[form]

    @property
    def html(self) -> str:
        """One self-contained page: style, font and figures inside, nothing asked from elsewhere."""
        return self.file("html").decode("utf-8")


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
    document: Mapping[str, Any],
    *,
    template: str = "satisfaction",
    language: str,
    formats: Sequence[str] = ("html",),
    figures: bool = True,
) -> Report:
    """Return the report of a study in the formats that are asked for, with its figures.

    Numbers are rounded here and nowhere before; estimates are weighted where the study is. Missing or empty
    sections leave a sentence that says so. The same document gives the same bytes.

    Parameters
    ----------
    document
        A results document (docs/results.md), as `satmeter.record` makes or reads it.
    template
        Name of a built-in template, a folder of ``reports/``; or a folder of one's own, such as ``./ours``.
    language
        One of the study's languages for which there are words: ``zh-CN`` or ``en``.
    formats
        Names of `satmeter.report.formats.FORMATS`; all are made from the same Markdown and the same context.
    figures
        Whether to draw; without figures matplotlib is not loaded.

    Returns
    -------
    Report

    Raises
    ------
    ReportError
        T002 (unknown template), T003 (language), T004 (a character that no font can show in a figure),
        T005 (pandoc failed), T006 (not a results document), T007 (unknown format), T008 (a format's library is not
        installed), T030 to T037 (a template of one's own); problems of the call come at once.
    """
    problems: tuple[Problem, ...] = ()
    try:
        found = find_template(template)
    except ReportError as error:
        problems += error.problems
    try:
        check_formats(formats)
    except ReportError as error:
        problems += error.problems
    try:
        edition = _edition(document, language, figures)
    except ReportError as error:
        problems += error.problems
    if problems:
        raise ReportError(problems)
    material = Material(edition, assemble(edition), found)
    try:
        files = tuple((form, write(material, form)) for form in formats)
    except TemplateError as error:
        raise ReportError(template_problem(error, f"{found.folders[0]}/page.html.j2")) from error
    return Report(files, tuple((name, svg.encode("utf-8")) for name, svg in material.svg.items()))


def _edition(document: Mapping[str, Any], language: str, figures: bool) -> Edition:
    if document.get("kind") != KIND or document.get("schema_version") != SCHEMA_VERSION or not document.get("study"):
        got = f"{document.get('kind')}, {document.get('schema_version')}"
        raise ReportError(Problem("T006", got=got))
    languages = tuple(tag for tag in document["study"].get("languages") or () if tag in LANGUAGES)
    if language not in languages:
        raise ReportError(Problem("T003", got=language, params={"choices": ", ".join(languages) or "–"}))
    results, words = Results(document, language), read_words(language)
    return Edition(results, words_without_intervals(words) if results.without_error else words, figures)
