"""Items: reliability of the constructs, statistics of the items, wording of the questionnaire."""

from __future__ import annotations

from dataclasses import replace

from satmeter.report.context import Column, Part, Section, Table
from satmeter.report.edition import Edition
from satmeter.report.estimate import Estimate
from satmeter.report.number_text import ABSENT, count, decimal, percent
from satmeter.report.results import Row, estimate, matching
from satmeter.report.sections.distributions import distribution_parts
from satmeter.report.sections.item_findings import findings_part
from satmeter.report.sections.reliability_tables import difference_part, reliability_tables
from satmeter.report.sections.retest import retest_part
from satmeter.report.sentences import alpha_verdict


def alphas(edition: Edition) -> tuple[tuple[Row, Estimate], ...]:
    """Return the rows of Cronbach's alpha with their estimates."""
    rows = matching(edition.results.rows("reliability"), {"coefficient": "alpha"})
    return tuple((row, estimate(row, edition.results.label(str(row["construct"])))) for row in rows if row["construct"])


def reliability_section(edition: Edition) -> Section:
    """Return a verdict for every construct and the table of coefficients."""
    words, rows = edition.words, edition.results.rows("reliability")
    notes = edition.results.notes("reliability")
    if not rows:
        return Section((words["sentence.no_reliability"],), (), notes)
    verdicts = tuple(alpha_verdict(words, e.label, e, int(row.get("n_items") or 0)) for row, e in alphas(edition))
    tables = reliability_tables(edition)
    meaning = (words["sentence.coefficients"],) if len(tables) > 1 else ()
    parts = (
        Part(points=verdicts),
        Part(paragraphs=meaning, tables=tables),
        difference_part(edition),
        retest_part(edition),
    )
    return Section((words["sentence.alpha_scale"],), tuple(part for part in parts if part != Part()), notes)


def items_section(edition: Edition) -> Section:
    """Return which items weaken their construct, how the answers are distributed, and the statistics of every item."""
    words, results, rows = edition.words, edition.results, edition.results.rows("items")
    if not rows:
        return Section((words["sentence.no_items"],), (), results.notes("items"))
    numeric = ["n", "mean", "sd", "missing", "item_rest", "alpha_dropped", "loading", "floor", "ceiling"]
    skewed = any(row.get("skew") is not None for row in rows)
    numeric += ["skew"] if skewed else []
    columns = (
        Column(words["column.item"]),
        Column(words["column.construct"]),
        Column(words["column.wording"]),
        *(Column(words[f"column.{key}"], "right") for key in numeric),
    )
    cells = tuple(_item_cells(edition, row) + ((decimal(row.get("skew"), 2),) if skewed else ()) for row in rows)
    table = Table(edition.caption("items"), columns, cells)
    told = Part(words["heading.item_table"], (words["sentence.distribution_hint"],), tables=(table,))
    found, drawn = findings_part(edition), distribution_parts(edition)
    if drawn:
        drawn = (replace(drawn[0], title=words["heading.distributions"]), *drawn[1:])
    parts = (*((found,) if found != Part() else ()), *drawn, told)
    return Section((), parts, results.notes("items"))


def _item_cells(edition: Edition, row: Row) -> tuple[str, ...]:
    results = edition.results
    return (
        str(row["item"]),
        results.label(str(row["construct"])),
        item_text(edition, str(row["item"]), turned=True),
        count(row.get("n")),
        decimal(row.get("mean"), 2),
        decimal(row.get("sd"), 2),
        percent(row.get("missing_share"), 1),
        decimal(row.get("item_rest_r"), 2),
        decimal(row.get("alpha_if_dropped"), 2),
        decimal(row.get("loading"), 2),
        percent(row.get("floor_share"), 1),
        percent(row.get("ceiling_share"), 1),
    )


def item_text(edition: Edition, item: str, *, turned: bool = False) -> str:
    """Return the wording of an item; a reverse-keyed one says so, and that numbers beside it are `turned`."""
    text = edition.results.label(item)
    if not edition.results.items.get(item, {}).get("reverse"):
        return text
    words = edition.words
    return text + words["list.open"] + words["mark.reverse_turned" if turned else "mark.reverse"] + words["list.close"]


