"""Several editions of a report: one after the other, or by processes side by side where that is quicker."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from satmeter.report import build_report
from satmeter.study.plan import ReportWish

Files = dict[str, str | bytes]

HEAVY = frozenset({"xlsx", "docx", "pptx", "pdf"})
ENOUGH = 4
"""Heavy files from which a second process saves more than the second that it takes to start."""


def render(document: dict[str, Any], wish: ReportWish, *, language: str, figures: bool) -> Files:
    """Return the files of one report, its formats first; names are relative to the output folder."""
    report = build_report(document, template=wish.template, language=language, formats=wish.formats, figures=figures)
    name = Path(wish.template).name
    stem = "report" if name == "satisfaction" else name
    files: Files = {f"{stem}.{language}.{form}": content for form, content in report.files}
    return files | {f"figures/{name}.{language}.svg": svg for name, svg in report.figures}


def processes(wishes: Sequence[tuple[ReportWish, str]], cores: int) -> int:
    """Return how many processes write these reports.

    Examples
    --------
    >>> office, page = ReportWish(formats=("docx", "pdf")), ReportWish(formats=("html", "md"))
    >>> processes([(office, "en"), (office, "zh-CN")], 8), processes([(page, "en"), (page, "zh-CN")], 8)
    (2, 1)
    >>> processes([(office, "en"), (office, "zh-CN")], 1)
    1
    """
    heavy = sum(len(HEAVY.intersection(wish.formats)) for wish, _ in wishes)
    return min(len(wishes), cores) if heavy >= ENOUGH else 1


def render_all(document: dict[str, Any], wishes: Sequence[tuple[ReportWish, str]], *, figures: bool) -> Iterator[Files]:
    """Yield the files of every report in order, whatever the number of processes; their bytes are the same."""
    workers = processes(wishes, os.cpu_count() or 1)
    if workers == 1:
        yield from (render(document, wish, language=language, figures=figures) for wish, language in wishes)
        return
    import multiprocessing  # not for an ordinary run
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
        made = [pool.submit(render, document, wish, language=tag, figures=figures) for wish, tag in wishes]
        yield from (files.result() for files in made)
