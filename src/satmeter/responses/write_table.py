"""Answers written as text or workbook, safe to open in a spreadsheet program."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

from satmeter.errors import Note
from satmeter.questionnaire.model import Text
from satmeter.responses.data_dictionary import Column, describe
from satmeter.responses.data_set import DataSet

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]+)?")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LONGEST = 32_767
_SHEETS = (
    Text((("zh-CN", "答案"), ("en", "answers"))),
    Text((("zh-CN", "编码手册"), ("en", "codebook"))),
)
_CODEBOOK = tuple(
    Text((("zh-CN", chinese), ("en", english)))
    for chinese, english in (
        ("变量名", "name"),
        ("题目", "wording"),
        ("构念", "of construct"),
        ("计分方向", "keying"),
        ("类型", "kind"),
        ("编码", "code"),
        ("含义", "meaning"),
        ("缺失原因", "reason missing"),
    )
)
_REVERSED = Text((("zh-CN", "反向"), ("en", "reversed")))


def guarded(text: str) -> str:
    """Return a text that no spreadsheet program takes for a formula: one apostrophe more, as the form's CSV has it.

    Examples
    --------
    >>> guarded("=1+1"), guarded("-3.5"), guarded("- none"), guarded("4")
    ("'=1+1", '-3.5', "'- none", '4')
    """
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def csv_file(data: DataSet) -> bytes:
    """Return the answers as CSV: UTF-8 with byte-order mark, as offices want it; the layout is that of the form's."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow([guarded(name) for name in data.columns])
    texts = [_guarded_column(data, name) for name in data.columns]
    writer.writerows(zip(*texts, strict=True))
    return stream.getvalue().encode("utf-8-sig")


def _guarded_column(data: DataSet, name: str) -> list[str]:
    """Return the cells of a column; codes, numbers and dates of the questionnaire are no formulas.

    A written text is guarded even where it looks like a number, for reading takes a guard away.
    """
    if name not in data.questionnaire.variables:
        return [guarded(cell) for cell in data.columns[name]]
    question = data.questionnaire.questions.get(name)
    if question is None or question.type != "text":
        return data.columns[name]
    return [f"'{cell}" if _FORMULA.match(cell) else cell for cell in data.columns[name]]


def xlsx_file(data: DataSet, *, language: str) -> tuple[bytes, tuple[Note, ...]]:
    """Return the answers as a workbook with a second sheet that says what columns and codes mean.

    Parameters
    ----------
    language
        Of the codebook and of the sheets' names.

    Returns
    -------
    bytes, notes
        R126 where a cell holds more, or other characters, than a workbook can.
    """
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet(_SHEETS[0].get(language))
    cut: dict[str, int] = {}
    columns = []
    for column in describe(data.questionnaire, data.columns, language):
        texts = [_fitting(text) for text in _guarded_column(data, column.name)]
        lost = sum(1 for text, kept in zip(_guarded_column(data, column.name), texts, strict=True) if text != kept)
        if lost:
            cut[column.name] = lost
        columns.append([_typed(text, column) for text in texts])
    sheet.append([guarded(name) for name in data.columns])
    for row in zip(*columns, strict=True):
        sheet.append(row)
    codebook = book.create_sheet(_SHEETS[1].get(language))
    for line in _codebook(describe(data.questionnaire, data.columns, language), language):
        codebook.append(line)
    stream = io.BytesIO()
    book.save(stream)
    params: dict[str, str | int] = {"n": sum(cut.values()), "names": ", ".join(cut), "format": "XLSX"}
    return stream.getvalue(), (Note("R126", "", params),) if cut else ()


def _fitting(text: str) -> str:
    return _CONTROLS.sub("", text)[:_LONGEST]


def _typed(text: str, column: Column) -> str | int | float | None:
    """Return a number for what is a number on a scale or in a number question, else the text."""
    if not text:
        return None
    plain = column.kind in ("rating", "number") or column.name == "seconds"
    if not plain or not _NUMBER.fullmatch(text):
        return text
    number = float(text) if "." in text else int(text)
    return number if format(number, ".15g") == text else text


def _codebook(columns: Sequence[Column], language: str) -> list[list[str]]:
    lines = [[head.get(language) for head in _CODEBOOK]]
    for column in columns:
        keying = _REVERSED.get(language) if column.reverse else ""
        first = [column.name, column.label, column.construct, keying, column.kind]
        lines.append([*first, "", "", ""])
        lines += [[column.name, "", "", "", "", code, label, ""] for code, label in column.values]
        missing = zip(column.missing, column.reasons, strict=True)
        lines += [[column.name, "", "", "", "", code, label, reason] for (code, label), reason in missing]
    return [[guarded(_fitting(cell)) for cell in line] for line in lines]
