"""The formats of a report; each module writes one of them from the same material."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Protocol, cast

from satmeter.errors import Problem, ReportError
from satmeter.report.material import Material

WRITERS = {
    "html": ("satmeter.report.formats.html", "write_html"),
    "md": ("satmeter.report.formats.plain", "write_markdown"),
    "xlsx": ("satmeter.report.formats.xlsx", "write_xlsx"),
    "docx": ("satmeter.report.formats.docx", "write_docx"),
    "pptx": ("satmeter.report.formats.pptx", "write_pptx"),
    "pdf": ("satmeter.report.formats.pdf", "write_pdf"),
}
"""Format, which is also the ending of its file, to the module and function that write it."""

FORMATS = tuple(WRITERS)

EXTRAS = {
    "pptx": ("office", "pptx"),
    "xlsx": ("office", "xlsxwriter"),
    "pdf": ("pdf", "typst"),
}
"""Format to the extra of satmeter that carries its library, and the library; the others need none."""


class Writer(Protocol):
    """Writes one format."""

    def __call__(self, material: Material) -> bytes:
        """Return the file; the same material gives the same bytes."""


def check_formats(formats: Sequence[str]) -> None:
    """Complain about formats that cannot be written, before anything is computed for them.

    Raises
    ------
    ReportError
        T007, a format that satmeter does not write; T008, one whose library is not installed; all of them at once.
    """
    problems = []
    for form in formats:
        if form not in WRITERS:
            problems.append(Problem("T007", got=form, params={"choices": ", ".join(FORMATS)}))
        elif form in EXTRAS and find_spec(EXTRAS[form][1]) is None:
            extra, library = EXTRAS[form]
            problems.append(Problem("T008", got=form, params={"library": library, "extra": extra}))
    if problems:
        raise ReportError(problems)


def write(material: Material, form: str) -> bytes:
    """Return a report in one format, which `check_formats` has let pass."""
    module, function = WRITERS[form]
    return cast(Writer, getattr(import_module(module), function))(material)
