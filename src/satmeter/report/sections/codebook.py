"""The codebook: every variable with its wording, scale, codes and counts, and the model it belongs to."""

from __future__ import annotations

from collections.abc import Sequence

from satmeter.report.context import Column, Part, Section, Table
from satmeter.report.edition import Edition
from satmeter.report.number_text import ABSENT, count, decimal
from satmeter.report.results import Row, matching
from satmeter.report.sections.items import item_text, point_rows, scale_name


def codebook(edition: Edition) -> Section:
    """Return constructs and model, scales with their codes, items with counts a code, questions by type."""
    words, results = edition.words, edition.results
    if not results.constructs and not results.questions:
        return Section((words["sentence.no_wording"],))
    told = [words.fill("codebook.how", {"n": count(results.study.get("n"))})]
    if any(item.get("reverse") for item in results.items.values()):
        told.append(words["codebook.reversed"])
    parts = (
        *((_model_part(edition),) if results.constructs else ()),
        *((_scales_part(edition),) if results.scales else ()),
        *(_construct_part(edition, construct) for construct in results.constructs if construct.get("items")),
        *(_question_parts(edition)),
    )
    return Section((words.paragraph(told),), parts)


def _model_part(edition: Edition) -> Part:
    words, results = edition.words, edition.results
    model = results.study.get("model") or {}
    keys = ("variable", "construct", "role", "explained_by")
    columns = (*(Column(words[f"column.{key}"]) for key in keys), Column(words["column.n_items"], "right"))
    cells = tuple(
        (
            str(c["id"]),
            results.label(str(c["id"])),
            _named(edition, f"role.{c.get('role')}"),
            ", ".join(model.get(c["id"]) or ()) or ABSENT,
            count(len(c.get("items") or ())),
        )
        for c in results.constructs
    )
    return Part(words["heading.model"], tables=(Table(words["codebook.construct_table"], columns, cells),))


def _named(edition: Edition, key: str) -> str:
    """Return the name of a role or type; one that nobody knows is shown as it is."""
    return edition.words[key] if key in edition.words else key.partition(".")[2]


def _scales_part(edition: Edition) -> Part:
    """Return the codes of every scale, a run without labels as one line; a missing code says why it is missing."""
    words, results = edition.words, edition.results
    columns = (Column(words["column.code"], "right"), Column(words["column.answer"]))
    tables = []
    for name, scale in results.scales.items():
        cells = point_rows(edition, scale)
        for missing in scale.get("missing") or ():
            reason = words.fill("codebook.missing_code", {"reason": words.name("reason", str(missing.get("reason")))})
            label = results.text(missing.get("label"))
            told = label + words["list.open"] + reason + words["list.close"] if label else reason
            cells.append((str(missing["code"]), told))
        caption = words.fill("codebook.scale", {"scale": name, "ends": scale_name(edition, name)})
        tables.append(Table(caption, columns, tuple(cells)))
    return Part(words["heading.scale_codes"], tables=tuple(tables))


def _construct_part(edition: Edition, construct: Row) -> Part:
    label = edition.results.label(str(construct["id"]))
    by_scale: dict[str, list[str]] = {}
    for item in construct["items"]:
        by_scale.setdefault(str(item.get("scale") or ""), []).append(str(item["id"]))
    tables = tuple(_counts(edition, label, scale, items) for scale, items in by_scale.items())
    return Part(edition.words.tagged(str(construct["id"]), label), tables=tables)


def _counts(edition: Edition, label: str, scale: str, items: Sequence[str]) -> Table:
    """Return the items of one scale, a column a code; a code that nobody ticked counts zero, a hidden one is marked."""
    words, results = edition.words, edition.results
    points = [str(p["code"]) for p in results.scales.get(scale, {}).get("points") or ()]
    ticked = {(str(r["item"]), str(r["code"])): _ticked(r) for r in results.rows("distributions")}
    known = {item for item, _ in ticked}
    columns = (
        Column(words["column.variable"]),
        Column(words["column.wording"]),
        *(Column(code, "right") for code in points),
        Column(words["column.counted"], "right"),
    )
    rows = []
    for item in items:
        cells = [ticked.get((item, code), 0) for code in points]
        numbers = [cell for cell in cells if isinstance(cell, int)]
        total = count(sum(numbers)) if len(numbers) == len(cells) else ABSENT
        told = [*map(_said, cells), total]
        shown = told if item in known else [ABSENT] * (len(points) + 1)
        rows.append((item, item_text(edition, item), *shown))
    fields = {"construct": label, "scale": scale or ABSENT}
    return Table(words.fill("codebook.item_counts", fields), columns, tuple(rows))


def _said(cell: int | str) -> str:
    return count(cell) if isinstance(cell, int) else cell


def _ticked(row: Row) -> int | str:
    """Return how often something was ticked; the symbol of a count that is hidden."""
    return str(row.get("symbol") or ABSENT) if row.get("n") is None else int(row["n"])


def _question_parts(edition: Edition) -> list[Part]:
    """Return a part for every other question and attention check, in the way of its type."""
    asked = {str(row["question"]): row for row in edition.results.rows("questions")}
    return [_question(edition, question, asked.get(str(question["id"]))) for question in edition.results.questions]


def _question(edition: Edition, question: Row, asked: Row | None) -> Part:
    words, name, kind = edition.words, str(question["id"]), str(question.get("type") or "")
    fields = {"id": name, "type": _named(edition, f"type.{kind}"), "text": edition.results.text(question.get("text"))}
    title = words.fill("codebook.question", fields)
    told = []
    if asked is not None:
        known = asked.get("n") is not None and asked.get("asked") is not None
        missing = count(int(asked["asked"]) - int(asked["n"])) if known else ABSENT
        told.append(words.fill("codebook.number_answered", {"n": count(asked.get("n")), "missing": missing}))
        if asked.get("mean") is not None:
            keys = ("mean", "sd", "median", "low", "high")
            numbers = {key: decimal(asked.get(key), 1) for key in keys} | {"n": count(asked.get("n"))}
            told = [words.fill("codebook.numbers", numbers)]
    if kind in ("text", "date"):
        told.append(words["codebook.typed_type"])
    options = question.get("options") or ()
    tables = (_options(edition, title, name, options),) if options else ()
    return Part(title, (words["list.semicolon"].join(told) + words["list.stop"],) if told else (), tables=tables)


def _options(edition: Edition, title: str, question: str, options: Sequence[Row]) -> Table:
    words = edition.words
    rows = matching(edition.results.rows("sample"), {"question": question})
    chosen = {str(row["option"]): _ticked(row) for row in rows}
    columns = (
        Column(words["column.code"]),
        Column(words["column.option"]),
        Column(words["column.counted"], "right"),
    )
    cells = tuple(
        (str(o["code"]), edition.results.text(o.get("label")), _said(chosen.get(str(o["code"]), 0)) if rows else ABSENT)
        for o in options
    )
    return Table(title, columns, cells)