def wording_section(edition: Edition) -> Section:
    """Return the questionnaire as it was worded: items by construct, scales, questions, attention checks."""
    words, results = edition.words, edition.results
    if not results.constructs and not results.questions:
        return Section((words["sentence.no_wording"],))
    columns = tuple(Column(words[f"column.{key}"]) for key in ("item", "wording", "answer_scale"))
    parts = [Part(tables=tuple(_construct_table(edition, c, columns) for c in results.constructs if c.get("items")))]
    parts += [_scales_part(edition), _questions_part(edition), _checks_part(edition)]
    return Section((), tuple(part for part in parts if part.tables))


def _construct_table(edition: Edition, construct: Row, columns: tuple[Column, ...]) -> Table:
    label = edition.results.text(construct.get("label")) or str(construct["id"])
    cells = tuple(
        (str(item["id"]), item_text(edition, str(item["id"])), scale_name(edition, str(item.get("scale") or "")))
        for item in construct["items"]
    )
    return Table(edition.caption("construct_items", "construct", label), columns, cells)


def scale_name(edition: Edition, scale: str) -> str:
    """Return a scale as its points: ``1–5``; where several scales have these points, with the labels of its ends."""
    scales = edition.results.scales
    if scale not in scales:
        return scale or ABSENT
    ends = _ends(scales[scale])
    if not ends or sum(_ends(other) == ends for other in scales.values()) < 2:
        return ends or scale
    points, words = scales[scale]["points"], edition.words
    labels = [label for point in (points[0], points[-1]) if (label := edition.results.text(point.get("label")))]
    return ends + words["list.open"] + words["list.range"].join(labels) + words["list.close"] if labels else ends


def _ends(scale: Row) -> str:
    points = scale.get("points") or ()
    return f"{points[0]['code']}–{points[-1]['code']}" if points else ""


def _scales_part(edition: Edition) -> Part:
    words, results = edition.words, edition.results
    columns = (Column(words["column.code"], "right"), Column(words["column.answer"]))
    tables = []
    for scale in results.scales.values():
        points = point_rows(edition, scale)
        missing = [
            (str(m["code"]), results.text(m.get("label")) or words.name("reason", str(m.get("reason", ""))))
            for m in scale.get("missing") or ()
        ]
        caption = edition.caption("scale", "scale", scale_name(edition, str(scale["id"])))
        tables.append(Table(caption, columns, (*points, *missing)))
    return Part(words["heading.scale"], tables=tuple(dict.fromkeys(tables)))


def point_rows(edition: Edition, scale: Row) -> list[tuple[str, str]]:
    """Return the points of a scale; a run of points without labels is one line."""
    rows: list[tuple[str, str]] = []
    start = ""
    for point in scale.get("points") or ():
        code, label = str(point["code"]), edition.results.text(point.get("label"))
        if label or not start:
            rows.append((code, label or "–"))
            start = "" if label else code
        else:
            rows[-1] = (f"{start}–{code}", "–")
    return rows


def _questions_part(edition: Edition) -> Part:
    words, results = edition.words, edition.results
    columns = tuple(Column(words[f"column.{key}"]) for key in ("item", "wording", "option"))
    cells = tuple(
        (
            str(question["id"]),
            results.text(question.get("text")) or "–",
            words["list.semicolon"].join(
                f"{option['code']} = {results.text(option.get('label'))}" for option in question.get("options") or ()
            )
            or "–",
        )
        for question in results.questions
    )
    tables = (Table(edition.caption("questions"), columns, cells),) if cells else ()
    return Part(words["heading.questions"], tables=tables)


def _checks_part(edition: Edition) -> Part:
    words, results = edition.words, edition.results
    columns = (Column(words["column.item"]), Column(words["column.wording"]), Column(words["column.expected"], "right"))
    cells = tuple((str(c["id"]), results.text(c.get("text")) or "–", str(c.get("expect", "–"))) for c in results.checks)
    tables = (Table(edition.caption("checks"), columns, cells),) if cells else ()
    return Part(words["heading.checks"], tables=tables)
