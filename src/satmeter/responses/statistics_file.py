"""Files of SPSS (.sav, .zsav) and Stata (.dta): values as text, with what they stand for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from satmeter.errors import Problem, ResponsesError
from satmeter.responses.codebook import guard_again
from satmeter.responses.table import Progress, Table, build_table, check_header
from satmeter.responses.workbook import as_text

ENDINGS = (".sav", ".zsav", ".dta")
_BLANK = "."  # a missing value of Stata that nothing is said about


Worded = Callable[[str, Mapping[str, str]], Mapping[str, str]]
"""Column and its labels (number as text to label) to what the numbers are read as, where that is not the number."""


def read_statistics_file(
    path: Path,
    *,
    matching: Callable[[list[str]], int],
    worded: Worded | None = None,
    progress: Progress | None = None,
) -> Table:
    """Read a file of SPSS or Stata.

    Parameters
    ----------
    path
        The ending says which.
    matching
        Number of columns of a header that are known. A column whose name is not known is called by its variable label,
        where that is.
    worded
        Says what numbers with value labels are read as; None: as numbers.
    progress
        Called with the share that is read, 0 to 1.

    Returns
    -------
    Table
        Values as text, user-missing ones too.

    Raises
    ------
    ResponsesError
        R004 no rows, R007 and R008 for the columns, R032 the file cannot be opened, R033 the library is not installed.
    """
    try:
        import pyreadstat
    except ImportError as error:
        raise ResponsesError(Problem("R033", path.name)) from error
    read = pyreadstat.read_dta if path.suffix.lower() == ".dta" else pyreadstat.read_sav
    try:
        data, meta = read(str(path), user_missing=True, output_format="dict")
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, UnicodeError, ValueError, OverflowError) as error:
        raise ResponsesError(Problem("R032", path.name)) from error
    names = _names(meta.column_names, meta.column_names_to_labels, matching)
    check_header(path.name, names, 1)
    columns = []
    for name, source in zip(names, meta.column_names, strict=True):
        labelled = meta.variable_value_labels.get(source, {})
        labels = {as_text(value): str(label).strip() for value, label in labelled.items()}
        columns.append(_column(data[source], labels, worded(name, labels) if worded and labels else {}))
    rows = [list(row) for row in zip(*columns, strict=True)]
    table = build_table(path.name, names, 1, rows, list(range(2, len(rows) + 2)), [])
    if progress:
        progress(1.0)
    return table


def _names(names: Sequence[str], titles: Mapping[str, str | None], matching: Callable[[list[str]], int]) -> list[str]:
    """Return the names of the columns; the variable label for a column that is known by it alone."""
    taken = {name for name in names if matching([name])}
    found = []
    for name in names:
        title = (titles.get(name) or "").strip()
        if name not in taken and title and title not in taken and title not in names and matching([title]):
            taken.add(title)
            name = title
        found.append(name)
    return found


def _column(values: Sequence[Any], labels: Mapping[str, str], words: Mapping[str, str]) -> list[str]:
    texts = ["" if value is None or value != value else as_text(value) for value in values]
    if not labels and not any(isinstance(value, float) for value in values):
        return [guard_again(text) for text in texts]
    return [_BLANK if len(t) == 1 and t.isalpha() and t not in labels else words.get(t, t) for t in texts]
