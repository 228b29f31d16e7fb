"""The files of a release that are made from its results alone: tables, workbooks, reports, figures, method."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from satmeter.record import table_files
from satmeter.report import build_report
from satmeter.study.plan import ReportWish

Files = dict[str, bytes]
Job = tuple[str, Callable[[], Files]]

PUBLICATION = ReportWish("publication")
METHOD = ReportWish("method", formats=("html", "md"))
WORKBOOK = ReportWish("publication", formats=("xlsx",))


def wishes_of(asked: Sequence[ReportWish]) -> tuple[ReportWish, ...]:
    """Return the reports of a release: those asked for, the press notice in any case, and the method statement.

    Examples
    --------
    >>> [wish.template for wish in wishes_of([ReportWish("management")])]
    ['management', 'publication', 'method']
    """
    own = [wish for wish in asked if wish.template != METHOD.template]
    notice = () if any(wish.template == PUBLICATION.template for wish in own) else (PUBLICATION,)
    return (*own, *notice, METHOD)


def rendering(document: Mapping[str, Any], asked: Sequence[ReportWish]) -> Iterator[Job]:
    """Return the work, one piece after the other: the name of a piece, and what makes its files.

    Parameters
    ----------
    document
        The public results document.
    asked
        Reports that the study file wishes.

    Returns
    -------
    iterator
        Names are those of a report and language, or ``tables``. Files of two pieces may be the same, with the same
        bytes.
    """
    languages: Sequence[str] = document["study"]["languages"]
    yield "tables", partial(_tables, document)
    for tag in languages:
        yield f"tables.{tag}", partial(_workbook, document, tag)
    for wish in wishes_of(asked):
        for tag in wish.languages or languages:
            stem = _stem(wish)
            yield f"{stem}.{tag}", partial(_report, document, wish, tag)


def may_be_rendered(name: str, document: Mapping[str, Any], asked: Sequence[ReportWish]) -> bool:
    """Tell whether a file has the name of a workbook, report or figure, without making any.

    Examples
    --------
    >>> document = {"study": {"languages": ["en"]}}
    >>> [may_be_rendered(name, document, ()) for name in ("tables.en.xlsx", "publication.en.html", "results.html")]
    [True, True, False]
    """
    languages: Sequence[str] = document["study"]["languages"]
    reports = {
        f"{_stem(wish)}.{tag}.{form}"
        for wish in wishes_of(asked)
        for tag in wish.languages or languages
        for form in wish.formats
    }
    workbooks = {f"tables.{tag}.xlsx" for tag in languages}
    return name in reports | workbooks or (name.startswith("figures/") and name.endswith(".svg"))


def rendered_files(
    document: Mapping[str, Any],
    asked: Sequence[ReportWish],
    *,
    progress: Callable[[float], None] | None = None,
) -> Files:
    """Return all files that are made from the results alone; the same document gives the same bytes."""
    files: Files = {}
    jobs = list(rendering(document, asked))
    for number, (_, make) in enumerate(jobs):
        files |= make()
        if progress:
            progress((number + 1) / len(jobs))
    return files


def _stem(wish: ReportWish) -> str:
    name = Path(wish.template).name
    return "report" if name == "satisfaction" else name


def _tables(document: Mapping[str, Any]) -> Files:
    return {f"tables/{name}": content for name, content in table_files(document).items()}


def _workbook(document: Mapping[str, Any], language: str) -> Files:
    made = build_report(document, template=WORKBOOK.template, language=language, formats=WORKBOOK.formats)
    return {f"tables.{language}.xlsx": made.file("xlsx")}


def _report(document: Mapping[str, Any], wish: ReportWish, language: str) -> Files:
    made = build_report(document, template=wish.template, language=language, formats=wish.formats)
    files = {f"{_stem(wish)}.{language}.{form}": content for form, content in made.files}
    return files | {f"figures/{name}.{language}.svg": content for name, content in made.figures}
